"""How the ranges of a table that people own grow when rows are appended below it."""

from __future__ import annotations

from collections.abc import Iterable

from sheetfunnel.stores.excel.parts.boxes import Box, box
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import AppendRows, Change


@value
class Growth:
    """Rows appended below row ``above``, down to ``last``, between two columns.

    ``first`` tells that they are the first below the header: what holds for the header alone is not theirs.
    """

    above: int
    last: int
    left: int
    right: int
    first: bool = False

    def grown(self, old: Box) -> Box:
        """Return a range that held the row above, down to the last new row; any other as it is."""
        reaches = old.top <= self.above <= old.bottom < self.last
        beside = old.right < self.left or self.right < old.left
        return old.down_to(self.last) if reaches and not beside else old

    def holds_columns(self, table: Box) -> bool:
        """Whether a table has all the columns of the new rows."""
        return table.left <= self.left and self.right <= table.right


def growths(changes: Iterable[Change]) -> tuple[Growth, ...]:
    """Return how far the rows that changes append let ranges grow."""
    appended = (change for change in changes if isinstance(change, AppendRows))
    return tuple(_growth(change) for change in appended if change.rows and change.columns)


def _growth(change: AppendRows) -> Growth:
    return Growth(
        above=change.first_row - 1,
        last=change.first_row + len(change.rows) - 1,
        left=min(change.columns),
        right=max(change.columns),
        first=change.first_row - 1 == change.header,
    )


def grown_range(text: str, growths: Iterable[Growth]) -> str:
    """Return a reference (``B2:D9``) grown; what is no plain range stays."""
    old = box(text)
    if old is None:
        return text
    new = old
    for each in growths:
        new = each.grown(new)
    return text if new == old else str(new)


def grown_ranges(text: str, growths: Iterable[Growth], taken: Iterable[Box] = ()) -> str:
    """Return a list of references to cells with rules grown, but none into cells that ``taken`` ranges hold.

    A rule for the header alone (its help, when it is chosen) stays with the header.
    """
    several, others = tuple(growths), tuple(taken)
    return " ".join(_with_rule(part, several, others) for part in text.split())


def _with_rule(part: str, several: tuple[Growth, ...], taken: tuple[Box, ...]) -> str:
    old = box(part)
    allowed = [each for each in several if not (each.first and old and old.bottom == each.above)]
    return _unless_taken(part, grown_range(part, allowed), taken)


def _unless_taken(old: str, new: str, taken: tuple[Box, ...]) -> str:
    before, after = box(old), box(new)
    if before is None or after is None or before == after:
        return old
    gained = Box(top=before.bottom + 1, left=after.left, bottom=after.bottom, right=after.right)
    return old if any(gained.meets(other) for other in taken) else new
