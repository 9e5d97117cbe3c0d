"""How a sync is told: on a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sheetfunnel.cli.screen import line, remark, safe
from sheetfunnel.findings import Finding, Remark
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.sync import Reading, SyncReport, changed_rows
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.contract import Snapshot, WritePlan
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.layout import layout, letters
from sheetfunnel.workbook.plan import changed_cells
from sheetfunnel.workbook.tabs.check import where
from sheetfunnel.workbook.tabs.start import rows_told

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
        "changed_rows": changed_rows(report.reading, report.plan),
        **counts(report.reading),
        "findings": [finding_as_json(found, words) for found in report.reading.findings],
        "remarks": [words.say(said) for said in report.remarks],
    }


def finding_as_json(found: Finding, words: Labels) -> dict[str, Any]:
    """Return a finding for a script: where it is, what stands there, what to do."""
    return {
        "where": where(found),
        "tab": found.tab,
        "cell": f"{letters(found.column)}{found.row}" if found.row and found.column else None,
        "code": found.remark.code.value,
        "shown": found.shown,
        "message": words.say(found.remark),
    }


def print_finding(found: Finding, words: Labels, *, indent: int = 0) -> None:
    """Print a finding: its place, and what to do."""
    line(f"[bold]{safe(where(found))}[/]: {safe(words.say(found.remark))}", indent=indent, hang=4)


def print_remarks(remarks: Iterable[Remark], words: Labels) -> None:
    """Say what a store had to remark, beside the results."""
    for said in remarks:
        remark(words.say(said))


def print_sync(file: str, report: SyncReport, *, dry_run: bool) -> None:
    """Tell a person what a sync read, found and wrote."""
    words = labels(report.reading.decoded.language)
    told = counts(report.reading)
    line(f"[bold]{safe(file)}[/]: {safe(_read(file, report.reading, words))}")
    for key in ("without_client", "same_key"):
        if told[key]:
            line(safe(words.text(f"cli.sync.{key}", count=told[key])), indent=2, hang=2)
    _print_findings(file, report.reading, words)
    _print_changes(report, words, dry_run=dry_run)


def _read(file: str, reading: Reading, words: Labels) -> str:
    if not reading.decoded.rows:
        return no_objectives(file, reading, words)
    parts = rows_told(reading.decoded, reading.assessment, words)
    return words.text("cli.sync.read", count=len(reading.decoded.rows), parts=parts)


def no_objectives(file: str, reading: Reading, words: Labels) -> str:
    """Return what to do with a workbook in which nothing is written yet."""
    tab = reading.decoded.places["objectives"].grid.title
    command = f"sheetfunnel adopt LIST.csv --into {as_typed(file)}"
    return words.text("cli.no_objectives", tab=tab, command=command)


def _print_findings(file: str, reading: Reading, words: Labels) -> None:
    findings, check = reading.findings, reading.decoded.places.tables.get("check")
    if not findings:
        return
    if check is None:  # a person deleted the tab
        command = f"sheetfunnel check {as_typed(file)}"
        told = words.text("cli.sync.findings_counted", count=len(findings), command=command)
    else:
        told = words.text("cli.sync.findings", count=len(findings), tab=check.grid.title)
    line(safe(told), indent=2, hang=2)
    for found in findings if len(findings) <= _SHOWN_FINDINGS else ():
        print_finding(found, words, indent=4)


def _print_changes(report: SyncReport, words: Labels, *, dry_run: bool) -> None:
    if not report.plan:
        line(safe(words.text("cli.sync.unchanged")), indent=2)
    elif dry_run:
        count = print_cells(report.reading.decoded, report.reading.snapshot, report.plan)
        line(safe(words.text("cli.sync.dry_run", count=count)), indent=2)
    else:
        count = changed_rows(report.reading, report.plan)
        told = words.text("cli.sync.written", count=count) if count else words.text("cli.sync.written_tabs")
        line(safe(told), indent=2)


def print_cells(decoded: Decoded, snapshot: Snapshot, plan: WritePlan) -> int:
    """Print each cell that would change, old and new; return how many they are.

    Of the tabs that people do not see only the number is told.
    """
    words, hidden, counts = labels(decoded.language), _hidden_tabs(decoded), Counter[str]()
    blank = words.text("cli.blank")
    for cell in changed_cells(snapshot, plan):
        counts[cell.tab] += 1
        if cell.tab in hidden:
            continue
        old, new = (blank if value is None else str(value) for value in (cell.old, cell.new))
        place = f"{cell.tab}!{letters(cell.column)}{cell.row}"
        line(f"{safe(place)}: {safe(old)} -> {safe(new)}", indent=2, hang=4)
    unseen = tuple(tab for tab in counts if tab in hidden)
    if unseen:
        count = sum(counts[tab] for tab in unseen)
        line(safe(words.text("cli.hidden_cells", count=count, tabs=unseen)), indent=2, hang=4)
    return counts.total()


def _hidden_tabs(decoded: Decoded) -> set[str]:
    """Return the titles of the tabs in which the program keeps its books."""
    keys = {tab.key for tab in layout().tabs if tab.hidden}
    return {place.grid.title for place in decoded.places.tables.values() if place.table.tab in keys}
