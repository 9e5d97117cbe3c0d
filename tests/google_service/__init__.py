"""A stand-in for Google's service: Sheets v4, Drive v3 and the token endpoint on one local port.

It keeps spreadsheets in memory, answers over HTTP as Google does (the answers that were recorded of the
service are given again, see `replay.py`), checks every request and every answer against Google's discovery
documents, evaluates the look-ups that a set-up sheet holds, and misbehaves and edits on command. No test
reaches Google.

**In a test.** A folder's `conftest.py` says `from tests.google_service.fixtures import *  # noqa: F403`; then

- `google` is a running `Service` with a fresh state; at the end of the test it fails if any request or answer
  was invalid by the discovery documents (`google.problems`; `with google.wrong_requests():` where a test
  sends one).
- `key_file` is the path of a service account's key (mode 0600) whose `token_uri` points at the stand-in.
- `login_file` is the path of a person's refresh token ("authorized_user", mode 0600). `client_file` is the
  OAuth client with which one logs in; the consent screen at `/o/oauth2/auth` agrees at once.

**Service** (in-process, no HTTP, fast):

- `url`, the address; `robot`, the service account's e-mail; `person`, the e-mail of the person that owns the
  sheets.
- `make(title="Sales", tabs={"Objectives": [["Client"], ["Ana"]]}, locale="en_US", time_zone="Etc/GMT",
  grid_rows=1000, share={google.robot: "writer"}) -> id`: a spreadsheet of `person`, shared with the robot
  unless `share={}`. Cells are str, int, float, bool, date or None; a str that begins with "=" is a formula,
  any other is text as it stands. A small grid makes formulas over whole columns fast.
- `make_file("Sales.xlsx", XLSX) -> id`: a file that is no spreadsheet (Sheets: 400
  FAILED_PRECONDITION).
- `values(id, "Objectives") -> list[list[...]]`: what is shown, unformatted, trailing blanks trimmed, formulas
  evaluated.
- `formulas(id, "Objectives")`: the same with the formulas instead of what they give.
- `typed(id, "Objectives")`: only what is in cells themselves: no formula and nothing that one spilled.
- `spreadsheet(id) -> Spreadsheet` (`state.py`): everything, for reading. `sheet(id, tab)` likewise.
- `edit(id, Edit)`: a person edits, now. Edits are in `edits.py`: `Type`, `InsertRows`, `DeleteRows`,
  `InsertColumns`, `DeleteColumns`, `Sort`, `MoveColumn`, `MoveRow`, `Filter`, `RenameTab`, `DeleteTab`,
  `Requests` (any batchUpdate requests).
- `edits.before_next_write(id, *edits)`, `edits.before_next_read(...)`, `edits.after_next_write(...)`,
  `edits.after_next_read(...)`: applied in that moment, within the call that a client makes.
- `misbehave.next(Fault.UNAVAILABLE, calls=1, method="spreadsheets.batchUpdate", seconds=None)`: the next
  matching call meets it. `method` is a discovery id without "sheets." ("spreadsheets.values.batchGet",
  "spreadsheets.batchUpdate"), one of Drive ("drive.files.create"), "token", or None for any call but "token".
  Kinds: see `misbehave.Fault`. `after=2` lets two matching calls through first.
- `with google.not_listening():` connections are refused while it lasts.
- `quotas.enforced = True` (off in tests): 60 reads and 60 writes a minute per user, 300 and 300 per project.
- `clock.now()`, `clock.advance(seconds)`: the service's clock, for quotas, tokens and TODAY(). It stands
  where the machine's stands, and goes forward only as that does and as it is advanced.
- `storage_full = False` by default: a person may create files; the robot may not (403 storageQuotaExceeded)
  unless `robot_has_storage = True`. `api_enabled = True`: False answers 403 with the link that enables the
  API.
- `log: list[Call]` (`method`, `status`, `query`, `body`, `bytes_in`, `bytes_out`, `bytes_packed`, `user`),
  `log.clear()`; `counters() -> {method: Counts(calls, bytes_in, bytes_out, bytes_packed)}`. Answers go packed
  (gzip) to whoever takes that; `bytes_out` is their length before, `bytes_packed` over the line.
- `export(id, path)`: the state as an .xlsx, for LibreOffice.
- `reset()`: everything is forgotten, the accounts too.

**A trap that it shows.** `={"Stage"; ARRAYFORMULA(... A2:A ...)}` in a header slips by one row when a person
inserts a row right below the header: A2:A becomes A3:A, as in Google. Ranges that begin in the header's own
row do not slip:
`=ARRAYFORMULA(IF(ROW(A1:A)=ROW(A1), "Stage", IFNA(XLOOKUP(A1:A, _results!A:A, _results!B:B))))`.

**A client over HTTP.** `tests.google_service.client.connect(google, key_file) -> gspread.Client` (real
gspread, real google-auth), by an adapter on `https://` that rewrites the host and keeps it in
`X-Goog-Original-Host`. The paths are Google's own: `/v4/...`, `/drive/v3/...`, `/upload/drive/v3/...`,
`/token`, `/v1/...` (iamcredentials). `POST /control` takes `{"misbehave": {"fault": "UNAVAILABLE", "calls":
1}}`, `{"edit": {"spreadsheetId": ..., "when": "before_next_write", "edits": [{"kind": "InsertRows", "tab":
"Objectives", "at": 2}]}}`, `{"clock": {"advance": 60}}`; `POST /control/reset` forgets everything; `GET
/control` shows the counters.

**By hand.** `python -m tests.google_service --port 8899` prints the address, writes a throw-away key file and
makes one blank spreadsheet that is shared with it.
"""
