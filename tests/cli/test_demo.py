from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run


def test_the_demo_is_a_synced_workbook_and_a_week_to_read(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    for part in (
        "practice.xlsx: 43 rows read: 33 open",
        "5 things to look at",
        "Clara Vidal · Close",
        "Allocation",
        "then: sheetfunnel sync practice.xlsx",
    ):
        assert part in ran.out
    before = (tmp_path / "practice.xlsx").read_bytes()
    assert "Nothing changed" in run("sync", "practice.xlsx", "--today", TODAY).out
    assert (tmp_path / "practice.xlsx").read_bytes() == before


def test_the_spanish_demo_speaks_spanish_only(run: Run) -> None:
    ran = run("demo", "practica.xlsx", "--language", "es", "--today", TODAY)
    assert ran.code == 0
    assert "43 filas leídas: 33 abiertas" in ran.out
    for english in ("rows", "Written", "Allocation", "things", "Close", "then:"):
        assert english not in ran.out


@pytest.mark.parametrize("words", [("practice.pdf",), ("practice.xlsx", "--language", "fr")])
def test_wrong_usage_makes_nothing(words: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    assert run("demo", *words).code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_the_demo_is_made_and_told(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "demo/practice.xlsx", "--today", TODAY)
    assert ran.code == 0
    assert ran.out.startswith("Made the folder demo.\n")
    assert (tmp_path / "demo" / "practice.xlsx").is_file()
    assert "Made the folder" not in run("demo", "demo/other.xlsx", "--today", TODAY).out


def test_a_workbook_that_is_there_is_not_made_anew(run: Run, practice: Path) -> None:
    before = practice.read_bytes()
    assert run("demo", practice.name).code == 2
    assert practice.read_bytes() == before
