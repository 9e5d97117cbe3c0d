"""How random cases are tried in this house: none fails for the time that it takes, on whatever machine."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

# As the program does: small matrices are multiplied fastest by one thread. numpy reads it when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

#: Fault campaigns print a table below the tests' own report, whichever process ran them.
pytest_plugins = ("tests.faults.table",)

settings.register_profile("house", deadline=None)
settings.load_profile("house")

# What tests start elsewhere has to find this very program too.
if "PYTHONPATH" in os.environ:
    _parts = os.environ["PYTHONPATH"].split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(part).absolute()) for part in _parts)
