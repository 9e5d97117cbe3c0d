"""``sheetfunnel template``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.command import Command
from sheetfunnel.cli.screen import line, safe
from sheetfunnel.errors import NoAccess
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels
from sheetfunnel.workbook.layout import templates_folder

template = typer.Typer(no_args_is_help=True)


@template.callback()
def _group() -> None:
    """Hold the commands that begin with ``template``."""


@template.command(cls=Command)
def build(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where to put them; by default the program's own folder."),
    ] = None,
) -> None:
    """Build the workbooks anew from workbook.toml and the catalogues, one for each language.

    Examples:
    [bold]sheetfunnel template build[/]
    [bold]sheetfunnel template build built[/]

    """
    from sheetfunnel.template.build import build_all

    target = folder or templates_folder()
    try:
        target.mkdir(parents=True, exist_ok=True)
        built = build_all(target)
    except OSError as error:
        raise NoAccess(
            f"“{target}” cannot be written: {error.strerror}.", hint="Name a folder that you may write."
        ) from error
    for path in built:
        line(safe(labels(DEFAULT_LANGUAGE).text("cli.built", file=str(path))))
