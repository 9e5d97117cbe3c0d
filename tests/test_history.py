"""History in the workbook: what the syncs of several days leave there, whatever people do between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sheetfunnel.findings import Code
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.read_history import read_past
from tests.sheets import ROSA, TODAY, cells, edited, filled, read, synced, table_rows

LEON: dict[str, Cell] = {
    "client": "León SL",
    "objective": "Leadership",
    "amount": 3000,
    "first_contact": TODAY - timedelta(days=20),
    "fit_confirmed": "yes",
    "economic": "Marta Gil",
    "expected_close": TODAY + timedelta(days=40),
}


def _in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def _typed(workbook: MemoryWorkbook, client: str, /, **values: Cell) -> MemoryWorkbook:
    """Return the workbook after a person typed in the row of a client."""
    decoded, rows = read(workbook), cells(workbook, "Objectives")
    place = decoded.places["objectives"]
    number = next(row.number for row in decoded.rows if row.objective.client == client)
    for key, value in values.items():
        line = rows[number - 1]
        line += [None] * (place.columns[key] - len(line))
        line[place.columns[key] - 1] = value
    return edited(workbook, "Objectives", rows)


def _changes(workbook: MemoryWorkbook) -> list[tuple[Cell, ...]]:
    return [tuple(row.values()) for row in table_rows(workbook, "changes")]


def test_the_first_sync_takes_the_list_as_it_is_and_reconstructs_the_weeks_before() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    assert _changes(workbook) == []
    weeks = table_rows(workbook, "weeks")
    assert [row["week"] for row in weeks] == [_in_days(-21), _in_days(-14), _in_days(-7), TODAY]
    assert [row["origin"] for row in weeks] == ["reconstructed"] * 3 + [None]
    assert [row["open"] for row in weeks] == [1, 1, 1, 2]
    assert [row["in"] for row in weeks] == [None, None, None, 1]


def test_a_change_of_stage_a_new_row_and_a_date_put_off_are_kept_once() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    day = _in_days(1)
    contacted: dict[str, Cell] = {"first_contact": TODAY, "fit_confirmed": "yes", "user": "Pau"}
    workbook = _typed(workbook, "Rosa Vidal", **contacted)
    workbook = _typed(workbook, "León SL", expected_close=_in_days(61))
    synced(workbook, day)
    assert not synced(workbook, day).plan
    assert _changes(workbook) == [
        (day, "León SL · Leadership", "In the funnel", "In the funnel", _in_days(61), 21, None),
        (day, "Rosa Vidal · Team coaching", "Above the funnel", "In the funnel", None, None, None),
    ]


def test_what_has_ended_is_followed_to_its_end() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "León SL", outcome="Won", closed_on=_in_days(2))
    synced(workbook, _in_days(2))
    ((_, key, before, after, *_, formerly),) = _changes(workbook)
    assert (before, after) == ("In the funnel", "Won")
    assert (key, formerly) == (f"León SL · Leadership · {_in_days(2)}", "León SL · Leadership")
    assert not synced(workbook, _in_days(2)).plan
    synced(workbook, _in_days(3))
    assert len(_changes(workbook)) == 1


def test_a_renamed_objective_is_no_new_one_and_keeps_its_lines() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "Rosa Vidal", client="Rosa Vidal i Pons")
    synced(workbook, _in_days(1))
    workbook = _typed(workbook, "Rosa Vidal i Pons", my_stage="In the funnel", client="Rosa V.")
    synced(workbook, _in_days(2))
    names = [f"{client} · Team coaching" for client in ("Rosa Vidal", "Rosa Vidal i Pons", "Rosa V.")]
    assert [
        (key, before, after, formerly) for _, key, before, after, _, _, formerly in _changes(workbook)
    ] == [
        (names[1], "Above the funnel", "Above the funnel", names[0]),
        (names[2], "Above the funnel", "In the funnel", names[1]),
    ]
    assert {line.key for line in read_past(read(workbook)).lines} == {names[2]}


def test_a_date_that_was_put_off_is_not_forgotten_with_the_name() -> None:
    workbook = filled([ROSA, {**LEON, "my_stage": "Best Few"}])
    for days in range(3):
        synced(workbook, _in_days(days))
        workbook = _typed(workbook, "León SL", expected_close=_in_days(50 + days))
    assert any("moved twice" in str(row["text"]) for row in table_rows(workbook, "warnings"))
    workbook = _typed(workbook, "León SL", client="León i Fills", expected_close=_in_days(51))
    for days in (3, 4):
        synced(workbook, _in_days(days))
        assert any("moved twice" in str(row["text"]) for row in table_rows(workbook, "warnings"))


def test_gaining_an_id_is_a_renaming() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "Rosa Vidal", id="R-1", key=None)
    synced(workbook, _in_days(1))
    ((_, key, before, after, *_, formerly),) = _changes(workbook)
    assert (key, formerly) == ("R-1", "Rosa Vidal · Team coaching")
    assert before == after


def test_a_client_who_comes_back_in_the_same_sync_is_new_and_not_a_stage_that_fell() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "León SL", outcome="Won", closed_on=TODAY)
    rows = cells(workbook, "Objectives")
    place = read(workbook).places["objectives"]
    again: list[Cell] = [None] * max(place.columns.values())
    again[place.columns["client"] - 1], again[place.columns["objective"] - 1] = "León SL", "Leadership"
    workbook = edited(workbook, "Objectives", [*rows[:3], again, *rows[3:]])
    synced(workbook, _in_days(1))
    ended, new = _changes(workbook)
    assert ended[1:4] == (f"León SL · Leadership · {TODAY}", "In the funnel", "Won")
    assert new[1:4] == ("León SL · Leadership", None, "Universe")
    assert not synced(workbook, _in_days(1)).plan


def test_what_ends_between_two_syncs_is_in_the_row_of_its_week_all_the_same() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook, _in_days(3))
    workbook = _typed(workbook, "León SL", outcome="Won", closed_on=_in_days(4))
    synced(workbook, _in_days(7))
    rows = {row["week"]: row for row in table_rows(workbook, "weeks")}
    assert (rows[TODAY]["won"], rows[TODAY]["income"], rows[TODAY]["on"]) == (1, 3000, _in_days(3))
    assert rows[_in_days(7)]["won"] == 0
    assert not synced(workbook, _in_days(7)).plan


def test_the_row_of_a_week_is_of_those_who_are_owners_now() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "Rosa Vidal", owner="Ann")
    workbook = _typed(workbook, "León SL", owner="Ann")
    synced(workbook, _in_days(1))
    owners = [row["owner"] for row in table_rows(workbook, "weeks") if row["week"] == TODAY]
    assert owners == ["Ann"]
    stages = table_rows(workbook, "stages")[-1]
    assert (stages["above"], stages["in"]) == (1, 1)


def test_a_list_that_is_adopted_after_an_empty_sync_is_reconstructed() -> None:
    workbook = filled([])
    synced(workbook)
    snapshot = workbook.read()
    plan = additions_plan(read(workbook).places, {"objectives": [ROSA, LEON]})
    workbook.write(plan, revision=snapshot.revision)
    synced(workbook)
    assert [row["origin"] for row in table_rows(workbook, "weeks")] == ["reconstructed"] * 3 + [None]
    assert _changes(workbook) == []


def test_what_a_person_writes_below_history_is_reported_before_it_is_in_the_way() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    rows = cells(workbook, "History")
    at = read(workbook).places["changes"].header + 1
    rows += [[None] * 3 for _ in range(at + 1 - len(rows))]
    rows[at][0] = "my note"
    workbook = edited(workbook, "History", rows)
    for days in range(1, 5):
        workbook = _typed(workbook, "León SL", expected_close=_in_days(50 + days))
        report = synced(workbook, _in_days(days))
        assert Code.HISTORY_BLOCKED in {found.remark.code for found in report.reading.findings}
        assert not synced(workbook, _in_days(days)).plan
    assert "my note" in str(cells(workbook, "History"))


def test_a_day_before_the_newest_row_adds_nothing_and_swallows_nothing() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    before = table_rows(workbook, "weeks")
    workbook = _typed(workbook, "Rosa Vidal", my_stage="In the funnel")
    synced(workbook, _in_days(-1))
    assert (_changes(workbook), table_rows(workbook, "weeks")) == ([], before)
    assert any("still to come" in str(row["text"]) for row in table_rows(workbook, "warnings"))
    synced(workbook, _in_days(1))
    ((_, _, stood, stands, *_),) = _changes(workbook)
    assert (stood, stands) == ("Above the funnel", "In the funnel")


def test_a_week_has_one_row_however_often_it_is_synced_and_the_next_has_its_shares_beside_it() -> None:
    people: list[dict[str, Cell]] = [{"name": "Anna", "weekly_hours": 10}]
    workbook = filled([ROSA, LEON], people=people)
    for days in (0, 1, 4):
        synced(workbook, _in_days(days))
    seen = [row for row in table_rows(workbook, "weeks") if row["origin"] is None]
    assert [(row["week"], row["on"]) for row in seen] == [(TODAY, _in_days(4))]
    assert {row["last_week"] for row in table_rows(workbook, "allocation")} == {None}
    shares = [row["share"] for row in table_rows(workbook, "allocation")]
    workbook = _typed(workbook, "Rosa Vidal", outcome="Dropped", closed_on=_in_days(6))
    synced(workbook, _in_days(7))
    now = table_rows(workbook, "allocation")
    assert [row["last_week"] for row in now] == shares
    assert [row["share"] for row in now] != shares
    assert len([row for row in table_rows(workbook, "weeks") if row["origin"] is None]) == 2


def _sold(number: int, ago: int) -> dict[str, Cell]:
    """Return a sale that began some days ago, and ended two months later, two in three of them won."""
    row: dict[str, Cell] = {
        "client": f"Client {number}",
        "objective": "Coaching",
        "amount": 1000 + 10 * number,
    }
    ended: dict[str, Cell] = {
        "outcome": "Lost" if number % 3 == 0 else "Won",
        "closed_on": _in_days(61 - ago),
    }
    begun: dict[str, Cell] = {"first_contact": _in_days(-ago), "fit_confirmed": "yes", "user": "Pau"}
    return {**row, **begun, **(ended if ago > 61 else {})}


def test_with_a_long_history_a_second_run_on_a_day_of_many_changes_still_finds_nothing_to_do() -> None:
    people: list[dict[str, Cell]] = [{"name": "Anna", "weekly_hours": 10, "target_income": 9000}]
    workbook = filled([_sold(number, 10 * number) for number in range(1, 50)], people=people)
    synced(workbook)
    assert not synced(workbook).plan
    for days in range(7, 210, 28):
        for number in range(1, 7):
            outcome: dict[str, Cell] = (
                {"outcome": "Won", "closed_on": _in_days(days)} if number == days // 28 else {}
            )
            moved: dict[str, Cell] = {"my_stage": "Best Few", "expected_close": _in_days(days + 9 * number)}
            workbook = _typed(workbook, f"Client {number}", **{**moved, **outcome})
        synced(workbook, _in_days(days))
        assert not synced(workbook, _in_days(days)).plan
    lines = [row["text"] for row in table_rows(workbook, "warnings")]
    assert any("come in, and you aim at" in str(line) for line in lines)
    assert any("forecasts of 30 days" in str(line) for line in lines)
    assert {row["target"] for row in table_rows(workbook, "income")} > {9000}


def test_rows_of_history_sorted_by_a_person_are_read_all_the_same() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    workbook = _typed(workbook, "Rosa Vidal", my_stage="In the funnel")
    synced(workbook, _in_days(1))
    workbook = _typed(workbook, "Rosa Vidal", my_stage="Best Few")
    synced(workbook, _in_days(2))
    rows = cells(workbook, "History")
    header = read(workbook).places["changes"].header
    rows[header], rows[header + 1] = rows[header + 1], rows[header]
    workbook = edited(workbook, "History", rows)
    synced(workbook, _in_days(3))
    assert len(_changes(workbook)) == 2


def test_a_workbook_without_the_tab_is_synced_all_the_same() -> None:
    workbook = filled([ROSA, LEON])
    synced(workbook)
    snapshot = workbook.read()
    tabs = {title: grid for title, grid in snapshot.tabs.items() if title != "History"}
    names = {name: place for name, place in snapshot.names.items() if place.tab != "History"}
    workbook = MemoryWorkbook(replace(snapshot, tabs=tabs, names=names))
    assert synced(workbook, _in_days(1)).written
    assert any("nothing is kept" in str(row["text"]) for row in table_rows(workbook, "warnings"))
    assert not synced(workbook, _in_days(1)).plan
