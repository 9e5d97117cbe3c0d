"""``sheetfunnel new``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.screen import line, safe
from sheetfunnel.errors import NoAccess, WrongUsage
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels, languages
from sheetfunnel.workbook.layout import templates_folder

Language = Annotated[
    str,
    typer.Option(
        "--language", metavar="CODE", help=f"The language of the workbook: {' or '.join(languages())}."
    ),
]


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to make.")],
    *,
    language: Language = DEFAULT_LANGUAGE,
) -> None:
    """Make a new, empty workbook.

    Examples:
    [bold]sheetfunnel new sales.xlsx[/]
    [bold]sheetfunnel new ventas.xlsx --language es[/]

    """
    make_workbook(file, language)
    words = labels(language)
    line(safe(words.text("cli.made", file=str(file), command=f"sheetfunnel sync {shown(file)}")), hang=2)


def shown(file: Path | str) -> str:
    """Return a file's name as it is typed in a command: in quotes if it holds a space."""
    text = str(file)
    return f'"{text}"' if " " in text else text


def make_workbook(file: Path, language: str, *, with_folder: bool = False) -> None:
    """Put a copy of the built template at ``file``, which must not exist.

    Raises:
        WrongUsage: the file exists, is not named .xlsx, its folder is missing (unless that is to be made
            too), or there is no such language.
        NoAccess: the folder cannot be written.

    """
    if language not in languages():
        raise WrongUsage(
            f"There is no workbook in the language “{language}”.",
            hint=f"Choose one of: {', '.join(languages())}.",
        )
    if file.suffix.lower() != ".xlsx":
        raise WrongUsage(
            f"“{file}” is not the name of a workbook.", hint=f"Name it {file.stem or 'sales'}.xlsx."
        )
    open_workbook(str(file))  # a name that no sync would take is refused before the file is there
    if file.exists():
        raise WrongUsage(
            f"“{file}” exists already; it was left as it is.", hint="Choose another name, or sync this one."
        )
    if not (with_folder or file.parent.exists()):
        raise WrongUsage(
            f"There is no folder “{file.parent}”.", hint="Make it first, or name a folder that is there."
        )
    try:
        if with_folder:
            file.parent.mkdir(parents=True, exist_ok=True)
        _copy(templates_folder() / f"sheetfunnel.{language}.xlsx", file)
    except OSError as error:
        raise NoAccess(
            f"“{file}” cannot be written: {error.strerror}.", hint="Choose another folder."
        ) from error


def _copy(built: Path, file: Path) -> None:
    """Copy a file to a place where there is none; if that does not succeed, there is none still."""
    with built.open("rb") as source, file.open("xb") as made:
        try:
            shutil.copyfileobj(source, made)
            made.flush()
        except BaseException:
            file.unlink(missing_ok=True)
            raise
