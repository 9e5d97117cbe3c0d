"""The built file, sealed: the same bytes whenever and wherever it is built, and charts described in words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

#: The day that a built workbook carries; no reader needs it, and the bytes must not depend on the clock.
BUILT = datetime(2025, 1, 1)  # noqa: DTZ001 - zip archives and workbooks keep no zone

_DRAWING = re.compile(r"xl/drawings/drawing[0-9]+\.xml")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def seal(raw: bytes, descriptions: Iterable[tuple[str, str]], target: Path) -> None:
    """Write the workbook ``raw`` to ``target``; ``descriptions`` name and describe its charts, in order."""
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w") as sealed:
        for name in source.namelist():
            content = source.read(name)
            if _DRAWING.fullmatch(name):
                content = _described(content, descriptions)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + BUILT.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            sealed.writestr(_entry(name), content, zipfile.ZIP_DEFLATED, 9)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, BUILT.timetuple()[:6])
    entry.create_system = 0
    entry.external_attr = 0
    return entry


def _described(drawing: bytes, descriptions: Iterable[tuple[str, str]]) -> bytes:
    text = drawing.decode("utf-8")
    for number, (name, description) in enumerate(descriptions, start=1):
        plain, full = f'name="Chart {number}"', f'name="{_quoted(name)}" descr="{_quoted(description)}"'
        if text.count(plain) != 1:
            raise ValueError(f"chart {number} is not in the drawing")
        text = text.replace(plain, full)
    return text.encode("utf-8")


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
