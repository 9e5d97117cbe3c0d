"""History in a sheet: what people do to their rows between two syncs is followed without a hidden Key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Run
from tests.google_service.edits import Type
from tests.google_service.service import Service

ROWS = """Client,Objective,Service,First contact,Need,ID
Rosa Vidal,Team coaching,Coaching,2026-02-02,They quarrel,
León SL,Leadership,Coaching,2026-01-12,New team,
Ivy,Talk,Talks,2026-01-12,A day,
"""
FIRST, NEXT = "2026-03-02", "2026-03-03"


@pytest.fixture
def synced(run: Run, google: Service, sheet: str, tmp_path: Path) -> str:
    """Return a sheet of three rows that was synced once."""
    source = tmp_path / "rows.csv"
    source.write_text(ROWS, encoding="utf-8")
    assert run("new", "--google", sheet).code == 0
    assert run("adopt", source, "--into", sheet, "--yes").code == 0
    assert run("sync", sheet, "--today", FIRST).code == 0
    assert _lines(google, sheet) == []
    return sheet


def _lines(google: Service, sheet: str) -> list[list[object]]:
    """Return what History tells: objective, from, to, formerly."""
    rows = google.values(sheet, "History")[4:]
    return [[*row[1:4], row[6]] for row in rows if row[1]]


def _cell(google: Service, sheet: str, client: str, heading: str) -> str:
    header, *rows = google.values(sheet, "Objectives")
    number = next(at for at, row in enumerate(rows, start=2) if row[0] == client)
    column = header.index(heading)
    letters = chr(64 + column // 26) if column >= 26 else ""
    return f"{letters}{chr(65 + column % 26)}{number}"


def _type(google: Service, sheet: str, client: str, **cells: str) -> None:
    places = {each: _cell(google, sheet, client, each.replace("_", " ")) for each in cells}
    google.edit(sheet, *(Type(tab="Objectives", cell=places[each], value=cells[each]) for each in cells))


def test_a_renamed_client_is_known_by_first_contact_and_service(
    run: Run, google: Service, synced: str
) -> None:
    _type(google, synced, "Rosa Vidal", Client="Rosa Vidal i Pons")
    assert run("sync", synced, "--today", NEXT).code == 0
    names = [f"{client} · Team coaching" for client in ("Rosa Vidal", "Rosa Vidal i Pons", "Rosa V.")]
    renamed = [names[1], "Above the funnel", "Above the funnel", names[0]]
    assert _lines(google, synced) == [renamed]
    _type(google, synced, "Rosa Vidal i Pons", Client="Rosa V.", My_stage="In the funnel")
    assert run("sync", synced, "--today", NEXT).code == 0
    assert _lines(google, synced) == [renamed, [names[2], "Above the funnel", "In the funnel", names[1]]]
    assert "Nothing changed" in run("sync", synced, "--today", NEXT).out


def test_gaining_an_id_is_a_renaming_and_another_first_contact_is_another_sale(
    run: Run, google: Service, synced: str
) -> None:
    _type(google, synced, "Ivy", ID="T-7")
    _type(google, synced, "León SL", Client="Leo", First_contact="2026-01-13")
    assert run("sync", synced, "--today", NEXT).code == 0
    assert _lines(google, synced) == [
        ["T-7", "Above the funnel", "Above the funnel", "Ivy · Talk"],
        ["Leo · Leadership", "", "Above the funnel", ""],
    ]


def test_a_day_for_an_objective_is_one_renaming_though_the_sheet_shows_it_otherwise(
    run: Run, google: Service, synced: str
) -> None:
    _type(google, synced, "Ivy", Objective="2026-03-09", My_stage="In the funnel")
    for day in (FIRST, NEXT, NEXT):
        assert run("sync", synced, "--today", day).code == 0
    told = ["Ivy · 2026-03-09", "Above the funnel", "In the funnel", "Ivy · Talk"]
    assert _lines(google, synced) == [told]
    assert "Nothing changed" in run("sync", synced, "--today", NEXT).out
