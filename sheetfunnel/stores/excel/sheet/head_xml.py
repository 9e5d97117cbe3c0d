"""The beginning of a sheet: its dimension and the formats of its columns."""

from __future__ import annotations

from sheetfunnel.stores.excel.parts.boxes import Box, box
from sheetfunnel.stores.excel.sheet.pieces import Head
from sheetfunnel.stores.excel.xml_spans import attribute_text, elements, spliced, with_attribute


def fitted_head(head: Head, written: Box | None) -> bytes:
    """Return the head with a dimension that holds what is written."""
    if written is None:
        return head.raw
    for element in elements(head.raw, "a tab", whole=False):
        used = box(element.attributes.get("ref", "")) if element.path[1:] == ("dimension",) else None
        if used and used.around(written) != used:
            tag = with_attribute(head.raw[element.start : element.inner], "ref", str(used.around(written)))
            return spliced(head.raw, [(element.start, element.inner, tag)])
    return head.raw


def column_styles(head: Head, columns: tuple[int, ...]) -> dict[int, bytes]:
    """Return the style attributes of the columns that have a format of their own."""
    styles: dict[int, bytes] = {}
    for element in elements(head.raw, "a tab", whole=False):
        if element.path[1:] != ("cols", "col") or "style" not in element.attributes:
            continue
        first, last = (int(element.attributes.get(key, "0")) for key in ("min", "max"))
        style = b' s="%b"' % attribute_text(element.attributes["style"])
        styles.update((column, style) for column in columns if first <= column <= last)
    return styles
