"""What must hold of a workbook after any fault, judged without the product's own reader and writer.

A workbook is read here with zipfile and an XML parser only: every cell as it is stored, every other part as
a digest. The program's cells are told apart by the defined names on the headers of its tables. A style is the
number that a cell has in the part ``styles.xml``, which must itself be the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError, tostring

from openpyxl.utils.cell import coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException
from openpyxl.xml.functions import fromstring

#: By tab and address (or the name of another thing on the tab): type, content, formula, style.
Cells: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]

PROGRAM: Final = frozenset(
    {
        "status",
        "priorities",
        "allocation",
        "cycles",
        "funnel",
        "shares",
        "obstacles",
        "spacers",
        "warnings",
        "stages",
        "income",
        "proposals",
        "changes",
        "weeks",
        "check",
        "results",
        "memory",
    }
)
_RESULTS: Final = frozenset({"key", "stage", "rank", "do_next", "why", "fit"})
_NAME: Final = re.compile(r"sf_([a-z]+)_(\w+)")
_PLACE: Final = re.compile(r"(?:'(.+)'|(.+))!\$?([A-Z]+)\$?([0-9]+)")
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    CellCoordinatesException,
    NotImplementedError,
    KeyError,
    IndexError,
    ValueError,
    EOFError,
    OSError,
)


class NotAWorkbook(Exception):
    """The file cannot be read as a workbook, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What one workbook file says: people's cells, the program's cells, a digest of each other part.

    ``digest`` is that of the whole file; two files that say the same may differ in it.
    """

    typed: Cells
    own: Cells
    parts: Mapping[str, str]
    digest: str

    def says_the_same(self, other: Generation) -> bool:
        """Whether both say the same to everybody who opens them."""
        return (self.typed, self.own, self.parts) == (other.typed, other.own, other.parts)


def generation(path: Path) -> Generation:
    """Return what the workbook at ``path`` says.

    Raises:
        NotAWorkbook: it cannot be read in full, or there is none.

    """
    try:
        return _read(path.read_bytes())
    except _BROKEN as error:
        raise NotAWorkbook(f"“{path.name}” cannot be read ({type(error).__name__}: {error})") from error


def violations(  # noqa: PLR0913 - what a judgement needs to know
    *,
    target: Path,
    before: Generation,
    after_run: Generation,
    exit_code: int,
    state: Path,
    typed: Generation | None = None,
) -> list[str]:
    """Return how the workbook and the exit code break the promises (a), (b) and (d), in words.

    ``before`` is the workbook that the run found, ``after_run`` what an undisturbed run would have made of
    it; ``typed`` is what a person saved meanwhile, which then counts in the place of ``before``.
    """
    base = typed or before
    try:
        now = generation(target)
    except NotAWorkbook as error:
        told = [f"(d) exit 0, and {error}"] if exit_code == 0 else []
        return [f"(a) {error}", *told]
    return [
        *_differing("(a) typed", base.typed, now.typed),
        *_differing("(a) part", _keyed(base.parts), _keyed(now.parts)),
        *_mixed(now, base, after_run),
        *_untrue(now, after_run, exit_code),
        *_not_kept(now, base, state),
    ]


def settled(*, target: Path, state: Path, after_run: Generation, run_again: Callable[[], int]) -> list[str]:
    """Run again, undisturbed; return how the end of it breaks the promises (c) and (e), in words."""
    code = run_again()
    try:
        now = generation(target)
    except NotAWorkbook as error:
        return [f"(c) after the next run (exit {code}) {error}"]
    return [
        *([f"(c) the next run ended with exit code {code}"] if code else []),
        *_differing("(c) typed", after_run.typed, now.typed),
        *_differing("(c) program's", after_run.own, now.own),
        *_differing("(c) part", _keyed(after_run.parts), _keyed(now.parts)),
        *(f"(e) left behind: {path.name}" for path in leftovers(target, state)),
        *(f"(e) still locked: {path.name}" for path in state.rglob("*.lock") if _is_held(path)),
    ]


def leftovers(target: Path, state: Path) -> list[Path]:
    """Return the unfinished files beside a workbook and in the state folder."""
    beside = [path for path in target.parent.iterdir() if ".sheetfunnel-" in path.name]
    unfinished = {path for folder in (target.parent, state) for path in folder.rglob("*.tmp")}
    return sorted({*beside, *unfinished})


# ------------------------------------------------------------------------------------------ promises


def _mixed(now: Generation, base: Generation, after_run: Generation) -> list[str]:
    if now.own in (base.own, after_run.own):
        return []
    return [
        *_differing("(b) neither old nor new: unlike the old", base.own, now.own),
        *_differing("(b) neither old nor new: unlike the new", after_run.own, now.own),
    ]


def _untrue(now: Generation, after_run: Generation, exit_code: int) -> list[str]:
    if exit_code != 0 or now.says_the_same(after_run):
        return []
    return ["(d) exit 0, and the workbook does not read as after an undisturbed run"]


def _not_kept(now: Generation, base: Generation, state: Path) -> list[str]:
    if now.digest == base.digest:
        return []
    files = (path for path in state.rglob("*") if path.is_file())
    kept = any(hashlib.sha256(path.read_bytes()).hexdigest() == base.digest for path in files)
    return [] if kept else ["(a) the displaced generation is in no backup"]


def _differing(what: str, wanted: Cells, found: Cells) -> list[str]:
    places = [key for key in {**wanted, **found} if wanted.get(key) != found.get(key)]
    more = [f"{what}: and {len(places) - 3} more"] if len(places) > 3 else []
    return [
        f"{what} {'!'.join(key).strip('!')}: {wanted.get(key)} became {found.get(key)}" for key in places[:3]
    ] + more


def _keyed(parts: Mapping[str, str]) -> Cells:
    return {(name, ""): (digest,) for name, digest in parts.items()}


def _is_held(lock: Path) -> bool:
    handle = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


# ------------------------------------------------------------------------------------------- reading


@lru_cache(maxsize=32)  # most points of a campaign end in one of two files
def _read(raw: bytes) -> Generation:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = archive.namelist()
        if len({*names}) != len(names):
            raise NotAWorkbook("The workbook holds a part twice.")
        parts = {name: archive.read(name) for name in names}
    return _Reader(parts).read(hashlib.sha256(raw).hexdigest())


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _local(child) == name), None)


def _text(element: Element | None) -> str:
    """Return the text of a string, whole or in runs, but not how it is pronounced."""
    if element is None:
        return ""
    runs = [element, *(child for child in element if _local(child) == "r")]
    return "".join(child.text or "" for run in runs for child in run if _local(child) == "t")


def _digest(*elements: Element) -> str:
    return hashlib.sha256(b"".join(map(tostring, elements))).hexdigest()


class _Reader:
    """The parts of one workbook, and what is found in them."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.raw = parts
        self.typed: dict[tuple[str, str], tuple[str, ...]] = {}
        self.own: dict[tuple[str, str], tuple[str, ...]] = {}
        self.parts: dict[str, str] = {}
        main = self._links("")["officeDocument"][0]
        self.workbook = fromstring(parts[main])
        self.main = main
        self.links = {target for targets in self._links(main).values() for target in targets}
        strings = next((name for name in self.links if name.lower().endswith("sharedstrings.xml")), None)
        self.strings = [_text(item) for item in fromstring(parts[strings])] if strings else []
        self.headers, self.program_tabs, self.shared_tabs = self._headers()

    def read(self, digest: str) -> Generation:
        sheets = dict(self._sheets())
        for title, name in sheets.items():
            self._sheet(title, fromstring(self.raw[name]))
        for name, raw in self.raw.items():
            if name in sheets.values():
                continue
            if "/tables/" in name:  # a table on a tab of the program grows with its rows
                self.own[name, ""] = (hashlib.sha256(raw).hexdigest(),)
            else:
                self.parts[name] = self._plain() if name == self.main else hashlib.sha256(raw).hexdigest()
        return Generation(typed=self.typed, own=self.own, parts=self.parts, digest=digest)

    def _plain(self) -> str:
        """Return a digest of the workbook part but for the mark by which Excel calculates anew."""
        return _digest(*(child for child in self.workbook if _local(child) != "calcPr"))

    def _links(self, part: str) -> dict[str, list[str]]:
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        found: dict[str, list[str]] = {}
        for link in fromstring(self.raw[rels]):
            target = link.attrib["Target"]
            whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            for key in (link.attrib["Type"].rpartition("/")[2], f"#{link.attrib['Id']}"):
                found.setdefault(key, []).append(whole)
        return found

    def _sheets(self) -> Iterator[tuple[str, str]]:
        links = self._links(self.main)
        for sheet in _child(self.workbook, "sheets") or ():
            yield sheet.attrib["name"], links[f"#{sheet.attrib[_REL]}"][0]

    def _headers(self) -> tuple[dict[tuple[str, str], int], set[str], set[str]]:
        """Return below which row each column is the program's, and the tabs with tables of the program."""
        headers: dict[tuple[str, str], int] = {}
        tabs: dict[str, set[str]] = {}
        for name in _child(self.workbook, "definedNames") or ():
            named, place = _NAME.fullmatch(name.attrib["name"]), _PLACE.fullmatch(name.text or "")
            if named and place:
                table, column = named.groups()
                tab = (place[1] or place[2]).replace("''", "'")
                tabs.setdefault(table, set()).add(tab)
                if table in PROGRAM or (table == "objectives" and column in _RESULTS):
                    row, first = int(place[4]), headers.get((tab, place[3]))
                    headers[tab, place[3]] = row if first is None else min(row, first)
        program = {tab for table, where in tabs.items() for tab in where if table in PROGRAM - {"status"}}
        return headers, program, tabs.get("status", set())

    def _sheet(self, title: str, sheet: Element) -> None:
        around = {"dimension", "sheetData"} | ({"hyperlinks"} if title in self.program_tabs else set())
        self.typed[title, "around"] = (_digest(*(child for child in sheet if _local(child) not in around)),)
        links = _child(sheet, "hyperlinks")
        if title in self.program_tabs and links is not None:
            self.own[title, "links"] = (_digest(links),)
        last_row = 0
        for row in _child(sheet, "sheetData") or ():
            last_row = int(row.attrib.get("r", last_row + 1))
            if title not in self.program_tabs | self.shared_tabs:
                looks = sorted(f"{key}={value}" for key, value in row.items() if key not in {"r", "spans"})
                self.typed[title, f"row {last_row}"] = tuple(looks)
            self._row(title, row)

    def _row(self, title: str, row: Element) -> None:
        for cell in row:
            column, number = coordinate_from_string(cell.attrib["r"])
            header = self.headers.get((title, column))
            ours = header is not None and number > header
            (self.own if ours else self.typed)[title, cell.attrib["r"]] = self._cell(cell)

    def _cell(self, cell: Element) -> tuple[str, ...]:
        kind, value = cell.attrib.get("t", "n"), _child(cell, "v")
        content = (value.text or "") if value is not None else ""
        if kind == "s":
            kind, content = "text", self.strings[int(content)]
        elif kind == "inlineStr":
            kind, content = "text", _text(_child(cell, "is"))
        formula = _child(cell, "f")
        told = "" if formula is None else f"{sorted(formula.items())} {formula.text or ''}"
        others = sorted(f"{key}={value}" for key, value in cell.items() if key not in {"r", "t", "s"})
        return kind, content, told, cell.attrib.get("s", "0"), *others
