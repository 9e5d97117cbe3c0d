"""As whom the program works: a service account, a person who logged in, another account that it acts as."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sheetfunnel.cli import main
from sheetfunnel.stores.google.credentials import FOLDER, IMPERSONATE, KEY_FILE, token_path
from tests.cli.runner import TODAY, Run
from tests.google_service.service import Service

_ADDRESS = re.compile(r"https://accounts\.google\.com/\S+")
_SECONDS = 30


def _client_file(google: Service, path: Path) -> Path:
    """Write the OAuth client of a Google project, as the console gives it."""
    client = {
        "client_id": google.tokens.client_id,
        "client_secret": google.tokens.client_secret,
        "project_id": "sheetfunnel",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "redirect_uris": ["http://localhost"],
    }
    path.write_text(json.dumps({"installed": client}), encoding="utf-8")
    path.chmod(0o600)
    return path


def _log_in(
    client: Path, capsys: pytest.CaptureFixture[str], browse: Callable[[str], None]
) -> tuple[int, str, str]:
    """Type the command, play the browser with the address that it prints; return how it ended."""
    ended: list[int] = []
    command = threading.Thread(target=lambda: ended.append(main(["login", str(client), "--no-browser"])))
    command.start()
    printed, end = "", time.monotonic() + _SECONDS
    while not (found := _ADDRESS.search(printed)) and time.monotonic() < end:
        time.sleep(0.05)
        printed += capsys.readouterr().out
    assert found, printed
    browse(found[0])
    command.join(_SECONDS)
    rest = capsys.readouterr()
    return ended[0], printed + rest.out, rest.err


def _agree(google: Service) -> Callable[[str], None]:
    """Return what a browser does: it asks the consent screen, and follows it back to the program."""

    def browse(address: str) -> None:
        parts = urlsplit(address)
        consent = requests.get(
            f"{google.url}{parts.path}?{parts.query}", allow_redirects=False, timeout=_SECONDS
        )
        back = requests.get(consent.headers["Location"], timeout=_SECONDS)
        assert "You can close this window" in back.text

    return browse


def _decline(address: str) -> None:
    asked = _asked(address)
    back = f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}"
    requests.get(back, timeout=_SECONDS)


def _asked(address: str) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def no_key(sheet: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Return a sheet that only its owner can see, on a machine without a key."""
    del sheet
    monkeypatch.delenv(KEY_FILE)
    monkeypatch.setenv(FOLDER, str(tmp_path / "config"))
    return "nothing"


def test_a_person_logs_in_and_syncs_a_sheet_that_is_shared_with_nobody(
    run: Run, google: Service, no_key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del no_key
    key = google.make(share={})
    client = _client_file(google, tmp_path / "client.json")
    addresses: list[str] = []

    def browse(address: str) -> None:
        addresses.append(address)
        _agree(google)(address)

    code, out, err = _log_in(client, capsys, browse)
    assert (code, err) == (0, "")
    assert "Logged in." in out
    asked = _asked(addresses[0])
    assert asked["scope"] == "https://www.googleapis.com/auth/spreadsheets"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["code_challenge_method"] == "S256"
    assert token_path().stat().st_mode & 0o777 == 0o600
    assert json.loads(token_path().read_text(encoding="utf-8"))["type"] == "authorized_user"
    assert run("new", "--google", key).code == 0
    assert run("sync", key, "--today", TODAY).code == 0
    assert {call.user for call in google.log if call.method.startswith("spreadsheets")} == {google.person}


def test_whoever_does_not_agree_is_not_logged_in(
    google: Service, no_key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del no_key
    code, _, err = _log_in(_client_file(google, tmp_path / "client.json"), capsys, _decline)
    assert code == 77
    assert err == "Error: Nobody was logged in.\nWhat to do: Run it again, and press Allow in the browser.\n"
    assert not token_path().exists()


def test_what_is_no_client_is_refused(run: Run, key_file: Path) -> None:
    ran = run("login", key_file)
    assert (ran.code, "is no OAuth client of type “Desktop app”" in ran.err) == (78, True)
    assert run("login", "nothing.json").code == 78


def test_a_token_that_ran_out_is_told_with_the_remedy(
    run: Run, google: Service, login_file: Path, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_FILE, str(login_file))
    assert run("new", "--google", sheet).code == 0
    google.tokens.revoke()
    ran = run("sync", sheet, "--today", TODAY)
    assert (ran.code, "“Testing”" in ran.err) == (77, True)


def test_the_program_acts_as_another_account_that_it_may_act_as(
    run: Run, google: Service, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sheet
    other = "sales@other-project.iam.gserviceaccount.com"
    google.tokens.add_robot(other)
    key = google.make(share={other: "writer"})
    assert run("sync", key, "--today", TODAY).code == 77
    monkeypatch.setenv(IMPERSONATE, other)
    google.log.clear()
    assert run("new", "--google", key).code == 0
    assert {call.user for call in google.log if call.method.startswith("spreadsheets")} == {other}


def test_acting_as_an_account_that_refuses_is_told_with_the_account_to_share_with(
    run: Run, google: Service, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del google
    monkeypatch.setenv(IMPERSONATE, "nobody@other-project.iam.gserviceaccount.com")
    ran = run("sync", sheet, "--today", TODAY)
    assert ran.code == 77
    assert "Google does not let these credentials act as nobody@other-project" in ran.err
    assert "Service Account Token Creator" in ran.err
