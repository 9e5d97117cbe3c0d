"""Comparing words as people mean them: case, accents and needless spaces do not count."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """Return ``text`` for comparison: no case, no accents, no outer spaces, inner runs of spaces as one."""
    if not text.isascii():
        text = _without_accents(_without_accents(text).casefold())
    return " ".join(text.casefold().split())


class _Signs(dict[int, int | None]):
    """What becomes of each sign, learnt when it is first met: marks on letters vanish, all others stay."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        self[code] = kept
        return kept


_SIGNS = _Signs()


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_SIGNS)


def pieces(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that holds several things, separated by ``;`` or line ends."""
    parts = (part.strip() for line in text.splitlines() for part in line.split(";"))
    return tuple(part for part in parts if part)
