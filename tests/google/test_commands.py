"""Every command with a sheet's URL or key where it takes a file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import sync_workbook
from sheetfunnel.workbook.timers import Computer
from tests.cli.runner import TODAY, Run
from tests.google_service.edits import Requests, Type
from tests.google_service.service import Service

OTHER: list[list[object]] = [["Month", "Rent"], ["January", 900], ["=A2", 900.5]]


def _url(key: str) -> str:
    return f"https://docs.google.com/spreadsheets/d/{key}/edit?gid=0#gid=0"


def _methods(google: Service) -> list[str]:
    return [call.method.removeprefix("spreadsheets.") for call in google.log if call.method != "token"]


def test_a_blank_sheet_is_set_up_in_two_calls_and_twice_does_no_harm(
    run: Run, google: Service, sheet: str
) -> None:
    made = run("new", "--google", _url(sheet))
    assert (made.code, made.err) == (0, "")
    assert f'sheetfunnel sync "{_url(sheet)}"' in made.out.replace("\n  ", " ")
    assert _methods(google) == ["get", "batchUpdate"]
    before = google.spreadsheet(sheet)
    google.log.clear()
    again = run("new", "--google", _url(sheet))
    assert (again.code, again.err) == (0, "")
    assert _methods(google) == ["get"]
    assert google.spreadsheet(sheet) is before


def test_a_sheet_with_other_tabs_keeps_them(run: Run, google: Service, sheet: str) -> None:
    del sheet
    key = google.make(tabs={"Costs": OTHER})
    before = google.formulas(key, "Costs")
    assert run("new", "--google", key).code == 0
    assert google.formulas(key, "Costs") == before
    assert run("sync", key, "--today", TODAY).code == 0
    assert google.formulas(key, "Costs") == before


def test_a_tab_of_other_people_that_is_called_like_one_of_ours_is_refused_by_name(
    run: Run, google: Service, sheet: str
) -> None:
    del sheet
    key = google.make(tabs={"Objectives": OTHER})
    before = google.formulas(key, "Objectives")
    refused = run("new", "--google", key)
    assert refused.code == 65
    assert "“Objectives”" in refused.err
    assert "What to do: " in refused.err
    assert google.formulas(key, "Objectives") == before
    assert _methods(google) == ["get"]


def test_a_sync_is_two_calls_and_one_where_nothing_changed(run: Run, google: Service, practice: str) -> None:
    google.edit(practice, Type(tab="Objectives", cell="A9", value="Nova"))
    synced = run("sync", _url(practice), "--today", TODAY)
    assert "1 row has a new result" in synced.out
    assert _methods(google) == ["get", "batchUpdate"]
    google.log.clear()
    assert "Nothing changed" in run("sync", practice, "--today", TODAY).out
    assert _methods(google) == ["get"]


def test_several_sheets_and_files_are_synced_at_once_and_a_bad_one_stops_none(
    run: Run, google: Service, practice: str
) -> None:
    run("new", "sales.xlsx")
    hidden = google.make(share={})
    told = run("sync", practice, hidden, "sales.xlsx", "--today", TODAY, "--json")
    assert told.code == 77
    first, second, third = told.json
    assert (first["rows"], first["written"], first["exit"]) == (43, False, 0)
    assert second["exit"] == 77
    assert google.robot in second["hint"]
    assert (third["rows"], third["exit"]) == (0, 0)


def test_a_dry_run_prints_the_cells_and_writes_none(run: Run, google: Service, practice: str) -> None:
    google.edit(practice, Type(tab="Objectives", cell="A9", value="Nova"))
    told = run("sync", practice, "--today", TODAY, "--dry-run")
    assert told.code == 0
    assert "Nova" in told.out
    assert _methods(google) == ["get"]


def test_check_explain_and_week_read_a_sheet_in_one_call_each(
    run: Run, google: Service, practice: str
) -> None:
    checked = run("check", practice)
    assert (checked.code, "Objectives!T8" in checked.out) == (1, True)
    assert len(json.loads(run("check", practice, "--json").out)) == 5
    explained = run("explain", practice, "Quillon", "--today", TODAY)
    assert "✗ Fit confirmed" in explained.out
    week = run("week", practice, "--today", TODAY)
    assert "Clara Vidal · Close" in week.out
    assert _methods(google) == ["get"] * 4


def test_a_letter_and_a_calendar_are_made_of_a_sheet(run: Run, google: Service, practice: str) -> None:
    letter = run("digest", _url(practice), "--today", TODAY)
    assert "As the sheet stands on 2026-03-02" in letter.out
    made = run("calendar", _url(practice), "--owner", "Clara Vidal", "--today", TODAY)
    assert made.out.startswith("Made the sheet-Clara-Vidal-2026-W10.ics: 8 blocks")
    assert _methods(google) == ["get"] * 2


def test_start_says_who_syncs_a_sheet_next_and_a_second_sync_writes_nothing(
    google: Service, practice: str
) -> None:
    for computer in (Computer(name="office", minutes=15), Computer(name="laptop", minutes=None)):
        sync_workbook(open_workbook(practice), today=date.fromisoformat(TODAY), computer=computer)
    assert _methods(google) == ["get", "batchUpdate", "get"]
    (told,) = [row[2] for row in google.values(practice, "Start") if row[1:2] == ["Next sync"]]
    assert told == "Every 15 minutes on office"


def test_rows_are_taken_into_a_sheet_and_not_twice(run: Run, google: Service, sheet: str) -> None:
    run("new", "--google", sheet)
    Path("deals.csv").write_text("Company,Deal,Value\nAna,Talk,900\nBea,Course,1250.5\n", encoding="utf-8")
    google.log.clear()
    taken = run("adopt", "deals.csv", "--into", _url(sheet), "--yes")
    assert (taken.code, "Added 2 rows" in taken.out) == (0, True)
    assert _methods(google) == ["get", "get", "batchUpdate"]  # is it still what was shown?
    again = run("adopt", "deals.csv", "--into", sheet, "--yes")
    assert "Nothing to add" in again.out
    assert [row[0] for row in google.values(sheet, "Objectives")[1:3]] == ["Ana", "Bea"]


def test_undo_takes_the_last_sync_back_and_leaves_what_people_typed(
    run: Run, google: Service, practice: str
) -> None:
    before = google.values(practice, "Priorities")
    google.edit(practice, Type(tab="Objectives", cell="B3", value="Another programme"))
    run("sync", practice, "--today", "2026-03-09")
    assert google.values(practice, "Priorities") != before
    shown = run("backups", practice, "--json").json
    assert [each["displaced_by"] for each in shown["generations"]] == ["sync"]
    google.edit(practice, Type(tab="Objectives", cell="B4", value="Typed since"))
    undone = run("undo", practice)
    assert (undone.code, undone.err) == (0, "")
    assert "; 43 rows have other results, or none." not in undone.out
    assert " 0 rows have other results" not in undone.out
    assert google.values(practice, "Priorities") == before
    assert [google.values(practice, "Objectives")[row][1] for row in (2, 3)] == [
        *("Another programme", "Typed since")
    ]
    run("sync", practice, "--today", "2026-03-09")
    assert google.values(practice, "Priorities") != before


def test_purge_blanks_a_client_and_says_that_googles_own_history_still_has_them(
    run: Run, google: Service, practice: str
) -> None:
    run("sync", practice, "--today", "2026-03-09")
    purged = run("purge", practice, "--client", "Harbour Clinic", "--today", TODAY, "--yes")
    assert purged.code == 0
    assert "Version history" in purged.out + purged.err
    shown = json.dumps(
        [google.values(practice, sheet.title) for sheet in google.spreadsheet(practice).sheets]
    )
    assert "Harbour" not in shown
    assert run("backups", practice, "--json").json["generations"] == []


def test_purge_of_all_that_is_kept_removes_the_generations_of_sheets_too(
    run: Run, practice: str, tmp_path: Path
) -> None:
    run("sync", practice, "--today", "2026-03-09")
    assert len(run("backups", practice, "--json").json["generations"]) == 1
    purged = run("purge", "--all", "--yes")
    assert "Removed: 1 backup" in purged.out
    assert "not the program's" not in purged.out
    assert not (tmp_path / "state").exists()


def test_purge_says_where_the_name_still_stands(run: Run, google: Service, practice: str) -> None:
    google.edit(practice, Type(tab="Settings", cell="A30", value="Lunch at Harbour Clinic"))
    note = {"rows": [{"values": [{"note": "Parking is behind the house"}]}], "fields": "note"}
    where = google.sheet(practice, "Objectives").sheet_id
    start = {"sheetId": where, "rowIndex": 1, "columnIndex": 0}
    google.edit(practice, Requests(requests=({"updateCells": {**note, "start": start}},)))
    purged = run("purge", practice, "--client", "Harbour Clinic", "--today", TODAY, "--yes")
    assert "Settings!A30 (cell)" in purged.out
    assert "Objectives!A2 (comment)" in purged.out


@pytest.mark.parametrize(
    ("role", "theirs"), [("editor", "writer"), ("commenter", "commenter"), ("viewer", "reader")]
)
def test_a_sheet_is_shared_in_each_role(
    run: Run, google: Service, sheet: str, role: str, theirs: str
) -> None:
    shared = run("share", _url(sheet), "anna@example.com", "--role", role)
    assert (shared.code, shared.out) == (0, f"Shared with anna@example.com as {role}.\n")
    held = google.files[sheet].permissions.values()
    assert [each["role"] for each in held if each.get("emailAddress") == "anna@example.com"] == [theirs]
    (call,) = (each for each in google.log if each.method == "drive.permissions.create")
    assert call.query["sendNotificationEmail"] == ["true"]


def test_what_cannot_be_shared_is_refused_in_words(run: Run, google: Service, sheet: str) -> None:
    assert "no role “boss”" in run("share", sheet, "anna@example.com", "--role", "boss").err
    assert "no e-mail" in run("share", sheet, "anna").err.replace("not an e-mail", "no e-mail")
    google.files[sheet].permissions = {
        key: each for key, each in google.files[sheet].permissions.items() if each["role"] == "owner"
    }
    google.grant(google.files[sheet], "reader", google.robot)
    refused = run("share", sheet, "anna@example.com")
    assert refused.code == 77
    assert "Editor" in refused.err


def test_a_sheet_that_was_synced_reads_as_it_was_written(run: Run, practice: str) -> None:
    snapshot = open_workbook(practice).read()
    assert "Nothing changed" in run("sync", practice, "--today", TODAY).out
    assert open_workbook(practice).read().revision == snapshot.revision
