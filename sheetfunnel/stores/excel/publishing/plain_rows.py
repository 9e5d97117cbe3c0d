"""Rows of a sheet in the usual dialect beside what was planned for them: many at once, and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import repeat
from typing import Final, NamedTuple

from sheetfunnel.stores.excel.publishing.reads_as import reads_as
from sheetfunnel.workbook.contract import KEEP, Cell, Untouched

_TAG: Final = re.compile(rb"<row[^<>]*>")
_OURS: Final = re.compile(rb' (?:spans|ht)="[^"]*"|/(?=>$)')
_NEW_ROWS: Final = re.compile(rb'(?:<row r="\d+"(?: s="\d+" customFormat="1")?(?: ht="\d+")?>(?:</row>)?)*')
_TEXT: Final = re.compile(rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>')
_BARE: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NUMBER: Final = (b"", b' t="n"')
_INLINE: Final = b' t="inlineStr"'
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
#: What splitting a row at its planned cells yields for each: what stands before it, and five groups.
_GROUPS: Final = 6


class Touched(NamedTuple):
    """A row of the new sheet, the same one of the old (if there was one), and the values planned for it.

    ``names`` are the letters of the planned columns.
    """

    number: int
    old: bytes | None
    new: bytes
    names: tuple[bytes, ...]
    values: Sequence[Cell | Untouched]


def plainly_as_planned(rows: Sequence[Touched], cells: re.Pattern[bytes]) -> bool:
    """Whether rows are at first sight as planned; if not, each is to be looked at on its own.

    ``cells`` splits a row at its planned cells. Rows are at first sight right if every planned cell stood in
    the old row too (or there was none), with the same style, and the rest did not change.
    """
    if not rows:
        return True
    names, is_made = rows[0].names, rows[0].old is None
    if any(row.names != names or (row.old is None) != is_made for row in rows):
        return False
    new = cells.split(b"</row>".join([row.new for row in rows]))
    if not _has_all(new, rows):
        return False
    if is_made:
        old, kept = [], is_new(b"".join(new[::_GROUPS]))
    else:
        old = cells.split(b"</row>".join([row.old or b"" for row in rows]))
        kept = _is_kept(old, new)
    return kept and _hold(rows, old, new)


def _has_all(pieces: Sequence[bytes], rows: Sequence[Touched]) -> bool:
    """Whether the cells of the pieces are just the planned ones of these rows, in their order."""
    names = rows[0].names
    numbers = [number for row in rows for number in repeat(b"%d" % row.number, len(names))]
    return pieces[1::_GROUPS] == list(names) * len(rows) and pieces[2::_GROUPS] == numbers


def _is_kept(old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether two lists of pieces have the same cells with the same styles, and the same between them."""
    if len(old) != len(new) or any(old[at::_GROUPS] != new[at::_GROUPS] for at in (1, 2, 3)):
        return False
    rest, was = b"".join(new[::_GROUPS]), b"".join(old[::_GROUPS])
    return rest == was or plain_tags(rest) == plain_tags(was)


def _hold(rows: Sequence[Touched], old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether all cells hold what is wanted: nearly all do to the letter, the others are looked at."""
    wanted = [value for row in rows for value in row.values]
    found = zip(new[4::_GROUPS], new[5::_GROUPS], map(_plain_cell, wanted), strict=True)
    doubtful = [at for at, (kind, content, plain) in enumerate(found) if (kind, content) != plain]
    for at in doubtful:
        place = _GROUPS * at
        if wanted[at] is KEEP:
            if not old or old[place + 4 : place + 6] != new[place + 4 : place + 6]:
                return False
        elif not holds(new[place + 4], new[place + 5], wanted[at]):
            return False
    return True


def _plain_cell(value: Cell | Untouched) -> tuple[bytes, bytes] | None:
    """Return attributes and content of a cell of whose value nothing has to be written in another way."""
    if isinstance(value, str):
        plain = value and "&" not in value and "<" not in value and "_x" not in value
        return (_INLINE, b"<is><t>%b</t></is>" % value.encode("utf-8", "replace")) if plain else None
    return (b"", b"<v>%d</v>" % value) if type(value) is int else None


def plain_tags(rows: bytes) -> bytes:
    """Return rows whose start tags lack what the program may set in them: spans and height."""
    return _TAG.sub(lambda tag: _OURS.sub(b"", tag[0]), rows)


def is_new(rest: bytes) -> bool:
    """Whether rows of the program have nothing in them but its cells, which are taken out here."""
    return _NEW_ROWS.fullmatch(rest) is not None


def holds(kind: bytes, content: bytes | None, wanted: Cell | Untouched, *, date1904: bool = False) -> bool:
    """Whether a cell with these attributes and this content holds what is wanted."""
    read: Cell = None
    if kind == _INLINE:
        match = _TEXT.fullmatch(content or b"")
        if match is None or _BARE.search(match[1]):
            return False
        read = _text(match[1])
    elif content:
        read = _value(kind, content)
    return (read == wanted and type(read) is type(wanted)) or reads_as(read, wanted, date1904=date1904)


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    if "&" in text:
        for entity, sign in _ENTITIES:
            text = text.replace(entity, sign)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _value(kind: bytes, content: bytes) -> Cell:
    raw = content.removeprefix(b"<v>").removesuffix(b"</v>").decode("utf-8", "replace")
    if kind == b' t="b"':
        return raw == "1"
    if kind == b' t="e"':
        return raw
    try:
        return float(raw) if kind in _NUMBER else f"{kind!r} {raw}"  # the program writes no other kind
    except ValueError:
        return raw
