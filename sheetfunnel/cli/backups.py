"""``sheetfunnel backups``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sheetfunnel.cli.options import AsJson, File
from sheetfunnel.cli.screen import line, print_json, print_table, safe, table
from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.generations import Generation, Keeping
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, Labels, labels

_KILO = 1000


def backups(file: File, *, as_json: AsJson = False) -> int:
    """List the earlier generations that are kept of a workbook, and where they are.

    Each writing keeps what it displaces: the ten latest, for 14 days.

    Examples:
    [bold]sheetfunnel backups sales.xlsx[/]
    [bold]sheetfunnel backups sales.xlsx --json[/]

    """
    workbook = open_workbook(file)
    if not isinstance(workbook, Keeping):
        raise WrongUsage(
            "No earlier generations are kept of this workbook.", hint="Use its own history of versions."
        )
    kept = workbook.generations()
    if as_json:
        folder = str(workbook.kept_in)
        print_json({"file": file, "folder": folder, "generations": [_as_json(each) for each in kept]})
        return 0
    words = labels(DEFAULT_LANGUAGE)
    if kept:
        _print_kept(kept, words)
    told = words.text("cli.backups.where", count=len(kept), file=file, folder=str(workbook.kept_in))
    line(safe(told), hang=2)
    return 0


def _print_kept(kept: Sequence[Generation], words: Labels) -> None:
    listed = table(
        "",
        (words.text("cli.backups.displaced_by"), {}),
        (words.text("cli.backups.size"), {"justify": "right"}),
        (words.text("cli.backups.kept_at"), {"no_wrap": True}),
        (words.text("cli.backups.name"), {"overflow": "fold"}),
    )
    for each in kept:
        by = each.displaced_by.value if each.displaced_by else words.text("cli.backups.unknown")
        size = f"{words.number(max(each.size // _KILO, 1))} kB"
        listed.add_row(safe(by), safe(size), f"{each.kept_at:%Y-%m-%d %H:%M:%S}", safe(each.name))
    print_table(listed)


def _as_json(each: Generation) -> dict[str, Any]:
    return {
        "kept_at": each.kept_at.isoformat(timespec="seconds"),
        "bytes": each.size,
        "displaced_by": each.displaced_by.value if each.displaced_by else None,
        "name": each.name,
    }
