"""Named ranges: the headers by which columns are found, and the lists; named as in Excel."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from openpyxl.workbook.workbook import Workbook

from sheetfunnel.template.google.ranges import Request, Tabs, parted


def put_names(
    book: Workbook, tabs: Tabs, made: AbstractSet[str], *, taken: AbstractSet[str]
) -> Iterator[Request]:
    """Yield the requests for the names that lead to tabs which are made now.

    ``made`` are the titles of these tabs in the workbook, ``taken`` the names that the sheet has already.
    """
    for name, defined in book.defined_names.items():
        reference = str(defined.attr_text)
        if name not in taken and parted(reference)[0] in made:
            yield named(name, tabs.range(reference))


def named(name: str, area: Request) -> Request:
    """Return the request that gives an area its name."""
    return {"addNamedRange": {"namedRange": {"name": name, "range": area}}}
