"""The key of an objective: what tells one row from another, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.held import fitted

#: What stands between the parts of a key; one that begins with it has no client.
JOINT = " · "


def objective_key(*, row_id: str, client: str, objective: str, service: str, closed_on: date | None) -> str:
    """Return the key of a row, with its texts as they are typed, as look-ups need it.

    The ID if there is one; else client and objective (the service where no objective is written), and for
    an objective that has ended the day on which it did. ``closed_on`` is given for ended ones only. A key
    is never longer than the hidden cell that holds it.
    """
    return keys_of_rows([(row_id, client, objective, service, closed_on)])[0]


def keys_of_rows(rows: Iterable[tuple[str, str, str, str, date | None]]) -> list[str]:
    """Return the key of each row of which ID, client, objective, service and closing day are given."""
    return [
        fitted(
            row_id
            or f"{client}{JOINT}{objective or service}"
            f"{'' if closed_on is None else f'{JOINT}{closed_on.isoformat()}'}"
        )
        for row_id, client, objective, service, closed_on in rows
    ]


def key_fold(key: str) -> str:
    """Return a key as it is compared: case, accents and outer spaces do not count.

    Its parts are folded one by one, as most of them are plain and the joint between them is not.
    """
    return JOINT.join(map(fold, key.split(JOINT))).strip()
