"""The rows of a source as typed values by column; what cannot be read stays the text that it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from sheetfunnel.adopt.columns import Taken, Value
from sheetfunnel.adopt.survey import Proposal
from sheetfunnel.findings import Code, Finding, Remark, remark
from sheetfunnel.funnel.objective import Outcome
from sheetfunnel.values import value
from sheetfunnel.workbook.cells import Unread, read_text
from sheetfunnel.workbook.headings import SOURCE_CLOSE, SOURCE_CURRENCY, SOURCE_STAGE
from sheetfunnel.workbook.keys import objective_key
from sheetfunnel.workbook.words import currencies, plain

#: Values by the key of a column, of the objectives, of the starter profile or of those that people added.
Row = Mapping[str, Value]


@value
class SourceRow:
    """A row of the source: the ``line`` it stands on, its values, and its cells that were taken as text.

    ``currency`` is that of its amount, if it is another one than the workbook's.
    """

    line: int
    values: Row
    unread: tuple[Finding, ...]
    currency: str = ""


def distinct_rows(proposal: Proposal) -> tuple[list[SourceRow], int]:
    """Return the rows that do not repeat another in every value that is taken, and how many do."""
    first: dict[frozenset[tuple[str, Value]], SourceRow] = {}
    for row in _rows(proposal):
        first.setdefault(frozenset(row.values.items()), row)
    return list(first.values()), len(proposal.source.rows) - len(first)


def row_key(row: Row) -> str:
    """Return the key that a row will have in the workbook."""
    closed_on = row.get("closed_on") if isinstance(row.get("outcome"), Outcome) else None
    return objective_key(
        row_id=text_of(row, "id"),
        client=text_of(row, "client"),
        objective=text_of(row, "objective"),
        service=text_of(row, "service"),
        closed_on=closed_on if isinstance(closed_on, date) else None,
    )


def text_of(row: Row, key: str) -> str:
    """Return a value as text; nothing if the row has none."""
    return str(row.get(key, ""))


def _rows(proposal: Proposal) -> Iterator[SourceRow]:
    amount = next((column for column in proposal.taken if column.target == "amount"), None)
    for index, line in enumerate(proposal.source.lines):
        values, unread = _read(proposal, index)
        currency = _other_currency(values, amount.currency if amount else "")
        if amount and currency:
            shown = f"{values['amount']:f} {currency}"
            values["amount"] = shown
            said = remark(Code.OTHER_CURRENCY, shown=shown, currency=amount.currency)
            unread.append(_finding(proposal, index, amount, said))
        yield SourceRow(line=line, values=_placed(values), unread=tuple(unread), currency=currency)


def _other_currency(values: dict[str, Value], currency: str) -> str:
    """Return the currency of a row's amount if it is not the workbook's ("": any is)."""
    code = values.pop(SOURCE_CURRENCY, None)
    if not (currency and isinstance(code, str) and isinstance(values.get("amount"), Decimal)):
        return ""
    return "" if currency.strip().upper() in currencies().get(plain(code), ()) else code


def _read(proposal: Proposal, index: int) -> tuple[dict[str, Value], list[Finding]]:
    values: dict[str, Value] = {}
    unread: list[Finding] = []
    cells = proposal.source.rows[index]
    for column in proposal.taken:
        cell = cells[column.index] if column.index < len(cells) else None
        value = column.read(cell)
        if isinstance(value, Unread):
            unread.append(_finding(proposal, index, column, value.remark))
            value = read_text(cell)
        if value is not None:
            values[column.target] = value
    return values, unread


def _finding(proposal: Proposal, index: int, column: Taken, why: Remark) -> Finding:
    source = proposal.source
    return Finding(
        remark=why,
        tab=source.sheet or source.name,
        row=source.lines[index],
        column=column.index + 1,
        shown=read_text(source.rows[index][column.index]),
    )


def _placed(values: dict[str, Value]) -> dict[str, Value]:
    """Put the source's stage and its date of closing where they belong with us."""
    stage = values.pop(SOURCE_STAGE, None)
    close = values.pop(SOURCE_CLOSE, None)
    if stage is not None:
        values.setdefault("outcome" if isinstance(stage, Outcome) else "my_stage", stage)
    if close is not None:
        ended = isinstance(values.get("outcome"), Outcome)
        values.setdefault("closed_on" if ended else "expected_close", close)
    return values
