"""What Google's refusals mean to a person: what happened, to what, and what to do next.

Google words its refusals in the language of the account: they are told apart by code, status and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError, RefreshError
from gspread.exceptions import APIError

from sheetfunnel.errors import Busy, NoAccess, SheetfunnelError, UnreadableWorkbook

#: What trying again may mend.
PASSING: Final = frozenset({429, 500, 502, 503, 504})

_SHARED_WITH: Final = "Open the sheet, press Share, and add {address} as Editor."
_ENABLE: Final = "https://console.cloud.google.com/apis/library/sheets.googleapis.com"


def refusal(error: APIError, *, address: str, writing: bool) -> SheetfunnelError:
    """Return what a refusal of Google means; ``address`` is the one that a sheet is shared with."""
    status = error.response.status_code
    detail = _detail(error)
    share = _SHARED_WITH.format(address=address or "the account that you work with")
    if status == HTTPStatus.NOT_FOUND:
        return NoAccess(
            "Google knows no such sheet, or it is not shared with this program.",
            hint=f"{share} Then check the URL.",
        )
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(detail, share, writing=writing)
    if status == HTTPStatus.UNAUTHORIZED:
        return _not_let_in()
    if status == HTTPStatus.BAD_REQUEST and detail["status"] == "FAILED_PRECONDITION":
        return UnreadableWorkbook(
            "This is an uploaded Excel file that Google shows, not a Google Sheet.",
            hint="Open it, choose File > Save as Google Sheets, and give the URL of the sheet that makes.",
        )
    if status in PASSING:
        return Busy(
            f"Google did not answer in time ({status}). Nothing was lost.",
            hint="Try again in a few minutes; a scheduled sync does so by itself.",
        )
    return UnreadableWorkbook(
        f"Google refused the request ({status}): {detail['message']}",
        hint="Sync again. If it stays so: sheetfunnel doctor --google URL --probe",
    )


def _forbidden(detail: Mapping[str, str], share: str, *, writing: bool) -> SheetfunnelError:
    reason = detail["reason"]
    if reason in {"SERVICE_DISABLED", "accessNotConfigured"}:
        link = detail["link"] or _ENABLE
        return NoAccess(
            "The Sheets API is not enabled in your Google project.",
            hint=f"Enable it at {link} and wait two minutes.",
        )
    if reason == "storageQuotaExceeded":
        return NoAccess(
            "A service account has no storage of its own, so it cannot make a sheet.",
            hint=f"Make a blank sheet yourself. {share} Then: sheetfunnel new --google URL",
        )
    if reason in {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"}:
        return NoAccess(
            "The credentials were not given the right for this.",
            hint="Log in again: sheetfunnel login CLIENT_FILE",
        )
    if writing:
        return NoAccess(
            "The sheet is shared with this program to be read only, or the range is protected.",
            hint=f"{share} If the program's tabs are protected, allow it there too.",
        )
    return NoAccess("The sheet is not shared with this program.", hint=share)


def _not_let_in() -> SheetfunnelError:
    return NoAccess(
        "Google no longer accepts these credentials.",
        hint="Log in again (sheetfunnel login CLIENT_FILE), or download a new key file.",
    )


def no_token(error: GoogleAuthError, *, address: str) -> SheetfunnelError:
    """Return what it means that Google gave ``address`` no token: its own words may hold key material."""
    if re.search(r"impersonated", str(error)):
        return NoAccess(
            f"Google does not let these credentials act as {address or 'another account'}.",
            hint="Give your account the role “Service Account Token Creator” on that one, enable the IAM "
            "Service Account Credentials API in its project, and check SHEETFUNNEL_IMPERSONATE.",
        )
    if re.search(r"invalid_grant", str(error)):
        return NoAccess(
            "Google does not accept these credentials (invalid_grant).",
            hint="One of three: this machine's clock is wrong (correct it), the key was revoked (download a "
            "new one), or the consent screen is in “Testing” and its token ran out after 7 days (put it “In "
            "production”, then: sheetfunnel login CLIENT_FILE).",
        )
    if isinstance(error, RefreshError) and not error.retryable:
        return NoAccess(
            "Google does not accept these credentials: it gave no access token.",
            hint="Download a new key file, or log in again (sheetfunnel login CLIENT_FILE); "
            "`sheetfunnel doctor` looks at the credentials.",
        )
    return Busy(
        "Google gave no access token.",
        hint="Check the network, then try again; `sheetfunnel doctor` looks at the credentials.",
    )


def no_answer(seconds: float) -> SheetfunnelError:
    """Return what it means that nothing came back from Google."""
    return Busy(
        f"Google could not be reached within {seconds:.0f} seconds. Nothing was lost.",
        hint="Check the network, then try again; a scheduled sync does so by itself.",
    )


def _detail(error: APIError) -> dict[str, str]:
    told = error.error if isinstance(error.error, dict) else {}
    reasons = [each for each in _reasons(told) if each.get("reason")]
    first = reasons[0] if reasons else {}
    metadata = first.get("metadata") or {}
    return {
        "status": str(told.get("status") or ""),
        "message": str(told.get("message") or "")[:300],
        "reason": str(first.get("reason") or ""),
        "link": str(metadata.get("activationUrl") or ""),
    }


def _reasons(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in ("details", "errors"):
        for each in told.get(key) or ():
            if isinstance(each, dict):
                yield each
