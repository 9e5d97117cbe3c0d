"""The rows of one client, to be blanked on a person's word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from sheetfunnel.funnel.history import Past
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.contract import KEEP, Cell, SetCells, Untouched
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import JOINT
from sheetfunnel.workbook.places import TablePlace
from sheetfunnel.workbook.read_objectives import SheetRow

_NEAREST = 3


def rows_of_client(decoded: Decoded, name: str) -> tuple[SheetRow, ...]:
    """Return the rows whose client has this name; case, accents and outer spaces do not count."""
    wanted = fold(name)
    return tuple(row for row in decoded.rows if wanted and fold(row.objective.client) == wanted)


def without_client(past: Past, rows: Sequence[SheetRow], name: str, old: Collection[str]) -> Past:
    """Return History without the lines of these rows, and without any in whose key the client is named.

    ``old`` are the keys that these rows had at the last sync.
    """
    keys, wanted = {*(row.objective.key for row in rows), *old}, fold(name)
    kept = tuple(
        line
        for line, now in zip(past.changes, past.lines, strict=True)
        if now.key not in keys and not _names(line.key, wanted) and not _names(line.formerly, wanted)
    )
    return past if len(kept) == len(past.changes) else Past(changes=kept, weeks=past.weeks)


def _names(key: str, client: str) -> bool:
    return fold(key.partition(JOINT)[0]) == client


def nearest_clients(decoded: Decoded, name: str) -> list[str]:
    """Return the clients whose names are most like this one, those that hold it first."""
    wanted = fold(name)
    known = {fold(row.objective.client): row.objective.client for row in decoded.rows if row.objective.client}
    holding = [client for folded, client in known.items() if wanted and wanted in folded]
    alike = [known[folded] for folded in get_close_matches(wanted, known, n=_NEAREST)]
    return list(dict.fromkeys((*holding, *alike)))[:_NEAREST]


def blanked(place: TablePlace, rows: Sequence[SheetRow]) -> SetCells:
    """Return the change that blanks these rows: what people typed in the table, and the results beside it.

    The columns that people added count too, those with a heading. The rows themselves stay, so that no
    formula elsewhere is moved.
    """
    header = enumerate(place.grid.rows[place.header - 1], start=1)
    columns = tuple(sorted({at for at, text in header if text is not None} | set(place.columns.values())))
    return SetCells(
        tab=place.grid.title,
        columns=columns,
        rows={row.number: [_blank(place.grid.at(row.number, at)) for at in columns] for row in rows},
    )


def _blank(cell: Cell) -> Untouched | None:
    return KEEP if cell is None else None
