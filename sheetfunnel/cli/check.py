"""``sheetfunnel check``."""

from __future__ import annotations

from sheetfunnel.cli.options import AsJson, File
from sheetfunnel.cli.report import finding_as_json, print_finding
from sheetfunnel.cli.screen import line, print_json, progress, safe
from sheetfunnel.errors import ExitCode
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import labels


def check(file: File, *, as_json: AsJson = False) -> int:
    """Print every cell of the workbook that cannot be read, and what to do; write nothing.

    The exit code is 1 when something was found.

    Examples:
    [bold]sheetfunnel check sales.xlsx[/]
    [bold]sheetfunnel check sales.xlsx --json[/]

    """
    with progress(file) as say:
        say("Reading")
        decoded = decode(open_workbook(file, say=say).read())
    words, found = labels(decoded.language), decoded.findings
    if as_json:
        print_json([finding_as_json(one, words) for one in found])
        return ExitCode.FOUND if found else ExitCode.DONE
    if not found:
        line(f"[bold]{safe(file)}[/]: {safe(words.text('cli.check.clean', count=len(decoded.rows)))}")
        return ExitCode.DONE
    line(f"[bold]{safe(file)}[/]: {safe(words.text('cli.check.found', count=len(found)))}")
    for one in found:
        print_finding(one, words, indent=2)
    return ExitCode.FOUND
