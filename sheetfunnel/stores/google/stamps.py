"""The stamps of the program's writings in a Google Sheet: what makes each of them happen once.

The service knows no precondition. But it refuses to make a piece of developer metadata whose number is
taken, and a batch happens wholly or not at all. So each writing carries the stamp with the number after the
last one that was read: of two runs that read the same state, the second is refused; so is a repetition of
a writing whose answer was lost, and the stamp's value says whose it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sheetfunnel.values import value

KEY: Final = "sheetfunnel.run"

#: Numbers from here on are ours; metadata that others make gets numbers by chance.
_FIRST: Final = 731_000_000
#: How many stamps stay: a run would have to be overtaken by so many not to be noticed.
_KEPT: Final = 20


@value
class Stamps:
    """The numbers of the stamps in a sheet, in order, from 1; ``ids`` are those of their metadata."""

    numbers: tuple[int, ...]
    ids: tuple[int, ...]

    @property
    def last(self) -> int:
        """The number of the latest writing; 0 where there was none."""
        return max(self.numbers, default=0)


@value
class Stamp:
    """The stamp of one writing: the number of its metadata, and a mark that no other run makes."""

    metadata_id: int
    value: str


def stamps(metadata: Iterable[Mapping[str, Any]]) -> Stamps:
    """Return the stamps among the metadata of a sheet."""
    ours = sorted(
        (number, each["metadataId"])
        for each in metadata
        if each.get("metadataKey") == KEY and (number := _number(str(each.get("metadataValue", ""))))
    )
    return Stamps(numbers=tuple(n for n, _ in ours), ids=tuple(each for _, each in ours))


def next_stamp(before: Stamps) -> Stamp:
    """Return the stamp of the writing that follows those of a reading."""
    number = before.last + 1
    return Stamp(metadata_id=_FIRST + number, value=f"{number} {secrets.token_hex(8)}")


def stamp_requests(stamp: Stamp, before: Stamps) -> list[dict[str, Any]]:
    """Return what puts a stamp into a sheet, and takes out the oldest."""
    made = {
        "metadataId": stamp.metadata_id,
        "metadataKey": KEY,
        "metadataValue": stamp.value,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    old = before.ids[: max(0, len(before.ids) - _KEPT)]
    return [
        {"createDeveloperMetadata": {"developerMetadata": made}},
        *(
            {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": each}}}}
            for each in old
        ),
    ]


def _number(value: str) -> int:
    head = value.split(" ", 1)[0]
    return int(head) if head.isdecimal() else 0
