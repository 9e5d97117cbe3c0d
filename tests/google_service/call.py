"""One request that came in, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.google_service.discovery import Method
from tests.google_service.shapes import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was routed and read."""

    method: Method
    path: dict[str, str]
    #: The last value of each parameter; `ranges` below has all of its own.
    query: Object
    ranges: list[str]
    body: Object
    user: str

    def with_query(self, query: Object) -> Call:
        return replace(self, query=query)


@dataclass(slots=True, kw_only=True)
class Logged:
    """A request as the log keeps it."""

    method: str
    http: str
    path: str
    query: dict[str, list[str]]
    body: object
    user: str = ""
    status: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    #: What went over the line: packed, where the client takes that.
    bytes_packed: int = 0


@dataclass(slots=True)
class Counts:
    """How often a method was called, and how many bytes its bodies had."""

    calls: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    bytes_packed: int = 0


@dataclass(slots=True)
class Log:
    """All requests, in the order in which they were answered."""

    entries: list[Logged] = field(default_factory=list)

    def counters(self) -> dict[str, Counts]:
        counts: dict[str, Counts] = {}
        for entry in list(self.entries):
            count = counts.setdefault(entry.method, Counts())
            count.calls += 1
            count.bytes_in += entry.bytes_in
            count.bytes_out += entry.bytes_out
            count.bytes_packed += entry.bytes_packed
        return counts
