"""``sheetfunnel new``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.screen import line, progress, safe
from sheetfunnel.errors import NoAccess, WrongUsage
from sheetfunnel.stores import open_workbook
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels, languages
from sheetfunnel.workbook.layout import templates_folder

Language = Annotated[
    str,
    typer.Option(
        "--language", metavar="CODE", help=f"The language of the workbook: {' or '.join(languages())}."
    ),
]


def new(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The workbook to make.", show_default=False)
    ] = None,
    *,
    google: Annotated[
        str | None,
        typer.Option("--google", metavar="URL", help="Set up this Google Sheet instead.", show_default=False),
    ] = None,
    language: Language = DEFAULT_LANGUAGE,
) -> None:
    """Make a new, empty workbook, or set up a Google Sheet that you share with the program.

    A sheet gets the tabs that it lacks; what stands in it stays. Twice does no harm.

    Examples:
    [bold]sheetfunnel new sales.xlsx[/]
    [bold]sheetfunnel new ventas.xlsx --language es[/]
    [bold]sheetfunnel new --google https://docs.google.com/spreadsheets/d/KEY[/]

    """
    if (file is None) == (google is None):
        raise WrongUsage(
            "It is not clear what is to be made.", hint="Give either FILE, or --google URL of a sheet."
        )
    made = str(file or google)
    if file is not None:
        make_workbook(file, language)
    elif not _set_up(made, language):
        line(safe(labels(language).text("cli.set_up_already", file=made)), hang=2)
        return
    line(
        safe(labels(language).text("cli.made", file=made, command=f"sheetfunnel sync {as_typed(made)}")),
        hang=2,
    )


def _set_up(url: str, language: str) -> bool:
    from sheetfunnel.set_up import set_up_sheet
    from sheetfunnel.stores.google.store import GoogleWorkbook

    with progress(url) as say:
        sheet = open_workbook(url, say=say)
        if not isinstance(sheet, GoogleWorkbook):
            raise WrongUsage(
                f"“{url}” is no Google Sheet.", hint=f"For a file: sheetfunnel new {as_typed(url)}"
            )
        say("Setting up")
        return set_up_sheet(sheet, language=language)


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
