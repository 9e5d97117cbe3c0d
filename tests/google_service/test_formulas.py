from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.google_service.formulas.references import Reference, changed
from tests.google_service.formulas.sheets import shown
from tests.google_service.moving import Delete, Insert, Shift, move_lines, rename_in_formulas
from tests.google_service.shapes import Cell, CellError, Object, Scalar
from tests.google_service.state import Sheet, Spreadsheet, blank

TODAY = date(2026, 3, 2)
DATED: Object = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}


def _spreadsheet(locale: str = "en_US") -> Spreadsheet:
    """Clients in A, numbers in B, dates in C; results by key on `_results`."""
    book = blank("1", "Sales", locale=locale)
    first = book.sheets[0]
    rows: list[tuple[str, Scalar, Scalar]] = [
        ("Client", "Amount", "When"),
        ("Ana", 1200, 46000),
        ("bea", 0.5, None),
        ("Carla", None, 46001),
    ]
    for at, (client, amount, day) in enumerate(rows):
        look = DATED if isinstance(day, int) else None
        first.put(at, {0: Cell(client), 1: Cell(amount), 2: Cell(day, format=look)})
    results = Sheet(sheet_id=7, title="_results")
    for at, (key, stage) in enumerate([("Key", "Stage"), ("Bea", "Universe"), ("Ana", "Best Few")]):
        results.put(at, {0: Cell(key), 1: Cell(stage)})
    book.sheets.append(results)
    return book


def _shown(book: Spreadsheet, formula: str, place: tuple[int, int] = (0, 5)) -> list[object]:
    """Put a formula into a cell and return what it shows, downwards, trailing blanks trimmed."""
    row, column = place
    book.sheets[0].put(row, {column: Cell(formula=formula)})
    values = shown(book, TODAY).overlay[0][column]
    below = [values.get(at) for at in range(row, max(values) + 1)]
    while below and below[-1] is None:
        below.pop()
    return [value.code if isinstance(value, CellError) else value for value in below]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=1+2*3^2", [19]),
        ("=-2^2", [4]),
        ('="a"&1&TRUE', ["a1TRUE"]),
        ("=10%", [0.1]),
        ("=1/0", ["#DIV/0!"]),
        ('="ANA"="ana"', [True]),
        ('=EXACT("ANA","ana")', [False]),
        ("=B2+B3", [1200.5]),
        ('=A2&" "&B3', ["Ana 0.5"]),
        ('=A2&" "&C2', ["Ana 12/9/2025"]),
        ('=TEXT(C2,"yyyy-mm-dd")', ["2025-12-09"]),
        ('=TEXT(1234.5,"0")', ["1235"]),
        ('=TEXT("as it is","yyyy-mm-dd")', ["as it is"]),
        ("=LEN(A4)", [5]),
        ("=LEN(B4)", [0]),
        ('=IF(LEN(B4)>0,"yes","no")', ["no"]),
        ("=IF(B4,1,2)", [2]),
        ("=NOT(ISBLANK(B4))", [False]),
        ("=SUM(B2:B)", [1200.5]),
        ("=COUNTA(A2:A)", [3]),
        ('=COUNTIF(A:A,"*a")', [3]),
        ('=COUNTIF(B:B,">1")', [1]),
        ("=COUNTIF(A:A;A2)", [1]),
        ("=ROW(A7)", [7]),
        ("=INDEX(A1:B4,3,1)", ["bea"]),
        ('=MATCH("CARLA",A:A,0)', [4]),
        ('=VLOOKUP("ANA",A:B,2,FALSE)', [1200]),
        ('=VLOOKUP("nobody",A:B,2,FALSE)', ["#N/A"]),
        ('=XLOOKUP("ana",_results!A:A,_results!B:B)', ["Best Few"]),
        ('=XLOOKUP("nobody",_results!A:A,_results!B:B,"none")', ["none"]),
        ('=IFERROR(XLOOKUP("nobody",_results!A:A,_results!B:B),"none")', ["none"]),
        ("=IFNA(1/0)", ["#DIV/0!"]),
        ('=HYPERLINK("#gid=0","go")', ["go"]),
        ("=TODAY()", [46083]),
        ('=TRIM("  a  b ")&LOWER("X")', ["a bx"]),
        ('=(A2="Ana")*(B2>1000)', [1]),
        ('=(A2="x")+(B2>1000)', [1]),
        ("=FORECAST.ETS(1)", ["#NAME?"]),
        ("=nothing", ["#NAME?"]),
        ("=Gone!A1", ["#REF!"]),
        ("=1+", ["#ERROR!"]),
        ("=F1", ["#REF!"]),
        ('=ARRAYFORMULA(A2:A4&"!")', ["Ana!", "bea!", "Carla!"]),
        ('={A2:A3;"end"}', ["Ana", "bea", "end"]),
        ("={A2:A3;A2:B3}", ["#VALUE!"]),
        ("=ARRAYFORMULA(A2:A3&A2:A4)", ["AnaAna", "beabea", "#N/A"]),
    ],
)
def test_a_formula_shows_what_the_service_shows(formula: str, expected: list[object]) -> None:
    assert _shown(_spreadsheet(), formula) == expected


def test_a_column_of_results_is_looked_up_by_key_and_spills_below_its_header() -> None:
    formula = '={"Stage"; ARRAYFORMULA(IFNA(XLOOKUP(A2:A, _results!$A$2:$A, _results!$B$2:$B)))}'
    assert _shown(_spreadsheet(), formula) == ["Stage", "Best Few", "Universe"]


def test_a_typed_cell_in_the_way_leaves_an_error_in_the_header_and_nothing_below() -> None:
    book = _spreadsheet()
    book.sheets[0].put(3, {5: Cell("typed")})
    assert _shown(book, '={"Stage"; ARRAYFORMULA(A2:A)}') == ["#REF!"]
    assert book.sheets[0].cell(3, 5).value == "typed"


def test_formulas_may_read_what_others_spill_wherever_they_stand() -> None:
    book = _spreadsheet()
    first = book.sheets[0]
    first.put(0, {4: Cell(formula='=ARRAYFORMULA(IF(ROW(H1:H)=1,"Own",H1:H&"!"))')})
    first.put(0, {6: Cell(formula='={"a","b";1,2}')})
    assert _shown(book, '=ARRAYFORMULA(E1:E3&"?")', (0, 9)) == ["Own?", "2!?", "!?"]


def test_a_truth_and_a_one_are_told_apart_in_formulas_that_share_the_rest() -> None:
    book = _spreadsheet()
    book.sheets[0].put(1, {1: Cell(value=True)})
    assert _shown(book, "={ARRAYFORMULA(B2:B3=1);ARRAYFORMULA(B2:B3=TRUE)}") == [False, False, True, False]


def test_a_key_of_several_columns_is_put_together_as_text() -> None:
    book = _spreadsheet()
    key = 'A2:A4&" | "&IF(LEN(B2:B4)>0,B2:B4,"-")&IF(LEN(C2:C4)>0," | "&TEXT(C2:C4,"yyyy-mm-dd"),"")'
    expected = ["Ana | 1200 | 2025-12-09", "bea | 0.5", "Carla | - | 2025-12-10"]
    assert _shown(book, f"=ARRAYFORMULA({key})") == expected


def test_with_a_decimal_comma_semicolons_part_arguments_and_backslashes_columns() -> None:
    book = _spreadsheet("es_ES")
    assert _shown(book, '={"x"\\2,5; "y"\\IF(1<2;3;4)}') == ["x", "y"]
    assert shown(book, TODAY).overlay[0][6] == {0: 2.5, 1: 3}
    assert _shown(_spreadsheet("es_ES"), "=SUM(1,5)") == [1.5]
    assert _shown(_spreadsheet("es_ES"), "=IF(1<2,3,4)") == ["#ERROR!"]
    assert _shown(_spreadsheet("es_ES"), "=B3&A2") == ["0,5Ana"]


def _after(formula: str, axis: str, move: Insert | Delete | Shift) -> str | None:
    book = _spreadsheet()
    second = Sheet(sheet_id=9, title="Start")
    second.put(0, {0: Cell(formula=formula)})
    book.sheets.append(second)
    move_lines(book, book.sheets[0], axis, move=move)
    return second.cell(0, 0).formula


@pytest.mark.parametrize(
    ("formula", "axis", "move", "expected"),
    [
        ("=SUM(Sheet1!B2:B)", "ROWS", Insert(at=0, count=2), "=SUM(Sheet1!B4:B)"),
        ("=SUM(Sheet1!B2:B)", "ROWS", Insert(at=5, count=2), "=SUM(Sheet1!B2:B)"),
        ("=SUM(Sheet1!B2:B)", "ROWS", Delete(at=1, count=1), "=SUM(Sheet1!B2:B)"),
        ("=SUM(Sheet1!B:B)", "COLUMNS", Insert(at=0, count=3), "=SUM(Sheet1!E:E)"),
        ("=Sheet1!$B$2", "COLUMNS", Insert(at=1, count=1), "=Sheet1!$C$2"),
        ("=Sheet1!B2", "ROWS", Delete(at=1, count=1), "=#REF!"),
        ("=SUM(Sheet1!B2:B9)", "ROWS", Delete(at=3, count=2), "=SUM(Sheet1!B2:B7)"),
        ("=SUM(Sheet1!B2:B9)", "ROWS", Insert(at=9, count=2), "=SUM(Sheet1!B2:B9)"),
        ('=Sheet1!B2:B&"B2 Sheet1!B2"', "COLUMNS", Shift(at=1, count=1, to=5), '=Sheet1!E2:E&"B2 Sheet1!B2"'),
        ("=Sheet1!D2:D", "COLUMNS", Shift(at=1, count=1, to=5), "=Sheet1!C2:C"),
        ("=A2+B2:B", "COLUMNS", Insert(at=0, count=1), "=A2+B2:B"),
        ("=LOG10(Sheet1!A1)", "ROWS", Insert(at=0, count=1), "=LOG10(Sheet1!A2)"),
    ],
)
def test_references_go_along_with_what_they_name(
    formula: str, axis: str, move: Insert | Delete | Shift, expected: str
) -> None:
    assert _after(formula, axis, move) == expected


def test_a_renamed_tab_keeps_its_references_and_a_deleted_one_loses_them() -> None:
    book = _spreadsheet()
    book.sheets[0].put(0, {5: Cell(formula="=XLOOKUP(A2,_results!A:A,'_results'!B:B)")})
    rename_in_formulas(book, "_results", "Clara's own")
    assert book.sheets[0].cell(0, 5).formula == "=XLOOKUP(A2,'Clara''s own'!A:A,'Clara''s own'!B:B)"
    rename_in_formulas(book, "Clara's own", None)
    assert book.sheets[0].cell(0, 5).formula == "=XLOOKUP(A2,#REF!,#REF!)"


def test_formulas_in_rules_go_along_too() -> None:
    book = _spreadsheet()
    choices: Object = {
        "condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=_results!$A$2:$A"}]}
    }
    custom: Object = {"condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$B2>5"}]}}
    book.sheets[0].put(1, {0: Cell("Ana", validation=choices)})
    book.sheets[0].lists["conditionalFormats"] = [{"ranges": [{"sheetId": 0}], "booleanRule": custom}]
    move_lines(book, book.sheets[0], "COLUMNS", move=Insert(at=0, count=1))
    rename_in_formulas(book, "_results", "Own")
    rule = book.sheets[0].lists["conditionalFormats"][0]["booleanRule"]
    assert rule["condition"]["values"] == [{"userEnteredValue": "=$C2>5"}]
    moved = book.sheets[0].cell(1, 1).validation
    assert moved is not None
    assert moved["condition"]["values"] == [{"userEnteredValue": "=Own!$A$2:$A"}]


@given(at=st.integers(0, 20), count=st.integers(1, 5), row=st.integers(1, 20))
def test_deleting_what_was_inserted_brings_a_formula_back(at: int, count: int, row: int) -> None:
    book = _spreadsheet()
    formula = f"=SUM(A{row}:A{row + 3})+A{row}+$A${row}&B{row}:B"
    book.sheets[1].put(0, {0: Cell(formula=formula.replace("A", "Sheet1!A", 1))})
    before = book.sheets[1].cell(0, 0).formula
    move_lines(book, book.sheets[0], "ROWS", move=Insert(at=at, count=count))
    move_lines(book, book.sheets[0], "ROWS", move=Delete(at=at, count=count))
    assert book.sheets[1].cell(0, 0).formula == before


@given(st.text(max_size=30))
def test_a_formula_without_a_change_stays_letter_by_letter(text: str) -> None:
    def same(reference: Reference) -> Reference:
        return reference

    assert changed(f"={text}", same, ".") == f"={text}"
