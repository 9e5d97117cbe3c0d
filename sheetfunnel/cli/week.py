"""``sheetfunnel week``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from sheetfunnel.cli.options import AsJson, File, Owner, Today
from sheetfunnel.cli.report import no_objectives
from sheetfunnel.cli.screen import day, line, print_json, print_table, progress, safe, table
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.foresight import Warned
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.text import fold
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import Reading, foreseen, read_workbook
from sheetfunnel.workbook.keys import JOINT
from sheetfunnel.workbook.labels import Labels, join, labels
from sheetfunnel.workbook.tabs.allocation import COUNTED
from sheetfunnel.workbook.tabs.priorities import block_hours, owner_name
from sheetfunnel.workbook.tabs.warnings import said

Top = Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many of each block to list.")]


def week(
    file: File,
    *,
    owner: Owner = None,
    top: Top = 10,
    as_json: AsJson = False,
    today: Today = None,
) -> int:
    """Print what to do this week, in the order of work, and the hours for each kind of work.

    Examples:
    [bold]sheetfunnel week sales.xlsx[/]
    [bold]sheetfunnel week sales.xlsx --owner Anna --top 3[/]

    """
    with progress(file) as say:
        reading = read_workbook(open_workbook(file, say=say), today=day(today), say=say)
    if reading.decoded.rows or as_json:
        print_week(reading, owner=owner, top=top, as_json=as_json)
    else:
        line(safe(no_objectives(file, reading, labels(reading.decoded.language))))
    return 0


def print_week(reading: Reading, *, owner: str | None, top: int, as_json: bool = False) -> None:
    """Print the ranked lists and the allocation of one owner, or of all.

    Raises:
        WrongUsage: nobody of that name has an objective or stands in Settings.

    """
    allocations = chosen(reading, owner)
    words = labels(reading.decoded.language)
    if as_json:
        print_json([_as_json(reading, allocation, words) for allocation in allocations])
        return
    for allocation in allocations:
        for work in Work:
            _print_block(reading, allocation, work, top=top, words=words)
    _print_allocation(allocations, words)
    _print_warnings(foreseen(reading).warnings, allocations, words)


def _print_warnings(warnings: Sequence[Warned], allocations: Sequence[Allocation], words: Labels) -> None:
    """Print each thing to be warned of, and what to do about it."""
    owners = {fold(allocation.owner) for allocation in allocations}
    concerned = [warned for warned in warnings if not warned.owner or fold(warned.owner) in owners]
    if concerned:
        line("")
        line(f"[bold]{safe(words.text('digest.warned'))}[/]")
    for warned in concerned:
        what, remedy = said(warned, words)
        line(safe(what), indent=2, hang=2)
        line(safe(remedy.strip()), indent=4, hang=3)


def chosen(reading: Reading, owner: str | None) -> list[Allocation]:
    """Return the weeks of one owner, or of all.

    Raises:
        WrongUsage: nobody of that name has an objective or stands in Settings.

    """
    everybody = reading.assessment.allocations
    if owner is None:
        return list(everybody)
    chosen = [allocation for allocation in everybody if fold(allocation.owner) == fold(owner)]
    if not chosen:
        names = ", ".join(allocation.owner for allocation in everybody if allocation.owner)
        raise WrongUsage(f"Nobody is called “{owner}” in this workbook.", hint=f"The owners are: {names}.")
    return chosen


def _block(reading: Reading, allocation: Allocation, work: Work) -> list[Verdict]:
    ranked = reading.assessment.ranked
    block = Block(work.value)
    return [v for v in ranked if v.block is block and fold(v.objective.owner) == fold(allocation.owner)]


def _print_block(reading: Reading, allocation: Allocation, work: Work, *, top: int, words: Labels) -> None:
    verdicts = _block(reading, allocation, work)
    name = owner_name(allocation, words)
    owner = f"{name} · " if name else ""
    line("")
    line(f"[bold]{safe(owner + words.name(work))}: {safe(block_hours(allocation, work, words))}[/]")
    if not verdicts:
        line(safe(words.text("week.nothing")), indent=2)
    for verdict in verdicts[:top]:
        _print_objective(verdict, words)
    if len(verdicts) > top:
        line(safe(words.text("week.more", count=len(verdicts) - top)), indent=2)


def _print_objective(verdict: Verdict, words: Labels) -> None:
    """Print what to do first, and below it, dimmed, why it stands there."""
    do_next = words.say(verdict.do_next) if verdict.do_next else ""
    step = f" → [bold]{safe(do_next)}[/]" if do_next else ""
    line(f"{verdict.rank:>3}  {safe(titled(verdict.objective))}{step}", hang=5)
    line(f"[dim]{safe(_why(verdict, words))}[/]", indent=5)


def _why(verdict: Verdict, words: Labels) -> str:
    """Return the reasons, led by the day on which the next step is due."""
    due = verdict.due if verdict.due != verdict.objective.expected_close else None
    led = (f"{words.text('column.priorities.due')}: {due.isoformat()}",) if due else ()
    return join((*led, *(words.say(said) for said in verdict.why)))


def titled(objective: SalesObjective) -> str:
    """Return an objective's name as one text: the client (without one, the ID), and what is to be sold."""
    ident = "" if objective.key.startswith(JOINT) else objective.key
    named = (objective.client or ident, objective.objective or objective.service)
    return " · ".join(part for part in named if part)


def _print_allocation(allocations: list[Allocation], words: Labels) -> None:
    """Print one row for each owner: how many objectives give which share and how many hours."""
    works = [(f"{words.name(work)} ({words.name(COUNTED[work])})", {"justify": "right"}) for work in Work]
    count, share, hours = (words.text(f"column.allocation.{key}") for key in ("count", "share", "hours"))
    listed = table(
        safe(f"{words.text('tab.allocation')}: {count} → {share}, {hours}"),
        (words.text("column.allocation.owner"), {"overflow": "fold"}),
        *works,
    )
    for allocation in allocations:
        name = allocation.owner or words.text("allocation.nobody")
        listed.add_row(safe(name), *(safe(_share(allocation, work, words)) for work in Work))
    line("")
    print_table(listed)


def _share(allocation: Allocation, work: Work, words: Labels) -> str:
    told = {"count": allocation.counts[work], "share": allocation.shares[work]}
    if allocation.hours is None:
        return words.text("cli.week.cell", **told)
    return words.text("cli.week.cell_hours", hours=round(allocation.hours[work], 1), **told)


def _as_json(reading: Reading, allocation: Allocation, words: Labels) -> dict[str, Any]:
    return {
        "owner": allocation.owner,
        "work": [
            {
                "work": work.value,
                "count": allocation.counts[work],
                "share": allocation.shares[work],
                "hours": None if allocation.hours is None else float(allocation.hours[work]),
                "objectives": [_verdict_as_json(v, words) for v in _block(reading, allocation, work)],
            }
            for work in Work
        ],
    }


def _verdict_as_json(verdict: Verdict, words: Labels) -> dict[str, Any]:
    objective = verdict.objective
    return {
        "rank": verdict.rank,
        "key": objective.key,
        "client": objective.client,
        "objective": objective.objective or objective.service,
        "stage": verdict.stage.value if verdict.stage else None,
        "evidence": verdict.evidence.value,
        "do_next": words.say(verdict.do_next) if verdict.do_next else None,
        "due": verdict.due,
        "why": join(words.say(said) for said in verdict.why),
        "fit": verdict.fit.score,
    }
