"""A column or tab that decided something at the last sync does not go unnoticed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from sheetfunnel.errors import ContractBroken
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Cell, Snapshot
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.layout import layout
from tests.sheets import TODAY, cells, edited, filled, read, results, synced

ROWS: list[Mapping[str, Cell]] = [
    {"client": "Rosa", "need": "asked twice", "outcome": "Won", "closed_on": TODAY},
    {"client": "León", "need": "wrote to us", "fit_confirmed": "yes"},
]


def without_columns(workbook: MemoryWorkbook, keys: Collection[str]) -> MemoryWorkbook:
    """Return a workbook after a person emptied columns of the objectives, header and name included."""
    place = read(workbook).places["objectives"]
    gone = {place.columns[key] for key in keys}
    rows = [
        [None if at in gone else value for at, value in enumerate(row, start=1)]
        for row in cells(workbook, "Objectives")
    ]
    snapshot = edited(workbook, "Objectives", rows).read()
    names = {
        name: at for name, at in snapshot.names.items() if name not in {f"sf_objectives_{k}" for k in keys}
    }
    return MemoryWorkbook(Snapshot(tabs=snapshot.tabs, names=names, revision=snapshot.revision))


def without_tab(workbook: MemoryWorkbook, title: str) -> MemoryWorkbook:
    """Return a workbook after a person deleted a tab."""
    snapshot = workbook.read()
    return MemoryWorkbook(
        Snapshot(
            tabs={name: grid for name, grid in snapshot.tabs.items() if name != title},
            names={name: at for name, at in snapshot.names.items() if at.tab != title},
            revision=snapshot.revision,
        )
    )


def test_every_lost_column_is_named_and_nothing_is_judged_without_it() -> None:
    workbook = filled(ROWS)
    synced(workbook)
    broken = without_columns(workbook, {"outcome", "fit_confirmed"})
    before = broken.read()
    with pytest.raises(ContractBroken, match=r"“Fit confirmed” on “Objectives” and .*“Outcome”") as refused:
        synced(broken)
    assert "--accept-missing" in refused.value.hint
    assert broken.read() == before


def test_a_column_that_was_meant_to_go_is_gone_for_good() -> None:
    workbook = filled(ROWS)
    synced(workbook)
    broken = without_columns(workbook, {"outcome"})
    assert synced(broken, accept_missing=True).written
    assert results(broken)["Rosa"]["stage"] == "Above the funnel"
    assert not synced(broken).plan


@pytest.mark.parametrize("title", ["Settings", "Ideal client"])
def test_a_lost_tab_that_people_write_on_is_named_once(title: str) -> None:
    workbook = filled(ROWS)
    synced(workbook)
    with pytest.raises(ContractBroken, match=f"Since the last sync the tab “{title}” is gone"):
        synced(without_tab(workbook, title))


def test_a_workbook_of_an_earlier_version_is_told_as_that_and_not_as_damaged() -> None:
    workbook = filled([{"client": "Rosa"}])
    synced(workbook)
    rows = cells(workbook, "_sheetfunnel")
    at = next(at for at, row in enumerate(rows) if row[0] == "schema")
    rows[at][1] = layout().schema - 1
    workbook = edited(workbook, "_sheetfunnel", rows)
    snapshot = workbook.read()
    names = {name: place for name, place in snapshot.names.items() if not name.startswith("sf_income_")}
    grid = snapshot.tabs["Dashboard"]
    lines = [[None if cell == "Likely income" else cell for cell in row] for row in grid.rows]
    tabs = {**snapshot.tabs, "Dashboard": replace(grid, rows=lines)}
    with pytest.raises(ContractBroken) as refused:
        decode(replace(snapshot, tabs=tabs, names=names))
    assert "earlier version" in refused.value.message
    assert "sheetfunnel new" in refused.value.hint


def test_a_tab_of_the_program_may_go() -> None:
    workbook = filled(ROWS)
    synced(workbook)
    assert synced(without_tab(workbook, "Dashboard")).reading.findings == ()


def test_a_column_that_was_never_there_is_not_missed() -> None:
    workbook = without_columns(filled(ROWS), {"paused_until"})
    assert synced(workbook).written
