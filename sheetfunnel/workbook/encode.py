"""From an assessment to the program's tables as they should be, in the workbook's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sheetfunnel import __version__
from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.foresight import Foresight
from sheetfunnel.funnel.history import Known
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.held import same
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.layout import layout
from sheetfunnel.workbook.own_results import RESULTS, OwnResults
from sheetfunnel.workbook.plan import Content, TableContent
from sheetfunnel.workbook.table_ends import table_facts
from sheetfunnel.workbook.tabs.allocation import allocation_rows, cycle_rows
from sheetfunnel.workbook.tabs.check import check_content
from sheetfunnel.workbook.tabs.dashboard import (
    funnel_rows,
    income_rows,
    obstacle_rows,
    proposal_rows,
    share_rows,
    spacer_rows,
    stage_rows,
)
from sheetfunnel.workbook.tabs.history import change_rows, week_rows
from sheetfunnel.workbook.tabs.objectives import result_rows
from sheetfunnel.workbook.tabs.priorities import priority_rows
from sheetfunnel.workbook.tabs.start import ITEMS, status_rows
from sheetfunnel.workbook.tabs.warnings import warning_rows
from sheetfunnel.workbook.timers import Timers, timer_facts

Rows = Sequence[Sequence[Cell]]


def encode_results(decoded: Decoded, assessment: Assessment, known: Mapping[str, Known]) -> Content:
    """Return the result cells, and the table of them by key, with what is ``known`` of each objective."""
    results = _as_looked_up(decoded, result_rows(decoded, assessment, labels(decoded.language)))
    left_over = {row: (key, *[None] * len(RESULTS)) for row, key in decoded.own.results.left_over.items()}
    fitting, blocked = _fitted(decoded, {"results": _written(decoded, results, known)})
    tables = {key: TableContent(rows=rows) for key, rows in fitting.items()}
    return Content(results={**results, **left_over}, tables=tables, blocked=blocked)


def encode_tables(  # noqa: PLR0913 - all that there is to tell
    decoded: Decoded,
    assessment: Assessment,
    foresight: Foresight,
    results: Content,
    *,
    today: date,
    timers: Timers,
) -> Content:
    """Return every table of the program but that of the ``results`` and the status box."""
    words = labels(decoded.language)
    tables: dict[str, Rows] = {
        "priorities": priority_rows(assessment, words),
        "allocation": allocation_rows(assessment, foresight, words),
        "cycles": cycle_rows(assessment, words),
        **_dashboard(assessment, foresight, words),
        "warnings": warning_rows(
            foresight, words, today=today, history={"changes", "weeks"} <= decoded.places.tables.keys()
        ),
        "changes": change_rows(foresight.past, words),
        "weeks": week_rows(foresight.past, words),
        "status": [(words.text(f"status.{item}"),) for item in ITEMS],
    }
    fitting, blocked = _fitted(decoded, tables)
    status = fitting.pop("status", ())  # its values are told when it is known what else is written
    check = check_content(decoded, (*results.blocked, *blocked, *decoded.findings), words)
    contents = {key: TableContent(rows=rows) for key, rows in fitting.items()}
    told = contents | results.tables
    if "check" in decoded.places.tables:
        told["check"] = contents["check"] = check
    lengths = table_facts({"status": status, **{key: content.rows for key, content in told.items()}})
    contents["memory"] = TableContent(rows=_memory(decoded, lengths | timer_facts(timers), today))
    return Content(results={}, tables=contents)


def _dashboard(assessment: Assessment, foresight: Foresight, words: Labels) -> dict[str, Rows]:
    return {
        "funnel": funnel_rows(assessment, words),
        "spacers": spacer_rows(assessment),
        "shares": share_rows(assessment, foresight.last_week, words),
        "obstacles": obstacle_rows(assessment, words),
        "stages": stage_rows(foresight.past),
        "income": income_rows(foresight, words),
        "proposals": proposal_rows(foresight, words),
    }


def _as_looked_up(decoded: Decoded, results: Mapping[int, Sequence[Cell]]) -> Mapping[int, Sequence[Cell]]:
    """Return the result rows with the keys that a sheet makes of its rows, where it looks the results up.

    They are the key as it is compared, or nearly: a sheet writes a date or a number in its own manner.
    """
    place = decoded.places["objectives"]
    if not decoded.looked_up or (place.header, place.columns["key"]) in place.grid.blocked:
        return results
    shown = decoded.own.results.shown
    return {number: (shown[number][0] or key, *cells) for number, (key, *cells) in results.items()}


def _written(decoded: Decoded, results: Mapping[int, Sequence[Cell]], known: Mapping[str, Known]) -> Rows:
    """Return what the next run is to take for written by this one, by key.

    What a person typed never becomes ours, though it may be just what would have been written.
    """
    own = decoded.own.results
    busy = {number for number, _ in own.typed}
    records: dict[str, Sequence[Cell]] = {}
    alike: dict[int, tuple[Cell, ...]] = {}  # what is known of many is the same, and is told once
    for row, result in zip(decoded.rows, results.values(), strict=True):
        key = str(result[0]).casefold() if decoded.looked_up else row.folded
        record = result
        if row.number in busy and not decoded.looked_up:  # there it stands nowhere else
            record = _without_typed(own, row.number, result, before=records.get(key))
        told = known.get(row.objective.key)
        remembered = None if decoded.looked_up else alike.get(id(told))
        if remembered is None:
            remembered = alike[id(told)] = _remembered(row.objective, told, looked_up=decoded.looked_up)
        records[key] = (*record, *remembered)
    return list(records.values())


def _remembered(
    one: SalesObjective, known: Known | None, *, looked_up: bool
) -> tuple[Cell, Cell, Cell, Cell]:
    """Return what shows tomorrow what has changed, and without a hidden Key that a row was renamed."""
    begun = one.first_contact.isoformat() if one.first_contact and looked_up else None
    service = (one.service or None) if looked_up else None
    if known is None or known.part is None:
        return (None, None, begun, service)
    return (known.part.value, known.expected.isoformat() if known.expected else None, begun, service)


def _without_typed(
    own: OwnResults, number: int, record: Sequence[Cell], *, before: Sequence[Cell] | None
) -> Sequence[Cell]:
    """Return a record in which the cells of a person hold what was last written there.

    ``before`` is that of a row above with the same key, which may have been written to.
    """
    key, *cells = record[: 1 + len(RESULTS)]
    kept: list[Cell] = [key]
    for at, (column, cell, stands) in enumerate(zip(RESULTS, cells, own.shown[number][1:], strict=True), 1):
        if (number, column) not in own.typed or (number in own.forgotten and same(stands, cell)):
            kept.append(cell)
        else:
            kept.append(before[at] if before else own.typed[number, column])
    return kept


def encode_status(
    decoded: Decoded, assessment: Assessment, *, today: date, timers: Timers, changed: int | None
) -> Content:
    """Return the status box; with ``changed`` unknown, its words about the last change stay."""
    if "status" not in decoded.places.tables:
        return Content(results={}, tables={})
    rows = status_rows(decoded, assessment, today=today, timers=timers, changed=changed)
    room = decoded.own.room.get("status", len(rows))
    return Content(results={}, tables={"status": TableContent(rows=rows[:room])})


def _fitted(decoded: Decoded, tables: Mapping[str, Rows]) -> tuple[dict[str, Rows], list[Finding]]:
    """Cut each table before what a person wrote below it, and say so; leave out tabs that are gone."""
    fitting: dict[str, Rows] = {}
    findings: list[Finding] = []
    for key, rows in tables.items():
        if key not in decoded.places.tables:
            continue
        room = decoded.own.room.get(key, len(rows))
        fitting[key] = rows[:room]
        if room < len(rows) and key not in {"changes", "weeks"}:  # of these it is told beforehand
            place = decoded.places[key]
            said = remark(Code.TABLE_BLOCKED, count=len(rows) - room)
            findings.append(
                Finding(remark=said, tab=place.grid.title, row=place.header + room + 1, column=place.width[0])
            )
    return fitting, findings


def _memory(decoded: Decoded, lengths: Mapping[str, Cell], today: date) -> list[tuple[Cell, Cell]]:
    """Return what the next run must know: versions, day, where things are called what, lengths of tables."""
    places = decoded.places.tables
    facts: dict[str, Cell] = {
        "schema": layout().schema,
        "version": __version__,
        "language": decoded.language,
        "last_run": max(str(decoded.places.memory.get("last_run") or ""), today.isoformat()),
    }
    facts |= {f"tab.{place.table.tab}": place.grid.title for place in places.values()}
    for place in places.values():
        facts |= {
            f"column.{column.name}": place.text(column.key)
            for column in place.table.columns
            if column.key in place.columns
        }
    facts |= lengths
    facts["rows.memory"] = len(facts) + 1
    return list(facts.items())
