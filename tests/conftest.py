"""How random cases are tried in this house: none fails for the time that it takes, on whatever machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
