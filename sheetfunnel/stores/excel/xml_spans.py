"""The elements of a small XML document with the byte offsets at which they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from sheetfunnel.errors import UnreadableWorkbook
from sheetfunnel.values import value

#: No part of a workbook nests its elements deeper.
DEEPEST: Final = 100

#: Each takes over half a kilobyte here; half a million merges are the most that the guard lets through.
MOST_ELEMENTS: Final = 600_000

_TAG: Final = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;"}
_TO_ESCAPE: Final = re.compile('[&<>"\n\r]')


@value
class Element:
    """One element: the bytes ``start:inner`` are its start tag, ``inner:close`` what it holds.

    ``name`` is without prefix, ``path`` are the names from the root down to it. In a document that breaks
    off, what is still open ends where the document does.
    """

    name: str
    path: tuple[str, ...]
    attributes: Mapping[str, str]
    start: int
    inner: int
    close: int
    end: int
    text: str = ""


@dataclass(slots=True)
class _Open:
    name: str
    path: tuple[str, ...]
    attributes: dict[str, str]
    start: int
    inner: int
    order: int
    text: list[str] = field(default_factory=list)


class _Outline:
    """Collects the elements that expat reports."""

    def __init__(self, data: bytes, part: str) -> None:
        self._data = data
        self._part = part
        self._parser = parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[_Open] = []
        self._found: list[Element | None] = []

    def read(self, *, whole: bool) -> list[Element]:
        try:
            self._parser.Parse(self._data, whole)
        except expat.ExpatError as error:
            raise broken_xml(self._part) from error
        for element in reversed(self._open):
            self._close(element, len(self._data), len(self._data))
        return [element for element in self._found if element]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        local = name.rpartition(":")[2]
        path = (*self._open[-1].path, local) if self._open else (local,)
        if len(path) > DEEPEST:
            raise broken_xml(self._part)
        if len(self._found) >= MOST_ELEMENTS:
            raise _too_many(self._part)
        inner = tag_end(self._data, start)
        self._open.append(_Open(local, path, attributes, start, inner, len(self._found)))
        self._found.append(None)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if self._data[element.inner - 2 : element.inner] == b"/>":
            self._close(element, element.inner, element.inner)
            return
        close = self._parser.CurrentByteIndex
        self._close(element, close, self._data.index(b">", close) + 1)

    def _text(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _close(self, e: _Open, close: int, end: int) -> None:
        self._found[e.order] = Element(
            name=e.name,
            path=e.path,
            attributes=e.attributes,
            start=e.start,
            inner=e.inner,
            close=close,
            end=end,
            text="".join(e.text),
        )


def elements(data: bytes, part: str, *, whole: bool = True) -> list[Element]:
    """Return the elements of a document in the order of their start tags.

    ``part`` names the document in messages; with ``whole=False`` it may break off.

    Raises:
        UnreadableWorkbook: it is not well-formed, or has a document type declaration.

    """
    return _Outline(data, part).read(whole=whole)


class Named(NamedTuple):
    """An element without its place: ``path`` are the names from the root down to its own."""

    path: tuple[str, ...]
    attributes: Mapping[str, str]
    text: list[str]


def named(data: bytes, part: str, names: Collection[str]) -> list[Named]:
    """Return the elements of some names; a quarter of the work of :func:`elements`, which tells places.

    Raises:
        UnreadableWorkbook: the document is not well-formed, or has a document type declaration.

    """
    found: list[Named] = []
    open_now: list[tuple[tuple[str, ...], list[str] | None]] = [((), None)]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(open_now) > DEEPEST:
            raise broken_xml(part)
        if count > MOST_ELEMENTS:
            raise _too_many(part)
        local = name.rpartition(":")[2]
        path = (*open_now[-1][0], local)
        each = Named(path, attributes, []) if local in names else None
        open_now.append((path, each.text if each else None))
        if each:
            found.append(each)

    def text(piece: str) -> None:
        kept = open_now[-1][1]
        if kept is not None:
            kept.append(piece)

    reader = parser()
    reader.StartElementHandler, reader.EndElementHandler = start, lambda _: open_now.pop()
    reader.CharacterDataHandler = text
    try:
        reader.Parse(data, True)  # noqa: FBT003 (expat's own: this is all)
    except expat.ExpatError as error:
        raise broken_xml(part) from error
    return found


def _too_many(part: str) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        f"{part} of the workbook holds over {MOST_ELEMENTS:,} elements.",
        hint="Open it in Excel or LibreOffice, save it as .xlsx under another name, use that file.",
    )


def parser(separator: str | None = None) -> expat.XMLParserType:
    """Return an expat parser that refuses document types; a separator joins namespace and name."""
    made = expat.ParserCreate(namespace_separator=separator)
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def _refuse_doctype(*_: object) -> None:
    raise doctype_refused()


def doctype_refused() -> UnreadableWorkbook:
    """Return the refusal of a document type declaration, which no spreadsheet program writes."""
    return UnreadableWorkbook(
        "The workbook holds a document type declaration, which no spreadsheet program writes.",
        hint="Do not trust this file: ask its sender for one that a spreadsheet program saved.",
    )


def broken_xml(part: str) -> UnreadableWorkbook:
    """Return the refusal of a part that is not well-formed."""
    return UnreadableWorkbook(
        f"The workbook is damaged: {part} cannot be read.",
        hint="Open it with your spreadsheet, let it be repaired, and save it; or go back to a backup.",
    )


def tag_end(data: bytes, start: int) -> int:
    """Return the offset behind the start tag that begins at ``start``."""
    match = _TAG.match(data, start)
    return match.end() if match else len(data)


def prefix_of(tag: bytes) -> bytes:
    """Return the namespace prefix of a start tag with its colon, or nothing: ``<x:row ...>`` has ``x:``."""
    name = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
    return name[: name.rfind(b":") + 1]


def attribute_text(text: str) -> bytes:
    """Return a text for use within a double-quoted attribute, in any encoding that contains ASCII."""
    escaped = _TO_ESCAPE.sub(lambda match: _ENTITIES[match[0]], text)
    return escaped.encode("ascii", "xmlcharrefreplace")


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with one attribute set; all its other bytes stay."""
    raw = attribute_text(value)
    pattern = re.compile(rb"(\s" + name.encode() + rb"""\s*=\s*)("[^"]*"|'[^']*')""")
    if match := pattern.search(tag):
        return tag[: match.end(1)] + b'"' + raw + b'"' + tag[match.end() :]
    end = len(tag[: -2 if tag.endswith(b"/>") else -1].rstrip())
    return tag[:end] + b" " + name.encode() + b'="' + raw + b'"' + tag[end:]


def spliced(data: bytes, changes: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return ``data`` with the spans (start, end) replaced; spans must not overlap."""
    return b"".join(_splice(data, sorted(changes, key=lambda change: change[:2])))


def _splice(data: bytes, changes: list[tuple[int, int, bytes]]) -> Iterator[bytes]:
    at = 0
    for start, end, new in changes:
        yield data[at:start]
        yield new
        at = end
    yield data[at:]
