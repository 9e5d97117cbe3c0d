"""What a command printed and how it ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

TODAY = "2026-03-02"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The exit code of a command, and what stands on stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - it is what a script would have to look into
        """What stands on stdout, read as a script reads it."""
        return json.loads(self.out)


Run: TypeAlias = Callable[..., Ran]
