"""A workbook written so that nothing is left of what was blanked: no shared text, no copy."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Final
from xml.parsers import expat

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.stores.excel.archive.rebuild import rebuild
from sheetfunnel.stores.excel.archive.sink import Sink
from sheetfunnel.stores.excel.parts.package import Package, open_package
from sheetfunnel.stores.excel.parts.relationships import relationships
from sheetfunnel.stores.excel.publishing.building import Building
from sheetfunnel.stores.excel.publishing.differing import differs
from sheetfunnel.stores.excel.publishing.publish import Steps
from sheetfunnel.stores.excel.texts import Found, TextWatch
from sheetfunnel.stores.excel.xml_spans import broken_xml, parser, prefix_of, spliced, tag_end
from sheetfunnel.tables.grid import each_tab
from sheetfunnel.workbook.contract import Snapshot, WritePlan

_SHEETS: Final = "sheet+xml"


def purging_steps(
    target: Path, before: Snapshot, plan: WritePlan, still_as_read: Callable[[Path], None]
) -> Steps:
    """Return the steps of publishing that leave nothing behind of what the plan blanks, not even a backup.

    Until the new file is in its place, the old one is the safety.
    """
    return Steps(
        build=lambda new: _build(target, new, before, plan),
        check=lambda _: None,  # each of the two files was checked against the one before it
        keep=lambda: None,
        still_as_read=still_as_read,
    )


def _build(target: Path, new: Path, before: Snapshot, plan: WritePlan) -> None:
    edited = new.with_name(f"{new.name.removesuffix('.tmp')}-edited.tmp")
    try:
        edited.touch(mode=0o600)
        building = Building(target, before, plan)
        building.build(edited)
        building.check(edited)
        part = empty_unused_texts(edited, new)
        _check_texts_only(edited, new, part)
    finally:
        edited.unlink(missing_ok=True)


def empty_unused_texts(source: Path, target: Path) -> str:
    """Write to ``target`` the workbook at ``source`` with each shared text emptied that no cell uses.

    A text is emptied in its place, so that the others keep their indexes. Return the name of the part of
    shared texts; nothing if there is none.

    Raises:
        UnreadableWorkbook: a part is damaged.

    """
    package = open_package(source)
    link = next(
        (
            each
            for each in relationships(package.entries, package.workbook_part)
            if each.kind == "sharedStrings"
        ),
        None,
    )
    entry = package.entries.find(link.part) if link else None
    if entry is None:
        rebuild(package.entries, target, {})
        return ""
    raw = b"".join(package.entries.pieces(entry))
    new = _without_unused(raw, _used(package), entry.filename)
    rebuild(package.entries, target, {} if new == raw else {entry.filename: partial(_replace, new)})
    return entry.filename


def _replace(data: bytes, sink: Sink) -> None:
    sink.write(data)


def _used(package: Package) -> set[int]:
    """Return the indexes of the shared texts that any cell of any tab shows."""
    linked = {package.entries.at(sheet.part).filename for sheet in package.sheets}
    typed = {name for name, kind in package.content_types.items() if kind.lower().endswith(_SHEETS)}
    used: set[int] = set()
    for name in linked | typed:
        watch = TextWatch()
        for piece in (*package.entries.pieces(package.entries.at(name)), b""):
            cells = (each for each in _read(watch, piece, name) if each.attributes.get("t") == "s")
            used |= {
                int(each.text) for each in cells if each.element == "c" and each.text.strip().isdecimal()
            }
    return used


def _read(watch: TextWatch, piece: bytes, part: str) -> Iterator[Found]:
    try:
        yield from watch.read(piece)
    except expat.ExpatError as error:
        raise broken_xml(part) from error


def _without_unused(raw: bytes, used: set[int], part: str) -> bytes:
    spans = _texts(raw, part)
    changes = []
    for index, (start, close) in enumerate(spans):
        inner = tag_end(raw, start)
        empty = b"<%bt/>" % prefix_of(raw[start:inner])
        if index not in used and close > inner and raw[inner:close] != empty:
            changes.append((inner, close, empty))
    return spliced(raw, changes)


def _texts(raw: bytes, part: str) -> list[tuple[int, int]]:
    """Return where each shared text begins, and where its end tag does."""
    if not raw.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
        raise UnreadableWorkbook(
            f"{part} of the workbook is not written in UTF-8.",
            hint="Open it with your spreadsheet, save it as .xlsx, and try again.",
        )
    watch = parser()
    spans: list[tuple[int, int]] = []
    open_at: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            open_at.append(watch.CurrentByteIndex)

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "si":
            begin = open_at.pop()
            closed = raw[tag_end(raw, begin) - 2 : tag_end(raw, begin)] == b"/>"
            spans.append((begin, tag_end(raw, begin) if closed else watch.CurrentByteIndex))

    watch.StartElementHandler, watch.EndElementHandler = start, end
    try:
        watch.Parse(raw, True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        raise broken_xml(part) from error
    return spans


def _check_texts_only(old: Path, new: Path, part: str) -> None:
    """Refuse a new file that differs from the old one in more than texts which no cell shows."""
    before, after = _checksums(old), _checksums(new)
    changed = {name for name, _ in before.items() ^ after.items()}
    if before.keys() != after.keys() or not changed <= {part}:
        raise differs(", ".join(sorted(changed - {part})))
    if not changed:
        return
    for (title, was), (_, now) in zip(each_tab(old), each_tab(new), strict=True):
        if any(one != other for one, other in zip_longest(was, now)):
            raise differs(f"the tab “{title}”")


def _checksums(path: Path) -> dict[str, tuple[int, int]]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: (info.CRC, info.file_size) for info in archive.infolist()}
