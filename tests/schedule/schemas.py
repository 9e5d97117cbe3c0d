"""The rules of a launchd agent and of a task of Windows, as their makers publish them, and what breaks them.

The task: Task Scheduler Service Remoting Protocol, section 2.5, XML Task Definition Format. The agent: the
document type of property lists, version 1.0, and the manual page launchd.plist(5). Only what we write stands
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET

TASK: Final = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

Fits: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of element: its children, in their order or in any, those needed, its attributes, its text."""

    children: Mapping[str, Kind] = field(default_factory=dict)
    ordered: bool = True
    needed: frozenset[str] = frozenset()
    attributes: Mapping[str, Fits] = field(default_factory=dict)
    text: Fits | None = None


def _of(*words: str) -> Kind:
    return Kind(text=lambda text: text in words)


def _matching(pattern: str) -> Kind:
    return Kind(text=lambda text: re.fullmatch(pattern, text) is not None)


def _seconds(text: str) -> int | None:
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    if found is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _is_step(text: str) -> bool:
    seconds = _seconds(text)
    return seconds is not None and 60 <= seconds <= 31 * 86_400


_TRUTH = _of("true", "false")
_LENGTH = Kind(text=lambda text: _seconds(text) is not None)
_MOMENT = _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?")
_ANY = Kind(text=lambda text: True)  # noqa: ARG005 - whatever it is
_FILLED = Kind(text=bool)
_STEP = Kind(text=_is_step)


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_][\w.-]*", text) is not None


_REPETITION = Kind(
    children={"Interval": _STEP, "Duration": _LENGTH, "StopAtDurationEnd": _TRUTH},
    ordered=False,
    needed=frozenset({"Interval"}),
)
_TIME_TRIGGER = Kind(
    children={
        "Enabled": _TRUTH,
        "StartBoundary": _MOMENT,
        "EndBoundary": _MOMENT,
        "Repetition": _REPETITION,
        "ExecutionTimeLimit": _LENGTH,
        "RandomDelay": _LENGTH,
    },
    needed=frozenset({"StartBoundary"}),  # the remarks on this trigger say so
    attributes={"id": _is_name},
)
_PRINCIPAL = Kind(
    children={
        "UserId": _FILLED,
        "LogonType": _of("S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword"),
        "GroupId": _FILLED,
        "DisplayName": _ANY,
        "RunLevel": _of("LeastPrivilege", "HighestAvailable"),
    },
    ordered=False,
    attributes={"id": _is_name},
)
_SETTINGS = Kind(
    children={
        "MultipleInstancesPolicy": _of("Parallel", "Queue", "IgnoreNew", "StopExisting"),
        **dict.fromkeys(("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries"), _TRUTH),
        **dict.fromkeys(("StartWhenAvailable", "Enabled", "Hidden", "WakeToRun"), _TRUTH),
        "ExecutionTimeLimit": _LENGTH,
        "Priority": _of(*map(str, range(11))),
    },
    ordered=False,
)
_EXEC = Kind(
    children={"Command": _FILLED, "Arguments": _ANY, "WorkingDirectory": _ANY},
    ordered=False,
    needed=frozenset({"Command"}),
    attributes={"id": _is_name},
)
_REGISTRATION = Kind(children=dict.fromkeys(("Author", "Description", "URI"), _ANY), ordered=False)
_WHOLE = Kind(
    children={
        "RegistrationInfo": _REGISTRATION,
        "Triggers": Kind(children={"TimeTrigger": _TIME_TRIGGER}),
        "Principals": Kind(children={"Principal": _PRINCIPAL}, needed=frozenset({"Principal"})),
        "Settings": _SETTINGS,
        "Actions": Kind(
            children={"Exec": _EXEC}, needed=frozenset({"Exec"}), attributes={"Context": _is_name}
        ),
    },
    ordered=False,
    needed=frozenset({"Actions"}),
    attributes={"version": lambda told: re.fullmatch(r"1\.[2-6]", told) is not None},
)


def broken_in_task(task: ET.Element) -> list[str]:
    """Return what in a task breaks a rule, by its place."""
    found = list(_broken(task, _WHOLE, "Task")) if task.tag == f"{TASK}Task" else [task.tag]
    principals = {each.get("id") for each in task.iter(f"{TASK}Principal")}
    wrong = [str(each.get("Context")) for each in task.iter(f"{TASK}Actions")]
    return found + [f"Context {name}" for name in wrong if name not in principals]


def _broken(element: ET.Element, kind: Kind, place: str) -> Iterator[str]:
    names = [child.tag.removeprefix(TASK) for child in element]
    text = element.text or ""
    if kind.text is not None and not kind.text(text):
        yield f"{place}: {text!r}"
    if kind.text is None and text.strip():
        yield f"{place}: text"
    yield from (f"{place}@{key}" for key, told in element.items() if not _fits(kind, key, told))
    yield from (f"{place}/{name} is missing" for name in kind.needed - set(names))
    if len(set(names)) < len(names) or (kind.ordered and names != [n for n in kind.children if n in names]):
        yield f"{place}: {names}"
    for name, child in zip(names, element, strict=True):
        if name not in kind.children:
            yield f"{place}/{name} is unknown"
        else:
            yield from _broken(child, kind.children[name], f"{place}/{name}")


def _fits(kind: Kind, key: str, told: str) -> bool:
    return key in kind.attributes and bool(kind.attributes[key](told))


#: What stands at the beginning of every property list.
DOCTYPE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
    '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
)
_EMPTY: Final = frozenset({"true", "false"})
_TEXTS: Final = frozenset({"string", "integer", "real", "date", "data", "key"})


def broken_in_list(text: str) -> list[str]:
    """Return what in a property list breaks the rules of its document type."""
    found = [] if text.startswith(DOCTYPE) else ["document type"]
    whole = ET.fromstring(text.encode())  # noqa: S314 - it is our own
    if (whole.tag, whole.attrib, len(whole)) != ("plist", {"version": "1.0"}, 1):
        found.append("plist")
    return found + [wrong for element in whole.iter() if (wrong := _wrong_in_list(element))]


def _wrong_in_list(element: ET.Element) -> str:
    names = [child.tag for child in element]
    if element.tag == "dict":
        halves = names[::2], names[1::2]
        right = set(halves[0]) <= {"key"} and "key" not in halves[1] and len(halves[0]) == len(halves[1])
        return "" if right else f"dict: {names}"
    if element.tag in _EMPTY | _TEXTS:
        whole = element.tag != "integer" or re.fullmatch(r"[+-]?\d+", element.text or "") is not None
        right = whole and not names and not (element.tag in _EMPTY and element.text)
        return "" if right else f"{element.tag}: {element.text}"
    return "" if element.tag in {"plist", "array"} and "key" not in names else element.tag


#: Of launchd.plist(5), the keys that we use, and what may stand there.
AGENT: Final[Mapping[str, Callable[[object], bool]]] = {
    "Label": lambda told: isinstance(told, str) and bool(told),
    "ProgramArguments": lambda told: isinstance(told, list) and all(isinstance(word, str) for word in told),
    "StartCalendarInterval": lambda told: isinstance(told, list) and all(map(_is_time, told)),
    "RunAtLoad": lambda told: isinstance(told, bool),
    "ProcessType": lambda told: told in {"Background", "Standard", "Adaptive", "Interactive"},
    "LowPriorityIO": lambda told: isinstance(told, bool),
}
_LARGEST: Final = {"Minute": 59, "Hour": 23, "Day": 31, "Weekday": 7, "Month": 12}


def _is_time(told: object) -> bool:
    return isinstance(told, dict) and all(
        isinstance(number, int) and 0 <= number <= _LARGEST.get(key, -1) for key, number in told.items()
    )
