"""What an adoption would do, shown before anything is written."""

from __future__ import annotations

from sheetfunnel.adopt.adoption import Adoption
from sheetfunnel.adopt.columns import NotTaken, Taken
from sheetfunnel.adopt.stages import StageWord
from sheetfunnel.adopt.survey import Proposal
from sheetfunnel.cli.screen import out, safe, table
from sheetfunnel.funnel.objective import Outcome
from sheetfunnel.workbook.cells import DecimalMark
from sheetfunnel.workbook.headings import SOURCE_CLOSE, SOURCE_STAGE
from sheetfunnel.workbook.labels import Labels

_DELIMITERS = {
    "\t": "tab between cells",
    ";": "; between cells",
    ",": ", between cells",
    "|": "| between cells",
}
_HEADERS = ("Column", "becomes", "read as", "filled", "such as")
_MARKS = {DecimalMark.POINT: "decimal point", DecimalMark.COMMA: "decimal comma"}


def print_mapping(proposal: Proposal, words: Labels) -> None:
    """Print, for every column of the source, what it becomes and how it is read."""
    source = proposal.source
    known = (source.sheet, source.encoding, _DELIMITERS.get(source.delimiter, source.delimiter))
    how = "; ".join(part for part in known if part)
    listed = table(
        f"{safe(source.name)} ({safe(how)}): {len(source.rows):,} rows",
        *((header, {"overflow": "fold"}) for header in _HEADERS),
    )
    for column in proposal.taken:
        listed.add_row(*map(safe, _taken(column, words)))
    for left in proposal.not_taken:
        listed.add_row(*map(safe, _not_taken(left, words)))
    out.print(listed)
    for word in proposal.stages:
        out.print(f"  {safe(_stage(word, words))}")
    for said in proposal.remarks:
        out.print(f"  {safe(words.say(said))}")


def _taken(column: Taken, words: Labels) -> tuple[str, ...]:
    unread = f" ({column.unread:,} taken as text)" if column.unread else ""
    examples = ", ".join(column.examples)
    return (
        column.heading,
        _target(column.target, words),
        f"{_way(column, words)}{unread}",
        f"{column.filled:,}",
        examples,
    )


def _target(target: str, words: Labels) -> str:
    """Return the header of the column that takes a column of the source."""
    if target == SOURCE_STAGE:
        return f"{_header('my_stage', words)} / {_header('outcome', words)}"
    if target == SOURCE_CLOSE:
        return f"{_header('closed_on', words)} / {_header('expected_close', words)}"
    return _header(target, words)


def _header(key: str, words: Labels) -> str:
    label = f"column.objectives.{key}"
    return words.text(label if label in words.texts else f"column.profile.{key}")


def _way(column: Taken, words: Labels) -> str:
    if column.order is not None:
        return f"date, {words.name(column.order)}"
    if column.mark is not None:
        return f"{column.kind}, {_MARKS.get(column.mark, 'mixed')}"
    return column.kind


def _not_taken(left: NotTaken, words: Labels) -> tuple[str, ...]:
    why = words.say(left.remark) if left.remark else ""
    return left.heading, "not taken", why, f"{left.filled:,}", ", ".join(left.examples)


def _stage(word: StageWord, words: Labels) -> str:
    if word.becomes is None:
        return f"“{word.word}” ({word.count:,} rows) is not a known stage: left blank"
    header = _header("outcome" if isinstance(word.becomes, Outcome) else "my_stage", words)
    return f"“{word.word}” ({word.count:,} rows) becomes {header} = {words.name(word.becomes)}"


def print_counts(taken: Adoption, words: Labels) -> None:
    """Print how many rows would be added, and how many would not and why."""
    ends = [f"{words.name(end).lower()} {count:,}" for end, count in taken.outcomes.items()]
    ends += [f"{words.name(stage)} {count:,}" for stage, count in taken.stages.items()]
    out.print(f"To add: {len(taken.rows):,} rows ({safe(', '.join(ends))}).")
    for count, text in (
        (taken.present, "are in the workbook already; skipped."),
        (taken.duplicates, "repeat another row in every cell; skipped."),
        (taken.nameless, "have neither client nor objective nor ID; skipped."),
        (taken.made_ids, "share client and objective with another; an ID was made for each."),
        (taken.without_client, "name no client; each will be told so."),
        (
            len(taken.unread),
            "cells cannot be read and are taken as the text that they are; Check will list them.",
        ),
        (len(taken.owners), "owners are new; they are added to Settings."),
        (len(taken.services), "services are new; they are added to Settings."),
    ):
        if count:
            out.print(f"  {count:,} {text}")
