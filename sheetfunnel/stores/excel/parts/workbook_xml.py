"""The workbook part: that formulas are to be calculated anew, and the ranges of filters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sheetfunnel.stores.excel.parts.boxes import box
from sheetfunnel.stores.excel.parts.extend import Growth, grown_range
from sheetfunnel.stores.excel.xml_spans import Element, elements, prefix_of, spliced, with_attribute

_FILTER: Final = "_xlnm._FilterDatabase"
_BEFORE_CALCULATION: Final = frozenset({"sheets", "functionGroups", "externalReferences", "definedNames"})
_LAST_ROW: Final = re.compile(rb"\d+$")
_Splice = tuple[int, int, bytes]


def edited_workbook(raw: bytes, part: str, growths: Mapping[int, Sequence[Growth]]) -> bytes:
    """Return the workbook part so that Excel calculates every formula when it opens the file.

    ``growths`` are those of each tab, by its index (0 for the first).
    """
    outline = elements(raw, part)
    return spliced(raw, [*_recalculation(raw, outline), *_filters(raw, outline, growths)])


def _recalculation(raw: bytes, outline: list[Element]) -> Iterator[_Splice]:
    for each in outline:
        if each.path[1:] == ("calcPr",):
            if each.attributes.get("fullCalcOnLoad") not in {"1", "true"}:
                tag = with_attribute(raw[each.start : each.inner], "fullCalcOnLoad", "1")
                yield each.start, each.inner, tag
            return
    before = [each for each in outline if len(each.path) == 2 and each.name in _BEFORE_CALCULATION]  # noqa: PLR2004 (root and child)
    at = max(each.end for each in before)
    prefix = prefix_of(raw[before[0].start : before[0].inner])
    yield at, at, b'<%bcalcPr fullCalcOnLoad="1"/>' % prefix


def _filters(
    raw: bytes, outline: list[Element], growths: Mapping[int, Sequence[Growth]]
) -> Iterator[_Splice]:
    for each in outline:
        index = each.attributes.get("localSheetId", "")
        if each.name != "definedName" or each.attributes.get("name") != _FILTER or not index.isdigit():
            continue
        cells = each.text.rpartition("!")[2].replace("$", "")
        grown = box(grown_range(cells, growths.get(int(index), ())))
        if grown and str(grown) != cells:
            text = raw[each.inner : each.close].rstrip()
            yield each.inner, each.close, _LAST_ROW.sub(b"%d" % grown.bottom, text)
