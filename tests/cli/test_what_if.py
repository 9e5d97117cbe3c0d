"""What is supposed is told beside what stands; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run


def test_what_is_won_and_lost_is_told_beside_what_stands(run: Run, practice: Path) -> None:
    before = practice.read_bytes()
    ran = run("what-if", practice, "--win", "quill", "--lose", "Hollowmere", "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    first, *_ = ran.out.splitlines()
    assert first.startswith("Supposed: won: Quillon Software · Team programme for the product leads; lost: ")
    (soon,) = [line for line in ran.out.splitlines() if line.startswith(" Next 30 days")]
    bands = soon.removeprefix(" Next 30 days").replace(",", "").split(")")
    now, then = (int(band.split()[0]) for band in bands[:2])
    assert then > now
    assert practice.read_bytes() == before


def test_the_same_is_told_twice(run: Run, practice: Path) -> None:
    asked = ("what-if", practice, "--win", "quill", "--today", TODAY)
    assert run(*asked).out == run(*asked).out


def test_one_owner_may_be_looked_at_alone(run: Run, practice: Path) -> None:
    ran = run("what-if", practice, "--win", "quill", "--owner", "clara vidal", "--today", TODAY)
    assert ran.code == 0
    other = run("what-if", practice, "--win", "quill", "--owner", "Nora Salas", "--today", TODAY)
    assert (other.code, other.out) == (2, "")
    assert "No open objective is called like “quill”." in other.err


def test_every_name_that_is_not_clear_is_told_at_once(run: Run, practice: Path) -> None:
    ran = run("what-if", practice, "--win", "a", "--lose", "zzz", "--today", TODAY)
    assert (ran.code, ran.out) == (2, "")
    assert "“a” may mean “Harbour Clinic" in ran.err
    assert "No open objective is called like “zzz”." in ran.err
    assert "Write more of the name" in ran.err


def test_nothing_can_be_both_won_and_lost(run: Run, practice: Path) -> None:
    ran = run("what-if", practice, "--win", "quill", "--lose", "quillon software", "--today", TODAY)
    assert (ran.code, ran.out) == (2, "")
    assert "Both won and lost: “Quillon Software" in ran.err


def test_nothing_supposed_is_wrong_usage(run: Run, practice: Path) -> None:
    ran = run("what-if", practice)
    assert ran.code == 2
    assert "--win CLIENT" in ran.err


@pytest.mark.parametrize("language", ["es"])
def test_without_enough_history_it_says_so_and_shows_no_number(
    language: str, run: Run, tmp_path: Path
) -> None:
    path, table = tmp_path / "new.xlsx", tmp_path / "rows.csv"
    table.write_text("Client,Objective\nRosa,Coaching\n", encoding="utf-8")
    run("new", path, "--language", language)
    run("adopt", table, "--into", path, "--yes")
    ran = run("what-if", path, "--win", "Rosa", "--today", TODAY)
    assert ran.code == 0
    assert ran.out.startswith("Aún no se puede decir nada de los ingresos futuros: hacen falta 10 ventas")
