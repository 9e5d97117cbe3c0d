"""``sheetfunnel new``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.screen import out, safe
from sheetfunnel.errors import NoAccess, WrongUsage
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, languages
from sheetfunnel.workbook.layout import templates_folder

Language = Annotated[str, typer.Option("--language", metavar="CODE", help="The language of the workbook.")]


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to make.")],
    *,
    language: Language = DEFAULT_LANGUAGE,
) -> None:
    """Make a new, empty workbook.

    Examples: [bold]sheetfunnel new sales.xlsx[/]   [bold]sheetfunnel new ventas.xlsx --language es[/]
    """
    make_workbook(file, language)
    out.print(f"Made {safe(file)}. Open it and begin on the first tab; then: sheetfunnel sync {safe(file)}")


def make_workbook(file: Path, language: str) -> None:
    """Put a copy of the built template at ``file``, which must not exist.

    Raises:
        WrongUsage: the file exists, is not named .xlsx, or there is no such language.
        NoAccess: the folder cannot be written.

    """
    if language not in languages():
        raise WrongUsage(
            f"There is no workbook in the language “{language}”.",
            hint=f"Choose one of: {', '.join(languages())}.",
        )
    if file.suffix.lower() != ".xlsx":
        raise WrongUsage(
            f"{file} is not the name of a workbook.", hint=f"Name it {file.stem or 'sales'}.xlsx."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with (
            (templates_folder() / f"sheetfunnel.{language}.xlsx").open("rb") as built,
            file.open("xb") as made,
        ):
            shutil.copyfileobj(built, made)
    except FileExistsError as error:
        raise WrongUsage(
            f"{file} exists already; it was left as it is.", hint="Choose another name, or sync this one."
        ) from error
    except OSError as error:
        raise NoAccess(
            f"{file} cannot be written: {error.strerror}.", hint="Choose another folder."
        ) from error
