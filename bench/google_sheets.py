"""Count the calls and the bytes of a sync of a Google Sheet, beside the script that a person would write.

    python bench/google_sheets.py [--rows 50 1000 10000] [--keep FILE]

The service is the stand-in of the tests, which answers as Google does and packs as it does. Every number
is counted there: calls (the token's not among them), bytes of the bodies up, and down before and after
packing. The peer is `bench/gspread_script.py`, on the same sheet. None of these numbers is a time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.books import DAY, objectives
from bench.gspread_script import sync as peer_sync
from sheetfunnel.cli import main as sheetfunnel
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.google.credentials import KEY_FILE
from sheetfunnel.stores.google.session import ENDPOINT
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from tests.google_service.client import connect
from tests.google_service.edits import Requests
from tests.google_service.server import Server
from tests.google_service.service import Service

_NEXT_DAY: Final = DAY + timedelta(days=1)
_HEADS: Final = ("rows", "what", "calls", "up kB", "down kB", "down packed kB")
_TITLE: Final = "## Google Sheets"
_KILO: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one run sent and was sent: bytes of bodies; ``packed`` of what came, over the line."""

    rows: int
    name: str
    calls: int
    up: int
    down: int
    packed: int

    def cells(self) -> tuple[str, ...]:
        """Return the line as it is shown."""
        sizes = (f"{each / _KILO:,.1f}" for each in (self.up, self.down, self.packed))
        return (f"{self.rows:,}", self.name, str(self.calls), *sizes)


def _counted(service: Service, rows: int, name: str, run: Callable[[], object]) -> Line:
    service.log.clear()
    run()
    calls = [call for call in service.log if call.method != "token"]
    return Line(
        rows=rows,
        name=name,
        calls=len(calls),
        up=sum(call.bytes_in for call in calls),
        down=sum(call.bytes_out for call in calls),
        packed=sum(call.bytes_packed for call in calls),
    )


def _typed(*words: str) -> None:
    """Type a command that has to succeed."""
    with redirect_stdout(StringIO()):
        code = sheetfunnel(words)
    if code:
        raise SystemExit(f"sheetfunnel {' '.join(words)} ended with {code}")


def _filled(service: Service, rows: int) -> str:
    """Return the key of a sheet that is set up, and has so many rows that no sync has seen yet."""
    key = service.make()
    _typed("new", "--google", key)
    workbook = open_workbook(key)
    blank = workbook.read()
    workbook.write(additions_plan(decode(blank).places, objectives(rows)), revision=blank.revision)
    return key


def _typed_over(service: Service, key: str, every: int) -> None:
    """Change some typed cells in each so-manieth row, as people would until the next day."""
    decoded = decode(open_workbook(key).read())
    place = decoded.places["objectives"]
    where = service.sheet(key, place.grid.title).sheet_id
    changed = {"userEnteredValue": {"stringValue": "They asked once more"}}
    requests = tuple(
        {
            "updateCells": {
                "start": {
                    "sheetId": where,
                    "rowIndex": row.number - 1,
                    "columnIndex": place.columns[name] - 1,
                },
                "rows": [{"values": [changed]}],
                "fields": "userEnteredValue",
            }
        }
        for row in decoded.rows[::every]
        for name in ("need", "next_step")
    )
    service.edit(key, Requests(requests=requests))


def _lines(service: Service, rows: int, key_file: Path) -> Iterator[Line]:
    key = _filled(service, rows)
    yield _counted(service, rows, "ours, first sync", lambda: _typed("sync", key, "--today", f"{DAY}"))
    _typed_over(service, key, every=100)
    yield _counted(
        service, rows, "ours, next day, 1 % changed", lambda: _typed("sync", key, "--today", f"{_NEXT_DAY}")
    )
    yield _counted(
        service, rows, "ours, nothing changed", lambda: _typed("sync", key, "--today", f"{_NEXT_DAY}")
    )
    client = connect(service.url, key_file)
    yield _counted(service, rows, "gspread script, every time", lambda: peer_sync(client, key))


def _ratios(lines: Sequence[Line]) -> Iterator[str]:
    """Yield how much less than the peer each run of ours is."""
    for rows in dict.fromkeys(line.rows for line in lines):
        *ours, peer = (line for line in lines if line.rows == rows)
        for line in ours:
            name = line.name.removeprefix("ours, ")
            total, theirs = line.up + line.packed, peer.up + peer.packed
            yield (
                f"{rows:,} rows, {name}: {line.calls} of their {peer.calls} calls, "
                f"{peer.calls / line.calls:.0f} times fewer; over the line, packed, {total / _KILO:,.0f} kB "
                f"against {theirs / _KILO:,.0f} kB, {total / theirs:.1f} times as much."
            )


def _part(lines: Sequence[Line]) -> str:
    """Return the part of the page that keeps the figures."""
    rows = "\n".join(f"| {' | '.join(line.cells())} |" for line in lines)
    told = "\n".join(f"- {ratio}" for ratio in _ratios(lines))
    return (
        f"{_TITLE}\n\nCounted at the stand-in by `bench/google_sheets.py`, which says what is counted. Peer: "
        "`bench/gspread_script.py`.\n\n"
        f"| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}\n{rows}\n\n{told}\n"
    )


def main() -> None:
    """Count, print, and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[50, 1_000, 10_000])
    parser.add_argument("--keep", type=Path, help="write the table to this page too, below what stands there")
    asked = parser.parse_args()
    server, lines = Server(), list[Line]()
    with tempfile.TemporaryDirectory() as folder:
        key_file = server.service.tokens.key_file(server.service.robot, Path(folder) / "key.json")
        os.environ.update(
            {ENDPOINT: server.service.url, KEY_FILE: str(key_file), VARIABLE: str(Path(folder) / "state")}
        )
        for rows in asked.rows:
            lines += _lines(server.service, rows, key_file)
    server.close()
    table = Table(*_HEADS)
    for line in lines:
        table.add_row(*line.cells())
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print("\n".join(_ratios(lines)))
    if asked.keep:
        before = asked.keep.read_text(encoding="utf-8").partition(f"\n{_TITLE}")[0].rstrip("\n")
        asked.keep.write_text(f"{before}\n\n{_part(lines)}", encoding="utf-8")


if __name__ == "__main__":
    main()
