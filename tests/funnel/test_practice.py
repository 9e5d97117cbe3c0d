"""What holds for a practice of which nobody has set anything yet."""

from __future__ import annotations

from sheetfunnel.funnel.practice import Lines, Practice, Work


def test_the_order_of_work_is_close_explore_cover() -> None:
    assert [work.value for work in Work] == ["close", "explore", "cover"]


def test_the_lines_are_those_of_the_method_until_somebody_moves_them() -> None:
    lines = Practice().lines
    assert lines == Lines(class_a=80, class_b=60, class_c=40, let_go_below=40, exploring_floor=10)
