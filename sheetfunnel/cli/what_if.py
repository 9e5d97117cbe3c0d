"""``sheetfunnel what-if``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from sheetfunnel.cli.options import File, Owner, Today
from sheetfunnel.cli.screen import day, line, print_table, progress, safe, table
from sheetfunnel.cli.week import chosen, titled
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.ahead import Band, Forecast
from sheetfunnel.funnel.diagnosis import told_dip
from sheetfunnel.funnel.foresight import Supposed, supposed
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.text import fold
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import Reading, read_workbook
from sheetfunnel.workbook.labels import Labels, join, labels
from sheetfunnel.workbook.read_history import read_past


def what_if(
    file: File,
    *,
    win: Annotated[
        list[str] | None, typer.Option("--win", metavar="CLIENT", help="Suppose that this one is won.")
    ] = None,
    lose: Annotated[
        list[str] | None, typer.Option("--lose", metavar="CLIENT", help="Suppose that this one is lost.")
    ] = None,
    owner: Owner = None,
    today: Today = None,
) -> None:
    """Print the income ahead as it stands, and if some objectives were won or lost.

    Nothing is written. Part of a client's name, an objective or an ID will do, as often as you like.
    What is won counts on its expected close; without one, when it is likeliest.

    Examples:
    [bold]sheetfunnel what-if sales.xlsx --win "Rosa Vidal"[/]
    [bold]sheetfunnel what-if sales.xlsx --win rosa --lose hollowmere --owner Anna[/]

    """
    if not win and not lose:
        raise WrongUsage("Nothing is supposed.", hint="Add --win CLIENT or --lose CLIENT, or both.")
    with progress(file) as say:
        reading = read_workbook(open_workbook(file, say=say), today=day(today), say=say)
    words = labels(reading.decoded.language)
    if owner is not None:
        owner = chosen(reading, owner)[0].owner
    meant = _meant(reading, [*(win or ()), *(lose or ())], owner)
    won, lost = ([meant[part] for part in parts or ()] for parts in (win, lose))
    _refuse_both(won, lost)
    found = supposed(
        reading.assessment,
        reading.decoded.practice,
        read_past(reading.decoded),
        owner=owner,
        won=frozenset(one.key for one in won),
        lost=frozenset(one.key for one in lost),
    )
    _print(found, won, lost, words)


def _refuse_both(won: Sequence[SalesObjective], lost: Sequence[SalesObjective]) -> None:
    twice = {one.key for one in won} & {one.key for one in lost}
    if twice:
        named = ", ".join(f"“{titled(one)}”" for one in won if one.key in twice)
        raise WrongUsage(f"Both won and lost: {named}.", hint="Name each once, or write more of the names.")


def _meant(reading: Reading, parts: Sequence[str], owner: str | None) -> dict[str, SalesObjective]:
    """Return the open objective that each part of a name means.

    Raises:
        WrongUsage: none is meant, or more than one; every such part is named.

    """
    still = [
        verdict.objective
        for verdict in reading.assessment.verdicts
        if verdict.stage is not None and (owner is None or verdict.standing.owner == fold(owner))
    ]
    found = {part: _matching(still, part) for part in parts}
    wrong = [_told_wrong(part, rows) for part, rows in found.items() if len(rows) != 1]
    if wrong:
        raise WrongUsage(
            " ".join(wrong), hint="Write more of the name, or the ID; `week` lists what is open."
        )
    return {part: rows[0] for part, rows in found.items()}


def _matching(still: Sequence[SalesObjective], part: str) -> list[SalesObjective]:
    """Return what is called so: by a whole name or key, else by a part of client or objective."""
    wanted = fold(part)
    whole = [one for one in still if wanted in {fold(one.client), fold(one.key), fold(titled(one))}]
    return whole or [one for one in still if wanted and wanted in fold(titled(one))]


def _told_wrong(part: str, rows: Sequence[SalesObjective]) -> str:
    if not rows:
        return f"No open objective is called like “{part}”."
    named = ", ".join(f"“{titled(one)}”" for one in rows[:3])
    more = f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""  # noqa: PLR2004 - as many are named
    return f"“{part}” may mean {named}{more}."


def _print(
    found: Supposed, won: Sequence[SalesObjective], lost: Sequence[SalesObjective], words: Labels
) -> None:
    if found.now.verdict is not None:
        line(safe(words.say(found.now.verdict)))
        return
    said = [words.text("what_if.won", names=", ".join(map(titled, won)))] if won else []
    said += [words.text("what_if.lost", names=", ".join(map(titled, lost)))] if lost else []
    line(safe(words.text("what_if.supposed", what="; ".join(said))), hang=2)
    if won:
        line(safe(words.text("what_if.when")), hang=2)
    line("")
    _print_months(found, words)
    line("")
    for label, told in (("what_if.now", found.now), ("what_if.then", found.then)):
        line(f"[bold]{safe(words.text(label))}[/]: {safe(_dip(told, found, words))}", hang=2)


def _print_months(found: Supposed, words: Labels) -> None:
    now, then = words.text("what_if.now"), words.text("what_if.then")
    listed = table(
        safe(words.text("chart.income")),
        (words.text("column.income.month"), {}),
        (now, {"justify": "right"}),
        (then, {"justify": "right"}),
    )
    if found.now.next_30_days and found.then.next_30_days:
        bands = (found.now.next_30_days.value, found.then.next_30_days.value)
        listed.add_row(safe(words.text("what_if.next_30_days")), *(safe(_band(one, words)) for one in bands))
    for one, other in zip(found.now.months, found.then.months, strict=True):
        bands = (one.income.value, other.income.value)
        listed.add_row(f"{one.first:%Y-%m}", *(safe(_band(each, words)) for each in bands))
    if found.now.in_all and found.then.in_all:
        bands = (found.now.in_all.value, found.then.in_all.value)
        listed.add_row(safe(words.text("what_if.in_all")), *(safe(_band(one, words)) for one in bands))
    print_table(listed)


def _band(band: Band, words: Labels) -> str:
    return words.text("what_if.band", median=band.median, low=band.low, high=band.high)


def _dip(told: Forecast, found: Supposed, words: Labels) -> str:
    if found.target is None:
        return words.text("what_if.no_target")
    return join(map(words.say, told_dip(told.dip))) if told.dip else words.text("what_if.no_dip")
