"""``sheetfunnel simulate``."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from sheetfunnel.cli.options import AsJson
from sheetfunnel.cli.screen import line, print_json, print_table, progress, safe, table
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, Labels, labels

if TYPE_CHECKING:
    from sheetfunnel.simulation.trial import Summary


def simulate(  # noqa: PLR0913 - its options
    *,
    lives: Annotated[
        int, typer.Option(min=1, max=1000, help="How many lives, each with a seed of its own.")
    ] = 20,
    hours: Annotated[float, typer.Option(min=8, max=80, help="Working hours a week.")] = 40,
    selling: Annotated[
        float, typer.Option(min=2, max=40, help="Of these, hours that are kept for selling.")
    ] = 16,
    delivery: Annotated[
        float, typer.Option(min=0, max=40, help="Hours a week that a sale takes for twelve weeks.")
    ] = 2,
    target: Annotated[
        int | None,
        typer.Option(
            min=1, help="Also forecast every other week, and count the dips under this income a month."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Live an invented practice in two ways of spending the week, and compare the income.

    One explores when idle, the other by the program's allocation. No workbook is read or written; the same
    numbers give the same result.

    Examples:
    [bold]sheetfunnel simulate[/]
    [bold]sheetfunnel simulate --delivery 1 --lives 50[/]
    [bold]sheetfunnel simulate --lives 5 --target 6000[/]

    """
    from sheetfunnel.simulation.policies import POLICIES
    from sheetfunnel.simulation.practice import Habits
    from sheetfunnel.simulation.trial import summary

    habits = Habits(hours_a_week=hours, selling_hours=selling, delivery=delivery)
    aim = None if target is None else Decimal(target)
    with progress("simulate") as say:
        found = []
        for policy in POLICIES:
            say(policy)
            found.append(summary(policy, lives, habits, target=aim))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    _print(found, labels(DEFAULT_LANGUAGE))


def _print(found: list[Summary], words: Labels) -> None:
    right = {"justify": "right"}
    incomes = table(
        "",
        (words.text("cli.simulate.policy"), {}),
        (words.text("cli.simulate.income"), right),
        (words.text("cli.simulate.varies"), right),
    )
    for one in found:
        name = words.text(f"cli.simulate.{one.policy}")
        incomes.add_row(safe(name), words.number(round(one.mean)), f"{100 * one.varies:.0f} %")
    print_table(incomes)
    for one in found:
        if one.watched is not None:
            counts = asdict(one.watched)
            told = words.text(
                "cli.simulate.warned", policy=words.text(f"cli.simulate.{one.policy}"), **counts
            )
            line(safe(told), hang=2)
    line(safe(words.text("cli.simulate.lives", count=found[0].seeds)), hang=2)
