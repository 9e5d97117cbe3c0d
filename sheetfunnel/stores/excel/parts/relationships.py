"""Which part of a workbook points to which: the ``.rels`` parts."""

from __future__ import annotations

import posixpath

from sheetfunnel.stores.excel.archive.entries import Entries
from sheetfunnel.stores.excel.xml_spans import elements
from sheetfunnel.values import value


@value
class Relationship:
    """One pointer: ``kind`` is the last word of its type (``worksheet``), ``part`` where it leads.

    ``part`` is empty for a target outside the workbook.
    """

    key: str
    kind: str
    part: str


def relationships(entries: Entries, part: str) -> tuple[Relationship, ...]:
    """Return what a part points to, in its order; ``part`` is empty for the workbook file itself."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    raw = entries.whole(source)
    if raw is None:
        return ()
    found = (element.attributes for element in elements(raw, source) if element.name == "Relationship")
    return tuple(
        Relationship(
            key=attributes.get("Id", ""),
            kind=attributes.get("Type", "").rpartition("/")[2],
            part=""
            if attributes.get("TargetMode") == "External"
            else _resolved(folder, attributes["Target"]),
        )
        for attributes in found
        if "Target" in attributes
    )


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
