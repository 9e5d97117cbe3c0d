"""The result columns beside the objectives: Key, Stage, Rank, Do next, Why, Fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.profile import Fit
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.labels import Labels, join
from sheetfunnel.workbook.read_objectives import SheetRow

ResultRow = tuple[Cell, Cell, Cell, Cell, Cell, Cell]


def result_rows(decoded: Decoded, assessment: Assessment, labels: Labels) -> Mapping[int, ResultRow]:
    """Return the result cells of every used row, by its number."""
    verdicts = {id(verdict.objective): verdict for verdict in assessment.verdicts}
    return {row.number: _result_row(row, verdicts.get(id(row.objective)), labels) for row in decoded.rows}


def _result_row(row: SheetRow, verdict: Verdict | None, labels: Labels) -> ResultRow:
    if verdict is None:  # another row has the same key
        return row.objective.key, None, None, None, labels.say(row.clash), None
    return (
        row.objective.key,
        stage_text(verdict, labels),
        verdict.rank,
        labels.say(verdict.do_next) if verdict.do_next else None,
        join(_reasons(row, verdict, labels)) or None,
        fit_text(verdict.fit),
    )


def stage_text(verdict: Verdict, labels: Labels) -> str:
    """Return the stage in words; a person's own opinion is shown as theirs, with the evidence beside it."""
    if verdict.objective.outcome is not None:
        return labels.name(verdict.objective.outcome)
    if verdict.stage is None or verdict.objective.my_stage in {None, verdict.evidence}:
        return labels.name(verdict.evidence)
    return labels.text("result.mine", stage=verdict.stage, evidence=verdict.evidence)


def fit_text(fit: Fit) -> str | None:
    """Return class and fit, such as ``A 85``; nothing where nothing is known."""
    return None if fit.score is None else f"{fit.letter} {fit.score}"


def _reasons(row: SheetRow, verdict: Verdict, labels: Labels) -> Iterator[str]:
    if row.unread:
        yield labels.say(remark(Code.CELLS_NOT_READ, count=row.unread))
    for said in verdict.why:
        yield labels.say(said)
