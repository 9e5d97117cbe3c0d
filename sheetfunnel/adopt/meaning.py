"""What each heading of a source means for a workbook, or why it has no place there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.workbook.headings import (
    SOURCE_CURRENCY,
    SOURCE_KINDS,
    SOURCE_STAGE,
    Heading,
    compact,
    source_heading,
)
from sheetfunnel.workbook.labels import labels, languages
from sheetfunnel.workbook.layout import layout

#: A table with this many of the program's own columns was written by the program.
_ENOUGH: Final = 4
#: A heading that stands in the workbook as it is says where it goes more surely than any other word.
_SUREST: Final = -1


def targets(
    headings: Sequence[str], fields: Mapping[str, str] | None
) -> tuple[Mapping[int, str], Mapping[int, Remark]]:
    """Return the place that each column of a source has with us, and why each other one has none.

    ``fields`` are the columns of the workbook that a person fills in, with their headers by key; without
    them every column that we know is there. Where two would go to the same place, the heading that says it
    more surely wins, else the first. In a table that the program wrote, its results are never an opinion.
    """
    results = _results_in(headings)
    meant = _meant(headings, fields, results)
    winners: dict[str, int] = {}
    for index, found in sorted(meant.items(), key=lambda pair: (pair[1].rank, pair[0])):
        winners.setdefault(found.key, index)
    if "my_stage" in winners and SOURCE_STAGE in winners:  # one opinion is enough, and this one is surer
        winners[SOURCE_STAGE] = winners["my_stage"]
    taken = {index: key for key, index in winners.items() if meant[index].key == key}
    reasons = dict.fromkeys(range(len(headings)), remark(Code.NO_SUCH_COLUMN))
    reasons |= dict.fromkeys(results, remark(Code.RESULT_COLUMN))
    for index, found in meant.items():
        reasons[index] = remark(Code.SAME_TARGET, heading=headings[winners[found.key]])
    return taken, {index: why for index, why in reasons.items() if index not in taken}


def _meant(
    headings: Sequence[str], fields: Mapping[str, str] | None, results: frozenset[int]
) -> Mapping[int, Heading]:
    there = {compact(text): key for key, text in (fields or {}).items() if compact(text)}
    meant: dict[int, Heading] = {}
    for index, text in enumerate(headings):
        found = source_heading(text)
        if found and found.key == SOURCE_STAGE and results:
            found = None
        same = there.get(compact(text)) if not (found and found.key in SOURCE_KINDS) else None
        if same:
            found = Heading(key=same, rank=_SUREST)
        if found and index not in results and _is_there(found.key, fields):
            meant[index] = found
    if not any(found.key == "amount" for found in meant.values()):
        return {index: found for index, found in meant.items() if found.key != SOURCE_CURRENCY}
    return meant


def _is_there(key: str, fields: Mapping[str, str] | None) -> bool:
    return fields is None or key in fields or key in SOURCE_KINDS


def _results_in(headings: Sequence[str]) -> frozenset[int]:
    """Return the columns that the program itself wrote; none in a table of other people."""
    texts = [compact(text) for text in headings]
    found = [frozenset(i for i, text in enumerate(texts) if text in words) for words in _result_headings()]
    most = max(found, key=len)
    return most if len(most) >= _ENOUGH else frozenset()


@cache
def _result_headings() -> tuple[frozenset[str], ...]:
    keys = [column.key for column in layout().table("objectives").columns if column.owner == "program"]
    return tuple(
        frozenset(compact(labels(language).text(f"column.objectives.{key}")) for key in keys)
        for language in languages()
    )
