"""The evidence of one row, examined alone: which conditions hold, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from sheetfunnel.findings import Remark, filled
from sheetfunnel.funnel.evidence import Case, Condition, advice, case_of, conditions, nearness
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.own_words import own_word
from sheetfunnel.funnel.profile import Fit
from tests.funnel.rows import TODAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Which conditions hold for a row."""

    row: SalesObjective
    case: Case
    holds: frozenset[Condition]

    @property
    def do_next(self) -> Remark:
        """What is asked for, in the row's own words."""
        said = advice(self.case, self.holds)
        return filled(said, lambda blank: own_word(blank, self.row, alone=self.case.alone, fit=Fit()))


def examine(row: SalesObjective, cycle: int = 60, *, alone: bool = False) -> Evidence:
    """Examine a row; ``cycle`` is the normal cycle in days."""
    close = nearness(row.expected_close, today=TODAY, cycle_days=cycle)
    case = case_of(row, today=TODAY, close=close, alone=alone)
    return Evidence(row=row, case=case, holds=conditions(case))
