"""The job: read, decode, assess, encode, diff, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Protocol, runtime_checkable

from sheetfunnel.errors import Busy, StaleRevision
from sheetfunnel.findings import Finding, Remark
from sheetfunnel.funnel.assess import Assessment, assess
from sheetfunnel.funnel.foresight import Foresight, foresee
from sheetfunnel.funnel.history import Known, Past, known_today
from sheetfunnel.second_process import found_beside
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import ReplaceTable, SetCells, Snapshot, Workbook, WritePlan
from sheetfunnel.workbook.decode import Decoded, decode, refuse_implausible
from sheetfunnel.workbook.encode import encode_results, encode_status, encode_tables
from sheetfunnel.workbook.plan import diff
from sheetfunnel.workbook.read_history import known_before, read_past
from sheetfunnel.workbook.timers import Computer, timers_after

#: What is ahead of more rows is worked out by a second process, unless all are new: then memory is dear.
_MANY = 50_000
#: How often a run begins again because somebody changed the workbook meanwhile.
_ATTEMPTS = 3


@value
class Reading:
    """A workbook read and assessed as of ``today``; nothing is written by making one."""

    snapshot: Snapshot
    decoded: Decoded
    assessment: Assessment
    today: date

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything in the workbook that a person should look at."""
        return self.decoded.findings


@value
class SyncReport:
    """What a sync read, found and wrote; an empty plan means that nothing had to be written.

    ``remarks`` is what the store had to say while it read and wrote.
    """

    reading: Reading
    plan: WritePlan
    written: bool
    remarks: tuple[Remark, ...] = ()


@runtime_checkable
class Remarking(Protocol):
    """A store that may have something to say about its last reading or writing, such as an ignored lock."""

    remarks: Sequence[Remark]


def remarks_of(workbook: Workbook) -> tuple[Remark, ...]:
    """Return what a store had to say about its last reading or writing."""
    return tuple(workbook.remarks) if isinstance(workbook, Remarking) else ()


def _silent(step: str) -> None:
    del step


def read_workbook(workbook: Workbook, *, today: date | None, say: Callable[[str], None] = _silent) -> Reading:
    """Read a workbook and assess every objective in it as of ``today``."""
    say("Reading")
    return assessed(workbook.read(), today=today, say=say)


def assessed(snapshot: Snapshot, *, today: date | None, say: Callable[[str], None] = _silent) -> Reading:
    """Return a reading: what a snapshot says, and every objective in it assessed as of ``today``.

    Without a day it is that of the place where the workbook is: of a sheet its own, of a file this machine's.
    """
    as_of = today or snapshot.today or date.today()  # noqa: DTZ011 - a file's today is the machine's date
    decoded = decode(snapshot)
    say(f"Assessing {len(decoded.rows):,} rows")
    assessment = assess(
        [row.objective for row in decoded.known],
        criteria=decoded.criteria,
        practice=decoded.practice,
        today=as_of,
    )
    return Reading(snapshot=snapshot, decoded=decoded, assessment=assessment, today=as_of)


def sync_workbook(  # noqa: PLR0913 - each is a term on which it goes
    workbook: Workbook,
    *,
    today: date | None,
    dry_run: bool = False,
    accept_missing: bool = False,
    computer: Computer | None = None,
    say: Callable[[str], None] = _silent,
) -> SyncReport:
    """Bring the program's cells of a workbook up to date; a second call finds nothing to do.

    ``computer`` is the one that this runs on, if Start is to say whether that syncs by itself.

    Raises:
        Busy: somebody has the workbook open, or changed it at every one of three attempts.
        ContractBroken: a required column is missing, or too many known objectives vanished
            (``accept_missing`` lets that pass).
        UnreadableWorkbook, NoAccess: as the store says.

    """
    for _ in range(_ATTEMPTS):
        reading = read_workbook(workbook, today=today, say=say)
        if not accept_missing:
            refuse_implausible(reading.decoded)
        plan = plan_for(reading, computer)
        if dry_run or not plan:
            return SyncReport(reading=reading, plan=plan, written=False, remarks=remarks_of(workbook))
        say("Writing")
        try:
            workbook.write(plan, revision=reading.snapshot.revision)
        except StaleRevision:
            continue
        return SyncReport(reading=reading, plan=plan, written=True, remarks=remarks_of(workbook))
    raise Busy(
        f"Somebody else changed the workbook during each of {_ATTEMPTS} attempts. Nothing was written.",
        hint="Save and close it, then sync again; a scheduled sync tries again by itself.",
    )


def foreseen(reading: Reading) -> Foresight:
    """Return what is ahead of a workbook that was read, and what its History is to keep of today."""
    return _foreseen(reading, read_past(reading.decoded), known_before(reading.decoded))


def _foreseen(reading: Reading, past: Past, known: Mapping[str, Known] | None) -> Foresight:
    criteria, practice = reading.decoded.criteria, reading.decoded.practice
    return foresee(reading.assessment, criteria=criteria, practice=practice, past=past, known=known)


def changed_rows(reading: Reading, plan: WritePlan) -> int:
    """Return how many objectives get a new result; a message to rows that share a key is none."""
    if reading.decoded.looked_up:  # what is looked up changes with the table of results
        results = reading.decoded.places["results"].grid.title
        tables = [change for change in plan.changes if isinstance(change, ReplaceTable)]
        return sum(len(table.rows) - len(table.standing) for table in tables if table.tab == results)
    known = {row.number for row in reading.decoded.known}
    changed = (change.rows for change in plan.changes if isinstance(change, SetCells))
    return sum(len(known.intersection(rows)) for rows in changed)


def plan_for(
    reading: Reading,
    computer: Computer | None = None,
    *,
    forget: Callable[[Past], Past] = lambda past: past,
) -> WritePlan:
    """Return what a sync would write; empty when everything is as it should be.

    ``forget`` takes out of History what is to stand there no longer.

    What changed is told in the status box, so it is put in only when there is something to write: the
    words that tell it must not make a change of their own.
    """
    decoded, assessment, today = reading.decoded, reading.assessment, reading.today
    timers = timers_after(decoded.places.memory, computer, today=today)
    past, known = forget(read_past(decoded)), known_before(decoded)
    many = len(decoded.own.results.last) > _MANY
    with found_beside(partial(_foreseen, reading, past, known), worth=many) as ahead:
        remembered = known_today(past, assessment.verdicts, today, before=known or {})
        results = encode_results(decoded, assessment, remembered)
        changes = diff(decoded, results).changes
        tables = encode_tables(decoded, assessment, ahead(), results, today=today, timers=timers)
    plan = WritePlan(changes=(*changes, *diff(decoded, tables).changes))
    status = diff(decoded, encode_status(decoded, assessment, today=today, timers=timers, changed=None))
    if not plan and not status:
        return plan
    changed = changed_rows(reading, plan)
    status = diff(decoded, encode_status(decoded, assessment, today=today, timers=timers, changed=changed))
    return WritePlan(changes=(*plan.changes, *status.changes))
