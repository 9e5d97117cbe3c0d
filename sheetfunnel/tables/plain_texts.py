"""Texts as they stand in the XML of a workbook, read where they are written plainly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sheetfunnel.tables.part_guard import TextWatch

#: What stands in a plain text: no markup, no control character, no end of a CDATA section.
CONTENT: Final = rb"[^<\]\x00-\x08\x0b-\x1f]*+(?:\](?!\]>)[^<\]\x00-\x08\x0b-\x1f]*+)*+"

_KEPT: Final = rb'(?: xml:space="preserve")?'
_PLAIN: Final = re.compile(rb"<si><t(" + _KEPT + rb")>(" + CONTENT + rb")</t>")
_PLAIN_ITEM: Final = re.compile(
    rb"<si><t(?:>(?![ \t\n])(" + CONTENT + rb")(?<![ \t\n])"
    rb'| xml:space="preserve">(' + CONTENT + rb"))</t></si>"
)
_TAGS: Final = 4
_RUN: Final = (
    rb"<r>(?:<rPr>(?:<[\w:]+(?: [\w:]+=\"[^\"<>&]*\")* ?/>)*</rPr>)?<t("
    + _KEPT
    + rb")>("
    + CONTENT
    + rb")</t></r>"
)
_RICH: Final = re.compile(rb"<si>(?:" + _RUN + rb")+")
_RUNS: Final = re.compile(_RUN)
_HEAD: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml [^<>?]*\?>)?\s*<sst(?: [\w:]+=\"[^\"<>&]*\")*+ ?>\s*")
_START: Final = re.compile(rb"<si>")
_END: Final = b"</si>"
_ODD_ENTITY: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_ENTITIES: Final = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))
_SPACE: Final = b" \t\n"
_CONTROLS: Final = bytes({*range(1, 0x20)} - {*_SPACE})
#: No text can hold it.
_BETWEEN: Final = b"\0"
_NO_TEXT: Final = b"\xff"
#: A head is short; what is longer is none.
_LONGEST_HEAD: Final = 1 << 16
#: A text of 32,767 characters, each in a run of its own; and more texts than a full sheet of clients has.
_LONGEST, _MOST = 8 << 20, 3_000_000


def plain_text(raw: bytes, *, kept: bool) -> str | None:
    """Return a text as the reader gives it; ``None`` where only the reader knows how.

    ``kept`` says that the space around it is to be kept: else the reader takes it away.
    """
    if b"_x" in raw or not (kept or len(raw.strip(_SPACE)) == len(raw)):
        return None
    signs = raw.count(b"&")
    if signs:
        raw = raw.replace(b"&amp;", b"&") if raw.count(b"&amp;") == signs else _resolved(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def are_plain(texts: Sequence[bytes], *, kept: bool) -> bool:
    """Whether each text is what :data:`CONTENT` is, without space around it unless that is ``kept``."""
    joined = _BETWEEN.join([b"", *texts, b""])
    if b"<" in joined or b"]]>" in joined or joined.count(_BETWEEN) != len(texts) + 1:
        return False
    around = [] if kept else [bytes([sign]) for sign in _SPACE if sign in joined]
    if any(sign + _BETWEEN in joined or _BETWEEN + sign in joined for sign in around):
        return False
    return len(joined.translate(None, _CONTROLS)) == len(joined)


def _resolved(raw: bytes) -> bytes:
    """Return a text without its entities; one that no text can be where there are others than the five."""
    if _ODD_ENTITY.search(raw):
        return _NO_TEXT
    for entity, sign in _ENTITIES:
        raw = raw.replace(entity, sign)
    return raw


class Texts:
    """The texts that cells share, taken while they are looked through; ``None`` for each not plain."""

    def __init__(self) -> None:
        self.taken: list[str | None] = []
        self._watch = TextWatch()
        self._rest: bytes | None = b""
        self._head = True

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part."""
        self._watch.feed(piece)
        if self._rest is not None:
            self._rest = self._take(self._rest + piece)

    def close(self) -> None:
        """Say that the part ends here."""
        self._watch.close()

    def _take(self, block: bytes) -> bytes | None:
        """Return what is still to be read; nothing once it is not clear any more where a text begins."""
        if self._head:
            head = _HEAD.match(block)
            if head is None:
                return block if len(block) < _LONGEST_HEAD else None
            self._head, block = False, block[head.end() :]
        if has_markup(block) or len(block) > _LONGEST or len(self.taken) > _MOST:
            self.taken.clear()
            return None
        items, end, rest = block.rpartition(_END)
        taken = _all_plain(items + end) if end else []
        if taken is None:
            taken = _one_by_one(items)
        if taken is None:
            self.taken.clear()
            return None
        self.taken += taken
        return rest


def has_markup(data: bytes) -> bool:
    """Whether there are comments or instructions; a single byte is found ten times as fast as two."""
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)


def _all_plain(items: bytes) -> Sequence[str | None] | None:
    """Return the texts of items if all are written in the plainest way: nearly always they are."""
    found = _PLAIN_ITEM.findall(items)
    count, between = len(found), items.count(_END + b"<si>")
    if items.count(b"<") != _TAGS * count or between != count - 1 or not items.startswith(b"<si>"):
        return None
    texts = plain_text(_BETWEEN.join(map(b"".join, found)), kept=True)
    return None if texts is None else texts.split(_BETWEEN.decode())


def _one_by_one(items: bytes) -> Sequence[str | None] | None:
    parts = items.split(_END)
    return list(map(_shared, parts)) if all(map(_START.match, parts)) else None


def _shared(raw: bytes) -> str | None:
    if plain := _PLAIN.fullmatch(raw):
        kept, text = plain.groups()
        return plain_text(text, kept=bool(kept))
    if _RICH.fullmatch(raw) is None:
        return None
    runs = [plain_text(text, kept=bool(kept)) for kept, text in _RUNS.findall(raw)]
    return None if None in runs else "".join(filter(None, runs))
