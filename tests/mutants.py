"""Valid workbooks with one thing wrong: bytes flipped, ends cut off, parts swapped, numbers out of hand."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

Parts: TypeAlias = dict[str, bytes]

_TAG: Final = re.compile(rb"<[\w:]+((?:\s+[\w:]+=\"[^\"<]*\"){2,})")
_ATTRIBUTE: Final = re.compile(rb"\s+[\w:]+=\"[^\"<]*\"")
_NUMBER: Final = re.compile(rb'(?<=[">A-Z])\d+(?=["<])')
_ELEMENT: Final = re.compile(rb"<([\w:]+)(?=[\s>])[^<>]*(?<!/)>[^<>]*</\1>|<[\w:]+(?=[\s/])[^<>]*/>")
_VAST: Final = (b"0", b"-1", b"65536", b"1048577", b"2147483648", b"4294967296", b"9" * 40, b"1e999", b"NaN")
_ODD: Final = (b"", b"<", b"&#0;", b"&x;", b"\xff", b"</row>", b"<row>", b"XFD1048576", b'"', b"]]>", b"<!--")
_READABLE: Final = (".xml", ".rels")


def mutant(raw: bytes, chance: random.Random) -> bytes:
    """Return a workbook with something wrong."""
    return chance.choice(MUTATIONS)(raw, chance)


def _flipped(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        # most of the bytes that decide something stand at the end
        at = chance.randrange(len(raw)) if chance.random() < 0.5 else len(raw) - chance.randint(1, 2000)
        changed[max(at, 0)] = chance.randrange(256)
    return bytes(changed)


def _truncated(raw: bytes, chance: random.Random) -> bytes:
    start = chance.choice([0, 0, chance.randrange(len(raw))])
    return raw[start : chance.randrange(start, len(raw))]


def _spliced(raw: bytes, chance: random.Random) -> bytes:
    start, to = chance.randrange(len(raw)), chance.randrange(len(raw))
    piece = raw[start : start + chance.choice([1, 30, 500, 9000])]
    return raw[:to] + piece + raw[to + chance.choice([0, len(piece)]) :]


def _swapped(parts: Parts, chance: random.Random) -> Parts:
    one, other = chance.sample(sorted(parts), 2)
    return {**parts, one: parts[other], other: parts[one]}


def _taken_out(parts: Parts, chance: random.Random) -> Parts:
    gone = chance.choice(sorted(parts))
    return {name: raw for name, raw in parts.items() if name != gone}


def _reordered(parts: Parts, chance: random.Random) -> Parts:
    return dict(sorted(parts.items(), key=lambda _: chance.random()))


def _renamed(parts: Parts, chance: random.Random) -> Parts:
    struck = chance.choice(sorted(parts))
    new = chance.choice([struck.upper(), f"/{struck}", struck.replace("/", "\\"), f"{struck}.xml", "../x"])
    return {new if name == struck else name: raw for name, raw in parts.items()}


def _in_one(change: Callable[[bytes, random.Random], bytes]) -> Callable[[Parts, random.Random], Parts]:
    def changed(parts: Parts, chance: random.Random) -> Parts:
        names = [name for name in parts if name.endswith(_READABLE)]
        sheets = [name for name in names if "sheet" in name]
        struck = chance.choice(chance.choice([names, sheets]) or names)
        return {**parts, struck: change(parts[struck], chance)}

    return changed


def _shuffled_attributes(raw: bytes, chance: random.Random) -> bytes:
    def shuffled(match: re.Match[bytes]) -> bytes:
        attributes = _ATTRIBUTE.findall(match[1])
        chance.shuffle(attributes)
        return match[0][: match.start(1) - match.start()] + b"".join(attributes)

    return _TAG.sub(shuffled, raw)


def _inflated(raw: bytes, chance: random.Random) -> bytes:
    return _one_of(_NUMBER, raw, chance.choice(_VAST), chance)


def _odd(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(_ODD) + raw[at + chance.choice([0, 1, 8]) :]


def _struck(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    piece = raw[start : start + chance.choice([1, 2, 8, 60, 4000])]
    new = chance.choice([piece * 2, piece[::-1], b"", piece * 50])
    return raw[:start] + new + raw[start + len(piece) :]


def _doubled_element(raw: bytes, chance: random.Random) -> bytes:
    found = [*_ELEMENT.finditer(raw)]
    if not found:
        return raw + raw
    match = chance.choice(found)
    return raw[: match.end()] + match[0] * chance.choice([1, 30]) + raw[match.end() :]


def _lost_element(raw: bytes, chance: random.Random) -> bytes:
    return _one_of(_ELEMENT, raw, b"", chance)


def _one_of(pattern: re.Pattern[bytes], raw: bytes, new: bytes, chance: random.Random) -> bytes:
    found = [*pattern.finditer(raw)]
    if not found:
        return raw[1:]
    match = chance.choice(found)
    return raw[: match.start()] + new + raw[match.end() :]


def _in_the_parts(
    change: Callable[[Parts, random.Random], Parts],
) -> Callable[[bytes, random.Random], bytes]:
    def changed(raw: bytes, chance: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(raw)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name, part in change(parts, chance).items():
                new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # without the time of day
        return made.getvalue()

    return changed


MUTATIONS: Final[Sequence[Callable[[bytes, random.Random], bytes]]] = [
    _flipped,
    _truncated,
    _spliced,
    *map(_in_the_parts, [_swapped, _taken_out, _reordered, _renamed]),
    *(
        _in_the_parts(_in_one(change))
        for change in (
            _shuffled_attributes,
            _inflated,
            _inflated,
            _odd,
            _odd,
            _struck,
            _struck,
            _doubled_element,
            _lost_element,
        )
    ),
]
