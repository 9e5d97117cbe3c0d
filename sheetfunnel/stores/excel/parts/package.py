"""The parts of a workbook file, found by their relationships; unsafe files are refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from sheetfunnel.errors import ContractBroken, UnreadableWorkbook
from sheetfunnel.stores.excel.archive.entries import Entries, open_entries
from sheetfunnel.stores.excel.parts.defined_names import single_cells
from sheetfunnel.stores.excel.parts.relationships import Relationship, relationships
from sheetfunnel.stores.excel.xml_spans import Element, Named, doctype_refused, elements, named
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Place

_CONTENT_TYPES: Final = "[Content_Types].xml"
_ROOT: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?(\w+)", re.DOTALL)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@value
class Sheet:
    """One tab: its title, the part that holds it, and whether people see it.

    ``cells`` is false for a tab without cells (a chart sheet).
    """

    title: str
    part: str
    hidden: bool = False
    cells: bool = True


@value
class Package:
    """What a workbook file is made of."""

    entries: Entries
    workbook_part: str
    sheets: tuple[Sheet, ...]
    names: Mapping[str, Place]
    date1904: bool
    content_types: Mapping[str, str]
    calc_chain: bool

    def sheet(self, title: str) -> Sheet:
        """Return the tab with this title.

        Raises:
            ContractBroken: there is none.

        """
        for sheet in self.sheets:
            if sheet.title == title:
                return sheet
        raise ContractBroken(
            f"The workbook has no tab “{title}”.", hint="Undo the renaming or the deletion of the tab."
        )


def open_package(path: Path) -> Package:
    """Return what the workbook at ``path`` is made of.

    Raises:
        UnreadableWorkbook: it is not a workbook that can be edited safely.

    """
    entries = open_entries(path)
    types = _content_types(entries)
    part = _main_part(entries, types)
    links = {link.key: link for link in relationships(entries, part)}
    _refuse_unsafe(entries, links)
    outline = named(entries.whole(part) or b"", part, {"sheet", "definedName", "workbookPr"})
    sheets = tuple(_sheets(entries, outline, links))
    return Package(
        entries=entries,
        workbook_part=part,
        sheets=sheets,
        names=single_cells(_named(outline, "definedName"), [sheet.title for sheet in sheets]),
        date1904=any(_is_true(found.attributes.get("date1904")) for found in _named(outline, "workbookPr")),
        content_types=types,
        calc_chain=any(link.kind == "calcChain" for link in links.values()),
    )


def _named(outline: list[Named], name: str) -> list[Named]:
    return [element for element in outline if element.path[-1] == name and element.path[0] == "workbook"]


def _is_true(value: str | None) -> bool:
    return value in {"1", "true"}


def _content_types(entries: Entries) -> dict[str, str]:
    raw = entries.whole(_CONTENT_TYPES)
    if raw is None:
        raise _not_a_workbook(entries)
    outline = elements(raw, _CONTENT_TYPES)
    defaults = _types(outline, "Default", "Extension")
    overrides = _types(outline, "Override", "PartName")
    return {
        entry.filename: overrides.get(plain) or defaults.get(plain.rpartition(".")[2], "")
        for plain, entry in entries.by_part.items()
    }


def _types(outline: list[Element], name: str, key: str) -> dict[str, str]:
    found = (element.attributes for element in outline if element.name == name)
    return {each.get(key, "").lstrip("/").casefold(): each.get("ContentType", "") for each in found}


def _main_part(entries: Entries, types: Mapping[str, str]) -> str:
    for link in relationships(entries, ""):
        entry = entries.find(link.part) if link.kind == "officeDocument" else None
        kind = types[entry.filename] if entry else ""
        if "sheet.binary" in kind:
            raise UnreadableWorkbook(
                f"“{entries.path.name}” is a binary workbook (.xlsb).", hint="Save it as .xlsx."
            )
        if (
            entry
            and kind.endswith("main+xml")
            and "wordprocessing" not in kind
            and "presentation" not in kind
        ):
            return link.part
    raise _not_a_workbook(entries)


def _not_a_workbook(entries: Entries) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        f"“{entries.path.name}” is not an Excel workbook.",
        hint="Choose a file that your spreadsheet saved as .xlsx.",
    )


def _refuse_unsafe(entries: Entries, links: Mapping[str, Relationship]) -> None:
    kinds = {link.kind for link in (*relationships(entries, ""), *links.values())}
    if "origin" in kinds or any(plain.startswith("_xmlsignatures/") for plain in entries.by_part):
        raise UnreadableWorkbook(
            f"“{entries.path.name}” has a digital signature, and any change would break it.",
            hint="Save a copy without the signature and use that.",
        )
    if "revisionHeaders" in kinds or any(plain.startswith("xl/revisions/") for plain in entries.by_part):
        raise UnreadableWorkbook(
            f"“{entries.path.name}” is a shared workbook of the old kind, which keeps a log of every change.",
            hint="In Excel choose Review, Unshare Workbook, and save it.",
        )


def _sheets(entries: Entries, outline: list[Named], links: Mapping[str, Relationship]) -> Iterator[Sheet]:
    seen: set[str] = set()
    for element in _named(outline, "sheet"):
        if element.path != ("workbook", "sheets", "sheet"):
            continue
        title = element.attributes.get("name", "")
        key = next((v for k, v in element.attributes.items() if k.rpartition(":")[2] == "id"), "")
        link = links.get(key)
        if link is None or entries.find(link.part) is None or title.casefold() in seen:
            raise UnreadableWorkbook(
                f"The workbook is damaged: its tab “{title}” is missing or there twice.",
                hint="Open it with your spreadsheet, let it be repaired, and save it.",
            )
        seen.add(title.casefold())
        _refuse_encoding(entries, link.part)
        if link.kind == "worksheet":
            _refuse_other_parts(entries, link.part, title)
        hidden = element.attributes.get("state", "visible") != "visible"
        yield Sheet(title=title, part=link.part, hidden=hidden, cells=link.kind == "worksheet")


def _refuse_other_parts(entries: Entries, part: str, title: str) -> None:
    """Refuse a tab whose part is no sheet: the reader takes it for a blank one."""
    root = _ROOT.match(entries.start(entries.at(part)))
    if root and root[1] != b"worksheet":
        raise UnreadableWorkbook(
            f"The workbook is damaged: what is kept as its tab “{title}” is no sheet.",
            hint="Open it with your spreadsheet, let it be repaired, and save it; or go back to a backup.",
        )


def _refuse_encoding(entries: Entries, part: str) -> None:
    start = entries.start(entries.at(part))
    if start.startswith(_WIDE):
        raise UnreadableWorkbook(
            "A tab of this workbook is written in UTF-16, as no spreadsheet program does.",
            hint="Open it with your spreadsheet and save it as .xlsx.",
        )
    if b"<!DOCTYPE" in start:
        raise doctype_refused()
