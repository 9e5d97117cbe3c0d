"""Workbooks with cells of every kind: texts, numbers, dates, formulas, arrays, links, formats."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.corpus.recipe import ROWS, Recipe, calls, on_table

_TEXTS: Final = [
    "a\tb\nc\r",
    " pad ",
    "\x01\x1f_x0041_ _x005F_",
    "<&\"'>]]>",
    "=1+1",
    "@x",
    "中文 العربية 👩‍👩‍👧",
    "x" * 32767,
    "-0",
    "1e5",
    "\u2028\ufeffend",
    "http://example.org/",
    "",
]
_NUMBERS: Final = [0, -0.0, 1, -1.5, 1e308, -1e-308, 123456789012345678, 0.1 + 0.2, 1 / 3]
_DAYS: Final = [date(1900, 1, 1), date(2024, 2, 29), datetime(2026, 3, 2, 23, 59, 59, 999_000)]  # noqa: DTZ001
_FORMULAS: Final = {
    "sum": ("=SUM(C2:C7)", 180),
    "text": ('=A2&" <&> "&B2', "Rosa <&> ovens"),
    "truth": ("=C2>D2", False),
    "error": ("=1/0", "#DIV/0!"),
    "never calculated": ("=NOW()", ""),
    "of another tab": ("='Other tab'!A1", 1),
    "future": ('=_xlfn.CONCAT("a","b")', "ab"),
    "structured": ("=SUBTOTAL(9,C2:C7)", 180),
    "LET": ("=_xlfn.LET(_xlpm.x,5,_xlpm.x*2)", 10),
    "LAMBDA": ("=_xlfn.LAMBDA(_xlpm.t,(5/9)*(_xlpm.t-32))(104)", 40),
}
_DYNAMIC: Final = {
    "unique": ("G2:G5", "=UNIQUE(B2:B7)", None, "ovens"),
    "filter": ("G2", "=FILTER(A2:E7,C2:C7>20)", None, "León"),
    "sort": ("G2", "=SORT(C2:C7)", None, 10),
    "sequence": ("G2:J5", "=SEQUENCE(4,4)", None, 1),
    "lambda": ("G2", "=MAP(C2:C7,LAMBDA(x,x*2))", None, 20),
    "single": ("G2", "=LEN(A2:A7)", None, 4),
}
_LINKS: Final = {
    "web": ("G2", "https://example.org/?a=1&b=<2>#x"),
    "mail": ("G2", "mailto:anna@example.org", None, "Write", "to Anna"),
    "inside": ("G2", "internal:'Other tab'!A1"),
    "file": ("G2", r"external:c:\temp\Sales & more.xlsx#Sheet1!A1"),
    "network": ("G2", r"external:\\server\share\a.xlsx"),
}
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "constant memory": {"constant_memory": True},
    "in memory": {"in_memory": True},
    "1904": {"date_1904": True},
    "numbers in texts": {"strings_to_numbers": True},
    "no formulas": {"strings_to_formulas": False, "strings_to_urls": False},
    "no numbers": {"nan_inf_to_errors": True},
    "large zip": {"use_zip64": True},
    "default format": {"default_format_properties": {"font_name": "Arial", "font_size": 9}},
    "default dates": {"default_date_format": "dd/mm/yy"},
    "no time zone": {"remove_timezone": True},
    "future functions": {"use_future_functions": True},
    "window": {"size": [2400, 1600]},
    "theme": {"max_url_length": 255},
}


def _other(book: Workbook) -> Worksheet:
    sheet = book.add_worksheet("Other tab")
    sheet.write("A1", 1)
    return sheet


def _every_kind(book: Workbook) -> None:
    sheet = book.add_worksheet("Data")
    look = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
        sheet.write_boolean(number, 6, number % 2 == 0)
        sheet.write_datetime(number, 7, date(2024, 1, number + 1), look)
        sheet.write_formula(number, 8, f"=C{number + 1}*2", None, number)
        sheet.write_blank(number, 9, None, look)


def _every_kind_and_another(book: Workbook) -> None:
    _every_kind(book)
    _other(book)
    book.define_name("Clients", "=Data!$A$2:$A$7")


def _texts(_: Workbook, sheet: Worksheet) -> None:
    sheet.write_column("G1", [])
    for number, text in enumerate(_TEXTS):
        sheet.write_string(number, 6, text)


def _numbers(book: Workbook, sheet: Worksheet) -> None:
    for number, value in enumerate(_NUMBERS):
        for column, code in enumerate(["General", "0.00%", "#,##0.00 [$€-407]", "@", "[Red]-0;0;;@"]):
            sheet.write_number(number, 6 + column, value, book.add_format({"num_format": code}))


def _days(book: Workbook, sheet: Worksheet) -> None:
    for number, value in enumerate([*_DAYS, time(12, 30), timedelta(hours=30)]):
        for column, code in enumerate(["yyyy-mm-dd", "hh:mm:ss", "[h]:mm", 'd "de" mmmm']):
            sheet.write_datetime(number, 6 + column, value, book.add_format({"num_format": code}))


def _formula(name: str, formula: str, value: object) -> Recipe:
    def act(book: Workbook, sheet: Worksheet) -> None:
        _other(book)
        for row in range(1, 8):
            sheet.write_formula(row, 6, formula, None, value)

    return on_table(f"formula {name}", act)


def _link(name: str, given: tuple[Any, ...]) -> Recipe:
    return on_table(f"link {name}", lambda book, sheet: (_other(book), sheet.write_url(*given)))


def _rich(book: Workbook, sheet: Worksheet) -> None:
    bold, tall = book.add_format({"bold": True}), book.add_format({"font_script": 1, "color": "red"})
    sheet.write_rich_string("G2", "plain ", bold, "bold", " and ", tall, "tall", bold)
    sheet.write_rich_string("A3", bold, " León ", "\n<&>")


def _merged(book: Workbook, sheet: Worksheet) -> None:
    middle = book.add_format({"align": "center", "border": 6})
    sheet.merge_range("G2:I4", "three by three", middle)
    sheet.merge_range("A9:E9", "", middle)
    sheet.merge_range("B12:B40", 5, middle)


def _arrays(_: Workbook, sheet: Worksheet) -> None:
    sheet.write_array_formula("G2:G7", "{=C2:C7*D2:D7}", None, 400)
    sheet.write_array_formula("H2", "{=SUM(C2:C7*D2:D7)}", None, 7)


def _formats(book: Workbook, sheet: Worksheet) -> None:
    wrap = book.add_format({"text_wrap": True, "rotation": 30, "indent": 2, "pattern": 5, "diag_type": 3})
    sheet.set_column("B:D", 20, wrap)
    sheet.set_column("H:XFD", None, None, {"hidden": True})
    sheet.set_row(3, 40, book.add_format({"bold": True}))
    sheet.set_row(20, None, wrap)
    sheet.set_row(21, 0, None, {"hidden": True})


def _sparse(_: Workbook, sheet: Worksheet) -> None:
    sheet.write("Z40", "far")
    sheet.write("CV2", 1)
    sheet.write("B1000", "deep")


def _crossing(_: Workbook, sheet: Worksheet) -> None:
    for row in range(100, 600):
        sheet.write_row(row, row % 9, [row, f"text {row % 50}", row / 7, None, "end"])


def _errors(_: Workbook, sheet: Worksheet) -> None:
    for row, text in enumerate(["#N/A", "#REF!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "#DIV/0!"]):
        sheet.write_formula(row, 6, f"={text}", None, text)
    sheet.ignore_errors({"number_stored_as_text": "A1:A7", "eval_error": "G1:G7"})


CELLS: Final[list[Recipe]] = [
    Recipe(name="book every kind", fill=_every_kind_and_another),
    *(Recipe(name=f"book {n}", fill=_every_kind, options=more) for n, more in _OPTIONS.items()),
    *(_formula(name, formula, value) for name, (formula, value) in _FORMULAS.items()),
    *calls("dynamic array", "write_dynamic_array_formula", _DYNAMIC),
    *(_link(name, given) for name, given in _LINKS.items()),
    on_table("texts", _texts),
    on_table("numbers", _numbers),
    on_table("days", _days),
    on_table("days of 1904", _days, options={"date_1904": True}),
    on_table("rich texts", _rich),
    on_table("merged", _merged),
    on_table("arrays", _arrays),
    on_table("formats", _formats),
    on_table("sparse", _sparse),
    on_table("long", _crossing),
    on_table("errors", _errors),
    on_table("dynamic write", lambda _, sheet: sheet.write("G2", "=SORTBY(A2:A7,C2:C7)")),
    Recipe(name="nothing at all", fill=lambda book: book.add_worksheet("Data")),
    Recipe(name="one cell", fill=lambda book: book.add_worksheet("Data").write("C3", "x")),
]
