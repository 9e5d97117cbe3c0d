"""Names made short, so that who reads over a shoulder learns nothing; their owner still knows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from sheetfunnel.findings import Param, Remark
from sheetfunnel.funnel.text import fold


def shortened(names: Collection[str]) -> Mapping[str, str]:
    """Return the initials of each name, with as many letters more as tell it from the others: ``H. C.``.

    Names that differ in nothing but case and accents are one.
    """
    first = {fold(name): name.strip() for name in sorted(names, reverse=True) if name.strip()}
    letters = dict.fromkeys(first, 1)
    longest = max(map(len, first.values()), default=0)
    short = {key: _initials(name, 1) for key, name in first.items()}
    for _ in range(longest):
        met = Counter(short.values())
        clashing = [key for key in first if met[short[key]] > 1]
        for key in clashing:
            letters[key] += 1
            short[key] = _initials(first[key], letters[key])
    numbered = _numbered(short)
    return {name: numbered[fold(name)] for name in names if name.strip()}


def _initials(name: str, letters: int) -> str:
    """Return a name of which the first word has so many letters, and each other one."""
    first, *others = re.findall(r"[^\W_]+", name) or [name]
    shown = f"{first}" if letters > len(first) else f"{first[:letters]}."
    return " ".join((shown, *(f"{word[:1]}." for word in others)))


def _numbered(short: Mapping[str, str]) -> Mapping[str, str]:
    """Return short names of which no two are the same."""
    met: Counter[str] = Counter()
    told: dict[str, str] = {}
    for key, text in sorted(short.items()):
        met[text] += 1
        told[key] = text if met[text] == 1 else f"{text} {met[text]}"
    return told


def without_names(text: str, short: Mapping[str, str]) -> str:
    """Return a text of a person in which each of these names is short; other words that hold one stay.

    A name of several words is known in whatever case; one of a single word, which may be a word of the
    language too, only as it is written.
    """
    names = sorted((name.strip() for name in short if name.strip()), key=len, reverse=True)
    if not names:
        return text
    known = {fold(name): told for name, told in short.items()}
    one_of = "|".join(f"(?i:{re.escape(name)})" if " " in name else re.escape(name) for name in names)
    return re.sub(rf"(?<!\w)(?:{one_of})(?!\w)", lambda found: known.get(fold(found[0]), found[0]), text)


def remark_without_names(said: Remark, short: Mapping[str, str]) -> Remark:
    """Return a remark in which these names are short: the program's own words are no names."""
    return Remark(code=said.code, params={key: _short(value, short) for key, value in said.params.items()})


def _short(value: Param, short: Mapping[str, str]) -> Param:
    if isinstance(value, str):
        return without_names(value, short)
    if isinstance(value, Remark):
        return remark_without_names(value, short)
    if isinstance(value, tuple):
        return tuple(_short(part, short) for part in value)
    return value
