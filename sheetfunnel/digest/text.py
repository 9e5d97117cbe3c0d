"""A digest as text: for a screen and the plain part of a mail, and as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from sheetfunnel.digest.letter import Digest, Hours, Item, WorkWeek

_STEP_IN: Final = " " * 4

#: What would be taken for a mark in Markdown.
_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def as_text(digest: Digest, width: int) -> str:
    """Return the digest in lines of at most ``width`` letters, as far as its words allow."""
    return "\n".join(_lines(digest, width)) + "\n"


def _lines(digest: Digest, width: int) -> Iterator[str]:
    yield from textwrap.wrap(digest.title, width)
    yield from textwrap.wrap(digest.lead, width)
    if len(digest.hours) > 1:
        yield ""
        yield from _hours_table(digest, width)
    for work in digest.works:
        yield ""
        yield from textwrap.wrap(_heading(work), width)
        yield from _items(work, width)
    for section in digest.sections:
        yield ""
        yield section.title
        for told in section.lines:
            yield from _hanging(told, width, first="  - ", then="    ")
    yield ""
    yield from textwrap.wrap(digest.foot, width)


def _heading(work: WorkWeek) -> str:
    return f"{work.title.upper()}: {work.hours}" if work.hours else work.title.upper()


def _items(work: WorkWeek, width: int) -> Iterator[str]:
    for number, item in enumerate(work.items, start=1):
        yield from _hanging(_titled(item), width, first=f"  {number} ", then=_STEP_IN)
        # one line, as a digest is one screen
        reasons = textwrap.shorten(
            _reasons(item), width - len(_STEP_IN), placeholder=" …"
        )  # it is one screen
        if reasons:
            yield f"{_STEP_IN}{reasons}"
    if work.more:
        yield from _hanging(work.more, width, first="  ", then="  ")


def _titled(item: Item) -> str:
    owner = f" ({item.owner})" if item.owner else ""
    step = f" → {item.do_next}" if item.do_next else ""
    return f"{item.name}{owner}{step}"


def _reasons(item: Item) -> str:
    return ". ".join(part for part in (item.due, item.why) if part)


def _hours_table(digest: Digest, width: int) -> Iterator[str]:
    widest = max(len(row.owner) for row in digest.hours)
    for row in digest.hours:
        told = " · ".join(_told_hours(digest, row))
        yield from _hanging(told, width, first=f"{row.owner:<{widest}}  ", then=" " * (widest + 2))


def _told_hours(digest: Digest, row: Hours) -> Iterator[str]:
    for work, told in zip(digest.works, row.told, strict=True):
        yield f"{work.title}: {told}"


def _hanging(text: str, width: int, *, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def as_markdown(digest: Digest) -> str:
    """Return the digest as Markdown."""
    return "\n".join(_markdown(digest)) + "\n"


def _markdown(digest: Digest) -> Iterator[str]:
    yield f"# {_plain(digest.title)}"
    yield ""
    yield _plain(digest.lead)
    if len(digest.hours) > 1:
        yield ""
        yield from (
            f"- **{_plain(row.owner)}**: {_plain(' · '.join(_told_hours(digest, row)))}"
            for row in digest.hours
        )
    for work in digest.works:
        yield ""
        yield f"## {_plain(work.title)}{f': {_plain(work.hours)}' if work.hours else ''}"
        yield ""
        for number, item in enumerate(work.items, start=1):
            owner = f" ({_plain(item.owner)})" if item.owner else ""
            step = f" → **{_plain(item.do_next)}**" if item.do_next else ""
            yield f"{number}. {_plain(item.name)}{owner}{step}  "
            yield f"   {_plain(_reasons(item))}"
        if work.more:
            yield ""
            yield _plain(work.more)
    for section in digest.sections:
        yield ""
        yield f"## {_plain(section.title)}"
        yield ""
        yield from (f"- {_plain(told)}" for told in section.lines)
    yield ""
    yield f"*{_plain(digest.foot)}*"


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
