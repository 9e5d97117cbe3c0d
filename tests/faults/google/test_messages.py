"""What a person reads when Google refuses a sync: what happened, and what to do next, in words."""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest

from sheetfunnel.cli import main
from sheetfunnel.errors import ExitCode
from tests.faults.google.test_calls import unfit_words
from tests.google.sheets import Filled
from tests.google_service.edits import Type
from tests.google_service.misbehave import Fault
from tests.google_service.service import Service

_READ, _WRITE, _TOKEN = "spreadsheets.get", "spreadsheets.batchUpdate", "token"


class _Refused(NamedTuple):
    fault: Fault
    method: str
    said: str
    to_do: str


_TABLE: Final = [
    _Refused(Fault.UNAUTHORIZED, _READ, "no longer accepts these credentials", "download a new key file"),
    _Refused(Fault.API_NOT_ENABLED, _READ, "The Sheets API is not enabled", "wait two minutes"),
    _Refused(Fault.NO_ROLE, _READ, "not shared with this program", "press Share, and add"),
    _Refused(Fault.NO_ROLE, _WRITE, "to be read only", "as Editor"),
    _Refused(Fault.NOT_FOUND, _READ, "knows no such sheet", "as Editor"),
    _Refused(Fault.UNAUTHORIZED, _TOKEN, "does not accept these credentials", "a new key file"),
    _Refused(Fault.NO_ROLE, _TOKEN, "does not accept these credentials", "sheetfunnel doctor"),
]


@pytest.mark.usefixtures("_at_the_stand_in")
@pytest.mark.parametrize("refused", _TABLE, ids=lambda each: f"{each.method}: {each.fault}")
def test_a_refusal_is_told_in_words_with_the_next_step_and_without_the_key(
    google: Service, filled: Filled, capsys: pytest.CaptureFixture[str], refused: _Refused
) -> None:
    key = filled()
    google.edit(key, Type(tab="Objectives", cell="A3", value="Renamed"))
    google.misbehave.next(refused.fault, calls=100, method=refused.method)
    code = main(["sync", f"https://docs.google.com/spreadsheets/d/{key}/edit", "--today", "2026-03-02"])
    shown = " ".join(capsys.readouterr().err.split()).removeprefix("Error: ")
    assert code == ExitCode.NO_ACCESS
    assert refused.said in shown
    assert refused.to_do in shown
    assert not list(unfit_words(shown, shown))
    assert google.robot in shown or "as Editor" not in shown


@pytest.mark.usefixtures("_at_the_stand_in")
def test_an_answer_with_a_token_that_is_cut_is_asked_for_again(
    google: Service, filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    google.misbehave.next(Fault.CUT_JSON, method=_TOKEN)
    assert main(["sync", filled(), "--today", "2026-03-02"]) == ExitCode.DONE
    assert "Nothing changed" in capsys.readouterr().out
