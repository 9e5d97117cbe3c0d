"""What tabs of ours that stand already still lack: look-ups in place of results, marks, warnings, names.

An Excel workbook that was uploaded holds the results as values. They go, as the look-ups show the same from
the hidden tab; a cell in which a person typed stays, whatever it hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sheetfunnel.template.google.marks import put_tag, put_warnings
from sheetfunnel.template.google.names import named
from sheetfunnel.template.google.ranges import Request, bounds, runs
from sheetfunnel.template.google.standing import StandingTab
from sheetfunnel.values import value
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Tab, letters
from sheetfunnel.workbook.look_ups import look_up_formulas
from sheetfunnel.workbook.places import TablePlace


@value
class Ours:
    """The sheet as it will be, and what of it stands already: our tabs by key, and the names."""

    decoded: Decoded
    tabs: Mapping[str, StandingTab]
    names: frozenset[str]


def add_marks(tab: Tab, ours: Ours, words: Labels) -> Iterator[Request]:
    """Yield the requests for the mark, the warning and the names that a standing tab lacks."""
    standing = ours.tabs[tab.key]
    places = [ours.decoded.places.tables[t.key] for t in tab.tables if t.key in ours.decoded.places.tables]
    if standing.tag != tab.key:
        yield put_tag(tab.key, standing.sheet_id)
    if not standing.warned:
        results = [at for place in places for at in result_columns(place).values()]
        yield from put_warnings(tab, standing.sheet_id, words, results=results)
    for place in places:
        yield from _lacking_names(place, standing.sheet_id, ours.names)


def result_columns(place: TablePlace) -> dict[str, int]:
    """Return the program's columns in a table of people's, by key."""
    if place.table.owner == "program":
        return {}
    own = [column.key for column in place.table.columns if column.owner == "program"]
    return {key: place.columns[key] for key in own if key in place.columns}


def _lacking_names(place: TablePlace, sheet_id: int, names: frozenset[str]) -> Iterator[Request]:
    for column in place.table.columns:
        at = place.columns.get(column.key)
        if at is not None and column.name not in names:
            yield named(column.name, bounds(sheet_id, (at, place.header, at, place.header)))


def add_look_ups(ours: Ours, words: Labels) -> Iterator[Request]:
    """Yield the requests that put look-ups in place of the results, where there are none."""
    standing, place = ours.tabs["objectives"], ours.decoded.places["objectives"]
    columns = {
        key: at for key, at in result_columns(place).items() if (place.header, at) not in standing.look_ups
    }
    formulas = look_up_formulas(
        {key: letters(at) for key, at in place.columns.items()},
        {key: place.text(key) or words.text(f"column.objectives.{key}") for key in columns},
        results_title=ours.decoded.places["results"].grid.title,
        header=place.header,
    )
    for key, at in sorted(columns.items(), key=lambda each: each[1]):
        yield from _cleared(ours, key, at)
        start = {"sheetId": standing.sheet_id, "rowIndex": place.header - 1, "columnIndex": at - 1}
        values = [{"userEnteredValue": {"formulaValue": formulas[key]}}]
        yield {"updateCells": {"start": start, "rows": [{"values": values}], "fields": "userEnteredValue"}}


def _cleared(ours: Ours, key: str, column: int) -> Iterator[Request]:
    """Yield the requests that blank what the program wrote in a column, and nothing that a person did."""
    standing, place = ours.tabs["objectives"], ours.decoded.places["objectives"]
    held = {row for row, at in standing.entered if at == column and row > place.header}
    typed = {row for row, typed_in in ours.decoded.own.results.typed if typed_in == key} - _unsure(ours)
    own = (held & _written(ours)) - typed
    if not own:
        return
    free = (row for row in range(min(own), max(own) + 1) if row in own or row not in held)
    for first, last, _ in runs((row, True) for row in free):
        area = bounds(standing.sheet_id, (column, first, column, last))
        yield {"updateCells": {"range": area, "fields": "userEnteredValue"}}


def _written(ours: Ours) -> set[int]:
    """Return the rows to which the program writes, or once wrote."""
    place = ours.decoded.places["objectives"]
    keyed = {row for row in place.rows() if place.at(row, "key") is not None}
    return {row.number for row in ours.decoded.rows} | keyed


def _unsure(ours: Ours) -> frozenset[int]:
    """Return the rows with a Key, where all is forgotten that was written: what stands there is ours."""
    return frozenset() if "_results" in ours.tabs else ours.decoded.own.results.forgotten
