"""``sheetfunnel adopt``."""

from __future__ import annotations

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.adopt.adoption import Adoption, adoption
from sheetfunnel.adopt.columns import Value, Ways
from sheetfunnel.adopt.survey import Proposal, survey
from sheetfunnel.cli.asking import agreed
from sheetfunnel.cli.preview import print_counts, print_mapping
from sheetfunnel.cli.report import print_remarks
from sheetfunnel.cli.screen import Steps, line, remark, safe
from sheetfunnel.errors import WrongUsage
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import remarks_of
from sheetfunnel.typed import as_typed
from sheetfunnel.values import value
from sheetfunnel.workbook.append import Additions, additions_plan, fields
from sheetfunnel.workbook.cells import DateOrder, DecimalMark
from sheetfunnel.workbook.contract import Cell, Workbook, WritePlan
from sheetfunnel.workbook.decode import Decoded, decode
from sheetfunnel.workbook.labels import Labels, labels
from sheetfunnel.workbook.read_objectives import SheetRow


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
    yes: Annotated[
        bool, typer.Option("--yes", metavar="", help="Agree to the mapping: write without asking.")
    ] = False,
    date_order: Annotated[
        DateChoice | None, typer.Option("--date-order", help="Settle dates that could be read both ways.")
    ] = None,
    decimal: Annotated[
        DecimalChoice | None, typer.Option("--decimal", help="Settle numbers that could be read both ways.")
    ] = None,
) -> None:
    """Take the rows of another table into a workbook, after showing how each column is read.

    What the source calls a stage becomes My stage, your own opinion, or the outcome; never evidence.

    Rows that the workbook has already are skipped. The source is not touched.

    Examples:
    [bold]sheetfunnel adopt pipeline.csv --into sales.xlsx[/]
    [bold]sheetfunnel adopt pipeline.csv --into sales.xlsx --yes --date-order day-first[/]

    """
    _refuse_itself(source, into)
    say = Steps(into)
    workbook = open_workbook(into, say=say)
    ways = Ways(order=_ORDERS[date_order] if date_order else None, mark=_MARKS[decimal] if decimal else None)
    offer = _offer(workbook, source, ways, say=say)
    print_mapping(offer.proposal, offer.words)
    print_counts(offer.proposal, offer.taken, offer.words)
    if not offer.plan:
        line(safe(offer.words.text("cli.adopt.nothing")))
    elif yes or _agreed(into, offer):
        _write(workbook, offer, into, say=say)
    else:
        remark(offer.words.text("cli.adopt.not_agreed"))


@value
class _Offer:
    """What a person is shown, and what is written if they agree."""

    proposal: Proposal
    taken: Adoption
    words: Labels
    plan: WritePlan
    revision: str


def _offer(workbook: Workbook, source: Path, ways: Ways, *, say: Steps) -> _Offer:
    with say.shown():
        say("Reading the workbook")
        snapshot = workbook.read()
        decoded = decode(snapshot)
        say("Reading the source")
        proposal = survey(
            source,
            date_order=ways.order,
            decimal=ways.mark,
            currency=decoded.currency,
            fields=fields(decoded.places["objectives"]),
        )
        taken = _adoption(proposal, decoded)
        words = labels(decoded.language)
        plan = additions_plan(decoded.places, _additions(taken, words))
    return _Offer(proposal=proposal, taken=taken, words=words, plan=plan, revision=snapshot.revision)


def _write(workbook: Workbook, offer: _Offer, into: str, *, say: Steps) -> None:
    with say.shown():
        say("Writing")
        workbook.write(offer.plan, revision=offer.revision)
    print_remarks(remarks_of(workbook), offer.words)
    command = f"sheetfunnel sync {as_typed(into)}"
    told = offer.words.text("cli.adopt.added", count=len(offer.taken.rows), file=into, command=command)
    line(safe(told), hang=2)


def _refuse_itself(source: Path, into: str) -> None:
    if source.exists() and Path(into).exists() and source.samefile(into):
        raise WrongUsage(
            f"“{source}” would be adopted into itself.",
            hint="Name another file as the source, or with --into.",
        )


def _adoption(proposal: Proposal, decoded: Decoded) -> Adoption:
    objectives = [row.objective for row in decoded.rows]
    return adoption(
        proposal,
        [(objective.key, objective.client) for objective in objectives],
        ended={row.open_folded: on for row in decoded.rows if (on := _ended_on(row))},
        known_owners=[person.name for person in decoded.practice.people],
        known_services=[service.name for service in decoded.practice.services],
    )


def _ended_on(row: SheetRow) -> date | None:
    return row.objective.closed_on if row.objective.outcome else None


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


def _agreed(into: str, offer: _Offer) -> bool:
    question = offer.words.text("cli.adopt.question", count=len(offer.taken.rows), file=into)
    return agreed(question, offer.words)
