"""``sheetfunnel doctor``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated

import typer

from sheetfunnel.cli.options import AsJson
from sheetfunnel.cli.screen import line, print_json, safe
from sheetfunnel.digest.settings import mail_file
from sheetfunnel.doctor.google import probed
from sheetfunnel.doctor.look import Answer, Here
from sheetfunnel.doctor.looks import HERE, WORKBOOK
from sheetfunnel.errors import ExitCode
from sheetfunnel.schedule.installed import installed
from sheetfunnel.stores import private_folder, settled
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, labels

_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]"}


def doctor(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="The workbooks to look at; by default those of the schedule."),
    ] = None,
    *,
    google: Annotated[
        str | None,
        typer.Option("--google", metavar="URL", help="Look at this Google Sheet too.", show_default=False),
    ] = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            metavar="",
            help="Try on the Google Sheets what Google allows: on a tab that goes again.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Look whether machine, schedule and workbooks are well, and say what to do where they are not.

    It changes nothing (but see --probe). The exit code is 1 if something is amiss.

    Examples:
    [bold]sheetfunnel doctor[/]
    [bold]sheetfunnel doctor sales.xlsx[/]
    [bold]sheetfunnel doctor --google https://docs.google.com/spreadsheets/d/KEY --probe[/]

    """
    named = [*(files or ()), *([google] if google else ())]
    found = list(_found(named, probe=probe))
    words = labels(DEFAULT_LANGUAGE)
    if as_json:
        print_json(
            [
                {"about": about, "well": answer.well, "label": answer.label, "told": _sentence(answer)}
                for about, answer in found
            ]
        )
    else:
        before = ""
        for about, answer in found:
            if about != before:
                heading = f"doctor.about.{about}"
                line(f"[bold]{safe(words.text(heading) if heading in words.texts else about)}[/]", hang=2)
                before = about
            line(f"{_MARKS[answer.well]} {safe(_sentence(answer))}", indent=2, hang=4)
    return ExitCode.DONE if all(answer.well for _, answer in found) else ExitCode.FOUND


def _found(files: list[str], *, probe: bool) -> Iterator[tuple[str, Answer]]:
    """Yield what each look found, with what it is about: a heading, or the reference of a workbook."""
    state = private_folder()
    here = Here(state=state, schedule=installed(state), mail=mail_file(os.environ))
    for about, looks in HERE.items():
        yield from ((about, answer) for look in looks if (answer := look(here)))
    references = map(settled, files) if files else here.schedule.references if here.schedule else ()
    for reference in references:
        yield from ((reference, answer) for look in WORKBOOK if (answer := look(reference)))
        if probe:
            yield from ((reference, answer) for answer in probed(reference))


def _sentence(answer: Answer) -> str:
    return labels(DEFAULT_LANGUAGE).text(f"doctor.{answer.label}", **answer.params)
