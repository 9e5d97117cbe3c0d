"""Opens a workbook for the reader, whatever its name is made of."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def opened(path: Path) -> CalamineWorkbook:
    """Return an open workbook; the reader takes no name that is not UTF-8, and gets the bytes instead."""
    from python_calamine import CalamineWorkbook

    try:
        str(path).encode()
    except UnicodeEncodeError:
        return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    return CalamineWorkbook.from_path(path)
