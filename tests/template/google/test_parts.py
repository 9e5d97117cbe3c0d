"""Parts of a workbook that the template does not have today, and laws on how parts are told."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.formatting.rule import DataBarRule, Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation

from sheetfunnel.template.google.cells import entered, put_looks, put_values
from sheetfunnel.template.google.conditions import put_conditions, with_semicolons
from sheetfunnel.template.google.dimensions import put_merges
from sheetfunnel.template.google.formats import numbered
from sheetfunnel.template.google.ranges import Tabs, bounds, cells, runs
from sheetfunnel.template.google.target import Target
from sheetfunnel.template.google.validation import put_validations
from sheetfunnel.workbook.layout import layout
from tests.template.google.told import Json


@pytest.fixture
def book() -> Workbook:
    """Return a workbook with one blank tab."""
    made = Workbook()
    made.worksheets[0].title = "Pep's"
    return made


def _target(book: Workbook) -> Target:
    tab = layout().tabs[0]
    return Target(tab=tab, sheet=book.worksheets[0], sheet_id=5, index=0, rows=100, columns=4)


_TABS = Tabs(ids={"Pep's": 5}, titles={"Pep's": "Anna's"})


def _rules(book: Workbook, *rules: DataValidation) -> list[Json]:
    for rule in rules:
        rule.add("B2:B9")
        book.worksheets[0].add_data_validation(rule)
    return [each["setDataValidation"]["rule"] for each in put_validations(_target(book), book, _TABS)]


def test_merged_cells_are_merged(book: Workbook) -> None:
    book.worksheets[0].merge_cells("A1:C2")
    (merge,) = put_merges(_target(book))
    assert merge["mergeCells"] == {"range": cells(5, "A1:C2"), "mergeType": "MERGE_ALL"}


def test_a_list_of_given_words_and_a_number_between_two_are_told(book: Workbook) -> None:
    words, number, day = _rules(
        book,
        DataValidation(type="list", formula1='"high,low"'),
        DataValidation(type="whole", operator="between", formula1="1", formula2="5"),
        DataValidation(type="date"),
    )
    assert words["condition"]["values"] == [{"userEnteredValue": "high"}, {"userEnteredValue": "low"}]
    assert number["condition"]["type"] == "NUMBER_BETWEEN"
    assert number["condition"]["values"] == [{"userEnteredValue": "1"}, {"userEnteredValue": "5"}]
    assert day["condition"] == {"type": "DATE_IS_VALID"}


def test_a_list_of_cells_speaks_of_the_tab_as_the_sheet_calls_it(book: Workbook) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names["sf_list_x"] = DefinedName("sf_list_x", attr_text="'Pep''s'!$A$1:$A$3")
    (rule,) = _rules(book, DataValidation(type="list", formula1="sf_list_x"))
    assert rule["condition"]["values"] == [{"userEnteredValue": "='Anna''s'!$A$1:$A$3"}]


def test_what_has_no_like_is_never_passed_over_in_silence(book: Workbook) -> None:
    with pytest.raises(ValueError, match="textLength"):
        _rules(book, DataValidation(type="textLength"))
    book.worksheets[0].conditional_formatting.add("A1:A9", DataBarRule("min", 0, "max", 9, "FF0000"))  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match="dataBar"):
        list(put_conditions(_target(book)))
    with pytest.raises(TypeError, match="timedelta"):
        entered(timedelta(days=1))


def test_a_rule_that_only_draws_a_line_is_left_out_and_the_others_keep_their_order(book: Workbook) -> None:
    line = DifferentialStyle(border=Border(top=Side(style="thin")))
    fill = DifferentialStyle(fill=PatternFill("solid", bgColor="FF0000"), font=Font(bold=True))
    for formula, style in (("A1>1", fill), ("A1>2", line), ("A1>3", fill)):
        rule = Rule(type="expression", formula=[formula], dxf=style)
        book.worksheets[0].conditional_formatting.add("A1:A9", rule)
    made = [each["addConditionalFormatRule"] for each in put_conditions(_target(book))]
    assert [each["index"] for each in made] == [0, 1]
    formulas = [each["rule"]["booleanRule"]["condition"]["values"][0] for each in made]
    assert formulas == [{"userEnteredValue": "=A1>1"}, {"userEnteredValue": "=A1>3"}]


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ('AND(A1<>"",B1="")', 'AND(A1<>"";B1="")'),
        ('LEFT(D2,LEN("a, b"))="a, b"', 'LEFT(D2;LEN("a, b"))="a, b"'),
        ('IF(A1="say ""x, y""",1,2)', 'IF(A1="say ""x, y""";1;2)'),
    ],
)
def test_only_commas_between_arguments_become_semicolons(formula: str, told: str) -> None:
    assert with_semicolons(formula) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("General", {}),
        ("mm-dd-yy", {"numberFormat": {"type": "DATE"}}),
        ("@", {"numberFormat": {"type": "TEXT"}}),
        ("0%", {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}),
        ("#,##0", {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}),
    ],
)
def test_formats_of_numbers(code: str, told: Json) -> None:
    assert numbered(code) == told


def test_a_range_to_the_last_row_has_no_end() -> None:
    assert "endRowIndex" not in cells(5, "A5:L1048576")
    assert cells(5, "$B$2") == bounds(5, (2, 2, 2, 2))


def test_values_of_every_kind_are_sent_as_what_they_are(book: Workbook) -> None:
    for column, value in enumerate(("=1+1", 12.5, True, None, "x"), start=1):
        cell = book.worksheets[0].cell(1, column)
        cell.value = value
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    (request,) = put_values(_target(book), {(1, 5): '={"x"}'})
    values = [each.get("userEnteredValue") for each in request["updateCells"]["rows"][0]["values"]]
    assert values == [
        {"stringValue": "=1+1"},
        {"numberValue": 12.5},
        {"boolValue": True},
        None,
        {"formulaValue": '={"x"}'},
    ]


def test_cells_that_look_alike_are_dressed_at_once(book: Workbook) -> None:
    for row in book.worksheets[0]["B2:C4"]:
        for cell in row:
            cell.font = Font(bold=True)
    made = [each["repeatCell"]["range"] for each in put_looks(_target(book), book)]
    assert made == [{"sheetId": 5, "startColumnIndex": 0, "endColumnIndex": 4}, cells(5, "B2:C4")]


@given(st.dictionaries(st.integers(1, 40), st.sampled_from("ab")))
def test_runs_hold_every_number_once_and_cannot_be_joined(marked: dict[int, str]) -> None:
    found = list(runs(sorted(marked.items())))
    assert {at: mark for first, last, mark in found for at in range(first, last + 1)} == marked
    assert not any(one[1] + 1 == other[0] and one[2] == other[2] for one, other in pairwise(found))
