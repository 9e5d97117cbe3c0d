"""From a snapshot to what it means: objectives, practice, criteria, and a finding for each unread cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sheetfunnel.errors import ContractBroken
from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.profile import Criterion
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell, Snapshot
from sheetfunnel.workbook.criteria import read_criteria
from sheetfunnel.workbook.gone import refuse_gone
from sheetfunnel.workbook.headings import heading
from sheetfunnel.workbook.keys import key_fold
from sheetfunnel.workbook.labels import keys_of, labels
from sheetfunnel.workbook.layout import layout
from sheetfunnel.workbook.own_cells import OwnCells, read_own_cells, typed_over
from sheetfunnel.workbook.own_results import RESULTS
from sheetfunnel.workbook.places import Places, TablePlace, locate
from sheetfunnel.workbook.read_objectives import SheetRow, read_objectives
from sheetfunnel.workbook.read_settings import read_settings

#: A workbook in which more than this part, and this many, of the known objectives vanished is refused.
_VANISHED_SHARE = 0.3
_VANISHED_LEAST = 10

#: A row in which a smaller part of the columns has a heading that is remembered or known is no header row.
_KNOWN_HEADINGS = 0.2


@value
class Decoded:
    """Everything that a workbook says; ``looked_up`` as :class:`Snapshot` has it."""

    places: Places
    language: str
    currency: str
    practice: Practice
    criteria: tuple[Criterion, ...]
    rows: tuple[SheetRow, ...]
    own: OwnCells
    findings: tuple[Finding, ...]
    looked_up: bool = False

    @property
    def known(self) -> tuple[SheetRow, ...]:
        """The rows that take part: those whose key no other row has."""
        return tuple(row for row in self.rows if not row.twins)


def decode(snapshot: Snapshot) -> Decoded:
    """Read the tables of a workbook.

    Raises:
        ContractBroken: a tab or a required column is missing.

    """
    places = locate(snapshot, layout())
    settings = read_settings(places)
    profile = read_criteria(places.tables.get("criteria"), places["objectives"])
    rows, row_findings = read_objectives(
        places["objectives"], settings.practice, currency=settings.currency, traits=profile.columns
    )
    own = read_own_cells(places, rows)
    return Decoded(
        places=places,
        language=settings.language,
        currency=settings.currency,
        practice=settings.practice,
        criteria=profile.criteria,
        rows=rows,
        own=own,
        findings=(
            *settings.findings,
            *profile.findings,
            *_in_order(row_findings),
            *(_look_up_findings(places["objectives"]) if snapshot.looked_up else own.findings),
        ),
        looked_up=snapshot.looked_up,
    )


def _look_up_findings(place: TablePlace) -> Iterator[Finding]:
    """Yield a finding for each cell that stands in the way of the results, and each look-up that is gone."""
    for key in ("key", *RESULTS):
        column = place.columns[key]
        if (place.header, column) in place.grid.blocked:
            yield from (typed_over(place, row, key) for row in place.rows() if place.at(row, key) is not None)
        elif (place.header, column) not in place.grid.formulas:
            title = labels("en").text(f"column.objectives.{key}")
            said = remark(Code.LOOK_UP_GONE, column=place.text(key) or title)
            yield Finding(remark=said, tab=place.grid.title, row=place.header, column=column)


def _in_order(findings: tuple[Finding, ...]) -> list[Finding]:
    return sorted(findings, key=lambda found: (found.row, found.column))


def refuse_implausible(decoded: Decoded) -> None:
    """Refuse a workbook that is more likely damaged than worked in.

    Raises:
        ContractBroken: the header row is gone (an objective would be taken for it), or a column or tab that
            people own, or more than 30 % and at least 10 of the known keys.

    """
    refuse_misplaced(decoded)
    _refuse_vanished(decoded)


def refuse_misplaced(decoded: Decoded) -> None:
    """Refuse a workbook of which it is no longer clear where its columns stand.

    Raises:
        ContractBroken: the header row is gone, or a column or tab that people own.

    """
    _refuse_without_header(decoded.places["objectives"], decoded.places.memory)
    refuse_gone(decoded.places)


def _refuse_without_header(place: TablePlace, memory: Mapping[str, Cell]) -> None:
    """Refuse a table whose names lead to a row in which hardly a cell reads like one of its headings."""
    remembered = {memory.get(f"column.{column.name}") for column in place.table.columns}
    headings = {*keys_of(f"column.{place.table.key}"), *(fold(str(text)) for text in remembered if text)}
    texts = [place.text(key) for key in place.columns]
    known = sum(fold(text) in headings or heading(text) is not None for text in texts if text)
    if known >= _KNOWN_HEADINGS * len(texts):
        return
    raise ContractBroken(
        f"The header row of “{place.grid.title}” is gone: row {place.header} begins with “{texts[0]}”. "
        "Nothing was written.",
        hint="Bring the header row back (undo, or the last backup). If you renamed all columns on purpose, "
        "sync again with --accept-missing.",
    )


def _refuse_vanished(decoded: Decoded) -> None:
    known = decoded.own.results.last.keys()
    vanished = known - {key for row in decoded.rows for key in (row.folded, row.open_folded)}
    if not _too_many(vanished, known):
        return
    vanished -= {_renamed_from(row, decoded) for row in decoded.rows}
    if not _too_many(vanished, known):
        return
    raise ContractBroken(
        f"{len(vanished)} of the {len(known)} objectives that the last sync knew are gone from "
        f"“{decoded.places['objectives'].grid.title}”. Nothing was written.",
        hint="If rows were lost by mistake, bring them back (undo, or the last backup). If they were meant "
        "to go, sync again with --accept-missing.",
    )


def _too_many(vanished: Collection[str], known: Collection[str]) -> bool:
    return len(vanished) >= _VANISHED_LEAST and len(vanished) > _VANISHED_SHARE * len(known)


def _renamed_from(row: SheetRow, decoded: Decoded) -> str:
    """Return the key of the results beside a row whose own keys the last sync did not know."""
    results = decoded.own.results
    if row.folded in results.last or row.open_folded in results.last:
        return row.folded
    return key_fold(str(results.shown[row.number][0] or ""))
