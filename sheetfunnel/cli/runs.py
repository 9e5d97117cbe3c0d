"""How a run that nobody watched is told afterwards: by its exit code and its counts."""

from __future__ import annotations

from sheetfunnel.cli.new import shown
from sheetfunnel.errors import ExitCode
from sheetfunnel.schedule.journal import Ran
from sheetfunnel.workbook.labels import Labels


def ran_told(ran: Ran, words: Labels) -> str:
    """Return how a run ended on a workbook, and what to do next."""
    if ran.done:
        counts = {key: ran.counts.get(key, 0) for key in ("changed_rows", "problems")}
        return words.text("cli.run.0", count=ran.counts.get("rows", 0), **counts)
    label = f"cli.run.{ran.exit_code}"
    if label not in words.texts:
        label = f"cli.run.{int(ExitCode.FAULT)}"
    return words.text(label, file=shown(ran.reference))
