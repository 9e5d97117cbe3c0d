"""The words of ``templates/reading.toml``: yes and no, outcomes, stages, currencies and months."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sheetfunnel.findings import Code
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.labels import keys_of
from sheetfunnel.workbook.layout import templates_folder
from sheetfunnel.workbook.unread import Unread, read_text, unread

#: What the labels ``yes.yes`` and ``yes.no`` of the catalogues mean.
_YES_OR_NO = {"yes": "true", "no": "false"}


def read_yes(cell: Cell) -> bool | Unread | None:
    """Return whether a cell says yes or no, in any language."""
    if cell is None or isinstance(cell, bool):
        return cell
    word = plain(read_text(cell))
    if not word:
        return None
    meant = meanings("yes").get(word)
    return unread(Code.NOT_YES_OR_NO, cell) if meant is None else meant == "true"


def read_outcome(cell: Cell) -> Outcome | Unread | None:
    """Return how an objective ended, from a word in any language."""
    word = plain(read_text(cell))
    if not word:
        return None
    meant = meanings("outcome").get(word)
    return unread(Code.NOT_AN_OUTCOME, cell) if meant is None else Outcome(meant)


def read_stage(cell: Cell) -> Stage | Unread | None:
    """Return the stage that a word in any language names."""
    word = plain(read_text(cell))
    if not word:
        return None
    meant = meanings("stage").get(word)
    return unread(Code.NOT_A_STAGE, cell) if meant is None else Stage(meant)


def plain(text: str) -> str:
    """Return a word without what does not count: case, accents, outer dots, the tail of an emoji."""
    return fold(text.replace("\N{VARIATION SELECTOR-16}", "")).rstrip(" .!")


@cache
def meanings(section: str) -> Mapping[str, str]:
    """Return what each plain word of a section means; what a catalogue offers in a drop-down counts too."""
    offered = {plain(text): _YES_OR_NO.get(key, key) for text, key in keys_of(section).items()}
    known = {plain(word): meaning for meaning, words in reading()[section].items() for word in words}
    return offered | known


@cache
def currencies() -> Mapping[str, frozenset[str]]:
    """Return the currency codes that each plain sign, word or code may stand for."""
    signs = {plain(sign): frozenset(codes) for sign, codes in reading()["currency"].items()}
    codes = {plain(code): frozenset([code]) for code in reading()["currencies"]["codes"]}
    return codes | signs


@cache
def months() -> Mapping[str, int]:
    """Return the number of each month's plain name, in all languages."""
    names = cast("dict[str, list[list[str]]]", reading()["months"]).values()
    return {plain(n): number for year in names for number, month in enumerate(year, start=1) for n in month}


@cache
def reading() -> dict[str, Any]:
    """Return the whole file, as it is written."""
    return tomllib.loads((templates_folder() / "reading.toml").read_text(encoding="utf-8"))
