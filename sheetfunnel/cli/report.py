"""How a sync is told: on a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sheetfunnel.cli.screen import out, safe
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.sync import Reading, SyncReport
from sheetfunnel.workbook.contract import SetCells
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import letters
from sheetfunnel.workbook.plan import changed_cells

#: How many findings a terminal shows before it points at the Check tab.
_SHOWN_FINDINGS = 10


def counts(reading: Reading) -> dict[str, int]:
    """Return how many rows were read, are open in each stage, and ended in which way."""
    verdicts = reading.assessment.verdicts
    stages = Counter(verdict.stage for verdict in verdicts)
    outcomes = Counter(verdict.objective.outcome for verdict in verdicts)
    return {
        "rows": len(reading.decoded.rows),
        "open": sum(count for stage, count in stages.items() if stage is not None),
        **{stage.value: stages[stage] for stage in Stage},
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
        "without_client": sum(not row.objective.client for row in reading.decoded.rows),
        "same_key": sum(bool(row.twins) for row in reading.decoded.rows),
    }


def report_as_json(file: str, report: SyncReport) -> dict[str, Any]:
    """Return what a script may want to know of a sync."""
    words = labels(report.reading.decoded.language)
    return {
        "file": file,
        "exit": 0,
        "written": report.written,
        "changed_rows": changed_rows(report),
        **counts(report.reading),
        "findings": [
            {
                "tab": found.tab,
                "cell": f"{letters(found.column)}{found.row}" if found.row and found.column else None,
                "code": found.remark.code.value,
                "shown": found.shown,
                "message": words.say(found.remark),
            }
            for found in report.reading.findings
        ],
    }


def changed_rows(report: SyncReport) -> int:
    """Return in how many rows of the objectives a result changed."""
    return sum(len(change.rows) for change in report.plan.changes if isinstance(change, SetCells))


def print_sync(file: str, report: SyncReport, *, dry_run: bool) -> None:
    """Tell a person what a sync read, found and wrote."""
    told = counts(report.reading)
    words = labels(report.reading.decoded.language)
    stages = ", ".join(f"{words.name(stage)} {told[stage.value]:,}" for stage in Stage)
    ended = ", ".join(f"{words.name(outcome).lower()} {told[outcome.value]:,}" for outcome in Outcome)
    out.print(
        f"[bold]{safe(file)}[/]: {told['rows']:,} rows read, {told['open']:,} open ({stages}), {ended}."
    )
    if told["without_client"]:
        out.print(f"  {told['without_client']:,} rows have no client; each is told so.")
    if told["same_key"]:
        out.print(
            f"  {told['same_key']:,} rows share their key with another row and got no result; see Check."
        )
    _print_findings(report)
    _print_changes(report, dry_run=dry_run)


def _print_findings(report: SyncReport) -> None:
    findings = report.reading.findings
    if not findings:
        return
    words = labels(report.reading.decoded.language)
    tab = words.text("tab.check")
    cells = "1 thing" if len(findings) == 1 else f"{len(findings):,} things"
    out.print(f"  {cells} to look at; the tab “{safe(tab)}” has a link to each.")
    for found in findings[:_SHOWN_FINDINGS] if len(findings) <= _SHOWN_FINDINGS else ():
        out.print(
            f"    {safe(found.tab)}!{letters(found.column)}{found.row}: {safe(words.say(found.remark))}"
        )


def _print_changes(report: SyncReport, *, dry_run: bool) -> None:
    if not report.plan:
        out.print("  Nothing changed; the file was left as it is.")
        return
    if not dry_run:
        out.print(f"  Written: results of {changed_rows(report):,} rows changed.")
        return
    for cell in changed_cells(report.reading.snapshot, report.plan):
        old, new = ("(blank)" if value is None else str(value) for value in (cell.old, cell.new))
        where = f"{cell.tab}!{letters(cell.column)}{cell.row}"
        out.print(f"  {safe(where)}: {safe(old)} -> {safe(new)}", soft_wrap=True)
    out.print("  Dry run: nothing was written.")
