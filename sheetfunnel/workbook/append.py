"""Adding rows to the tables that people own, on their word (adopt, demo)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheetfunnel.errors import ContractBroken
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import AppendRows, Cell, WritePlan
from sheetfunnel.workbook.labels import keys_of, labels
from sheetfunnel.workbook.places import Places, TablePlace

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
    return WritePlan(changes=tuple(changes))


def _missing(place: TablePlace, rows: Sequence[Mapping[str, Cell]]) -> set[str]:
    used = {key for row in rows for key, cell in row.items() if cell is not None}
    known = {*_profile_places(place), *place.columns}
    return {_label(place, key) for key in used - known}


def _label(place: TablePlace, key: str) -> str:
    profile = any(column.key == key for column in place.table.profile)
    return labels("en").text(f"column.{'profile' if profile else place.table.key}.{key}")


def _profile_places(place: TablePlace) -> dict[str, int]:
    if not place.table.profile:
        return {}
    meant = keys_of("column.profile")
    headers = enumerate(place.grid.rows[place.header - 1], start=1)
    return {meant[fold(text)]: at for at, text in headers if isinstance(text, str) and fold(text) in meant}


def _append(place: TablePlace, rows: Sequence[Mapping[str, Cell]]) -> AppendRows:
    at = {**_profile_places(place), **place.columns}
    keys = [key for key in at if any(row.get(key) is not None for row in rows)]
    return AppendRows(
        tab=place.grid.title,
        first_row=_first_free_row(place, list(at.values())),
        columns=tuple(at[key] for key in keys),
        rows=[tuple(row.get(key) for key in keys) for row in rows],
    )


def _first_free_row(place: TablePlace, columns: Sequence[int]) -> int:
    """Return the first row below everything that stands in the table's columns, notes included."""
    for row in range(len(place.grid.rows), place.header, -1):
        if any(place.grid.at(row, column) is not None for column in columns):
            return row + 1
    return place.header + 1
