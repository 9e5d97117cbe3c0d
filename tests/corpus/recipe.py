"""How a workbook of the corpus is made: its name says which feature of the file format it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeAlias

from PIL import Image
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Fill: TypeAlias = Callable[[Workbook], object]
Act: TypeAlias = Callable[[Workbook, Worksheet], object]

#: What most recipes show their feature on: headings, texts and numbers.
ROWS: Final[list[list[Any]]] = [
    ["Client", "Need", "2024", "2025", "Share"],
    ["Rosa", "ovens", 10, 40, 0.25],
    ["León", "mixers", 40, 25, 0.5],
    ["Ødegård & Co", "<ovens>", 50, -3, 0.75],
    ["007", "none", 20, 10, 1],
    ["Ana", "mixers", 10, 5, 0],
    ["Пётр", "ovens", 50, 12, 0.125],
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One workbook: ``fill`` adds its sheets to a new book that has the ``options``."""

    name: str
    fill: Fill
    options: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = ".xlsx"

    def make(self, folder: Path) -> Path:
        """Write the workbook into a folder, and return its path."""
        path = folder / f"{self.name}{self.suffix}"
        with Workbook(path, dict(self.options)) as book:
            self.fill(book)
        return path


def table(book: Workbook, title: str = "Data") -> Worksheet:
    """Add a sheet with the usual rows."""
    sheet = book.add_worksheet(title)
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    return sheet


def on_table(name: str, act: Act, **more: Any) -> Recipe:  # noqa: ANN401
    """Return a recipe that does something to a sheet with the usual rows."""
    return Recipe(name=name, fill=lambda book: act(book, table(book)), **more)


def calls(kind: str, method: str, cases: Mapping[str, tuple[Any, ...]]) -> list[Recipe]:
    """Return recipes that call one method of a sheet with the usual rows, each with its arguments."""
    return [on_table(f"{kind} {name}", _call(method, given)) for name, given in cases.items()]


def _call(method: str, given: tuple[Any, ...]) -> Act:
    return lambda _, sheet: getattr(sheet, method)(*given)


def picture(kind: str = "PNG", size: tuple[int, int] = (12, 8)) -> BytesIO:
    """Return a picture of one colour in a format of the day."""
    made = BytesIO()
    Image.new("RGB", size, (31, 58, 95)).save(made, kind)
    return made
