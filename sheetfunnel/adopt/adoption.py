"""The rows that an adoption adds: typed values by column, what is there already left out and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sheetfunnel.adopt.columns import Value
from sheetfunnel.adopt.survey import Proposal
from sheetfunnel.findings import Finding
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.cells import Unread, read_text
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.headings import SOURCE_CLOSE, SOURCE_STAGE
from sheetfunnel.workbook.keys import key_fold, objective_key

Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What is to be added to the objectives, and what was counted on the way.

    ``rows`` map the key of a column (of the objectives or of the starter profile) to its value; blank
    cells are left out. ``unread`` are cells that were taken as the text that they are. ``present`` rows
    were in the workbook already, ``duplicates`` stand twice in the source, ``nameless`` rows have neither
    client nor objective nor ID. Rows that share client and objective but are not the same got an ID
    (``made_ids``). ``owners`` and ``services`` are those that the workbook does not know yet.
    """

    rows: tuple[Row, ...]
    unread: tuple[Finding, ...] = ()
    present: int = 0
    duplicates: int = 0
    nameless: int = 0
    made_ids: int = 0
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

    existing: frozenset[str]
    ended: Mapping[str, date]
    shared: frozenset[str]
    seen: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)


def adoption(
    proposal: Proposal,
    existing_keys: Iterable[str],
    *,
    ended: Mapping[str, date] | None = None,
    known_owners: Collection[str] = (),
    known_services: Collection[str] = (),
) -> Adoption:
    """Return the rows of a source that the workbook does not have yet.

    ``existing_keys`` are the keys of its objectives, as :func:`~sheetfunnel.workbook.keys.objective_key`
    makes them. ``ended`` says when those of its objectives that are over ended, by the key that they had
    while they were open: an open row of the source that began before then is the same sale, a later one is
    a client who came back.
    """
    unread: list[Finding] = []
    distinct, duplicates = _distinct(proposal)
    built = [_row(proposal, index, unread) for index in distinct]
    named = [row for row in built if any(key in row for key in ("id", "client", "objective"))]
    plain = Counter(key_fold(row_key(row)) for row in named if "id" not in row)
    shared = frozenset(key for key, count in plain.items() if count > 1)
    tally = _Tally(
        existing=frozenset(map(key_fold, existing_keys)),
        ended={key_fold(key): on for key, on in (ended or {}).items()},
        shared=shared,
    )
    rows = tuple(taken for row in named if (taken := _take(row, tally)))
    return Adoption(
        rows=rows,
        unread=tuple(unread),
        present=tally.counts["present"],
        duplicates=duplicates + tally.counts["duplicates"],
        nameless=len(built) - len(named),
        made_ids=sum("id" in row for row in rows) - tally.counts["own_id"],
        owners=_new((row.get("owner") for row in rows), known_owners),
        services=_new((row.get("service") for row in rows), known_services),
    )


def row_key(row: Row) -> str:
    """Return the key that a row will have in the workbook."""
    closed_on = row.get("closed_on") if isinstance(row.get("outcome"), Outcome) else None
    return objective_key(
        row_id=_text(row, "id"),
        client=_text(row, "client"),
        objective=_text(row, "objective"),
        service=_text(row, "service"),
        closed_on=closed_on if isinstance(closed_on, date) else None,
    )


def _text(row: Row, key: str) -> str:
    return str(row.get(key, ""))


def _distinct(proposal: Proposal) -> tuple[list[int], int]:
    """Return the indexes of rows that do not repeat another in every cell, and how many do."""
    first: dict[tuple[Cell, ...], int] = {}
    for index, row in enumerate(proposal.source.rows):
        first.setdefault(tuple(row), index)
    return list(first.values()), len(proposal.source.rows) - len(first)


def _row(proposal: Proposal, index: int, unread: list[Finding]) -> dict[str, Value]:
    """Return a row's values; a cell that cannot be read is taken as the text that it is, and told."""
    values: dict[str, Value] = {}
    cells = proposal.source.rows[index]
    for column in proposal.taken:
        cell = cells[column.index] if column.index < len(cells) else None
        value = column.read(cell)
        if isinstance(value, Unread):
            unread.append(_finding(proposal, index, column.index, value))
            value = read_text(cell)
        if value is not None:
            values[column.target] = value
    return _placed(values)


def _finding(proposal: Proposal, index: int, column: int, why: Unread) -> Finding:
    source = proposal.source
    return Finding(
        remark=why.remark,
        tab=source.sheet or source.name,
        row=source.lines[index],
        column=column + 1,
        shown=read_text(source.rows[index][column]),
    )


def _placed(values: dict[str, Value]) -> dict[str, Value]:
    """Put the source's stage and its date of closing where they belong with us."""
    stage = values.pop(SOURCE_STAGE, None)
    close = values.pop(SOURCE_CLOSE, None)
    if stage is not None:
        values.setdefault("outcome" if isinstance(stage, Outcome) else "my_stage", stage)
    if close is not None:
        ended = isinstance(values.get("outcome"), Outcome)
        values.setdefault("closed_on" if ended else "expected_close", close)
    return values


def _take(row: dict[str, Value], tally: _Tally) -> dict[str, Value] | None:
    """Return a row as it is added, or nothing if it is there already."""
    own_id, plain = "id" in row, key_fold(row_key(row))
    if not own_id and plain in tally.shared and plain not in tally.existing:
        row = {**row, "id": _made_id(row, tally.seen)}
    key = key_fold(row_key(row))
    present = key in tally.existing or _has_ended(row, tally.ended.get(key))
    if present or key in tally.seen:
        tally.counts["present" if present else "duplicates"] += 1
        tally.seen.add(key)
        return None
    tally.seen.add(key)
    tally.counts["own_id"] += own_id
    return row


def _has_ended(row: Row, on: date | None) -> bool:
    """Whether an open row is a sale that the workbook knows as ended on a day: it began before then."""
    began = row.get("first_contact")
    return on is not None and "outcome" not in row and isinstance(began, date) and began <= on


def _made_id(row: Row, seen: Collection[str]) -> str:
    """Return an ID from what the row says: the same one whenever the same source is adopted."""
    names = [_text(row, "client"), _text(row, "objective") or _text(row, "service")]
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
