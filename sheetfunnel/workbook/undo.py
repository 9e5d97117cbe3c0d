"""Back to before the last sync, in the workbook of today: only the program's own cells change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sheetfunnel.errors import Busy, ContractBroken, StaleRevision, UnreadableWorkbook, WrongUsage
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import ReplaceTable, SetCells, Snapshot, Workbook, WritePlan
from sheetfunnel.workbook.decode import Decoded, decode, refuse_misplaced
from sheetfunnel.workbook.generations import Generation, Keeping, before_syncs
from sheetfunnel.workbook.undo_plan import undo_plan

#: How often an undo begins again because somebody changed the workbook meanwhile.
_ATTEMPTS = 3


@value
class UndoReport:
    """What an undo went back to and wrote; ``generation`` is the one that the sync had displaced."""

    snapshot: Snapshot
    decoded: Decoded
    generation: Generation
    plan: WritePlan
    written: bool

    @property
    def changed_rows(self) -> int:
        """How many rows get other results, or none."""
        if self.decoded.looked_up:  # what is looked up changes with the table of results
            return self._changed_results
        return sum(len(change.rows) for change in self.plan.changes if isinstance(change, SetCells))

    @property
    def _changed_results(self) -> int:
        title = self.decoded.places["results"].grid.title
        tables = (change for change in self.plan.changes if isinstance(change, ReplaceTable))
        return sum(
            max(len(table.rows), table.old_rows) - len(table.standing)
            for table in tables
            if table.tab == title
        )

    @property
    def typed(self) -> list[tuple[int, int]]:
        """The result cells (row, column) in which a person typed: they stay as they are."""
        columns = self.decoded.places["objectives"].columns
        return sorted((row, columns[key]) for row, key in self.decoded.own.results.typed)


def undo_workbook(
    workbook: Workbook, *, dry_run: bool = False, say: Callable[[str], None] = lambda _: None
) -> UndoReport:
    """Bring the program's cells back to what they were before the last sync that is not undone yet.

    Raises:
        WrongUsage: there is no such sync among the generations that are kept.
        Busy: somebody has the workbook open, or changed it at every one of three attempts.
        ContractBroken, UnreadableWorkbook, NoAccess: as a sync does; or the kept generation cannot be read.

    """
    if not isinstance(workbook, Keeping):
        raise WrongUsage(
            "No earlier generations are kept of this workbook.", hint="Use its own history of versions."
        )
    for _ in range(_ATTEMPTS):
        report = _planned(workbook, workbook, say)
        if dry_run:
            return report
        say("Writing")
        try:
            workbook.write(report.plan, revision=report.snapshot.revision)
        except StaleRevision:
            continue
        return replace(report, written=True)
    raise Busy(
        f"Somebody else changed the workbook during each of {_ATTEMPTS} attempts. Nothing was written.",
        hint="Save and close it, then undo again.",
    )


def _planned(workbook: Workbook, keeping: Keeping, say: Callable[[str], None]) -> UndoReport:
    say("Reading")
    snapshot = workbook.read()
    decoded = decode(snapshot)
    refuse_misplaced(decoded)
    say("Reading the backup")
    kept = keeping.generations()
    for generation in before_syncs(kept, keeping.content_of(snapshot.revision)):
        plan = undo_plan(decoded, _as_it_was(generation, keeping))
        if plan:
            return UndoReport(
                snapshot=snapshot, decoded=decoded, generation=generation, plan=plan, written=False
            )
    raise _nothing_to_undo(kept, keeping)


def _as_it_was(generation: Generation, keeping: Keeping) -> Decoded:
    try:
        return decode(generation.read())
    except (UnreadableWorkbook, ContractBroken) as error:
        raise UnreadableWorkbook(
            f"The backup “{generation.name}” cannot be used. {error.message}",
            hint=f"It is in {keeping.kept_in}, with others; open the one that you want in your spreadsheet.",
        ) from error


def _nothing_to_undo(kept: Sequence[Generation], keeping: Keeping) -> WrongUsage:
    if not kept:
        return WrongUsage(
            "There is no sync to undo: no backup of this workbook is kept. Either it was never synced "
            "here by this user, or it was moved or renamed since, or its backups were removed.",
            hint=f"Backups would be in {keeping.kept_in}; sync the workbook to bring its results up to date.",
        )
    return WrongUsage(
        "There is no sync to undo: each of which a backup is kept (the ten latest, for 14 days) is undone.",
        hint=f"The backups are in {keeping.kept_in}. Sync the workbook to bring its results up to date.",
    )
