"""A Google Sheet is set up: from the workbook as built for Excel to the requests of one ``batchUpdate``.

Three kinds of sheet come out alike: a blank one is filled; one that has tabs of ours (an uploaded workbook)
is given what it lacks; beside other people's tabs ours are added. A second set-up has nothing to ask for.

What Google has no like for is left out: the set-up of print, the words of a warning, the format of the
numbers on a chart, and the line between two people on Allocation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl.workbook.workbook import Workbook

from sheetfunnel.template.charts import chart_descriptions
from sheetfunnel.template.google.cells import Formulas, put_looks, put_values
from sheetfunnel.template.google.charts import put_charts
from sheetfunnel.template.google.conditions import put_conditions
from sheetfunnel.template.google.dimensions import put_groups, put_merges, put_sizes
from sheetfunnel.template.google.lacking import Ours, add_look_ups, add_marks
from sheetfunnel.template.google.marks import put_filter, put_tag, put_warnings
from sheetfunnel.template.google.names import put_names
from sheetfunnel.template.google.ranges import Request, Tabs
from sheetfunnel.template.google.recognise import our_tabs
from sheetfunnel.template.google.standing import Standing, StandingTab, read_standing
from sheetfunnel.template.google.tabs import put_tab
from sheetfunnel.template.google.target import Target, targets_of, with_new_tabs
from sheetfunnel.template.google.validation import put_validations
from sheetfunnel.values import value
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Tab, layout, letters
from sheetfunnel.workbook.look_ups import look_up_formulas


@value
class _SetUp:
    """A workbook on its way into a sheet: what stands there, what of it is ours, and what is to be made."""

    book: Workbook
    words: Labels
    standing: Standing
    ours: Mapping[str, StandingTab]
    targets: Sequence[Target]

    @property
    def tabs(self) -> Tabs:
        """Where each tab of the workbook is in the sheet: one that stands may be called otherwise by now."""
        ids = {target.sheet.title: target.sheet_id for target in self.targets}
        titles = {title: title for title in ids}
        for key, tab in self.ours.items():
            title = self.words.text(f"tab.{key}")
            ids[title], titles[title] = tab.sheet_id, tab.title
        return Tabs(ids=ids, titles=titles)


def set_up_requests(book: Workbook, existing: Mapping[str, Any], words: Labels) -> list[Request]:
    """Return the requests that set a sheet up; none if it lacks nothing.

    ``book`` is the workbook as :func:`sheetfunnel.template.build.assemble` puts it together, of ``words``,
    which :func:`sheet_words` gives; ``existing`` is what ``spreadsheets.get`` answers, asked with
    :data:`sheetfunnel.template.google.standing.FIELDS`.

    Raises:
        ContractBroken: a tab of other people is called like one of ours, or one of ours has lost a column
        that
            it must have.

    """
    standing = read_standing(existing)
    ours = our_tabs(standing, words)
    lacking = {tab.key: words.text(f"tab.{tab.key}") for tab in layout().tabs if tab.key not in ours}
    targets = targets_of(book, standing, lacking)
    plan = _SetUp(book=book, words=words, standing=standing, ours=ours, targets=targets)
    return [*map(put_tab, targets), *_filled(plan), *_over_all(plan), *_completed(plan)]


def sheet_words(words: Labels) -> Labels:
    """Return the texts of a language as a Google Sheet says them, where that is not as a file would."""
    said = {
        label.removeprefix("google."): text
        for label, text in words.texts.items()
        if label.startswith("google.")
    }
    return replace(words, texts={**words.texts, **said})


def _filled(plan: _SetUp) -> Iterator[Request]:
    """Yield what fills the new tabs, one after the other."""
    tabs = plan.tabs
    for target in plan.targets:
        yield from put_looks(target, plan.book)
        yield from put_values(target, _formulas(target.tab, tabs, plan.words))
        yield from put_sizes(target)
        yield from put_groups(target)
        yield from put_merges(target)
        yield from put_validations(target, plan.book, tabs)
        yield from put_conditions(target)
        yield from put_filter(target)
        yield put_tag(target.tab.key, target.sheet_id)
        yield from put_warnings(target.tab, target.sheet_id, plan.words, results=_results(target.tab))


def _over_all(plan: _SetUp) -> Iterator[Request]:
    """Yield the names and the charts, which lead from one tab to others."""
    tabs, descriptions = plan.tabs, dict(chart_descriptions(plan.words))
    made = {target.sheet.title for target in plan.targets}
    yield from put_names(plan.book, tabs, made, taken=plan.standing.names.keys())
    for target in plan.targets:
        yield from put_charts(target, tabs, descriptions)


def _completed(plan: _SetUp) -> Iterator[Request]:
    """Yield what the tabs that stand already still lack."""
    if not plan.ours:
        return
    decoded = decode(with_new_tabs(plan.standing.snapshot(), plan.book, plan.targets))
    ours = Ours(decoded=decoded, tabs=plan.ours, names=frozenset(plan.standing.names))
    for tab in layout().tabs:
        if tab.key in plan.ours:
            yield from add_marks(tab, ours, plan.words)
    if "objectives" in plan.ours:
        yield from add_look_ups(ours, plan.words)


def _results(tab: Tab) -> list[int]:
    """Return the columns of the program on a tab of people's."""
    return [
        at
        for table in tab.tables
        for at, column in enumerate(table.columns, start=table.column)
        if (table.owner, column.owner) == ("people", "program")
    ]


def _formulas(tab: Tab, tabs: Tabs, words: Labels) -> Formulas:
    """Return the look-ups of the tab of objectives, by the cells of their headers."""
    if tab.key != "objectives":
        return {}
    (table,) = tab.tables
    at = {column.key: position for position, column in enumerate(table.columns, start=table.column)}
    own = [column for column in table.columns if column.owner == "program"]
    formulas = look_up_formulas(
        {key: letters(position) for key, position in at.items()},
        {column.key: words.text(f"column.objectives.{column.key}") for column in own},
        results_title=tabs.titles[words.text("tab._results")],
        header=table.row,
    )
    return {(table.row, at[key]): formula for key, formula in formulas.items()}
