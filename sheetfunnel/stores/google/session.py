"""A session that carries a person's credentials to Google, or to the stand-in on this machine."""

from __future__ import annotations

import json
import os
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from google.auth.credentials import Credentials
from google.auth.exceptions import TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter

from sheetfunnel.errors import WrongUsage

#: The environment variable that leads all calls to a stand-in for the service on this machine.
ENDPOINT: Final = "SHEETFUNNEL_GOOGLE_ENDPOINT"
_HERE: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


class _ToStandIn(HTTPAdapter):
    """Sends every call to a server on this machine, which is told whom it was meant for."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._scheme, self._netloc = endpoint.split("://", 1)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:  # noqa: ANN401 - as requests has it
        """Send a request to the stand-in instead of its own host."""
        parts = urlsplit(str(request.url))
        request.headers["X-Goog-Original-Host"] = parts.netloc
        request.url = urlunsplit(parts._replace(scheme=self._scheme, netloc=self._netloc))
        return super().send(request, *args, **options)


class _Renewing(Request):
    """Asks for tokens; an answer that is none, since it was cut or came from a hotel's login page, passes.

    google-auth takes it for a text and breaks off with a TypeError.
    """

    def __call__(self, url: str, method: str = "GET", *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as google-auth has it
        """Send a request, and return its answer.

        Raises:
            TransportError: it did not come through.

        """
        answer = super().__call__(url, method, *args, **options)  # type: ignore[no-untyped-call]
        if method == "POST" and answer.status == HTTPStatus.OK and not _is_json(answer.data):
            raise TransportError("The answer to a request for a token is no JSON.")  # type: ignore[no-untyped-call]
        return answer


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def authorized(credentials: Credentials) -> AuthorizedSession:
    """Return a session that bears ``credentials`` and renews them.

    Raises:
        WrongUsage: the environment leads to a stand-in that is not on this machine.

    """
    renewing = Session()
    session = AuthorizedSession(credentials, auth_request=_Renewing(renewing))  # type: ignore[no-untyped-call]
    redirected(renewing)
    redirected(session)
    session.headers["User-Agent"] = "sheetfunnel (gzip)"  # Google packs its answers for agents that say so
    return session


def redirected(session: Session) -> None:
    """Lead the calls of a session to the stand-in, where the environment names one.

    Raises:
        WrongUsage: it is not on this machine.

    """
    endpoint = stand_in()
    if endpoint:
        session.mount("https://", _ToStandIn(endpoint))


def stand_in() -> str:
    """Return the address of the stand-in that the environment names, or nothing.

    Raises:
        WrongUsage: it is not on this machine: credentials must not go elsewhere.

    """
    endpoint = os.environ.get(ENDPOINT, "").rstrip("/")
    parts = urlsplit(endpoint)
    if endpoint and (parts.scheme != "http" or parts.netloc.rsplit(":", 1)[0] not in _HERE):
        raise WrongUsage(
            f"{ENDPOINT} leads to “{endpoint}”, which is not on this machine.",
            hint=f"Unset {ENDPOINT} to reach Google; it is for the stand-in of `make google-demo` only.",
        )
    return endpoint
