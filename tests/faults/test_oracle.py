from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl.comments import Comment

from tests.excel_people import person, synced
from tests.faults.oracle import Generation, NotAWorkbook, generation, settled, violations
from tests.faults.process.shapes import plain
from tests.stores.excel_books import parts, replaced, zipped


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHEETFUNNEL_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(scope="session")
def _synced_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook synced a month ago."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEETFUNNEL_STATE", str(folder / "state"))
        return plain(folder / "sales.xlsx")


@pytest.fixture
def target(tmp_path: Path, state: Path, _synced_once: Path) -> Path:
    state.mkdir()
    (tmp_path / "folder").mkdir()
    return Path(shutil.copy(_synced_once, tmp_path / "folder" / "sales.xlsx"))


@pytest.fixture
def before(target: Path) -> Generation:
    return generation(target)


@pytest.fixture
def after_run(target: Path, before: Generation, tmp_path: Path) -> Generation:
    path = Path(shutil.copy(target, tmp_path / "undisturbed.xlsx"))
    assert synced(path) == 0
    assert generation(path) != before
    return generation(path)


def test_an_undisturbed_run_breaks_no_promise(
    target: Path, before: Generation, after_run: Generation, state: Path
) -> None:
    def told(code: int) -> list[str]:
        return violations(target=target, before=before, after_run=after_run, exit_code=code, state=state)

    assert told(75) == []
    assert [each[:3] for each in told(0)] == ["(d)"]
    assert synced(target) == 0
    assert told(0) == []
    assert settled(target=target, state=state, after_run=after_run, run_again=lambda: synced(target)) == []


def test_a_sync_changes_no_cell_of_people_and_no_other_part(
    before: Generation, after_run: Generation
) -> None:
    assert (after_run.typed, after_run.parts) == (before.typed, before.parts)
    assert len(before.typed) > 1_500
    assert sum(before.own[cell] != after_run.own[cell] for cell in before.own) > 100


def _value(book: Book) -> None:
    book["Objectives"]["I2"] = 4321


def _type(book: Book) -> None:
    book["Objectives"]["I2"] = "1200"


def _formula(book: Book) -> None:
    book["Objectives"]["AR2"] = "=1+1"


def _look(book: Book) -> None:
    book["Objectives"]["I2"].number_format = "0.00"


def _comment(book: Book) -> None:
    book["Objectives"]["A3"].comment = Comment("met at the fair", "Anna")


def _rule(book: Book) -> None:
    book["Objectives"].data_validations.dataValidation.pop()


def _height(book: Book) -> None:
    book["Objectives"].row_dimensions[3].hidden = True


@pytest.mark.parametrize("change", [_value, _type, _formula, _look, _comment, _rule, _height])
def test_whatever_a_person_may_own_is_seen_when_it_changes(
    target: Path, after_run: Generation, state: Path, change: Callable[[Book], None]
) -> None:
    with person(target):
        pass
    before = generation(target)
    with person(target) as book:
        change(book)
    told = violations(target=target, before=before, after_run=after_run, exit_code=75, state=state)
    assert any(each.startswith(("(a) typed", "(a) part")) for each in told)


def test_a_mixture_of_two_generations_is_seen(
    target: Path, before: Generation, after_run: Generation, state: Path
) -> None:
    new = parts(_copied(target))
    entries = parts(target)
    entries["xl/worksheets/sheet3.xml"] = new["xl/worksheets/sheet3.xml"]
    zipped(target, entries)
    told = violations(target=target, before=before, after_run=after_run, exit_code=75, state=state)
    assert any(each.startswith("(b) neither old nor new") for each in told)
    assert not any(each.startswith("(a) typed") for each in told)


def _copied(target: Path) -> Path:
    path = Path(shutil.copy(target, target.parent.parent / "new.xlsx"))
    assert synced(path) == 0
    return path


@pytest.mark.parametrize("length", [0, 100, -200, None])
def test_a_file_that_is_short_or_gone_is_seen(
    target: Path, before: Generation, after_run: Generation, state: Path, length: int | None
) -> None:
    raw = target.read_bytes()
    target.unlink()
    if length is not None:
        target.write_bytes(raw[:length])
    told = violations(target=target, before=before, after_run=after_run, exit_code=0, state=state)
    assert [each[:3] for each in told] == ["(a)", "(d)"]
    with pytest.raises(NotAWorkbook):
        generation(target)


def test_a_sheet_that_is_no_xml_is_not_read(target: Path) -> None:
    zipped(target, replaced(target, "xl/worksheets/sheet2.xml", b"</sheetData>", b""))
    with pytest.raises(NotAWorkbook):
        generation(target)


def test_a_generation_that_was_displaced_without_a_backup_is_seen(
    target: Path, before: Generation, after_run: Generation, state: Path
) -> None:
    assert synced(target) == 0
    shutil.rmtree(state)
    told = violations(target=target, before=before, after_run=after_run, exit_code=0, state=state)
    assert told == ["(a) the displaced generation is in no backup"]


def test_what_is_left_behind_is_seen(target: Path, after_run: Generation, state: Path) -> None:
    assert synced(target) == 0
    left = [
        target.parent / ".sales.xlsx.sheetfunnel-1-abc.tmp",
        *(folder / "copying-abc.tmp" for folder in (state / "backups").iterdir()),
    ]
    for path in left:
        path.write_bytes(b"")
    told = settled(target=target, state=state, after_run=after_run, run_again=lambda: 0)
    assert {each for each in told if each.startswith("(e)")} == {f"(e) left behind: {p.name}" for p in left}
    assert not any(each.startswith("(c)") for each in told)
