from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gspread
import pytest
import requests

from tests.google_service.client import connect
from tests.google_service.misbehave import APPLIED, Fault
from tests.google_service.service import Service

UPDATE = "spreadsheets.values.update"


@pytest.fixture
def tab(google: Service, key_file: Path) -> Iterator[gspread.Worksheet]:
    client = connect(google.url, key_file)
    yield client.open_by_key(google.make(tabs={"Objectives": [["Client"]]})).sheet1
    client.http_client.session.close()


def _write(tab: gspread.Worksheet, value: str = "x", timeout: float = 5) -> None:
    tab.client.set_timeout((1, timeout))
    tab.update([[value]], "B1")


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (Fault.RATE_LIMITED, 429, "Quota exceeded"),
        (Fault.RATE_LIMITED_RETRY_AFTER, 429, "Quota exceeded"),
        (Fault.INTERNAL, 500, "Internal error"),
        (Fault.UNAVAILABLE, 503, "currently unavailable"),
        (Fault.UNAVAILABLE_BUT_APPLIED, 503, "currently unavailable"),
        (Fault.API_NOT_ENABLED, 403, "has not been used in project"),
        (Fault.NO_ROLE, 403, "does not have permission"),
        (Fault.STORAGE_FULL, 403, "storage quota"),
        (Fault.NOT_FOUND, 404, "not found"),
    ],
)
def test_a_fault_answers_as_the_service_does_and_the_next_call_is_well(
    google: Service, tab: gspread.Worksheet, fault: Fault, status: int, words: str
) -> None:
    google.misbehave.next(fault, method=UPDATE)
    with pytest.raises(gspread.exceptions.APIError, match=words) as caught:
        _write(tab)
    assert caught.value.response.status_code == status
    assert ("Retry-After" in caught.value.response.headers) == (fault is Fault.RATE_LIMITED_RETRY_AFTER)
    assert (google.values(tab.spreadsheet_id, "Objectives") == [["Client", "x"]]) == (fault in APPLIED)
    _write(tab, "y")
    assert google.values(tab.spreadsheet_id, "Objectives") == [["Client", "y"]]


@pytest.mark.parametrize(
    "fault", [Fault.REFUSED, Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.RESET_IN_BODY, Fault.CUT_JSON]
)
def test_a_broken_line_leaves_the_write_done_or_not_done(
    google: Service, tab: gspread.Worksheet, fault: Fault
) -> None:
    google.misbehave.next(fault, method=UPDATE, after=1)
    _write(tab, "before")
    with pytest.raises(requests.RequestException):
        _write(tab, "x", timeout=0.3)
    expected = "x" if fault in APPLIED else "before"
    assert google.values(tab.spreadsheet_id, "Objectives") == [["Client", expected]]


def test_while_nobody_listens_a_new_connection_is_refused(google: Service, tab: gspread.Worksheet) -> None:
    with google.not_listening(), pytest.raises(requests.ConnectionError):
        _write(tab)
    _write(tab, "y")
    assert google.values(tab.spreadsheet_id, "Objectives") == [["Client", "y"]]


def test_a_slow_answer_is_late_and_whole(google: Service, tab: gspread.Worksheet) -> None:
    google.misbehave.next(Fault.SLOW, method=UPDATE, seconds=0.1)
    _write(tab)
    assert google.values(tab.spreadsheet_id, "Objectives") == [["Client", "x"]]


def test_a_refused_token_is_renewed_by_google_auth(google: Service, tab: gspread.Worksheet) -> None:
    google.misbehave.next(Fault.UNAUTHORIZED, method=UPDATE)
    _write(tab)
    assert [call.method for call in google.log[-3:]] == [UPDATE, "token", UPDATE]


def test_the_quota_of_a_user_is_sixty_reads_a_minute(google: Service, tab: gspread.Worksheet) -> None:
    google.quotas.enforced = True
    for _ in range(60):
        tab.get("A1")
    with pytest.raises(gspread.exceptions.APIError, match="per minute per user"):
        tab.get("A1")
    _write(tab)
    google.clock.advance(61)
    assert tab.get("A1") == [["Client"]]


def test_the_control_path_tells_another_process_s_stand_in_what_to_do(
    google: Service, tab: gspread.Worksheet
) -> None:
    key = tab.spreadsheet_id
    plans = [
        {"misbehave": {"fault": "UNAVAILABLE", "method": UPDATE}},
        {
            "edit": {
                "spreadsheetId": key,
                "edits": [{"kind": "Type", "tab": "Objectives", "cell": "A2", "value": "Ana"}],
            }
        },
    ]
    for plan in plans:
        assert requests.post(f"{google.url}/control", json=plan, timeout=5).json() == {}
    with pytest.raises(gspread.exceptions.APIError, match="unavailable"):
        _write(tab)
    assert google.values(key, "Objectives") == [["Client"], ["Ana"]]
    counters = requests.get(f"{google.url}/control", timeout=5).json()["counters"]
    assert counters[UPDATE]["calls"] == 1


def test_drive_words_its_refusals_in_its_own_way(google: Service, tab: gspread.Worksheet) -> None:
    google.misbehave.next(Fault.NO_ROLE, method="drive.permissions.list")
    with pytest.raises(gspread.exceptions.APIError) as caught:
        tab.spreadsheet.list_permissions()
    assert caught.value.response.json()["error"]["errors"][0]["reason"] == "insufficientFilePermissions"


def test_a_host_that_is_not_google_s_is_not_found(google: Service) -> None:
    answer = requests.get(
        f"{google.url}/v4/spreadsheets/x", headers={"X-Goog-Original-Host": "example.org"}, timeout=5
    )
    assert answer.status_code == 404
