"""The result columns beside the objectives: Key, Stage, Rank, Do next, Why, Fit."""

from __future__ import annotations

from collections.abc import Mapping

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.assess import Assessment
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels, join
from sheetfunnel.workbook.phrases import Speaker
from sheetfunnel.workbook.read_objectives import SheetRow

ResultRow = tuple[Cell, Cell, Cell, Cell, Cell, Cell]


def result_rows(decoded: Decoded, assessment: Assessment, labels: Labels) -> Mapping[int, ResultRow]:
    """Return the result cells of every used row, by its number."""
    speaker = Speaker(labels)
    verdicts = iter(assessment.verdicts)  # in the order of the rows that take part
    fits: dict[int, str | None] = {}  # of the few that there are, by their ids
    rows: dict[int, ResultRow] = {}
    for row in decoded.rows:
        if row.twins:
            rows[row.number] = (row.objective.key, None, None, None, labels.say(row.clash), None)
            continue
        verdict = next(verdicts)
        stage, do_next, why = speaker.say(verdict)
        why = _with_unread(row, why, labels) if row.unread else why
        fit = verdict.standing.fit
        told = fits.get(id(fit), "")
        if told == "":
            told = fits[id(fit)] = fit_text(fit)
        rows[row.number] = (row.objective.key, stage, verdict.rank, do_next, why, told)
    return rows


def fit_text(fit: Fit) -> str | None:
    """Return class and fit, such as ``A 85``; nothing where nothing is known."""
    return None if fit.score is None else f"{fit.letter} {fit.score}"


def _with_unread(row: SheetRow, why: str | None, labels: Labels) -> str:
    return join([labels.say(remark(Code.CELLS_NOT_READ, count=row.unread)), why or ""])
