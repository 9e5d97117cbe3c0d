"""Removing a client on a person's word: their rows blanked, and all that is left synced, in one writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores.memory import MemoryWorkbook
from sheetfunnel.sync import assessed, plan_for
from sheetfunnel.values import value
from sheetfunnel.workbook.client_rows import (
    blanked,
    nearest_clients,
    rows_of_client,
    without_client,
)
from sheetfunnel.workbook.contract import Grid, Purpose, SetCells, Snapshot, WritePlan
from sheetfunnel.workbook.decode import Decoded, decode, refuse_implausible
from sheetfunnel.workbook.forgetting import Forgetting, Stand, Trace
from sheetfunnel.workbook.layout import letters
from sheetfunnel.workbook.read_history import former_keys, read_past
from sheetfunnel.workbook.read_objectives import SheetRow


@value
class Removal:
    """What removing a client means: the rows, the plan, how many backups hold the name.

    ``left`` are cells of these rows that cannot or must not be blanked: formulas, merged cells, and cells
    beside the table.
    """

    name: str
    snapshot: Snapshot
    decoded: Decoded
    rows: tuple[SheetRow, ...]
    plan: WritePlan
    left: tuple[Trace, ...]
    generations: int


def removal(
    workbook: Forgetting, name: str, *, today: date | None, say: Callable[[str], None] = lambda _: None
) -> Removal:
    """Return what is to be done so that nothing of a client is left; nothing is written.

    Without rows there may still be lines of History or backups that hold the name.

    Raises:
        WrongUsage: neither a row nor a backup has this name; the message names the nearest.
        ContractBroken, UnreadableWorkbook, NoAccess, Busy: as a sync does.

    """
    say("Reading")
    snapshot = workbook.read()
    decoded = decode(snapshot)
    refuse_implausible(decoded)
    rows = rows_of_client(decoded, name)
    say("Looking through the backups")
    generations = workbook.holding(name, alone=not rows)  # a part of a client's name is no client
    past, old = read_past(decoded), former_keys(decoded, rows)
    told = without_client(past, rows, name, old) is not past
    if not rows and not generations and not told:
        raise _nobody(decoded, name)
    there = bool(rows) or told
    plan, left = _plan(snapshot, decoded, rows, name=name, today=today) if there else (WritePlan(), ())
    return Removal(
        name=name,
        snapshot=snapshot,
        decoded=decoded,
        rows=rows,
        plan=plan,
        left=left,
        generations=generations,
    )


def remove(workbook: Forgetting, wanted: Removal, *, say: Callable[[str], None] = lambda _: None) -> Removed:
    """Carry out a removal: the workbook first, then the backups; tell what is left to look at.

    Raises:
        StaleRevision, Busy: the workbook was changed since, or is open; what was done is safe to do again.

    """
    say("Writing")
    workbook.write(wanted.plan, revision=wanted.snapshot.revision)
    say("Removing backups")
    generations = workbook.forget(wanted.name)
    say("Looking for what is left")
    tab = wanted.decoded.places["objectives"].grid.title
    found = workbook.traces(wanted.name, tab=tab, rows=[row.number for row in wanted.rows])
    return Removed(generations=generations, left=tuple(dict.fromkeys((*wanted.left, *found))))


@value
class Removed:
    """What became of a removal: how many backups went, and the places that a person should look at."""

    generations: int
    left: tuple[Trace, ...]


def _nobody(decoded: Decoded, name: str) -> WrongUsage:
    near = nearest_clients(decoded, name)
    hint = f"The nearest are: {', '.join(near)}." if near else "Write the name as it stands in the sheet."
    return WrongUsage(
        f"No row has the client “{name}”, and no backup holds that name. Nothing was removed.", hint=hint
    )


def _plan(
    snapshot: Snapshot, decoded: Decoded, rows: tuple[SheetRow, ...], *, name: str, today: date | None
) -> tuple[WritePlan, tuple[Trace, ...]]:
    """Return the rows blanked and everything else synced, and what stays in these rows."""
    blank, old = blanked(decoded.places["objectives"], rows), former_keys(decoded, rows)
    without = MemoryWorkbook(replace(snapshot, revision="0"))
    without.write(WritePlan(changes=(blank,)), revision="0")
    after = without.read()
    reading = assessed(after, today=today)
    synced = plan_for(reading, forget=lambda past: without_client(past, rows, name, old))
    changes = (blank, *synced.changes) if rows else synced.changes
    plan = WritePlan(changes=changes, purpose=Purpose.PURGE)
    return plan, tuple(_left(after.tabs[blank.tab], blank))


def _left(grid: Grid, blank: SetCells) -> list[Trace]:
    return [
        Trace(stand=Stand.CELL, tab=grid.title, cell=f"{letters(column)}{number}")
        for number in blank.rows
        for column in range(1, len(grid.rows[number - 1]) + 1)
        if grid.at(number, column) is not None or (number, column) in grid.formulas
    ]
