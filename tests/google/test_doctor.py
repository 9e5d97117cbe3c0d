from __future__ import annotations

import pytest

from sheetfunnel.cli import main
from tests.google_service.service import Service

pytestmark = pytest.mark.usefixtures("_at_the_stand_in")


def _doctor(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["doctor", *words])
    return code, capsys.readouterr().out


def test_it_prints_the_address_that_a_sheet_is_shared_with(
    google: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = _doctor(capsys, "--google", google.make())
    assert google.robot in out
    assert "PRIVATE KEY" not in out


def test_a_blank_sheet_is_told_how_it_is_set_up(google: Service, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _doctor(capsys, "--google", google.make())
    assert code == 1
    assert "sheetfunnel new --google URL" in out


def test_a_sheet_that_is_not_shared_has_a_cross_and_the_next_step(
    google: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = _doctor(capsys, "--google", google.make(share={}))
    assert code == 1
    assert (
        f"✗ The sheet is not shared with this program. Open the sheet, press Share, and add {google.robot}"
        in out
    )


@pytest.mark.parametrize("locale", ["en_US", "es_ES", "de_DE"])
def test_a_probe_tries_what_is_relied_on_and_leaves_the_sheet_as_it_was(
    google: Service, capsys: pytest.CaptureFixture[str], locale: str
) -> None:
    key = google.make(tabs={"Mine": [["x"]]}, locale=locale)
    _, out = _doctor(capsys, "--google", key, "--probe")
    for said in ("stays a text", "work in this sheet's locale", "moves no result", "refused the second time"):
        assert f"✓ {said}" in out or any(said in line and "✓" in line for line in out.splitlines())
    assert [sheet.title for sheet in google.spreadsheet(key).sheets] == ["Mine"]
    assert not google.spreadsheet(key).metadata


def test_a_probe_of_a_sheet_that_may_only_be_read_says_so(
    google: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    key = google.make(share={google.robot: "reader"})
    code, out = _doctor(capsys, "--google", key, "--probe")
    assert code == 1
    assert "✗ The sheet is shared with this program to be read only" in out
