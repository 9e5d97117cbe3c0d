"""How random cases are tried in this house: none fails for the time that it takes, on whatever machine."""

from __future__ import annotations

import os

from hypothesis import settings

# As the program does: small matrices are multiplied fastest by one thread. numpy reads it when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("house", deadline=None)
settings.load_profile("house")
