"""A fault of the program's own, told in words: where it is, and nothing of a cell."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping

from sheetfunnel.errors import ExitCode, SheetfunnelError


class Fault(SheetfunnelError):
    """The program itself failed; it is told by its place alone, as its own words may be those of a cell."""

    exit_code = ExitCode.FAULT


def fault(error: Exception) -> Fault:
    """Return an error that no command should have let through as one that can be told to a person.

    Whoever asked for it in the environment gets the whole path of the error printed as well.
    """
    if os.environ.get("SHEETFUNNEL_DEBUG"):
        traceback.print_exception(error)
    places = [
        f"{frame.f_globals.get('__name__')}:{number}"
        for frame, number in traceback.walk_tb(error.__traceback__)
        if package(frame.f_globals) == __package__.partition(".")[0]
    ]
    return Fault(
        f"sheetfunnel itself failed ({type(error).__name__} at {places[-1]}). No workbook was left half "
        "written: it is as it was, or wholly synced.",
        hint="Please report these two lines; nothing of your cells stands in them. With SHEETFUNNEL_DEBUG=1 "
        "the whole path of the error is printed.",
    )


def package(module: Mapping[str, object]) -> str:
    """Return the name of the outermost package of a module, given its globals."""
    return str(module.get("__name__")).partition(".")[0]
