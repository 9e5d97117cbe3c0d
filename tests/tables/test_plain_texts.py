from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.tables.plain_texts import Texts
from tests.campaign import examples
from tests.stores.excel_books import MAIN

#: Its texts are not plainly written, so that all beside it are looked at one by one.
_RICH = "<si><r><t>a</t></r></si>"

_WRITTEN = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(escape),
    st.sampled_from(["", " ", " a", "a\n", "R&amp;D", "&quot;", "&#10;", "a_x000D_", "a]]b", "日本"]),
)
_ITEM = st.builds(
    lambda text, kept: (
        f"<si><t{' xml:space=' + chr(34) + 'preserve' + chr(34) if kept else ''}>{text}</t></si>"
    ),
    _WRITTEN,
    st.booleans(),
)


def _taken(items: Sequence[str], size: int = 1 << 20) -> list[str | None]:
    raw = f'<sst xmlns="{MAIN}">{"".join(items)}</sst>'.encode()
    texts = Texts()
    for at in range(0, len(raw), size):
        texts.feed(raw[at : at + size])
    texts.close()
    return texts.taken


@examples(short=200, full=5_000)
@given(items=st.lists(_ITEM, max_size=12), size=st.integers(20, 400))
def test_texts_taken_at_once_are_those_taken_one_by_one(items: list[str], size: int) -> None:
    assert _taken(items) == _taken([*items, _RICH])[:-1]
    assert _taken(items, size) == _taken(items)


@pytest.mark.parametrize("between", ["\n", "b", "<!-- b -->", "<si/>", "<si></si>"])
def test_what_stands_between_texts_is_never_passed_over(between: str) -> None:
    """The reader may count it as a text, or not: then none has a number here."""
    taken = _taken(["<si><t>a</t></si>", between, "<si><t>c</t></si>"])
    assert taken in ([], ["a", None, "c"])
