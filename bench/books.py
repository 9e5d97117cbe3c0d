"""Invented workbooks for the measurements: our template with as many objectives as are asked for.

Each row fills up to 25 columns, as a person would: two in three are open, not every cell is filled. The
texts stand in the workbook's shared texts, as they do in a file that Excel saved.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.layout import layout, templates_folder
from sheetfunnel.workbook.places import locate

#: The day for which every measurement works.
DAY: Final = date(2026, 3, 2)

_SECTORS: Final = ("Health", "Education", "Industry", "Trade", "Public")
_PLACES: Final = ("Barcelona", "Madrid", "Girona", "online")
_PEOPLE: Final = ("Clara Vidal", "Jordi Puig", "Anna Serra", "Toni Mas")
#: Of so many rows one says no.
_ASKED: Final = (("fit_confirmed", 5), ("economic_covered", 2), ("user_covered", 3), ("technical_covered", 4))
_SERVICES: Final = ("Coaching", "Team day", "Programme", "Mediation", "Talk")


def workbook(path: Path, rows: int) -> Path:
    """Write a workbook with ``rows`` objectives that no sync has seen yet; return its path."""
    bare = path.with_suffix(".bare.xlsx")
    shutil.copyfile(templates_folder() / "sheetfunnel.en.xlsx", bare)
    places = locate(ExcelWorkbook(bare).read(), layout())
    listed: dict[str, list[Mapping[str, Cell]]] = {
        "people": [{"name": name, "weekly_hours": 10} for name in _PEOPLE],
        "services": [{"name": name, "cycle": 60} for name in _SERVICES],
        "objectives": [_objective(number) for number in range(rows)],
    }
    grown = path.with_suffix(".grown.xlsx")
    edit(bare, grown, additions_plan(places, listed))
    _share_texts(grown, path)
    bare.unlink()
    grown.unlink()
    return path


def _objective(number: int) -> Mapping[str, Cell]:
    begun = DAY - timedelta(days=3 + number * 7 % 200)
    row: dict[str, Cell] = {
        "client": f"Client {number // 2} & partners",
        "objective": f"Programme {number % 9} of the year",
        "amount": 500 + number * 13 % 4000,
        "need": f"They asked for help with matter {number % 97}",
        "first_contact": begun,
        "economic": f"Buyer {number // 2}",
        "user": f"User {number // 3}" if number % 4 else None,
        "technical": f"Adviser {number % 50}" if number % 3 else "-",
        "service": _SERVICES[number % 5],
        "owner": _PEOPLE[number % 4],
        "source": "referral" if number % 2 else "talk",
        "last_contact": begun + timedelta(days=number % 3),
        "sector": _SECTORS[number % 5],
        "headcount": 1 + number * 31 % 250,
        "place": _PLACES[number % 4],
    }
    return {**row, **_answers(number), **_dates(number), **_end(number, begun)}


def _answers(number: int) -> Mapping[str, Cell]:
    said: dict[str, Cell] = {key: "yes" if number % every else "no" for key, every in _ASKED}
    return said | ({"open_points": f"the price of part {number % 7}"} if number % 10 == 0 else {})


def _dates(number: int) -> Mapping[str, Cell]:
    close: dict[str, Cell] = {"expected_close": DAY + timedelta(days=number % 90)} if number % 5 < 3 else {}  # noqa: PLR2004
    step: dict[str, Cell] = {
        "next_step": f"Call about part {number % 11}",
        "next_step_on": DAY + timedelta(days=number % 20),
    }
    return close | step if number % 10 < 3 else close  # noqa: PLR2004 (three rows in ten)


def _end(number: int, begun: date) -> Mapping[str, Cell]:
    if number % 3:
        return {}
    return {"outcome": "Won" if number % 2 else "Lost", "closed_on": begun + timedelta(days=number % 100)}


_INLINE: Final = re.compile(rb' t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>')
_TEXTS: Final = "xl/sharedStrings.xml"
_MAIN: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_LINK: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def _share_texts(source: Path, target: Path) -> None:
    """Write a workbook as Excel would save it: every text once, the cells with its number."""
    numbers: dict[bytes, int] = {}

    def numbered(match: re.Match[bytes]) -> bytes:
        return b' t="s"><v>%d</v></c>' % numbers.setdefault(match[1], len(numbers))

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                for piece in _rows(old, name):
                    part.write(_told_of_texts(name, _INLINE.sub(numbered, piece)))
        with new.open(_TEXTS, "w", force_zip64=True) as part:
            part.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns=')
            part.write(b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            part.writelines(b'<si><t xml:space="preserve">%b</t></si>' % text for text in numbers)
            part.write(b"</sst>")


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part in pieces that no cell lies astride."""
    rest = b""
    with archive.open(name) as part:
        while more := part.read(1 << 20):
            block = rest + more
            cut = block.rfind(b"</row>")
            yield block[: max(cut, 0)]
            rest = block[max(cut, 0) :]
    yield rest


def _told_of_texts(name: str, piece: bytes) -> bytes:
    """Return a part that says where the shared texts are, if it is one of the two that do."""
    if name == "[Content_Types].xml":
        override = b'<Override PartName="/%b" ContentType="%bsharedStrings+xml"/></Types>'
        return piece.replace(b"</Types>", override % (_TEXTS.encode(), _MAIN))
    if name == "xl/_rels/workbook.xml.rels":
        link = b'<Relationship Id="rIdTexts" Type="%b" Target="sharedStrings.xml"/></Relationships>'
        return piece.replace(b"</Relationships>", link % _LINK)
    return piece
