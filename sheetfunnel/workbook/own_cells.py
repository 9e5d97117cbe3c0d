"""Which cells are the program's own, how long its tables are, and how long they can become.

A result cell in which a person typed is left as it is and reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.values import value
from sheetfunnel.workbook.own_results import RESULTS, OwnResults, read_own_results
from sheetfunnel.workbook.places import Places, TablePlace
from sheetfunnel.workbook.read_objectives import SheetRow
from sheetfunnel.workbook.table_ends import is_filled, length_of
from sheetfunnel.workbook.unread import read_text


@value
class OwnCells:
    """What stands in the program's cells.

    ``lengths`` are how many rows each table of the program still has of those that the last run left;
    ``room`` how many it can have without reaching something that a person wrote below it (absent: as many
    as it likes).
    """

    results: OwnResults
    lengths: Mapping[str, int]
    room: Mapping[str, int]
    findings: tuple[Finding, ...]


def read_own_cells(places: Places, rows: Sequence[SheetRow]) -> OwnCells:
    """Return what stands in the program's cells, and a finding for each that a person typed in."""
    objectives = places["objectives"]
    results = read_own_results(objectives, places["results"], rows)
    lengths = {key: length_of(places, place) for key, place in places.tables.items() if _is_own(place)}
    return OwnCells(
        results=results,
        lengths=lengths,
        room=_rooms(places, lengths),
        findings=(
            *(typed_over(objectives, row, key) for row, key in _in_order(results)),
            *_in_the_way_of_history(places, lengths),
        ),
    )


def _in_the_way_of_history(places: Places, lengths: Mapping[str, int]) -> Iterator[Finding]:
    """Yield a finding for what stands below a table that is added to: long before its lines have no room."""
    for key in {"changes", "weeks"} & lengths.keys():
        place = places[key]
        below = range(place.header + lengths[key] + 1, len(place.grid.rows) + 1)
        found = next((row for row in below if is_filled(place, row)), None)
        if found is not None:
            column = next(at for at in place.width if place.grid.at(found, at) is not None)
            yield Finding(
                remark=remark(Code.HISTORY_BLOCKED),
                tab=place.grid.title,
                row=found,
                column=column,
                shown=read_text(place.grid.at(found, column)),
            )


def _is_own(place: TablePlace) -> bool:
    return place.table.owner == "program"


def _in_order(results: OwnResults) -> list[tuple[int, str]]:
    return sorted(results.typed, key=lambda cell: (cell[0], RESULTS.index(cell[1])))


def typed_over(place: TablePlace, row: int, key: str) -> Finding:
    """Return the finding of a result cell in which a person typed."""
    column = place.columns[key]
    shown = read_text(place.grid.at(row, column))
    said = remark(Code.TYPED_OVER_RESULT, column=place.text(key))
    return Finding(remark=said, tab=place.grid.title, row=row, column=column, shown=shown)


def _rooms(places: Places, lengths: Mapping[str, int]) -> dict[str, int]:
    rooms: dict[str, int] = {}
    for key, length in lengths.items():
        place = places[key]
        below = range(place.header + length + 1, len(place.grid.rows) + 1)
        found = next((row for row in below if is_filled(place, row)), None)
        if found is not None:
            rooms[key] = found - place.header - 1
    return rooms
