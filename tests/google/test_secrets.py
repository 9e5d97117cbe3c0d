"""Nothing of a key or a token is seen anywhere but at the endpoint that it is for."""

from __future__ import annotations

import json
import os
import stat
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.google.connection import SHEETS_URL, Connection, Patience
from sheetfunnel.stores.google.credentials import KEY_FILE, identity
from tests.cli.runner import TODAY, Run
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service


def _secrets(path: Path) -> list[str]:
    """Return what must not be seen of a file of credentials: lines of a key, tokens, a client's secret."""
    content = json.loads(path.read_text(encoding="utf-8"))
    key = [line for line in str(content.get("private_key", "")).splitlines() if len(line) > 40]
    others = [
        content[name] for name in ("refresh_token", "client_secret", "private_key_id") if name in content
    ]
    return [*key, *others]


def _seen(words: Iterator[str], secret: list[str]) -> list[str]:
    return [word for word in words for one in secret if one in word]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.fixture(params=["key", "login"])
def credentials(
    request: pytest.FixtureRequest, key_file: Path, login_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return the file of a service account's key, and of a person's token."""
    chosen = key_file if request.param == "key" else login_file
    monkeypatch.setenv(KEY_FILE, str(chosen))
    monkeypatch.setenv("SHEETFUNNEL_DEBUG", "1")
    return chosen


def test_a_session_shows_nothing_of_the_credentials(
    run: Run, google: Service, sheet: str, credentials: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    printed: list[str] = []
    commands = (
        ("new", "--google", sheet),
        ("sync", sheet, "--today", TODAY),
        ("check", sheet),
        ("backups", sheet),
    )
    for words in commands:
        ran = run(*words)
        assert ran.code == 0, ran.err
        printed += [ran.out, ran.err]
    google.misbehave.next(Fault.UNAUTHORIZED, calls=9)
    printed.append(run("sync", sheet).err)
    google.misbehave.clear()
    given = [*google.tokens.granted, *_secrets(credentials)]
    google.tokens.revoke()
    printed.append(run("sync", sheet).err)
    assert len(given) > 3
    assert _seen(iter(printed), given) == []
    assert _seen((record.getMessage() for record in caplog.records), given) == []
    sent = (
        f"{call.path} {call.query} {json.dumps(call.body)}" for call in google.log if call.method != "token"
    )
    assert _seen(sent, given) == []
    files = _files(credentials.parent)
    kept = (path for path in files if path.name not in {"key.json", "login.json"})
    assert _seen((path.read_bytes().decode("latin-1") for path in kept), given) == []


def test_what_is_kept_on_this_machine_only_its_owner_can_read(run: Run, sheet: str, tmp_path: Path) -> None:
    before = os.umask(0)  # whoever lets everybody read everything
    try:
        run("new", "--google", sheet)
        assert run("sync", sheet, "--today", TODAY).code == 0
    finally:
        os.umask(before)
    kept = list(_files(tmp_path / "state"))
    assert kept
    assert [path for path in kept if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)] == []
    folders = {path.parent for path in kept}
    assert [path for path in folders if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)] == []


@pytest.mark.parametrize("fault", [Fault.UNAUTHORIZED, Fault.NO_ROLE, Fault.UNAVAILABLE, Fault.CUT_JSON])
def test_no_error_holds_a_secret_in_its_text_or_its_causes(
    google: Service, sheet: str, key_file: Path, fault: Fault
) -> None:
    google.misbehave.next(fault, calls=99)
    connection = Connection(identity(), patience=Patience(deadline=0.2, first_pause=0.05))
    with pytest.raises(SheetfunnelError) as refused:
        connection.read(f"{SHEETS_URL}/{sheet}", {"fields": "spreadsheetId"})
    told = "".join(traceback.format_exception(refused.value))
    secret = [*_secrets(key_file), *google.tokens.granted]
    assert len(secret) > 10
    assert _seen(iter([told, repr(refused.value), repr(identity())]), secret) == []


def test_a_refused_token_is_not_told_with_what_was_sent(google: Service, sheet: str, key_file: Path) -> None:
    google.tokens.revoke()
    connection = Connection(identity(), patience=Patience(deadline=0.2, first_pause=0.05))
    with pytest.raises(SheetfunnelError) as refused:
        connection.read(f"{SHEETS_URL}/{sheet}", {"fields": "spreadsheetId"})
    told = "".join(traceback.format_exception(refused.value))
    assert _seen(iter([told]), _secrets(key_file)) == []
    (asked,) = {call.method for call in google.log}
    assert asked == "token"
