"""The earlier generations of a workbook that a store kept, and which of them a sync displaced last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Purpose, Snapshot


@value
class Generation:
    """A workbook as it was until something was written to it.

    ``kept_at`` is the moment of that writing, ``displaced_by`` what was written (unknown if that run died
    before it could say so); ``size`` is in bytes, ``name`` that of its file. ``content`` is the store's own
    mark of what it holds, by which it is known again.
    """

    kept_at: datetime
    displaced_by: Purpose | None
    size: int
    content: str
    name: str
    read: Callable[[], Snapshot]


@runtime_checkable
class Keeping(Protocol):
    """A store that keeps earlier generations, in a folder that a person can look into."""

    @property
    def kept_in(self) -> Path:
        """The folder of the generations of this workbook."""
        ...

    def generations(self) -> Sequence[Generation]:
        """Return the kept generations, the newest first."""
        ...

    def content_of(self, revision: str) -> str:
        """Return the mark by which a generation that was read as ``revision`` would be known again."""
        ...


def before_syncs(kept: Sequence[Generation], shown: str) -> Iterator[Generation]:
    """Yield the generations that a sync displaced and no undo brought back yet, the latest first.

    ``kept`` begins with the newest; ``shown`` is the mark of what the workbook holds now: where that is one
    of the kept, a person put it back, and only what is older counts. The newest may have been displaced by a
    run that died before it could say so; older ones of this kind never were.
    """
    undone = 0
    put_back = next((at for at, each in enumerate(kept) if each.content == shown), -1)
    for at, generation in enumerate(kept[put_back + 1 :], start=put_back + 1):
        if generation.displaced_by is Purpose.UNDO:
            undone += 1
        elif generation.displaced_by is Purpose.SYNC and undone:
            undone -= 1
        elif generation.displaced_by is Purpose.SYNC or (generation.displaced_by is None and not at):
            yield generation
