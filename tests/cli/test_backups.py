from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run
from tests.cli.test_main import on_a_terminal


def _synced(run: Run) -> None:
    for command in ("new", "sync"):
        day = () if command == "new" else ("--today", TODAY)
        assert run(command, "sales.xlsx", *day).code == 0


def test_backups_are_listed_with_what_displaced_them_the_newest_first(run: Run, tmp_path: Path) -> None:
    _synced(run)
    assert run("undo", "sales.xlsx").code == 0
    told = run("backups", "sales.xlsx").out
    assert [line.split()[0] for line in told.splitlines()[:3]] == ["Displaced", "undo", "sync"]
    listed = run("backups", "sales.xlsx", "--json").json
    assert [each["displaced_by"] for each in listed["generations"]] == ["undo", "sync"]
    folder = Path(listed["folder"])
    assert folder.parent == tmp_path / "state" / "backups"
    assert f"2 backups of sales.xlsx (of the ten latest, 14 days) in {folder}" in told
    assert {each["name"]: each["bytes"] for each in listed["generations"]} == {
        path.name: path.stat().st_size for path in folder.iterdir()
    }


def test_a_workbook_without_backups_has_none(run: Run, tmp_path: Path) -> None:
    assert run("backups", "sales.xlsx", "--json").json["generations"] == []
    assert run("backups", "sales.xlsx").out.startswith("0 backups of sales.xlsx")
    assert not (tmp_path / "sales.xlsx").exists()


def test_an_undo_tells_what_it_did_and_how_to_come_back(run: Run, practice: Path) -> None:
    assert run("sync", practice.name, "--today", "2026-03-09").code == 0
    told = run("undo", practice.name).out
    assert "back to before the last sync; 3 rows have other results, or none." in told
    assert "sheetfunnel sync practice.xlsx brings the results back" in told


@pytest.mark.parametrize("command", ["undo", "backups", "purge"])
def test_each_says_how_it_is_used_with_examples(run: Run, command: str) -> None:
    told = run(command, "--help").out
    assert "Examples:" in told
    assert told.count(f"sheetfunnel {command} ") >= 2


@pytest.mark.parametrize(("typed", "left"), [(b"y\n", 0), (b"n\n", 1), (b"\n", 1)])
def test_on_a_terminal_a_person_is_asked_before_anything_is_removed(
    typed: bytes, left: int, run: Run
) -> None:
    _synced(run)
    code, screen = on_a_terminal("purge", "sales.xlsx", "--backups", typed=typed, expect="[y/N]")
    assert code == 0
    assert "Remove 1 backup of sales.xlsx for good?" in screen
    assert len(run("backups", "sales.xlsx", "--json").json["generations"]) == left


def test_a_client_is_removed_in_the_language_of_the_workbook(run: Run) -> None:
    assert run("demo", "practica.xlsx", "--language", "es", "--today", TODAY).code == 0
    client = run("week", "practica.xlsx", "--json", "--today", TODAY).json[0]["work"][0]["objectives"][0][
        "client"
    ]
    code, screen = on_a_terminal("purge", "practica.xlsx", "--client", client, typed=b"s\n", expect="[s/N]")
    assert code == 0
    assert f"de «{client}»" in screen
    assert "El nombre no está en ningún otro sitio del archivo." in screen
