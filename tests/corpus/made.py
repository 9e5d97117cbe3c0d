"""All workbooks of the corpus that are made with XlsxWriter, by name."""

from __future__ import annotations

from typing import Final

from tests.corpus.cells import CELLS
from tests.corpus.charts import CHARTS
from tests.corpus.recipe import Recipe
from tests.corpus.rules import RULES
from tests.corpus.sheets import SHEETS

MADE: Final[dict[str, Recipe]] = {recipe.name: recipe for recipe in [*CELLS, *CHARTS, *RULES, *SHEETS]}
