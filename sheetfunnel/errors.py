"""What can stop a run: each error says what happened and what to do next, and has an exit code.

The exit codes are those of sysexits.h where it has one. Only ``sheetfunnel.cli`` turns an error into
words on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit statuses of every command."""

    DONE = 0
    FOUND = 1  # ``check`` found something
    USAGE = 2
    UNREADABLE = 65
    FAULT = 70  # an error of the program itself
    TRY_LATER = 75
    NO_ACCESS = 77
    CONFIGURATION = 78
    INTERRUPTED = 130


def worst(codes: Iterable[int]) -> int:
    """Return the exit code that counts of several: what another try may mend counts least."""
    return max(codes, key=_weight, default=ExitCode.DONE)


def _weight(code: int) -> tuple[bool, bool, int]:
    return code != ExitCode.DONE, code != ExitCode.TRY_LATER, code


class SheetfunnelError(Exception):
    """A run was stopped; nothing was written.

    ``message`` says what happened and to what, ``hint`` what to do next.
    """

    exit_code = ExitCode.CONFIGURATION

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnreadableWorkbook(SheetfunnelError):
    """The file is damaged, hostile, or not a workbook that can be edited safely."""

    exit_code = ExitCode.UNREADABLE


class ContractBroken(SheetfunnelError):
    """The workbook opens, but is not one that sheetfunnel can work in (a column or tab is gone)."""

    exit_code = ExitCode.UNREADABLE


class UnreadableSource(SheetfunnelError):
    """A table to adopt cannot be read, or can be read in more than one way."""

    exit_code = ExitCode.UNREADABLE


class Busy(SheetfunnelError):
    """Somebody else has the workbook open or keeps changing it; trying later will do."""

    exit_code = ExitCode.TRY_LATER


class StaleRevision(SheetfunnelError):
    """The workbook is no longer the one that was read; read it again and decide anew."""

    exit_code = ExitCode.TRY_LATER


class NoAccess(SheetfunnelError):
    """The workbook or its folder may not be read or written by this user."""

    exit_code = ExitCode.NO_ACCESS


class WrongUsage(SheetfunnelError):
    """The command was called in a way that cannot be carried out."""

    exit_code = ExitCode.USAGE
