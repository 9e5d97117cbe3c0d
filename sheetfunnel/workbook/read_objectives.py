"""The Objectives tab, read: one :class:`SheetRow` for each row that is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import compress, repeat
from operator import not_
from typing import Any

from sheetfunnel.findings import Code, Finding, Remark, remark
from sheetfunnel.funnel.objective import BuyingInfluence, Role, SalesObjective, Trait
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import rows_of, value
from sheetfunnel.workbook.cells import read_people
from sheetfunnel.workbook.column import TableReader, cells_at
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.criteria import TraitColumn
from sheetfunnel.workbook.keys import folded_key, key_of
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.unread import shown

#: The columns by which a row is seen to be used.
NAMING = ("client", "objective", "id")


@value
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
    numbers = list(place.rows())
    used = [False] * len(numbers)
    for column in (place.columns[key] for key in NAMING if key in place.columns):
        cells = cells_at(place.grid, column, numbers)
        used = [known or _filled(cell) for known, cell in zip(used, cells, strict=True)]
        if all(used):
            break
    return list(compress(numbers, used))


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
    values["influences"] = _influences(values)
    _mention(reader, practice, values)
    unread = _unread_by_row(reader.findings)
    rows = _rows(reader.rows, values, unread)
    twins = _twins(rows)
    rows = [_with_twins(row, twins) for row in rows] if twins else rows
    for row in rows if twins else ():
        if row.twins:
            reader.find(row.clash, row.number, reader.place.columns["id" if row.has_id else "client"])
    return tuple(rows), tuple(reader.findings)


def _only_person(practice: Practice) -> str:
    return practice.people[0].name if len(practice.people) == 1 else ""


def _traits(
    reader: TableReader, columns: Sequence[TraitColumn], values: Mapping[str, list[Any]]
) -> list[dict[str, Trait]]:
    """Return, for each row, what the criteria look at; a blank or unreadable cell is absent."""
    traits: list[dict[str, Trait]] = [{} for _ in reader.rows]
    for column in columns:
        cells = _trait_cells(reader, column, values)
        for trait, cell in zip(traits, cells, strict=True):
            if cell is not None:
                trait[column.name] = cell
    return traits


def _trait_cells(
    reader: TableReader, column: TraitColumn, values: Mapping[str, list[Any]]
) -> Sequence[Trait | None]:
    known = values.get(column.key) if column.key else None
    if known is None:
        return reader.read_cells(column.column, column.read)
    return [None if isinstance(cell, str) and not cell else cell for cell in known]


_ROLES = {role: role.value for role in Role}


def _influences(values: Mapping[str, list[Any]]) -> list[tuple[BuyingInfluence, ...]]:
    columns = [_holders(role, values[key], values[f"{key}_covered"]) for role, key in _ROLES.items()]
    return [tuple(filter(None, row)) for row in zip(*columns, strict=True)]


def _holders(role: Role, people: list[str], covered: list[bool | None]) -> list[BuyingInfluence | None]:
    """Return who holds a role in each row; rows in which the same is written share one."""
    if not any(people):  # as nobody knows a guide inside at first
        return [None] * len(people)
    with_mark = _holders_of(role, compress(people, covered), covered=True)
    without = _holders_of(role, compress(people, map(not_, covered)), covered=False)
    return [(with_mark if mark else without)[who] for who, mark in zip(people, covered, strict=True)]


def _holders_of(role: Role, written: Iterable[str], *, covered: bool) -> dict[str, BuyingInfluence | None]:
    """Return who holds a role by what is written there; blank is nobody whom we know."""
    texts = list(dict.fromkeys(written))
    read = list(map(read_people, texts))
    columns: Mapping[str, Iterable[object]] = {
        "role": repeat(role),
        "names": [names for names, _ in read],
        "nobody": [nobody for _, nobody in read],
        "covered": repeat(covered),
    }
    return {**dict(zip(texts, rows_of(BuyingInfluence, columns), strict=True)), "": None}


def _mention(reader: TableReader, practice: Practice, values: Mapping[str, list[Any]]) -> None:
    """Say once for each owner and service that Settings does not list, and for each row without a client."""
    for key, code, listed in (
        ("owner", Code.OWNER_NOT_LISTED, {fold(person.name) for person in practice.people}),
        ("service", Code.SERVICE_NOT_LISTED, {fold(service.name) for service in practice.services}),
    ):
        seen = set(listed)
        for text in dict.fromkeys(values[key]):
            if text and fold(text) not in seen:
                seen.add(fold(text))
                first = reader.rows[values[key].index(text)]
                reader.find(remark(code, name=text), first, reader.place.columns.get(key, 0))
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


def _rows(
    numbers: Sequence[int], values: Mapping[str, list[Any]], unread: Mapping[int, int]
) -> list[SheetRow]:
    whats = [name or service for name, service in zip(values["objective"], values["service"], strict=True)]
    ids, clients = values["id"], values["client"]
    keys = list(map(key_of, ids, clients, whats, repeat(None)))
    open_folded = list(map(folded_key, ids, clients, whats, repeat(None), keys))
    folded = list(open_folded)
    for at, (ended, day) in enumerate(zip(values["outcome"], values["closed_on"], strict=True)):
        if ended and day:
            keys[at] = key_of(ids[at], clients[at], whats[at], day)
            folded[at] = folded_key(ids[at], clients[at], whats[at], day, keys[at])
    columns: Mapping[str, Iterable[object]] = {
        "number": numbers,
        "objective": rows_of(SalesObjective, {**values, "key": keys}),
        "folded": folded,
        "open_folded": open_folded,
        "has_id": map(bool, values["id"]),
        "unread": map(unread.get, numbers, repeat(0)),
        "twins": repeat(()),
    }
    return rows_of(SheetRow, columns)


def _twins(rows: Sequence[SheetRow]) -> Mapping[str, tuple[int, ...]]:
    """Return the row numbers of every key that more than one row has."""
    if len({row.folded for row in rows}) == len(rows):
        return {}
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.folded].append(row.number)
    return {key: tuple(found) for key, found in numbers.items() if len(found) > 1}


def _with_twins(row: SheetRow, twins: Mapping[str, tuple[int, ...]]) -> SheetRow:
    rows_alike = twins.get(row.folded)
    return replace(row, twins=rows_alike) if rows_alike else row
