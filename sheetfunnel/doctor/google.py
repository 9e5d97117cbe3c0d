"""Looks at a Google Sheet: who we are there, and (if asked) whether all that we rely on holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheetfunnel.doctor.look import Answer, amiss, well
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores import names_google_sheet

#: How each fact that is tried is told: that it holds, and that it does not.
_TOLD: Final = {
    "text": ("google.text", "google.text.not"),
    "look_up": ("google.look_up", "google.look_up.not"),
    "inserted_row": ("google.inserted_row", "google.inserted_row.not"),
    "stamp": ("google.stamp", "google.stamp.not"),
}


def identity_there(reference: str) -> Answer | None:
    """Look for whom Google takes the program."""
    if not names_google_sheet(reference):
        return None
    from sheetfunnel.stores.google.credentials import identity

    try:
        found = identity()
    except SheetfunnelError as error:
        return amiss("google.nobody", message=error.message, hint=error.hint)
    if found.address:
        return well("google.identity", address=found.address, source=found.source)
    return well("google.person", source=found.source)


def probed(reference: str) -> Iterator[Answer]:
    """Yield what a trial on the sheet itself finds; it adds a hidden tab and removes it again."""
    if not names_google_sheet(reference):
        return
    from sheetfunnel.stores.google.connection import Connection
    from sheetfunnel.stores.google.credentials import identity
    from sheetfunnel.stores.google.probe import probe
    from sheetfunnel.stores.google.reference import sheet_key

    try:
        for found in probe(Connection(identity()), sheet_key(reference)):
            told, told_not = _TOLD[found.fact.value]
            yield well(told) if found.holds else amiss(told_not)
    except SheetfunnelError as error:
        yield amiss("google.not_tried", message=error.message, hint=error.hint)
