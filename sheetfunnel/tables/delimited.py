"""Reading CSV and its relatives: encoding and delimiter are inferred and told; the file is never changed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from sheetfunnel.errors import UnreadableSource
from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.values import value

#: No list of sales objectives comes near this; a workbook has no more rows than ``MOST_ROWS``.
MOST_BYTES: Final = 100_000_000
MOST_ROWS: Final = 1_048_576

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLED_ROWS: Final = 200
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)


@value
class Delimited:
    """A delimited text as it was read.

    ``rows[0]`` is the header; every row has as many cells as the header, unless it has more. Blank lines
    are left out; ``lines`` says on which line of the file each row begins.
    """

    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    delimiter: str
    encoding: str
    remarks: tuple[Remark, ...] = ()


def read_delimited(path: Path) -> Delimited:
    """Return the rows of a CSV, TSV or semicolon file.

    Raises:
        UnreadableSource: it is not there, too large, not text, or not a table.

    """
    text, encoding = _decode(_bytes(path), path)
    told = _SEPARATOR_LINE.match(text)
    body = text[told.end() :] if told else text
    delimiter = told[1] if told else _infer(body)
    rows, lines = _rows(body, delimiter, path)
    skipped = 1 if told else 0
    guessed = (remark(Code.GUESSED_ENCODING),) if encoding == "cp1252" else ()
    return Delimited(
        rows=[row + [""] * (len(rows[0]) - len(row)) for row in rows],
        lines=[line + skipped for line in lines],
        delimiter=delimiter,
        encoding=encoding,
        remarks=(*guessed, *_ragged(rows, lines, skipped)),
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableSource(
                f"“{path.name}” is larger than {MOST_BYTES // 1_000_000} MB; nothing was read.",
                hint="Export only the opportunities, or split the file and adopt the parts one by one.",
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSource(
            f"“{path}” could not be read: {error.strerror or error}.",
            hint="Check the name of the file and whether you may read it.",
        ) from error


def _decode(raw: bytes, path: Path) -> tuple[str, str]:
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text, encoding
    raise UnreadableSource(
        f"“{path.name}” is not a text file: it holds bytes that no text has.",
        hint="Export the table as CSV (UTF-8), or give the workbook itself (.xlsx).",
    )


def _encodings(raw: bytes) -> tuple[str, ...]:
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)
    if marked:
        return (marked,)
    head = raw[:4096]
    if b"\0" in head:  # text of Western languages in UTF-16 without its mark has a zero in every pair
        return ("utf-16-le",) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _infer(text: str) -> str:
    """Return the delimiter with which most rows are as wide as the header; among equals the wider."""

    def worth(delimiter: str) -> tuple[float, int]:
        sample = _sample(text, delimiter)
        width = len(sample[0]) if sample else 0
        same = sum(len(row) == width for row in sample)
        return (same / len(sample) if width > 1 else 0.0, width)

    return max(_DELIMITERS, key=worth)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in islice(reader, _SAMPLED_ROWS) if row)
    except csv.Error:  # told with its line when the whole text is read
        return rows
    return rows


def _rows(text: str, delimiter: str, path: Path) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableSource(
            f"“{path.name}” cannot be read from line {begin} on: a quote is opened and not closed, "
            "text follows a closing quote, or a cell is endless.",
            hint="Look at the quotes in that line and correct them, or export the table again.",
        ) from error
    _refuse_empty_or_endless(rows, path)
    return rows, lines


def _refuse_empty_or_endless(rows: list[list[str]], path: Path) -> None:
    if not rows:
        raise UnreadableSource(
            f"“{path.name}” is empty.", hint="Export the table again, with its headings in the first row."
        )
    if len(rows) > MOST_ROWS:
        raise UnreadableSource(
            f"“{path.name}” has {len(rows):,} rows; a workbook holds at most {MOST_ROWS:,}.",
            hint="Export only the opportunities that matter, or split the file.",
        )


def _ragged(rows: list[list[str]], lines: list[int], skipped: int) -> tuple[Remark, ...]:
    width = len(rows[0])
    odd = [line + skipped for row, line in zip(rows, lines, strict=True) if len(row) != width]
    return (remark(Code.RAGGED_ROWS, count=len(odd), first=odd[0]),) if odd else ()
