"""What commands print: results on stdout, remarks on stderr, colour and progress only on a terminal."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from sheetfunnel.errors import WrongUsage

if TYPE_CHECKING:
    from rich.table import Table

#: Characters that would steer a terminal; the text of a cell must not.
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_BREAKS: Final = re.compile(r"\s*[\t\r\n]\s*")

#: How wide a table may be where no screen bounds it: in a pipe or a file.
_UNBOUNDED: Final = 240
#: No text is wrapped into a narrower column than this.
_NARROWEST: Final = 24


class Screen(Console):
    """A console whose reader may leave: what is printed then is lost, and the work goes on.

    ``failed`` is why something could not be printed though somebody may wait for it, such as a full disk.
    """

    failed: OSError | None = None

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - as rich has it
        """Print as any console does; what cannot be printed stops nobody's work."""
        try:
            super().print(*objects, **options)
        except OSError as error:
            self.failed = error
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Print into nothing from now on."""
        self.quiet = True
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.file.fileno())
        os.close(nothing)

    @property
    def is_bounded(self) -> bool:
        """Whether there is a width to keep; in a pipe every text stays on its one line."""
        return self.is_terminal or "COLUMNS" in os.environ


out = Screen(highlight=False, emoji=False)
err = Screen(stderr=True, highlight=False, emoji=False)


def safe(text: object) -> str:
    """Return a person's text as it is shown: on one line, without control sequences, not as markup."""
    return "" if text is None else escape(_CONTROL.sub("", _BREAKS.sub(" ", _in_letters(str(text)))))


def _in_letters(text: str) -> str:
    """Return a text that every stream takes: bytes of a file's name that are no letters become marks."""
    return text.encode(errors="replace").decode()


def line(markup: str, *, indent: int = 0, hang: int = 0) -> None:
    """Print a text on stdout; where a width has to be kept, its further lines stand ``hang`` further in."""
    if not out.is_bounded:
        out.print(" " * indent + markup, soft_wrap=True)
        return
    text = Text.from_markup(markup, emoji=False)
    wrapped = text.wrap(out, max(out.width - indent - hang, _NARROWEST), overflow="fold")
    for number, part in enumerate(wrapped):
        part.rstrip()
        out.print(Text(" " * (indent + (hang if number else 0))) + part, soft_wrap=True)


def shown_lines(text: str) -> None:
    """Print lines that have their width already; a person's text in them steers no terminal."""
    for each in text.splitlines():
        out.print(_CONTROL.sub("", each), markup=False, soft_wrap=True)


def complain(message: str, hint: str) -> None:
    """Say what went wrong, and what to do next."""
    err.print(f"[bold red]Error:[/] {safe(message)}", soft_wrap=True)
    if hint:
        err.print(f"[bold]What to do:[/] {safe(hint)}", soft_wrap=True)


def remark(text: str) -> None:
    """Say something beside the results, on stderr."""
    err.print(safe(text), soft_wrap=True)


def print_json(value: object) -> None:
    """Print a result for a script to read."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    out.print(_in_letters(text), markup=False, soft_wrap=True)


def print_table(table: Table) -> None:
    """Print a table as wide as the screen, or as wide as it likes where there is none."""
    if out.is_bounded:
        out.print(table)
    else:
        wide = Screen(file=out.file, width=_UNBOUNDED, highlight=False, emoji=False)
        wide.print(table)
        out.failed = out.failed or wide.failed


def _say_nothing(step: str) -> None:
    del step


@contextmanager
def progress(name: str) -> Iterator[Callable[[str], None]]:
    """Show the step that is under way, on a terminal only."""
    if not err.is_terminal:
        yield _say_nothing
        return
    with err.status(safe(name)) as status:
        yield lambda step: status.update(f"{safe(name)}: {safe(step)}")


class Steps:
    """Where a workbook tells of its waiting, before it is known what is under way then.

    A command that asks in the middle has two steps to show, and between them nothing.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._say: Callable[[str], None] = _say_nothing

    def __call__(self, step: str) -> None:
        """Show a step of what is under way now."""
        self._say(step)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the steps from now on, to the end of the block."""
        with progress(self._name) as say:
            self._say = say
            try:
                yield
            finally:
                self._say = _say_nothing


def table(title: str, *columns: tuple[str, dict[str, Any]]) -> Table:
    """Return an empty table with headed columns."""
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", box=None)
    for header, options in columns:
        made.add_column(safe(header), **options)
    return made


def day(text: str | None) -> date | None:
    """Return the day that a command is to work for, if one was given as 2026-11-23.

    Raises:
        WrongUsage: the text is not a date.

    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(
            f"“{text}” is not a date.", hint="Write year, month and day, as in --today 2026-11-23."
        ) from error
