from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.digest.shorten import remark_without_names, shortened, without_names
from sheetfunnel.findings import Code, remark
from sheetfunnel.funnel.text import fold
from sheetfunnel.workbook.labels import labels

_words = st.text(st.characters(categories=["L"], max_codepoint=0x24F), min_size=1, max_size=8)
_names = st.lists(_words, min_size=1, max_size=4).map(" ".join)


def test_a_name_is_its_initials() -> None:
    assert shortened(["Harbour Clinic", "Niu", "Éclair d'Or", "3M"]) == {
        "Harbour Clinic": "H. C.",
        "Niu": "N.",
        "Éclair d'Or": "É. d. O.",
        "3M": "3.",
    }


def test_names_with_the_same_initials_get_more_letters_until_they_differ() -> None:
    short = shortened(["Harbour Clinic", "Hill Clinic", "Alder Centre", "Alder Circle"])
    assert short["Harbour Clinic"] == "Ha. C."
    assert short["Hill Clinic"] == "Hi. C."
    assert sorted((short["Alder Centre"], short["Alder Circle"])) == ["Alder C.", "Alder C. 2"]


@given(names=st.lists(_names, max_size=12))
def test_different_names_stay_different_and_the_same_stay_the_same(names: list[str]) -> None:
    short = shortened(names)
    assert len(set(short.values())) == len({fold(name) for name in names})
    assert {name: short[name] for name in names} == short
    assert shortened(names[::-1]) == short


@given(names=st.lists(_names, min_size=1, max_size=6))
def test_no_long_word_of_a_name_but_the_first_is_ever_shown(names: list[str]) -> None:
    for name, told in shortened(names).items():
        assert all(len(word) <= 2 for word in told.split()[1:])
        assert len(told.split()[0]) <= max(len(name.split()[0]), 1) + 1


def test_in_a_text_whole_names_become_short_and_other_words_stay() -> None:
    short = shortened(["Ana", "Ana Ruiz", "Niu (Barcelona)", "IT"])
    told = without_names("Call ANA RUIZ, then Ana, not Anabel; Niu (Barcelona) has it. IT too. $5", short)
    assert told == (
        f"Call {short['Ana Ruiz']}, then {short['Ana']}, not Anabel; {short['Niu (Barcelona)']} has it. "
        f"{short['IT']} too. $5"
    )
    assert without_names("Ana", {}) == "Ana"


def test_the_programs_own_words_are_no_names() -> None:
    short = shortened(["Close", "Rosa Vidal", "Fit"])
    said = remark(
        Code.WHY_AND, first=remark(Code.DO_CLOSE), then=remark(Code.DO_COVER, names=("Rosa Vidal",))
    )
    words = labels("en")
    told = words.say(remark_without_names(said, short))
    assert told == words.say(said).replace("Rosa Vidal", "R. V.")
    assert "lose" in told
