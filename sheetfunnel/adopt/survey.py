"""The preview of an adoption: what each column of a source would become. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sheetfunnel.adopt.columns import NotTaken, Taken, Ways, match_columns
from sheetfunnel.adopt.source import Source, read_source
from sheetfunnel.adopt.stages import StageWord, stage_words
from sheetfunnel.errors import UnreadableSource
from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.values import value
from sheetfunnel.workbook.cells import DateOrder, DecimalMark, Unread
from sheetfunnel.workbook.headings import SOURCE_STAGE

_NAMING: Final = frozenset({"id", "client", "objective"})
_TOLD: Final = 2
_LISTED: Final = 12
_DATE_HINT: Final = "Say which comes first with --date-order day-first or --date-order month-first."
_MARK_HINT: Final = "Say which mark stands before the decimals with --decimal comma or --decimal point."


@value
class Proposal:
    """What an adoption would take from a source, for a person to agree to.

    ``stages`` are the source's words for stages and what they become; ``remarks`` is whatever else a
    person should know before agreeing.
    """

    source: Source
    taken: tuple[Taken, ...]
    not_taken: tuple[NotTaken, ...]
    stages: tuple[StageWord, ...]
    remarks: tuple[Remark, ...]


def survey(
    path: Path,
    *,
    date_order: DateOrder | None = None,
    decimal: DecimalMark | None = None,
    currency: str = "",
    fields: Mapping[str, str] | None = None,
) -> Proposal:
    """Return what would be taken from the table in a file, and how it would be read.

    ``date_order`` and ``decimal`` settle the columns that do not decide it themselves; ``currency`` is the
    workbook's (an amount in another one is not read), and ``fields`` are the columns that it has, with their
    headers by key (``None``: all that we know).

    Raises:
        UnreadableSource: it cannot be read, or in more than one way; the message names every reason.
        UnreadableWorkbook: it is a workbook that is damaged or hostile.

    """
    source = read_source(path)
    ways = Ways(order=date_order, mark=decimal, currency=currency, fields=fields)
    taken, not_taken = match_columns(source, ways)
    _refuse(source, taken)
    stages = next((stage_words(source.column(c.index)) for c in taken if c.target == SOURCE_STAGE), ())
    unknown = (word for word in stages if word.becomes is None)
    return Proposal(
        source=source,
        taken=taken,
        not_taken=not_taken,
        stages=stages,
        remarks=source.remarks
        + tuple(remark(Code.LEFT_BLANK, shown=word.word, count=word.count) for word in unknown),
    )


def _refuse(source: Source, taken: Sequence[Taken]) -> None:
    """Stop if the source cannot be read in exactly one way, with all reasons at once."""
    dates = [told for column in taken if (told := _doubt(source, column, Code.AMBIGUOUS_DATE))]
    numbers = [told for column in taken if (told := _doubt(source, column, Code.AMBIGUOUS_NUMBER))]
    nameless = [] if any(column.target in _NAMING for column in taken) else [_nameless(source)]
    reasons = [*nameless, *dates, *numbers]
    hints = [*([_name_hint(source)] if nameless else []), *([_DATE_HINT] if dates else [])]
    hints += [_MARK_HINT] if numbers else []
    if reasons:
        raise UnreadableSource(f"“{source.name}” was not adopted. {' '.join(reasons)}", hint=" ".join(hints))


def _nameless(source: Source) -> str:
    return (
        "It has no column for the client, the objective or an ID, so that its rows cannot be told apart. "
        f"Its headings are: {_listed(source.headings)}."
    )


def _name_hint(source: Source) -> str:
    if len(source.headings) == 1 and any(mark in source.headings[0] for mark in ",;\t|"):
        return (
            "All of it stands in one column: in Excel, Data > Text to Columns parts it. Then adopt it again."
        )
    return "Head the column that names the client “Client” (or the sale “Opportunity”) and adopt it again."


def _doubt(source: Source, column: Taken, code: Code) -> str:
    """Return the reason why a column can be read in two ways, with examples, or nothing if it cannot."""
    cells = dict.fromkeys(source.column(column.index))
    values = (read.remark for cell in cells if isinstance(read := column.read(cell), Unread))
    doubts = [said for said in values if said.code is code]
    if not doubts:
        return ""
    mixed = column.order is DateOrder.MIXED or column.mark is DecimalMark.MIXED
    opening = "mixes two ways of writing" if mixed else "can be read in two ways"
    return f"Column “{column.heading}” {opening}: {'; '.join(_both(said) for said in doubts[:_TOLD])}."


def _both(said: Remark) -> str:
    first, second = ("day_first", "month_first") if "day_first" in said.params else ("point", "comma")
    words = {"day_first": "day first", "month_first": "month first", "point": "with a decimal point"}
    words["comma"] = "with a decimal comma"
    return (
        f"“{said.params['shown']}” is {said.params[first]} {words[first]}, "
        f"and {said.params[second]} {words[second]}"
    )


def _listed(headings: Sequence[str]) -> str:
    named = ", ".join(f"“{heading}”" for heading in headings[:_LISTED])
    more = len(headings) - _LISTED
    return f"{named} and {more} more" if more > 0 else named
