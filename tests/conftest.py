"""How random cases are tried in this house: none fails for the time that it takes, on whatever machine."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

# As the program does: small matrices are multiplied fastest by one thread. numpy reads it when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: Fault campaigns print a table below the tests' own report, whichever process ran them.
pytest_plugins = ("tests.faults.table",)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines while a test runs, its fixtures included, of which that was asked."""
    counting = Coverage.current() if item.get_closest_marker("unmeasured") else None
    if counting:
        counting.stop()
    try:
        return (yield)
    finally:
        if counting:
            counting.start()


settings.register_profile("house", deadline=None)
settings.load_profile("house")

# What tests start elsewhere has to find this very program too.
if "PYTHONPATH" in os.environ:
    _parts = os.environ["PYTHONPATH"].split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(part).absolute()) for part in _parts)
