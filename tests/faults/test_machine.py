"""A person and the program at work on one file, in any order, for hours: a state machine of both.

The person edits with openpyxl, which knows nothing of the program; what they typed last is remembered as it
is stored, and is looked for after every run, whole, killed, or one of two at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from openpyxl import Workbook as Book
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.workbook.keys import JOINT
from tests.campaign import FULL, examples
from tests.excel_people import TODAY, has_libreoffice, libreoffice, person, quoted, reorder, sort
from tests.faults.desk import laid_out, sync
from tests.faults.oracle import Cells, Generation, generation, leftovers, violations
from tests.faults.steps import Meanwhile, at, ended, forked, killed, start
from tests.faults.table import record

pytestmark = pytest.mark.unmeasured

_RESULTS = ("Stage", "Rank", "Do next", "Why", "Fit")
_MOST_ROWS = 9  # so that no number of deleted ones is taken for damage
_MINE = "mine "  # in the place of a result
_NOTE = "note "  # below a table of the program

_places = st.integers(0, 1000)
_typed = st.one_of(
    st.tuples(st.just("Need"), st.sampled_from(["they said so", "an article", None])),
    st.tuples(st.just("Amount"), st.sampled_from([100, 2500.5, "1200", "a lot", "=100*3", None])),
    st.tuples(st.just("First contact"), st.sampled_from([date(2026, 1, 9), "31/02/2026", "next week", None])),
    st.tuples(st.just("Expected close"), st.sampled_from([date(2026, 3, 9), date(2027, 1, 1), "soon", None])),
    st.tuples(st.just("Economic buyer"), st.sampled_from(["Rosa", "=A2", None])),
    st.tuples(st.sampled_from(["Economic covered", "Fit confirmed"]), st.sampled_from(["Yes", "no", "?"])),
    st.tuples(st.just("Outcome"), st.sampled_from(["Won", "Lost", "Dropped", None, "perhaps"])),
    st.tuples(st.just("Next step"), st.sampled_from(["Call her", "@SUM(1)", None])),
)


class _PersonAndProgram(RuleBasedStateMachine):
    """One workbook, the person who works in it, and the runs."""

    tried: ClassVar[int] = 0
    broken: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="machine-"))
        self.state = self.folder / "state"
        os.environ["SHEETFUNNEL_STATE"] = str(self.state)
        self.book = laid_out(self.folder / "desk")
        self.title, self.today, self.number, self.conversions = "Objectives", TODAY, 0, 0
        self.typed: Cells = {}
        self.over: Cells = {}
        self._remember()

    # ------------------------------------------------------------------------------------- the person

    @rule(row=_places, cell=_typed)
    def types(self, row: int, cell: tuple[str, str | float | date | None]) -> None:
        with self._pen() as (_, tab):
            header, value = cell
            tab.cell(self._row(tab, row), _columns(tab)[header]).value = value

    @rule(row=_places)
    def inserts_a_row(self, row: int) -> None:
        with self._pen() as (_, tab):
            if tab.max_row <= _MOST_ROWS:
                number = self._row(tab, row)
                tab.insert_rows(number)
                self._fill(tab, number)

    @rule(row=_places)
    def copies_a_row_and_renames_the_client(self, row: int) -> None:
        with self._pen() as (_, tab):
            if tab.max_row <= _MOST_ROWS:
                below = tab.max_row + 1
                for at_column, cell in enumerate(tab[self._row(tab, row)], start=1):
                    tab.cell(below, at_column).value = cell.value
                self._rename(tab, below)

    @rule(row=_places)
    def deletes_a_row(self, row: int) -> None:
        with self._pen() as (_, tab):
            if tab.max_row > 3:
                tab.delete_rows(self._row(tab, row))

    @rule(row=_places)
    def renames_a_client(self, row: int) -> None:
        with self._pen() as (_, tab):
            self._rename(tab, self._row(tab, row))

    @rule(header=st.sampled_from(["Client", "Amount", "First contact", "Stage", "Rank"]), down=st.booleans())
    def sorts(self, header: str, down: bool) -> None:  # noqa: FBT001 - a direction is drawn
        with self._pen() as (_, tab):
            sort(tab, by=_columns(tab)[header], first=2, reverse=down)

    @rule(row=_places)
    def sorts_without_the_results(self, row: int) -> None:
        """Let two rows change places, but for their results."""
        with self._pen() as (_, tab):
            columns, one, other = _columns(tab), 2, self._row(tab, row)
            for header, column in columns.items():
                if header not in {*_RESULTS, "Key"}:
                    first, second = tab.cell(one, column), tab.cell(other, column)
                    first.value, second.value = second.value, first.value

    @rule(row=_places)
    def filters(self, row: int) -> None:
        with self._pen() as (_, tab):
            tab.auto_filter.ref = f"A1:{get_column_letter(tab.max_column)}{tab.max_row}"
            number = self._row(tab, row)
            tab.row_dimensions[number].hidden = not tab.row_dimensions[number].hidden

    @rule(title=st.sampled_from(["Objectives", "My sales", "Año's €"]))
    def renames_the_tab(self, title: str) -> None:
        with self._pen() as (book, tab):
            for name in book.defined_names.values():
                tab_part, mark, cell = name.attr_text.rpartition("!")
                if mark and tab_part.strip("'").replace("''", "'") == self.title:
                    name.attr_text = f"{quoted(title)}!{cell}"
            tab.title = self.title = title

    @rule(row=_places)
    def adds_a_column_of_formulas(self, row: int) -> None:
        with self._pen() as (book, tab):
            self.number += 1
            at_column = 2 + row % (tab.max_column - 1)
            order: list[int | None] = [*range(1, tab.max_column + 1)]
            reorder(book, self.title, [*order[:at_column], None, *order[at_column:]])
            tab.cell(1, at_column + 1).value = f"My notes {self.number}"
            tab.cell(self._row(tab, row), at_column + 1).value = "=1+1"

    @rule(header=st.sampled_from(["Amount", "Need", "Outcome", "Stage", "Fit"]), to=_places)
    def moves_a_column(self, header: str, to: int) -> None:
        with self._pen() as (book, tab):
            order: list[int | None] = [*range(1, tab.max_column + 1)]
            moved = _columns(tab)[header]
            order.remove(moved)
            order.insert(to % len(order), moved)
            reorder(book, self.title, order)

    @rule(row=_places, header=st.sampled_from(_RESULTS), text=st.sampled_from(["", "=1+1", None]))
    def types_over_a_result(self, row: int, header: str, text: str | None) -> None:
        with self._pen() as (_, tab):
            self.number += 1
            written = f"{_MINE}{self.number}" if text == "" else text
            tab.cell(self._row(tab, row), _columns(tab)[header]).value = written

    @rule(tab_title=st.sampled_from(["Priorities", "Allocation", "Check"]), below=st.integers(1, 4))
    def writes_below_a_table_of_the_program(self, tab_title: str, below: int) -> None:
        with self._pen() as (book, _):
            self.number += 1
            book[tab_title].cell(book[tab_title].max_row + below, 3).value = f"{_NOTE}{self.number}"

    @precondition(lambda self: FULL and has_libreoffice and self.conversions < 1)
    @rule()
    def saves_with_libreoffice(self) -> None:
        self.conversions += 1
        libreoffice(self.book)
        self._remember()

    @rule(days=st.sampled_from([1, 7, 40, -1]))
    def another_day_comes(self, days: int) -> None:
        self.today += timedelta(days=days)

    # ------------------------------------------------------------------------------------ the program

    @rule()
    def syncs(self) -> None:
        before, after = generation(self.book), self._undisturbed()
        code = self._run()
        self._judge(before, after, code)
        self._expect(code == 0, f"exit {code}")
        self._expect(not leftovers(self.book, self.state), "something is left over")
        self._expect_every_result_beside_its_row()

    @rule(place=st.integers(0, 150))
    def a_sync_is_killed(self, place: int) -> None:
        before, after = generation(self.book), self._undisturbed()
        code = self._forked(at(place, killed))
        self._judge(before, after, code)
        self._expect(code in {0, -9}, f"exit {code}")

    @rule()
    def two_sync_at_once(self) -> None:
        before, after = generation(self.book), self._undisturbed()
        children = [start(self._run, folders=()) for _ in range(2)]
        codes = sorted(ended(child) for child in children)
        self._judge(before, after, codes[0])
        self._expect(codes in ([0, 0], [0, 75]), f"exits {codes}")

    def teardown(self) -> None:
        """Sync a last time; then forget all results, and have them all written anew: they are the same."""
        try:
            self.syncs()
            self._expect_the_results_of_a_first_sync()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------------------------------- what holds

    def _judge(self, before: Generation, after: Generation, code: int) -> None:
        type(self).tried += 1
        found = violations(target=self.book, before=before, after_run=after, exit_code=code, state=self.state)
        now = generation(self.book)
        found += [
            f"{place} is not as typed" for place in self.typed if now.typed.get(place) != self.typed[place]
        ]
        found += [
            f"{place} was written over" for place, cell in self.over.items() if now.own.get(place) != cell
        ]
        self._expect(not found, "\n".join(found))

    def _expect(self, holds: bool, told: str) -> None:  # noqa: FBT001 - the one thing that is said of it
        if not holds:
            self.broken.append(told)
        assert holds, told

    def _expect_every_result_beside_its_row(self) -> None:
        with person(self._copy("looked at")) as book:
            tab, columns = book[self.title], _columns(book[self.title])
            rows = [{name: tab.cell(n, at).value for name, at in columns.items()} for n in _rows(tab)]
        for row in rows:
            key = JOINT.join((str(row["Client"]), str(row["Objective"])))
            self._expect(str(row["Key"]).startswith(key), f"{row['Key']} stands beside {key}")
            self._expect(all(row[name] is not None for name in ("Stage", "Why")), f"{key} has no result")

    def _expect_the_results_of_a_first_sync(self) -> None:
        copy = self._copy("forgotten")
        mine = {(tab, place) for tab, place in self.over}
        with person(copy) as book:
            tab = book[self.title]
            for number in _rows(tab):
                for header in ("Key", *_RESULTS):
                    cell = tab.cell(number, _columns(tab)[header])
                    if (self.title, cell.coordinate) not in mine:
                        cell.value = None
            book["_results"].delete_rows(2, book["_results"].max_row)
        self._expect(sync(copy, today=self.today) == 0, "the workbook without results was not synced")
        wanted, found = (_results_of(generation(path), self.title) for path in (copy, self.book))
        differing = {place for place in {**wanted, **found} if wanted.get(place) != found.get(place)}
        self._expect(not differing, f"not what a first sync writes: {sorted(differing)}")

    # ---------------------------------------------------------------------------------------- helpers

    @contextmanager
    def _pen(self) -> Iterator[tuple[Book, Worksheet]]:
        with person(self.book) as book:
            yield book, book[self.title]
        self._remember()

    def _remember(self) -> None:
        """Keep in mind what the person sees in the file that they just saved."""
        saved = generation(self.book)
        self.typed = saved.typed
        self.over = {
            place: cell
            for place, cell in saved.own.items()
            if _is_typed(cell, _MINE if place[0] == self.title else _NOTE)
        }

    def _run(self) -> int:
        return sync(self.book, today=self.today)

    def _forked(self, meanwhile: Meanwhile) -> int:
        return forked(self._run, meanwhile, folders=(self.book.parent, self.state))

    def _undisturbed(self) -> Generation:
        """Return what an undisturbed run would make of the workbook as it is."""
        copy = self._copy("undisturbed")
        self._expect(sync(copy, today=self.today) == 0, "an undisturbed run failed")
        return generation(copy)

    def _copy(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return Path(shutil.copy(self.book, folder / self.book.name))

    def _row(self, tab: Worksheet, place: int) -> int:
        return 2 + place % max(1, len(_rows(tab)))

    def _fill(self, tab: Worksheet, number: int) -> None:
        tab.cell(number, _columns(tab)["Objective"]).value = "Talk"
        self._rename(tab, number)

    def _rename(self, tab: Worksheet, number: int) -> None:
        self.number += 1
        tab.cell(number, _columns(tab)["Client"]).value = f"Client {self.number}"


def _columns(tab: Worksheet) -> dict[str, int]:
    return {str(cell.value): at for at, cell in enumerate(tab[1], start=1) if cell.value is not None}


def _rows(tab: Worksheet) -> list[int]:
    client = _columns(tab)["Client"]
    return [number for number in range(2, tab.max_row + 1) if tab.cell(number, client).value is not None]


def _is_typed(cell: tuple[str, ...], mark: str) -> bool:
    """Whether a person typed this into a cell of the program, a text or a formula; Check only shows it."""
    return any(part.startswith(mark) or part.endswith(" 1+1") for part in cell[1:3])


def _results_of(found: Generation, title: str) -> Cells:
    return {place: cell[:3] for place, cell in found.own.items() if place[0] == title and any(cell[1:3])}


def test_a_person_and_the_program_at_work_on_one_file_never_lose_a_cell(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path))
    phases = [Phase.generate, Phase.shrink] if FULL else [Phase.generate]
    long = settings(examples(short=6, full=200), phases=phases)
    _PersonAndProgram.tried, _PersonAndProgram.broken = 0, []
    try:
        run_state_machine_as_test(
            _PersonAndProgram, settings=settings(long, stateful_step_count=50 if FULL else 15)
        )
    finally:
        record(9, "runs in between a person's edits", _PersonAndProgram.tried, _PersonAndProgram.broken)
