from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run


def test_a_client_is_explained_condition_by_condition(run: Run, practice: Path) -> None:
    ran = run("explain", practice, "Quillon Software", "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    title = "Quillon Software · Team programme for the product leads"
    for part in (
        f"{title}: Best Few (yours; evidence: Above the funnel)",
        "  ✓ An influence contacted",
        "  ✗ Fit confirmed",
        "  Do next: Ask until you both see the fit",
        "  Fit: B 66 (88 % of the profile is known)",
        "    Strongest: Economic capacity (21 points)",
        "  Normal cycle: 90 days (1 agreement and your 90)",
        "  First contact 12 days ago",
    ):
        assert part in ran.out.splitlines()


@pytest.mark.parametrize("client", ["QUILLON SOFTWARE", "quill", " Quíllon "])
def test_a_part_of_the_name_is_enough_whatever_its_case_and_accents(
    client: str, run: Run, practice: Path
) -> None:
    ran = run("explain", practice, client, "--today", TODAY)
    assert ran.code == 0
    assert ran.out.count("Do next") == 1


def test_a_part_that_means_many_clients_is_asked_to_be_longer(run: Run, practice: Path) -> None:
    ran = run("explain", practice, "a", "--today", TODAY)
    assert (ran.code, ran.out) == (2, "")
    assert "clients: Harbour Clinic, " in ran.err
    assert "Write more of the name" in ran.err


@pytest.mark.parametrize("client", ["Nobody & Co", ""])
def test_a_client_who_is_not_there_is_wrong_usage(client: str, run: Run, practice: Path) -> None:
    ran = run("explain", practice, client)
    assert (ran.code, ran.out) == (2, "")
    assert f"“{client}”" in ran.err


def test_rows_that_share_a_key_are_told_apart_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("ID,Client,Opportunity\n1,Ana,Talk\n2,Ana,Course\n")
    run("new", "sales.xlsx")
    run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes")
    _give_the_same_id(tmp_path / "sales.xlsx")
    ran = run("explain", "sales.xlsx", "Ana")
    assert ran.code == 0
    assert ran.out.count("Rows 2, 3 have the same") == 2
    by_id = run("explain", "sales.xlsx", "1")
    assert by_id.out == ran.out


def _give_the_same_id(path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    tab = book["Objectives"]
    at = next(cell.column for cell in tab[1] if cell.value == "ID")
    tab.cell(3, at).value = tab.cell(2, at).value
    book.save(path)


def test_where_closed_sales_show_a_pattern_the_chance_of_winning_is_told(run: Run, tmp_path: Path) -> None:
    rows = ["Client,Objective,Outcome,First contact,Closed on,Sector"]
    for number in range(90):
        good = number % 2 == 0
        won = good if number % 9 else not good
        ended = f"{'Won' if won else 'Lost'},2025-11-03,2026-01-12"
        rows.append(f"Client {number},Coaching,{ended},{'Health' if good else 'Trade'}")
    rows += ["Hope,Coaching,,2026-02-02,,Health", "Doubt,Coaching,,2026-02-02,,Trade"]
    (tmp_path / "sales.csv").write_text("\n".join(rows), encoding="utf-8")
    run("new", "sales.xlsx")
    run("adopt", "sales.csv", "--into", "sales.xlsx", "--yes")
    chances = {}
    for client in ("Hope", "Doubt"):
        told = run("explain", "sales.xlsx", client, "--today", TODAY).out
        (line,) = [line for line in told.splitlines() if "Chance of winning" in line]
        chances[client] = int(line.rpartition(":")[2].split()[0])
        assert line.endswith("%, measured")
    assert chances["Hope"] > 60
    assert chances["Doubt"] < 40
    assert "Chance of winning" not in run("explain", "sales.xlsx", "Client 1", "--today", TODAY).out
