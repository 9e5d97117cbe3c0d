"""Comparing words as people mean them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sheetfunnel.funnel.text import fold, pieces


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José Núñez", "JOSE NUNEZ"),
        ("  Rosa\n Vidal ", "rosa vidal"),
        ("Straße", "STRASSE"),
        ("Jose\N{COMBINING ACUTE ACCENT}", "josé"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}bc", "abc"),
        ("\N{NO-BREAK SPACE}Rosa\N{NO-BREAK SPACE}Vidal", "rosa vidal"),
        ("İstanbul", "istanbul"),
    ],
)
def test_case_accents_and_needless_spaces_do_not_count(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_words_stay_different() -> None:
    assert len({fold(word) for word in ("Rosa", "Rosas", "Ro sa", "客户", "客")}) == 5


@given(st.text())
@example("ﬀ")
@example("ᾳ\N{COMBINING GREEK YPOGEGRAMMENI}")
def test_what_is_folded_once_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_accents_on_plain_letters_and_case_change_nothing(text: str) -> None:
    assert fold(fold(text).upper()) == fold(fold(text).upper().lower())


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("", ()),
        (" ; \n ", ()),
        ("Ana", ("Ana",)),
        ("Ana; Bea;", ("Ana", "Bea")),
        ("Ana\nBea ; Carl", ("Ana", "Bea", "Carl")),
        ("Ana, Bea", ("Ana, Bea",)),
    ],
)
def test_a_cell_may_hold_several_things(cell: str, parts: tuple[str, ...]) -> None:
    assert pieces(cell) == parts
