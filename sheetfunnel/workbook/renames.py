"""Which objective of today is which of the last sync's, where its key has changed.

A key changes when an objective ends (its day joins the key), when it is given an ID, and when a client or
objective is renamed. What ended is found by the key it had while it was open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import JOINT, key_fold, objective_key
from sheetfunnel.workbook.read_objectives import SheetRow

Line = tuple[Cell, ...]
"""What the table of results says of an objective: key, known part, expected close, begin, service."""


def renamed(decoded: Decoded, written: Mapping[str, Line]) -> Mapping[str, str]:
    """Return the folded key that each row had at the last sync, for the rows that have another one today.

    A row is taken for a renamed one only if it is sure: the hidden Key beside it says so, or exactly one
    vanished key agrees with it.
    """
    new = [
        row for row in decoded.known if row.folded not in written and sheets_key(decoded, row) not in written
    ]
    if not new:
        return {}
    today = {key for row in decoded.rows for key in (row.folded, sheets_key(decoded, row))}
    ended = {row.folded: row.open_folded for row in new if _had(row, written)}
    vanished = written.keys() - today - set(ended.values())
    others = [row for row in new if row.folded not in ended]
    if not others or not vanished:
        return ended
    claims = {row.folded: _claimed(row, decoded, written, vanished) for row in others}
    wanted = Counter(claims.values())
    return ended | {key: old for key, old in claims.items() if old is not None and wanted[old] == 1}


def sheets_key(decoded: Decoded, row: SheetRow) -> str:
    """Return the folded key that a sheet makes of a row, under which it looks results up; a workbook: none.

    It has dates and numbers as they are shown there, so that it may differ from the row's own.
    """
    return key_fold(str(decoded.own.results.shown[row.number][0] or "")) if decoded.looked_up else ""


def _had(row: SheetRow, written: Mapping[str, Line]) -> bool:
    return row.open_folded != row.folded and row.open_folded in written


def _claimed(
    row: SheetRow, decoded: Decoded, written: Mapping[str, Line], vanished: Collection[str]
) -> str | None:
    """Return the vanished key that a row had, if that is sure."""
    beside = key_fold(str(decoded.own.results.shown[row.number][0] or ""))
    if not decoded.looked_up and beside in vanished:
        return beside
    if (without := _without_id(row.objective)) in vanished:
        return without
    agreeing = [key for key in vanished if _agrees(row.objective, key, written[key])]
    return agreeing[0] if len(agreeing) == 1 else None


def _without_id(one: SalesObjective) -> str:
    """Return the key that an objective has where nobody gives it an ID."""
    ended = one.closed_on if one.outcome else None
    names = {"client": one.client, "objective": one.objective, "service": one.service}
    return key_fold(objective_key(row_id="", closed_on=ended, **names))


def _agrees(one: SalesObjective, key: str, was: Line) -> bool:
    """Whether first contact, service, and client or objective are the same; blanks never agree."""
    *_, begun, service = was
    if one.first_contact is None or one.first_contact != iso_day(begun):
        return False
    if not one.service or fold(one.service) != fold(str(service or "")):
        return False
    client, _, rest = key.partition(JOINT)
    names = {fold(one.client): client, fold(one.objective): rest.partition(JOINT)[0]}
    return any(name and name == old for name, old in names.items())


def iso_day(cell: Cell) -> date | None:
    """Return a day of the hidden table, where days are texts that no spreadsheet changes."""
    try:
        return date.fromisoformat(str(cell)) if cell else None
    except ValueError:
        return None
