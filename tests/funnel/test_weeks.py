"""A row for each owner and week, and weeks of the past as far as dates allow."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sheetfunnel.funnel.ahead import Band
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.funnel.practice import Person, Practice, Work
from sheetfunnel.funnel.weeks import Week, added_up, completed, monday, reconstructed, weeks, with_weeks
from tests.funnel.rows import TODAY, above, in_days, inside, judged, universe

WON, LOST, _ = Outcome
TOLD = Band(low=Decimal(1), median=Decimal(2), high=Decimal(3))


def test_a_week_holds_counts_amounts_ends_and_shares_of_each_owner_and_of_all() -> None:
    rows = [
        above("a", owner="Ana", amount=Decimal(100)),
        inside("b", owner="Ana", amount=Decimal(200)),
        universe("c", owner="Ana", amount=Decimal(900), outcome=WON, closed_on=TODAY),
        universe("d", owner="Ana", amount=Decimal(50), outcome=WON, closed_on=in_days(-1)),
        above("e", owner="Bea"),
    ]
    practice = Practice(people=(Person(name="Ana"), Person(name="Bea")))
    ana, bea, everybody = weeks(judged(*rows, practice=practice))
    assert (ana.owner, ana.week, ana.on, ana.opened) == ("Ana", TODAY, TODAY, 2)  # a Monday
    assert [ana.counts[stage] for stage in Stage] == [0, 1, 1, 0]
    assert [ana.amounts[stage] for stage in Stage] == [0, 100, 200, 0]
    assert (ana.won, ana.lost, ana.income) == (1, 0, Decimal(900))
    assert sum(ana.shares.values()) == 100
    assert bea.shares[Work.EXPLORE] == 100
    assert (everybody.owner, everybody.opened, everybody.won) == (None, 3, 1)
    assert sum(everybody.shares.values()) == 100


def test_of_one_person_alone_there_is_one_row() -> None:
    practice = Practice(people=(Person(name="Ana"),))
    assert [row.owner for row in weeks(judged(above("a"), practice=practice))] == ["Ana"]


def test_a_later_run_of_the_week_replaces_its_row_and_an_earlier_day_adds_nothing() -> None:
    first = Week(owner="Ana", week=monday(TODAY), on=TODAY, won=1)
    later = Week(owner="ANA", week=monday(TODAY), on=in_days(1), won=2)
    rows = with_weeks(with_weeks((), [first]), [later])
    assert rows == (later,)
    assert with_weeks(rows, [first]) == rows
    other = Week(owner="Bea", week=monday(TODAY), on=in_days(1))
    assert with_weeks(rows, [later, other]) == (later, other)
    assert with_weeks(rows, [other]) == (other,), "who is an owner no more has no row"
    following = Week(owner="Ana", week=monday(in_days(7)), on=in_days(7))
    assert with_weeks(rows, [following]) == (later, following)


def test_what_ended_in_the_weeks_before_is_counted_whenever_it_is_typed() -> None:
    last = Week(owner="Ana", week=in_days(-7), on=in_days(-4))
    old = Week(owner="Ana", week=in_days(-70), on=in_days(-69))
    everybody = Week(owner=None, week=in_days(-7), on=in_days(-4))
    kept = (old, last, everybody)
    ends = {"outcome": WON, "amount": Decimal(70)}
    rows = [universe(f"{days}", owner="Ana", closed_on=in_days(days), **ends) for days in (-66, -7, -1, 0)]
    practice = Practice(people=(Person(name="Ana"), Person(name="Bea")))
    found = completed(kept, judged(*rows, practice=practice).verdicts, TODAY)
    assert [(row.won, int(row.income)) for row in found] == [(0, 0), (2, 140), (2, 140)]
    assert completed(found, judged(*rows, practice=practice).verdicts, TODAY) == found


def test_rows_that_are_added_up_lose_nothing_that_ended() -> None:
    rows = [
        Week(owner="", week=in_days(7 * at), on=in_days(7 * at), won=at, income=Decimal(at)) for at in (1, 2)
    ]
    assert (added_up(rows).week, added_up(rows).won, int(added_up(rows).income)) == (in_days(14), 3, 3)


def test_weeks_begin_on_monday() -> None:
    assert {monday(date(2026, 3, day)) for day in range(2, 9)} == {date(2026, 3, 2)}


def test_the_weeks_of_an_adopted_list_are_reconstructed_as_far_as_its_dates_say_and_marked() -> None:
    rows = [
        universe("open", first_contact=in_days(-14)),
        universe("won", first_contact=in_days(-21), outcome=WON, closed_on=in_days(-9), amount=Decimal(70)),
        universe("no dates"),
        universe("backwards", first_contact=in_days(-9), outcome=LOST, closed_on=in_days(-19)),
        universe("later", first_contact=in_days(9)),
    ]
    made = reconstructed(rows, TODAY, [(in_days(-2), TOLD)], owner=None)
    assert [(row.week, row.opened, row.won, int(row.income)) for row in made] == [
        (in_days(-21), 1, 0, 0),
        (in_days(-14), 1, 1, 70),
        (in_days(-7), 1, 0, 0),
    ]
    assert [row.on for row in made] == [in_days(-15), in_days(-8), in_days(-2)]
    assert [row.forecast for row in made] == [None, None, TOLD]
    assert all(row.reconstructed and not row.counts for row in made)


def test_no_more_than_two_years_are_reconstructed() -> None:
    made = reconstructed([universe("old", first_contact=in_days(-3000))], TODAY, [], owner="Ana")
    assert len(made) == 104
    assert made[-1].week == TODAY - timedelta(days=7)
    assert reconstructed([universe("undated")], TODAY, [], owner="Ana") == ()
