from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import TODAY, Run


def test_a_week_is_the_ranked_list_with_reasons_and_then_the_hours(run: Run, practice: Path) -> None:
    ran = run("week", practice, "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    at = lines.index("Clara Vidal · Close: 3.5 hours a week (35 %)")
    assert lines[at + 1] == (
        "  1  Harbour Clinic · Coaching for the new medical director → Send the contract for signature"
    )
    assert lines[at + 2].startswith("     Due: 2026-03-03. All who decide are covered, nothing is open")
    titles = [line for line in lines if line.startswith("Clara Vidal · ")]
    assert [title.split(" · ")[1].split(":")[0] for title in titles] == ["Close", "Explore", "Cover"]
    owners = ("Clara Vidal", "Daniel Roca", "Nora Salas")
    warned = lines.index("Warnings")
    hours = lines[warned - 4 : warned - 1]
    assert [line.split()[:2] for line in hours] == [owner.split() for owner in owners]
    assert "3 → 35 %, 3.5 h" in hours[0]
    told = lines[warned + 1 :]
    assert told[0].startswith("  Clara Vidal: The top runs dry: 2 objectives stand Above the funnel")
    assert told[-1].startswith("    →  ")


def test_of_one_owner_their_own_warnings_are_told(run: Run, practice: Path) -> None:
    ran = run("week", practice, "--today", TODAY, "--owner", "Daniel Roca")
    _, told = ran.out.split("\nWarnings\n")
    assert "Daniel Roca: The top runs dry" in told
    assert "Clara" not in told


def test_one_owner_by_whatever_case_and_only_so_many(run: Run, practice: Path) -> None:
    ran = run("week", practice, "--today", TODAY, "--owner", "nora SALAS", "--top", "1")
    assert ran.code == 0
    assert "Clara Vidal" not in ran.out
    assert "and 1 more, on the tab Priorities" in ran.out
    assert sum(line.startswith("  1  ") for line in ran.out.splitlines()) == 3
    assert not any(line.startswith("  2  ") for line in ran.out.splitlines())


def test_the_list_is_read_with_ease_at_80_columns(
    run: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("week", practice, "--today", TODAY).out.splitlines()
    first = lines.index("  1  Harbour Clinic · Coaching for the new medical director → Send the")
    assert lines[first + 1] == "     contract for signature"
    assert lines[first + 2].startswith("     Due: 2026-03-03. All who decide are covered")


def test_an_owner_who_is_not_there_is_wrong_usage_and_the_owners_are_named(run: Run, practice: Path) -> None:
    ran = run("week", practice, "--owner", "Zed")
    assert (ran.code, ran.out) == (2, "")
    assert "Clara Vidal, Daniel Roca, Nora Salas" in ran.err


def test_a_script_gets_the_week_of_each_owner(run: Run, practice: Path) -> None:
    ran = run("week", practice, "--today", TODAY, "--json")
    assert ran.code == 0
    assert [one["owner"] for one in ran.json] == ["Clara Vidal", "Daniel Roca", "Nora Salas"]
    clara = ran.json[0]
    assert [work["work"] for work in clara["work"]] == ["close", "explore", "cover"]
    close = clara["work"][0]
    assert (close["count"], close["share"], close["hours"]) == (3, 35, 3.5)
    first = close["objectives"][0]
    assert first.pop("why").startswith("All who decide are covered, nothing is open")
    assert first == {
        "rank": 1,
        "key": "Harbour Clinic · Coaching for the new medical director",
        "client": "Harbour Clinic",
        "objective": "Coaching for the new medical director",
        "stage": "best_few",
        "evidence": "best_few",
        "do_next": "Send the contract for signature",
        "due": "2026-03-03",
        "fit": 100,
    }


def test_an_objective_without_a_client_goes_by_its_id(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("ID,Client,Product\n0042,,Talk\n")
    run("new", "sales.xlsx")
    run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes")
    assert "  1  0042 · Talk → " in run("week", "sales.xlsx").out


def test_a_week_writes_nothing(run: Run, practice: Path) -> None:
    before = practice.read_bytes()
    run("week", practice, "--today", "2026-04-01")
    assert practice.read_bytes() == before
