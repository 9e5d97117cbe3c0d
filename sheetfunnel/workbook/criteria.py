"""The Ideal client tab, read: the criteria, and the columns of the objectives that they look at."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.funnel.objective import Trait
from sheetfunnel.funnel.profile import Criterion, TraitKind, criterion
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.cells import Unread
from sheetfunnel.workbook.column import TableReader
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import keys_of
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.unread import unread


@value
class TraitColumn:
    """A column that criteria look at: by ``key`` when it is one of ours, else by its sheet column."""

    name: str
    column: int
    key: str
    criteria: list[Criterion] = field(default_factory=list)

    def read(self, cell: Cell) -> Trait | Unread | None:
        """Return a cell as a trait, unless there is a criterion that cannot read it."""
        value = trait(cell)
        if value is None:
            return None
        failing = next((one for one in self.criteria if one.ideal.grade(value) is None), None)
        if failing is None:
            return value
        return unread(Code.TRAIT_UNREADABLE, cell, criterion=failing.name)


def trait(cell: Cell) -> Trait | None:
    """Return a profile cell as the core takes it: numbers in their shortest decimal form."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, (bool, Decimal)) or not isinstance(cell, (int, float)):
        return cell
    return Decimal(repr(cell)) if cell % 1 else Decimal(int(cell))


@value
class Profile:
    """The criteria that can be used, the columns they look at, and what is wrong with the others."""

    criteria: tuple[Criterion, ...] = ()
    columns: tuple[TraitColumn, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_criteria(place: TablePlace | None, objectives: TablePlace) -> Profile:
    """Return the ideal client as the tab describes it; without the tab there are no criteria."""
    if place is None:
        return Profile()
    reader = TableReader(place=place, rows=[row for row in place.rows() if place.at(row, "name") is not None])
    headers = _headers(objectives)
    made: list[Criterion] = []
    traits: dict[str, TraitColumn] = {}
    for row, one in zip(reader.rows, _criteria(reader), strict=True):
        name = str(place.at(row, "name"))
        if not isinstance(one, Criterion):
            reader.find(remark(one, name=name), row, place.columns[_AT.get(one, "ideal")])
        elif fold(one.column) not in headers:
            said = remark(Code.CRITERION_COLUMN, name=name, column=one.column)
            reader.find(said, row, place.columns["column"])
        else:
            made.append(one)
            at = headers[fold(one.column)]
            column = TraitColumn(name=one.column, column=at, key=_key(objectives, at))
            traits.setdefault(one.column, column).criteria.append(one)
    return Profile(criteria=tuple(made), columns=tuple(traits.values()), findings=tuple(reader.findings))


_AT = {Code.CRITERION_WEIGHT: "weight", Code.CRITERION_NO_COLUMN: "column"}


def _criteria(reader: TableReader) -> list[Criterion | Code]:
    kinds = keys_of("criterion")
    columns = zip(
        reader.texts("name"),
        reader.texts("kind"),
        reader.texts("column"),
        reader.raw("ideal"),
        reader.column("weight", "number"),
        reader.column("must", "yes"),
        strict=True,
    )
    return [
        criterion(
            name=name,
            kind=TraitKind(word) if (word := kinds.get(fold(kind))) else None,
            column=column,
            ideal=trait(ideal),
            weight=weight,
            must=bool(must),
        )
        for name, kind, column, ideal, weight, must in columns
    ]


def _headers(objectives: TablePlace) -> dict[str, int]:
    """Return every header of the objectives tab, folded, and the names of our columns in any language."""
    known = {
        text: objectives.columns[key]
        for text, key in keys_of("column.objectives").items()
        if key in objectives.columns
    }
    typed = {fold(str(text)): at for at, text in enumerate(objectives.headers, start=1) if text is not None}
    return known | typed


def _key(objectives: TablePlace, at: int) -> str:
    ours = {column.key for column in objectives.table.columns if column.owner == "people"}
    return next((key for key, column in objectives.columns.items() if column == at and key in ours), "")
