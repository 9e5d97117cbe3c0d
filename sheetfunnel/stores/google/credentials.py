"""Who the program is at Google: a service account, the person themselves, or what the machine provides.

Looked for in this order: the file that the environment names, our own key file, the person's own token
(``sheetfunnel login``), and last what the machine provides (gcloud, a virtual machine's own account,
workload identity). Key material stands in these files only: never in an argument, a message or a log.
"""

from __future__ import annotations

import json
import os
import stat
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import google.auth
from google.auth import impersonated_credentials
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2 import credentials as person
from google.oauth2 import service_account
from platformdirs import user_config_path

from sheetfunnel.errors import NoAccess, SheetfunnelError
from sheetfunnel.values import value

#: Enough to sync.
SHEETS: Final = "https://www.googleapis.com/auth/spreadsheets"
#: To share a sheet that a person made.
DRIVE: Final = "https://www.googleapis.com/auth/drive"

#: Environment variables: Google's own for a file of credentials, and ours.
KEY_FILE: Final = "GOOGLE_APPLICATION_CREDENTIALS"
FOLDER: Final = "SHEETFUNNEL_CONFIG"
IMPERSONATE: Final = "SHEETFUNNEL_IMPERSONATE"

_READABLE: Final = stat.S_IRGRP | stat.S_IROTH
_LATER: Final = "See “Google in 15 minutes” (docs/google.md); `sheetfunnel doctor` says what is found."


@value
class Identity:
    """Whom Google takes us for: a sheet is shared with ``address``; ``source`` is where it comes from."""

    credentials: Credentials
    address: str
    source: str


def identity(*scopes: str) -> Identity:
    """Return the identity that this machine provides.

    Raises:
        SheetfunnelError: there is none, or the file is not one of credentials.
        NoAccess: others can read the file.

    """
    found = _found(scopes or (SHEETS,))
    wanted = os.environ.get(IMPERSONATE)
    if not wanted:
        return found
    acting = impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
        source_credentials=found.credentials, target_principal=wanted, target_scopes=list(scopes or (SHEETS,))
    )
    return Identity(credentials=acting, address=wanted, source=f"{found.source}, acting as another account")


def credentials_folder() -> Path:
    """Return the folder of our own key file and token; it need not be there."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else user_config_path("sheetfunnel", appauthor=False)


def key_path() -> Path:
    """Return where our own key file of a service account is looked for."""
    return credentials_folder() / "credentials.json"


def token_path() -> Path:
    """Return where the token of ``sheetfunnel login`` is kept."""
    return credentials_folder() / "token.json"


def keep_token(token: str) -> Path:
    """Keep a person's token where only they can read it; return the file."""
    folder = credentials_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = token_path()
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(token)
    return path


def _found(scopes: tuple[str, ...]) -> Identity:
    named = os.environ.get(KEY_FILE)
    for path in (Path(named) if named else None, key_path(), token_path()):
        if path is not None and (path.exists() or str(path) == named):
            return _from_file(path, scopes)
    return _of_the_machine(scopes)


def _from_file(path: Path, scopes: tuple[str, ...]) -> Identity:
    content = _content(path)
    try:
        credentials = _loaded(content, list(scopes))
    except (GoogleAuthError, ValueError) as error:
        raise SheetfunnelError(
            f"“{path}” holds no usable credentials.", hint=f"Download the key file anew. {_LATER}"
        ) from error
    address = str(content.get("client_email") or content.get("account") or "")
    return Identity(credentials=credentials, address=address, source=str(path))


def _loaded(content: Mapping[str, Any], scopes: list[str]) -> Credentials:
    made: Credentials
    if content["type"] == "service_account":
        made = service_account.Credentials.from_service_account_info(content, scopes=scopes)  # type: ignore[no-untyped-call]
    elif content["type"] == "authorized_user":
        made = person.Credentials.from_authorized_user_info(content, scopes=scopes)  # type: ignore[no-untyped-call]
    else:
        with warnings.catch_warnings():  # it warns of files from strangers; this is the user's own
            warnings.simplefilter("ignore", DeprecationWarning)
            made, _ = google.auth.load_credentials_from_dict(content, scopes=scopes)  # type: ignore[no-untyped-call]
    return made


def _content(path: Path) -> Mapping[str, Any]:
    """Return what a file of credentials says, if only its owner can read it and it is one.

    Raises:
        SheetfunnelError: it is not there, or not one.
        NoAccess: it cannot be read, or others can read it.

    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        twice = path.with_name(f"{path.name}.json")
        hint = f"The file is named “{twice.name}”: rename it to “{path.name}”." if twice.exists() else _LATER
        raise SheetfunnelError(f"There is no file of credentials “{path}”.", hint=hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise NoAccess(f"“{path}” cannot be read.", hint=_LATER) from error
    if os.name == "posix" and mode & _READABLE:
        raise NoAccess(
            f"Other users of this machine can read “{path}”.", hint=f"Close it to them: chmod 600 '{path}'"
        )
    return _of_credentials(path, text)


def _of_credentials(path: Path, text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise SheetfunnelError(f"“{path}” is not a file of credentials (JSON).", hint=_LATER) from None
    if {"installed", "web"} & set(content):
        raise SheetfunnelError(
            f"“{path}” is an OAuth client, not a key: it names the program, and lets nobody in.",
            hint=f"Log in with it: sheetfunnel login '{path}'. Or give the key file of a service account.",
        )
    if "type" not in content:
        raise SheetfunnelError(f"“{path}” is not a file of credentials: it names no type.", hint=_LATER)
    return content


def _of_the_machine(scopes: tuple[str, ...]) -> Identity:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that gcloud's own project pays is no concern of ours
            credentials, _ = google.auth.default(scopes=list(scopes))
    except DefaultCredentialsError as error:
        raise SheetfunnelError(
            "No credentials for Google were found on this machine.",
            hint=f"Put the key file of a service account at “{key_path()}”, or log in: sheetfunnel login "
            f"CLIENT_FILE. {_LATER}",
        ) from error
    address = str(getattr(credentials, "service_account_email", "") or "")
    return Identity(credentials=credentials, address=address, source="what this machine provides")
