"""The options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="The day to work for, as 2026-11-23.")
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print the result as JSON, for scripts.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="The workbook.")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="NAME", help="One person's week.")]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", metavar="", help="Print each cell that would change, old and new; write nothing."
    ),
]
