"""Every call to Google meets every fault: it ends in time and in words, converges, and doubles nothing."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

import pytest

from sheetfunnel.errors import ExitCode, SheetfunnelError
from sheetfunnel.set_up import set_up_sheet
from sheetfunnel.stores.google.connection import Connection, Patience
from sheetfunnel.stores.google.credentials import identity
from sheetfunnel.stores.google.store import GoogleWorkbook
from tests.campaign import spread
from tests.faults.conftest import record
from tests.faults.google.judge import sync, unsettled
from tests.google.sheets import Filled
from tests.google_service.edits import DeleteTab, Type
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service
from tests.google_service.state import Spreadsheet

#: Seconds, of each call: short, so that a whole run of faults is; long enough for a busy machine.
_PATIENCE: Final = Patience(deadline=4.0, first_pause=0.02, timeout=(1.5, 1.5))
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


_RUNS: Final[tuple[_Run, ...]] = (sync, _set_up)
_READ, _WRITE = "spreadsheets.get", "spreadsheets.batchUpdate"
_CALLS: Final = {
    "sync reads": _Call(method=_READ, run=sync),
    "sync writes": _Call(method=_WRITE, run=sync),
    "sync asks whether it wrote": _Call(
        method="spreadsheets.developerMetadata.get", run=sync, lost_before=_WRITE
    ),
    "set-up reads": _Call(method=_READ, run=_set_up),
    "set-up writes": _Call(method=_WRITE, run=_set_up),
    "a token is asked for": _Call(method="token", run=sync),
}
_POINTS: Final = list(product(_CALLS, Fault, (1, _AT_LAST)))


@pytest.fixture
def impatient(_at_the_stand_in: None) -> Callable[[str], GoogleWorkbook]:
    return lambda key: GoogleWorkbook(key, lambda: Connection(identity(), patience=_PATIENCE))


def test_whatever_goes_wrong_in_a_call_the_next_run_ends_where_an_undisturbed_one_would(
    google: Service, impatient: Callable[[str], GoogleWorkbook], filled: Filled
) -> None:
    wanted: dict[_Run, Spreadsheet] = {run: _undisturbed(google, impatient(filled()), run) for run in _RUNS}
    violations: list[str] = []
    points = spread(_POINTS, every=9)
    for name, fault, calls in points:
        call = _CALLS[name]
        sheet = impatient(_to_do(google, filled()))
        told = f"{name}, {fault}, {'once' if calls == 1 else 'always'}"
        found = [
            *_met(google, sheet, call, fault, calls),
            *_converges(google, impatient(sheet.key), call, wanted),
        ]
        violations += [f"{told}: {each}" for each in found]
        del google.spreadsheets[sheet.key]
    record(8, "Google: each call meets each fault", len(points), violations)
    assert not violations, "\n".join(violations)


def _to_do(google: Service, key: str) -> str:
    """Leave something to do in a sheet: a tab that is gone, and results that are no longer right."""
    google.edit(key, DeleteTab(tab="Check"), Type(tab="Objectives", cell="A3", value="Renamed & Sons"))
    return key


def _undisturbed(google: Service, sheet: GoogleWorkbook, run: _Run) -> Spreadsheet:
    _to_do(google, sheet.key)
    run(sheet)
    sync(sheet)
    return google.spreadsheet(sheet.key)


def _met(google: Service, sheet: GoogleWorkbook, call: _Call, fault: Fault, calls: int) -> Iterator[str]:
    """Let a run meet a fault; yield what is wrong with how it ends."""
    if call.lost_before:
        google.misbehave.next(Fault.CUT_JSON, method=call.lost_before)
    google.misbehave.next(fault, calls=calls, method=call.method)
    google.log.clear()
    begin = time.monotonic()
    error = _error(call.run, sheet)
    taken = time.monotonic() - begin
    met = calls != google.misbehave.planned[-1].calls if google.misbehave.planned else True
    google.misbehave.clear()
    _wait_until_it_listens(google)
    if not met:
        yield "the call was not made"
    if taken > 4 * (_PATIENCE.deadline + max(_PATIENCE.timeout)):  # at most three calls and a token
        yield f"it took {taken:.1f} s"
    yield from _wrong_end(error, fault, calls)


def _error(run: _Run, sheet: GoogleWorkbook) -> SheetfunnelError | None:
    try:
        run(sheet)
    except SheetfunnelError as error:
        return error
    return None


def _wrong_end(error: SheetfunnelError | None, fault: Fault, calls: int) -> Iterator[str]:
    passes = fault is Fault.SLOW or (fault in _PASSING and calls == 1)
    if error is None:
        return
    if passes:
        yield f"it did not pass: {error.message}"
    wanted = ExitCode.TRY_LATER if fault in _PASSING else ExitCode.NO_ACCESS
    if error.exit_code != wanted:
        yield f"exit code {error.exit_code}: {error.message}"
    yield from _unfit_words(f"{error.message}\n{error.hint}", error.hint)


#: Words that are none of a person's: of Python, of protocols, of keys.
_CODE: Final = re.compile(
    r"Error\b|Exception|Traceback|HTTPS?Connection|Pool\(|<[a-z!]|[{}]|\bNone\b|0x[0-9a-f]|BEGIN|PRIVATE|Bearer|ya29|"
    r"[A-Za-z0-9_-]{60,}"
)


def _unfit_words(text: str, hint: str) -> Iterator[str]:
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


def _converges(
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
