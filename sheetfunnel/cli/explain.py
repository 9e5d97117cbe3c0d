"""``sheetfunnel explain``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from sheetfunnel.cli.options import File, Today
from sheetfunnel.cli.screen import day, line, progress, safe
from sheetfunnel.cli.week import titled
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.evidence import Condition
from sheetfunnel.funnel.figures import FEWEST_CLOSED, Figure
from sheetfunnel.funnel.objective import Outcome
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.funnel.text import fold
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import Reading, read_workbook
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.phrases import stage_text
from sheetfunnel.workbook.read_objectives import SheetRow
from sheetfunnel.workbook.tabs.objectives import fit_text

#: How many clients a part of a name may mean before a longer part is asked for, and how many are named.
_MOST_CLIENTS = 5


def explain(
    file: File,
    client: Annotated[
        str, typer.Argument(metavar="CLIENT", help="A client's name, or a part of it, or an ID.")
    ],
    *,
    today: Today = None,
) -> None:
    """Print why the objectives of a client stand where they stand, condition by condition.

    Examples:
    [bold]sheetfunnel explain sales.xlsx "Rosa Vidal"[/]
    [bold]sheetfunnel explain sales.xlsx rosa --today 2026-11-23[/]

    """
    with progress(file) as say:
        reading = read_workbook(open_workbook(file, say=say), today=day(today), say=say)
    words = labels(reading.decoded.language)
    verdicts = {id(verdict.objective): verdict for verdict in reading.assessment.verdicts}
    rows = _found(reading, client)
    chances = _chances(reading)
    for row in rows:
        verdict = verdicts.get(id(row.objective))
        if verdict is None:
            _print_twin(row, words)
        else:
            _print_verdict(verdict, reading.assessment, words)
            _print_chance(chances.get(row.objective.key), words)


def _chances(reading: Reading) -> Mapping[str, Figure[float]]:
    """Return the chance of winning of each open objective, as far as closed sales say anything of it."""
    objectives = [verdict.objective for verdict in reading.assessment.verdicts]
    if sum(one.outcome in {Outcome.WON, Outcome.LOST} for one in objectives) < FEWEST_CLOSED:
        return {}
    from sheetfunnel.funnel.learning import chances_of  # it needs numpy

    return chances_of(reading.decoded.criteria, objectives)


def _found(reading: Reading, client: str) -> list[SheetRow]:
    """Return the rows of a client: by the whole name, key or objective's ID, else by a part of the name."""
    wanted, rows = fold(client), reading.decoded.rows
    whole = [r for r in rows if wanted in {fold(r.objective.client), fold(r.objective.key)} - {""}]
    found = whole or [row for row in rows if wanted and wanted in fold(row.objective.client)]
    if not found:
        raise WrongUsage(
            f"No row has a client or ID like “{client}”.",
            hint="Write a part of the name as it stands in the sheet.",
        )
    if not whole:
        _refuse_many(
            client, list({fold(row.objective.client): row.objective.client for row in found}.values())
        )
    return found


def _refuse_many(part: str, clients: Sequence[str]) -> None:
    more = len(clients) - _MOST_CLIENTS
    if more > 0:
        named = ", ".join(clients[:_MOST_CLIENTS])
        raise WrongUsage(
            f"“{part}” is a part of the names of {len(clients):,} clients: {named} and {more:,} more.",
            hint="Write more of the name.",
        )


def _print_twin(row: SheetRow, words: Labels) -> None:
    line("")
    said = words.say(row.clash)
    line(f"[bold]{safe(titled(row.objective))}[/]: {safe(said)}", hang=2)


def _print_verdict(verdict: Verdict, assessment: Assessment, words: Labels) -> None:
    objective = verdict.objective
    line("")
    line(f"[bold]{safe(titled(objective))}[/]: {safe(stage_text(verdict.standing.judgement, words))}", hang=2)
    for condition in Condition:
        mark = "[green]✓[/]" if condition in verdict.holds else "[red]✗[/]"
        line(f"{mark} {safe(words.name(condition))}", indent=2, hang=2)
    if verdict.do_next:
        _print_said(words.text("column.objectives.do_next"), words.say(verdict.do_next))
    for said in verdict.why:
        _print_said(words.text("column.objectives.why"), words.say(said))
    _print_fit(verdict.fit, words)
    cycle = assessment.cycles.get(fold(objective.service))
    if cycle is not None:
        line(safe(words.text("explain.cycle", count=cycle.days, origin=cycle.origin)), indent=2, hang=2)
    if verdict.age is not None:
        line(safe(words.text("explain.age", count=verdict.age)), indent=2, hang=2)


def _print_chance(chance: Figure[float] | None, words: Labels) -> None:
    if chance is not None:
        percent = round(100 * chance.value)
        said = words.text("explain.chance", percent=percent, certainty=chance.origin)
        line(safe(said), indent=2, hang=2)


def _print_said(label: str, text: str) -> None:
    line(f"{safe(label)}: {safe(text)}", indent=2, hang=2)


def _print_fit(fit: Fit, words: Labels) -> None:
    """Print the fit, how much of the profile it rests on, and what brings most and least."""
    label = words.text("column.objectives.fit")
    if fit.score is None:
        _print_said(label, words.text("explain.fit_unknown"))
        return
    known = words.text("explain.fit_known", percent=int(100 * fit.known))
    _print_said(label, f"{fit_text(fit)} ({known})")
    for said in fit.explanation:
        line(safe(words.say(said)), indent=4, hang=2)
