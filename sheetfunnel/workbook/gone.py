"""What people write in and the last run still found: a column, a table or a tab that is no longer there."""

from __future__ import annotations

from collections.abc import Iterator

from sheetfunnel.errors import ContractBroken
from sheetfunnel.workbook.layout import Table, layout
from sheetfunnel.workbook.places import Places, listed


def refuse_gone(places: Places) -> None:
    """Refuse a workbook that lost a column which decided something at the last run.

    Without it every row would quietly be judged anew: a lost Outcome opens what had ended.

    Raises:
        ContractBroken: columns or tabs that people own are gone; the message names every one of them.

    """
    lost = list(dict.fromkeys(each for table in layout().tables for each in _lost(table, places)))
    if not lost:
        return
    raise ContractBroken(
        f"Since the last sync {listed(lost)} {'is' if len(lost) == 1 else 'are'} gone. Nothing was written.",
        hint="If that was a mistake, bring it back (undo, the header text, or the last backup). If it was "
        "meant, sync again with --accept-missing.",
    )


def _lost(table: Table, places: Places) -> Iterator[str]:
    tab, place = places.memory.get(f"tab.{table.tab}"), places.tables.get(table.key)
    for column in table.columns:
        header = places.memory.get(f"column.{column.name}")
        if column.owner != "people" or header is None or (place and column.key in place.columns):
            continue
        yield f"the column “{header}” on “{place.grid.title}”" if place else f"the tab “{tab}”"
