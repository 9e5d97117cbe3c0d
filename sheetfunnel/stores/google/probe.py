"""Trying on a person's own sheet what is known of Google from its documents only.

A hidden tab is added, tried on, and removed again; nothing else of the sheet is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, Final

from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.stores.google.connection import SHEETS_URL, Connection
from sheetfunnel.values import value

#: The tab of the trial, and the metadata: far from all other numbers.
_TAB: Final = 530_999_999
_STAMP: Final = 730_999_999
_TITLE: Final = "_sheetfunnel trial"

_QUIET: Final = {"prettyPrint": "false"}
_FIELDS: Final = (
    "sheets(properties(sheetId),data(startColumn,rowData(values(effectiveValue,userEnteredValue))))"
)

#: A look-up as a set-up sheet has it, on the tab of the trial: keys in A, the table in D and E.
_LOOK_UP: Final = (
    '=ARRAYFORMULA(IF(ROW(A1:A)=ROW(A1);"Stage";IF(LEN(A1:A);IFNA(XLOOKUP(A1:A;D2:D;E2:E));"")))'
)


class Fact(Enum):
    """What the program relies on."""

    TEXT = "text"  # a text that begins with = stays a text
    LOOK_UP = "look_up"  # a formula with semicolons spills, in this locale
    INSERTED_ROW = "inserted_row"  # a row put in above the first one moves no result
    STAMP = "stamp"  # metadata with a number that is taken is refused


@value
class Found:
    """What a trial found of one fact."""

    fact: Fact
    holds: bool


def probe(connection: Connection, key: str) -> list[Found]:
    """Return, for everything the program relies on, whether it holds on this sheet.

    Raises:
        SheetfunnelError: the sheet cannot be read or written at all.

    """
    url = f"{SHEETS_URL}/{key}"
    with _trial(connection, url):
        shown = _shown(connection, url)
        _send(connection, url, [_inserted()])
        moved = _shown(connection, url)
        refused = _is_refused(connection, url, [_stamp()])
    return [
        Found(fact=Fact.TEXT, holds=shown[2][:1] == ["=1+1"]),
        Found(fact=Fact.LOOK_UP, holds=[row[1] for row in shown] == ["Stage", "In", "Above", None]),
        Found(fact=Fact.INSERTED_ROW, holds=[row[1] for row in moved] == ["Stage", None, "In", "Above"]),
        Found(fact=Fact.STAMP, holds=refused),
    ]


@contextmanager
def _trial(connection: Connection, url: str) -> Iterator[None]:
    """Set the trial up, and leave nothing of it."""
    _is_refused(connection, url, _removal())  # of a trial that was broken off
    _send(connection, url, [*_set_up(), _stamp()])
    try:
        yield
    finally:
        _send(connection, url, _removal())


def _set_up() -> list[dict[str, Any]]:
    size = {"rowCount": 10, "columnCount": 6}
    tab = {"sheetId": _TAB, "title": _TITLE, "hidden": True, "gridProperties": size}
    rows = [
        [{"stringValue": "Key"}, {"formulaValue": _LOOK_UP}, {}, {"stringValue": "Key"}, {}],
        [{"stringValue": "a"}, {}, {}, {"stringValue": "=1+1"}, {"stringValue": "Above"}],
        [{"stringValue": "=1+1"}, {}, {}, {"stringValue": "a"}, {"stringValue": "In"}],
    ]
    sent = [{"values": [{"userEnteredValue": cell} if cell else {} for cell in row]} for row in rows]
    start = {"sheetId": _TAB, "rowIndex": 0, "columnIndex": 0}
    return [
        {"addSheet": {"properties": tab}},
        {"updateCells": {"start": start, "rows": sent, "fields": "userEnteredValue"}},
    ]


def _stamp() -> dict[str, Any]:
    made = {
        "metadataId": _STAMP,
        "metadataKey": "sheetfunnel.trial",
        "metadataValue": "1",
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def _inserted() -> dict[str, Any]:
    where = {"sheetId": _TAB, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    return {"insertDimension": {"range": where, "inheritFromBefore": False}}


def _removal() -> list[dict[str, Any]]:
    stamp = {"developerMetadataLookup": {"metadataId": _STAMP}}
    return [
        {"deleteDeveloperMetadata": {"dataFilter": stamp}},
        {"deleteSheet": {"sheetId": _TAB}},
    ]


def _shown(connection: Connection, url: str) -> list[list[Any]]:
    """Return what the first four rows of the trial show in their first two columns."""
    answer: Mapping[str, Any] = connection.read(url, {"fields": _FIELDS, **_QUIET})
    tab = next(each for each in answer["sheets"] if each["properties"].get("sheetId") == _TAB)
    lines = [line.get("values", []) for line in tab["data"][0].get("rowData", [])]
    return [[_value(line, at) for at in range(2)] for line in [*lines, [], [], [], []][:4]]


def _value(line: Sequence[Mapping[str, Any]], at: int) -> object:
    value = line[at].get("effectiveValue", {}) if at < len(line) else {}
    return next(iter(value.values()), None) or None


def _send(connection: Connection, url: str, requests: list[dict[str, Any]]) -> None:
    connection.write(
        f"{url}:batchUpdate",
        {"requests": requests},
        was_done=lambda: True,
        params={"fields": "spreadsheetId", **_QUIET},
    )


def _is_refused(connection: Connection, url: str, requests: list[dict[str, Any]]) -> bool:
    try:
        _send(connection, url, requests)
    except SheetfunnelError:
        return True
    return False
