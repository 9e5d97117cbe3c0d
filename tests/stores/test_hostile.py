"""Hostile files: as a whole command each is refused in words, within the promised time and memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.campaign import FULL
from tests.forked_commands import MEMORY, READ, SECONDS, Ending, endings, whole_process
from tests.shared import SHARED, needs_shared

#: Hostile only to other readers, or merely odd: these read, as what stands in their first row.
HARMLESS = {
    "00_ok": ["hello", "42.0"],
    "15_dim_whole_sheet": ["hello", "42.0"],
    "17_cell_row_1e6_col_A": ["1.0"],
    "25_style_index_oob": ["1.0"],
    "32_num_overflow": ["inf", "nan", "-1e+308", "inf", "abc"],
    "33_dates_bad": ["1000000000000000.0", "00:00:00", "1900-02-28", "00:00:00", "9999-99-99"],
    "34_bigint_10k_digits": ["inf"],
    "35_ctrl_chars": ["a\x00b\x1fc\r_x0041_", "42.0"],
    "36_text_1MB_cell": ["x" * 40, "42.0"],
    "37_formula_texts": ["=cmd|'/C calc'!A0", "x", "@SUM(1)", "=1+1"],
    "63_shared_formula_bomb": ["1.0"],
    "65_cols_16384x1000": ["hello", "42.0"],
    "66_numfmt_redos": ["1.0"],
}

_ONE = ["sync"] if not FULL else ["check", "sync"]


def _refused_in_words(ending: Ending) -> bool:
    """Whether a command ended with the one error: what happened, to what, and what to do next."""
    first, _, hint = ending.said.partition("\n")
    told = first.startswith("Error: ") and hint.startswith("What to do: ") and len(hint) > len("What to do: ")
    return ending.code == 65 and told and "Traceback" not in ending.said


def _copies(paths: Sequence[Path], folder: Path) -> list[Path]:
    folder.mkdir()
    return [Path(shutil.copy(path, folder)) for path in paths]


def _judge(paths: Sequence[Path], copies: Sequence[Path], ended: Sequence[Ending]) -> None:
    assert [ending for ending in ended if not _refused_in_words(ending)] == []
    for path, copy in zip(paths, copies, strict=True):
        assert copy.read_bytes() == path.read_bytes(), f"{copy.name} was written"
    assert sorted(copies[0].parent.iterdir()) == sorted(copies), "something was left beside them"


@needs_shared
def test_every_hostile_file_ends_in_clear_words_or_a_right_reading() -> None:
    paths = sorted((SHARED / "data" / "hostile").glob("*.xlsx"))
    ended = dict(
        zip((path.stem for path in paths), endings([[READ, str(path)] for path in paths]), strict=True)
    )
    said = {name: json.loads(ending.said) for name, ending in ended.items()}
    assert {name: said[name] for name, ending in ended.items() if ending.code == 0} == HARMLESS
    refused = {name: words for name, words in said.items() if name not in HARMLESS}
    assert {kind for kind, _, _ in refused.values()} == {"UnreadableWorkbook"}
    assert all(message and hint for _, message, hint in refused.values())


@needs_shared
def test_every_hostile_file_is_refused_in_words_within_the_promised_time_and_memory(tmp_path: Path) -> None:
    paths = sorted((SHARED / "data" / "hostile").glob("*.xlsx"))
    assert len(paths) == 57
    copies = _copies(paths, tmp_path / "books")
    commands = [[command, str(copy)] for copy in copies for command in _ONE]
    _judge(paths, copies, endings(commands))


@needs_shared
@pytest.mark.skipif(not FULL, reason="it starts 132 processes on files that take long to write")
def test_all_66_as_whole_processes_keep_the_promise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "written"
    written.mkdir()
    tool = SHARED / "tools" / "hostile_workbooks.py"
    subprocess.run([sys.executable, str(tool), str(written)], check=True, capture_output=True, timeout=600)
    paths = sorted(written.glob("*.xlsx"))
    assert len(paths) == 66
    copies = _copies(paths, tmp_path / "books")
    ended = [whole_process([command, str(copy)]) for copy in copies for command in ("check", "sync")]
    with capsys.disabled():
        _show(ended)
    _judge(paths, copies, ended)


def _show(ended: Sequence[Ending]) -> None:
    table = Table(title=f"Hostile files, each allowed {SECONDS} s and {MEMORY // 1_000_000} MB")
    for heading in ("file", "command", "exit", "seconds", "megabytes"):
        table.add_column(heading, justify="left" if heading in {"file", "command"} else "right")
    for end in ended:
        command, file = end.argv
        table.add_row(Path(file).stem, command, str(end.code), f"{end.seconds:.2f}", f"{end.megabytes:.0f}")
    Console(width=100).print(table)
