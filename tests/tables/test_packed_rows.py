from __future__ import annotations

import pickle
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.tables.grid import Value
from sheetfunnel.tables.packed_rows import PackedRows, packed_rows

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.dates(),
    st.text(st.characters(exclude_characters="\0"), min_size=1),
)


@given(
    rows=st.lists(st.one_of(st.just(()), st.lists(_VALUES, min_size=3, max_size=3).map(tuple)), max_size=30)
)
def test_packed_rows_come_out_as_they_went_in(rows: list[tuple[Value, ...]]) -> None:
    out = [row for piece in _told(rows) for row in piece.rows({})]
    assert list(map(repr, out)) == list(map(repr, rows))  # True is not 1 there, and 0 not -0


def test_a_text_that_is_known_is_held_once() -> None:
    name = b"Clara Vidal".decode()
    (told,) = _told([("Clara Vidal", None)] * 3)
    assert all(row[0] is name for row in told.rows({name: name}))


def _told(rows: Sequence[tuple[Value, ...]]) -> list[PackedRows]:
    """Return rows packed, as another process gets them."""
    told: list[PackedRows] = pickle.loads(pickle.dumps(list(packed_rows(rows))))  # noqa: S301 (it is ours)
    return told
