"""Long campaigns of random cases: ``make test`` runs a short form of each, ``make faults`` all of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

_T = TypeVar("_T")

#: Whether the whole campaigns were asked for.
FULL = os.environ.get("SHEETFUNNEL_FAULTS") == "1"


def examples(*, short: int, full: int) -> settings:
    """Return how many random cases to try: in the short form the same few every time."""
    return settings(max_examples=full if FULL else short, derandomize=not FULL, deadline=None)


def spread(cases: Sequence[_T], *, every: int) -> Sequence[_T]:
    """Return all cases, or in the short form each so-manieth of them."""
    return cases if FULL else cases[::every]
