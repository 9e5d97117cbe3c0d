"""Gives memory back that nothing uses any more: what was taken on other threads stays with them else."""

from __future__ import annotations

import sys


def give_back() -> None:
    """Return free memory to the system, where its library keeps it and can be asked (Linux with glibc)."""
    if sys.platform != "linux":
        return
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
