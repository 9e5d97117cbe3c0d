"""People edit while a sync runs: no result stands on a wrong row, no typed cell changes, and it converges."""

from __future__ import annotations

from typing import Final

import pytest

from tests.campaign import FULL
from tests.faults.google.judge import Desk
from tests.faults.table import record
from tests.google.sheets import Filled
from tests.google_service.service import Service
from tests.stores.google.conftest import Opened

pytestmark = pytest.mark.unmeasured

_SYNCS, _BEFORE, _AFTER = 4, 7, 5
#: Each sheet sees up to 48 edits: 10,000 in the full form.
_SHEETS: Final = 250 if FULL else 5


@pytest.mark.usefixtures("key_file")
def test_people_who_edit_while_a_sync_runs_find_their_cells_and_no_result_on_a_wrong_row(
    google: Service, opened: Opened, filled: Filled
) -> None:
    edits, violations = 0, list[str]()
    for seed in range(_SHEETS):
        desk = Desk(service=google, sheet=opened(filled()), seed=seed)
        for _ in range(_SYNCS):
            desk.disturbed(before=_BEFORE, after=_AFTER)
        desk.settled()
        desk.mended()
        edits, violations = edits + desk.edits, violations + desk.violations
        del google.spreadsheets[desk.sheet.key]
        google.log.clear()
    assert not google.edits.refused
    assert edits > (10_000 if FULL else 150)
    record(9, "Google: people edit while a sync runs", edits, violations)
    assert not violations, "\n".join(violations[:10])
