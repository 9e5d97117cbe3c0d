"""Which tabs of a sheet are ours: by the names that lead to them, by their mark, by title and headers.

Names come first, as the reader goes by them, and a copy that somebody made of a tab has the same mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sheetfunnel.errors import ContractBroken
from sheetfunnel.funnel.text import fold
from sheetfunnel.template.google.standing import Standing, StandingTab
from sheetfunnel.workbook.contract import Grid
from sheetfunnel.workbook.labels import Labels, keys_of, labels, languages
from sheetfunnel.workbook.layout import Tab, Table, layout
from sheetfunnel.workbook.places import listed

#: A tab with a title of ours is ours if a row so far below its place has this part of a table's headers.
_SEARCHED_ROWS = 30
_KNOWN_HEADERS = 0.5


def our_tabs(standing: Standing, words: Labels) -> Mapping[str, StandingTab]:
    """Return the tabs that are ours, by key; those that are not there would be made as ``words`` call them.

    Raises:
        ContractBroken: a tab of other people is called as one that is to be made.

    """
    found: dict[str, StandingTab] = {}
    for way in (_by_names, _by_tag, _by_title):
        for key, tab in way(standing).items():
            if key not in found and tab not in found.values():
                found[key] = tab
    _refuse_strangers(standing, found, words)
    return found


def _by_tag(standing: Standing) -> dict[str, StandingTab]:
    known = {tab.key for tab in layout().tabs}
    return {tab.tag: tab for tab in standing.tabs if tab.tag in known}


def language_of(existing: Mapping[str, Any]) -> str | None:
    """Return the language in which most tabs of a sheet are called as ours; ``None`` where none of them is.

    ``existing`` is what ``spreadsheets.get`` told. What the sheet lacks should be added in this language.
    """
    titles = {fold(sheet["properties"]["title"]) for sheet in existing["sheets"]}
    shared = {language: len(titles & _titles(language)) for language in languages()}
    best = max(shared, key=lambda language: shared[language])
    return best if shared[best] else None


def _titles(language: str) -> set[str]:
    words = labels(language)
    return {fold(words.text(f"tab.{tab.key}")) for tab in layout().tabs if not tab.hidden}


def _by_names(standing: Standing) -> dict[str, StandingTab]:
    """Return the tab to which most names of the headers of a tab's tables lead."""
    tabs = {tab.sheet_id: tab for tab in standing.tabs}
    found: dict[str, StandingTab] = {}
    for tab in layout().tabs:
        names = {column.name for table in tab.tables for column in table.columns} & standing.names.keys()
        places = Counter(standing.names[name].get("sheetId", 0) for name in names)
        held = [tabs[sheet_id] for sheet_id, _ in places.most_common() if sheet_id in tabs]
        if held:
            found[tab.key] = held[0]
    return found


def _by_title(standing: Standing) -> dict[str, StandingTab]:
    """Return the tabs that are called like one of ours in any language, and have its headers."""
    tabs = {tab.key: tab for tab in layout().tabs}
    meant = ((keys_of("tab").get(fold(standing_tab.title)), standing_tab) for standing_tab in standing.tabs)
    return {key: each for key, each in meant if key is not None and _has_headers(each.grid, tabs[key])}


def _has_headers(grid: Grid, tab: Tab) -> bool:
    return all(_has_header_row(grid, table) for table in tab.tables)


def _has_header_row(grid: Grid, table: Table) -> bool:
    known = keys_of(f"column.{table.key}")
    rows = [
        {known.get(fold(str(cell))) for cell in row if cell}
        for row in grid.rows[: table.row + _SEARCHED_ROWS]
    ]
    return any(len(row - {None}) >= _KNOWN_HEADERS * len(table.columns) for row in rows)


def _refuse_strangers(standing: Standing, ours: Mapping[str, StandingTab], words: Labels) -> None:
    lacking = {fold(words.text(f"tab.{tab.key}")) for tab in layout().tabs if tab.key not in ours}
    others = [tab for tab in standing.tabs if tab not in ours.values() and tab is not standing.blank]
    strangers = [f"“{tab.title}”" for tab in others if fold(tab.title) in lacking]
    if strangers:
        raise ContractBroken(
            f"The sheet has other tabs that are called like those of sheetfunnel: {listed(strangers)}. "
            "Nothing was written.",
            hint="Give them another title, and run this again.",
        )
