"""What lies over the cells of a tab: our mark, the warning where the program writes, the filter."""

from __future__ import annotations

from collections.abc import Iterator

from sheetfunnel.template.google.ranges import Request, cells, runs, whole_columns
from sheetfunnel.template.google.standing import TAG
from sheetfunnel.template.google.target import Target
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Tab


def put_tag(key: str, sheet_id: int) -> Request:
    """Return the request that marks a tab as ours, whatever it will be called."""
    mark = {
        "metadataKey": TAG,
        "metadataValue": key,
        "location": {"sheetId": sheet_id},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": mark}}


def put_warnings(tab: Tab, sheet_id: int, words: Labels, *, results: list[int]) -> Iterator[Request]:
    """Yield the requests by which Google warns who is about to type where the program writes.

    A tab of the program is warned of as a whole; on a tab of people's, ``results`` are the program's columns.
    """
    if all(table.owner == "program" for table in tab.tables):
        yield _warned({"sheetId": sheet_id}, words.text("google.own_tab"))
        return
    for first, last, _ in runs((column, True) for column in sorted(results)):
        yield _warned(whole_columns(sheet_id, first, last), words.text("google.own_columns"))


def _warned(area: Request, text: str) -> Request:
    protected = {"range": area, "description": text, "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": protected}}


def put_filter(target: Target) -> Iterator[Request]:
    """Yield the request for the filter of a tab that has one."""
    if target.sheet.auto_filter.ref:
        area = cells(target.sheet_id, target.sheet.auto_filter.ref)
        yield {"setBasicFilter": {"filter": {"range": area}}}
