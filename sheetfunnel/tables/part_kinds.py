"""Which parts of a workbook file somebody parses, and which may be as large as the data."""

from __future__ import annotations

from zipfile import ZipInfo


def is_sheet(info: ZipInfo) -> bool:
    """Whether the reader takes this part for a sheet, whatever its extension and its root element."""
    name = info.filename.replace("\\", "/").casefold()
    return "worksheets/" in name and not name.endswith((".rels", "/"))


def is_texts(info: ZipInfo) -> bool:
    """Whether this part holds the texts that cells share."""
    return info.filename.casefold().endswith("sharedstrings.xml")


def is_bulk(info: ZipInfo) -> bool:
    """Whether this part grows with the data."""
    return is_sheet(info) or is_texts(info) or "pivotcache" in info.filename.casefold()


def is_read(info: ZipInfo) -> bool:
    """Whether somebody here parses this part (nobody looks into the caches of pivot tables)."""
    name = info.filename.casefold()
    return is_sheet(info) or (name.endswith((".xml", ".rels")) and "pivotcache" not in name)
