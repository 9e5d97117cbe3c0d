"""Where the tables and columns of a workbook are today: by defined name, by memory, by header text.

People move, rename and add columns; never is a column found by its letter. The memory is the table on the
hidden tab ``_sheetfunnel`` that the last run left: the header texts it saw and how long its tables were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeVar

from sheetfunnel.errors import ContractBroken
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell, Grid, Snapshot
from sheetfunnel.workbook.headings import heading
from sheetfunnel.workbook.labels import keys_of, labels
from sheetfunnel.workbook.layout import Column, Layout, Table

_T = TypeVar("_T")

#: What to do about a workbook that lacks something.
_FILE_LACKS = (
    "Undo the deletion or the renaming in the sheet (the header text is enough), or begin a new workbook "
    "with `sheetfunnel new FILE` and bring the rows over with `sheetfunnel adopt`."
)
_SHEET_LACKS = (
    "Give the sheet what it lacks: sheetfunnel new --google URL. If something of it was deleted or renamed "
    "by mistake, undo that first."
)

_MADE_EARLIER = (
    "Begin a new workbook with `sheetfunnel new FILE`, and bring the rows over: copy and paste them from the "
    "tab Objectives, or save that tab as CSV and take it over with `sheetfunnel adopt`."
)

#: How far below its own place a header row is looked for when its names are lost.
_SEARCHED_ROWS = 30


@value
class TablePlace:
    """Where one table stands: its tab's title, its header row, and the column of each key found."""

    table: Table
    grid: Grid
    header: int
    columns: Mapping[str, int]

    @property
    def width(self) -> tuple[int, ...]:
        """The sheet columns of the table's columns, in the order of the declaration."""
        return tuple(self.columns[column.key] for column in self.table.columns)

    @property
    def headers(self) -> Sequence[Cell]:
        """The header row; blank where somebody emptied the tab, and names still lead to where it was."""
        return self.grid.rows[self.header - 1] if 0 < self.header <= len(self.grid.rows) else ()

    def text(self, key: str) -> str:
        """Return the header text of a column as it stands in the sheet."""
        return str(self.grid.at(self.header, self.columns[key]) or "")

    def rows(self) -> Iterator[int]:
        """Yield the rows below the header, down to the last used one."""
        return iter(range(self.header + 1, len(self.grid.rows) + 1))

    def at(self, row: int, key: str) -> Cell:
        """Return a cell of the table; a column that is not there reads as blank."""
        column = self.columns.get(key)
        return None if column is None else self.grid.at(row, column)


@value
class Places:
    """The tables found, by key, and the memory of the last run."""

    tables: Mapping[str, TablePlace]
    memory: Mapping[str, Cell] = field(default_factory=dict)

    def __getitem__(self, key: str) -> TablePlace:
        """Return where a table is."""
        return self.tables[key]


def locate(snapshot: Snapshot, layout: Layout) -> Places:
    """Find every table of the layout.

    Raises:
        ContractBroken: tabs or required columns are missing; the message names every one of them.

    """
    remembered = _find(snapshot, layout.table("memory"), {})
    memory = _memory(remembered)
    found = {table.key: _find(snapshot, table, memory) for table in layout.tables}
    missing = _missing(layout, found)
    if missing:
        raise _lacking(missing, made_earlier=_made_by_earlier(memory, layout), sheet=snapshot.looked_up)
    return Places(tables={key: place for key, place in found.items() if place}, memory=memory)


def _memory(place: TablePlace | None) -> dict[str, Cell]:
    if place is None or "item" not in place.columns:
        return {}
    return {
        str(place.at(row, "item")): place.at(row, "value") for row in place.rows() if place.at(row, "item")
    }


def _find(snapshot: Snapshot, table: Table, memory: Mapping[str, Cell]) -> TablePlace | None:
    named = {c.key: snapshot.names[c.name] for c in table.columns if c.name in snapshot.names}
    named = {key: place for key, place in named.items() if place.tab in snapshot.tabs}
    title = _most([place.tab for place in named.values()]) or _title(snapshot, table, memory)
    if title is None:
        return None
    grid = snapshot.tabs[title]
    header = _most([place.row for place in named.values() if place.tab == title])
    columns = {k: p.column for k, p in named.items() if p.tab == title and p.row == header}
    if header and _lead_astray(grid, header, table, columns, memory):
        named, columns = {}, {}  # the header texts are right, as it is them that people see
    if len(columns) < len(table.columns):
        header, columns = _by_text(grid, table, memory, header=header, columns=columns)
    columns = _without_strangers(table, columns, named)
    place = TablePlace(table=table, grid=grid, header=header or 0, columns=columns)
    _refuse_twins(place, named)
    return place


def _lead_astray(
    grid: Grid, header: int, table: Table, columns: Mapping[str, int], memory: Mapping[str, Cell]
) -> bool:
    """Whether the names were left behind by a program that put in or took out columns.

    Then a name leads to the header of another column, and the name of that one does not.
    """
    texts = {key: fold(str(grid.at(header, at) or "")) for key, at in columns.items()}
    remembered = {fold(str(memory[k])): c.key for c in table.columns if (k := f"column.{c.name}") in memory}
    others = {text: f"profile.{key}" for text, key in keys_of("column.profile").items() if table.profile}
    known = {**others, **(remembered or keys_of(f"column.{table.key}"))}
    meant = {key: known.get(text) for key, text in texts.items()}
    return any(found not in (None, key, meant.get(str(found))) for key, found in meant.items())


def _without_strangers(table: Table, columns: dict[str, int], named: Collection[str]) -> dict[str, int]:
    """Leave out a column of a person's that only its header makes look like one of the program's.

    Results stand side by side. Where names lead to some of them, one whose name is gone was deleted: a
    column elsewhere that is headed alike must not be written to.
    """
    own = {column.key for column in table.columns if column.owner == "program" and table.owner == "people"}
    if not own & set(named):
        return columns
    sure = {columns[key] for key in own & set(named) & set(columns)}
    return {
        key: at for key, at in columns.items() if key not in own or key in named or {at - 1, at + 1} & sure
    }


def _refuse_twins(place: TablePlace, named: Collection[str]) -> None:
    """Refuse to guess which of two columns is the program's, where no name tells.

    Raises:
        ContractBroken: a person's column is headed like a result column.

    """
    headers = Counter(fold(str(text)) for text in place.headers)
    for column in place.table.columns:
        if place.table.owner != "people" or column.owner != "program" or column.key in named:
            continue
        header = place.text(column.key) if column.key in place.columns else ""
        if header and headers[fold(header)] > 1:
            raise ContractBroken(
                f"Two columns of “{place.grid.title}” are headed “{header}”, and the names that told them "
                "apart are gone. Nothing was written.",
                hint="Give the one that is yours another header, and sync again.",
            )


def _most(values: list[_T]) -> _T | None:
    return Counter(values).most_common(1)[0][0] if values else None


def _title(snapshot: Snapshot, table: Table, memory: Mapping[str, Cell]) -> str | None:
    remembered = memory.get(f"tab.{table.tab}")
    if isinstance(remembered, str) and remembered in snapshot.tabs:
        return remembered
    return next((title for title in snapshot.tabs if keys_of("tab").get(fold(title)) == table.tab), None)


def _by_text(
    grid: Grid, table: Table, memory: Mapping[str, Cell], *, header: int | None, columns: Mapping[str, int]
) -> tuple[int, dict[str, int]]:
    """Complete ``columns`` from the header texts; without a header row, from the row that fits best."""
    candidates = [header] if header else range(1, min(len(grid.rows), table.row + _SEARCHED_ROWS) + 1)
    tries = [(row, _texts_in(grid, row, table, memory, taken=columns)) for row in candidates]
    best = max(tries, key=lambda attempt: len(attempt[1]), default=(header or 0, {}))
    return best[0], {**best[1], **columns}


def _texts_in(
    grid: Grid, row: int, table: Table, memory: Mapping[str, Cell], *, taken: Mapping[str, int]
) -> dict[str, int]:
    remembered = {fold(str(memory[k])): c.key for c in table.columns if (k := f"column.{c.name}") in memory}
    headers = grid.rows[row - 1] if row <= len(grid.rows) else ()  # else somebody emptied the tab
    found: dict[str, int] = {}
    for ways in (remembered, keys_of(f"column.{table.key}"), None):
        meant: dict[str, list[int]] = {}
        for column, text in enumerate(headers, start=1):
            key = _meant(text, table, ways)
            if key and key not in taken and key not in found:
                meant.setdefault(key, []).append(column)
        for key in sorted(meant, key=lambda key: len(meant[key])):  # those that only one column can be, first
            _choose(key, meant[key], found, taken)
    return found


def _choose(key: str, columns: list[int], found: dict[str, int], taken: Mapping[str, int]) -> None:
    """Choose among columns that head alike the one nearest to its table: others may stand beside it."""
    known = {*taken.values(), *found.values()}
    free = [column for column in columns if column not in known]
    if free:
        found[key] = min(free, key=lambda column: min((abs(column - each) for each in known), default=0))


def _meant(text: Cell, table: Table, ways: Mapping[str, str] | None) -> str | None:
    """Return the key of the column that a header text means: by these texts, or by a known synonym."""
    if not isinstance(text, str) or not text.strip():
        return None
    key = ways.get(fold(text)) if ways is not None else _synonym(text, table)
    return key if any(column.key == key for column in table.columns) else None


def _synonym(text: str, table: Table) -> str | None:
    return heading(text) if table.key == "objectives" else None


def _made_by_earlier(memory: Mapping[str, Cell], layout: Layout) -> bool:
    """Whether an earlier version, whose workbooks had other tables, synced it last."""
    schema = memory.get("schema")
    return isinstance(schema, (int, float)) and schema < layout.schema


def _lacking(missing: list[str], *, made_earlier: bool, sheet: bool) -> ContractBroken:
    if made_earlier and not sheet:
        return ContractBroken(
            "This workbook was made by an earlier version of sheetfunnel: it lacks "
            f"{listed(missing)}. Nothing was written.",
            hint=_MADE_EARLIER,
        )
    return ContractBroken(
        f"This workbook lacks {listed(missing)}. Nothing was written.",
        hint=_SHEET_LACKS if sheet else _FILE_LACKS,
    )


def _missing(layout: Layout, found: Mapping[str, TablePlace | None]) -> list[str]:
    missing: list[str] = []
    for table in layout.tables:
        place = found[table.key]
        title = place.grid.title if place else labels("en").text(f"tab.{table.tab}")
        if place is None and table.columns:
            missing += [f"the tab “{title}”"] if _needs(table) else []
            continue
        gone = [c for c in table.columns if place and c.key not in place.columns and _is_required(table, c)]
        missing += [f"the column “{labels('en').text(_label(column))}” on “{title}”" for column in gone]
    return list(dict.fromkeys(missing))


def _needs(table: Table) -> bool:
    return table.tab in {"objectives", "_results", "_sheetfunnel"}


def _is_required(table: Table, column: Column) -> bool:
    return column.required or column.owner == "program" or table.key in {"criteria", "people", "services"}


def _label(column: Column) -> str:
    return f"column.{column.table}.{column.key}"


def listed(things: list[str]) -> str:
    """Return things as they are told one after the other."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
