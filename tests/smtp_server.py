"""A mail server that speaks SMTP on a port of this machine, and keeps what it is given."""

from __future__ import annotations

import base64
import email
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest


@dataclass(slots=True, kw_only=True)
class MailServer:
    """What the server wants and what it got; ``answers`` are its own, by the command that they answer.

    With ``tls`` the way can be made private, or is so ``from_the_start``.
    """

    port: int = 0
    user: str = ""
    password: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    from_the_start: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    private: list[bool] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    """One connection: lines in, answers out."""

    server: _Listening

    def handle(self) -> None:
        self._secure = False
        if self.server.kept.from_the_start:
            self._wrap()
        self._say("220 here")
        while line := self.rfile.readline():
            verb, _, rest = line.decode("ascii").strip().partition(" ")
            own = self.server.kept.answers.get(verb.upper())
            if own:
                self._say(own)
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                break
            else:
                getattr(self, f"_{verb.lower()}", self._unknown)(rest)

        if self._secure:
            self.connection.close()  # the listening end knows of the open way only

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def _unknown(self, rest: str) -> None:
        self._say(f"500 what is {rest[:10]}")

    def _ehlo(self, rest: str) -> None:
        del rest
        kept = self.server.kept
        offers = ["here"]
        offers += ["STARTTLS"] if kept.tls and not self._secure else []
        offers += ["AUTH PLAIN"] if kept.user else []
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self, rest: str) -> None:
        del rest
        self._say("220 go ahead")
        self._wrap()

    def _wrap(self) -> None:
        assert self.server.kept.tls is not None
        try:
            self.connection = self.server.kept.tls.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:  # whoever does not trust us leaves
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self._secure = True

    def _auth(self, rest: str) -> None:
        kept = self.server.kept
        _, _, given = rest.partition(" ")
        wanted = f"\0{kept.user}\0{kept.password}".encode()
        known = base64.b64decode(given) == wanted
        self._say("235 welcome" if known else f"535 no, not with {given}")

    def _mail(self, rest: str) -> None:
        del rest
        self._say("250 ok")

    def _rcpt(self, rest: str) -> None:
        self.server.kept.recipients.append(rest.partition("<")[2].partition(">")[0])
        self._say("250 ok")

    def _rset(self, rest: str) -> None:
        del rest
        self._say("250 ok")

    def _data(self, rest: str) -> None:
        del rest
        self._say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        raw = b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)
        self.server.kept.mails.append(email.message_from_bytes(raw, policy=default))
        self.server.kept.private.append(self._secure)
        self._say("250 kept")


class _Listening(socketserver.ThreadingTCPServer):
    """The server's own end; it is stopped with the block that began it."""

    allow_reuse_address = True
    daemon_threads = True
    kept: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who hung up."""


@contextmanager
def mail_server(kept: MailServer) -> Iterator[MailServer]:
    """Run a mail server for a while."""
    with _Listening(("127.0.0.1", 0), _Talk) as listening:
        listening.kept = kept
        kept.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield kept
        finally:
            listening.shutdown()
            thread.join()


def trusted(folder: Path, patch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return the proof of a server on this machine, which programs trust from now on."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    patch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
