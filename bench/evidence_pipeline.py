"""The evidence for cycle and forecast: the Maven pipeline, seen from days of its past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np

from bench.baselines import flat_pipeline, plain_hazards
from bench.public_data import LAST_DAY, MONTH_ENDS, QUARTER_ENDS, pipeline
from bench.tables import percent, table
from sheetfunnel.funnel.back_test import Told, told_on
from sheetfunnel.funnel.ledger import Ledger, ledger_of
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.records import cycle_days
from sheetfunnel.funnel.score import DAYS, wape
from sheetfunnel.funnel.scores import Ints

_NOTHING_TYPED: Final = Practice()


def parts() -> Iterator[str]:
    """Yield the parts of the page about the Maven pipeline."""
    rows = pipeline()
    ledger = ledger_of(rows, _NOTHING_TYPED, today=LAST_DAY)
    yield "## The normal cycle, seen from three days of the past (Maven)"
    yield _cycles(rows)
    yield "## The next 30 days, told from seven month ends (Maven)"
    told = _told(ledger)
    yield _wins(ledger, told)
    yield _income(told)
    yield _by_agent(rows)


def _cycles(rows: Sequence[SalesObjective]) -> str:
    """Return the estimate of all services taken as one, beside what came true of those begun by each day."""
    ledger = _as_one_service(rows)
    took = ledger.ended - ledger.begun
    lines = []
    for day in QUARTER_ENDS:
        known = ledger.known_on(day.toordinal())
        true = _lower_median(took[ledger.won & (ledger.begun <= day.toordinal())])
        closed = _lower_median((known.ended - known.begun)[known.won])
        ours = int(cycle_days(known, _NOTHING_TYPED)[0])
        lines.append((day, true, f"{closed} ({closed - true:+})", f"**{ours} ({ours - true:+})**"))
    told = """\
Days from first contact to agreement. "Came true" is the median of all that had begun by that day
and were won by the end of 2017. Limits: what was won later still is missing from it, so that the
truth is a little longer."""
    head = ("as of", "came true", "median of the closed ones", "ours (Aalen-Johansen)")
    return f"{table(head, lines)}\n\n{told}"


def _as_one_service(rows: Sequence[SalesObjective]) -> Ledger:
    ledger = ledger_of(rows, _NOTHING_TYPED, today=LAST_DAY)
    return replace(ledger, services=("",), service=np.zeros_like(ledger.service))


def _lower_median(days: Ints) -> int:
    return int(np.sort(days)[(len(days) - 1) // 2])


def _told(ledger: Ledger) -> list[Told]:
    chance = np.random.default_rng(1)
    found = (told_on(ledger, _NOTHING_TYPED, day=day, chance=chance) for day in MONTH_ENDS)
    return [each for each in found if each is not None]


def _wins(ledger: Ledger, told: Sequence[Told]) -> str:
    flat, plain = [], []
    lines: list[tuple[object, ...]] = []
    for one in told:
        known = ledger.known_on(one.on.toordinal())
        flat.append((Decimal(round(flat_pipeline(known))), one.agreements_came))
        plain.append((Decimal(round(plain_hazards(known, DAYS))), one.agreements_came))
        band = one.agreements
        inside = "yes" if band.holds(one.agreements_came) else "no"
        ours = f"{band.median} ({band.low} to {band.high})"
        lines.append((one.on, one.agreements_came, flat[-1][0], plain[-1][0], ours, inside))
    ours_of_all = wape([(one.agreements.median, one.agreements_came) for one in told])
    hits = sum(one.agreements.holds(one.agreements_came) for one in told)
    errors = (percent(wape(flat)), percent(wape(plain)), f"**{percent(ours_of_all)}**")
    lines.append(("WAPE", "", *errors, f"{hits} of {len(told)}"))
    head = ("from", "came", "flat weighted pipeline", "plain age hazards", "ours, 80 % band", "in the band")
    note = """\
Agreements of what was open on that day. Nothing is used that was known later. Aim: WAPE under 49 %,
the band to hold 70 to 90 % of the outcomes. Ours finds by itself that the months of a quarter
differ here (from 30 June on, when months that were left out of the estimate had shown it), and
counts time only from the first recorded end on. Limits: seven outcomes say little about a band; the
list is a made one, and its quarters are stricter than life."""
    return f"{table(head, lines)}\n\n{note}"


def _income(told: Sequence[Told]) -> str:
    lines: list[tuple[object, ...]] = []
    for one in told:
        band = one.income
        inside = "yes" if band.holds(one.income_came) else "no"
        lines.append(
            (one.on, f"{one.income_came:,}", f"{band.median:,} ({band.low:,} to {band.high:,})", inside)
        )
    error = percent(wape([(one.income.median, one.income_came) for one in told]))
    hits = sum(one.income.holds(one.income_came) for one in told)
    lines.append(("WAPE", "", f"**{error}**", f"{hits} of {len(told)}"))
    listed = table(("from", "came", "ours", "in the band"), lines)
    return f"Income of the same 30 days, with what had not begun yet:\n\n{listed}"


def _by_agent(rows: Sequence[SalesObjective]) -> str:
    """Return the same for each sales agent alone: about as much as one professional has."""
    agents = sorted({row.owner for row in rows})
    told, last = [], []
    for agent in agents:
        ledger = ledger_of([row for row in rows if row.owner == agent], _NOTHING_TYPED, today=LAST_DAY)
        found = _told(ledger)
        told += found
        last += [(_before(ledger, one.on), one.income_came) for one in found]
    ours = [(one.income.median, one.income_came) for one in told]
    hits = sum(one.income.holds(one.income_came) for one in told) / len(told)
    lines = [
        ("income of the 30 days before", percent(wape(last)), ""),
        ("**ours**", f"**{percent(wape(ours))}**", percent(hits)),
    ]
    note = f"""\
Each of the {len(agents)} agents alone, as a professional would see it: {len(told)} forecasts of
income."""
    return f"{note}\n\n{table(('rule', 'WAPE', 'outcomes in the 80 % band'), lines)}"


def _before(ledger: Ledger, day: date) -> Decimal:
    on = day.toordinal()
    those = ledger.won & (ledger.ended <= on) & (ledger.ended > on - DAYS)
    return Decimal(round(float(np.nansum(ledger.amount[those]))))
