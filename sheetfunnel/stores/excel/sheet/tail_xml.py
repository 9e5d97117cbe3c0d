"""What follows the rows of a sheet: merges, links, filters, validation and conditional formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sheetfunnel.stores.excel.parts.boxes import Box, box
from sheetfunnel.stores.excel.parts.extend import Growth, grown_range, grown_ranges, growths
from sheetfunnel.stores.excel.sheet.pieces import Head
from sheetfunnel.stores.excel.xml_spans import (
    Element,
    attribute_text,
    elements,
    spliced,
    with_attribute,
)
from sheetfunnel.workbook.contract import Change, Place, ReplaceTable
from sheetfunnel.workbook.layout import letters

_Splice = tuple[int, int, bytes]

#: What may follow the links in a sheet, as the standard orders it.
_BEHIND_LINKS: Final = frozenset(
    [
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    ]
)
_MOST_LINKS: Final = 65_530
_LONGEST_DISPLAY: Final = 255
_VALIDATION: Final = "dataValidation"
_FORMATTING: Final = "conditionalFormatting"


def merges(head: Head, tail: bytes) -> list[Box]:
    """Return the ranges of merged cells."""
    if b"mergeCell" not in tail:
        return []
    outline = elements(_opening(head) + tail, "a tab")
    found = (box(each.attributes.get("ref", "")) for each in outline if each.name == "mergeCell")
    return [each for each in found if each]


def edited_tail(head: Head, tail: bytes, changes: Sequence[Change]) -> bytes:
    """Return the tail with the links of replaced tables, and with ranges grown over appended rows."""
    tables = [change for change in changes if isinstance(change, ReplaceTable)]
    appended = growths(changes)
    has_links = any(table.links for table in tables) or b"hyperlink " in tail or b"hyperlink\n" in tail
    if not appended and not (tables and has_links):
        return tail
    opening = _opening(head)
    data = opening + tail
    outline = elements(data, "a tab")
    splices = [*_links(head, data, outline, tables), *_grown(data, outline, appended)]
    return spliced(data, splices)[len(opening) :]


def _opening(head: Head) -> bytes:
    return head.root + b"<%bsheetData>" % head.prefix


def _links(head: Head, data: bytes, outline: list[Element], tables: list[ReplaceTable]) -> Iterator[_Splice]:
    group = next((each for each in outline if each.path[1:] == ("hyperlinks",)), None)
    old = [each for each in outline if each.path[1:] == ("hyperlinks", "hyperlink")]
    gone = [each for each in old if any(_is_inside(each, table) for table in tables)]
    room = _MOST_LINKS - len(old) + len(gone)
    new = [link for table in tables for link in _new_links(head.prefix, table)][:room]
    if group and not new and len(gone) == len(old):
        yield group.start, group.end, b""
    elif group:
        yield from ((each.start, each.end, b"") for each in gone)
        yield group.close, group.close, b"".join(new)
    elif new:
        x, at = head.prefix, _place_for_links(data, outline)
        yield at, at, b"<%bhyperlinks>%b</%bhyperlinks>" % (x, b"".join(new), x)


def _is_inside(link: Element, table: ReplaceTable) -> bool:
    """Whether a link belongs to cells that the table has, or had before."""
    cells = box(link.attributes.get("ref", ""))
    last = table.first_row + max(len(table.rows), table.old_rows) - 1
    if cells is None or not table.first_row <= cells.top <= cells.bottom <= last:
        return False
    return set(range(cells.left, cells.right + 1)) <= set(table.columns)


def _new_links(prefix: bytes, table: ReplaceTable) -> Iterator[bytes]:
    for (row, column), place in sorted(table.links.items()):
        ref = f"{letters(table.columns[column])}{table.first_row + row}"
        shown = table.rows[row][column]
        display = attribute_text(shown) if isinstance(shown, str) and len(shown) <= _LONGEST_DISPLAY else b""
        yield b'<%bhyperlink ref="%b" location="%b"%b/>' % (
            prefix,
            ref.encode(),
            attribute_text(_location(place)),
            b' display="%b"' % display if display else b"",
        )


def _location(place: Place) -> str:
    quoted = place.tab.replace("'", "''")
    return f"'{quoted}'!{letters(place.column)}{place.row}"


def _place_for_links(data: bytes, outline: list[Element]) -> int:
    direct = [each for each in outline if len(each.path) == 2]  # noqa: PLR2004 (root and child)
    behind = (each.start for each in direct if each.name in _BEHIND_LINKS)
    return next(behind, data.rindex(b"</"))


def _grown(data: bytes, outline: list[Element], appended: Sequence[Growth]) -> Iterator[_Splice]:
    if not appended:
        return
    validated = [cells for each in outline for cells in _validated(each)]
    for each in outline:
        taken = validated if _VALIDATION in each.path else []
        if each.path[1:] == ("autoFilter",):
            new = grown_range(each.attributes.get("ref", ""), appended)
            yield from _attribute(data, each, "ref", new)
        elif each.name in {_VALIDATION, _FORMATTING} and "sqref" in each.attributes:
            yield from _attribute(
                data, each, "sqref", grown_ranges(each.attributes["sqref"], appended, taken)
            )
        elif each.name == "sqref" and each.path[-2] in {_VALIDATION, _FORMATTING}:
            new = grown_ranges(each.text, appended, taken)
            yield from [(each.inner, each.close, new.encode())] if new != each.text else []


def _validated(each: Element) -> Iterator[Box]:
    is_extension = each.name == "sqref" and _VALIDATION in each.path
    text = each.text if is_extension else each.attributes.get("sqref", "") if each.name == _VALIDATION else ""
    yield from (cells for part in text.split() if (cells := box(part)))


def _attribute(data: bytes, each: Element, name: str, value: str) -> Iterator[_Splice]:
    if each.attributes.get(name) not in {None, value}:
        yield each.start, each.inner, with_attribute(data[each.start : each.inner], name, value)
