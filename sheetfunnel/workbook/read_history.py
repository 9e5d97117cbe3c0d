"""What the workbook remembers: History's rows, and what the last sync knew of each objective."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from sheetfunnel.funnel.ahead import Band
from sheetfunnel.funnel.history import Change, Known, Part, Past
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.practice import Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.funnel.weeks import Week
from sheetfunnel.workbook.column import lines_at
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import key_fold
from sheetfunnel.workbook.labels import keys_of
from sheetfunnel.workbook.read_objectives import SheetRow
from sheetfunnel.workbook.renames import iso_day, renamed, sheets_key

_K = TypeVar("_K")


def read_past(decoded: Decoded) -> Past:
    """Return what History holds, by day; a row that can no longer be read is no part of it."""
    spelled = {row.folded: row.objective.key for row in decoded.rows}
    changes = (_change(cells, spelled) for cells in _rows(decoded, "changes"))
    weeks = (_week(cells) for cells in _rows(decoded, "weeks"))
    in_order = sorted(filter(None, changes), key=lambda line: line.on)  # a person may have sorted them
    return Past(changes=tuple(in_order), weeks=tuple(filter(None, weeks)))


def known_before(decoded: Decoded) -> Mapping[str, Known] | None:
    """Return what the last sync knew of each objective, by today's key; ``None`` where there was none."""
    written = _written(decoded)
    if not written:
        return None
    old_keys = renamed(decoded, written)
    had_by_another = set(old_keys.values())
    known: dict[str, Known] = {}
    for row in decoded.known:
        key = row.folded
        old = old_keys.get(key) if old_keys else None
        if old is None and key in had_by_another:
            continue  # a client who comes back when the sale before has just ended
        line = written.get(old or key) or written.get(sheets_key(decoded, row))
        if line is not None:
            was = _known(str(line[1] or ""), str(line[2] or ""))
            known[row.objective.key] = replace(was, formerly=str(line[0])) if old else was
    return known


def former_keys(decoded: Decoded, rows: Collection[SheetRow]) -> set[str]:
    """Return the other keys that these rows had at the last sync."""
    known = known_before(decoded) or {}
    return {was.formerly for row in rows if (was := known.get(row.objective.key)) and was.formerly}


@lru_cache(maxsize=1 << 14)
def _known(part: str, expected: str) -> Known:
    """Return what was known of all objectives of which the same was written."""
    return Known(part=_PARTS.get(part), expected=iso_day(expected))


_PARTS: Final[Mapping[str, Part]] = {part.value: part for part in (*Stage, *Outcome)}


def _written(decoded: Decoded) -> dict[str, tuple[Cell, ...]]:
    """Return what the table of results says by folded key: a line as ``renames.py`` has it."""
    place = decoded.places["results"]
    last = min(place.header + decoded.own.lengths["results"], len(place.grid.rows))
    columns = [place.columns[key] for key in ("key", "known", "expected", "begun", "service")]
    lines = lines_at(place.grid, columns, range(place.header + 1, last + 1))
    keys = decoded.own.results.keys
    return {key: line for key, line in zip(keys, lines, strict=False) if key is not None}


def _rows(decoded: Decoded, table: str) -> Iterator[Mapping[str, Cell]]:
    """Yield the rows of a table of the program, by the key of the column."""
    place = decoded.places.tables.get(table)
    if place is None:
        return
    keys = [column.key for column in place.table.columns]
    last = min(place.header + decoded.own.lengths[table], len(place.grid.rows))
    for line in lines_at(place.grid, place.width, range(place.header + 1, last + 1)):
        yield dict(zip(keys, line, strict=True))


@lru_cache(maxsize=1024)
def part_of(text: str) -> Part | None:
    """Return the stage that counts, or the end, which the words of a result name in any language."""
    word = fold(text.split(" (", maxsplit=1)[0])
    stage, outcome = keys_of("stage").get(word), keys_of("outcome").get(word)
    return Stage(stage) if stage else Outcome(outcome) if outcome else None


def _change(cells: Mapping[str, Cell], spelled: Mapping[str, str]) -> Change | None:
    key, on, after = str(cells["key"] or ""), _day(cells["on"]), part_of(str(cells["after"] or ""))
    if not key or on is None or after is None:
        return None
    return Change(
        key=spelled.get(key_fold(key), key),
        on=on,
        before=part_of(str(cells["before"] or "")),
        after=after,
        expected=_day(cells["expected"]),
        moved=_whole(cells["moved"]),
        formerly=str(cells["formerly"] or ""),
    )


def _week(cells: Mapping[str, Cell]) -> Week | None:
    week, on = _day(cells["week"]), _day(cells["on"])
    if week is None or on is None:
        return None
    owner = str(cells["owner"] or "")
    counts = {stage: cells[stage.value] for stage in Stage}
    amounts = {stage: cells.get(f"amount_{stage.value}") for stage in Stage}
    shares = {work: cells[f"share_{work.value}"] for work in Work}
    return Week(
        owner=None if keys_of("history").get(fold(owner)) == "everybody" else owner,
        week=week,
        on=on,
        opened=_whole(cells["open"]),
        counts={stage: _whole(cell) for stage, cell in counts.items() if cell is not None},
        amounts=_filled(amounts),
        won=_whole(cells["won"]),
        lost=_whole(cells["lost"]),
        income=_amount(cells["income"]) or Decimal(0),
        shares={work: round(share * 100) for work, share in _filled(shares).items()},
        forecast=_band(cells),
        reconstructed=cells["origin"] is not None,
    )


def _band(cells: Mapping[str, Cell]) -> Band | None:
    low, median, high = (_amount(cells[key]) for key in ("low", "median", "high"))
    if low is None or median is None or high is None:
        return None
    return Band(low=low, median=median, high=high)


def _filled(cells: Mapping[_K, Cell]) -> dict[_K, Decimal]:
    found = {key: _amount(cell) for key, cell in cells.items()}
    return {key: amount for key, amount in found.items() if amount is not None}


def _amount(cell: Cell) -> Decimal | None:
    """Return a number by its shortest decimal form."""
    is_number = isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool)
    return Decimal(str(cell)) if is_number else None


def _whole(cell: Cell) -> int:
    return round(_amount(cell) or 0)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None
