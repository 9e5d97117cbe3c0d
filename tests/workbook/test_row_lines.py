from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.row_lines import lines, lines_of_tabs
from tests.sheets import blank_workbook

WORDS = st.lists(st.text("abcé中", min_size=1, max_size=30), max_size=30)
WIDTHS = st.floats(min_value=4, max_value=120)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 20, 1),
        ("Close", 20, 1),
        ("Find out who is: Economic, Technical", 40, 1),
        ("Write down what suggests that they need this", 36, 2),
        ("one\ntwo\nthree", 40, 3),
        ("Donaudampfschifffahrtsgesellschaft", 12, 4),
        ("写下是什么让你觉得他们需要这个产品或者这项服务", 24, 2),
    ],
)
def test_a_text_takes_as_many_lines_as_its_column_is_narrow(text: str, width: float, expected: int) -> None:
    assert lines(text, width) == expected


@given(WORDS, WIDTHS)
def test_every_letter_has_its_room(words: list[str], width: float) -> None:
    text = " ".join(words)
    room = max(int((width - 2.2) * 1.1), 1)
    letters = sum(2 if letter == "中" else 1 for letter in text)
    assert lines(text, width) * (room + 1) >= letters


@given(WORDS, st.text("abc", min_size=1, max_size=9), WIDTHS)
def test_more_words_never_take_fewer_lines(words: list[str], more: str, width: float) -> None:
    assert lines(" ".join(words), width) <= lines(" ".join([*words, more]), width)


@given(WORDS, WIDTHS, st.floats(min_value=0, max_value=80))
def test_a_wider_column_never_takes_more_lines(words: list[str], width: float, wider: float) -> None:
    assert lines(" ".join(words), width + wider) <= lines(" ".join(words), width)


def test_tables_side_by_side_share_the_height_of_their_longest_text() -> None:
    places = decode(blank_workbook().read()).places
    short: list[Cell] = ["Clara", "Close", "Best Few", 1, None, None, None, None, None]
    long: list[Cell] = ["Coaching", 60, "60 days", "left out because " * 20]
    alone = lines_of_tabs([(places["allocation"], [short, short])])
    for tables in permutations([(places["allocation"], [short, short]), (places["cycles"], [long])]):
        assert lines_of_tabs(tables) == {"Allocation": {5: lines(str(long[3]), 28), 6: 1}}
    assert alone == {"Allocation": {5: 1, 6: 1}}


def test_nobody_sees_the_rows_of_a_hidden_tab() -> None:
    places = decode(blank_workbook().read()).places
    assert lines_of_tabs([(places["memory"], [["a", "b"]])]) == {}
