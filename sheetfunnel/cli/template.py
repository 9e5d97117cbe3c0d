"""``sheetfunnel template``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.screen import out, safe
from sheetfunnel.workbook.layout import templates_folder

template_app = typer.Typer(name="template", help="The workbooks that `new` copies.", no_args_is_help=True)


@template_app.callback()
def _group() -> None:
    """Hold the commands that begin with ``template``."""


@template_app.command()
def build(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where to put them; by default the program's own folder."),
    ] = None,
) -> None:
    """Build the workbooks anew from workbook.toml and the catalogues, one for each language.

    Example: [bold]sheetfunnel template build[/]
    """
    from sheetfunnel.template.build import build_all

    target = folder or templates_folder()
    target.mkdir(parents=True, exist_ok=True)
    for path in build_all(target):
        out.print(f"Built {safe(path)}")
