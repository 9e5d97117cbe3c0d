"""A digest that is sent through a mail server on this machine, and what is told when it is not."""

from __future__ import annotations

import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from sheetfunnel.cli import main
from tests.cli.runner import TODAY, Run
from tests.smtp_server import MailServer, mail_server, trusted

_SECRET = "s3cret-Word"  # noqa: S105 - it opens nothing


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of settings, which is not there yet; nothing stands in the environment."""
    for name in [name for name in os.environ if name.startswith("SHEETFUNNEL_MAIL")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHEETFUNNEL_MAIL", str(tmp_path / "mail.toml"))
    return tmp_path / "mail.toml"


def _write(settings: Path, server: MailServer, **others: object) -> None:
    given = {"host": "localhost", "port": server.port, "security": "none", "sender": "me@example.org"}
    given |= {"to": ["anna@example.org", "Pep <pep@example.org>"], **others}
    lines = (f"{key} = {value!r}".replace("'", '"') for key, value in given.items())
    settings.touch(mode=0o600)
    settings.write_text("\n".join(lines), encoding="utf-8")


def test_a_mail_has_the_text_and_the_page_and_goes_to_everybody(
    run: Run, practice: Path, settings: Path
) -> None:
    with mail_server(MailServer()) as server:
        _write(settings, server)
        ran = run("digest", practice.name, "--mail", "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Sent: anna@example.org, Pep <pep@example.org>\n"
    (mail,) = server.mails
    assert server.recipients == ["anna@example.org", "pep@example.org"]
    assert mail["Subject"] == "Sales week 10: what to do first"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, page = (part.get_content() for part in mail.iter_parts())
    assert "→ Send the contract for signature" in " ".join(text.split())
    assert "Send the contract for signature" in page
    for told in (text, page, mail["Subject"]):
        assert "Harbour" not in told
    assert max(map(len, text.splitlines())) <= 72


def test_what_the_environment_says_counts_before_the_file(
    run: Run, practice: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(MailServer()) as server:
        _write(settings, server, host="nowhere.invalid")
        monkeypatch.setenv("SHEETFUNNEL_MAIL_HOST", "127.0.0.1")
        monkeypatch.setenv("SHEETFUNNEL_MAIL_TO", "only@example.org")
        assert run("digest", practice.name, "--mail").code == 0
    assert server.recipients == ["only@example.org"]


def test_the_way_is_private_before_the_password_goes_out(
    run: Run, practice: Path, settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls = trusted(tmp_path, monkeypatch)
    with mail_server(MailServer(user="anna", password=_SECRET, tls=tls)) as server:
        _write(settings, server, security="starttls", user="anna", password=_SECRET)
        ran = run("digest", practice.name, "--mail")
        assert (ran.code, ran.err) == (0, "")
    assert server.private == [True]


def test_a_way_that_is_private_from_the_start_is_as_good(
    run: Run, practice: Path, settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tls = trusted(tmp_path, monkeypatch)
    with mail_server(MailServer(user="anna", password=_SECRET, tls=tls, from_the_start=True)) as server:
        _write(settings, server, security="tls", user="anna", password=_SECRET)
        assert run("digest", practice.name, "--mail").code == 0
    assert server.private == [True]


def test_a_server_that_does_not_offer_privacy_gets_nothing(run: Run, practice: Path, settings: Path) -> None:
    with mail_server(MailServer()) as server:
        _write(settings, server, security="starttls", user="anna", password=_SECRET)
        ran = run("digest", practice.name, "--mail")
    assert (ran.code, server.mails) == (78, [])
    assert "does not offer what the settings ask for" in ran.err


def test_settings_have_a_place_of_their_own_where_no_other_is_named(
    run: Run, practice: Path, settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SHEETFUNNEL_MAIL")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 78
    assert str(settings) not in ran.err
    assert f"sheetfunnel{os.sep}mail.toml" in ran.err


def test_a_server_that_nobody_vouches_for_gets_nothing(
    run: Run, practice: Path, settings: Path, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        tls = trusted(tmp_path, patch)
    with mail_server(MailServer(user="anna", password=_SECRET, tls=tls)) as server:
        _write(settings, server, security="starttls", user="anna", password=_SECRET)
        ran = run("digest", practice.name, "--mail")
    assert (ran.code, server.mails) == (78, [])
    assert "does not prove who it is" in ran.err
    assert _SECRET not in ran.err


def test_a_wrong_password_is_told_without_it(run: Run, practice: Path, settings: Path) -> None:
    with mail_server(MailServer(user="anna", password="another")) as server:  # noqa: S106 - it opens nothing
        _write(settings, server, user="anna", password=_SECRET)
        ran = run("digest", practice.name, "--mail")
    assert ran.code == 77
    assert "does not accept the user “anna” or the password" in ran.err
    assert _SECRET not in ran.out + ran.err
    assert not re.search(r"\b[A-Za-z0-9+/]{16,}", ran.err)  # nor as it goes over the wire


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ({"MAIL": "451 busy now"}, 75, "try later (451)"),
        ({"MAIL": "553 not yours"}, 78, "refused the mail (553)"),
        ({"RCPT": "450 full"}, 75, "try later (450)"),
        ({"RCPT": "550 nobody"}, 78, "refused the mail (550)"),
        ({"DATA": "554 no"}, 78, "refused the mail (554)"),
        ({"EHLO": "421 later", "HELO": "421 later"}, 75, "try later (421)"),
    ],
)
def test_what_a_server_answers_is_told_with_what_to_do(  # noqa: PLR0913, PLR0917 - the cases
    run: Run, practice: Path, settings: Path, answers: dict[str, str], code: int, said: str
) -> None:
    with mail_server(MailServer(answers=answers)) as server:
        _write(settings, server)
        ran = run("digest", practice.name, "--mail")
    assert (ran.code, server.mails) == (code, [])
    assert said in ran.err
    assert "What to do: " in ran.err


def test_a_server_that_is_not_there_is_tried_later(run: Run, practice: Path, settings: Path) -> None:
    with mail_server(MailServer()) as server:
        pass
    _write(settings, server)
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 75
    assert f"“localhost:{server.port}” cannot be reached" in ran.err


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"host": ""}, "missing: host"),
        ({"to": []}, "missing: to"),
        ({"to": ["nobody"]}, "“nobody” is not an address"),
        ({"security": "much"}, "“much” is no way"),
        ({"port": 70_000}, "“70000” is no port"),
        ({"hots": "x"}, "nobody knows: hots"),
        ({"host": "mail.example.org", "password": _SECRET}, "for everybody to read"),
        ({"notify": ["nonsense"]}, "none that apprise knows"),
    ],
)
def test_settings_that_cannot_work_are_told_before_anything_is_sent(
    run: Run, practice: Path, settings: Path, others: dict[str, object], said: str
) -> None:
    _write(settings, MailServer(port=25), **others)
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 78
    assert said in ran.err
    assert _SECRET not in ran.err


def test_without_settings_a_person_is_told_what_to_write_and_where(
    run: Run, practice: Path, settings: Path
) -> None:
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 78
    assert str(settings) in ran.err
    assert "SHEETFUNNEL_MAIL_HOST" in ran.err


def test_settings_that_others_can_read_are_refused(run: Run, practice: Path, settings: Path) -> None:
    _write(settings, MailServer(port=25), password=_SECRET)
    settings.chmod(0o644)
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 77
    assert f"chmod 600 {settings}" in ran.err
    assert _SECRET not in ran.err


def test_a_damaged_file_of_settings_is_not_repeated(run: Run, practice: Path, settings: Path) -> None:
    settings.touch(mode=0o600)
    settings.write_text(f'password = "{_SECRET}\nhost', encoding="utf-8")
    ran = run("digest", practice.name, "--mail")
    assert ran.code == 78
    assert _SECRET not in ran.err


class _Inbox(BaseHTTPRequestHandler):
    """A place that takes what is posted, as many that apprise knows do."""

    taken: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # within the library
def test_apprise_takes_it_to_where_a_person_reads(
    run: Run, practice: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HTTPServer(("127.0.0.1", 0), _Inbox) as inbox:
        thread = threading.Thread(target=inbox.handle_request)
        thread.start()
        monkeypatch.setenv("SHEETFUNNEL_MAIL_NOTIFY", f"json://127.0.0.1:{inbox.server_port}")
        ran = run("digest", practice.name, "--mail", "--today", TODAY)
        thread.join()
        assert (ran.code, ran.out, settings.exists()) == (0, "Sent: notify 1\n", False)
    (taken,) = _Inbox.taken
    assert taken["title"] == "Sales week 10: what to do first"
    assert "Send the contract for signature" in taken["message"]


def test_a_sync_alone_sends_nothing(practice: Path, settings: Path) -> None:
    with mail_server(MailServer()) as server:
        _write(settings, server)
        assert main(["sync", str(practice)]) == 0
    assert server.mails == []
