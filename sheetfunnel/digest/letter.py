"""The parts of a digest, all of them words already."""

from __future__ import annotations

from dataclasses import dataclass

from sheetfunnel.funnel.practice import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One objective to work on: ``owner`` is blank where there is one only."""

    name: str
    do_next: str
    due: str
    why: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWeek:
    """One kind of work: its hours in words, the share of it (in per cent), what comes first."""

    work: Work
    title: str
    hours: str
    share: int
    items: tuple[Item, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One owner's week: each kind of work in words."""

    owner: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
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
