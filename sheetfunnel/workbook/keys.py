"""The key of an objective: what tells one row from another, whatever the order of the rows."""

from __future__ import annotations

from datetime import date

from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.held import SURELY_FITS, fitted

#: What stands between the parts of a key; one that begins with it has no client.
JOINT = " · "
_SIGN = JOINT.strip()


def objective_key(*, row_id: str, client: str, objective: str, service: str, closed_on: date | None) -> str:
    """Return the key of a row, with its texts as they are typed, as look-ups need it.

    The ID if there is one; else client and objective (the service where no objective is written), and for
    an objective that has ended the day on which it did. ``closed_on`` is given for ended ones only. A key
    is never longer than the hidden cell that holds it.
    """
    return key_of(row_id, client, objective or service, closed_on)


def key_of(row_id: str, client: str, what: str, closed_on: date | None) -> str:
    """Return the key of a row; ``what`` is its objective, or else its service."""
    return fitted(row_id or f"{client}{JOINT}{what}{_end(closed_on)}")


def folded_key(row_id: str, client: str, what: str, closed_on: date | None, key: str) -> str:
    """Return the key of a row as it is compared, from what it is made of.

    That is :func:`key_fold` of it; but client and objective stand in many rows, and are folded once. Where
    the key is an ID, or cut, or has the sign of the joint in one of its parts, it is folded itself.
    """
    if row_id or len(key) > SURELY_FITS or key.count(_SIGN) != (1 if closed_on is None else 2):
        return key_fold(key)
    return f"{fold(client)}{JOINT}{fold(what)}{_end(closed_on)}".strip()


def _end(closed_on: date | None) -> str:
    return "" if closed_on is None else f"{JOINT}{closed_on.isoformat()}"


def key_fold(key: str) -> str:
    """Return a key as it is compared: case, accents and outer spaces do not count.

    Its parts are folded one by one, as most of them are plain and the joint between them is not.
    """
    return JOINT.join(map(fold, key.split(JOINT))).strip()
