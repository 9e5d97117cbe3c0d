"""What judgement says, in every language: each sentence with its numbers and names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from sheetfunnel.findings import Code, Param, remark
from sheetfunnel.workbook.labels import labels, languages

DIP: Mapping[str, Param] = {
    "first": date(2026, 5, 1),
    "last": date(2026, 6, 29),
    "amount": Decimal(400),
    "target": Decimal(1000),
    "missing": Decimal(600),
}
SAID: Mapping[Code, Mapping[str, Param]] = {
    Code.LEARN_TOO_FEW: {"count": 4, "needed": 10, "each": 3},
    Code.LEARN_NO_PATTERN: {"count": 44},
    Code.CRITERION_EVIDENCE: {"have": 8, "count": 10, "others_have": 3, "others": 12},
    Code.COLUMN_FILLED_AFTER: {"column": "Paid"},
    Code.COLUMN_FILLED_BY_OUTCOME: {"column": "Paid"},
    Code.COLUMN_TELLS_OUTCOME: {"column": "Paid"},
    Code.FORECAST_TOO_LITTLE: {"count": 4, "won": 2, "needed": 10, "needed_won": 5},
    Code.DIP_SEEN: DIP,
    Code.DIP_FILL: {"count": 2},
    Code.DIP_RAISE_EXPLORING: {"count": 20},
    Code.DIP_TOO_NEAR: {},
    Code.DRY_TOP: {"count": 5, "needed": 8, "days": 60},
    Code.JAMMED_MIDDLE: {"count": 2, "all": 5, "names": ("Ana", "Bea")},
    Code.PREMATURE_BY_HAND: {"names": ("Ana", "Bea")},
    Code.PREMATURE_MOVED: {"names": ("Ana", "Bea")},
    Code.REMEDY_EXPLORE: {"count": 3},
    Code.REMEDY_DECIDE: {},
    Code.REMEDY_EVIDENCE: {},
    Code.REMEDY_ASK_DATE: {},
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", SAID)
def test_each_sentence_holds_all_that_it_speaks_of(code: Code, language: str) -> None:
    words, params = labels(language), SAID[code]
    told = words.say(remark(code, **params))
    assert "{" not in told
    for param in params.values():
        for each in param if isinstance(param, tuple) else (param,):
            shown = words.number(each) if isinstance(each, int | Decimal) else str(each)
            assert shown in told


def test_one_best_client_is_spoken_of_as_one() -> None:
    said = remark(Code.CRITERION_EVIDENCE, have=1, count=1, others_have=0, others=2)
    assert labels("en").say(said) == "1 of your 1 best client has it, 0 of 2 others"
