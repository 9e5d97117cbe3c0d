"""What a run did to the disk, in its order: recorded with strace, every byte of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from tests.faults.process.points import Place, child
from tests.faults.process.tracing import Call, calls

_TRACED: Final = "openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,renameat2,unlink,mkdir"
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE: Final = re.compile(r"(\d+)<")

#: In the place of a file's number: the name is that of a folder.
FOLDER: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """Bytes of a file; a file is known by a number, as its name may change."""

    file: int
    at: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Resized:
    """A file was cut or lengthened."""

    file: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """A file is on the disk as it is."""

    file: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A folder got a name for a file (or ``FOLDER``), or lost a name; with ``old`` it renames."""

    folder: str
    name: str
    file: int | None
    old: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSynced:
    """The names in a folder are on the disk as they are."""

    folder: str


Event: TypeAlias = Wrote | Resized | Synced | Named | FolderSynced


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLog:
    """The events of a run, and what stood there before: files by name, relative to the place of the run."""

    events: Sequence[Event]
    before: Mapping[str, bytes]


def recorded(place: Place, mutant: str = "") -> WriteLog:
    """Sync, and return the log of it; it is proved to lead to what stands there after the run."""
    before = files_in(place.root)
    ended = child(place, mutant, ("-y", "-xx", "-s", "1000000000", "-e", f"trace={_TRACED}"))
    assert ended.code == 0, ended.err
    recorder = _Recorder(root=place.root, names={name: at for at, name in enumerate(before)})
    for call in calls(ended.trace):
        recorder.take(call)
    log = WriteLog(events=recorder.events, before=before)
    assert _final(log) == files_in(place.root)
    return log


def files_in(root: Path) -> dict[str, bytes]:
    """Return the workbook's and the program's files by name; not what the tracing left beside them."""
    found = (path for folder in ("folder", "state") for path in sorted((root / folder).rglob("*")))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def applied(content: bytes, event: Wrote | Resized) -> bytes:
    """Return a file's content after an event."""
    if isinstance(event, Resized):
        return content[: event.size].ljust(event.size, b"\0")
    return content[: event.at].ljust(event.at, b"\0") + event.data + content[event.at + len(event.data) :]


def _final(log: WriteLog) -> dict[str, bytes]:
    names: dict[str, int] = {name: at for at, name in enumerate(log.before)}
    contents = dict(enumerate(log.before.values()))
    for event in log.events:
        if isinstance(event, Wrote | Resized):
            contents[event.file] = applied(contents.get(event.file, b""), event)
        elif isinstance(event, Named):
            names.pop(event.old, None)
            names.pop(event.name, None)
            if event.file is not None and event.file != FOLDER:
                names[event.name] = event.file
    return {name: contents.get(file, b"") for name, file in sorted(names.items())}


@dataclass(slots=True, kw_only=True)
class _Recorder:
    """Follows names, handles and positions through the system calls."""

    root: Path
    names: dict[str, int]
    events: list[Event] = field(default_factory=list)
    _handles: dict[int, str | int] = field(default_factory=dict)
    _positions: dict[int, int] = field(default_factory=dict)
    _files: int = 1_000

    def take(self, call: Call) -> None:
        """Take the next call; those that failed or lie elsewhere are nothing."""
        if call.result < 0:
            return
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(call.arguments)]
        match call.name:
            case "openat":
                self._open(call, texts[0].decode())
            case "mkdir":
                self._name(self._relative(texts[0].decode()), FOLDER)
            case "rename":
                self._rename(*(self._relative(text.decode()) for text in texts))
            case "renameat2":  # two files change places
                self._exchange(*(self._relative(text.decode()) for text in texts))
            case "unlink":
                self._name(self._relative(texts[0].decode()), None)
            case _:
                self._handle(call, texts)

    def _relative(self, path: str) -> str:
        return Path(path).relative_to(self.root).as_posix() if Path(path).is_relative_to(self.root) else ""

    def _open(self, call: Call, path: str) -> None:
        name = self._relative(path)
        self._handles.pop(call.result, None)
        if not name.startswith(("folder", "state")):
            return
        if "O_CREAT" in call.arguments and name not in self.names:
            self._files += 1
            self._name(name, self._files)
        self._handles[call.result] = self.names.get(name, name)
        self._positions[call.result] = 0
        if "O_TRUNC" in call.arguments:
            self.events.append(Resized(file=self.names[name], size=0))

    def _name(self, name: str, file: int | None, old: str = "") -> None:
        if not name:
            return
        self.names.pop(old, None)
        self.names.pop(name, None)
        if file is not None and file != FOLDER:
            self.names[name] = file
        self.events.append(Named(folder=name.rpartition("/")[0], name=name, file=file, old=old))

    def _rename(self, old: str, new: str) -> None:
        self._name(new, self.names[old], old)

    def _exchange(self, one: str, other: str) -> None:
        first, second = self.names[one], self.names[other]
        self._name(other, first)
        self._name(one, second)

    def _handle(self, call: Call, texts: list[bytes]) -> None:
        match = _HANDLE.match(call.arguments)
        number = int(match[1]) if match else -1
        file = self._handles.get(number)
        if isinstance(file, str):
            if call.name == "fsync":
                self.events.append(FolderSynced(folder=file))
        elif file is not None:
            self._change(call, number, file, texts)

    def _change(self, call: Call, handle: int, file: int, texts: list[bytes]) -> None:
        match call.name:
            case "lseek":
                self._positions[handle] = call.result
            case "write":
                at = self._positions[handle]
                self.events.append(Wrote(file=file, at=at, data=texts[0][: call.result]))
                self._positions[handle] = at + call.result
            case "pwrite64":
                at = int(call.arguments.rpartition(", ")[2])
                self.events.append(Wrote(file=file, at=at, data=texts[0][: call.result]))
            case "ftruncate":
                self.events.append(Resized(file=file, size=int(call.arguments.rpartition(", ")[2])))
            case _:
                self.events.append(Synced(file=file))
