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
        '=ARRAYFORMULA(IF(ROW(A1:A)=ROW(A1);"Key";IF(LEN(AI1:AI);AI1:AI&"";IF(LEN(A1:A)+LEN(B1:B)=0;"";'
        'A1:A&" · "&IF(LEN(B1:B);B1:B;Z1:Z)&IF(LEN(W1:W)*LEN(AE1:AE);" · "&TEXT(AE1:AE;"yyyy-mm-dd");"")))))'
    )


def test_a_result_is_looked_up_by_the_key_of_its_row() -> None:
    formulas = look_up_formulas(COLUMNS, {"stage": "Stage"}, results_title="_results")
    found = "XLOOKUP(C1:C;'_results'!A2:A;'_results'!B2:B)"
    body = f'IF(LEN(C1:C);IFNA({found});"")'
    assert formulas == {"stage": f'=ARRAYFORMULA(IF(ROW(A1:A)=ROW(A1);"Stage";{body}))'}


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ("id", 'IF(LEN(A1:A)+LEN(B1:B)=0;"";A1:A&" · "&IF(LEN(B1:B);B1:B;Z1:Z)&IF('),
        ("service", '" · "&B1:B&IF(LEN(W1:W)'),
        ("outcome", "IF(LEN(B1:B);B1:B;Z1:Z)))))"),
        ("closed_on", "IF(LEN(B1:B);B1:B;Z1:Z)))))"),
    ],
)
def test_a_column_that_is_gone_is_left_out_of_the_key(gone: str, left: str) -> None:
    assert left in _key(gone)
    assert f"{COLUMNS[gone]}1" not in _key(gone)


def test_titles_and_headers_may_hold_quotation_marks() -> None:
    formulas = look_up_formulas(COLUMNS, {"stage": 'My "stage"'}, results_title="Pep's _results", header=4)
    assert formulas["stage"].startswith('=ARRAYFORMULA(IF(ROW(A4:A)=ROW(A4);"My ""stage""";IF(LEN(C4:C);')
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
