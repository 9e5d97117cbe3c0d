"""Files that are looked after in the foreground: each is told a few seconds after somebody saved it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final, TypeAlias

#: Milliseconds in which events are gathered, and after which it is looked whether a file is due.
_GATHERED: Final = 400
_TICK: Final = 500

#: Seconds after which a file that could not be synced is tried again though nothing was seen to happen.
_PUT_OFF: Final = 30

_Stamp: TypeAlias = tuple[int, int, int] | None


class Watching:
    """Files, and when each is due: ``settle`` seconds after the last event.

    A file that is written in its turn has another one to confirm that it stands as it was left: a person may
    have saved it in the same moment. One that stands as it was before its turn is not due.
    """

    def __init__(self, files: Sequence[Path], *, settle: float) -> None:
        self._settle = settle
        self._due = dict.fromkeys(files, 0.0)
        self._seen: dict[Path, _Stamp] = {}
        self._waiting: set[Path] = set()
        self._confirming: set[Path] = set()
        self._names = {path: file for file in files for path in (file.absolute(), file.resolve())}
        self._locks = {lock: file for path, file in self._names.items() for lock in _locks(path)}

    def turns(self, stop: Event) -> Iterator[Path]:
        """Yield each file when it is due, all of them at the beginning, until ``stop`` is set."""
        from watchfiles import watch

        folders = {path.parent for path in self._names}
        events = watch(
            *folders,
            watch_filter=None,
            recursive=False,
            debounce=_GATHERED,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            stop_event=stop,
        )
        for changes in events:
            for _, changed in changes:
                self._notice(Path(changed))
            now = time.monotonic()
            for file in [file for file, moment in self._due.items() if moment <= now]:
                del self._due[file]
                self._waiting.discard(file)
                before = _stamp(file)
                yield file
                self._confirming.discard(file)
                self._seen[file] = before
                if file not in self._due and _stamp(file) != before:
                    self._confirming.add(file)
                    self._due[file] = time.monotonic() + self._settle

    def confirms(self, file: Path) -> bool:
        """Whether the turn of a file is only to see that it stands as it was left."""
        return file in self._confirming

    def put_off(self, file: Path) -> None:
        """Give a file that is busy another turn: once its lock is gone, or in a while."""
        self._waiting.add(file)
        self._due[file] = time.monotonic() + _PUT_OFF

    def _notice(self, changed: Path) -> None:
        file = self._names.get(changed)
        if file and (file not in self._seen or _stamp(file) != self._seen[file]):
            self._due[file] = time.monotonic() + self._settle
        locked = self._locks.get(changed)
        if locked in self._waiting and locked is not None:
            self._due[locked] = time.monotonic() + self._settle


def _locks(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")


def _stamp(file: Path) -> _Stamp:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
