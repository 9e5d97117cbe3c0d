"""The names of a workbook that point at a single cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sheetfunnel.stores.excel.xml_spans import Named
from sheetfunnel.workbook.contract import Place
from sheetfunnel.workbook.layout import address

_CELL: Final = re.compile("[A-Z]{1,3}[0-9]{1,7}")
_POINTER: Final = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)")


def single_cells(names: Iterable[Named], titles: Iterable[str]) -> Mapping[str, Place]:
    """Return the defined names that point at exactly one cell of a tab of this workbook.

    A name that holds for one tab only (Excel makes such names when a tab is copied) counts where no name
    of the whole workbook is written the same. Ranges, formulas, other workbooks, ``#REF!`` and Excel's own
    names are left out.
    """
    by_title = {title.casefold(): title for title in titles}
    found: dict[str, Place] = {}
    for element in sorted(names, key=lambda name: "localSheetId" in name.attributes):
        name = element.attributes.get("name", "")
        place = _place("".join(element.text), by_title)
        if place and not name.startswith("_xlnm."):
            found.setdefault(name, place)
    return found


def _place(formula: str, titles: Mapping[str, str]) -> Place | None:
    match = _POINTER.fullmatch(formula.strip())
    if match is None:
        return None
    title = titles.get((match[1] or match[2]).replace("''", "'").casefold())
    first, _, last = match[3].replace("$", "").upper().partition(":")
    if title is None or last not in {"", first} or not _CELL.fullmatch(first):
        return None
    row, column = address(first)
    return Place(tab=title, row=row, column=column)
