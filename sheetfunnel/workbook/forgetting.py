"""What a store does to remove a person: finds where a name stands, gives up old generations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import Protocol, runtime_checkable

from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Workbook


class Stand(Enum):
    """The kinds of places of a workbook in which a name may stand."""

    CELL = "cell"
    COMMENT = "comment"
    LINK = "link"
    TAB = "tab"  # the header or footer of a page, a list to choose from, a title
    DRAWING = "drawing"
    TABLE = "table"
    PIVOT = "pivot"
    NAME = "name"
    AUTHORS = "authors"
    PROPERTIES = "properties"
    EXTERNAL = "external"
    OTHER = "other"


@value
class Trace:
    """A place that a person should look at; ``tab`` and ``cell`` (as ``C14``) where they are known.

    ``part`` is the part of the file, for a place of no other name.
    """

    stand: Stand
    tab: str = ""
    cell: str = ""
    part: str = ""


@runtime_checkable
class Forgetting(Workbook, Protocol):
    """A workbook from which a person can be removed."""

    def traces(self, name: str, *, tab: str = "", rows: Collection[int] = ()) -> Sequence[Trace]:
        """Return where a name stands, and the comments and links on some rows of a tab."""
        ...

    def holding(self, name: str, *, alone: bool = False) -> int:
        """Return how many kept generations hold a name, or cannot be looked through.

        ``alone``: as the whole text of something, such as the cell of a client.
        """
        ...

    def forget(self, name: str) -> int:
        """Remove the kept generations that hold a name, or cannot be looked through; return how many.

        Raises:
            Busy: another run is at work on the workbook.

        """
        ...

    def forget_all(self) -> int:
        """Remove all kept generations, and whatever else is kept of this workbook; return how many.

        Raises:
            Busy: another run is at work on the workbook.

        """
        ...
