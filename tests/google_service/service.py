"""The service as a test sees it: accounts, files, spreadsheets, and what they are told to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

from tests.google_service import drive, sheets_methods
from tests.google_service.call import Call, Counts, Log, Logged
from tests.google_service.clock import Clock
from tests.google_service.edits import Edit, Queue
from tests.google_service.errors import Refusal, no_permission, not_found, unsupported
from tests.google_service.misbehave import Misbehaviour, storage_full
from tests.google_service.people import DriveFile, Role
from tests.google_service.quotas import Quotas
from tests.google_service.ranges import Box
from tests.google_service.shapes import EMPTY, Cell, Object, Row
from tests.google_service.state import ROWS, Sheet, Spreadsheet, blank
from tests.google_service.tokens import Tokens
from tests.google_service.typing_in import EPOCH
from tests.google_service.values import Rendering, values_of

PROJECT = "123456789012"
ROBOT = "sync@project-123456789012.iam.gserviceaccount.com"
PERSON = "clara@practice.example"

Rows = Sequence[Sequence[object]]


class Service:
    """Everything that the stand-in knows; `server.py` lets it be reached over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lock = threading.RLock()
        self.robot, self.person = ROBOT, PERSON
        #: The server puts its own here.
        self.not_listening: Callable[[], AbstractContextManager[None]] = nullcontext
        self.reset()

    def reset(self) -> None:
        """Forget everything, and begin with one service account and one person."""
        with self.lock:
            self.clock = Clock()
            self.tokens = Tokens(clock=self.clock, url=self.url, project=PROJECT)
            self.tokens.add_robot(self.robot)
            self.quotas = Quotas(clock=self.clock)
            self.misbehave = Misbehaviour(project=PROJECT)
            self.edits = Queue()
            self.files: dict[str, DriveFile] = {}
            self.spreadsheets: dict[str, Spreadsheet] = {}
            self.calls = Log()
            self.problems: list[str] = []
            self.storage_full = False
            self.api_enabled = True

    @property
    def project(self) -> str:
        return PROJECT

    @property
    def log(self) -> list[Logged]:
        """All requests so far; `log.clear()` begins anew."""
        return self.calls.entries

    def counters(self) -> dict[str, Counts]:
        return self.calls.counters()

    @contextmanager
    def wrong_requests(self) -> Iterator[None]:
        """A test sends requests that are wrong by discovery: they are no fault of the product."""
        before = list(self.problems)
        yield
        self.problems[:] = before

    # Making and looking, without HTTP

    def make(
        self,
        title: str = "Sales",
        tabs: Mapping[str, Rows] | None = None,
        *,
        locale: str = "en_US",
        time_zone: str = "Etc/GMT",
        grid_rows: int = ROWS,
        share: Mapping[str, str] | None = None,
    ) -> str:
        """Make a spreadsheet of the person's, shared with the robot unless told otherwise; return its id."""
        with self.lock:
            file = self.add_file(title, drive.SHEET, owner=self.person)
            spreadsheet = blank(file.id, title, locale=locale, time_zone=time_zone)
            spreadsheet.owner = self.person
            if tabs:
                spreadsheet.sheets = [_sheet(at, name, rows, grid_rows) for at, (name, rows) in enumerate(tabs.items())]
            self.spreadsheets[file.id] = spreadsheet
            for email, role in ({self.robot: "writer"} if share is None else share).items():
                self.grant(file, role, email)
            return file.id

    def spreadsheet(self, spreadsheet_id: str) -> Spreadsheet:
        return self.spreadsheets[spreadsheet_id]

    def sheet(self, spreadsheet_id: str, tab: str) -> Sheet:
        found = self.spreadsheets[spreadsheet_id].titled(tab)
        if found is None:
            raise LookupError(f"There is no tab {tab!r}.")
        return found

    def values(self, spreadsheet_id: str, tab: str) -> list[list[object]]:
        """Return what a tab shows, unformatted."""
        return self._rendered(spreadsheet_id, tab, "UNFORMATTED_VALUE")

    def formulas(self, spreadsheet_id: str, tab: str) -> list[list[object]]:
        return self._rendered(spreadsheet_id, tab, "FORMULA")

    def _rendered(self, spreadsheet_id: str, tab: str, kind: str) -> list[list[object]]:
        with self.lock:
            spreadsheet = self.spreadsheets[spreadsheet_id]
            sheet = self.sheet(spreadsheet_id, tab)
            rendering = Rendering(values=kind)
            found = values_of(spreadsheet, sheet, sheet.clipped(Box()), rendering, self.today(spreadsheet))
            rows: list[list[object]] = found.get("values", [])
            return rows

    def typed(self, spreadsheet_id: str, tab: str) -> list[list[object]]:
        """Return what was typed into a tab's cells: no formula, and nothing that one shows."""
        sheet = self.sheet(spreadsheet_id, tab)
        rows: list[list[object]] = []
        for row in sheet.rows:
            filled = {at: cell.value for at, cell in row.items() if cell.value is not None}
            rows.append([filled.get(at, "") for at in range(max(filled, default=-1) + 1)])
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def edit(self, spreadsheet_id: str, *edits: Edit) -> None:
        """A person edits, now."""
        with self.lock:
            for edit in edits:
                self._edit(spreadsheet_id, edit)

    def _edit(self, spreadsheet_id: str, edit: Edit) -> None:
        clone = self.spreadsheets[spreadsheet_id].clone()
        clone.editor = clone.owner
        edit.apply(clone)
        self.spreadsheets[spreadsheet_id] = clone
        self.touch(spreadsheet_id)

    def _edit_in(self, moment: str, spreadsheet_id: str) -> None:
        for edit in self.edits.take(moment, spreadsheet_id):
            try:
                self._edit(spreadsheet_id, edit)
            except (Refusal, LookupError) as refusal:
                self.edits.refused.append(f"{edit}: {refusal}")

    def export(self, spreadsheet_id: str, path: Path) -> Path:
        """Write the state as an .xlsx."""
        from tests.google_service.export import export

        with self.lock:
            spreadsheet = self.spreadsheets[spreadsheet_id]
            return export(spreadsheet, path, self.today(spreadsheet))

    # What the methods need

    def today(self, spreadsheet: Spreadsheet) -> date:
        return self.clock.day_in(spreadsheet.time_zone)

    def add_file(self, name: str, mime_type: str, *, owner: str) -> DriveFile:
        stamp = self.clock.stamp()
        file = DriveFile(
            id=drive.new_file_id(), name=name, mime_type=mime_type, created=stamp, modified=stamp
        )
        self.files[file.id] = file
        self.grant(file, "owner", owner)
        return file

    def grant(self, file: DriveFile, role: str, email: str | None) -> Object:
        """Let somebody, or anyone who has the link, do what a role allows."""
        if email is None:
            entry: Object = {"id": "anyoneWithLink", "type": "anyone", "role": role}
        else:
            number = str(abs(hash(email.lower())) % 10**20).rjust(20, "0")
            entry = {"id": number, "type": "user", "role": role, "emailAddress": email}
        file.permissions[entry["id"]] = entry
        return entry

    def touch(self, file_id: str) -> None:
        file = self.files[file_id]
        file.version += 1
        file.modified = self.clock.stamp()

    def refuse_storage(self, user: str) -> None:
        """A service account has no storage of its own; a person's may be full."""
        if self.storage_full or user in self.tokens.robots:
            raise storage_full()

    def reached(self, spreadsheet_id: str, call: Call, *, writing: bool) -> Spreadsheet:
        """Return a spreadsheet if the caller may read or write it."""
        file = self.files.get(spreadsheet_id)
        if file is None or spreadsheet_id not in self.spreadsheets:
            if file is not None and file.role_of(call.user) is not None:
                raise unsupported()
            raise not_found()
        role = file.role_of(call.user)
        if role is None or (writing and role < Role.WRITER):
            raise no_permission()
        return self.spreadsheets[spreadsheet_id]

    def opened(self, call: Call) -> Spreadsheet:
        return self.reached(call.path["spreadsheetId"], call, writing=call.method.writes)

    # One call

    def perform(self, call: Call) -> Object | str | None:
        """Do what a call asks for, with the edits that people make meanwhile; raise the refusal."""
        with self.lock:
            if call.method.api == "drive":
                return self._on_drive(call)
            if call.method.id == "spreadsheets.create":
                return sheets_methods.narrowed(sheets_methods.create(self, call), call)
            if call.method.id == "spreadsheets.sheets.copyTo":
                return sheets_methods.copy_to(self, call)
            return self._on_sheets(call)

    def _on_drive(self, call: Call) -> Object | str | None:
        handler = drive.METHODS.get(call.method.id)
        if handler is None:
            raise Refusal(501, f"The stand-in does not know {call.method.id}.", drive_reason="notImplemented")
        return handler(self, call)

    def _on_sheets(self, call: Call) -> Object:
        handler = sheets_methods.METHODS.get(call.method.id)
        if handler is None:
            raise Refusal(501, f"The stand-in does not know {call.method.id}.")
        spreadsheet_id = call.path["spreadsheetId"]
        kind = "write" if call.method.writes else "read"
        self._edit_in(f"before_next_{kind}", spreadsheet_id)
        spreadsheet = self.opened(call)
        if call.method.writes:
            spreadsheet = spreadsheet.clone()
            spreadsheet.editor = call.user
        answer = handler(spreadsheet, call, self.today(spreadsheet))
        if call.method.writes:
            self.spreadsheets[spreadsheet_id] = spreadsheet
            self.files[spreadsheet_id].name = spreadsheet.title
            self.touch(spreadsheet_id)
        self._edit_in(f"after_next_{kind}", spreadsheet_id)
        return sheets_methods.narrowed(answer, call)


def _sheet(sheet_id: int, title: str, rows: Rows, grid_rows: int) -> Sheet:
    cells = [
        {at: _cell(value) for at, value in enumerate(row) if value is not None and value != ""}
        for row in rows
    ]
    width = max((len(row) for row in rows), default=0)
    padding = [Row()] * max(0, grid_rows - len(cells))
    return Sheet(sheet_id=sheet_id, title=title, rows=[*cells, *padding], columns=max(26, width))


def _cell(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    if isinstance(value, date):
        look = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
        return EMPTY._replace(value=value.toordinal() - EPOCH, format=look)
    if isinstance(value, str) and value.startswith("=") and len(value) > 1:
        return EMPTY._replace(formula=value)
    if isinstance(value, str | int | float | bool):
        return EMPTY._replace(value=value)
    raise TypeError(f"No cell holds {value!r}.")
