"""Which Google Sheet a person means: they give its URL, or the key that stands in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sheetfunnel.errors import WrongUsage

_IN_URL: Final = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{10,})")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{30,}")
_HOSTS: Final = frozenset({"docs.google.com", "drive.google.com", "sheets.google.com"})


def names_sheet(reference: str) -> bool:
    """Whether a reference is meant for Google: a URL of its documents, or a key that is no file here."""
    if "://" in reference or reference.startswith(tuple(_HOSTS)):
        return _host(reference) in _HOSTS
    return _KEY.fullmatch(reference) is not None and not Path(reference).exists()


def sheet_key(reference: str) -> str:
    """Return the key of the Google Sheet that a person named.

    Raises:
        WrongUsage: it is the URL of something else: a folder, an uploaded file, a document.

    """
    if _KEY.fullmatch(reference):
        return reference
    found = _IN_URL.search(reference)
    if found:
        return found[1]
    raise WrongUsage(f"“{reference}” is not the URL of a Google Sheet.", hint=_hint(reference))


def _host(reference: str) -> str:
    return urlsplit(reference if "://" in reference else f"https://{reference}").netloc.lower()


def _hint(reference: str) -> str:
    if "/folders/" in reference:
        return "That is a folder. Open the sheet in it, and copy the URL of the browser's address line."
    if "/file/" in reference:
        return (
            "That is an uploaded file. Open it with Google Sheets, choose File > Save as Google Sheets, "
            "and give the URL of the sheet that this makes."
        )
    return "Open the sheet, and copy the URL of the browser's address line: https://docs.google.com/spreadsheets/d/..."
