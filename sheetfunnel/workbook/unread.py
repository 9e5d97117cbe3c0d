"""A cell that could not be read, as a value: a bad cell never stops a run."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from sheetfunnel.findings import Code, Param, Remark, remark
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell

#: How much of a cell's text a sentence repeats.
_SHOWN = 60


@value
class Unread:
    """What stands in place of a value that could not be read: the sentence that says why."""

    remark: Remark


def unread(code: Code, cell: Cell, **params: Param) -> Unread:
    """Return the mark for a cell that could not be read; the sentence shows the cell as it stands."""
    return Unread(remark=remark(code, shown=shown(cell), **params))


def shown(cell: Cell) -> str:
    """Return a cell on one line and cut short, as a sentence repeats it."""
    line = " ".join(read_text(cell).split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def read_text(cell: Cell) -> str:
    """Return a cell as a person sees it: 42.0 is ``42``, a date is ISO, a text loses outer spaces only."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return _plain(cell)


def _plain(number: float | Decimal) -> str:
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not exact.is_finite():
        return str(number)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
