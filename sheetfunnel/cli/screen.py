"""What commands print: results on stdout, remarks on stderr, colour and progress only on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

#: Characters that would steer a terminal; the text of a cell must not.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: object) -> str:
    """Return a person's text so that it is shown as it is: no control sequences, no markup."""
    return "" if text is None else escape(_CONTROL.sub("", str(text)))


def complain(message: str, hint: str) -> None:
    """Say what went wrong, and what to do next."""
    err.print(f"[bold red]Error:[/] {safe(message)}", soft_wrap=True)
    if hint:
        err.print(f"[bold]What to do:[/] {safe(hint)}", soft_wrap=True)


def remark(text: str) -> None:
    """Say something beside the results."""
    err.print(safe(text), soft_wrap=True)


def print_json(value: object) -> None:
    """Print a result for a script to read."""
    out.file.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


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


def table(title: str, *columns: tuple[str, dict[str, Any]]) -> Table:
    """Return an empty table with headed columns."""
    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", box=None)
    for header, options in columns:
        made.add_column(safe(header), **options)
    return made


def day(text: str | None) -> date:
    """Return the day that a command works for: the one given as 2026-11-23, else the machine's.

    Raises:
        WrongUsage: the text is not a date.

    """
    from sheetfunnel.errors import WrongUsage

    if text is None:
        return date.today()  # noqa: DTZ011 - a file's today is the machine's date
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(
            f"“{text}” is not a date.", hint="Write year, month and day, as in --today 2026-11-23."
        ) from error
