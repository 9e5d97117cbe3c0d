"""Sheets in the stand-in of the service: made, told of and set up over HTTP, and read as a sync would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gspread
from openpyxl import Workbook

from sheetfunnel.template.google.standing import FIELDS, read_standing
from sheetfunnel.workbook.decode import Decoded, decode
from tests.google_service.client import connect
from tests.google_service.edits import Requests
from tests.google_service.service import Service
from tests.template.books import opened
from tests.template.google.told import Json, area, set_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One spreadsheet of the stand-in."""

    google: Service
    client: gspread.Client
    id: str

    def told(self, fields: str = FIELDS, ranges: Sequence[str] = ()) -> Json:
        """Return what the service tells of it, or of these ranges."""
        params: dict[str, Any] = {"fields": fields, "ranges": list(ranges)}
        return dict(self.client.http_client.fetch_sheet_metadata(self.id, params=params))

    def send(self, requests: list[Json]) -> None:
        """Carry out the requests, all or none."""
        self.client.http_client.batch_update(self.id, {"requests": requests})

    def set_up(self, language: str = "en") -> list[Json]:
        """Set it up, if it lacks anything; return what was asked for."""
        requests = set_up(self.told(), language)
        if requests:
            self.send(requests)
        return requests

    def decoded(self) -> Decoded:
        """Return what a sync reads in it."""
        return decode(read_standing(self.told()).snapshot())

    def typed(self) -> dict[str, list[list[Any]]]:
        """Return what stands in the cells of each tab, by title."""
        titles = [sheet.title for sheet in self.google.spreadsheet(self.id).sheets]
        return {title: self.google.typed(self.id, title) for title in titles}


def shared(google: Service, key_file: Path, **made: Any) -> Sheet:  # noqa: ANN401 # as the stand-in takes it
    """Return a sheet that a person made and shared with the program."""
    return Sheet(google=google, client=connect(google.url, key_file), id=google.make(**made))


def upload(google: Service, key_file: Path, path: Path) -> Sheet:
    """Return an Excel workbook as a sheet: what Drive makes of it when it is opened and saved as one."""
    book = opened(path)
    tabs = {sheet.title: [list(row) for row in sheet.values] for sheet in book.worksheets}
    sheet = shared(google, key_file, title=path.stem, tabs=tabs)
    ids = {each.title: each.sheet_id for each in google.spreadsheet(sheet.id).sheets}
    google.edit(sheet.id, Requests(requests=(*_widened(book, ids), *_named(book, ids))))
    return sheet


def _widened(book: Workbook, ids: dict[str, int]) -> list[Json]:
    return [
        {
            "updateSheetProperties": {
                "properties": {
                    "sheetId": ids[sheet.title],
                    "hidden": sheet.sheet_state == "hidden",
                    "gridProperties": {"rowCount": 1000, "columnCount": 60},
                },
                "fields": "hidden,gridProperties(rowCount,columnCount)",
            }
        }
        for sheet in book.worksheets
    ]


def _named(book: Workbook, ids: dict[str, int]) -> list[Json]:
    return [
        {"addNamedRange": {"namedRange": {"name": name, "range": area(str(each.attr_text), ids)}}}
        for name, each in book.defined_names.items()
    ]
