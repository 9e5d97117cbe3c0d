"""``sheetfunnel week``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sheetfunnel.cli.options import AsJson, File, Today
from sheetfunnel.cli.screen import day, out, print_json, progress, safe, table
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.priority import Block
from sheetfunnel.funnel.text import fold
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import Reading, read_workbook
from sheetfunnel.workbook.labels import Labels, join, labels
from sheetfunnel.workbook.tabs.allocation import COUNTED
from sheetfunnel.workbook.tabs.priorities import block_hours

Top = Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many of each block to list.")]


def week(
    file: File,
    *,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="One person's week.")] = None,
    top: Top = 10,
    as_json: AsJson = False,
    today: Today = None,
) -> int:
    """Print what to do this week, in the order of work, and the hours for each kind of work.

    Examples: [bold]sheetfunnel week sales.xlsx[/]   [bold]sheetfunnel week sales.xlsx --owner Anna --top 3[/]
    """
    with progress(file) as say:
        reading = read_workbook(open_workbook(file), today=day(today), say=say)
    print_week(reading, owner=owner, top=top, as_json=as_json)
    return 0


def print_week(reading: Reading, *, owner: str | None, top: int, as_json: bool = False) -> None:
    """Print the ranked lists and the allocation of one owner, or of all.

    Raises:
        WrongUsage: nobody of that name has an objective or stands in Settings.

    """
    allocations = _chosen(reading, owner)
    words = labels(reading.decoded.language)
    if as_json:
        print_json([_as_json(reading, allocation, words) for allocation in allocations])
        return
    for allocation in allocations:
        for work in Work:
            _print_block(reading, allocation, work, top=top, words=words)
    _print_allocation(allocations, words)


def _chosen(reading: Reading, owner: str | None) -> list[Allocation]:
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
    owner = f"{safe(allocation.owner)} · " if allocation.owner else ""
    title = f"{owner}{words.name(work)}: {safe(block_hours(allocation, work, words))}"
    out.print(f"\n[bold]{title}[/]")
    if not verdicts:
        out.print(f"  {safe(words.text('week.nothing'))}")
        return
    listed = table(
        "",
        ("#", {"justify": "right"}),
        *((words.text(f"column.priorities.{key}"), {"overflow": "fold"}) for key in ("client", "objective")),
        *(
            (words.text(f"column.priorities.{key}"), {"overflow": "fold", "ratio": 1})
            for key in ("do_next", "why")
        ),
    )
    for verdict in verdicts[:top]:
        listed.add_row(*map(safe, _cells(verdict, words)))
    out.print(listed)
    if len(verdicts) > top:
        out.print(f"  {safe(words.text('week.more', count=len(verdicts) - top))}")


def _cells(verdict: Verdict, words: Labels) -> tuple[str, str, str, str, str]:
    objective = verdict.objective
    do_next = words.say(verdict.do_next) if verdict.do_next else ""
    why = join(words.say(said) for said in verdict.why)
    return str(verdict.rank), objective.client, objective.objective or objective.service, do_next, why


def _print_allocation(allocations: list[Allocation], words: Labels) -> None:
    keys = ("owner", "work", "stage", "count", "share", "hours")
    right = {"count", "share", "hours"}
    listed = table(
        words.text("tab.allocation"),
        *(
            (words.text(f"column.allocation.{k}"), {"justify": "right" if k in right else "left"})
            for k in keys
        ),
    )
    for allocation in allocations:
        for work in Work:
            hours = "" if allocation.hours is None else words.number(round(allocation.hours[work], 1))
            count, share = str(allocation.counts[work]), f"{allocation.shares[work]} %"
            name = allocation.owner or words.text("allocation.nobody")
            listed.add_row(
                *map(safe, (name, words.name(work), words.name(COUNTED[work]), count, share, hours))
            )
    out.print()
    out.print(listed)


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
    rank, client, objective, do_next, why = _cells(verdict, words)
    return {
        "rank": int(rank),
        "client": client,
        "objective": objective,
        "stage": verdict.stage.value if verdict.stage else None,
        "evidence": verdict.evidence.value,
        "do_next": do_next,
        "due": verdict.due,
        "why": why,
        "fit": verdict.fit.score,
    }
