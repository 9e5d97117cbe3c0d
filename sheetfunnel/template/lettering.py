"""Text in charts, in the house's font."""

from __future__ import annotations

from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun

from sheetfunnel.template import looks


def heading(text: str, *, size: int, bold: bool = False) -> Title:
    """Return a title of this size in points, which takes its own room."""
    style = _style(size, ink=looks.colour("header") if bold else looks.MUTED, bold=bold)
    line = Paragraph(pPr=ParagraphProperties(defRPr=style), r=[RegularTextRun(rPr=style, t=text)])
    return Title(tx=Text(rich=RichText(p=[line])), overlay=False)


def lettering(size: int, *, ink: str = looks.INK, bold: bool = False) -> RichText:
    """Return the style of labels of this size in points."""
    return RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=_style(size, ink=ink, bold=bold)), endParaRPr=None)]
    )


def _style(size: int, *, ink: str, bold: bool) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=ink, latin=Font(typeface=looks.FONT))
