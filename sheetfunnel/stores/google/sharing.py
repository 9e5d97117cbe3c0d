"""Sharing a Google Sheet with a person, through Drive."""

from __future__ import annotations

import re
from typing import Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores.google.connection import DRIVE_URL, Connection

#: What a person may do in a sheet, and Drive's word for it.
ROLES: Final = {"editor": "writer", "commenter": "commenter", "viewer": "reader"}

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def share_sheet(connection: Connection, key: str, email: str, *, role: str) -> None:
    """Let the person with this address into a sheet; Google tells them by mail.

    Doing it twice changes nothing.

    Raises:
        WrongUsage: the address is none, or the role is unknown.
        NoAccess: this program may not share the sheet.

    """
    if role not in ROLES:
        raise WrongUsage(f"There is no role “{role}”.", hint=f"Choose one of: {', '.join(ROLES)}.")
    if not _ADDRESS.fullmatch(email):
        raise WrongUsage(f"“{email}” is not an e-mail address.", hint="Write it as name@example.com.")
    connection.write(
        f"{DRIVE_URL}/{key}/permissions",
        {"type": "user", "role": ROLES[role], "emailAddress": email},
        was_done=lambda: True,
        params={"fields": "id", "sendNotificationEmail": "true", "supportsAllDrives": "true"},
    )
