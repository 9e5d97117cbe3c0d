"""The Objectives tab, read: one :class:`SheetRow` for each row that is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheetfunnel.findings import Code, Finding, Remark, remark
from sheetfunnel.funnel.objective import BuyingInfluence, Role, SalesObjective, Trait
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.cells import read_people
from sheetfunnel.workbook.column import TableReader
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.criteria import TraitColumn
from sheetfunnel.workbook.keys import key_fold, objective_key
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.unread import shown

#: The columns by which a row is seen to be used.
NAMING = ("client", "objective", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A used row: its number on the sheet, what it says, how many of its cells could not be read.

    ``folded`` is its key as keys are compared, ``open_folded`` the one that it has or had while it was open.
    ``twins`` are all rows with its key where there is more than one: they get a message and no result.
    ``has_id`` says that its key is the ID that a person gave it.
    """

    number: int
    objective: SalesObjective
    folded: str
    open_folded: str
    has_id: bool = False
    unread: int = 0
    twins: tuple[int, ...] = ()

    @property
    def clash(self) -> Remark:
        """What is to be said of a row that has the key of others."""
        if self.has_id:
            return remark(Code.SAME_ID, rows=self.twins, shown=shown(self.objective.key))
        return remark(Code.SAME_KEY, rows=self.twins)


def used_rows(place: TablePlace) -> list[int]:
    """Return the numbers of the rows in which ID, client or objective is filled."""
    columns = [place.columns[key] - 1 for key in NAMING if key in place.columns]
    return [
        number
        for number, line in enumerate(place.grid.rows[place.header :], start=place.header + 1)
        if any(column < len(line) and _filled(line[column]) for column in columns)
    ]


def _filled(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def read_objectives(
    place: TablePlace, practice: Practice, *, currency: str, traits: Sequence[TraitColumn]
) -> tuple[tuple[SheetRow, ...], tuple[Finding, ...]]:
    """Return the used rows and a finding for every cell that could not be read."""
    reader = TableReader(place=place, rows=used_rows(place), currency=currency)
    kinds = {column.key: column.kind for column in place.table.columns if column.owner == "people"}
    values = {key: reader.column(key, kind) for key, kind in kinds.items()}
    values["owner"] = [owner or _only_person(practice) for owner in values["owner"]]
    values["traits"] = _traits(reader, traits, values)
    values["influences"] = _influences(reader, values)
    _mention(reader, practice, values)
    unread = _unread_by_row(reader.findings)
    rows = _rows(reader.rows, values, unread)
    twins = _twins(rows)
    rows = tuple(_with_twins(row, twins) for row in rows) if twins else rows
    for row in rows if twins else ():
        if row.twins:
            reader.find(row.clash, row.number, reader.place.columns["id" if row.has_id else "client"])
    return rows, tuple(reader.findings)


def _only_person(practice: Practice) -> str:
    return practice.people[0].name if len(practice.people) == 1 else ""


def _traits(
    reader: TableReader, columns: Sequence[TraitColumn], values: Mapping[str, list[Any]]
) -> list[dict[str, Trait]]:
    """Return, for each row, what the criteria look at; a blank or unreadable cell is absent."""
    traits: list[dict[str, Trait]] = [{} for _ in reader.rows]
    for column in columns:
        known = values.get(column.key) if column.key else None
        cells = known if known is not None else reader.read_cells(column.column, column.read)
        for trait, value in zip(traits, cells, strict=True):
            if value is not None and value != "":
                trait[column.name] = value
    return traits


_ROLES = {role: role.value for role in Role}


def _influences(reader: TableReader, values: Mapping[str, list[Any]]) -> list[tuple[BuyingInfluence, ...]]:
    columns = [
        [
            _influence(role, people, covered=bool(covered))
            for people, covered in zip(values[key], values[f"{key}_covered"], strict=True)
        ]
        for role, key in _ROLES.items()
    ]
    return [tuple(held for held in row if held) for row in zip(*columns, strict=True)] if reader.rows else []


def _influence(role: Role, people: str, *, covered: bool) -> BuyingInfluence | None:
    if not people:
        return None
    names, nobody = read_people(people)
    return BuyingInfluence(role=role, names=names, nobody=nobody, covered=covered)


def _mention(reader: TableReader, practice: Practice, values: Mapping[str, list[Any]]) -> None:
    """Say once for each owner and service that Settings does not list, and for each row without a client."""
    for key, code, listed in (
        ("owner", Code.OWNER_NOT_LISTED, {fold(person.name) for person in practice.people}),
        ("service", Code.SERVICE_NOT_LISTED, {fold(service.name) for service in practice.services}),
    ):
        seen = set(listed)
        for number, text in zip(reader.rows, values[key], strict=True):
            if text and fold(text) not in seen:
                seen.add(fold(text))
                reader.find(remark(code, name=text), number, reader.place.columns.get(key, 0))
    for number, client in zip(reader.rows, values["client"], strict=True):
        if not client:
            reader.find(remark(Code.NO_CLIENT), number, reader.place.columns["client"])
    if len(practice.people) > 1:
        _mention_nobodys(reader, values)


def _mention_nobodys(reader: TableReader, values: Mapping[str, list[Any]]) -> None:
    """Say once how many open rows are in nobody's hours, though several people share the work."""
    listed = zip(reader.rows, values["owner"], values["outcome"], strict=True)
    nobodys = [number for number, owner, outcome in listed if not owner and outcome is None]
    if nobodys:
        said = remark(Code.NO_OWNER, count=len(nobodys))
        reader.find(said, nobodys[0], reader.place.columns.get("owner", 0))


#: Findings that speak of a cell which was read nevertheless.
_READ_ALL_THE_SAME = frozenset(
    {Code.OWNER_NOT_LISTED, Code.SERVICE_NOT_LISTED, Code.NO_CLIENT, Code.NO_OWNER}
)


def _unread_by_row(findings: Sequence[Finding]) -> Mapping[int, int]:
    unread: defaultdict[int, int] = defaultdict(int)
    for found in findings:
        unread[found.row] += found.remark.code not in _READ_ALL_THE_SAME
    return unread


_PLAIN = (
    *("client", "objective", "amount", "need", "first_contact", "fit_confirmed", "influences", "open_points"),
    *("expected_close", "next_step", "next_step_on", "outcome", "service", "owner", "source", "last_contact"),
    *("paused_until", "closed_on", "reason", "satisfaction", "my_stage", "traits"),
)


def _rows(
    numbers: Sequence[int], values: Mapping[str, list[Any]], unread: Mapping[int, int]
) -> tuple[SheetRow, ...]:
    filled = zip(numbers, values["id"], *(values[key] for key in _PLAIN), strict=True)
    return tuple(
        _row(number, ident, dict(zip(_PLAIN, cells, strict=True)), unread) for number, ident, *cells in filled
    )


def _row(number: int, ident: str, cells: dict[str, Any], unread: Mapping[int, int]) -> SheetRow:
    named = {"row_id": ident, **{part: cells[part] for part in ("client", "objective", "service")}}
    own = open_key = objective_key(**named, closed_on=None)
    open_folded = key_fold(open_key)
    if cells["outcome"] and cells["closed_on"]:
        own = objective_key(**named, closed_on=cells["closed_on"])
    return SheetRow(
        number=number,
        objective=SalesObjective(key=own, **cells),
        folded=open_folded if own == open_key else key_fold(own),
        open_folded=open_folded,
        has_id=bool(ident),
        unread=unread.get(number, 0),
    )


def _twins(rows: Sequence[SheetRow]) -> Mapping[str, tuple[int, ...]]:
    """Return the row numbers of every key that more than one row has."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.folded].append(row.number)
    return {key: tuple(found) for key, found in numbers.items() if len(found) > 1}


def _with_twins(row: SheetRow, twins: Mapping[str, tuple[int, ...]]) -> SheetRow:
    rows_alike = twins.get(row.folded)
    return replace(row, twins=rows_alike) if rows_alike else row
