"""``sheetfunnel share``."""

from __future__ import annotations

from typing import Annotated

import typer

from sheetfunnel.cli.screen import line, progress, safe

Url = Annotated[str, typer.Argument(metavar="URL", help="The Google Sheet: its URL, or the key in it.")]


def share(
    sheet: Url,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person to let in.")],
    *,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="editor, commenter or viewer.")
    ] = "editor",
) -> None:
    """Let somebody into a Google Sheet, as editor, commenter or viewer.

    Google tells them by mail. The program can share only what was shared with it as Editor.

    Examples:
    [bold]sheetfunnel share https://docs.google.com/spreadsheets/d/KEY anna@example.com[/]
    [bold]sheetfunnel share KEY boss@example.com --role viewer[/]

    """
    from sheetfunnel.stores.google.connection import Connection
    from sheetfunnel.stores.google.credentials import DRIVE, identity
    from sheetfunnel.stores.google.reference import sheet_key
    from sheetfunnel.stores.google.sharing import share_sheet

    key = sheet_key(sheet)
    with progress(sheet) as say:
        share_sheet(Connection(identity(DRIVE), say=say), key, email, role=role)
    line(f"Shared with {safe(email)} as {safe(role)}.")
