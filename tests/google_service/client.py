"""The real gspread and the real google-auth, sent to the stand-in instead of to Google."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import credentials as person
from google.oauth2 import service_account
from requests.adapters import HTTPAdapter

from tests.google_service.tokens import ALL_SCOPES

SCOPES = tuple(sorted(ALL_SCOPES))


class Redirect(HTTPAdapter):
    """Sends what is meant for a host of Google to the stand-in, and says for which it was."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._endpoint = endpoint

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        url = urlsplit(request.url or "")
        request.headers["X-Goog-Original-Host"] = str(url.netloc)
        request.url = f"{self._endpoint}{url.path}" + (f"?{url.query}" if url.query else "")
        return super().send(request, *args, **kwargs)


def session(endpoint: str, file: Path, scopes: tuple[str, ...] = SCOPES) -> AuthorizedSession:
    """Return a session with the credentials in a file: a service account's key, or a person's login."""
    plain = requests.Session()
    plain.mount("https://", Redirect(endpoint))
    authorized = AuthorizedSession(_credentials(file, scopes), auth_request=Request(plain))  # type: ignore[no-untyped-call]
    authorized.mount("https://", Redirect(endpoint))
    return authorized


def _credentials(file: Path, scopes: tuple[str, ...]) -> service_account.Credentials | person.Credentials:
    if "service_account" in file.read_text(encoding="utf-8"):
        key: service_account.Credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            str(file), scopes=scopes
        )
        return key
    login: person.Credentials = person.Credentials.from_authorized_user_file(str(file), scopes=scopes)  # type: ignore[no-untyped-call]
    return login


def connect(endpoint: str, file: Path, scopes: tuple[str, ...] = SCOPES) -> gspread.Client:
    """Return gspread's client, whose calls have a deadline."""
    client = gspread.authorize(None, session=session(endpoint, file, scopes))  # type: ignore[arg-type]
    client.set_timeout((5, 60))
    return client
