"""The rows that an adoption adds: typed values by column, what is there already left out and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sheetfunnel.adopt.columns import Value
from sheetfunnel.adopt.rows import Row, SourceRow, distinct_rows, row_key, text_of
from sheetfunnel.adopt.survey import Proposal
from sheetfunnel.findings import Finding
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.keys import key_fold


@value
class Adoption:
    """What is to be added to the objectives, and what was counted on the way.

    ``rows`` map the key of a column to its value; blank cells are left out. ``unread`` are cells that were
    taken as the text that they are. ``present`` rows were in the workbook already, ``duplicates`` repeat
    another in every value, ``nameless`` rows have neither client nor objective nor ID. Rows that share
    client and objective but are not the same got an ID (``made_ids``); those that share an ID but are not
    the same are taken as they are, ``clashing`` are their lines in the source. ``strangers`` are the lines
    of those present rows whose ID the workbook has for another client. ``currencies`` counts the rows whose
    amount is in another currency than the workbook's. ``owners`` and ``services`` are those that the
    workbook does not know yet.
    """

    rows: tuple[Row, ...]
    unread: tuple[Finding, ...] = ()
    present: int = 0
    duplicates: int = 0
    nameless: int = 0
    made_ids: int = 0
    clashing: tuple[int, ...] = ()
    strangers: tuple[int, ...] = ()
    currencies: Mapping[str, int] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of all columns that hold something."""
        return tuple(dict.fromkeys(key for row in self.rows for key in row))

    @property
    def without_client(self) -> int:
        """How many rows name no client."""
        return sum("client" not in row for row in self.rows)

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many rows ended in each way."""
        return Counter(end for row in self.rows if isinstance(end := row.get("outcome"), Outcome))

    @property
    def stages(self) -> Mapping[Stage, int]:
        """How many rows came with each stage as a person's opinion."""
        return Counter(stage for row in self.rows if isinstance(stage := row.get("my_stage"), Stage))


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What was seen so far, while rows are taken one by one."""

    existing: Mapping[str, Collection[str]]
    ended: Mapping[str, date]
    shared: frozenset[str]
    seen: set[str] = field(default_factory=set)
    present: int = 0
    strangers: list[int] = field(default_factory=list)


def adoption(
    proposal: Proposal,
    existing: Iterable[tuple[str, str]],
    *,
    ended: Mapping[str, date] | None = None,
    known_owners: Collection[str] = (),
    known_services: Collection[str] = (),
) -> Adoption:
    """Return the rows of a source that the workbook does not have yet.

    ``existing`` are the keys of its objectives, as :func:`~sheetfunnel.workbook.keys.objective_key` makes
    them, with their clients. ``ended`` says when those of its objectives that are over ended, by the key
    that they had while they were open: an open row of the source that began before then is the same sale,
    a later one is a client who came back.
    """
    distinct, duplicates = distinct_rows(proposal)
    named = [row for row in distinct if any(key in row.values for key in ("id", "client", "objective"))]
    plain = Counter(key_fold(row_key(row.values)) for row in named if "id" not in row.values)
    tally = _Tally(
        existing=_clients(existing),
        ended={key_fold(key): on for key, on in (ended or {}).items()},
        shared=frozenset(key for key, count in plain.items() if count > 1),
    )
    taken = [(row, values) for row in named if (values := _take(row, tally))]
    rows = tuple(values for _, values in taken)
    return Adoption(
        rows=rows,
        unread=tuple(found for row, _ in taken for found in row.unread),
        present=tally.present,
        duplicates=duplicates,
        nameless=len(distinct) - len(named),
        made_ids=sum("id" in values and "id" not in row.values for row, values in taken),
        clashing=_clashing(taken),
        strangers=tuple(tally.strangers),
        currencies=Counter(row.currency for row, _ in taken if row.currency),
        owners=_new((row.get("owner") for row in rows), known_owners),
        services=_new((row.get("service") for row in rows), known_services),
    )


def _clashing(taken: Sequence[tuple[SourceRow, Row]]) -> tuple[int, ...]:
    """Return the lines of the rows that share their ID with another one."""
    keys = [key_fold(row_key(values)) for _, values in taken]
    counts = Counter(keys)
    return tuple(row.line for (row, _), key in zip(taken, keys, strict=True) if counts[key] > 1)


def _clients(named: Iterable[tuple[str, str]]) -> Mapping[str, Collection[str]]:
    clients: defaultdict[str, set[str]] = defaultdict(set)
    for key, client in named:
        clients[key_fold(key)].add(fold(client))
    return clients


def _take(source: SourceRow, tally: _Tally) -> Row | None:
    """Return a row as it is added, or nothing if it is there already."""
    row = source.values
    plain = key_fold(row_key(row))
    if "id" not in row and plain in tally.shared and plain not in tally.existing:
        row = {**row, "id": _made_id(row, tally.seen)}
    key = key_fold(row_key(row))
    tally.seen.add(key)
    if key not in tally.existing and not _has_ended(row, tally.ended.get(key)):
        return row
    tally.present += 1
    client, known = fold(text_of(row, "client")), tally.existing.get(key, ())
    if client and known and all(known) and client not in known:
        tally.strangers.append(source.line)
    return None


def _has_ended(row: Row, on: date | None) -> bool:
    """Whether an open row is a sale that the workbook knows as ended on a day: it began before then."""
    began = row.get("first_contact")
    return on is not None and "outcome" not in row and isinstance(began, date) and began <= on


def _made_id(row: Row, seen: Collection[str]) -> str:
    """Return an ID from what the row says: the same one whenever the same source is adopted."""
    names = [text_of(row, "client"), text_of(row, "objective") or text_of(row, "service")]
    since = row.get("first_contact")
    base = " · ".join(filter(None, names)) + (f" ({since})" if since else "")
    number, made = 1, base
    while key_fold(made) in seen:
        number += 1
        made = f"{base} {number}"
    return made


def _new(names: Iterable[Value | None], known: Collection[str]) -> tuple[str, ...]:
    found = {fold(name) for name in known}
    fresh: list[str] = []
    for name in names:
        if isinstance(name, str) and fold(name) not in found:
            found.add(fold(name))
            fresh.append(name)
    return tuple(fresh)
