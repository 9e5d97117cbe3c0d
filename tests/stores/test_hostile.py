"""Hostile and damaged files: each is read rightly or refused in words, and nothing else happens to it."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sheetfunnel.workbook.layout import templates_folder
from tests.campaign import FULL
from tests.shared import SHARED, needs_shared

_CHILD = """
import hashlib, json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.contract import SetCells, WritePlan

def end_of(path):
    book = ExcelWorkbook(path, state=path.parent / "state")
    before = path.read_bytes()
    try:
        snapshot = book.read()
        title = next(iter(snapshot.tabs))
        plan = WritePlan(changes=(SetCells(tab=title, columns=(2, 30), rows={2: ("x", 1), 9: ("y", 2)}),))
        book.write(plan, revision=snapshot.revision)
        return "written", ""
    except SheetfunnelError as error:
        if path.read_bytes() != before:
            return "changed", ""
        return type(error).__name__, error.message if error.message and error.hint else ""

for name in sys.argv[1:]:
    start = time.monotonic()
    end, said = end_of(Path(name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"end": end, "said": said, "seconds": time.monotonic() - start, "megabytes": peak}
    print(json.dumps(told), flush=True)
"""

_REFUSALS = {"UnreadableWorkbook", "ContractBroken"}


def _ends(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return how reading and writing each file ends, in a process of its own with bounded memory."""
    command = [sys.executable, "-c", _CHILD, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(paths), (paths[len(told)].name, done.returncode, done.stderr[-600:])
    return told


@needs_shared
@pytest.mark.skipif(not FULL, reason="writing them takes longer than refusing them: part of make faults")
def test_the_large_attacks_end_in_words_within_seconds(tmp_path: Path) -> None:
    kept = {path.name for path in (SHARED / "data" / "hostile").iterdir()}
    tool = SHARED / "tools" / "hostile_workbooks.py"
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, capture_output=True, timeout=300)
    large = sorted(path for path in tmp_path.glob("*.xlsx") if path.name not in kept)
    assert len(large) == 9
    ends = dict(zip((path.stem for path in large), _ends(large), strict=True))
    harmless = {"22_dv_100k_ranges", "30_defnames_200k"}
    assert {name for name, told in ends.items() if told["end"] == "written"} == harmless
    assert {told["end"] for name, told in ends.items() if name not in harmless} == {"UnreadableWorkbook"}
    assert max(told["seconds"] for told in ends.values()) < 30


def _seeds() -> list[Path]:
    real = sorted((SHARED / "data" / "xlsx").glob("*.xlsx"), key=lambda path: path.stat().st_size)[:20]
    return [templates_folder() / "sheetfunnel.en.xlsx", *real, SHARED / "data" / "hostile" / "00_ok.xlsx"]


def _mutants(folder: Path, count: int) -> Iterator[Path]:
    chance = random.Random(20)  # noqa: S311 (the same mutants every time)
    seeds = _seeds()
    for number in range(count):
        raw = chance.choice(seeds).read_bytes()
        mutant = _in_the_file(raw, chance) if number % 3 == 0 else _in_a_part(raw, chance)
        path = folder / f"{number}.xlsx"
        path.write_bytes(mutant)
        yield path


def _in_the_file(raw: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        # most of the bytes that decide something stand at the end
        at = chance.randrange(len(mutant)) if chance.random() < 0.5 else -chance.randint(1, 2000)
        mutant[at % len(mutant)] = chance.randrange(256)
    return bytes(mutant[: chance.randrange(len(mutant))] if chance.random() < 0.1 else mutant)


_ODD = (
    b"-1",
    b"4294967296",
    b"99999999999",
    b"1e999",
    b"",
    b"<",
    b"&#0;",
    b"\xff",
    b"</row>",
    b"XFD1048576",
    b'"',
)


def _in_a_part(raw: bytes, chance: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        struck = chance.choice([*names, *(name for name in names if "sheet" in name)])
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _struck(data, chance) if name == struck else data)
    return made.getvalue()


def _struck(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 2, 8, 60, 4000]))
        piece = data[start:end]
        new = chance.choice([*_ODD, piece * 2, piece[::-1], b"", piece * 50])
        data = data[:start] + new + data[end:]
    return data


@needs_shared
def test_a_damaged_workbook_is_read_and_written_wholly_or_refused_in_words(tmp_path: Path) -> None:
    mutants = list(_mutants(tmp_path, 2000 if FULL else 80))
    batches = [mutants[at : at + 40] for at in range(0, len(mutants), 40)]
    with ThreadPoolExecutor(2) as pool:
        ends = [told for batch in pool.map(_ends, batches) for told in batch]
    refused = [told for told in ends if told["end"] != "written"]
    assert {told["end"] for told in refused} <= _REFUSALS
    assert all(told["said"] for told in refused)
    assert len(refused) > len(ends) / 5
    assert len(refused) < len(ends)
    assert max(told["seconds"] for told in ends) < 20
    assert {path.name for path in tmp_path.iterdir()} == {"state", *(path.name for path in mutants)}
