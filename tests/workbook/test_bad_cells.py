"""Two hundred bad cells of every kind: each is told with the right sentence, and none stops the others."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from sheetfunnel.findings import Code
from sheetfunnel.workbook.cells import (
    Unread,
    read_date,
    read_number,
    read_outcome,
    read_rating,
    read_stage,
    read_yes,
)
from sheetfunnel.workbook.contract import Cell

#: How each kind of cell is read, what it is to say, and what stands in it.
Bad: TypeAlias = tuple[Callable[[Cell], object], Code, tuple[Cell, ...]]

BAD_DATES: list[Bad] = [
    (
        lambda cell: read_date(cell, None),
        Code.NOT_A_DATE,
        (
            45000,
            3.5,
            True,
            "soon",
            "mañana",
            "2024",
            "3/2024",
            "March 2024",
            "Q1 2024",
            "n/a",
            "15/03/0204",
            "1-2",
            *(f"week {week}" for week in range(1, 14)),
        ),
    ),
    (
        lambda cell: read_date(cell, None),
        Code.IMPOSSIBLE_DATE,
        (
            "31/02/2024",
            "30 Feb 2024",
            "2024-13-01",
            "0/5/2024",
            "29/02/2023",
            "31/04/24",
            "2024年2月30日",
            *tuple(f"{month}/{month}/2024" for month in range(13, 31)),
        ),
    ),
    (
        lambda cell: read_date(cell, None),
        Code.AMBIGUOUS_DATE,
        (
            *(f"{day}/{day % 12 + 1}/2024" for day in range(1, 13)),
            *(f"{day}-1-24" for day in range(2, 13)),
        ),
    ),
]
BAD_NUMBERS: list[Bad] = [
    (
        lambda cell: read_number(cell, None),
        Code.NOT_A_NUMBER,
        (
            "5k",
            "5 mil",
            "nan",
            "inf",
            "-inf",
            "1e5",
            "12 50",
            "1,00,000",
            "(5",
            "(-5)",
            "--5",
            "5%€",
            "ten",
            math.nan,
            math.inf,
            True,
            date(2024, 3, 5),
            "5 apples",
            "½",
            "10²",
            "#REF!",
            "1,234.567,8",
            "1.2.3",
            "7" * 50,
        ),
    ),
    (
        lambda cell: read_number(cell, None),
        Code.AMBIGUOUS_NUMBER,
        (*(f"{number}.500" for number in range(1, 13)), *(f"{number},250 €" for number in range(1, 13))),
    ),
    (
        lambda cell: read_number(cell, None, "EUR"),
        Code.OTHER_CURRENCY,
        (
            "$5",
            "5 £",
            "¥5",
            "CHF 5",
            "5 USD",
            "MXN 5.5",
            "US$ 5",
            "R$ 5",
            "5 kr",
            "5 zł",
            "S/ 5",
            "₹5",
            "5元",
        ),
    ),
]
BAD_WORDS: list[Bad] = [
    (
        read_yes,
        Code.NOT_YES_OR_NO,
        ("maybe", "?", 2, 0.5, -1, "2", "yes and no", date(2024, 1, 1), "quizás", "也许"),
    ),
    (
        read_rating,
        Code.NOT_A_RATING,
        (0, 6, 4.5, -1, "good", "5 stars", "7/10", True, date(2024, 4, 5), "1-5"),
    ),
    (
        read_outcome,
        Code.NOT_AN_OUTCOME,
        (
            "open",
            "yes",
            1,
            True,
            "win?",
            "Ganaremos",
            date(2024, 1, 1),
            "成",
            "in",
            "best few",
            *tuple(f"code {number}" for number in range(13)),
        ),
    ),
    (
        read_stage,
        Code.NOT_A_STAGE,
        ("won", 3, False, "halfway", *(f"stage {number}" for number in range(19))),
    ),
]
BAD: list[Bad] = [*BAD_DATES, *BAD_NUMBERS, *BAD_WORDS]


def test_two_hundred_bad_cells_are_two_hundred_remarks_with_the_right_code() -> None:
    unread = [(read(cell), code, cell) for read, code, cells in BAD for cell in cells]
    assert len(unread) == 200
    for found, code, cell in unread:
        assert isinstance(found, Unread), cell
        assert found.remark.code is code, cell
        assert found.remark.params["shown"], cell


def test_a_long_text_is_shown_on_one_line_and_cut_short() -> None:
    asked = read_yes("a long\nstory " * 30)
    assert isinstance(asked, Unread)
    assert len(str(asked.remark.params["shown"])) == 60
    assert "\n" not in str(asked.remark.params["shown"])
