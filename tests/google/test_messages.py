"""What is said when Google refuses: every row of the table in docs/google.md, by a real refusal."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from sheetfunnel.cli.screen import err
from sheetfunnel.errors import Busy
from sheetfunnel.stores.google.connection import SHEETS_URL, Connection, Patience
from sheetfunnel.stores.google.credentials import FOLDER, KEY_FILE, identity
from tests.cli.runner import TODAY, Ran, Run
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service

GUIDE = Path(__file__).parents[2] / "docs" / "google.md"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _sync(run: Run, key: str) -> Ran:
    return run("sync", key, "--today", TODAY)


def _unknown(run: Run, google: Service, key: str) -> Ran:
    del google, key
    return _sync(run, "1" + secrets.token_hex(20))


def _not_shared(run: Run, google: Service, key: str) -> Ran:
    del key
    return _sync(run, google.make(share={}))


def _read_only(run: Run, google: Service, key: str) -> Ran:
    del key
    return run("new", "--google", google.make(share={google.robot: "reader"}))


def _not_enabled(run: Run, google: Service, key: str) -> Ran:
    google.api_enabled = False
    return _sync(run, key)


def _no_storage(run: Run, google: Service, key: str) -> Ran:
    google.misbehave.next(Fault.STORAGE_FULL, method="spreadsheets.batchUpdate")
    return run("new", "--google", key)


def _revoked(run: Run, google: Service, key: str) -> Ran:
    google.tokens.revoke()
    return _sync(run, key)


def _wrong_clock(run: Run, google: Service, key: str) -> Ran:
    google.clock.advance(7200)
    return _sync(run, key)


def _token_not_accepted(run: Run, google: Service, key: str) -> Ran:
    google.misbehave.next(Fault.UNAUTHORIZED, calls=9)
    return _sync(run, key)


def _folder(run: Run, google: Service, key: str) -> Ran:
    del google
    return _sync(run, f"https://drive.google.com/drive/folders/{key}")


def _file_url(run: Run, google: Service, key: str) -> Ran:
    del google
    return _sync(run, f"https://drive.google.com/file/d/{key}/view")


def _uploaded(run: Run, google: Service, key: str) -> Ran:
    del key
    file = google.add_file("sales.xlsx", EXCEL, owner=google.person)
    google.grant(file, "writer", google.robot)
    return _sync(run, file.id)


#: How it comes about; the exit code; what it says, by docs/google.md; and what to do.
REFUSALS: dict[str, tuple[Callable[[Run, Service, str], Ran], int, str, str]] = {
    "unknown": (
        _unknown,
        77,
        "Google knows no such sheet, or it is not shared with this program",
        "as Editor",
    ),
    "not shared": (_not_shared, 77, "The sheet is not shared with this program", "as Editor"),
    "read only": (_read_only, 77, "The sheet is shared with this program to be read only", "as Editor"),
    "not enabled": (
        _not_enabled,
        77,
        "The Sheets API is not enabled in your Google project",
        "wait two minutes",
    ),
    "no storage": (
        _no_storage,
        77,
        "A service account has no storage of its own",
        "Make a blank sheet yourself",
    ),
    "revoked": (
        _revoked,
        77,
        "Google does not accept these credentials (invalid_grant)",
        "download a new one",
    ),
    "clock": (_wrong_clock, 77, "Google does not accept these credentials (invalid_grant)", "clock is wrong"),
    "token": (_token_not_accepted, 77, "Google no longer accepts these credentials", "sheetfunnel login"),
    "folder": (_folder, 2, "That is a folder", "Open the sheet in it"),
    "file": (_file_url, 2, "an uploaded file", "Save as Google Sheets"),
    "uploaded": (_uploaded, 65, "an uploaded Excel file that Google shows", "Save as Google Sheets"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_says_what_happened_and_what_to_do(
    run: Run, google: Service, sheet: str, name: str
) -> None:
    come_about, code, says, remedy = REFUSALS[name]
    ran = come_about(run, google, sheet)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err
    assert remedy in ran.err
    assert re.fullmatch(r"Error: .+\.\nWhat to do: .+\n", ran.err)
    assert len(google.spreadsheet(sheet).sheets) == 1


def test_the_address_to_share_with_is_printed(run: Run, google: Service, sheet: str) -> None:
    for come_about in (_unknown, _not_shared, _read_only):
        assert f"add {google.robot} as Editor" in come_about(run, google, sheet).err


def test_the_link_that_enables_the_api_is_that_of_their_project(
    run: Run, google: Service, sheet: str
) -> None:
    said = _not_enabled(run, google, sheet).err
    assert f"sheets.googleapis.com/overview?project={google.project}" in said


def _credentials(run: Run, sheet: str, path: Path, patch: pytest.MonkeyPatch) -> Ran:
    patch.setenv(KEY_FILE, str(path))
    return _sync(run, sheet)


def test_an_oauth_client_in_the_place_of_a_key_is_told(
    run: Run, sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "client.json"
    path.write_text(json.dumps({"installed": {"client_id": "x"}}), encoding="utf-8")
    path.chmod(0o600)
    ran = _credentials(run, sheet, path, monkeypatch)
    assert (ran.code, "” is an OAuth client, not a key" in ran.err) == (78, True)
    assert f"sheetfunnel login '{path}'" in ran.err


def test_a_key_file_with_a_doubled_ending_or_open_to_others_is_told(
    run: Run, sheet: str, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled = key_file.rename(tmp_path / "k.json.json")
    ran = _credentials(run, sheet, tmp_path / "k.json", monkeypatch)
    assert ran.code == 78
    assert "There is no file of credentials “" in ran.err
    assert f"The file is named “{doubled.name}”" in ran.err
    doubled.chmod(0o644)
    ran = _credentials(run, sheet, doubled, monkeypatch)
    assert (ran.code, "Other users of this machine can read “" in ran.err) == (77, True)
    assert f"chmod 600 '{doubled}'" in ran.err


def test_a_rate_limit_is_waited_for_and_the_time_left_is_told(google: Service, sheet: str) -> None:
    told: list[str] = []
    google.misbehave.next(Fault.RATE_LIMITED_RETRY_AFTER, seconds=1)
    connection = Connection(identity(), patience=Patience(deadline=60.0, first_pause=0.01), say=told.append)
    answer = connection.read(f"{SHEETS_URL}/{sheet}", {"fields": "spreadsheetId"})
    assert answer["spreadsheetId"] == sheet
    (said,) = told
    assert re.fullmatch(r"Google asks for patience; going on by itself in 1 s \(at most \d\d s\)", said)


#: Commands that call Google, and the call of theirs that is to wait; adopt and purge write after they asked.
_WAITING = {
    "sync": ((), "spreadsheets.get"),
    "check": ((), "spreadsheets.get"),
    "adopt": (("more.csv", "--yes", "--into"), "spreadsheets.batchUpdate"),
    "purge": (("--client", "Harbour Clinic", "--yes"), "spreadsheets.batchUpdate"),
}


@pytest.mark.parametrize("command", _WAITING)
def test_on_a_terminal_a_command_says_that_it_waits_for_google(
    run: Run, google: Service, practice: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("more.csv").write_text("Client,Objective\nNova,Coaching\n", encoding="utf-8")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(err, "is_interactive", True)  # rich looks once, when the program begins
    words, method = _WAITING[command]
    google.misbehave.next(Fault.RATE_LIMITED_RETRY_AFTER, method=method, seconds=1)
    ran = run(command, *words, practice)
    assert ran.code in {0, 1}, ran.err
    assert "Google asks for patience" in ran.err


def test_a_limit_that_lasts_ends_with_what_to_do(google: Service, sheet: str) -> None:
    google.misbehave.next(Fault.RATE_LIMITED, calls=999)
    connection = Connection(identity(), patience=Patience(deadline=0.3, first_pause=0.05))
    with pytest.raises(Busy, match="did not answer in time") as refused:
        connection.read(f"{SHEETS_URL}/{sheet}", {"fields": "spreadsheetId"})
    assert "a scheduled sync does so by itself" in refused.value.hint


def test_where_nobody_answers_it_is_told(google: Service, sheet: str) -> None:
    connection = Connection(identity(), patience=Patience(deadline=0.3, first_pause=0.05))
    with google.not_listening(), pytest.raises(Busy, match="Google could not be reached"):
        connection.read(f"{SHEETS_URL}/{sheet}", {"fields": "spreadsheetId"})


def test_every_row_of_the_guides_table_is_one_that_is_said() -> None:
    table = GUIDE.read_text(encoding="utf-8").split("| it says | do |", 1)[1].split("\n\n", 1)[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    here = Path(__file__)
    tested = "".join(
        file.read_text(encoding="utf-8") for file in (here, here.with_name("test_signing_in.py"))
    )
    assert len(rows) > 9
    for row in rows:
        parts = [part for said in row.split(" / ") for part in re.split(r"“…”|…", said)]
        for part in parts:
            words = part.strip(" “”.") or "“"
            assert words in tested, row


def test_no_credentials_are_looked_for_elsewhere(
    run: Run, sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_FILE)
    monkeypatch.setenv(FOLDER, str(tmp_path / "nothing"))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    ran = _sync(run, sheet)
    assert (ran.code, "No credentials for Google were found" in ran.err) == (78, True)
