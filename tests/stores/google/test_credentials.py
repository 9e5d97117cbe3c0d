from __future__ import annotations

import json
from pathlib import Path

import pytest

from sheetfunnel.errors import NoAccess, SheetfunnelError
from sheetfunnel.stores.google.credentials import FOLDER, KEY_FILE, identity, keep_token, token_path

CANARY = "THIS-KEY-MUST-NOT-BE-SEEN"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials but those of the test; gcloud's are looked for in an empty home."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "config"))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv(KEY_FILE, raising=False)


def _file(path: Path, content: object, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path


def _refusal(path: Path, monkeypatch: pytest.MonkeyPatch) -> SheetfunnelError:
    monkeypatch.setenv(KEY_FILE, str(path))
    with pytest.raises(SheetfunnelError) as refused:
        identity()
    return refused.value


def test_without_credentials_it_is_said_where_they_go() -> None:
    with pytest.raises(SheetfunnelError, match="No credentials") as refused:
        identity()
    assert "credentials.json" in refused.value.hint
    assert "sheetfunnel login" in refused.value.hint


def test_a_key_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = _file(tmp_path / "key.json", {"type": "service_account"}, 0o644)
    refused = _refusal(key, monkeypatch)
    assert isinstance(refused, NoAccess)
    assert "chmod 600" in refused.hint


def test_an_oauth_client_where_a_key_is_expected_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _file(tmp_path / "client.json", {"installed": {"client_secret": CANARY}})
    refused = _refusal(client, monkeypatch)
    assert "OAuth client" in refused.message
    assert "sheetfunnel login" in refused.hint


def test_a_doubled_ending_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(tmp_path / "key.json.json", {"type": "service_account"})
    assert "key.json.json" in _refusal(tmp_path / "key.json", monkeypatch).hint


@pytest.mark.parametrize(
    "content", ["", "no json", "[1]", {"client_email": "x"}, {"type": "service_account"}]
)
def test_what_is_no_key_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object
) -> None:
    assert "key.json" in _refusal(_file(tmp_path / "key.json", content), monkeypatch).message


def test_no_refusal_shows_what_stands_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = {
        "type": "service_account",
        "private_key": CANARY,
        "client_email": "a@b",
        "token_uri": "https://x",
    }
    refused = _refusal(_file(tmp_path / "key.json", content), monkeypatch)
    assert CANARY not in f"{refused.message} {refused.hint}"


def test_a_token_is_kept_where_only_its_owner_can_read_it() -> None:
    first, second = keep_token("{}"), keep_token('{"a": 1}')
    assert first == second == token_path()
    assert second.read_text(encoding="utf-8") == '{"a": 1}'
    assert second.stat().st_mode & 0o777 == 0o600
    assert second.parent.stat().st_mode & 0o777 == 0o700
