"""Syncs of a sheet in which people are at work, and what must hold after each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.sync import SyncReport, sync_workbook
from tests.faults.google.looks import (
    RESULTS,
    Result,
    Results,
    expected,
    formulas_in,
    key_of,
    own_tables,
    peoples_cells,
    shown,
    typed_over,
)
from tests.faults.google.people import Look, Person, cleared_results, objectives
from tests.google.sheets import TODAY
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet

_NOTHING: Result = ("",) * len(RESULTS)


@dataclass(slots=True, kw_only=True)
class Desk:
    """A sheet with people at work in it; `violations` says how promises broke, with what was done before."""

    service: Service
    sheet: GoogleWorkbook
    seed: int
    violations: list[str] = field(default_factory=list)
    person: Person = field(init=False)
    #: What the last run that wrote, or had nothing to write, gave for each key.
    written: Results = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(random.Random(self.seed))  # noqa: S311 - a seed, to do the same again
        self.written = expected(self.state)[1]

    @property
    def state(self) -> Spreadsheet:
        """The sheet as it is now."""
        return self.service.spreadsheet(self.sheet.key)

    @property
    def edits(self) -> int:
        """How many edits were made so far."""
        return len(self.person.done)

    def disturbed(self, *, before: int, after: int) -> None:
        """Sync while people edit between reading and writing, and right after the writing; judge it."""
        key, queue = self.sheet.key, self.service.edits
        read, unwritten, fresh = Look(), Look(), Look()
        queue.after_next_read(key, read)
        queue.before_next_write(key, *[self.person] * before, unwritten)
        queue.after_next_write(key, fresh, *[self.person] * after)
        sync(self.sheet)
        self.written = or_as_before(read.seen[-1], self.written)
        if unwritten.seen:
            self._judge("typed", changed_cells(unwritten.seen[-1], fresh.seen[-1]))
            self._judge("shown after the writing", wrong_rows(fresh.seen[-1], self.written))
        else:  # nothing was to be written, so these edits are made now
            queue.clear()
            self.service.edit(key, *[self.person] * (before + after))
        self._judge("shown", wrong_rows(self.state, self.written))

    def settled(self) -> None:
        """People stop: two syncs end where a sheet of what is typed would; the second writes nothing."""
        sync(self.sheet)
        again = sync(self.sheet)
        self._judge("second sync", ["it wrote"] if again.written else [])
        self._judge("settled", unsettled(self.state))
        self._judge("formula", formulas_in(own_tables(self.state)))
        self._judge("check", unmentioned(self.state))

    def mended(self) -> None:
        """Clear what stands in the way of the look-ups: all results are there again."""
        self.service.edit(self.sheet.key, *cleared_results(self.state))
        sync(self.sheet)
        self._judge("mended", unsettled(self.state))

    def _judge(self, what: str, found: list[str]) -> None:
        self.violations += [
            f"seed {self.seed}, {what}: {each}; done: {self.person.done[-12:]}" for each in found
        ]


def or_as_before(read: Spreadsheet, before: Results) -> Results:
    """Return what a run gives for each key; in whose place a person typed, that may be as it was before."""
    sheet, results = objectives(read), dict(expected(read)[1])
    for row, names in typed_over(sheet).items():
        key = key_of(sheet, row)
        mixed = {
            _mixed(new, old, names) for new in results.get(key, ()) for old in before.get(key, (_NOTHING,))
        }
        results[key] = results.get(key, frozenset()) | mixed
    return results


def _mixed(new: Result, old: Result, names: set[str]) -> Result:
    return tuple(o if name in names else n for name, n, o in zip(RESULTS, new, old, strict=True))


def sync(sheet: GoogleWorkbook) -> SyncReport:
    """Sync on the day of the filled sheet; that rows are gone is on purpose."""
    return sync_workbook(sheet, today=TODAY, accept_missing=True)


def wrong_rows(spreadsheet: Spreadsheet, written: Results) -> list[str]:
    """Return the rows beside which something is shown that was not written for them."""
    sheet = objectives(spreadsheet)
    return [
        f"{sheet.title}!{row + 1} ({key_of(sheet, row)!r}) shows {cells}"
        for row, cells in shown(spreadsheet).items()
        if not any(_may_be(cells, own) for own in {*written.get(key_of(sheet, row), ()), _NOTHING})
    ]


def _may_be(cells: Result, own: Result) -> bool:
    return all(cell in {"", wanted} for cell, wanted in zip(cells, own, strict=True))


def changed_cells(before: Spreadsheet, after: Spreadsheet) -> list[str]:
    """Return the cells outside the program's tables that one writing changed, and tabs that it moved."""
    tables = own_tables(before)
    old, new = peoples_cells(before, tables), peoples_cells(after, tables)
    cells = [
        f"{before.sheet(at[0]).title} {at[1:]}: {old.get(at)} became {new.get(at)}"
        for at in sorted(old.keys() | new.keys())
        if old.get(at) != new.get(at)
    ]
    return [*cells, *_moved(before, after)]


def _moved(before: Spreadsheet, after: Spreadsheet) -> Iterator[str]:
    for old, new in zip(before.sheets, after.sheets, strict=True):
        if (old.sheet_id, old.title, old.columns) != (new.sheet_id, new.title, new.columns):
            yield f"{old.title} became {new.title}"
    if before.named_ranges != after.named_ranges:
        yield "names changed"


def unsettled(spreadsheet: Spreadsheet) -> list[str]:
    """Return the rows that do not show what an undisturbed assessment gives, where nothing is in the way."""
    sheet = objectives(spreadsheet)
    broken = set[str]().union(*typed_over(sheet).values())
    wanted = expected(spreadsheet)[0]
    return [
        f"{sheet.title}!{row + 1} ({key_of(sheet, row)!r}) shows {cells}, not {wanted.get(row)}"
        for row, cells in shown(spreadsheet).items()
        if cells != _visible(wanted.get(row, _NOTHING), broken)
    ]


def _visible(cells: Result, broken: set[str]) -> Result:
    if "Key" in broken:
        return _NOTHING
    return tuple("" if name in broken else cell for name, cell in zip(RESULTS, cells, strict=True))


def unmentioned(spreadsheet: Spreadsheet) -> list[str]:
    """Return the cells that stand in the way of a look-up and are not named on Check."""
    sheet = objectives(spreadsheet)
    check = next(table for table in own_tables(spreadsheet) if table.key == "check")
    named = {str(line[min(check.columns)].value) for line in check.sheet.rows if min(check.columns) in line}
    in_the_way = [edit.cell for edit in cleared_results(spreadsheet)]
    return [f"{cell} is not named" for cell in in_the_way if f"{sheet.title}!{cell}" not in named]
