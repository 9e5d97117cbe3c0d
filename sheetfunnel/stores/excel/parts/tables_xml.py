"""Table parts (``xl/tables``): their bounds grow with appended rows."""

from __future__ import annotations

from collections.abc import Iterable

from sheetfunnel.stores.excel.parts.boxes import box
from sheetfunnel.stores.excel.parts.extend import Growth, grown_range
from sheetfunnel.stores.excel.xml_spans import elements, spliced, with_attribute


def grown_table(raw: bytes, part: str, growths: Iterable[Growth]) -> bytes:
    """Return a table part with its range and its filter grown over appended rows.

    A table with a totals row stays, and so does one without all of the new rows' columns.
    """
    outline = elements(raw, part)
    root = outline[0]
    cells = box(root.attributes.get("ref", ""))
    if cells is None or root.attributes.get("totalsRowCount", "0") != "0":
        return raw
    fitting = [each for each in growths if each.holds_columns(cells)]
    splices = []
    for element in outline:
        ref = element.attributes.get("ref", "")
        new = grown_range(ref, fitting)
        if new != ref and element.path[1:] in {(), ("autoFilter",)}:
            tag = with_attribute(raw[element.start : element.inner], "ref", new)
            splices.append((element.start, element.inner, tag))
    return spliced(raw, splices)
