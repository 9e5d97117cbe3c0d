"""The evidence for learning the profile: chances on real deals, silence on noise, and what few sales say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from bench.baselines import base_rate, naive_bayes, ridge
from bench.public_data import deal_levels, deals, pipeline
from bench.tables import aimed, percent, table
from sheetfunnel.funnel.levels import by_levels
from sheetfunnel.funnel.reading import ByCriteria, ByLevels, learn_from, tried
from sheetfunnel.funnel.scores import Floats, Ints, calibration_error, folds, losses, order, same_rows

#: The aims on the deals: log loss, calibration error, AUC, and log loss after few deals.
_LOSS, _ERROR, _AREA, _LOSS_OF_FEW = 0.53, 0.05, 0.80, 0.64
_REPEATS: Final = 5
_FOLDS: Final = 5
_FEW: Final = 20
_DRAWS: Final = 100
_LISTS: Final = 60
_CRITERIA: Final = 8
_SIZES: Final = (12, 20, 40, 120)

Rule = Callable[[Floats, Ints, Floats], Floats]


def parts() -> Iterator[str]:
    """Yield the parts of the page about learning."""
    rows, wins = deals()
    reading = deal_levels(rows)
    yield "## Chances of winning on 448 real deals (Salvirt)"
    yield _salvirt(reading, wins)
    yield _with_few(reading, wins)
    yield "## Where there is no pattern"
    yield _maven()
    yield _noise()


def _ours(levels: Floats, known: Ints, wins: Floats) -> Floats:
    return learn_from(ByLevels(levels=levels), known, wins).chances(np.arange(len(levels)))


def _tried(rule: Rule, reading: ByLevels, wins: Floats) -> tuple[float, float, float]:
    """Return log loss, calibration error and AUC of chances given to deals that were not learnt from."""
    groups, found = same_rows(reading.levels), []
    for repeat in range(_REPEATS):
        chances = np.empty(len(wins))
        for known, rest in folds(groups, _FOLDS, np.random.default_rng(repeat)):
            chances[rest] = rule(reading.levels, known, wins[known])[rest]
        found.append((losses(wins, chances).mean(), calibration_error(wins, chances), order(wins, chances)))
    loss, error, area = np.mean(found, axis=0)
    return float(loss), float(error), float(area)


def _salvirt(reading: ByLevels, wins: Floats) -> str:
    rules: dict[str, Rule] = {
        "base rate": base_rate,
        "naive Bayes, +0.1": naive_bayes,
        "ridge logistic regression": ridge,
        "**ours**": _ours,
    }
    lines = []
    for name, rule in rules.items():
        loss, error, area = _tried(rule, reading, wins)
        lines.append(
            (
                name,
                aimed(f"{loss:.3f}", met=loss <= _LOSS),
                aimed(f"{error:.3f}", met=error <= _ERROR),
                aimed(f"{area:.3f}", met=area >= _AREA),
            )
        )
    told = """\
Data: 448 deals of one software seller, 227 won; 20 fields without Product and Seller; deals that
are alike in all fields are tried together; 5 folds, 5 repeats, means over the repeats. Log loss and
calibration error (ECE, ten bins): lower is better; AUC: higher. Aim: 0.53, 0.05, 0.80. Limits: one
seller and one market; the fields were filled for the study, and whether each was known before the
outcome only its authors know."""
    return f"{table(('rule', 'log loss', 'ECE', 'AUC'), lines)}\n\n{told}"


def _with_few(reading: ByLevels, wins: Floats) -> str:
    chance, groups = np.random.default_rng(1), same_rows(reading.levels)
    found = []
    for _ in range(_DRAWS):
        known = chance.permutation(len(wins))[:_FEW]
        if wins[known].sum() in {0, _FEW}:
            continue
        rest = np.flatnonzero(~np.isin(groups, groups[known]))
        rules = (base_rate, naive_bayes, ridge, _ours)
        found.append(
            [losses(wins[rest], rule(reading.levels, known, wins[known])[rest]).mean() for rule in rules]
        )
    means = np.mean(found, axis=0)
    lines = [
        (name, aimed(f"{loss:.3f}", met=loss < _LOSS_OF_FEW))
        for name, loss in zip(("base rate", "naive Bayes, +0.1", "ridge", "**ours**"), means, strict=True)
    ]
    told = f"With {_FEW} deals to learn from ({len(found)} draws), tried on all others. Aim: under 0.64."
    return f"{table(('rule', 'log loss'), lines)}\n\n{told}"


def _maven() -> str:
    closed = [one for one in pipeline() if one.outcome is not None]
    wins = np.array(
        [one.outcome is not None and one.outcome.value == "won" for one in closed], dtype=np.float64
    )
    columns = [[one.traits[name] for one in closed] for name in ("product", "sales_agent", "account")]
    reading = by_levels(columns)
    trial = tried(reading, same_rows(reading.levels), wins, repeats=1)
    verdict = "a pattern" if trial.beats_the_base_rate else "**no usable pattern**"
    lines = [
        ("base rate", f"{trial.base_loss:.4f}", ""),
        ("ours", f"{trial.log_loss:.4f}", f"{order(wins, trial.chances[0]):.3f}"),
    ]
    told = f"""\
The Maven pipeline ({len(closed):,} closed deals; product, agent and account): the program says
{verdict}. None is known to be there: the list was made for practice."""
    return f"{table(('rule', 'log loss', 'AUC'), lines)}\n\n{told}"


def _noise() -> str:
    lines = []
    for size in _SIZES:
        noise = [_found(size, seed, slope=0.0) for seed in range(_LISTS)]
        signal = [_found(size, seed, slope=6.0) for seed in range(_LISTS)]
        lines.append((size, percent(float(np.mean(noise))), percent(float(np.mean(signal)))))
    told = f"""\
How often a pattern is found: {_LISTS} made lists each, {_CRITERIA} criteria met by chance; in the
second column winning has nothing to do with them, in the third the odds of a client who meets all
are e⁶ times those of one who meets none, as the typed weights say. Aim: at most one in ten on
noise."""
    return f"{table(('closed sales', 'on noise', 'where there is one'), lines)}\n\n{told}"


def _found(size: int, seed: int, *, slope: float) -> bool:
    chance = np.random.default_rng(seed)
    weights = np.array([3.0, 2, 5, 1, 4, 3, 2, 1])
    grades = chance.integers(0, 2, (size, _CRITERIA)).astype(np.float64)
    fit = grades @ weights / weights.sum()
    wins = (chance.random(size) < 1 / (1 + np.exp(-slope * (fit - 0.5)))).astype(np.float64)
    return tried(ByCriteria(grades=grades, weights=weights), same_rows(grades), wins).beats_the_base_rate
