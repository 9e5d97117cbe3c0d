"""Logging in as a person: their browser asks them, and the token is kept where only they can read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests import RequestException

from sheetfunnel.errors import NoAccess, SheetfunnelError
from sheetfunnel.stores.google.credentials import SHEETS, keep_token
from sheetfunnel.stores.google.session import redirected

#: How long a person may take in the browser.
_SECONDS: Final = 300

_ASKED: Final = "Open this address in your browser, and press Allow:\n{url}"
_DONE: Final = "sheetfunnel may work in your sheets now. You can close this window."


def log_in(client_file: Path, *, open_browser: bool) -> Path:
    """Ask a person to let the program in, and keep their token; return its file.

    ``client_file`` is the OAuth client (type “Desktop app”) of their Google project. The address to open is
    printed on stdout.

    Raises:
        SheetfunnelError: the file is no OAuth client.
        NoAccess: they did not let the program in.

    """
    flow = _flow(client_file)
    redirected(flow.oauth2session)
    try:
        credentials = flow.run_local_server(
            port=0,
            open_browser=open_browser,
            timeout_seconds=_SECONDS,
            authorization_prompt_message=_ASKED,
            success_message=_DONE,
            access_type="offline",
            prompt="consent",
        )
    except (OAuth2Error, RequestException, WSGITimeoutError) as error:
        raise NoAccess(
            "Nobody was logged in.", hint="Run it again, and press Allow in the browser."
        ) from error
    return keep_token(json.dumps({"type": "authorized_user", **json.loads(credentials.to_json())}))


def _flow(client_file: Path) -> InstalledAppFlow:
    try:
        return InstalledAppFlow.from_client_secrets_file(str(client_file), scopes=[SHEETS])
    except (OSError, ValueError) as error:
        raise SheetfunnelError(
            f"“{client_file}” is no OAuth client of type “Desktop app”.",
            hint="Make one in your Google project, and download its JSON; docs/google.md says where.",
        ) from error
