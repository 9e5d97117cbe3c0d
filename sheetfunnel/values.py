"""What values are made of: fields by keyword, slots, equality; nobody changes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[_T]) -> type[_T]:
    """Make a class a value: two are equal if their fields are.

    The type checker holds it frozen, and its fields to be given by keyword. Python does not: setting each
    field in the way around its own lock takes four times as long as all that a value is otherwise made of.
    What does not depend on the fields is not written anew for each class either, which Python's own way does:
    to compile that takes a fifth of the time of a small sync.
    """
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    for name, method in _comparing(made).items():
        setattr(made, name, method)
    return made


@dataclass_transform(eq_default=False, frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def unique(cls: type[_T]) -> type[_T]:
    """Make a class as :func:`value` does, but each one is equal to itself alone."""
    made = dataclass(slots=True, eq=False, repr=False)(cls)
    setattr(made, "__repr__", _shown)  # noqa: B010 - the type checker takes no method for a field
    return made


def _comparing(cls: Any) -> dict[str, object]:  # noqa: ANN401 - any class with fields
    """Return how values of a class are compared and shown."""
    compared = attrgetter(*(each.name for each in fields(cls) if each.compare))

    def equal(self: object, other: object) -> object:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": equal, "__hash__": lambda self: hash(compared(self)), "__repr__": _shown}


def _shown(self: Any) -> str:  # noqa: ANN401 - any value
    told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({told})"


def rows_of(cls: type[_T], columns: Mapping[str, Iterable[object]]) -> list[_T]:
    """Return a value for each row of some columns; ``columns`` has one for every field of the class.

    The fields go in by their place, which takes a quarter of the time that it takes by keyword.
    """
    made: Any = cls
    return list(map(made, *(columns[each.name] for each in fields(made))))


class Named(Enum):
    """A closed set of the field's words; each member is one of a kind, and is found by that."""

    __hash__ = object.__hash__  # Python's own asks for the hash of the name, step by step
