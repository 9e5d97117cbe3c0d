"""Pipelines for tests: objectives that begin evenly, and end as a seeded chance says."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from sheetfunnel.funnel.ledger import Ledger, ledger_of
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.practice import Practice
from tests.funnel.rows import TODAY, in_days, universe


def begun(key: str, days_ago: int, **cells: Any) -> SalesObjective:  # noqa: ANN401 - any cell of a row
    return universe(key, **{"first_contact": in_days(-days_ago), "amount": Decimal(1000), **cells})


def pipeline(
    *, days: int = 700, every: int = 5, cycle: int = 60, until: int = 0, seed: int = 1
) -> list[SalesObjective]:
    """Return one objective every few days, up to some days ago, two in five won a cycle later."""
    chance = Random(seed)  # noqa: S311 - the same pipeline every time
    rows = []
    for number, ago in enumerate(range(days, until - 1, -every)):
        took = round(chance.uniform(0.5, 1.5) * cycle)
        won = chance.random() < 0.4
        ended = {} if took > ago else {"closed_on": in_days(took - ago), "outcome": _outcome(won=won)}
        rows.append(begun(f"{number:04}", ago, **ended))
    return rows


def _outcome(*, won: bool) -> Outcome:
    return Outcome.WON if won else Outcome.LOST


def ledger(rows: list[SalesObjective], practice: Practice | None = None) -> Ledger:
    return ledger_of(rows, practice or Practice(), today=TODAY)
