from __future__ import annotations

from pathlib import Path

from tests.cli.runner import Run


def test_what_was_found_is_listed_with_its_place_and_the_exit_code_says_so(run: Run, practice: Path) -> None:
    before = practice.read_bytes()
    ran = run("check", practice.name)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[0] == "practice.xlsx: 5 things to look at"
    assert "  Objectives!T8: “31/02/2026”: there is no such day. Correct the date." in ran.out
    assert practice.read_bytes() == before


def test_a_script_gets_each_finding_by_its_parts(run: Run, practice: Path) -> None:
    ran = run("check", practice.name, "--json")
    assert (ran.code, ran.err) == (1, "")
    assert len(ran.json) == 5
    assert ran.json[0] == {
        "where": "Objectives!T8",
        "tab": "Objectives",
        "cell": "T8",
        "code": "impossible_date",
        "shown": "31/02/2026",
        "message": "“31/02/2026”: there is no such day. Correct the date.",
    }


def test_a_workbook_in_which_all_is_well_ends_with_0(run: Run) -> None:
    run("new", "sales.xlsx")
    ran = run("check", "sales.xlsx")
    assert (ran.code, ran.out) == (0, "sales.xlsx: 0 rows, every cell could be read.\n")
    ran = run("check", "sales.xlsx", "--json")
    assert (ran.code, ran.json) == (0, [])


def test_a_workbook_of_another_kind_is_unreadable(run: Run, tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    ran = run("check", "other.xlsx")
    assert (ran.code, ran.out) == (65, "")
    assert "lacks" in ran.err
    assert "sheetfunnel new" in ran.err
