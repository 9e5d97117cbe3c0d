"""Whether a cell that was read holds what was planned for it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from sheetfunnel.stores.excel.sheet.cells_xml import NOT_A_NUMBER, number_text, serial
from sheetfunnel.workbook.contract import Cell, Untouched
from sheetfunnel.workbook.held import fitted

_CLOCK: Final = re.compile(r"-?\d+:\d\d:\d\d(\.\d+)?")
_ALMOST: Final = timedelta(milliseconds=2)  # the reader rounds moments to a thousandth of a second
_ALMOST_DAYS: Final = _ALMOST / timedelta(days=1)


def reads_as(read: Cell, planned: Cell | Untouched, *, date1904: bool) -> bool:
    """Whether a cell reads as planned, through whatever number format a person gave it."""
    if isinstance(planned, Untouched):
        return False
    if planned is None or planned == "":
        return read is None
    if isinstance(planned, str):
        return isinstance(read, str) and read == fitted(planned)
    if isinstance(planned, bool) or isinstance(read, bool):
        return read is planned
    if isinstance(planned, date):
        number = serial(planned, date1904=date1904)
        return read == planned.isoformat() if number is None else _is_number(read, number, date1904=date1904)
    text = number_text(planned)
    return read == NOT_A_NUMBER if text is None else _is_number(read, float(text), date1904=date1904)


def _is_number(read: Cell, planned: float, *, date1904: bool) -> bool:
    if isinstance(read, (int, float)):
        return read == planned
    if isinstance(read, (date, datetime)):
        number = serial(read, date1904=date1904)
        return number is not None and abs(number - planned) <= _ALMOST_DAYS
    return isinstance(read, str) and _CLOCK.fullmatch(read) is not None
