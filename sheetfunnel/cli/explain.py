"""``sheetfunnel explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from sheetfunnel.cli.options import File, Today
from sheetfunnel.cli.screen import day, out, progress, safe
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.text import fold
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import Reading, read_workbook
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.tabs.objectives import fit_text, stage_text


def explain(
    file: File,
    client: Annotated[
        str, typer.Argument(metavar="CLIENT", help="A client's name, or a part of it, or an ID.")
    ],
    *,
    today: Today = None,
) -> None:
    """Print why the objectives of a client stand where they stand, condition by condition.

    Example: [bold]sheetfunnel explain sales.xlsx "Rosa Vidal"[/]
    """
    with progress(file) as say:
        reading = read_workbook(open_workbook(file), today=day(today), say=say)
    words = labels(reading.decoded.language)
    for verdict in _found(reading, client):
        _print_verdict(verdict, reading.assessment, words)


def _found(reading: Reading, client: str) -> list[Verdict]:
    """Return the verdicts of a client: by the whole name or key, else by a part of it."""
    wanted = fold(client)
    verdicts = reading.assessment.verdicts
    whole = [v for v in verdicts if wanted in {fold(v.objective.client), fold(v.objective.key)}]
    found = whole or [v for v in verdicts if wanted and wanted in fold(v.objective.client)]
    if not found:
        raise WrongUsage(
            f"No row has a client or ID like “{client}”.",
            hint="Write a part of the name as it stands in the sheet.",
        )
    return found


def _print_verdict(verdict: Verdict, assessment: Assessment, words: Labels) -> None:
    objective = verdict.objective
    named = " · ".join(part for part in (objective.client, objective.objective or objective.service) if part)
    out.print(f"\n[bold]{safe(named or objective.key)}[/]: {safe(stage_text(verdict, words))}")
    for condition in Condition:
        mark = "[green]✓[/]" if condition in verdict.holds else "[red]✗[/]"
        out.print(f"  {mark} {safe(words.name(condition))}")
    if verdict.do_next:
        out.print(f"  {safe(words.text('column.objectives.do_next'))}: {safe(words.say(verdict.do_next))}")
    for said in verdict.why:
        out.print(f"  {safe(words.text('column.objectives.why'))}: {safe(words.say(said))}")
    _print_fit(verdict.fit, words)
    cycle = assessment.cycles.get(fold(objective.service))
    if cycle is not None:
        days = words.text("explain.cycle", count=cycle.days, origin=cycle.origin)
        out.print(f"  {safe(days)}")
    if verdict.age is not None:
        out.print(f"  {safe(words.text('explain.age', count=verdict.age))}")


def _print_fit(fit: Fit, words: Labels) -> None:
    text = fit_text(fit)
    out.print(
        f"  {safe(words.text('column.objectives.fit'))}: {safe(text or words.text('explain.fit_unknown'))}"
    )
