"""Asking a person before something is done on their word."""

from __future__ import annotations

import sys

import typer

from sheetfunnel.cli.screen import err, safe
from sheetfunnel.workbook.cells import Unread, read_yes
from sheetfunnel.workbook.labels import Labels


def can_ask() -> bool:
    """Whether there is a person to ask: at a pipe or in a script there is none."""
    return err.is_terminal and sys.stdin.isatty()


def agreed(question: str, words: Labels) -> bool:
    """Ask a person, until they say yes or no; where there is none, nobody has agreed."""
    if not can_ask():
        return False
    yes, no = (words.text(f"yes.{answer}")[0] for answer in ("yes", "no"))
    while isinstance(said := _answer(f"{question} [{yes}/{no.upper()}]"), Unread):
        err.print(safe(words.text("cli.adopt.answer", yes=yes, no=no)))
    return said is True


def _answer(question: str) -> bool | Unread | None:
    """Return whether a person says yes, in any language; nothing if they just press Enter."""
    return read_yes(typer.prompt(question, default="", show_default=False, err=True))
