"""``sheetfunnel login``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.screen import line, safe


def login(
    client_file: Annotated[
        Path, typer.Argument(metavar="CLIENT_FILE", help="The OAuth client (JSON) of your Google project.")
    ],
    *,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", metavar="", help="Print the address, and open no browser.")
    ] = False,
) -> None:
    """Let the program work in your Google Sheets as you, instead of as a service account.

    Your browser opens and asks. The token is kept on this machine, where only you can read it.

    Examples:
    [bold]sheetfunnel login client_secret.json[/]
    [bold]sheetfunnel login client_secret.json --no-browser[/]

    """
    from sheetfunnel.stores.google.login import log_in

    kept = log_in(client_file, open_browser=not no_browser)
    line(f"Logged in. The token is in {safe(kept)}, and only you can read it.", hang=2)
