"""Which styles of a workbook make a day of a number: the reader is asked, as it alone decides that.

It is given the workbook with other sheets: one cell for each style, all with the same number.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Final

from sheetfunnel.tables.grid import first_tab
from sheetfunnel.tables.guard import Parts
from sheetfunnel.tables.part_kinds import is_bulk, is_read, is_sheet

#: A number that is a day in any year of a calendar, and its fraction a time of that day.
_NUMBER: Final = 46_034
_STYLES: Final = "xl/styles.xml"
#: A workbook has some dozens of styles, at times thousands; those beyond are left to the reader.
_MOST: Final = 4_096
#: Larger parts are none of those in which the reader looks.
_LARGEST: Final = 16 << 20
_SHEET: Final = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>'
    "</worksheet>"
)
_ROW: Final = f'<row r="%d"><c r="A%d" s="%d"><v>{_NUMBER}</v></c></row>'


def style_days(parts: Parts) -> Sequence[int | None]:
    """Return for each style the ordinal of the day 0, if it makes days of numbers.

    It is 0 for a style in which a number stands for itself, ``None`` for one of other kinds (durations).
    Parts that are no sheets are known to be harmless by now.
    """
    content = {
        info.filename: b"".join(parts.pieces(info))
        for info in parts.archive.infolist()
        if is_read(info) and not is_bulk(info) and info.file_size <= _LARGEST
    }
    count = min(content.get(_STYLES, b"").count(b"<xf"), _MOST) + 1
    sheet = _SHEET % "".join(_ROW % (at + 1, at + 1, at) for at in range(count))
    content |= {info.filename: sheet.encode() for info in parts.archive.infolist() if is_sheet(info)}
    return [_day_zero(row[0]) for row in first_tab(_zipped(content))]


def _day_zero(value: object) -> int | None:
    if isinstance(value, date):
        return value.toordinal() - _NUMBER
    return 0 if value == _NUMBER else None


def _zipped(content: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in content.items():
            archive.writestr(
                zipfile.ZipInfo(name), data
            )  # else its time is that of a clock that may be wrong
    file.seek(0)
    return file
