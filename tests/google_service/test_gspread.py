from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from google_auth_oauthlib.flow import InstalledAppFlow

from tests.google_service.client import SCOPES, Redirect, connect
from tests.google_service.service import XLSX, Service


def test_gspread_reads_and_writes_with_a_service_account(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"], ["Ana"]]})
    client = connect(google.url, key_file)
    tab = client.open_by_key(key).worksheet("Objectives")
    tab.update([["Bea", 1200, True, None]], "A3", raw=True)
    tab.append_row(["=1+1", "0042"], value_input_option=gspread.utils.ValueInputOption.raw)
    assert google.values(key, "Objectives") == [["Client"], ["Ana"], ["Bea", 1200, True], ["=1+1", "0042"]]
    assert tab.get_all_values()[2] == ["Bea", "1200", "TRUE"]
    assert google.tokens.granted[next(iter(google.tokens.granted))].user == google.robot


def test_gspread_reads_with_the_login_of_a_person(google: Service, login_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"]]}, share={})
    client = connect(google.url, login_file)
    assert client.open_by_key(key).sheet1.title == "Objectives"
    made = client.create("New", folder_id=None)
    assert [sheet.title for sheet in made.worksheets()] == ["Sheet1"]


def test_one_call_of_gspread_is_one_call(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"]]})
    client = connect(google.url, key_file)
    client.http_client.values_batch_get(key, ["Objectives"])
    client.http_client.batch_update(key, {"requests": [{"addSheet": {"properties": {"title": "Start"}}}]})
    assert [call.method for call in google.log] == [
        "token",
        "spreadsheets.values.batchGet",
        "spreadsheets.batchUpdate",
    ]
    assert google.counters()["spreadsheets.batchUpdate"].calls == 1


def test_an_expired_token_is_renewed_on_the_way(google: Service, key_file: Path) -> None:
    key = google.make()
    client = connect(google.url, key_file)
    client.open_by_key(key)
    google.tokens.expire_all()
    client.open_by_key(key)
    assert [call.method for call in google.log].count("token") == 2


def test_a_clock_that_is_two_hours_off_gets_no_token(google: Service, key_file: Path) -> None:
    google.clock.advance(7200)
    with pytest.raises(RefreshError, match="invalid_grant"):
        connect(google.url, key_file).open_by_key(google.make())


def test_a_sheet_that_is_not_shared_is_forbidden_and_one_that_is_not_there_is_not_found(
    google: Service, key_file: Path
) -> None:
    client = connect(google.url, key_file)
    with pytest.raises(PermissionError):
        client.open_by_key(google.make(share={}))
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key("1nothing")
    with pytest.raises(gspread.exceptions.APIError, match="storage"):
        client.create("Mine")


def test_an_uploaded_workbook_is_no_spreadsheet(google: Service, key_file: Path) -> None:
    key = google.make_file("Sales.xlsx", XLSX)
    with pytest.raises(gspread.exceptions.APIError, match="not supported for this document") as caught:
        connect(google.url, key_file).open_by_key(key)
    assert caught.value.response.json()["error"]["status"] == "FAILED_PRECONDITION"


def test_a_reader_may_not_write(google: Service, key_file: Path) -> None:
    key = google.make(tabs={"Objectives": [["Client"]]}, share={google.robot: "reader"})
    tab = connect(google.url, key_file).open_by_key(key).sheet1
    with pytest.raises(gspread.exceptions.APIError, match="permission"):
        tab.update([["x"]], "A1")
    assert google.values(key, "Objectives") == [["Client"]]


def test_a_person_logs_in_with_a_browser_and_their_refresh_token_works(
    google: Service, client_file: Path, tmp_path: Path
) -> None:
    flow = InstalledAppFlow.from_client_secrets_file(
        str(client_file), SCOPES, redirect_uri="http://localhost:1/"
    )
    flow.oauth2session.mount("https://", Redirect(google.url))
    address, _ = flow.authorization_url()
    browser = requests.Session()
    browser.mount("https://", Redirect(google.url))
    back = browser.get(address, allow_redirects=False, timeout=5).headers["Location"]
    flow.fetch_token(code=parse_qs(urlsplit(back).query)["code"][0])
    login = tmp_path / "login.json"
    login.write_text(flow.credentials.to_json(), encoding="utf-8")
    key = google.make(share={})
    assert connect(google.url, login).open_by_key(key).title == "Sales"
    google.tokens.revoke()
    with pytest.raises(RefreshError, match="expired or revoked"):
        connect(google.url, login).open_by_key(key)


def test_a_sheet_is_shared_and_the_other_person_can_open_it(
    google: Service, key_file: Path, login_file: Path
) -> None:
    key = google.make(share={})
    connect(google.url, login_file).open_by_key(key).share(google.robot, "user", "reader", notify=False)
    shared = connect(google.url, key_file).open_by_key(key)
    with pytest.raises(gspread.exceptions.APIError, match="permission"):
        shared.sheet1.update([["x"]], "A1")
    roles = [(one["role"], one["emailAddress"]) for one in shared.list_permissions()]
    assert roles == [("owner", google.person), ("reader", google.robot)]


def test_a_key_that_was_revoked_gets_no_token(google: Service, key_file: Path) -> None:
    google.tokens.revoke()
    with pytest.raises(RefreshError, match="Invalid JWT Signature"):
        connect(google.url, key_file).open_by_key(google.make())


def test_a_token_without_the_scope_is_refused(google: Service, key_file: Path) -> None:
    only_drive = ("https://www.googleapis.com/auth/drive.metadata.readonly",)
    with pytest.raises(PermissionError) as caught:
        connect(google.url, key_file, only_drive).open_by_key(google.make())
    assert "insufficient authentication scopes" in str(caught.value.__cause__)
