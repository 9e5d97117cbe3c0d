from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sheetfunnel.workbook.contract import Purpose, Snapshot
from sheetfunnel.workbook.generations import Generation, before_syncs

_BY = {"s": Purpose.SYNC, "a": Purpose.ADOPT, "u": Purpose.UNDO, "?": None}


def _read() -> Snapshot:
    return Snapshot(tabs={}, names={}, revision="")


def _kept(history: str) -> list[Generation]:
    """Return generations from a history such as ``"G0 s, G1 u"``: what, displaced by what; oldest first."""
    pairs = [each.split() for each in history.split(", ")]
    return [
        Generation(
            kept_at=datetime(2026, 3, 2, tzinfo=UTC),
            displaced_by=_BY[by],
            size=1,
            content=content,
            name=content,
            read=_read,
        )
        for content, by in reversed(pairs)
    ]


@pytest.mark.parametrize(
    ("history", "shown", "back_to"),
    [
        pytest.param("G0 s, G1 s", "G2", ["G1", "G0"], id="two syncs"),
        pytest.param("G0 s, G1 s, G2 u", "G1'", ["G0"], id="one of two is undone"),
        pytest.param("G0 s, G1 s, G2 u, G1' u", "G0'", [], id="both are undone"),
        pytest.param("G0 s, G1 s, G2 u, G1' u, G0' s", "G3", ["G0'"], id="a sync after two undos"),
        pytest.param("G0 s, G1 s, G2 u, G1' u, G0' s, G3 u", "G0", [], id="all three are undone"),
        pytest.param("G0 s, G1 s, G2 u, G1' s, G3 u", "G4", ["G0"], id="undone, synced, undone"),
        pytest.param("G0 s, G1 a", "G2", ["G0"], id="what adopt added is not taken back"),
        pytest.param("G0 a", "G1", [], id="never synced"),
        pytest.param("G0 s, G1 s", "G1", ["G0"], id="a person put the latest backup back"),
        pytest.param("G0 s, G1 s, G2 u", "G2", ["G1", "G0"], id="a person took the undo back"),
        pytest.param("G0 s, G1 ?", "G2", ["G1", "G0"], id="the last run may have died after replacing"),
        pytest.param("G0 ?, G1 s", "G2", ["G1"], id="an earlier run died before replacing"),
        pytest.param("G0 s, G1 ?, G2 s", "G2", ["G0"], id="put back, and an earlier run had died"),
    ],
)
def test_an_undo_goes_back_to_before_the_last_sync_that_is_not_undone(
    history: str, shown: str, back_to: list[str]
) -> None:
    assert [each.content for each in before_syncs(_kept(history), shown)] == back_to
