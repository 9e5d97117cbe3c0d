"""Row 10 of the fault matrix: workbooks with one thing wrong are read rightly or refused in words.

Half of them are ours and are synced as a whole command; the others are anybody's, and some cells of their
first tab are written through the store. What was written is judged byte by byte. Each runs in a process of
its own, within the time and memory that are promised for hostile files.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.campaign import FULL
from tests.corpus.made import MADE
from tests.corpus.openpyxl_made import openpyxl_made
from tests.excel_people import TODAY, practice
from tests.faults.table import record
from tests.forked_commands import REWRITE, SPEND, Ending, endings
from tests.libreoffice import has_libreoffice, saved_by_libreoffice
from tests.mutants import mutant

_COUNT = 1_000 if FULL else 75
_FOREIGN = ("book every kind", "everything", "arrays", "merged", "rich texts", "table several")


def _mutants(seeds: Sequence[bytes], folder: Path) -> Iterator[tuple[Path, bytes]]:
    chance = random.Random(20)  # noqa: S311 (the same mutants every time)
    for number in range(_COUNT):
        path = folder / f"{number}.xlsx"
        raw = mutant(chance.choice(seeds), chance)
        path.write_bytes(raw)
        yield path, raw


def _fault(ending: Ending, raw: bytes) -> str:
    """Return in which way an ending breaks the promise, or nothing."""
    path = Path(ending.argv[1])
    if ending.code not in {0, 65}:
        return f"{path.name} ended with {ending.code}: {ending.said[-600:]}"
    if "Traceback" in ending.said:
        return f"{path.name} shows a traceback: {ending.said[-600:]}"
    if ending.code == 0:
        return ""
    if path.read_bytes() != raw:
        return f"{path.name} was refused and written"
    return "" if "What to do: " in ending.said else f"{path.name}: nobody is told what to do: {ending.said}"


def _tried(kind: str, commands: Sequence[Sequence[str]], mutants: dict[Path, bytes]) -> list[Ending]:
    ended = endings(commands)
    faults = [fault for ending in ended if (fault := _fault(ending, mutants[Path(ending.argv[1])]))]
    record(10, kind, len(commands), faults)
    assert faults == []
    assert 0 < sum(ending.code == 0 for ending in ended) < len(ended)
    return ended


def test_a_damaged_sales_workbook_is_synced_or_refused_in_words(tmp_path: Path) -> None:
    seed = practice(tmp_path / "demo.xlsx").read_bytes()
    folder = tmp_path / "mutants"
    folder.mkdir()
    mutants = dict(_mutants([seed], folder))
    commands = [["sync", str(path), "--today", TODAY.isoformat()] for path in mutants]
    ended = _tried("a damaged sales workbook, synced", commands, mutants)
    assert set(folder.iterdir()) == set(mutants), "something was left beside them"
    synced = [Path(ending.argv[1]) for ending in ended if ending.code == 0]
    written = {path: path.read_bytes() for path in synced if path.read_bytes() != mutants[path]}
    _come_to_rest(list(written))


def _come_to_rest(paths: Sequence[Path]) -> None:
    """Sync twice more (one is needed where a row of the memory was lost); then nothing is to be done."""
    commands = [["sync", str(path), "--today", TODAY.isoformat()] for path in paths]
    assert {ending.code for ending in endings(commands)} <= {0}
    settled = {path: path.read_bytes() for path in paths}
    assert {ending.code for ending in endings(commands)} <= {0}
    assert [path.name for path, raw in settled.items() if path.read_bytes() != raw] == []


def test_a_damaged_workbook_of_anybody_is_written_wholly_or_refused_in_words(tmp_path: Path) -> None:
    made = [MADE[name].make(tmp_path) for name in _FOREIGN] + [openpyxl_made("formulas", tmp_path)]
    if has_libreoffice:
        made += saved_by_libreoffice(made[:2], tmp_path / "libreoffice").values()
    folder = tmp_path / "mutants"
    folder.mkdir()
    mutants = dict(_mutants([path.read_bytes() for path in made], folder))
    _tried("a damaged workbook of anybody, written", [[REWRITE, str(path)] for path in mutants], mutants)
    left = {path.suffix for path in folder.iterdir()} - {".xlsx", ".before", ""}
    assert left == set()


def test_a_command_that_dies_or_takes_too_much_is_seen(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.xlsx")
    commands = [["check", missing], [REWRITE, missing], [SPEND, "memory"], [SPEND, "seconds"]]
    ended = endings(commands if FULL else commands[:3], servers=1)
    assert [ending.code for ending in ended] == [2, 70, 70, -signal.SIGXCPU][: len(ended)]
    assert all(_fault(ending, b"") for ending in ended)
    assert "MemoryError" in ended[2].said
