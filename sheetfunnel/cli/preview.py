"""What an adoption would do, shown before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from sheetfunnel.adopt.adoption import Adoption
from sheetfunnel.adopt.columns import NotTaken, Taken
from sheetfunnel.adopt.stages import StageWord
from sheetfunnel.adopt.survey import Proposal
from sheetfunnel.cli.screen import line, print_table, safe, table
from sheetfunnel.findings import Code, Finding
from sheetfunnel.funnel.objective import Outcome
from sheetfunnel.workbook.append import ADDED
from sheetfunnel.workbook.headings import SOURCE_CURRENCY, SOURCE_KINDS
from sheetfunnel.workbook.labels import Labels

#: The columns that what only a table of other people has may go to.
_PLACES = ("my_stage", "outcome", "closed_on", "expected_close", "amount")
#: So many rows are named by their number.
_LISTED = 5
_HEADERS = ("column", "becomes", "read_as", "filled", "such_as")


def print_mapping(proposal: Proposal, words: Labels) -> None:
    """Print, for every column of the source, what it becomes and how it is read."""
    source = proposal.source
    parts = (source.sheet, _encoding(source.encoding), _delimiter(source.delimiter, words))
    how = "; ".join(part for part in parts if part)
    rows = words.text("cli.adopt.rows", count=len(source.rows))
    listed = table(
        f"{safe(source.name)} ({safe(how)}): {safe(rows)}",
        *((words.text(f"cli.adopt.{header}"), _column(header)) for header in _HEADERS),
    )
    for column in proposal.taken:
        listed.add_row(*map(safe, _taken(column, words)))
    for left in proposal.not_taken:
        listed.add_row(*map(safe, _not_taken(left, words)))
    print_table(listed)
    for word in proposal.stages:
        if word.becomes is not None:  # of the others the remarks speak
            line(safe(_stage(word, words)), indent=2, hang=2)
    for said in proposal.remarks:
        line(safe(words.say(said)), indent=2, hang=2)


def _column(header: str) -> dict[str, object]:
    return {"overflow": "fold", "justify": "right" if header == "filled" else "left"}


def _encoding(codec: str) -> str:
    """Return an encoding as people say it: utf-8-sig is UTF-8 with a mark that nobody sees."""
    return "Windows-1252" if codec == "cp1252" else "-".join(codec.upper().split("-")[:2])


def _delimiter(mark: str, words: Labels) -> str:
    if mark == "\t":
        return words.text("cli.adopt.tab")
    return words.text("cli.adopt.between", mark=mark) if mark else ""


def _taken(column: Taken, words: Labels) -> tuple[str, ...]:
    way = _way(column, words)
    if column.unread:
        way = words.text("cli.adopt.as_text", way=way, count=column.unread)
    filled = words.number(column.filled)
    return column.heading, _target(column.target, words), way, filled, ", ".join(column.examples)


def _target(target: str, words: Labels) -> str:
    """Return the header of the column that takes a column of the source."""
    if target not in SOURCE_KINDS:
        return _header(target, words)
    headers = {key: _header(key, words) for key in _PLACES}
    return words.text(f"adopt.{target}", **headers)


def _header(key: str, words: Labels) -> str:
    if key.startswith(ADDED):
        return key.removeprefix(ADDED)
    label = f"column.objectives.{key}"
    return words.text(label if label in words.texts else f"column.profile.{key}")


def _way(column: Taken, words: Labels) -> str:
    if not column.filled:
        return ""
    notation = column.order or column.mark
    kind = words.text(f"cli.adopt.kind.{column.kind}", column=_target(column.target, words).lower())
    return kind if notation is None else f"{kind}, {words.name(notation)}"


def _not_taken(left: NotTaken, words: Labels) -> tuple[str, ...]:
    why, filled = words.say(left.remark), words.number(left.filled)
    return left.heading, words.text("cli.adopt.not_taken"), why, filled, ", ".join(left.examples)


def _stage(word: StageWord, words: Labels) -> str:
    header = _header("outcome" if isinstance(word.becomes, Outcome) else "my_stage", words)
    return words.text(
        "cli.adopt.stage", shown=word.word, count=word.count, column=header, becomes=word.becomes or ""
    )


def print_counts(proposal: Proposal, taken: Adoption, words: Labels) -> None:
    """Print how many rows would be added, and how many would not and why."""
    ends = [f"{words.name(end).lower()} {words.number(count)}" for end, count in taken.outcomes.items()]
    ends += [f"{words.name(stage)} {words.number(count)}" for stage, count in taken.stages.items()]
    told = f" ({', '.join(ends)})" if ends else ""
    line(safe(words.text("cli.adopt.to_add", count=len(taken.rows), ends=told)), hang=2)
    counts = {
        "present": taken.present,
        "duplicates": taken.duplicates,
        "nameless": taken.nameless,
        "made_ids": taken.made_ids,
        "without_client": taken.without_client,
        "unread": len(taken.unread),
        "owners": len(taken.owners),
        "services": len(taken.services),
    }
    for key, count in counts.items():
        if count:
            line(safe(words.text(f"cli.adopt.{key}", count=count)), indent=2, hang=2)
    for key, rows in {"strangers": taken.strangers, "clashing": taken.clashing}.items():
        if rows:
            told = words.text(f"cli.adopt.{key}", count=len(rows), rows=_first(rows, words))
            line(safe(told), indent=2, hang=2)
    _print_currencies(proposal, taken, words)


def _first(rows: Sequence[int], words: Labels) -> str:
    listed = ", ".join(map(words.number, rows[:_LISTED]))
    return f"{listed}..." if len(rows) > _LISTED else listed


def _print_currencies(proposal: Proposal, taken: Adoption, words: Labels) -> None:
    """Say once for each column that its amounts are in another currency, and how they would be read."""
    first: dict[int, Finding] = {}
    for found in taken.unread:
        if found.remark.code is Code.OTHER_CURRENCY:
            first.setdefault(found.column, found)
    beside = next((column.heading for column in proposal.taken if column.target == SOURCE_CURRENCY), "")
    counts = (f"{code} {words.number(count)}" for code, count in taken.currencies.items())
    for column, found in first.items():
        label = "currencies" if taken.currencies else "other_currency"
        heading = beside if taken.currencies else proposal.source.headings[column - 1]
        told = words.text(
            f"cli.adopt.{label}", heading=heading, listed=", ".join(counts), **found.remark.params
        )
        line(safe(told), indent=2, hang=2)
