"""The week as a letter: on a screen, as Markdown, and as a page that a browser shows at two widths."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sheetfunnel.funnel.objective import Outcome
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import labels
from tests.cli.runner import TODAY, Run
from tests.excel_people import practice as made

needs_chromium = pytest.mark.skipif(
    shutil.which("chromium") is None and os.environ.get("CI") != "true", reason="there is no chromium"
)

_CLIENTS = ("Harbour", "Quillon", "Tessera", "Alder", "Stonebridge", "Wexley")


def test_a_digest_is_the_hours_and_the_first_three_of_each_block_with_their_reasons(
    run: Run, practice: Path
) -> None:
    ran = run("digest", practice.name, "--owner", "clara vidal", "--today", TODAY)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:2] == ["What to do first, week 10", "As practice.xlsx stands on 2026-03-02"]
    assert "CLOSE: 3.5 hours a week (35 %)" in lines
    at = lines.index("  1 H. C. · Coaching for the new medical director → Send the contract for signature")
    assert lines[at + 1].startswith("    Due 2026-03-03. All who decide are covered, nothing is open")
    numbered = [line[2] for line in lines if re.match(r"  \d ", line)]
    assert numbered == [*"123", *"123", *"12"]
    assert lines.count("  and 1 more, on the tab Priorities") == 2


def test_a_digest_of_everybody_is_one_screen_and_has_the_first_of_each_owner(
    run: Run, practice: Path
) -> None:
    lines = run("digest", practice.name, "--today", TODAY).out.splitlines()
    assert len(lines) <= 58
    for owner in ("Clara Vidal", "Daniel Roca", "Nora Salas"):
        assert sum(f"({owner})" in line for line in lines) == 3
        assert any(line.startswith(owner) for line in lines)
    assert any(re.fullmatch(r"  - .*: 61 days without contact", line) for line in lines)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_digest_keeps_to_the_screen_and_no_date_is_broken(
    columns: int, run: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("digest", practice.name, "--today", TODAY).out.splitlines()
    assert max(map(len, lines)) <= columns
    assert not [line for line in lines if re.search(r"\d{4}-$|\d{4}-\d\d-$", line)]


def test_names_are_short_unless_they_are_wanted_in_full(run: Run, practice: Path) -> None:
    for form in ([], ["--md"]):
        short = run("digest", practice.name, "--today", TODAY, *form).out
        assert not [name for name in _CLIENTS if name in short]
        assert "Harbour Clinic" in run("digest", practice.name, "--today", TODAY, "--full-names", *form).out
    run("digest", practice.name, "--html", "week.html", "--today", TODAY)
    assert not [name for name in _CLIENTS if name in Path("week.html").read_text(encoding="utf-8")]


def test_a_sentence_that_ends_with_initials_has_one_stop(run: Run, practice: Path) -> None:
    for words in ((), ("--md",)):
        told = run("digest", practice.name, "--today", TODAY, *words).out.replace("\\", "")
        assert "against the evidence: Q. S.\n" in told
        assert ".." not in told
    assert "against the evidence: Quillon Software.\n" in run(
        "digest", practice.name, "--today", TODAY, "--full-names"
    ).out.replace("\n    ", " ")


def test_what_moved_is_what_the_dates_of_the_last_seven_days_say(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [
        {"client": "Ana", "objective": "Talk", "outcome": "Won", "closed_on": date(2026, 2, 27)},
        {"client": "Eva", "objective": "Talk", "outcome": "Lost", "closed_on": date(2026, 2, 22)},
        {"client": "Iu", "objective": "Course", "first_contact": date(2026, 3, 2)},
        {"client": "Mar", "objective": "Course", "first_contact": date(2026, 3, 3)},
    ]
    book = made(tmp_path / "moved.xlsx", additions={"objectives": rows}, sync=False)
    told = run("digest", book.name, "--today", TODAY, "--full-names").out
    assert "Since last week\n  - Won: Ana · Talk\n  - First contact: Iu · Course\n\n" in told
    later = run("digest", book.name, "--today", "2026-07-02", "--full-names").out
    assert "Since last week" not in later
    assert "Iu · Course: 122 days without contact" in later


def test_a_digest_is_in_the_workbooks_language(run: Run) -> None:
    run("demo", "practica.xlsx", "--language", "es", "--today", TODAY)
    told = run("digest", "practica.xlsx", "--today", TODAY).out
    words = labels("es")
    assert told.startswith("Qué hacer primero, semana 10\n")
    assert words.text("digest.quiet") in told
    assert words.name(Outcome.WON) not in told
    assert "days without" not in told


def test_markdown_has_its_marks_and_a_clients_are_no_marks(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"client": "*Ana* [x](y) <b>", "objective": "# Talk_1"}]
    book = made(tmp_path / "marks.xlsx", additions={"objectives": rows}, sync=False)
    told = run("digest", book.name, "--md", "--full-names", "--today", TODAY).out
    assert told.startswith("# What to do first, week 10\n")
    assert r"1. \*Ana\* \[x\](y) \<b\> · \# Talk\_1 → **" in told


def test_an_empty_workbook_and_an_unknown_owner_are_told_as_by_week(run: Run, practice: Path) -> None:
    run("new", "sales.xlsx")
    assert run("digest", "sales.xlsx").out == run("week", "sales.xlsx").out
    ran = run("digest", practice.name, "--owner", "Zed")
    assert (ran.code, ran.out) == (2, "")
    assert "Clara Vidal, Daniel Roca, Nora Salas" in ran.err


def test_where_the_page_cannot_be_written_it_is_told(run: Run, practice: Path) -> None:
    ran = run("digest", practice.name, "--html", "no/such/folder/week.html")
    assert ran.code == 77
    assert "cannot be written" in ran.err
    assert run("digest", practice.name, "--html", "week.html", "--md").code == 2


# ------------------------------------------------------------------------------------------------ the page


class _Page(HTMLParser):
    """What a mail program would have to fetch or run, and how the elements are dressed."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img", "link", "iframe", "a", "form"} or {"src", "href"} & set(given):
            self.fetched.append(tag)
        if tag in {"p", "h1", "h2", "li"} and "style" not in given:
            self.bare.append(tag)


def _page(run: Run, practice: Path, *words: str) -> str:
    assert run("digest", practice.name, "--html", "week.html", "--today", TODAY, *words).code == 0
    return Path("week.html").read_text(encoding="utf-8")


def test_a_page_fetches_nothing_and_every_text_is_dressed_in_place(run: Run, practice: Path) -> None:
    text = _page(run, practice)
    looked = _Page()
    looked.feed(text)
    assert (looked.fetched, looked.bare) == ([], [])
    assert "@media only screen and (max-width: 480px)" in text
    assert "{{" not in text
    assert len(text.encode()) < 100_000  # mail programs cut what is longer


def test_the_text_of_a_cell_is_no_part_of_the_page(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"client": "<script>alert(1)</script>", "objective": "a & b"}]
    book = made(tmp_path / "tags.xlsx", additions={"objectives": rows}, sync=False)
    text = _page(run, book, "--full-names")
    assert "<script>" not in text
    assert html.escape("<script>alert(1)</script>") in text


def _widths(page: Path, width: int) -> tuple[int, int]:
    """Return how wide a page is in a window of some width, and how small its smallest letters are."""
    wrapper = page.with_name("frame.html")
    inside = html.escape(page.read_text(encoding="utf-8"))
    measure = (
        "let d = document.querySelector('iframe').contentDocument;"
        "let texts = [...d.querySelectorAll('p, td, h1, h2, li')];"
        "let sizes = texts.map(each => parseFloat(getComputedStyle(each).fontSize));"
        "document.title = d.documentElement.scrollWidth + ' ' + Math.min(...sizes);"
    )
    frame = f'<iframe style="width:{width}px;height:2000px;border:0" onload="{measure}" srcdoc="{inside}">'
    wrapper.write_text(f"{frame}</iframe>", encoding="utf-8")
    shown = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", wrapper.as_uri()],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"<title>(\d+) (\d+)", shown)
    assert found is not None
    return int(found[1]), int(found[2])


@needs_chromium
@pytest.mark.parametrize("width", [320, 390, 1200])
@pytest.mark.parametrize("words", [(), ("--owner", "Clara Vidal", "--full-names")])
def test_a_page_fits_a_phone_and_a_desk_and_its_letters_can_be_read(
    width: int, words: tuple[str, ...], run: Run, practice: Path
) -> None:
    _page(run, practice, *words)
    wide, smallest = _widths(practice.with_name("week.html"), width)
    assert wide <= width
    assert smallest >= 13
