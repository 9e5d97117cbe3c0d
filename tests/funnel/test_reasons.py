"""Why a row stands where it stands: one or two short sentences that say nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given

from sheetfunnel.findings import Code, Remark, remark
from sheetfunnel.funnel.objective import Outcome, Role, SalesObjective, Stage
from sheetfunnel.funnel.practice import Lines, Practice, Service
from sheetfunnel.workbook.labels import join, labels
from tests.funnel.rows import (
    DECIDERS,
    PRACTICES,
    PROFILE,
    above,
    best_few,
    covered,
    held,
    in_days,
    inside,
    judged,
    line,
    nobody,
    universe,
    verdict_on,
    workbooks,
)

ECONOMIC, USER, TECHNICAL, COACH = Role
SARAH = held(USER, "Sarah Doyle")
RATED = (line("100 of 100", column="rating"), line("yes", column="public", weight=2))
GUIDED = (*covered(*DECIDERS), *covered(COACH))


def _why(row: SalesObjective, practice: Practice | None = None) -> str:
    verdict = verdict_on(row, practice=practice, criteria=RATED)
    return join(labels("en").say(said) for said in verdict.why)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            universe(),
            "Nothing written yet that suggests they need this. Fit unknown, ranks as C; ask about: public.",
        ),
        (
            above(traits={"rating": Decimal(70), "public": True}),
            "There is a need, but nobody with a say contacted and no fit confirmed yet. Fit A (90).",
        ),
        (
            inside(first_contact=None, traits={"rating": Decimal(70)}),
            "Fit confirmed, but nobody with a say contacted yet. Fit B (70); ask about: public.",
        ),
        (
            inside(fit_confirmed=None, traits={"public": False}, my_stage=Stage.ABOVE, need="x"),
            "An influence is contacted, but the fit is not confirmed yet. Fit 0 is under your line of 40.",
        ),
        (
            inside(influences=(SARAH, held(ECONOMIC, "Bea", covered=True)), open_points="price"),
            (
                "Fit confirmed and an influence contacted. "
                "Not yet in Best Few: not known who the Technical buyer is; "
                "not covered: Sarah Doyle (User); open points."
            ),
        ),
        (
            inside(influences=(*covered(ECONOMIC), held(TECHNICAL, "Ana", "Bea"), held(USER, "Bea"))),
            (
                "Fit confirmed and an influence contacted. "
                "Not yet in Best Few: not covered: Bea (User and Technical), Ana (Technical)."
            ),
        ),
        (
            inside(influences=(*map(nobody, DECIDERS), held(COACH, "Ana"))),
            "Fit confirmed and an influence contacted. Not yet in Best Few: nobody who decides is named.",
        ),
        (
            best_few(expected_close=in_days(40)),
            (
                "Fit confirmed and an influence contacted. "
                "Not yet in Best Few: the close on 2026-04-11 is too far away."
            ),
        ),
        (
            best_few(expected_close=None),
            (
                "Fit confirmed and an influence contacted. "
                "Only the date keeps it out of Best Few: no expected close."
            ),
        ),
        (
            best_few(expected_close=in_days(-1)),
            (
                "Fit confirmed and an influence contacted. "
                "Only the date keeps it out of Best Few: the date 2026-03-01 has passed."
            ),
        ),
        (
            best_few(influences=GUIDED),
            "All who decide are covered, nothing is open, the close is near (2026-03-07).",
        ),
        (
            best_few(influences=(*covered(*DECIDERS), nobody(COACH))),
            "All who decide are covered, nothing is open, the close is near (2026-03-07).",
        ),
        (
            best_few(),
            (
                "All who decide are covered, nothing is open, the close is near (2026-03-07). "
                "Nobody guides you inside yet."
            ),
        ),
        (
            best_few(influences=(*covered(*DECIDERS), held(COACH, "Ana"))),
            (
                "All who decide are covered, nothing is open, the close is near (2026-03-07). "
                "Your guide inside is not covered yet: Ana."
            ),
        ),
        (
            best_few(paused_until=in_days(9)),
            (
                "All who decide are covered, nothing is open, the close is near (2026-03-07). "
                "Paused until 2026-03-11; nobody guides you inside yet."
            ),
        ),
        (
            inside(paused_until=in_days(9)),
            "Fit confirmed and an influence contacted. Paused until 2026-03-11.",
        ),
        (
            best_few(paused_until=in_days(0), influences=GUIDED),
            "All who decide are covered, nothing is open, the close is near (2026-03-07).",
        ),
        (
            inside(my_stage=Stage.BEST_FEW, influences=(SARAH,), expected_close=in_days(3)),
            (
                "You say Best Few; the evidence says In the funnel: "
                "not known who the Economic and Technical buyers are; not covered: Sarah Doyle (User). "
                "Expected close: 2026-03-05."
            ),
        ),
        (
            best_few(my_stage=Stage.BEST_FEW, expected_close=in_days(40)),
            "You say Best Few; the evidence says In the funnel: the close on 2026-04-11 is too far away.",
        ),
        (
            best_few(my_stage=Stage.BEST_FEW, expected_close=None),
            "You say Best Few; the evidence says In the funnel: no expected close.",
        ),
        (
            universe(my_stage=Stage.BEST_FEW),
            "You say Best Few; the evidence says Universe: nothing written yet that suggests they need this.",
        ),
        (
            above(my_stage=Stage.IN),
            (
                "You say In the funnel; the evidence says Above the funnel: "
                "there is a need, but nobody with a say contacted and no fit confirmed yet."
            ),
        ),
        (
            best_few(my_stage=Stage.IN),
            "The evidence already says Best Few: clear My stage. Nobody guides you inside yet.",
        ),
        (
            inside(my_stage=Stage.ABOVE, traits={"rating": Decimal(70)}),
            "The evidence already says In the funnel: clear My stage. Fit B (70); ask about: public.",
        ),
        (universe(outcome=Outcome.WON), "Won."),
        (universe(outcome=Outcome.LOST, reason=" price "), "Lost. Reason: price."),
    ],
)
def test_every_why_reads_well(row: SalesObjective, why: str) -> None:
    assert _why(row) == why


def test_a_must_that_is_not_met_is_said_instead_of_what_to_ask_about() -> None:
    criteria = (line("yes", column="public", must=True), line("10..50", column="size", weight=5))
    row = above(traits={"public": False})
    known_less = verdict_on(row, criteria=criteria).why[1]
    assert known_less == remark(
        Code.WHY_AND,
        first=remark(Code.WHY_FIT, letter="D", score=0),
        then=remark(Code.WHY_MUST_FAILED, criterion="public"),
    )
    let_go = verdict_on(row, criteria=criteria[:1]).why[1]
    assert let_go == remark(
        Code.WHY_AND,
        first=remark(Code.WHY_LET_GO, score=0, line=Lines().let_go_below),
        then=remark(Code.WHY_MUST_FAILED, criterion="public"),
    )


def test_without_a_profile_nothing_is_said_of_the_fit() -> None:
    assert verdict_on(above()).why == (remark(Code.WHY_NEITHER),)


def test_who_decides_alone_needs_no_guide_inside() -> None:
    private = Practice(services=(Service(name="Coaching", buyer_decides_alone=True),))
    row = best_few(service="coaching", influences=covered(ECONOMIC))
    assert _why(row, private) == (
        "All who decide are covered, nothing is open, the close is near (2026-03-07)."
    )


def _facts(said: Remark) -> Iterator[Remark]:
    """Yield a remark, and those that it is made of."""
    yield said
    for value in said.params.values():
        if isinstance(value, Remark):
            yield from _facts(value)


@given(workbooks(), PRACTICES)
def test_a_why_is_one_or_two_sentences_in_every_language_and_says_nothing_twice(
    rows: list[SalesObjective], practice: Practice
) -> None:
    for verdict in judged(*rows, practice=practice, criteria=PROFILE).verdicts:
        assert 1 <= len(verdict.why) <= 2
        codes = [fact.code for said in verdict.why for fact in _facts(said)]
        once = [code for code in codes if code is not Code.WHY_AND]
        assert len(once) == len(set(once))
        for language in ("en", "es"):
            sentences = [labels(language).say(said) for said in verdict.why]
            assert all(sentence[0].isupper() for sentence in sentences), sentences


@given(workbooks(), PRACTICES)
def test_no_date_is_named_twice_in_one_why(rows: list[SalesObjective], practice: Practice) -> None:
    named = ("on", "until")
    for verdict in judged(*rows, practice=practice, criteria=PROFILE).verdicts:
        dates = [
            fact.params[key]
            for said in verdict.why
            for fact in _facts(said)
            for key in named
            if key in fact.params
        ]
        closes = [day for day in dates if day == verdict.objective.expected_close]
        assert len(closes) <= 1 or verdict.objective.paused_until == closes[0]
