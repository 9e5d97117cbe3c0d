"""The parts of a digest, all of them words already."""

from __future__ import annotations

from sheetfunnel.funnel.practice import Work
from sheetfunnel.values import value


@value
class Item:
    """One objective to work on: ``owner`` is blank where there is one only."""

    name: str
    do_next: str
    due: str
    why: str
    owner: str


@value
class WorkWeek:
    """One kind of work: its hours in words, the share of it (in per cent), what comes first."""

    work: Work
    title: str
    hours: str
    share: int
    items: tuple[Item, ...]
    more: str


@value
class Hours:
    """One owner's week: each kind of work in words."""

    owner: str
    told: tuple[str, ...]


@value
class Section:
    """A heading and what stands below it."""

    title: str
    lines: tuple[str, ...]


@value
class Digest:
    """A whole digest, in words."""

    language: str
    subject: str
    title: str
    lead: str
    works: tuple[WorkWeek, ...]
    hours: tuple[Hours, ...]
    sections: tuple[Section, ...]
    foot: str
