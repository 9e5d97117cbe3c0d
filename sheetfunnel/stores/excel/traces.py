"""Where a name stands in a workbook file: in cells, comments, links, drawings, properties and stores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat
from zipfile import ZipInfo

from sheetfunnel.funnel.text import fold
from sheetfunnel.stores.excel.parts.boxes import box
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.parts.relationships import relationships
from sheetfunnel.stores.excel.texts import Found, TextWatch
from sheetfunnel.workbook.forgetting import Stand, Trace

_READ: Final = (".xml", ".rels", ".vml")
_MARKUP: Final = re.compile(r"<[^>]*>")

#: What a part holds, by the end of its content type.
_KINDS: Final[Mapping[str, Stand]] = {
    "comments+xml": Stand.COMMENT,
    "threadedcomments+xml": Stand.COMMENT,
    "person+xml": Stand.AUTHORS,
    "drawing+xml": Stand.DRAWING,
    "vmldrawing": Stand.DRAWING,
    "chart+xml": Stand.DRAWING,
    "table+xml": Stand.TABLE,
    "properties+xml": Stand.PROPERTIES,
    "externallink+xml": Stand.EXTERNAL,
    "relationships+xml": Stand.LINK,
    "sheet+xml": Stand.TAB,
}


def traces(path: Path, name: str, *, tab: str = "", rows: Collection[int] = ()) -> list[Trace]:
    """Return where a name stands in the file at ``path``, each place once, in the order of its parts.

    Case and accents do not count; a name within a longer word is none. The comments and links on ``rows``
    of a tab are places to look at whatever they say. Pictures and embedded documents are not looked into.

    Raises:
        UnreadableWorkbook: the file is damaged.

    """
    search = _Search(package=open_package(path), wanted=_pattern(name), tab=tab, rows=frozenset(rows))
    found = {(each.stand, each.tab, each.cell, each.part): each for each in search.run()}
    return list(found.values())


def holds(path: Path, name: str, *, alone: bool = False) -> bool:
    """Whether a name stands anywhere in a file; ``alone``: as the whole text of something, such as a cell."""
    wanted = re.compile(rf"\A{re.escape(fold(name))}\Z") if alone else _pattern(name)
    search = _Search(package=open_package(path), wanted=wanted)
    return next(search.run(), None) is not None


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")


@dataclass(slots=True, kw_only=True)
class _Search:
    """One look through a file; shared texts come first, so that the cells that show them are known."""

    package: Package
    wanted: re.Pattern[str]
    tab: str = ""
    rows: frozenset[int] = frozenset()
    _shared: set[int] = field(default_factory=set)
    _shown: set[int] = field(default_factory=set)
    _tabs: dict[str, str] = field(default_factory=dict)

    def run(self) -> Iterator[Trace]:
        self._tabs = dict(_owners(self.package))
        entries = [entry for entry in self.package.entries.all if entry.filename.lower().endswith(_READ)]
        texts = [entry for entry in entries if self._kind(entry).endswith("sharedstrings+xml")]
        for entry in texts:
            self._shared |= {found.index for found in self._found(entry)}
        for entry in entries:
            if entry not in texts:
                yield from self._traces(entry)
        if self._shared - self._shown:  # what no cell shows stands in the file all the same
            yield from (Trace(stand=Stand.OTHER, part=entry.filename) for entry in texts)

    def _kind(self, entry: ZipInfo) -> str:
        return self.package.content_types.get(entry.filename, "").lower()

    def _traces(self, entry: ZipInfo) -> Iterator[Trace]:
        kind = self._kind(entry)
        stand = next((stand for end, stand in _KINDS.items() if kind.endswith(end)), Stand.OTHER)
        stand = Stand.PIVOT if "pivot" in kind else stand
        tab = self._tabs.get(entry.filename.casefold(), "")
        for found in self._found(entry):
            yield self._trace(found, stand, tab, entry.filename)

    def _trace(self, found: Found, stand: Stand, tab: str, part: str) -> Trace:
        cell = found.attributes.get("r" if found.element == "c" else "ref", "")
        if found.element == "definedName":
            return Trace(stand=Stand.NAME, cell=found.attributes.get("name", ""))
        if found.element == "sheet" and "name" in found.attributes:
            return Trace(stand=Stand.TAB, tab=found.attributes["name"])
        if found.element == "c" and tab and cell:
            return Trace(stand=Stand.CELL, tab=tab, cell=cell)
        if found.element == "hyperlink":
            return Trace(stand=Stand.LINK, tab=tab, cell=cell)
        if stand is Stand.COMMENT:
            return Trace(stand=stand, tab=tab, cell=cell)
        return Trace(stand=stand, tab=tab, part="" if tab or stand is not Stand.OTHER else part)

    def _found(self, entry: ZipInfo) -> Iterator[Found]:
        watch = TextWatch()
        try:
            for piece in self.package.entries.pieces(entry):
                yield from (found for found in watch.read(piece) if self._counts(found, entry))
            yield from (found for found in watch.read(b"") if self._counts(found, entry))
        except expat.ExpatError:  # old drawings are not well-formed: their words are looked at in one
            whole = self.package.entries.whole(entry.filename) or b""
            text = _MARKUP.sub(" ", whole.decode("utf-8", "replace"))
            if self._says(text):
                yield Found(element="", text=text)

    def _counts(self, found: Found, entry: ZipInfo) -> bool:
        if found.element == "c" and found.attributes.get("t") == "s":
            index = int(found.text) if found.text.strip().isdecimal() else -1
            if index in self._shared:
                self._shown.add(index)
                return True
            return False
        return self._says(found.text) or self._is_on_rows(found, entry)

    def _says(self, text: str) -> bool:
        return not text.isdecimal() and self.wanted.search(fold.__wrapped__(text)) is not None

    def _is_on_rows(self, found: Found, entry: ZipInfo) -> bool:
        if found.element not in {"comment", "threadedComment", "hyperlink"} or not self.rows:
            return False
        cells = box(found.attributes.get("ref", ""))
        here = self._tabs.get(entry.filename.casefold(), "") == self.tab
        return here and cells is not None and any(cells.top <= row <= cells.bottom for row in self.rows)


def _owners(package: Package) -> Iterator[tuple[str, str]]:
    """Yield each part that belongs to one tab, folded, with the title of the tab."""
    for sheet in package.sheets:
        waiting, seen = [sheet.part], set[str]()
        while waiting:
            part = waiting.pop()
            entry = package.entries.find(part)
            if entry is None or part in seen:
                continue
            seen.add(part)
            yield entry.filename.casefold(), sheet.title
            folder, _, name = entry.filename.rpartition("/")
            yield f"{folder}/_rels/{name}.rels".casefold(), sheet.title
            waiting += [
                link.part for link in relationships(package.entries, part) if link.kind not in _SHARED_BY_TABS
            ]


_SHARED_BY_TABS: Final = frozenset({"pivotCacheDefinition", "slicerCache", "image", "theme"})
