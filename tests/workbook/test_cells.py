"""Cells as people write them: what is read, what is asked, and the laws of reading."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.findings import Code
from sheetfunnel.funnel.objective import Outcome, Stage
from sheetfunnel.workbook.cells import (
    DateOrder,
    DecimalMark,
    Unread,
    date_order,
    decimal_mark,
    read_date,
    read_number,
    read_outcome,
    read_people,
    read_rating,
    read_stage,
    read_text,
    read_yes,
)
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.dates import readings_of
from sheetfunnel.workbook.words import reading

ORDERS = st.sampled_from([DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST])
MARKS = st.sampled_from([DecimalMark.POINT, DecimalMark.COMMA])
DAYS = st.dates(min_value=date(1969, 1, 1), max_value=date(2068, 12, 31))


@st.composite
def written_dates(draw: st.DrawFn, order: DateOrder) -> tuple[str, date]:
    day = draw(DAYS)
    separator = draw(st.sampled_from(["/", "-", ".", " ", ". ", " / "]))
    width = draw(st.sampled_from(["", "02"]))
    year = draw(st.sampled_from([f"{day.year}", f"{day.year % 100:02}"]))
    parts = [day.day, day.month] if order is DateOrder.DAY_FIRST else [day.month, day.day]
    clock = draw(st.sampled_from(["", " 00:03:00", " 9:05", " 5:30 PM", "T10:00:00Z"]))
    return separator.join([format(parts[0], width), format(parts[1], width), year]) + clock, day


@st.composite
def written_numbers(draw: st.DrawFn, mark: DecimalMark) -> tuple[str, Decimal]:
    number = draw(st.decimals(min_value=-(10**12), max_value=10**12, places=draw(st.integers(0, 4))))
    point = "." if mark is DecimalMark.POINT else ","
    group = draw(st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "\u2019", "," if point == "." else "."]))
    text = f"{abs(number):,f}".translate({ord(","): group, ord("."): point})
    dress = draw(st.sampled_from(["{}", " {} ", "€ {}", "{} €", "EUR {}", "{}€"]))
    minus = draw(st.sampled_from(["-{}", "\u2212{}", "({})", "- {}"])) if number < 0 else "{}"
    return minus.format(dress.format(text).strip()), number


class TestDates:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2024-03-05", date(2024, 3, 5)),
            ("2024/3/5", date(2024, 3, 5)),
            ("2024-03-05T10:00:00Z", date(2024, 3, 5)),
            ("2024-03-05T10:00:00.000+02:00", date(2024, 3, 5)),
            ("2024-03-05 10:00", date(2024, 3, 5)),
            ("15 Apr, 2021 00:02:00", date(2021, 4, 15)),
            ("5-Mar-24", date(2024, 3, 5)),
            ("March 5, 2024", date(2024, 3, 5)),
            ("1st of May 2024", date(2024, 5, 1)),
            ("Tue, 5 Mar 2024", date(2024, 3, 5)),
            ("3 de marzo de 2024", date(2024, 3, 3)),
            ("lunes, 4 de marzo de 2024", date(2024, 3, 4)),
            ("3 d'abril de 2024", date(2024, 4, 3)),
            ("3 d\u2019abril del 2024", date(2024, 4, 3)),
            ("1 de maig de 2024", date(2024, 5, 1)),
            ("2024年3月5日", date(2024, 3, 5)),
            ("２０２４年３月５日", date(2024, 3, 5)),
            ("31/12/2024", date(2024, 12, 31)),
            ("12/31/2024", date(2024, 12, 31)),
            ("05/05/2024", date(2024, 5, 5)),
            ("15/03/68", date(2068, 3, 15)),
            ("15/03/69", date(1969, 3, 15)),
        ],
    )
    def test_a_date_that_can_be_read_in_one_way_needs_no_order(self, text: str, day: date) -> None:
        assert read_date(text, None) == day

    def test_true_dates_are_taken_as_they_are(self) -> None:
        assert read_date(datetime(2024, 3, 5, 23, 59, tzinfo=UTC), None) == date(2024, 3, 5)
        assert read_date(date(2024, 3, 5), DateOrder.MIXED) == date(2024, 3, 5)

    def test_blank_cells_are_no_date_and_no_finding(self) -> None:
        assert [read_date(cell, None) for cell in (None, "", "  ", "\u00a0")] == [None] * 4

    def test_a_date_with_two_readings_is_asked_about_with_both(self) -> None:
        asked = read_date("3/4/2024", None)
        assert isinstance(asked, Unread)
        assert asked.remark.code is Code.AMBIGUOUS_DATE
        assert asked.remark.params == {
            "shown": "3/4/2024",
            "day_first": date(2024, 4, 3),
            "month_first": date(2024, 3, 4),
        }

    def test_the_column_decides_what_one_cell_leaves_open(self) -> None:
        assert date_order(["3/4/2024", "13/4/2024"]) is DateOrder.DAY_FIRST
        assert date_order(["3/4/2024", "4/13/2024"]) is DateOrder.MONTH_FIRST
        assert date_order(["3/4/2024", "2024-03-05", "5/5/2024", date(2024, 3, 31), None]) is None

    def test_a_column_that_mixes_both_orders_keeps_its_ambiguous_cells_unread(self) -> None:
        order = date_order(["13/4/2024", "4/13/2024"])
        assert order is DateOrder.MIXED
        assert isinstance(read_date("3/4/2024", order), Unread)
        assert read_date("13/4/2024", order) == read_date("4/13/2024", order) == date(2024, 4, 13)

    def test_a_day_that_does_not_exist_decides_nothing(self) -> None:
        assert date_order(["31/02/2024", "02/30/2024", "00/13/2024"]) is None

    @given(data=st.data(), order=ORDERS)
    def test_a_date_written_in_an_order_reads_back_in_that_order(
        self, data: st.DataObject, order: DateOrder
    ) -> None:
        text, day = data.draw(written_dates(order))
        assert read_date(text, order) == day

    @given(data=st.data())
    def test_no_value_of_a_column_contradicts_the_order_found(self, data: st.DataObject) -> None:
        either = st.one_of(*(written_dates(order) for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)))
        texts = [text for text, _ in data.draw(st.lists(either, max_size=6))]
        order = date_order(texts)
        if order is not DateOrder.MIXED and order is not None:
            seen = [readings_of(text) for text in texts]
            days = [
                one and (one.day_first if order is DateOrder.DAY_FIRST else one.month_first) for one in seen
            ]
            assert None not in days

    @given(data=st.data(), order=ORDERS)
    def test_a_column_in_one_order_is_never_taken_for_another(
        self, data: st.DataObject, order: DateOrder
    ) -> None:
        texts = [text for text, _ in data.draw(st.lists(written_dates(order), max_size=6))]
        assert date_order(texts) in {order, None}


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("€ 1.234,5", "1234.5"),
            ("1 234,50 €", "1234.5"),
            ("$22,700.00", "22700"),
            ("CHF 1'234.50", "1234.5"),
            ("Fr. 12.50", "12.5"),
            ("1.234.567", "1234567"),
            ("0,234", "0.234"),
            ("1234.567", "1234.567"),
            ("MX$ 5", "5"),
            ("$100 USD", "100"),
            ("¥\uff11\uff12\uff13", "123"),
            ("(1,234.5)", "-1234.5"),
            ("5-", "-5"),
            ("$-5", "-5"),
            ("20%", "0.2"),
            (".5", "0.5"),
        ],
    )
    def test_a_number_that_can_be_read_in_one_way_needs_no_mark(self, text: str, number: str) -> None:
        assert read_number(text, None) == Decimal(number)

    def test_blank_cells_are_no_number_and_no_finding(self) -> None:
        assert [read_number(cell, None) for cell in (None, "", "  ", "\u00a0")] == [None] * 4

    def test_a_cells_number_is_its_shortest_decimal_form(self) -> None:
        assert str(read_number(0.1, None)) == "0.1"
        assert str(read_number(42.0, None)) == "42"
        assert str(read_number("12.50", None)) == "12.5"
        assert read_number(1e22, None) == 10**22

    def test_a_number_with_two_readings_is_asked_about_with_both(self) -> None:
        asked = read_number("1.234", None)
        assert isinstance(asked, Unread)
        assert asked.remark.code is Code.AMBIGUOUS_NUMBER
        assert asked.remark.params == {"shown": "1.234", "point": Decimal("1.234"), "comma": Decimal(1234)}

    def test_the_column_decides_what_one_number_leaves_open(self) -> None:
        mark = decimal_mark(["1.234", "1,5", 7.5, None])
        assert mark is DecimalMark.COMMA
        assert read_number("1.234", mark) == Decimal(1234)
        assert decimal_mark(["1.5", "1,5"]) is DecimalMark.MIXED
        assert decimal_mark(["1.234", "42"]) is None

    def test_a_sign_of_another_currency_is_a_finding_and_a_shared_sign_is_not(self) -> None:
        foreign = read_number("5 £", None, "EUR")
        assert isinstance(foreign, Unread)
        assert foreign.remark.code is Code.OTHER_CURRENCY
        assert read_number("$5", None, "MXN") == read_number("5 usd", None, "usd") == 5
        assert read_number("5 £", None) == 5

    @given(data=st.data(), mark=MARKS)
    def test_a_number_written_with_a_mark_reads_back_exactly(
        self, data: st.DataObject, mark: DecimalMark
    ) -> None:
        text, number = data.draw(written_numbers(mark))
        assert read_number(text, mark, "EUR") == number

    @given(data=st.data(), mark=MARKS)
    def test_a_column_with_one_mark_is_never_taken_for_the_other(
        self, data: st.DataObject, mark: DecimalMark
    ) -> None:
        texts = [text for text, _ in data.draw(st.lists(written_numbers(mark), max_size=6))]
        assert decimal_mark(texts) in {mark, None}

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_a_float_is_read_as_it_is_shown(self, number: float) -> None:
        assert read_number(number, None) == Decimal(repr(number))


class TestWords:
    def test_yes_and_no_are_read_in_four_languages(self) -> None:
        yes: list[Cell] = [
            "yes",
            "X",
            "✓",
            "✔️",
            "TRUE",
            "1",
            "Sí",
            "si",
            "Verdadero",
            "cert",
            "是",
            "对",
            1,
            1.0,
            True,
        ]
        no: list[Cell] = ["no", "0", "FALSE", "✗", "-", "否", "fals", 0, False]
        assert {read_yes(cell) for cell in yes} == {True}
        assert {read_yes(cell) for cell in no} == {False}
        assert read_yes(None) is read_yes(" ") is None

    def test_outcomes_and_stages_are_read_in_four_languages(self) -> None:
        assert {read_outcome(word) for word in ("Won", "ganada", "Guanyat", "赢单")} == {Outcome.WON}
        assert {read_outcome(word) for word in ("LOST", "Perdida", "perdut")} == {Outcome.LOST}
        assert {read_stage(word) for word in ("Best Few", "mejores", "Els millors", "最佳少数")} == {
            Stage.BEST_FEW
        }
        assert read_stage("Por encima del embudo") is Stage.ABOVE
        assert read_stage(None) is read_outcome("") is None

    def test_no_word_has_two_meanings_in_one_section(self) -> None:
        for section in ("yes", "outcome", "stage", "source_stage"):
            words = [word for texts in reading()[section].values() for word in texts]
            assert len(words) == len(set(words)), section

    def test_ratings_are_whole_numbers_from_one_to_five(self) -> None:
        assert [read_rating(cell) for cell in (5, 4.0, "3", "4/5", "2 of 5", None, "")] == [
            5,
            4,
            3,
            4,
            2,
            None,
            None,
        ]


class TestTexts:
    def test_text_is_what_a_person_sees(self) -> None:
        seen: list[tuple[Cell, str]] = [
            ("  Ana  ", "Ana"),
            ("0042", "0042"),
            ("a  b\nc", "a  b\nc"),
            (42.0, "42"),
            (0.5, "0.5"),
            (100, "100"),
            (1e22, "10000000000000000000000"),
            (Decimal("1.50"), "1.5"),
            (True, "TRUE"),
            (None, ""),
            (date(2024, 3, 5), "2024-03-05"),
            (datetime(2024, 3, 5, tzinfo=UTC).replace(tzinfo=None), "2024-03-05"),
            (datetime(2024, 3, 5, 9, 30, tzinfo=UTC).replace(tzinfo=None), "2024-03-05 09:30"),
        ]
        assert [read_text(cell) for cell, _ in seen] == [text for _, text in seen]

    def test_a_semicolon_separates_people_and_a_dash_alone_is_nobody(self) -> None:
        assert read_people("Ana; Luis ;") == (("Ana", "Luis"), False)
        assert read_people("王伟；李娜") == (("王伟", "李娜"), False)  # noqa: RUF001 (the Chinese semicolon)
        assert [read_people(dash) for dash in ("-", " – ", "—")] == [((), True)] * 3  # noqa: RUF001 (dashes)
        assert read_people(None) == ((), False)


@given(st.one_of(st.text(max_size=80), st.text(alphabet="0123456789/-., '€$()%年月日de", max_size=40)))
def test_no_text_stops_a_reader(text: str) -> None:
    for read in (read_yes, read_outcome, read_stage, read_rating, read_text, read_people):
        read(text)
    read_date(text, None)
    read_number(text, None, "EUR")
