"""Every call to Google meets every fault: it ends in time and in words, converges, and doubles nothing."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, TypeAlias

import pytest

from sheetfunnel.errors import ExitCode, SheetfunnelError
from sheetfunnel.set_up import set_up_sheet
from sheetfunnel.stores.google.connection import Connection, Patience
from sheetfunnel.stores.google.credentials import identity
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import decode
from tests.campaign import spread
from tests.faults.google.judge import sync, unsettled
from tests.faults.table import record
from tests.google.sheets import Filled
from tests.google_service.edits import DeleteTab, Type
from tests.google_service.misbehave import APPLIED, Fault
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet

#: What passes is waited for as long as need be, on however busy a machine; what stays is given up soon.
LONG: Final = Patience(deadline=60.0, first_pause=0.02, timeout=(30.0, 30.0))
_SHORT: Final = Patience(deadline=4.0, first_pause=0.02, timeout=(2.0, 2.0))
_AT_LAST: Final = 10_000

_PASSING: Final = frozenset(
    {
        Fault.RATE_LIMITED,
        Fault.RATE_LIMITED_RETRY_AFTER,
        Fault.INTERNAL,
        Fault.UNAVAILABLE,
        Fault.UNAVAILABLE_BUT_APPLIED,
        Fault.REFUSED,
        Fault.TIMEOUT_BEFORE,
        Fault.TIMEOUT_AFTER,
        Fault.RESET_IN_BODY,
        Fault.CUT_JSON,
        Fault.SLOW,
    }
)


_Run: TypeAlias = Callable[[GoogleWorkbook], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One of the calls that commands make: its method, what makes it, and what has to go wrong before."""

    method: str
    run: _Run
    lost_before: str = ""


def _set_up(sheet: GoogleWorkbook) -> bool:
    return set_up_sheet(sheet, language="en")


def _adopt(sheet: GoogleWorkbook) -> None:
    """Add a row, unless it is there: as a person does who adopts the same list again."""
    snapshot = sheet.read()
    decoded = decode(snapshot)
    if all(row.objective.client != "Adopted & Co" for row in decoded.rows):
        rows: list[Mapping[str, Cell]] = [{"client": "Adopted & Co", "objective": "Team day", "amount": 1200}]
        sheet.write(additions_plan(decoded.places, {"objectives": rows}), revision=snapshot.revision)


_RUNS: Final[tuple[_Run, ...]] = (sync, _set_up, _adopt)
_READ, _WRITE = "spreadsheets.get", "spreadsheets.batchUpdate"
_CALLS: Final = {
    "sync reads": _Call(method=_READ, run=sync),
    "sync writes": _Call(method=_WRITE, run=sync),
    "sync asks whether it wrote": _Call(
        method="spreadsheets.developerMetadata.get", run=sync, lost_before=_WRITE
    ),
    "set-up reads": _Call(method=_READ, run=_set_up),
    "set-up writes": _Call(method=_WRITE, run=_set_up),
    "rows are added": _Call(method=_WRITE, run=_adopt),
    "a token is asked for": _Call(method="token", run=sync),
}
_TIMEOUTS: Final = frozenset({Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A fault that a call meets once, or at each attempt."""

    name: str
    fault: Fault
    calls: int

    @property
    def call(self) -> _Call:
        return _CALLS[self.name]

    @property
    def passes(self) -> bool:
        """Whether a person should not even notice."""
        return self.fault is Fault.SLOW or (self.fault in _PASSING and self.calls == 1)

    @property
    def stops(self) -> bool:
        """Whether the run cannot have come to its end."""
        carried_out = self.fault in APPLIED and self.call.method == _WRITE
        return self.calls > 1 and self.fault is not Fault.SLOW and not carried_out

    @property
    def exit_code(self) -> ExitCode:
        """What a run ends with, if it is stopped."""
        if self.fault is Fault.NOT_FOUND and self.call.lost_before:
            return (
                ExitCode.UNREADABLE
            )  # it says that no such stamp stands: then the request itself was refused
        return ExitCode.TRY_LATER if self.fault in _PASSING else ExitCode.NO_ACCESS

    @property
    def patience(self) -> Patience:
        if self.stops and self.fault in _PASSING:
            return _SHORT
        return replace(LONG, timeout=_SHORT.timeout) if self.fault in _TIMEOUTS else LONG

    def __str__(self) -> str:
        return f"{self.name}, {self.fault}, {'once' if self.calls == 1 else 'always'}"


_POINTS: Final = [
    Point(name=name, fault=fault, calls=calls) for name, fault, calls in product(_CALLS, Fault, (1, _AT_LAST))
]
Patient: TypeAlias = Callable[[str, Patience], GoogleWorkbook]


@pytest.fixture
def patient(_at_the_stand_in: None) -> Patient:
    """Open a sheet by its key, with so much patience."""
    return lambda key, patience: GoogleWorkbook(key, lambda: Connection(identity(), patience=patience))


def test_whatever_goes_wrong_in_a_call_the_next_run_ends_where_an_undisturbed_one_would(
    google: Service, patient: Patient, filled: Filled
) -> None:
    wanted = undisturbed(google, patient, filled)
    violations: list[str] = []
    points = spread(_POINTS, every=17)
    for point in points:
        key = to_do(google, filled())
        found = [
            *met(google, patient(key, point.patience), point),
            *converges(google, patient(key, LONG), point.call, wanted),
        ]
        violations += [f"{point}: {each}" for each in found]
        del google.spreadsheets[key]
    record(8, "Google: each call meets each fault", len(points), violations)
    assert not violations, "\n".join(violations)


def undisturbed(google: Service, patient: Patient, filled: Filled) -> Mapping[_Run, Spreadsheet]:
    """Return what each run makes of the sheet without any fault."""
    return {run: _undisturbed(google, patient(filled(), LONG), run) for run in _RUNS}


def to_do(google: Service, key: str) -> str:
    """Leave something to do in a sheet: a tab that is gone, and results that are no longer right."""
    google.edit(key, DeleteTab(tab="Check"), Type(tab="Objectives", cell="A3", value="Renamed & Sons"))
    return key


def _undisturbed(google: Service, sheet: GoogleWorkbook, run: _Run) -> Spreadsheet:
    to_do(google, sheet.key)
    run(sheet)
    sync(sheet)
    return google.spreadsheet(sheet.key)


def met(google: Service, sheet: GoogleWorkbook, point: Point) -> Iterator[str]:
    """Let a run meet a fault; yield what is wrong with how it ends."""
    if point.call.lost_before:
        google.misbehave.next(Fault.CUT_JSON, method=point.call.lost_before)
    google.misbehave.next(point.fault, calls=point.calls, method=point.call.method)
    begin = time.monotonic()
    error = _error(point.call.run, sheet)
    taken = time.monotonic() - begin
    was_met = all(plan.calls != point.calls for plan in google.misbehave.planned)
    google.misbehave.clear()
    _wait_until_it_listens(google)
    if not was_met:
        yield "the call was not made"
    if taken > 4 * (point.patience.deadline + max(point.patience.timeout)):  # at most three calls and a token
        yield f"it took {taken:.1f} s"
    yield from _wrong_end(error, point)


def _error(run: _Run, sheet: GoogleWorkbook) -> SheetfunnelError | None:
    try:
        run(sheet)
    except SheetfunnelError as error:
        return error
    return None


def _wrong_end(error: SheetfunnelError | None, point: Point) -> Iterator[str]:
    if error is None:
        if point.stops:
            yield "it says that all is well"
        return
    if point.passes:
        yield f"it did not pass: {error.message}"
    if error.exit_code != point.exit_code:
        yield f"exit code {error.exit_code}: {error.message}"
    yield from unfit_words(f"{error.message}\n{error.hint}", error.hint)


#: Words that are none of a person's: of Python, of protocols, of keys.
_CODE: Final = re.compile(
    r"Error\b|Exception|Traceback|HTTPS?Connection|Pool\(|<[a-z!]|[{}]|\bNone\b|0x[0-9a-f]|BEGIN|PRIVATE|Bearer|ya29|"
    r"[A-Za-z0-9_-]{60,}"
)


def unfit_words(text: str, hint: str) -> Iterator[str]:
    if not hint.strip():
        yield "it does not say what to do"
    found = _CODE.search(text)
    if found:
        yield f"it says {found[0]!r}: {text}"


def _wait_until_it_listens(google: Service) -> None:
    port = int(google.url.rsplit(":", 1)[1])
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


def converges(
    google: Service,
    sheet: GoogleWorkbook,
    call: _Call,
    wanted: Mapping[_Run, Spreadsheet],
) -> Iterator[str]:
    """Run again, undisturbed; yield what is not as it would have been without the fault."""
    if call.run is not sync:
        call.run(sheet)
    sync(sheet)
    if sync(sheet).written:
        yield "a further sync writes"
    state = google.spreadsheet(sheet.key)
    yield from unsettled(state)
    yield from _differing(state, wanted[call.run])
    yield from _doubled(state)


def _differing(state: Spreadsheet, wanted: Spreadsheet) -> Iterator[str]:
    if [sheet.title for sheet in state.sheets] != [sheet.title for sheet in wanted.sheets]:
        yield f"tabs: {[sheet.title for sheet in state.sheets]}"
        return
    for ours, theirs in zip(state.sheets, wanted.sheets, strict=True):
        if (len(ours.rows), ours.columns) != (len(theirs.rows), theirs.columns):
            yield f"{ours.title} is {len(ours.rows)} x {ours.columns}"
        for row, (line, other) in enumerate(zip(ours.rows, theirs.rows, strict=False), start=1):
            if line != other:
                yield f"{ours.title} row {row}: {line} is not {other}"


def _doubled(state: Spreadsheet) -> Iterator[str]:
    stamps = [
        entry["metadataValue"]
        for entry in state.metadata.values()
        if entry["metadataKey"] == "sheetfunnel.run"
    ]
    for what, found in (
        ("tab", [sheet.title for sheet in state.sheets]),
        ("name", [entry["name"] for entry in state.named_ranges]),
        ("stamp", [value.split(" ")[0] for value in stamps]),
        (
            "mark",
            [str((m["metadataKey"], m["metadataValue"], m.get("location"))) for m in state.metadata.values()],
        ),
    ):
        yield from (
            f"{what} {each!r} is there {count} times" for each, count in Counter(found).items() if count > 1
        )
