"""Calls to Google: each with a time limit, repeated where that is safe, given up at a deadline.

gspread's own way of trying again never gives up, and takes a full storage for a rate limit; so the calls go
through its client, and when to repeat is decided here: with full jitter (M. Brooker, "Exponential Backoff
and Jitter"), at most until the deadline, never sooner than Google asks.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError, TransportError
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from requests import RequestException, Response

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.google.credentials import Identity
from sheetfunnel.stores.google.refusals import PASSING, no_answer, no_token, refusal
from sheetfunnel.stores.google.session import authorized
from sheetfunnel.values import value

SHEETS_URL: Final = "https://sheets.googleapis.com/v4/spreadsheets"
DRIVE_URL: Final = "https://www.googleapis.com/drive/v3/files"

#: Google itself ends a request after 180 seconds.
_TIMEOUT: Final = (10, 180)
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 32.0

Say = Callable[[str], None]


@value
class Patience:
    """How long a call is repeated, and how long after each failure at most: both in seconds."""

    deadline: float = 180.0
    first_pause: float = _FIRST_PAUSE
    timeout: tuple[float, float] = _TIMEOUT


def _silent(step: str) -> None:
    del step


class Connection:
    """The way to Google for one identity; ``say`` is told when there is something to wait for."""

    def __init__(self, identity: Identity, *, patience: Patience | None = None, say: Say = _silent) -> None:
        self.address = identity.address
        self._patience = patience or Patience()
        self._say = say
        self._client = HTTPClient(identity.credentials, session=authorized(identity.credentials))
        self._client.set_timeout(self._patience.timeout)

    def read(self, url: str, params: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON at ``url``; it may be asked for as often as need be.

        Raises:
            NoAccess, UnreadableWorkbook, Busy: as Google's refusal says.

        """
        end = time.monotonic() + self._patience.deadline
        for attempt in range(1_000_000):
            try:
                return self._answer("get", url, params=dict(params))
            except (APIError, RequestException, ValueError, GoogleAuthError) as error:
                self._wait(error, attempt, end, writing=False)
        raise no_answer(self._patience.deadline)

    def write(
        self, url: str, body: Mapping[str, Any], *, was_done: Callable[[], bool], params: Mapping[str, str]
    ) -> Any:  # noqa: ANN401 - JSON
        """Have ``body`` carried out once, and return Google's answer (nothing if that was lost).

        Where an answer was lost, ``was_done`` says whether the call was carried out; the call itself must be
        one that Google refuses when it comes twice.

        Raises:
            NoAccess, UnreadableWorkbook, Busy: as Google's refusal says.

        """
        end = time.monotonic() + self._patience.deadline
        unsure = False
        for attempt in range(1_000_000):
            try:
                return self._answer("post", url, params=dict(params), json=body)
            except (APIError, RequestException, ValueError, GoogleAuthError) as error:
                if unsure and _is_refusal(error, HTTPStatus.BAD_REQUEST) and was_done():
                    return None
                unsure = unsure or not isinstance(error, APIError) or error.response.status_code in PASSING
                self._wait(error, attempt, end, writing=True)
        raise no_answer(self._patience.deadline)

    def _answer(self, method: str, url: str, **sent: Any) -> Any:  # noqa: ANN401 - JSON
        response: Response = self._client.request(method, url, **sent)
        return response.json()

    def _wait(self, error: Exception, attempt: int, end: float, *, writing: bool) -> None:
        """Wait before the next attempt, or raise what the failure means to a person."""
        left = end - time.monotonic()
        pause = max(_asked(error), self._pause(attempt))
        if not _may_pass(error) or pause >= left:
            raise self._meaning(error, writing=writing) from error
        if _is_refusal(error, HTTPStatus.TOO_MANY_REQUESTS):
            self._say(f"Google asks for patience; going on by itself in {pause:.0f} s (at most {left:.0f} s)")
        time.sleep(pause)

    def _pause(self, attempt: int) -> float:
        longest = min(_LONGEST_PAUSE, self._patience.first_pause * 2**attempt)
        return random.uniform(0, longest)  # noqa: S311 - jitter is no secret

    def _meaning(self, error: Exception, *, writing: bool) -> SheetfunnelError:
        if isinstance(error, APIError):
            return refusal(error, address=self.address, writing=writing)
        if isinstance(error, GoogleAuthError) and not isinstance(error, TransportError):
            return no_token(error, address=self.address)
        return no_answer(self._patience.deadline)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, APIError):
        return error.response.status_code in PASSING
    if isinstance(error, GoogleAuthError):
        return isinstance(error, TransportError)
    return True  # the connection broke, or the answer was cut


def _is_refusal(error: Exception, status: HTTPStatus) -> bool:
    return isinstance(error, APIError) and error.response.status_code == status


def _asked(error: Exception) -> float:
    """Return how many seconds Google asks us to wait."""
    if not isinstance(error, APIError):
        return 0.0
    try:
        return float(error.response.headers.get("Retry-After", 0))
    except ValueError:
        return _FIRST_PAUSE
