"""Two public lists of sales, read from beside the repository: their licences keep them out of it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np

from sheetfunnel.funnel.levels import by_levels
from sheetfunnel.funnel.objective import Outcome, SalesObjective
from sheetfunnel.funnel.reading import ByLevels
from sheetfunnel.funnel.scores import Floats

DATA: Final = Path(__file__).parents[2] / "shared" / "data"
#: The Salvirt columns that are left out: who sold what is no trait of a client.
_NO_TRAITS: Final = {"Product", "Seller", "Status"}
#: The seven month ends from which the 30 days after are told.
MONTH_ENDS: Final = tuple(date(2017, month, 1) - timedelta(days=1) for month in range(6, 13))
#: The three days from which the normal cycle is looked at.
QUARTER_ENDS: Final = (date(2017, 3, 31), date(2017, 6, 30), date(2017, 9, 30))
LAST_DAY: Final = date(2017, 12, 31)


def deals() -> tuple[list[dict[str, str]], Floats]:
    """Return the traits of Salvirt's 448 deals, and 1 for each that was won."""
    with (DATA / "salvirt" / "deals.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    wins = np.array([row["Status"] == "Won" for row in rows], dtype=np.float64)
    return [{name: text for name, text in row.items() if name not in _NO_TRAITS} for row in rows], wins


def deal_levels(rows: list[dict[str, str]]) -> ByLevels:
    """Return the deals by which value each trait has."""
    return by_levels([[row[name] for row in rows] for name in rows[0]])


def pipeline() -> list[SalesObjective]:
    """Return the 8,800 opportunities of the Maven pipeline as of the end of 2017."""
    with (DATA / "adopt" / "maven_crm_iso" / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        return [_objective(row) for row in csv.DictReader(file)]


def _objective(row: dict[str, str]) -> SalesObjective:
    ended = row["close_date"]
    return SalesObjective(
        key=row["opportunity_id"],
        service=row["product"],
        owner=row["sales_agent"],
        amount=Decimal(row["close_value"]) if row["close_value"] else None,
        first_contact=date.fromisoformat(row["engage_date"]) if row["engage_date"] else None,
        closed_on=date.fromisoformat(ended) if ended else None,
        outcome=Outcome(row["deal_stage"].lower()) if ended else None,
        traits={name: row[name] for name in ("product", "sales_agent", "account")},
    )
