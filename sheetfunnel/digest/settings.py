"""Where a digest is sent to and through whom: from the environment, else from a file that is private."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from pathlib import Path
from typing import Any, Final

from platformdirs import user_config_path

from sheetfunnel.errors import NoAccess, SheetfunnelError
from sheetfunnel.typed import as_typed
from sheetfunnel.values import value

#: The environment variable that names another file of settings.
VARIABLE: Final = "SHEETFUNNEL_MAIL"

#: What the environment may say itself; it counts before the file.
_PREFIX: Final = "SHEETFUNNEL_MAIL_"
_KEYS: Final = ("host", "port", "security", "user", "password", "sender", "to", "notify")

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_EXAMPLE: Final = 'host = "smtp.example.org", sender = "me@example.org", to = ["me@example.org"]'


class Security(Enum):
    """How the way to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS: Final = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@value
class MailSettings:
    """How to send: by SMTP through ``host``, or where ``notify`` says (addresses in the form of apprise).

    What opens doors is never shown: not in a message, a log or the text of this value.
    """

    host: str = ""
    port: int = 0
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    to: tuple[str, ...] = ()
    notify: tuple[str, ...] = field(default=(), repr=False)


def mail_file(environment: Mapping[str, str]) -> Path | None:
    """Return where the settings stand, whether or not the file is there; a user without a home has none."""
    if named := environment.get(VARIABLE):
        return Path(named)
    try:
        return user_config_path("sheetfunnel", appauthor=False) / "mail.toml"
    except RuntimeError:
        return None


def mail_settings(environment: Mapping[str, str], file: Path | None) -> MailSettings:
    """Return the settings of the environment, completed by those of the file if it is there.

    Raises:
        NoAccess: others can read the file.
        SheetfunnelError: something is missing or cannot be read.

    """
    named = {
        key: environment[f"{_PREFIX}{key.upper()}"]
        for key in _KEYS
        if environment.get(f"{_PREFIX}{key.upper()}")
    }
    given: dict[str, Any] = {**(_from_file(file) if file else {}), **named}
    settings = _read(given)
    if not settings.notify and not (settings.host and settings.sender and settings.to):
        missing = [key for key in ("host", "sender", "to") if not getattr(settings, key)]
        raise SheetfunnelError(
            f"It is not known how to send; missing: {', '.join(missing)}.",
            hint=f"Write {_EXAMPLE} into “{file or 'mail.toml'}” (one a line; chmod 600), or set "
            f"{', '.join(f'{_PREFIX}{key.upper()}' for key in missing)}.",
        )
    if settings.password and settings.security is Security.NONE and settings.host not in _LOCAL:
        raise SheetfunnelError(
            f"The password would go to “{settings.host}” for everybody to read; nothing was sent.",
            hint='Write security = "starttls", or "tls".',
        )
    return settings


def _from_file(file: Path) -> dict[str, Any]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NoAccess(
            f"“{file}” cannot be read ({error.strerror}).", hint="Give yourself the right to read it."
        ) from error
    if os.name != "nt" and status.st_mode & _OTHERS:
        raise NoAccess(
            f"Others can read “{file}”, in which a password may stand; it was not used.",
            hint=f"Keep it to yourself: chmod 600 {as_typed(file)}",
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # the error itself would repeat a line of the file
        raise SheetfunnelError(
            f"“{file}” is not in the form of TOML; nothing was sent.",
            hint=f"Write it as: {_EXAMPLE}, one a line.",
        ) from error


def _read(given: Mapping[str, Any]) -> MailSettings:
    unknown = sorted(set(given) - set(_KEYS))
    if unknown:
        raise SheetfunnelError(
            f"Among the settings of mail is one that nobody knows: {unknown[0]}.",
            hint=f"The settings are: {', '.join(_KEYS)}.",
        )
    security = _security(str(given.get("security", "")).lower(), given.get("port"))
    return MailSettings(
        host=str(given.get("host", "")).strip(),
        port=_port(given.get("port"), security),
        security=security,
        user=str(given.get("user", "")),
        password=str(given.get("password", "")),
        sender=str(given.get("sender", "")).strip(),
        to=_listed(given.get("to")),
        notify=_listed(given.get("notify")),
    )


def _security(word: str, port: object) -> Security:
    if not word:
        return Security.TLS if str(port) == str(_PORTS[Security.TLS]) else Security.STARTTLS
    if word in {each.value for each in Security}:
        return Security(word)
    raise SheetfunnelError(
        f"“{word}” is no way to keep the connection private.",
        hint="Write security = starttls, tls, or (on this machine only) none.",
    )


def _port(given: object, security: Security) -> int:
    if given in {None, ""}:
        return _PORTS[security]
    text = str(given)
    if text.isdecimal() and 0 < int(text) < 1 << 16:
        return int(text)
    raise SheetfunnelError(f"“{text}” is no port.", hint="Write a number, such as port = 587.")


def _listed(given: object) -> tuple[str, ...]:
    """Return addresses: a list in the file, a text with commas or blanks between them elsewhere."""
    parts = given if isinstance(given, list) else str(given or "").replace(",", " ").split()
    return tuple(text for part in parts if (text := str(part).strip()))
