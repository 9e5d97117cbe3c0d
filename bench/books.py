"""Invented workbooks for the measurements: our template with as many objectives as are asked for.

Each row fills up to 25 columns, as a person would: two in three are open, not every cell is filled. The
texts stand in the workbook's shared texts, as they do in a file that Excel saved.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from sheetfunnel.stores.excel.edit import edit
from sheetfunnel.stores.excel.parts.package import open_package
from sheetfunnel.stores.excel.store import ExcelWorkbook
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.contract import Cell, SetCells, WritePlan
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout, letters, templates_folder
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
    pattern = _pattern(path.with_suffix(".pattern.xlsx"))
    numbers: dict[str, int] = {}
    with zipfile.ZipFile(pattern.path) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = _told_of_texts(name, old.read(name))
            if name == pattern.sheet:
                with new.open(name, "w", force_zip64=True) as part:
                    part.writelines(_grown(content, pattern, rows, numbers))
            else:
                new.writestr(name, content)
        with new.open(_TEXTS, "w", force_zip64=True) as part:
            part.write(_TEXTS_HEAD)
            part.writelines(b'<si><t xml:space="preserve">%b</t></si>' % escape(t).encode() for t in numbers)
            part.write(b"</sst>")
    pattern.path.unlink()
    return path


def typed_over(path: Path, *, every: int) -> None:
    """Change some typed cells in each so-manieth row of a workbook, as people would until the next day."""
    snapshot = ExcelWorkbook(path).read()
    place = locate(snapshot, layout())["objectives"]
    columns = tuple(sorted(place.columns[key] for key in ("amount", "need", "next_step")))
    typed = (4242, "They asked once more", "Call again")
    rows = dict.fromkeys(range(2, len(place.grid.rows) + 1, every), typed)
    changed = path.with_suffix(".changed.xlsx")
    edit(path, changed, WritePlan(changes=(SetCells(tab=place.grid.title, columns=columns, rows=rows),)))
    changed.replace(path)


def objectives(rows: int) -> Mapping[str, Sequence[Mapping[str, Cell]]]:
    """Return the people, the services and ``rows`` objectives, by the keys of their tables and columns."""
    return {
        "people": [{"name": name, "weekly_hours": 10} for name in _PEOPLE],
        "services": [{"name": name, "cycle": 60} for name in _SERVICES],
        "objectives": [_objective(number) for number in range(rows)],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A workbook with the people, the services and one objective: its row shows the style of each column."""

    path: Path
    sheet: str
    keys: Mapping[str, str]


def _pattern(path: Path) -> _Pattern:
    bare = path.with_suffix(".bare.xlsx")
    shutil.copyfile(templates_folder() / "sheetfunnel.en.xlsx", bare)
    places = locate(ExcelWorkbook(bare).read(), layout())
    edit(bare, path, additions_plan(places, {**objectives(0), "objectives": [_ALL_FILLED]}))
    bare.unlink()
    package, place = open_package(path), places["objectives"]
    header = {str(text): at for at, text in enumerate(place.grid.rows[place.header - 1], start=1)}
    profile = {key: header[labels("en").text(f"column.profile.{key}")] for key in _PROFILE}
    keys = {letters(at): key for key, at in {**place.columns, **profile}.items()}
    return _Pattern(path=path, sheet=package.sheet(place.grid.title).part.lstrip("/"), keys=keys)


def _grown(sheet: bytes, pattern: _Pattern, rows: int, numbers: dict[str, int]) -> Iterator[bytes]:
    """Yield the sheet with as many rows as are asked for in place of the one that it has."""
    start = sheet.index(b'<row r="2"')
    end = sheet.index(b"</row>", start) + len(b"</row>")
    cells = [
        (name, style, pattern.keys.get(name, ""))
        for name, style in _STYLED.findall(sheet[start:end].decode())
    ]
    yield re.sub(
        rb'<dimension ref="A1:([A-Z]+)\d+"', b'<dimension ref="A1:\\g<1>%d"' % (rows + 1), sheet[:start]
    )
    for number in range(rows):
        yield _row(number + 2, cells, _objective(number), numbers)
    yield sheet[end:]


def _row(
    at: int, cells: Sequence[tuple[str, str, str]], objective: Mapping[str, Cell], numbers: dict[str, int]
) -> bytes:
    made = [f'<row r="{at}">']
    for name, style, key in cells:
        value = objective.get(key)
        if isinstance(value, str):
            number = numbers.setdefault(value, len(numbers))
            made.append(f'<c r="{name}{at}"{style} t="s"><v>{number}</v></c>')
        elif value is None:
            made.append(f'<c r="{name}{at}"{style}/>')
        else:
            plain = value.toordinal() - _DAY_ZERO if isinstance(value, date) else value
            made.append(f'<c r="{name}{at}"{style}><v>{plain}</v></c>')
    made.append("</row>")
    return "".join(made).encode()


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


_STYLED: Final = re.compile(r'<c r="([A-Z]+)2"( s="\d+")?')
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
_PROFILE: Final = ("sector", "headcount", "place")
_ALL_FILLED: Final[Mapping[str, Cell]] = {**_objective(10), "paused_until": DAY, "closed_on": DAY, "id": "1"}
_TEXTS: Final = "xl/sharedStrings.xml"
_TEXTS_HEAD: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
_MAIN: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_LINK: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def _told_of_texts(name: str, piece: bytes) -> bytes:
    """Return a part that says where the shared texts are, if it is one of the two that do."""
    if name == "[Content_Types].xml":
        override = b'<Override PartName="/%b" ContentType="%bsharedStrings+xml"/></Types>'
        return piece.replace(b"</Types>", override % (_TEXTS.encode(), _MAIN))
    if name == "xl/_rels/workbook.xml.rels":
        link = b'<Relationship Id="rIdTexts" Type="%b" Target="sharedStrings.xml"/></Relationships>'
        return piece.replace(b"</Relationships>", link % _LINK)
    return piece
