"""What all commands share: help, wrong usage, streams, colours, an early end."""

from __future__ import annotations

import fcntl
import inspect
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from sheetfunnel import __version__
from sheetfunnel.cli import COMMANDS
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.sync import SyncReport
from tests.cli.runner import TODAY, Run

_ESCAPE = "\x1b"
_COLOUR = re.compile(r"\x1b\[[0-9;]*3[1-7]")


def process(*words: object) -> list[str]:
    return [sys.executable, "-m", "sheetfunnel", *map(str, words)]


def on_a_terminal(
    *words: object, typed: bytes = b"", expect: str = "", **environment: str
) -> tuple[int, str]:
    """Run a command on a terminal of 80 columns, type something once asked; return its end and its screen."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 80, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", **environment}
    started = subprocess.Popen(
        process(*words), stdin=follower, stdout=follower, stderr=follower, env=env, start_new_session=True
    )
    os.close(follower)
    screen = ""
    while chunk := _read(leader):
        screen += chunk
        if typed and expect in screen:
            if typed == b"\x03":  # what the terminal makes of Ctrl-C
                time.sleep(0.5)  # the question is out a moment before the answer is waited for
                os.killpg(started.pid, signal.SIGINT)
            else:
                os.write(leader, typed)
            typed = b""
    os.close(leader)
    return started.wait(60), screen


def _read(leader: int) -> str:
    try:
        assert select.select([leader], [], [], 60)[0], "nothing more was said"
        return os.read(leader, 65_536).decode("utf-8", "replace")
    except OSError:  # the other end is closed
        return ""


def test_without_a_command_the_help_is_shown_and_nothing_called_an_error(run: Run) -> None:
    for words in ((), ("template",)):
        ran = run(*words)
        assert ran.code == 2
        assert "Usage: sheetfunnel" in ran.out
        assert ran.err == ""


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"sheetfunnel {__version__}\n"


_IN_GROUPS = ("template build", *(f"schedule {name}" for name in ("install", "status", "remove", "run")))
_GROUPS = {each.partition(" ")[0] for each in _IN_GROUPS}


@pytest.mark.parametrize("command", [*(name for name in COMMANDS if name not in _GROUPS), *_IN_GROUPS])
def test_every_command_has_a_help_with_an_example_that_fits_80_columns(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert re.search(rf"^ sheetfunnel {command}", ran.out, re.MULTILINE)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_an_unknown_command_is_wrong_usage_and_a_near_one_is_named(run: Run) -> None:
    ran = run("snyc", "sales.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "sync" in ran.err
    assert "sheetfunnel --help" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sync"], "Missing argument 'FILE'"),
        (["sync", "--fast", "sales.xlsx"], "--fast"),
        (["week", "sales.xlsx", "--top", "0"], "--top"),
        (["week", "sales.xlsx", "--owner"], "--owner"),
        (["adopt", "pipeline.csv"], "--into"),
        (["adopt", "a.csv", "--into", "b.xlsx", "--decimal", "dot"], "--decimal"),
        (["explain", "sales.xlsx"], "Missing argument 'CLIENT'"),
    ],
)
def test_wrong_usage_says_what_is_wrong_and_names_the_commands_own_help(
    words: list[str], said: str, run: Run
) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert f"sheetfunnel {words[0]} --help" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["week", "sales.xlsx", "--top", "0"], "Invalid value for '--top': it must be greater than"),
        (["week", "sales.xlsx", "--top", "many"], "Invalid value for '--top': it must be a whole number."),
        (["adopt", "a.csv", "--into", "b.xlsx", "--decimal", "dot"], "'--decimal': 'dot' is not one of"),
        (["snyc"], "Did you mean 'sync'?\n"),
    ],
)
def test_a_wrong_option_is_told_in_plain_words(words: list[str], said: str, run: Run) -> None:
    told = run(*words).err
    assert said in told
    assert not re.search(r"Input should|Value error|\?\.", told)


@pytest.mark.parametrize("command", ["sync", "check", "week"])
def test_what_is_no_workbook_is_told_in_words(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "text.xlsx").write_text("Client,Amount\n")
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 and no more")
    for name, code in {"gone.xlsx": 2, "folder.xlsx": 2, "notes.txt": 2, ".": 2}.items():
        ran = run(command, name)
        assert (ran.code, ran.out) == (code, ""), name
        assert ran.err.startswith("Error: ")
        assert "What to do: " in ran.err
    for name in ("text.xlsx", "empty.xlsx", "cut.xlsx"):
        ran = run(command, name)
        assert (ran.code, ran.out) == (65, ""), name
        assert f"“{name}” cannot be read" in ran.err


@pytest.mark.parametrize("command", ["sync", "week", "demo"])
def test_a_day_that_is_none_is_wrong_usage(command: str, run: Run) -> None:
    for text in ("yesterday", "2026-02-30", "02/03/2026"):
        ran = run(command, "sales.xlsx", "--today", text)
        assert ran.code == 2
        assert f"“{text}” is not a date" in ran.err


def test_in_a_pipe_nothing_is_coloured_and_every_text_stays_on_one_line(run: Run, practice: Path) -> None:
    ran = run("check", practice)
    assert _ESCAPE not in ran.out + ran.err
    assert len(ran.out.splitlines()) == 6
    assert max(map(len, ran.out.splitlines())) > 80


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_screen(
    columns: int, run: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (("week", practice), ("check", practice), ("explain", practice, "Quillon")):
        ran = run(*words)
        assert max(map(len, ran.out.splitlines())) <= columns


def test_on_a_terminal_there_is_colour_unless_it_is_not_wanted(practice: Path) -> None:
    words = ("explain", practice, "Quillon", "--today", TODAY)
    code, screen = on_a_terminal(*words)
    assert code == 0
    assert _COLOUR.search(screen)
    _, plain = on_a_terminal(*words, NO_COLOR="1")
    assert "Quillon" in plain
    assert not _COLOUR.search(plain)
    bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", plain)
    assert 60 < max(len(line.rpartition("\r")[2]) for line in bare.replace("\r\n", "\n").split("\n")) <= 80


def test_the_text_of_a_cell_does_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Client,Amount\n\x1b[2Jevil [red]bold[/red] :smile:,1\n")
    run("new", "sales.xlsx")
    ran = run("adopt", "deals.csv", "--into", "sales.xlsx", "--yes")
    assert "[2Jevil [red]bold[/red] :smile:" in ran.out
    assert _ESCAPE not in ran.out


def test_a_reader_that_leaves_does_not_end_the_work(practice: Path, tmp_path: Path) -> None:
    books = [tmp_path / f"{name}.xlsx" for name in ("first", "second", "third")]
    for book in books:
        book.write_bytes(practice.read_bytes())
    with subprocess.Popen(
        process("sync", *books, "--today", "2026-03-05"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        told = started.stderr.read()
        assert started.wait(60) == 0
    assert told == b""
    assert all(book.read_bytes() != practice.read_bytes() for book in books)


def test_an_interrupted_question_writes_nothing_and_ends_as_interrupted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Client,Amount\nAna,1\n")
    run("new", "sales.xlsx")
    before = (tmp_path / "sales.xlsx").read_bytes()
    code, screen = on_a_terminal("adopt", "deals.csv", "--into", "sales.xlsx", typed=b"\x03", expect="[y/N]")
    assert code == 130
    assert "Interrupted" in screen
    assert (tmp_path / "sales.xlsx").read_bytes() == before


def _fail() -> None:
    int("a secret of a client")


@pytest.fixture
def _failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a command that fails as no command should, with the words of a cell in its error."""
    monkeypatch.setattr(import_module("sheetfunnel.cli.check"), "check", _fail)


@pytest.mark.usefixtures("_failing")
def test_a_fault_of_the_program_is_told_in_words_with_its_place_and_without_a_cells_text(run: Run) -> None:
    ran = run("check")
    assert (ran.code, ran.out) == (70, "")
    said, hint = ran.err.splitlines()
    assert re.match(r"Error: sheetfunnel itself failed \(ValueError at sheetfunnel\.cli:\d+\)\. ", said)
    assert hint.startswith("What to do: ")
    assert "secret" not in ran.err


@pytest.mark.usefixtures("_failing")
def test_whoever_looks_for_a_fault_sees_its_whole_path(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEETFUNNEL_DEBUG", "1")
    ran = run("check")
    assert ran.code == 70
    assert "Traceback (most recent call last)" in ran.err
    assert 'int("a secret of a client")' in ran.err


def test_a_fault_of_the_program_in_one_workbook_stops_none_of_the_others(
    run: Run, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = import_module("sheetfunnel.cli.sync")
    really = command.sync_workbook

    def failing(workbook: ExcelWorkbook, **options: Any) -> SyncReport:  # noqa: ANN401 - as it is called
        if workbook.path.name == "bad.xlsx":
            _fail()
        report: SyncReport = really(workbook, **options)
        return report

    for name in ("bad.xlsx", "last.xlsx"):
        shutil.copy(practice, name)
    before = practice.read_bytes()
    monkeypatch.setattr(command, "sync_workbook", failing)
    ran = run("sync", practice.name, "bad.xlsx", "last.xlsx", "--today", "2026-04-01", "--json")
    assert (ran.code, [one["exit"] for one in ran.json]) == (70, [0, 70, 0])
    assert ran.err.startswith("Error: bad.xlsx: sheetfunnel itself failed (ValueError at ")
    assert "secret" not in ran.err + ran.out
    written = [Path(name).read_bytes() != before for name in (practice.name, "bad.xlsx", "last.xlsx")]
    assert written == [True, False, True]
    assert run("sync", "bad.xlsx", "nothing.csv").code == 70


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_lists_each_command_with_the_first_line_of_its_own(run: Run, name: str) -> None:
    python_name = name.replace("-", "_")
    command = getattr(import_module(f"sheetfunnel.cli.{python_name}"), python_name)
    own = str(inspect.getdoc(command)).splitlines()[0] if inspect.isfunction(command) else COMMANDS[name]
    assert own == COMMANDS[name]
    assert own.split(".")[0] in " ".join(run(name, "--help").out.split())


@pytest.mark.parametrize("words", [("week",), ("week", "--json"), ("check",), ("--help",), ("--version",)])
def test_results_that_cannot_be_printed_are_a_remark_and_no_fault(practice: Path, words: tuple[str]) -> None:
    command = process(*words, *([] if words[0].startswith("-") else [practice]))
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 78
    assert re.fullmatch(
        r"Error: Not everything could be printed \(No space left on device\); .+\nWhat to do: .+\n",
        ended.stderr,
    )


def test_workbooks_are_synced_though_nothing_can_be_printed(practice: Path) -> None:
    other = Path(shutil.copy(practice, practice.with_name("other.xlsx")))
    before = [book.read_bytes() for book in (practice, other)]
    command = process("sync", practice, other, "--today", "2026-04-01")
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("Not everything could be printed")) == (78, 1)
    assert all(book.read_bytes() != old for book, old in zip((practice, other), before, strict=True))


def test_remarks_that_cannot_be_printed_change_no_exit_code(practice: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run(process("sync", "nothing.csv"), stderr=full, check=False).returncode == 2
        done = subprocess.run(process("week", practice), stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout != b"") == (0, True)


@pytest.mark.parametrize("words", [("week",), ("week", "--json"), ("--help",)])
def test_a_reader_who_leaves_after_the_first_line_hears_of_nothing(practice: Path, words: tuple[str]) -> None:
    command = process(*words, *([] if words[0].startswith("-") else [practice]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.read(1)
        started.stdout.close()
        assert started.stderr.read() == b""
