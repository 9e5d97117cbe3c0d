"""What other programs call a stage: a person's opinion (My stage) or the outcome, never evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.headings import compact
from sheetfunnel.workbook.unread import read_text
from sheetfunnel.workbook.words import reading

#: A number before the word ("3 - Proposal") and a number or percentage after it ("Proposal (40%)").
_ORDINAL = re.compile(r"^\W*\d+\W+|\W*\(?\d+\s*%?\)?\W*$")


@value
class StageWord:
    """A word of the source, on how many rows it stands, and what it becomes (``None``: left blank)."""

    word: str
    count: int
    becomes: Stage | Outcome | None


def source_stage(cell: Cell) -> Stage | Outcome | None:
    """Return what a stage of the source becomes; ``None`` if the word is not known."""
    text = read_text(cell)
    return _known().get(compact(text)) or _known().get(compact(_ORDINAL.sub("", text)))


def stage_words(cells: Iterable[Cell]) -> tuple[StageWord, ...]:
    """Return the words of a column, the most frequent first."""
    counts = Counter(text for cell in cells if (text := read_text(cell)))
    return tuple(
        StageWord(word=word, count=count, becomes=source_stage(word)) for word, count in counts.most_common()
    )


@cache
def _known() -> Mapping[str, Stage | Outcome]:
    words: dict[str, Stage | Outcome] = {}
    for section in ("stage", "outcome", "source_stage"):
        for meaning, texts in reading()[section].items():
            words |= dict.fromkeys(map(compact, texts), _member(meaning))
    return words


def _member(meaning: str) -> Stage | Outcome:
    return Outcome(meaning) if meaning in {outcome.value for outcome in Outcome} else Stage(meaning)
