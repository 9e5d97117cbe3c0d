"""``sheetfunnel adopt``."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.adopt.adoption import Adoption, adoption
from sheetfunnel.adopt.columns import Value
from sheetfunnel.adopt.survey import Proposal, survey
from sheetfunnel.cli.preview import print_counts, print_mapping
from sheetfunnel.cli.screen import err, out, progress, safe
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.append import Additions, additions_plan
from sheetfunnel.workbook.cells import DateOrder, DecimalMark
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded, decode
from sheetfunnel.workbook.labels import Labels, labels


class DateChoice(Enum):
    """What ``--date-order`` may say."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class DecimalChoice(Enum):
    """What ``--decimal`` may say."""

    COMMA = "comma"
    POINT = "point"


_ORDERS = {DateChoice.DAY_FIRST: DateOrder.DAY_FIRST, DateChoice.MONTH_FIRST: DateOrder.MONTH_FIRST}
_MARKS = {DecimalChoice.COMMA: DecimalMark.COMMA, DecimalChoice.POINT: DecimalMark.POINT}


def adopt(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="A CSV file or a workbook with a header row.")
    ],
    *,
    into: Annotated[str, typer.Option("--into", metavar="FILE", help="The workbook that takes the rows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Agree to the mapping: write without asking.")] = False,
    date_order: Annotated[
        DateChoice | None, typer.Option("--date-order", help="Settle dates that could be read both ways.")
    ] = None,
    decimal: Annotated[
        DecimalChoice | None, typer.Option("--decimal", help="Settle numbers that could be read both ways.")
    ] = None,
) -> None:
    """Take the rows of another table into a workbook, after showing how each column is read.

    What the source calls a stage becomes My stage, your own opinion, or the outcome; it never counts as
    evidence. Rows that the workbook has already are skipped. The source is not touched.

    Examples: [bold]sheetfunnel adopt pipeline.csv --into sales.xlsx[/]
    [bold]sheetfunnel adopt pipeline.csv --into sales.xlsx --yes --date-order day-first[/]
    """
    workbook = open_workbook(into)
    with progress(str(source)) as say:
        say("Reading the workbook")
        snapshot = workbook.read()
        decoded = decode(snapshot)
        say("Reading the source")
        proposal = survey(
            source,
            date_order=_ORDERS[date_order] if date_order else None,
            decimal=_MARKS[decimal] if decimal else None,
            currency=decoded.currency,
        )
        taken = _adoption(proposal, decoded)
    words = labels(decoded.language)
    print_mapping(proposal, words)
    print_counts(taken, words)
    plan = additions_plan(decoded.places, _additions(taken, words))
    if not plan:
        out.print("Nothing to add: the workbook has all of these rows. Nothing was written.")
        return
    if not (yes or _agreed(into, len(taken.rows))):
        out.print("Nothing was written. Add --yes to agree.")
        return
    with progress(into) as say:
        say("Writing")
        workbook.write(plan, revision=snapshot.revision)
    out.print(f"Added {len(taken.rows):,} rows to {safe(into)}. Next: sheetfunnel sync {safe(into)}")


def _adoption(proposal: Proposal, decoded: Decoded) -> Adoption:
    keys = {key for row in decoded.rows for key in (row.objective.key, row.open_key)}
    return adoption(
        proposal,
        keys,
        known_owners=[person.name for person in decoded.practice.people],
        known_services=[service.name for service in decoded.practice.services],
    )


def _additions(taken: Adoption, words: Labels) -> Additions:
    return {
        "objectives": [{key: _cell(value, words) for key, value in row.items()} for row in taken.rows],
        "people": [{"name": name} for name in taken.owners],
        "services": [{"name": name} for name in taken.services],
    }


def _cell(value: Value, words: Labels) -> Cell:
    """Return a value as it is written into a cell that people read."""
    if isinstance(value, (Stage, Outcome)):
        return words.name(value)
    if isinstance(value, bool):
        return words.text("yes.yes" if value else "yes.no")
    return value


def _agreed(into: str, count: int) -> bool:
    if not err.is_terminal:
        return False
    return typer.confirm(f"Add {count:,} rows to {into}?", err=True)
