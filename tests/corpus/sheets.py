"""Workbooks with what a sheet has beside its cells: drawings, notes, views, print, protection, names."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.corpus.recipe import ROWS, Act, Recipe, calls, on_table, picture, table

_SPARKLINES: Final[dict[str, dict[str, Any]]] = {
    "line": {"range": "Data!C2:D2"},
    "column": {"range": "Data!C2:D2", "type": "column", "style": 12, "negative_points": True},
    "win loss": {"range": "Data!C2:D2", "type": "win_loss", "reverse": True, "axis": True},
    "group": {"location": ["G2", "G3"], "range": ["Data!C2:D2", "Data!C3:D3"], "markers": True},
    "limits": {"range": "Data!C2:D2", "max": "group", "min": -5, "show_hidden": True},
    "dates": {"range": "Data!C2:D2", "date_axis": "Data!C1:D1"},
}
_BOXES: Final[dict[str, tuple[Any, ...]]] = {
    "plain": ("G2", "a <text> & more"),
    "of a cell": ("G2", "", {"textlink": "=$A$1", "font": {"bold": True, "color": "red"}}),
    "formatted": ("G2", "x\ny", {"gradient": {"colors": ["red", "blue"]}, "line": {"dash_type": "dash"}}),
    "linked": ("G2", "here", {"url": "internal:Data!A1", "align": {"vertical": "middle"}, "rotation": 90}),
}
_NOTES: Final[dict[str, tuple[Any, ...]]] = {
    "plain": ("A2", "met at the fair"),
    "shown": ("A2", "Ana: <call> & ask\n", {"visible": True, "author": "Ana", "color": "#FFCC00"}),
    "sized": ("B3", "x" * 900, {"width": 300, "start_row": 9, "font_size": 12}),
}
_VIEWS: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "frozen": ("freeze_panes", (1, 2)),
    "frozen and scrolled": ("freeze_panes", (1, 0, 20, 0)),
    "split": ("split_panes", (30, 10)),
    "zoom": ("set_zoom", (75,)),
    "right to left": ("right_to_left", ()),
    "no zeros": ("hide_zero", ()),
    "no grid": ("hide_gridlines", (2,)),
    "no headings": ("hide_row_col_headers", ()),
    "page view": ("set_page_view", (1,)),
    "break view": ("set_pagebreak_view", ()),
    "selection": ("set_selection", ("C3:D5",)),
    "top left": ("set_top_left_cell", ("A4",)),
    "tab colour": ("set_tab_color", ("#FF9900",)),
    "default row": ("set_default_row", (24, True)),
    "autofit": ("autofit", ()),
}
_PRINT: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {
    "landscape": ("set_landscape", ()),
    "paper": ("set_paper", (9,)),
    "margins": ("set_margins", (0.5, 0.6, 1, 1.5)),
    "header": ("set_header", ('&L&"Arial,Bold"&D&C<&A> && more&R&P/&N', {"margin": 0.4})),
    "footer": ("set_footer", ("&CPage &P", {"scale_with_doc": False, "align_with_margins": False})),
    "repeated rows": ("repeat_rows", (0, 1)),
    "repeated columns": ("repeat_columns", ("A:B",)),
    "area": ("print_area", ("A1:E7",)),
    "one page wide": ("fit_to_pages", (1, 0)),
    "scale": ("set_print_scale", (60,)),
    "breaks": ("set_h_pagebreaks", ([3, 5],)),
    "more breaks": ("set_v_pagebreaks", ([2],)),
    "across": ("print_across", ()),
    "black": ("print_black_and_white", ()),
    "first page": ("set_start_page", (3,)),
    "centred": ("center_horizontally", ()),
}
_PROTECTION: Final[dict[str, tuple[Any, ...]]] = {
    "plain": (),
    "password": ("secret",),
    "loose": ("", {"insert_rows": True, "sort": True, "autofilter": True, "select_locked_cells": False}),
}


def _pictures(book: Workbook, sheet: Worksheet) -> None:
    for number, kind in enumerate(("PNG", "JPEG", "GIF", "BMP")):
        more = {
            "image_data": picture(kind),
            "description": f"{kind} & <co>",
            "object_position": number % 3 + 1,
        }
        sheet.insert_image(number * 4, 8, f"{kind.lower()}.{kind.lower()}", more)
    again = {"image_data": picture(), "url": "internal:Data!A1"}
    book.add_worksheet("Other").insert_image("A1", "again.png", again)


def _embedded(_: Workbook, sheet: Worksheet) -> None:
    for number, size in enumerate([(12, 8), (12, 8), (30, 30)]):
        sheet.embed_image(number + 1, 6, "a.png", {"image_data": picture(size=size), "description": "logo"})


def _with_logo(_: Workbook, sheet: Worksheet) -> None:
    sheet.set_header("&L&G&R&G", {
        "image_left": "l.png", "image_data_left": picture(),
        "image_right": "r.jpg", "image_data_right": picture("JPEG"),
    })  # fmt: skip


def _controls(_: Workbook, sheet: Worksheet) -> None:
    sheet.insert_button("G2", {"macro": "say_hello", "caption": "<Press> & go", "width": 90})
    sheet.insert_checkbox("H2", True)  # noqa: FBT003 (the state of the box)
    sheet.insert_checkbox("H3", False)  # noqa: FBT003
    sheet.write_comment("A1", "beside a button")


def _macros(book: Workbook) -> None:
    book.add_vba_project(BytesIO(bytes(range(256)) * 9), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    table(book).set_vba_name("Sheet1")


def _names(book: Workbook, _: Worksheet) -> None:
    book.add_worksheet("Ana's <tab> & 中")
    book.define_name("Clients", "=Data!$A$2:$A$7")
    book.define_name("Rate", "=0.96")
    book.define_name("Data!local", "=Data!$C$3")
    book.define_name("Names.of\\odd", "='Ana''s <tab> & 中'!$A$1")


def _properties(book: Workbook, _: Worksheet) -> None:
    book.set_properties({"title": "Ventas & <más>", "author": "Ana", "keywords": "a, b", "status": "Quo"})
    for name, value in {"Checked by": "Eva", "Number": 1, "Share": 0.5, "Yes": True}.items():
        book.set_custom_property(name, value)
    book.set_calc_mode("manual")
    book.read_only_recommended()


def _hidden(book: Workbook, sheet: Worksheet) -> None:
    for number in range(3):
        other = table(book, f"Other {number}")
        (other.hide, other.very_hidden, other.activate)[number]()
    sheet.set_first_sheet()
    sheet.set_column("B:B", None, None, {"hidden": True})


def _outline(_: Workbook, sheet: Worksheet) -> None:
    for row in range(1, 5):
        sheet.set_row(row, None, None, {"level": 1 + row % 2, "hidden": row > 2})
    sheet.set_row(5, None, None, {"collapsed": True})
    sheet.set_column("C:D", 9, None, {"level": 2, "hidden": True})
    sheet.outline_settings(visible=True, symbols_below=False, symbols_right=False, auto_style=True)


def _unlocked(book: Workbook, sheet: Worksheet) -> None:
    sheet.set_column("A:B", 12, book.add_format({"locked": False, "hidden": True}))
    sheet.protect("secret")
    sheet.unprotect_range("C2:D9", "Amounts", "other")


def _many_tabs(book: Workbook) -> None:
    for number in range(25):
        table(book, f"Tab {number}").write_comment("B2", f"on {number}")


def _everything(book: Workbook, sheet: Worksheet) -> None:
    acts: tuple[Act, ...] = (_pictures, _embedded, _with_logo, _controls, _names, _properties, _outline)
    for act in acts:
        act(book, sheet)
    sheet.set_background(picture())
    sheet.add_sparkline("G9", {"range": "Data!C2:D2"})
    sheet.insert_textbox("K9", "a box")
    sheet.add_table("A1:E7", {"columns": [{"header": str(text)} for text in ROWS[0]]})
    sheet.conditional_format("C2:C7", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("E2:E7", {"validate": "list", "source": "='Ana''s <tab> & 中'!$A$1:$A$3"})


def _methods(kind: str, cases: dict[str, tuple[str, tuple[Any, ...]]]) -> list[Recipe]:
    return [
        recipe for name, (method, given) in cases.items() for recipe in calls(kind, method, {name: given})
    ]


SHEETS: Final[list[Recipe]] = [
    *calls("sparkline", "add_sparkline", {name: ("G2", more) for name, more in _SPARKLINES.items()}),
    *calls("box", "insert_textbox", _BOXES),
    *calls("note", "write_comment", _NOTES),
    *calls("protected", "protect", _PROTECTION),
    *_methods("view", _VIEWS),
    *_methods("print", _PRINT),
    on_table("pictures", _pictures),
    on_table("pictures in cells", _embedded),
    on_table("picture in the header", _with_logo),
    on_table("picture behind", lambda _, sheet: sheet.set_background(picture())),
    on_table("controls", _controls),
    Recipe(name="macros", fill=_macros, suffix=".xlsm"),
    on_table("names", _names),
    on_table("properties", _properties),
    on_table("hidden", _hidden),
    on_table("outline", _outline),
    on_table("protected in part", _unlocked),
    Recipe(name="many tabs", fill=_many_tabs),
    on_table("everything", _everything),
]
