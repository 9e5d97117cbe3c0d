"""People who work in a sheet at random while the program does: each edit is chosen when its moment comes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.faults.google.looks import OWN_TABS, RESULTS, data_rows, header_row, headers, look_ups, own_tables
from tests.google_service.edits import (
    DeleteRows,
    Edit,
    Filter,
    InsertColumns,
    InsertRows,
    MoveColumn,
    MoveRow,
    RenameTab,
    Requests,
    Sort,
    Type,
    cell_name,
)
from tests.google_service.state import Sheet, Spreadsheet

_WORDS: Final = (
    "Wexley",
    "Ana Ruiz",
    "=SUM(1)",
    "yes",
    "no",
    "Won",
    "Lost",
    "2026-03-09",
    "31/02/2026",
    "1200",
)
_CLIENTS: Final = (
    "Harbour Clinic",
    "Quillon Software",
    "Tessera Architects",
    "New One",
    "O'Hara",
    "Müller · Söhne",
)
_DATES: Final = ("2026-01-15", "2026-03-20", "2026-02-28", "2025-11-03", "soon")
_ANSWERS: Final = ("yes", "no", "perhaps", None)
_FITTING: Final = {
    "Outcome": ("Won", "Lost", "Dropped", None, None, None),
    "Expected close": _DATES,
    "First contact": _DATES,
    "Closed on": (*_DATES, None),
    "Next step on": _DATES,
    "Fit confirmed": _ANSWERS,
    "Economic covered": _ANSWERS,
    "User covered": _ANSWERS,
    "Amount": (1200, 0, "$ 900", 8500.5, None),
    "Client": _CLIENTS,
    "ID": (None, None, None, "A-17", "'0042"),
    "My stage": ("Best Few", "In the funnel", None),
}


@dataclass(slots=True)
class Person:
    """Does one thing at random; `done` keeps what it was, in order, to be told where a promise broke."""

    chance: random.Random
    #: A careful one never types over a result.
    careful: bool = False
    done: list[str] = field(default_factory=list)

    def apply(self, spreadsheet: Spreadsheet) -> None:
        """Choose an edit that makes sense in the sheet of this moment, and do it."""
        does = self.chance.choices(_DOES, _OFTEN)[0]
        edit = None if self.careful and does is _over_a_result else does(spreadsheet, self.chance)
        if edit is not None:
            self.done.append(str(edit))
            edit.apply(spreadsheet)


@dataclass(slots=True)
class Look:
    """Changes nothing, and keeps the sheet as it is at this moment."""

    seen: list[Spreadsheet] = field(default_factory=list)

    def apply(self, spreadsheet: Spreadsheet) -> None:
        """Keep it."""
        self.seen.append(spreadsheet.clone())


def objectives(spreadsheet: Spreadsheet) -> Sheet:
    """Return the tab of the objectives, whatever it is called."""
    return next(sheet for sheet in spreadsheet.sheets if look_ups(sheet))


def _row(sheet: Sheet, chance: random.Random) -> int | None:
    rows = data_rows(sheet)
    return chance.choice(rows) if rows else None


def _typed_cell(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    row = _row(sheet, chance)
    typed = {name: at for name, at in headers(sheet).items() if at not in look_ups(sheet).values()}
    name = chance.choice(sorted(typed))
    value = chance.choice(_FITTING.get(name, _WORDS))
    return (
        None
        if row is None
        else Type(tab=sheet.title, cell=cell_name(row, typed[name]), value=_as_typed(value))
    )


def _as_typed(value: object) -> str | float | None:
    if isinstance(value, str):
        return f"'{value}" if value.startswith("=") else value
    return value if isinstance(value, int | float) else None


def _renamed_client(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    row = _row(sheet, chance)
    cell = cell_name(row or 0, headers(sheet)["Client"])
    return None if row is None else Type(tab=sheet.title, cell=cell, value=_as_typed(chance.choice(_CLIENTS)))


def _new_row(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    rows = data_rows(sheet)
    row, at = max(rows, default=0) + 1, headers(sheet)
    if row >= len(sheet.rows) or len(rows) > _MOST:
        return None
    name = f"{chance.choice(_CLIENTS)} {chance.randint(1, 99)}"
    return _Both(
        Type(tab=sheet.title, cell=cell_name(row, at["Client"]), value=_as_typed(name)),
        Type(
            tab=sheet.title, cell=cell_name(row, at["Objective"]), value=chance.choice(["Team day", "Talk"])
        ),
    )


@dataclass(frozen=True, slots=True)
class _Both:
    first: Edit
    second: Edit

    def apply(self, spreadsheet: Spreadsheet) -> None:
        self.first.apply(spreadsheet)
        self.second.apply(spreadsheet)


def _over_a_result(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    row, column = _row(sheet, chance), look_ups(sheet)[chance.choice(RESULTS)]
    value = chance.choice(["mine", "3", "'Best Few"])
    return None if row is None else Type(tab=sheet.title, cell=cell_name(row, column), value=value)


def cleared_results(spreadsheet: Spreadsheet) -> list[Type]:
    """Return the edits that clear whatever stands in the way of the look-ups."""
    sheet = objectives(spreadsheet)
    header, columns = header_row(sheet), set(look_ups(sheet).values())
    return [
        Type(tab=sheet.title, cell=cell_name(row, column), value=None)
        for row, column, _ in sheet.typed_cells()
        if row > header and column in columns
    ]


def _cleared(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    found = cleared_results(spreadsheet)
    return chance.choice(found) if found else None


def _inserted_row(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    first, last = header_row(sheet) + 1, max(data_rows(sheet), default=0) + 1
    at = chance.choice([first, chance.randint(first, max(first, last)), chance.randint(0, first)])
    count = chance.randint(1, 2)
    return InsertRows(tab=sheet.title, at=at + 1, count=count) if len(sheet.rows) < _LONGEST else None


def _deleted_row(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    rows = data_rows(sheet)
    header = header_row(sheet)
    at = chance.choice(rows) if len(rows) > _FEWEST else header + 1
    is_used = at in rows and len(rows) <= _FEWEST
    return None if is_used else DeleteRows(tab=sheet.title, at=at + 1)


def _sorted(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    by = chance.choice(sorted(headers(sheet).values())) + 1
    return Sort(tab=sheet.title, by=by, descending=chance.random() < 0.5, header_rows=header_row(sheet) + 1)


def _moved_row(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    rows = data_rows(sheet)
    return (
        MoveRow(tab=sheet.title, row=chance.choice(rows) + 1, before=chance.choice(rows) + 1)
        if rows
        else None
    )


def _moved_column(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    width = max(headers(sheet).values()) + 1
    return MoveColumn(tab=sheet.title, column=chance.randint(1, width), before=chance.randint(1, width))


def _inserted_column(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    at = chance.randint(1, max(headers(sheet).values()) + 2)
    return InsertColumns(tab=sheet.title, at=min(at, sheet.columns)) if sheet.columns < _WIDEST else None


def _filtered(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = objectives(spreadsheet)
    return Filter(tab=sheet.title, column=headers(sheet)["Client"] + 1, hide=(chance.choice(_CLIENTS),))


def _renamed_tab(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = chance.choice([each for each in spreadsheet.sheets if not each.title.startswith("_")])
    return RenameTab(
        tab=sheet.title, to=f"{chance.choice(['Pipeline', 'My list', 'Übersicht'])} {chance.randint(1, 9999)}"
    )


def _copied_row(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    """Copy a row into a blank one, as a person does who begins the next sale to the same client."""
    sheet = objectives(spreadsheet)
    rows = data_rows(sheet)
    to = max(rows, default=0) + 1
    if not rows or to >= len(sheet.rows) or len(rows) > _MOST:
        return None
    return Requests(
        ({"copyPaste": {"source": _line(sheet, chance.choice(rows)), "destination": _line(sheet, to)}},)
    )


def _line(sheet: Sheet, row: int) -> dict[str, int]:
    return {"sheetId": sheet.sheet_id, "startRowIndex": row, "endRowIndex": row + 1}


def _in_an_own_tab(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    """Type into a table of the program, or beside all tables of its tab.

    Check is left alone, since a table ends where a person typed below it, and it is to name everything.
    """
    visible = [table for table in own_tables(spreadsheet) if table.sheet.title not in OWN_TABS]
    tables = [table for table in visible if table.key != "check"]
    table = chance.choice(tables)
    column = table.sheet.columns - 1 if chance.random() < 0.5 else chance.choice(sorted(table.columns))
    row = table.header + chance.randint(1, 6)
    if row >= len(table.sheet.rows):
        return None
    return Type(
        tab=table.sheet.title, cell=cell_name(row, column), value=chance.choice(["ask Nora", 5, None])
    )


def _inserted_elsewhere(spreadsheet: Spreadsheet, chance: random.Random) -> Edit | None:
    sheet = spreadsheet.titled(chance.choice(["Settings", "Ideal client"]))
    if sheet is None or len(sheet.rows) > _LONGEST:
        return None
    return InsertRows(tab=sheet.title, at=chance.randint(5, 9))


#: How many objectives there are at most and at least, and how large the tab becomes.
_MOST, _FEWEST, _LONGEST, _WIDEST = 16, 6, 36, 54
_Does = Callable[[Spreadsheet, random.Random], "Edit | None"]
_DONE: Final[Sequence[tuple[_Does, int]]] = (
    (_typed_cell, 8),
    (_renamed_client, 3),
    (_new_row, 3),
    (_over_a_result, 1),
    (_cleared, 2),
    (_inserted_row, 4),
    (_deleted_row, 4),
    (_sorted, 4),
    (_moved_row, 2),
    (_moved_column, 2),
    (_inserted_column, 1),
    (_filtered, 1),
    (_renamed_tab, 1),
    (_copied_row, 2),
    (_in_an_own_tab, 3),
    (_inserted_elsewhere, 1),
)
_DOES: Final = [does for does, _ in _DONE]
_OFTEN: Final = [often for _, often in _DONE]
