"""Rows of a sheet in the usual dialect beside what was planned for them: many at once, and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from sheetfunnel.stores.excel.publishing.reads_as import reads_as
from sheetfunnel.stores.excel.publishing.rows_to_be import Batch, Values, contents
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
_END: Final = b"</row>"
#: What splitting a row at its planned cells yields for each: what stands before it, and four groups.
_GROUPS: Final = 5


class Touched(NamedTuple):
    """A row of the new sheet, the same one of the old, and the values planned for it.

    ``names`` are the letters of the planned columns; ``old`` is nothing where it was not there.
    """

    number: int
    old: bytes
    new: bytes
    names: tuple[bytes, ...]
    values: Values


def planned_cells(names: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what splits rows at the cells of some columns: letters, row, style, and all that follows."""
    several = sorted(names)
    single = all(len(name) == 1 for name in several)
    columns = b"[%b]" % b"".join(several) if single else b"|".join(several)  # a set is tried at once
    content = rb"[^<]*(?:<(?!/c>)[^<]*)*"
    return re.compile(
        rb'<c r="(' + columns + rb')(\d+)"((?: s="[^"]*")?)([^<>/]*(?:/>|>' + content + rb"</c>))"
    )


def plainly_as_planned(batch: Batch, cells: re.Pattern[bytes]) -> bool:
    """Whether rows are at first sight as planned; if not, each is to be looked at on its own.

    ``cells`` splits them at their planned cells. Rows are at first sight right if every planned cell stood in
    the old row too (or there was none), with the same style, and the rest did not change.
    """
    new = cells.split(_END.join(batch.news))
    if not _has_all(new, batch.names, batch.digits):
        return False
    if not batch.olds:
        return is_new(b"".join(new[::_GROUPS])) and _hold(batch.values, [], new)
    old = cells.split(_END.join(batch.olds))
    return _is_kept(old, new) and _hold(batch.values, old, new)


def _has_all(pieces: Sequence[bytes], names: Sequence[bytes], numbers: Sequence[bytes]) -> bool:
    """Whether the cells of the pieces are just the planned ones of these rows, in their order."""
    if pieces[1::_GROUPS] != list(names) * len(numbers):
        return False
    return all(pieces[2 + _GROUPS * at :: _GROUPS * len(names)] == numbers for at in range(len(names)))


def _is_kept(old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether two lists of pieces have the same cells with the same styles, and the same between them."""
    if len(old) != len(new) or any(old[at::_GROUPS] != new[at::_GROUPS] for at in (1, 2, 3)):
        return False
    was, rest = old[::_GROUPS], new[::_GROUPS]
    return rest == was or plain_tags(b"".join(rest)) == plain_tags(b"".join(was))


def _hold(values: Sequence[Values], old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether all cells hold what is wanted: many do to the letter, the others are looked at."""
    found, was = new[4::_GROUPS], old[4::_GROUPS]
    to_be = zip(chain.from_iterable(values), contents(values), found, strict=True)
    doubtful = [(at, wanted) for at, (wanted, content, rest) in enumerate(to_be) if content != rest]
    return all(
        bool(was) and was[at] == found[at] if wanted is KEEP else holds(*apart(found[at]), wanted)
        for at, wanted in doubtful
    )


def apart(rest: bytes) -> tuple[bytes, bytes | None]:
    """Return the further attributes of a cell and its content, from all that follows its style."""
    kind, _, content = rest.partition(b">")
    return (kind.removesuffix(b"/"), None) if not content else (kind, content.removesuffix(b"</c>"))


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
