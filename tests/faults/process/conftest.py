"""The workbooks that faults strike, and the processes in which they strike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.faults.process import points
from tests.faults.process.points import Stage


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Stage]:
    """Return the workbooks, by shape."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHEETFUNNEL_STATE", str(tmp_path_factory.mktemp("state")))
        return points.stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture(scope="session")
def workers(stages: Mapping[str, Stage]) -> Iterator[ProcessPoolExecutor]:
    """Return the processes that try points."""
    with points.workers(stages["plain"]) as pool:
        yield pool
