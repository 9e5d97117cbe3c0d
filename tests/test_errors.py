"""Of several exit codes that one counts which needs a person most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.errors import ExitCode, worst

_CODES = st.lists(st.sampled_from(sorted(ExitCode)), max_size=6)


def test_what_another_try_may_mend_counts_less_than_a_workbook_that_vanished() -> None:
    assert worst([ExitCode.TRY_LATER, ExitCode.USAGE, ExitCode.DONE]) == ExitCode.USAGE
    assert worst([ExitCode.TRY_LATER, ExitCode.DONE]) == ExitCode.TRY_LATER
    assert worst([]) == ExitCode.DONE


@given(codes=_CODES, more=_CODES)
def test_one_more_never_makes_it_better(codes: list[int], more: list[int]) -> None:
    assert worst([worst(codes), worst(more)]) == worst([*codes, *more])
    assert worst(codes) in {*codes, ExitCode.DONE}
    assert (worst(codes) == ExitCode.DONE) == (set(codes) <= {ExitCode.DONE})
