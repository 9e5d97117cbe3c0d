from __future__ import annotations

import pytest

from sheetfunnel.workbook.look_ups import LOOK_UP, look_up_formulas

COLUMNS = {"client": "A", "objective": "B", "key": "C", "stage": "D", "service": "Z", "outcome": "W"}
COLUMNS |= {"closed_on": "AE", "id": "AI"}


def _key(*without: str) -> str:
    columns = {key: letter for key, letter in COLUMNS.items() if key not in without}
    return look_up_formulas(columns, {"key": "Key"}, results_title="_results")["key"]


def test_the_key_is_made_of_what_is_typed_in_the_row() -> None:
    assert _key() == (
        '={"Key";ARRAYFORMULA(IF(LEN(AI2:AI);AI2:AI&"";IF(LEN(A2:A)+LEN(B2:B)=0;"";'
        'A2:A&" · "&IF(LEN(B2:B);B2:B;Z2:Z)&IF(LEN(W2:W)*LEN(AE2:AE);" · "&TEXT(AE2:AE;"yyyy-mm-dd");""))))}'
    )


def test_a_result_is_looked_up_by_the_key_of_its_row() -> None:
    formulas = look_up_formulas(COLUMNS, {"stage": "Stage"}, results_title="_results")
    found = "XLOOKUP(C2:C;'_results'!A2:A;'_results'!B2:B)"
    assert formulas == {"stage": f'={{"Stage";ARRAYFORMULA(IF(LEN(C2:C);IFNA({found});""))}}'}


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("id", 'IF(LEN(A2:A)+LEN(B2:B)=0;"";A2:A&" · "&IF(LEN(B2:B);B2:B;Z2:Z)&IF('),
        ("service", '" · "&B2:B&IF(LEN(W2:W)'),
        ("outcome", "IF(LEN(B2:B);B2:B;Z2:Z))))}"),
        ("closed_on", "IF(LEN(B2:B);B2:B;Z2:Z))))}"),
    ],
)
def test_a_column_that_is_gone_is_left_out_of_the_key(gone: str, left: str) -> None:
    assert left in _key(gone)
    assert f"{COLUMNS[gone]}2" not in _key(gone)


def test_titles_and_headers_may_hold_quotation_marks() -> None:
    formulas = look_up_formulas(COLUMNS, {"stage": 'My "stage"'}, results_title="Pep's _results", first_row=5)
    assert formulas["stage"].startswith('={"My ""stage""";ARRAYFORMULA(IF(LEN(C5:C);')
    assert "'Pep''s _results'!A2:A" in formulas["stage"]


def test_every_result_column_has_a_formula_that_tells_itself_apart() -> None:
    headers = {
        "key": "Key",
        "stage": "Stage",
        "rank": "Rank",
        "do_next": "Do next",
        "why": "Why",
        "fit": "Fit",
    }
    formulas = look_up_formulas(COLUMNS, headers, results_title="_results")
    assert formulas.keys() == headers.keys()
    assert all(formula.startswith(LOOK_UP) for formula in formulas.values())
