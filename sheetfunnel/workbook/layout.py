"""The workbook's tabs, tables and columns, as declared in ``templates/workbook.toml``: keys, no words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sheetfunnel.values import value

#: A text column at least this wide holds sentences.
_SENTENCES = 20

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@value
class Column:
    """One column of a table: ``kind`` says how its cells are read, ``owner`` who may write them."""

    table: str
    key: str
    kind: str
    width: float
    owner: str
    required: bool = False
    hidden: bool = False
    group: str = ""
    list: str = ""
    prompt: bool = False
    format: str = ""

    @property
    def wraps(self) -> bool:
        """Whether its cells hold sentences, which go on in a second line where the column ends."""
        return self.kind in {"text", "any"} and self.width >= _SENTENCES

    @property
    def name(self) -> str:
        """The defined name on the column's header cell, by which it is found wherever it is moved."""
        return f"sf_{self.table}_{self.key}"


@value
class Table:
    """A header row with columns: ``row`` and ``column`` say where the template puts its first header.

    ``dressed`` is how many of its rows the template dresses one by one (0: its columns are, as a whole).
    """

    key: str
    tab: str
    owner: str
    row: int
    column: int
    columns: tuple[Column, ...]
    profile: tuple[Column, ...] = ()
    rows: tuple[tuple[str, Any], ...] = ()
    dressed: int = 0

    def position(self, key: str) -> int:
        """Return the index of a column within the table (0 for the first)."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)


@value
class Tab:
    """One tab of the workbook, with the colour of its role; ``row_height`` is in points."""

    key: str
    colour: str
    hidden: bool = False
    freeze: str = ""
    row_height: float = 0
    print_to: str = ""
    tables: tuple[Table, ...] = ()


@value
class Layout:
    """The whole declaration."""

    schema: int
    looks: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    tabs: tuple[Tab, ...]

    def table(self, key: str) -> Table:
        """Return the table with this key."""
        return next(table for tab in self.tabs for table in tab.tables if table.key == key)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in the order of the tabs."""
        return tuple(table for tab in self.tabs for table in tab.tables)


def templates_folder() -> Path:
    """Return the folder of the declaration, the catalogues and the built workbooks."""
    inside = Path(__file__).parent.parent / "templates"  # in an installed wheel
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates"


@cache
def layout() -> Layout:
    """Return the declaration of this version of the program."""
    raw = tomllib.loads((templates_folder() / "workbook.toml").read_text(encoding="utf-8"))
    return Layout(
        schema=raw["schema"],
        looks=raw["looks"],
        lists={key: tuple(words) for key, words in raw["lists"].items()},
        tabs=tuple(_tab(tab) for tab in raw["tab"]),
    )


def _tab(raw: dict[str, Any]) -> Tab:
    tables = tuple(_table(table, raw["key"]) for table in raw.get("table", ()))
    return Tab(
        key=raw["key"],
        colour=raw["colour"],
        hidden=raw.get("hidden", False),
        freeze=raw.get("freeze", ""),
        row_height=raw.get("row_height", 0),
        print_to=raw.get("print_to", ""),
        tables=tables,
    )


def _table(raw: dict[str, Any], tab: str) -> Table:
    row, column = address(raw["at"])
    return Table(
        key=raw["key"],
        tab=tab,
        owner=raw["owner"],
        row=row,
        column=column,
        columns=tuple(_column(column, raw["key"], raw["owner"]) for column in raw["columns"]),
        profile=tuple(_column(column, "profile", raw["owner"]) for column in raw.get("profile", ())),
        rows=tuple((row["key"], row["value"]) for row in raw.get("rows", ())),
        dressed=raw.get("dressed", 0),
    )


def _column(raw: dict[str, Any], table: str, owner: str) -> Column:
    return Column(**{"table": table, "owner": owner, **raw})


def address(text: str) -> tuple[int, int]:
    """Return (row, column), from 1, of a cell written as ``C14``."""
    match = _ADDRESS.fullmatch(text.replace("$", ""))
    if match is None:
        raise ValueError(text)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def letters(column: int) -> str:
    """Return a column's letters: 1 is ``A``, 27 is ``AA``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
