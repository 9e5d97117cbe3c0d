"""``sheetfunnel check``."""

from __future__ import annotations

from sheetfunnel.cli.options import AsJson, File
from sheetfunnel.cli.screen import out, print_json, progress, safe, table
from sheetfunnel.errors import ExitCode
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.decode import decode
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.tabs.check import where


def check(file: File, *, as_json: AsJson = False) -> int:
    """Read the workbook and print every cell that cannot be read, and what to do; write nothing.

    The exit code is 1 when something was found.

    Example: [bold]sheetfunnel check sales.xlsx[/]
    """
    with progress(file):
        decoded = decode(open_workbook(file).read())
    words = labels(decoded.language)
    found = [(where(finding), finding.shown, words.say(finding.remark)) for finding in decoded.findings]
    if as_json:
        print_json([{"where": place, "shown": shown, "message": said} for place, shown, said in found])
    elif not found:
        out.print(f"{safe(file)}: {len(decoded.rows):,} rows, every cell could be read.")
    else:
        listed = table(
            f"{safe(file)}: {len(found):,} to look at",
            (words.text("column.check.where"), {"overflow": "fold"}),
            (words.text("column.check.shown"), {"overflow": "fold"}),
            (words.text("column.check.what"), {"overflow": "fold", "ratio": 1}),
        )
        for row in found:
            listed.add_row(*map(safe, row))
        out.print(listed)
    return ExitCode.FOUND if found else ExitCode.DONE
