"""Adding rows to the tables that people own, on their word (adopt, demo)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sheetfunnel.errors import ContractBroken
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import AppendRows, Cell, Purpose, WritePlan
from sheetfunnel.workbook.labels import keys_of, labels
from sheetfunnel.workbook.layout import layout
from sheetfunnel.workbook.places import Places, TablePlace
from sheetfunnel.workbook.row_lines import lines

#: What the key of a column that people added begins with; its header follows.
ADDED = "added:"

#: Rows by the key of their table; each row has its cells by the key of their column.
Additions = Mapping[str, Sequence[Mapping[str, Cell]]]


def additions_plan(places: Places, additions: Additions) -> WritePlan:
    """Return the plan that appends rows after the last one used in each table.

    Raises:
        ContractBroken: the workbook has no column for something that is to be added.

    """
    missing = sorted({text for key, rows in additions.items() for text in _missing(places[key], rows)})
    if missing:
        raise ContractBroken(
            f"The workbook has no column for: {', '.join(missing)}. Nothing was written.",
            hint="Add columns with these headers to the tab, or leave them out of the source.",
        )
    changes = [_append(places[key], rows) for key, rows in additions.items() if rows]
    return WritePlan(changes=tuple(_sized(places, changes)), purpose=Purpose.ADOPT)


def fields(place: TablePlace) -> Mapping[str, str]:
    """Return the columns that people fill in, those that they added among them: their headers by key.

    The key of an added column is its header, after :data:`ADDED`.
    """
    program = {column.key for column in place.table.columns if column.owner == "program"}
    return {
        key: str(place.grid.at(place.header, at) or "")
        for key, at in _columns(place).items()
        if key not in program
    }


def _columns(place: TablePlace) -> dict[str, int]:
    """Return where a cell of each key goes."""
    known = {**_profile_places(place), **place.columns}
    header = enumerate(place.headers, start=1)
    texts = ((at, text) for at, text in header if isinstance(text, str) and text.strip())
    used = set(known.values())
    added = {f"{ADDED}{text}": at for at, text in texts if place.table.profile and at not in used}
    return {**added, **known}


def _missing(place: TablePlace, rows: Sequence[Mapping[str, Cell]]) -> set[str]:
    used = {key for row in rows for key, cell in row.items() if cell is not None}
    return {_label(place, key) for key in used - set(_columns(place))}


def _label(place: TablePlace, key: str) -> str:
    profile = any(column.key == key for column in place.table.profile)
    return labels("en").text(f"column.{'profile' if profile else place.table.key}.{key}")


def _profile_places(place: TablePlace) -> dict[str, int]:
    if not place.table.profile:
        return {}
    meant = keys_of("column.profile")
    headers = enumerate(place.headers, start=1)
    return {meant[fold(text)]: at for at, text in headers if isinstance(text, str) and fold(text) in meant}


def _append(place: TablePlace, rows: Sequence[Mapping[str, Cell]]) -> AppendRows:
    at = _columns(place)
    keys = [key for key in at if any(row.get(key) is not None for row in rows)]
    return AppendRows(
        tab=place.grid.title,
        first_row=_first_free_row(place, list(at.values())),
        columns=tuple(at[key] for key in keys),
        rows=[tuple(row.get(key) for key in keys) for row in rows],
        header=place.header,
    )


def _sized(places: Places, changes: Sequence[AppendRows]) -> Iterator[AppendRows]:
    """Say how high the new rows are, on tabs whose rows are not all of one height.

    What stands beside them counts too, and so do rows added to the tables beside them.
    """
    uniform = {tab.key for tab in layout().tabs if tab.row_height}
    added = {
        (change.tab, change.first_row + index, column): cell
        for change in changes
        for index, row in enumerate(change.rows)
        for column, cell in zip(change.columns, row, strict=True)
    }
    for change in changes:
        beside = [place for place in places.tables.values() if place.grid.title == change.tab]
        if any(place.table.tab in uniform for place in beside):
            yield change
            continue
        numbers = range(change.first_row, change.first_row + len(change.rows))
        yield replace(change, lines=[_lines_of_row(beside, number, added) for number in numbers])


def _lines_of_row(
    beside: Sequence[TablePlace], number: int, added: Mapping[tuple[str, int, int], Cell]
) -> int:
    needed = 1
    for place in beside:
        for column in place.table.columns:
            at = place.columns.get(column.key)
            if not column.wraps or at is None:
                continue
            cell = added.get((place.grid.title, number, at)) or place.grid.at(number, at)
            needed = max(needed, lines(cell, column.width)) if isinstance(cell, str) else needed
    return needed


def _first_free_row(place: TablePlace, columns: Sequence[int]) -> int:
    """Return the first row below everything that stands in the table's columns, notes included."""
    for row in range(len(place.grid.rows), place.header, -1):
        if any(place.grid.at(row, column) is not None for column in columns):
            return row + 1
    return place.header + 1
