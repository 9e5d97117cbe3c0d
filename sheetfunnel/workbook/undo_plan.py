"""Back to before a sync: the program's cells as an earlier generation had them, in the workbook of today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sheetfunnel.workbook.contract import Cell, Place, Purpose, WritePlan
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import key_fold
from sheetfunnel.workbook.layout import address, layout
from sheetfunnel.workbook.own_results import RESULTS
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.plan import Content, TableContent, diff
from sheetfunnel.workbook.table_ends import table_facts

ResultRow = tuple[Cell, ...]

_NO_RESULT: Final[ResultRow] = (None,) * (1 + len(RESULTS))
_WHERE: Final = re.compile(r"(.*?)(?:!([A-Z]*)([0-9]+))?", re.DOTALL)


def undo_plan(now: Decoded, then: Decoded) -> WritePlan:
    """Return what makes the program's cells those of an earlier generation; empty if they are.

    Cells in which a person typed since are left, and stay theirs.
    """
    left_over = _left_over(now, then)
    results = {**_results(now, then), **left_over}
    plan = diff(_showing(now, left_over), Content(results=results, tables=_tables(now, then, results)))
    return replace(plan, purpose=Purpose.UNDO)


def _results(now: Decoded, then: Decoded) -> dict[int, ResultRow]:
    """Return the result cells of each row of today, found by key; nothing for a row that was not there."""
    was, beside = _by_key(then), _by_hidden_key(then)
    today = {row.folded for row in now.rows}
    found: dict[int, ResultRow] = {}
    for row in now.rows:
        hidden = key_fold(str(now.own.results.shown[row.number][0] or ""))
        renamed = hidden if hidden not in today else ""
        keys = (row.folded, row.open_folded, renamed)
        rows = next((was[key] for key in keys if key in was), beside.get(renamed, [_NO_RESULT]))
        found[row.number] = rows.pop(0) if len(rows) > 1 else rows[0]
    return found


def _by_key(then: Decoded) -> dict[str, list[ResultRow]]:
    """Return what the program had written in each row; where a person had typed, what it had before."""
    by_key: defaultdict[str, list[ResultRow]] = defaultdict(list)
    for row in then.rows:
        by_key[row.folded].append(_written(then, row.number))
    return dict(by_key)


def _by_hidden_key(then: Decoded) -> dict[str, list[ResultRow]]:
    """Return the same by the Key that stood beside the results of rows that had been renamed."""
    keys = {row.folded for row in then.rows}
    rows = ((key_fold(str(cells[0])), cells) for row in then.rows if (cells := _written(then, row.number))[0])
    return {key: [cells] for key, cells in rows if key not in keys}


def _written(then: Decoded, number: int) -> ResultRow:
    own = then.own.results
    key, *cells = own.shown[number]
    pairs = zip(RESULTS, cells, strict=True)
    return (key, *(own.typed.get((number, column), cell) for column, cell in pairs))


def _left_over(now: Decoded, then: Decoded) -> dict[int, ResultRow]:
    """Return what is to stand beside rows that are not used: what stood there if no row moved, or nothing."""
    rows = {number: (key, *_NO_RESULT[1:]) for number, key in now.own.results.left_over.items()}
    if _keys(now) == _keys(then):
        stood = {number: _written(then, number) for number in then.own.results.left_over}
        rows |= {number: cells for number, cells in stood.items() if number in rows or _is_blank(now, number)}
    return rows


def _keys(decoded: Decoded) -> list[tuple[int, str]]:
    return [(row.number, row.objective.key) for row in decoded.rows]


def _is_blank(now: Decoded, number: int) -> bool:
    place = now.places["objectives"]
    return all(place.at(number, column) is None for column in ("key", *RESULTS))


def _showing(now: Decoded, left_over: Mapping[int, ResultRow]) -> Decoded:
    """Return what is shown today, in the blank rows too beside which something stood."""
    shown = {**dict.fromkeys(left_over, _NO_RESULT), **now.own.results.shown}
    return replace(now, own=replace(now.own, results=replace(now.own.results, shown=shown)))


def _tables(now: Decoded, then: Decoded, results: Mapping[int, ResultRow]) -> dict[str, TableContent]:
    """Return every table of the program as it was, cut before what a person wrote below it since."""
    whole = {
        key: _rows(then, key)
        for key, place in then.places.tables.items()
        if place.table.owner == "program" and key in now.places.tables
    }
    fitting = {key: rows[: now.own.room.get(key, len(rows))] for key, rows in whole.items()}
    fitting["results"] = _with_typed(now, fitting["results"], results)
    other = {key: rows for key, rows in fitting.items() if len(rows) != len(whole[key])}
    fitting["memory"] = _with_facts(fitting["memory"], other)
    links = {"check": _links(now, then, fitting["check"])} if "check" in fitting else {}
    return {key: TableContent(rows=rows, links=links.get(key, {})) for key, rows in fitting.items()}


def _rows(then: Decoded, key: str) -> list[ResultRow]:
    place = then.places[key]
    numbers = range(place.header + 1, place.header + 1 + then.own.lengths[key])
    return [tuple(place.grid.at(number, column) for column in place.width) for number in numbers]


def _with_typed(now: Decoded, rows: Sequence[ResultRow], results: Mapping[int, ResultRow]) -> list[ResultRow]:
    """Keep in memory what was last written where a person typed since, so that the cell stays theirs.

    Of rows with the same key, another may be written to: then what is written there is to be remembered.
    """
    own = {row.number: row.objective.key for row in now.rows}
    keys = {number: str(cells[0] or own.get(number) or "") for number, cells in results.items()}
    typed = now.own.results.typed
    ours = {
        (key_fold(key), column)
        for number, key in keys.items()
        for column in RESULTS
        if (number, column) not in typed
    }
    theirs: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
    for (number, column), last in typed.items():
        if keys[number] and (key_fold(keys[number]), column) not in ours:
            theirs[keys[number]][column] = last
    records = {key_fold(str(row[0])): row for row in rows}
    blank = (None,) * (len(now.places["results"].table.columns) - 1)
    for key, cells in theirs.items():
        records[key_fold(key)] = _replaced(records.get(key_fold(key), (key, *blank)), cells)
    return list(records.values())


def _replaced(row: ResultRow, cells: Mapping[str, Cell]) -> ResultRow:
    key, results, rest = row[0], row[1 : 1 + len(RESULTS)], row[1 + len(RESULTS) :]
    return (key, *(cells.get(column, cell) for column, cell in zip(RESULTS, results, strict=True)), *rest)


def _with_facts(memory: Sequence[ResultRow], other: Mapping[str, Sequence[ResultRow]]) -> list[ResultRow]:
    """Remember how long the tables are that are not as long as they were."""
    shown = {key: [row[:1] for row in rows] if key == "status" else rows for key, rows in other.items()}
    facts = table_facts(shown)
    return [(item, facts.get(str(item), value)) for item, value in memory]


def _links(now: Decoded, then: Decoded, rows: Sequence[ResultRow]) -> dict[tuple[int, int], Place]:
    """Return where the rows of Check lead: their texts tell, the reader of values does not."""
    titles = {place.grid.title: now.places.tables.get(key) for key, place in then.places.tables.items()}
    at = layout().table("check").position("where")
    links: dict[tuple[int, int], Place] = {}
    for index, row in enumerate(rows):
        place = _place(str(row[at]), titles) if row[at] is not None else None
        if place:
            links[index, at] = place
    return links


def _place(where: str, titles: Mapping[str, TablePlace | None]) -> Place | None:
    match = _WHERE.fullmatch(where)
    known = titles.get(match[1]) if match else None
    if not match or not known:
        return None
    row, column = address(f"{match[2] or 'A'}{match[3] or 1}")
    return Place(tab=known.grid.title, row=row, column=column)
