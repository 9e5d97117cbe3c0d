"""Verdicts in words: the same is said of a row, whether alone or among many that stand as it does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.funnel.assess import Verdict, assess
from sheetfunnel.funnel.objective import Role, SalesObjective
from sheetfunnel.funnel.practice import Practice
from sheetfunnel.funnel.profile import Criterion
from sheetfunnel.workbook.labels import join, labels, languages
from sheetfunnel.workbook.phrases import Speaker
from tests.funnel.rows import PRACTICES, PROFILE, TODAY, best_few, held, judged, workbooks


def _in_full(verdict: Verdict, language: str) -> tuple[str | None, str | None]:
    """Return what a verdict says when every sentence is made for it alone."""
    words = labels(language)
    do_next = None if verdict.do_next is None else words.say(verdict.do_next)
    return do_next, join(words.say(said) for said in verdict.why) or None


@given(
    rows=workbooks(),
    practice=PRACTICES,
    criteria=st.sampled_from([(), PROFILE]),
    language=st.sampled_from(languages()),
)
def test_what_is_said_once_of_many_rows_is_what_each_says_by_itself(
    rows: list[SalesObjective], practice: Practice, criteria: Sequence[Criterion], language: str
) -> None:
    found = assess(rows, criteria=criteria, practice=practice, today=TODAY)
    speaker = Speaker(labels(language))
    for verdict in (*found.verdicts, *found.verdicts):
        _, *said = speaker.say(verdict)
        assert tuple(said) == _in_full(verdict, language)


@given(rows=workbooks(), practice=PRACTICES)
def test_rows_that_stand_alike_share_a_judgement_and_keep_their_own_words(
    rows: list[SalesObjective], practice: Practice
) -> None:
    for verdict in assess(rows, criteria=PROFILE, practice=practice, today=TODAY).verdicts:
        others = [verdict.objective, *(row for row in rows if row is not verdict.objective)]
        again = assess(others, criteria=PROFILE, practice=practice, today=TODAY).verdicts[0]
        assert (again.why, again.do_next, again.holds) == (verdict.why, verdict.do_next, verdict.holds)


@pytest.mark.parametrize("name", ["Ana", "100 % Ana", "{name}", "%s", "Ana Inc.", "\\0", "O'Hara; sons"])
def test_any_name_goes_into_its_room_as_it_is_written(name: str) -> None:
    rows = [
        best_few(key, influences=(held(Role.ECONOMIC, each),)) for key, each in (("1", "Bea"), ("2", name))
    ]
    speaker = Speaker(labels("en"))
    for verdict in judged(*rows).verdicts:
        _, *said = speaker.say(verdict)
        assert tuple(said) == _in_full(verdict, "en")
        assert verdict.objective.influences[0].names[0] in str(said[1])
