"""The Check tab: every cell that could not be read: where, what is there, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from sheetfunnel.findings import Finding
from sheetfunnel.workbook.contract import Place
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import letters
from sheetfunnel.workbook.plan import TableContent


def check_content(decoded: Decoded, findings: Sequence[Finding], labels: Labels) -> TableContent:
    """Return the rows of the tab, each with a link to the place it speaks of."""
    findings = findings[: decoded.own.room.get("check", len(findings))]
    title = decoded.places["objectives"].grid.title
    clients = {row.number: row.objective.client for row in decoded.rows}
    rows = [
        (
            where(found),
            (clients.get(found.row) if found.tab == title else None) or None,
            found.shown or None,
            labels.say(found.remark),
        )
        for found in findings
    ]
    links = {
        (index, 0): Place(tab=found.tab, row=max(found.row, 1), column=max(found.column, 1))
        for index, found in enumerate(findings)
    }
    return TableContent(rows=rows, links=links)


def where(found: Finding) -> str:
    """Return a finding's place as people write it: the tab, and the cell or the row."""
    if not found.row:
        return found.tab
    return f"{found.tab}!{letters(found.column) if found.column else ''}{found.row}"
