"""What a column's heading means, in any language as any program writes it (``templates/headings.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import cast

from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.labels import keys_of
from sheetfunnel.workbook.layout import layout, templates_folder

#: Targets that only a table of other people has.
SOURCE_STAGE = "source_stage"
SOURCE_CLOSE = "source_close"
SOURCE_CURRENCY = "source_currency"
SOURCE_KINDS = frozenset({SOURCE_STAGE, SOURCE_CLOSE, SOURCE_CURRENCY})

_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|（[^）]*）")  # noqa: RUF001 (Chinese brackets)
_NOT_A_LETTER = re.compile(r"[\W_]+")


@value
class Heading:
    """The column that a heading means; the smaller ``rank``, the surer."""

    key: str
    rank: int


def heading(text: str) -> str | None:
    """Return the key of the workbook's column of objectives that a heading means."""
    found = _look_up(_of_workbook(), text)
    return found.key if found else None


def source_heading(text: str) -> Heading | None:
    """Return what a heading means in a table of other people: a column of ours, or one of its own kinds.

    Its own kinds are :data:`SOURCE_KINDS`. What the catalogues call a column always means it.
    """
    return _look_up(_of_source(), text)


def _look_up(known: Mapping[str, Heading], text: str) -> Heading | None:
    whole = compact(text)
    return known.get(whole) or known.get(compact(_IN_BRACKETS.sub("", text))) if whole else None


def compact(text: str) -> str:
    """Return the letters and digits of a heading: ``Close_Date`` and ``closeDate`` are ``closedate``."""
    return _NOT_A_LETTER.sub("", fold(text))


@cache
def _of_workbook() -> Mapping[str, Heading]:
    return _listed("objectives")


@cache
def _of_source() -> Mapping[str, Heading]:
    return {**_labelled(), **_listed("profile"), **_listed("objectives"), **_listed("source")}


def _labelled() -> dict[str, Heading]:
    """Return what the workbook's own headers mean, in every language; not those of its results."""
    table = layout().table("objectives")
    people = {column.key for column in (*table.columns, *table.profile) if column.owner != "program"}
    texts = {**keys_of("column.profile"), **keys_of("column.objectives")}
    return {compact(text): Heading(key=key, rank=0) for text, key in texts.items() if key in people}


def _listed(section: str) -> dict[str, Heading]:
    return {
        compact(text): Heading(key=key, rank=rank)
        for key, languages in _file()[section].items()
        for texts in languages.values()
        for rank, text in enumerate(texts)
    }


@cache
def _file() -> dict[str, dict[str, dict[str, list[str]]]]:
    path = templates_folder() / "headings.toml"
    return cast("dict[str, dict[str, dict[str, list[str]]]]", tomllib.loads(path.read_text(encoding="utf-8")))
