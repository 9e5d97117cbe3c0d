"""How commands take what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command that takes as it is what is of the wanted kind already.

    typer has each option looked at by a library, those too that were not given; most of what that does is to
    return a text as it was, and to load it takes an eighth of a small sync. A number still goes there.
    """

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer keeps its types to itself
        """Return the parameters, each of which takes as it is what can be."""
        return _taking(super().get_params(ctx))


class Group(TyperGroup):
    """A command of commands, which takes its own options as :class:`Command` does."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer keeps its types to itself
        """Return the parameters, each of which takes as it is what can be."""
        return _taking(super().get_params(ctx))


def _taking(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        if "process_value" not in vars(parameter):
            parameter.process_value = partial(_taken, parameter, parameter.process_value)
    return parameters


def _taken(
    parameter: Any,  # noqa: ANN401 - as above
    as_typer_does: Callable[[Any, Any], Any],
    context: object,
    given: object,
) -> object:
    if not _is_as_wanted(parameter, given):
        return as_typer_does(context, given)
    taken = list(given) if isinstance(given, tuple) else given
    return parameter.callback(context, parameter, taken) if parameter.callback else taken


def _is_as_wanted(parameter: Any, given: object) -> bool:  # noqa: ANN401 - as above
    """Whether what was given needs no other kind; an earlier typer names none, and looks by itself."""
    wanted = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if wanted == list[str]:
        return isinstance(given, tuple) and bool(given)
    nothing = given is None and not parameter.required
    return isinstance(wanted, type) and (nothing or isinstance(given, wanted))
