"""Colours that follow what a cell says (a stage, an end, a day that has passed), never without a word."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Fill, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from sheetfunnel.funnel.objective import Stage
from sheetfunnel.template import looks
from sheetfunnel.workbook.labels import Labels
from sheetfunnel.workbook.layout import Table, letters

#: After more days than these a sync is old: a weekend is none too many.
OLD_AFTER = 3


def put_conditions(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Write the conditional formats of a table."""
    if any(column.key == "stage" for column in table.columns) and table.key != "results":
        _put_stages(sheet, table, words)
    match table.key:
        case "objectives":
            _put_ended(sheet, table)
        case "priorities":
            _put_blocks(sheet, table)
        case "allocation":
            _put_owners(sheet, table)
        case "status":
            _put_old(sheet, table)
        case "warnings":
            _put_warned(sheet, table)


def _put_stages(sheet: Worksheet, table: Table, words: Labels) -> None:
    """Colour a stage by the words that its cell begins with, for a person's own opinion follows them."""
    first = _cell(table, "stage")
    for stage in Stage:
        name = words.name(stage).replace('"', '""')
        style = DifferentialStyle(font=Font(color="000000"), fill=_fill(looks.colour(stage.value)))
        rule = Rule(type="beginsWith", operator="beginsWith", text=words.name(stage), dxf=style)
        rule.formula = [f'LEFT({first},LEN("{name}"))="{name}"']
        sheet.conditional_formatting.add(_whole(table, "stage"), rule)


def _put_ended(sheet: Worksheet, table: Table) -> None:
    outcome = _cell(table, "outcome", fixed=True)
    sheet.conditional_formatting.add(_rows(table), _when(f'{outcome}<>""', font=Font(color=looks.GREYED)))
    for key in ("expected_close", "next_step_on"):
        day = _cell(table, key, fixed=True)
        late = f'AND(ISNUMBER({day}),{day}<TODAY(),{outcome}="")'
        sheet.conditional_formatting.add(_whole(table, key), _when(late, font=_alarm()))


def _put_blocks(sheet: Worksheet, table: Table) -> None:
    work, rank, stage = (_cell(table, key, fixed=True) for key in ("work", "rank", "stage"))
    heading = f'AND({work}<>"",{rank}="",{stage}="")'
    font, fill = Font(bold=True, color=looks.colour("header")), _fill(looks.BLOCK)
    sheet.conditional_formatting.add(_rows(table), _when(heading, font=font, fill=fill))
    day = _cell(table, "due", fixed=True)
    late = f"AND(ISNUMBER({day}),{day}<TODAY())"
    sheet.conditional_formatting.add(_whole(table, "due"), _when(late, font=_alarm()))


def _put_owners(sheet: Worksheet, table: Table) -> None:
    """Draw a line where the next person begins."""
    owner = _cell(table, "owner", fixed=True)  # the first column
    above = f"${letters(table.column)}{table.row}"
    rule = _when(f'AND({owner}<>"",{owner}<>{above})', border=Border(top=Side(style="thin", color=looks.INK)))
    sheet.conditional_formatting.add(_rows(table), rule)


def _put_old(sheet: Worksheet, table: Table) -> None:
    """Let the day of the latest sync, the first row, turn amber by itself when it is long ago."""
    day = _cell(table, "value", fixed=True)
    rule = _when(f"AND(ISNUMBER({day}),{day}<TODAY()-{OLD_AFTER})", fill=_fill(looks.colour("warning")))
    sheet.conditional_formatting.add(day.replace("$", ""), rule)


def _put_warned(sheet: Worksheet, table: Table) -> None:
    """Tell what is wrong apart from what to do about it, and from notes: these begin with a sign."""
    text = _cell(table, "text", fixed=True)
    rule = _when(
        f'AND({text}<>"",ISERROR(FIND(LEFT(TRIM({text}),1),"→·")))',
        font=Font(bold=True, color=looks.colour("header")),
    )
    last = table.row + table.dressed
    sheet.conditional_formatting.add(f"{_cell(table, 'text')}:{letters(table.column)}{last}", rule)


def _cell(table: Table, key: str, *, fixed: bool = False) -> str:
    """Return the address of a column's first data cell, its column fixed or not."""
    return f"{'$' * fixed}{letters(table.column + table.position(key))}{table.row + 1}"


def _whole(table: Table, key: str) -> str:
    first = _cell(table, key)
    return f"{first}:{letters(table.column + table.position(key))}{looks.LAST_ROW}"


def _rows(table: Table) -> str:
    last = table.column + len(table.columns) + len(table.profile) - 1
    return f"{letters(table.column)}{table.row + 1}:{letters(last)}{looks.LAST_ROW}"


def _when(
    formula: str, *, font: Font | None = None, fill: Fill | None = None, border: Border | None = None
) -> Rule:
    return Rule(
        type="expression", formula=[formula], dxf=DifferentialStyle(font=font, fill=fill, border=border)
    )


def _fill(ink: str) -> PatternFill:
    """Return a fill as conditional formats want it: its colour is the background."""
    return PatternFill(fill_type="solid", bgColor=ink, fgColor=ink)


def _alarm() -> Font:
    return Font(color=looks.ALARM, bold=True)
