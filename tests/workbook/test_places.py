"""A column of a person's is never taken for one of the program's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from sheetfunnel.errors import ContractBroken, SheetfunnelError
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.workbook.contract import Cell, Snapshot
from tests.sheets import cells, edited, filled, read, synced

MINE: list[Cell] = ["mine", None, "mine too"]


def people_at_work() -> MemoryWorkbook:
    """Return a synced workbook of two rows."""
    workbook = filled([{"client": "Rosa"}, {"client": "León"}])
    synced(workbook)
    return workbook


def with_column(workbook: MemoryWorkbook, header: str, at: int) -> MemoryWorkbook:
    """Return the workbook with a column of a person's own at a place that was blank."""
    rows = cells(workbook, "Objectives")
    for row, value in zip(rows, [header, *MINE], strict=False):
        row[at - 1] = value
    return edited(workbook, "Objectives", rows)


def with_names(workbook: MemoryWorkbook, *, but: str) -> MemoryWorkbook:
    """Return the workbook without the defined names that begin so."""
    snapshot = workbook.read()
    names = {name: place for name, place in snapshot.names.items() if not name.startswith(but)}
    return MemoryWorkbook(Snapshot(tabs=snapshot.tabs, names=names, revision=snapshot.revision))


def test_a_deleted_result_column_is_not_replaced_by_one_of_a_person_that_is_headed_alike() -> None:
    workbook = people_at_work()
    rank = read(workbook).places["objectives"].columns["rank"]
    rows = [
        [None if at == rank else cell for at, cell in enumerate(row, 1)]
        for row in cells(workbook, "Objectives")
    ]
    broken = with_names(edited(workbook, "Objectives", rows), but="sf_objectives_rank")
    broken = with_column(broken, "Rank", 55)
    with pytest.raises(ContractBroken, match="lacks the column “Rank”"):
        synced(broken)


@pytest.mark.parametrize("header", ["Fit", "stage", "Why"])
def test_where_no_name_tells_two_columns_apart_nothing_is_guessed(header: str) -> None:
    broken = with_names(with_column(people_at_work(), header, 55), but="sf_")
    before = broken.read()
    with pytest.raises(
        ContractBroken, match=f"Two columns of “Objectives” are headed “{header}”".replace("stage", "Stage")
    ):
        synced(broken)
    assert broken.read() == before


def test_a_persons_column_that_is_headed_like_a_result_is_no_trouble_while_the_names_are_there() -> None:
    workbook = with_column(people_at_work(), "Fit", 55)
    assert not synced(workbook).plan
    assert [row[54] for row in cells(workbook, "Objectives")[:3]] == ["Fit", *MINE[:2]]


def test_without_any_name_the_headers_will_do() -> None:
    workbook = with_names(people_at_work(), but="sf_")
    assert not synced(workbook).plan


@pytest.mark.parametrize("title", ["Objectives", "Settings", "_sheetfunnel", "_results", "Start"])
def test_a_tab_that_somebody_emptied_is_told_in_words_though_its_names_are_left(title: str) -> None:
    workbook = edited(people_at_work(), title, [])
    with suppress(SheetfunnelError):
        read(workbook)


@pytest.mark.parametrize("title", ["Objectives", "_sheetfunnel", "_results"])
def test_a_tab_that_somebody_emptied_is_refused_by_name_where_some_of_its_names_are_gone(title: str) -> None:
    snapshot = people_at_work().read()
    names = dict(sorted(snapshot.names.items())[::2])
    broken = edited(MemoryWorkbook(replace(snapshot, names=names)), title, [])
    with pytest.raises(ContractBroken, match=f"lacks the column “.+” on “{title}”"):
        read(broken)


def shifted(workbook: MemoryWorkbook, at: int, by: int) -> MemoryWorkbook:
    """Return the workbook after a program put in a column, or took one out, and moved no names."""
    rows = cells(workbook, "Objectives")
    moved = [
        [*row[: at - 1], None, *row[at - 1 :]] if by > 0 else [*row[: at - 1], *row[at:]] for row in rows
    ]
    return edited(workbook, "Objectives", moved)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 7, 9, 10, 20, 33, 34])
def test_columns_put_in_by_a_program_that_moves_no_names_do_no_harm(at: int) -> None:
    workbook = people_at_work()
    before = synced(workbook).reading.decoded.places["objectives"].columns
    moved = shifted(workbook, at, 1)
    typed = cells(moved, "Objectives")
    report = synced(moved)
    columns = report.reading.decoded.places["objectives"].columns
    assert columns == {key: column + (column >= at) for key, column in before.items()}
    assert cells(moved, "Objectives") == typed
    assert not report.reading.findings


@pytest.mark.parametrize("key", ["client", "key", "stage", "fit", "amount", "need", "my_stage", "id"])
def test_a_column_taken_out_by_a_program_that_moves_no_names_is_refused_by_name(key: str) -> None:
    workbook = people_at_work()
    place = read(workbook).places["objectives"]
    broken = shifted(workbook, place.columns[key], -1)
    before = broken.read()
    with pytest.raises(ContractBroken, match=place.text(key)):
        synced(broken)
    assert broken.read() == before


def test_a_header_that_a_person_words_like_another_one_leaves_the_names_right() -> None:
    workbook = people_at_work()
    columns = read(workbook).places["objectives"].columns
    rows = cells(workbook, "Objectives")
    rows[0][columns["need"] - 1] = "Amount"
    assert read(edited(workbook, "Objectives", rows)).places["objectives"].columns == columns
