"""Laws of taking a sync back, whatever a person did before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Cell, Purpose
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.undo_plan import undo_plan
from tests.campaign import examples
from tests.sheets import cells, edited, filled, read, synced

BEFORE, AFTER = date(2026, 3, 2), date(2026, 4, 20)
RESULTS = ("stage", "rank", "do_next", "why", "fit")
CLIENTS = ("Ana", "Eva", "Iu", "Mar", "Pau", "Nil")

Edit: TypeAlias = tuple[str, int, int]
Tabs: TypeAlias = dict[str, list[list[Cell]]]

EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            ["type", "rename", "empty", "delete", "insert", "swap", "copy", "over", "clear", "close"]
        ),
        st.integers(1, 7),
        st.integers(0, 4),
    ),
    max_size=4,
)


def _workbook() -> MemoryWorkbook:
    rows: list[dict[str, Cell]] = [
        {
            "client": client,
            "objective": "Talk",
            "need": "x" if at % 2 else None,
            "expected_close": "2026-04-01",
        }
        for at, client in enumerate(CLIENTS)
    ]
    return filled(rows)


def _person(workbook: MemoryWorkbook, edits: Sequence[Edit]) -> MemoryWorkbook:
    """Return the workbook as it is after a person did these things to its rows."""
    columns = read(workbook).places["objectives"].columns
    rows = cells(workbook, "Objectives")
    for what, row, number in edits:
        _edit(rows, (what, row, number), columns)
    return edited(workbook, "Objectives", rows)


def _edit(rows: list[list[Cell]], edit: Edit, columns: Mapping[str, int]) -> None:
    what, row, number = edit
    typed: dict[str, list[tuple[str, Cell]]] = {
        "type": [("need", f"typed {number}")],
        "rename": [("client", f"Other {number}")],
        "close": [("outcome", "Lost")],
        "empty": [("client", None), ("objective", None)],
        "over": [(RESULTS[number], "mine")],
        "clear": [(RESULTS[number], None)],
    }
    for key, cell in typed.get(what, ()):
        rows[row][columns[key] - 1] = cell
    match what:
        case "delete":
            rows.append([None] * len(rows.pop(row)))
        case "insert":
            rows.insert(row, ["New", f"Talk {number}", *[None] * (len(rows[row]) - 2)])
        case "swap":
            rows[row], rows[number + 1] = rows[number + 1], rows[row]
        case "copy":
            rows[row] = list(rows[number + 1])


def _undone(workbook: MemoryWorkbook, then: Decoded) -> MemoryWorkbook:
    snapshot = workbook.read()
    plan = undo_plan(read(workbook), then)
    assert plan.purpose is Purpose.UNDO
    after = MemoryWorkbook(snapshot)
    after.write(plan, revision=snapshot.revision)
    assert not undo_plan(read(after), then)
    return after


def _tabs(workbook: MemoryWorkbook) -> Tabs:
    """Return every filled cell, but those that tell by which steps it came to this.

    What the last change was is told by each run anew, and History tells each change that a run saw.
    """
    tabs = {title: _trimmed([_trimmed(list(row)) for row in grid.rows]) for title, grid in _grids(workbook)}
    tabs["Start"] = [row for row in tabs["Start"] if "What changed" not in row]
    tabs["_sheetfunnel"] = [row for row in tabs["_sheetfunnel"] if row[0] not in _OF_CHANGES]
    del tabs["History"]
    return tabs


_OF_CHANGES = {"rows.changes", "marks.changes", "rows.memory"}


def _grids(workbook: MemoryWorkbook) -> Any:  # noqa: ANN401 - pairs of title and grid
    return workbook.read().tabs.items()


def _trimmed(items: list[Any]) -> list[Any]:
    while items and items[-1] in (None, []):
        items.pop()
    return items


@given(edits=EDITS)
@examples(short=40, full=400)
def test_an_undo_restores_every_cell_and_a_sync_gives_again_what_it_gave(edits: list[Edit]) -> None:
    workbook = _workbook()
    synced(workbook, BEFORE)
    before = _person(workbook, edits)
    then, tabs = read(before), _tabs(before)
    synced(before, AFTER, accept_missing=True)
    after = _tabs(before)
    undone = _undone(before, then)
    typed = {number for number, _ in then.own.results.typed}
    if not typed:
        assert _tabs(undone) == tabs
    synced(undone, AFTER, accept_missing=True)
    assert _tabs(undone) == after


@given(edits=EDITS, since=EDITS)
@examples(short=60, full=400)
def test_what_a_person_does_after_the_sync_stays_and_the_next_sync_ends_where_it_would_have(
    edits: list[Edit], since: list[Edit]
) -> None:
    workbook = _workbook()
    synced(workbook, BEFORE)
    before = _person(workbook, edits)
    then = read(before)
    synced(before, AFTER, accept_missing=True)
    today = _person(before, since)
    now = read(today)
    undone = _undone(today, then)
    own = {now.places["objectives"].columns[key] for key in ("key", *RESULTS)}
    for number, row in enumerate(today.read().tabs["Objectives"].rows, start=1):
        for column, cell in enumerate(row, start=1):
            if column not in own:
                assert undone.read().tabs["Objectives"].at(number, column) == cell
    for number, key in now.own.results.typed:
        column = now.places["objectives"].columns[key]
        assert undone.read().tabs["Objectives"].at(number, column) == now.places["objectives"].at(number, key)
    synced(today, AFTER, accept_missing=True)
    synced(undone, AFTER, accept_missing=True)
    assert _tabs(undone) == _tabs(today)
