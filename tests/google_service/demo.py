"""The whole way to a Google Sheet without an account: `make google-demo`.

A stand-in for the service is started on this machine; the commands set a sheet up there, the invented
practice is put into it, and it is synced. What the sheet shows is kept as an Excel file to look at. Then the
stand-in goes on, so that a person can type commands of their own, until Ctrl+C.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path

from sheetfunnel.cli import main as sheetfunnel
from sheetfunnel.demo_data import demo_tables
from sheetfunnel.stores import open_workbook
from sheetfunnel.stores.google.credentials import FOLDER, KEY_FILE
from sheetfunnel.stores.google.session import ENDPOINT
from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.workbook.append import additions_plan
from sheetfunnel.workbook.decode import decode
from tests.google_service.server import Server


def main() -> int:
    options = argparse.ArgumentParser(prog="make google-demo", description=__doc__)
    options.add_argument("--port", type=int, default=8899)
    options.add_argument("--language", default="en")
    options.add_argument("--locale", default="en_US", help="of the sheet, such as es_ES")
    options.add_argument("--export", type=Path, default=Path("demo/google.xlsx"))
    options.add_argument("--once", action="store_true", help="end when the sheet is synced and exported")
    chosen = options.parse_args()
    try:
        server = Server(chosen.port)
    except OSError:
        sys.stderr.write(f"Another program listens on port {chosen.port}. Give another: --port 8900\n")
        return 75
    with tempfile.TemporaryDirectory(prefix="sheetfunnel-google-") as folder:
        key = server.service.make("Sales", locale=chosen.locale)
        said = _led_there(server, Path(folder))
        _shown(key, chosen.language)
        chosen.export.parent.mkdir(parents=True, exist_ok=True)
        server.service.export(key, chosen.export)
        _say(f"\nWhat the sheet shows is in {chosen.export}.")
        if not chosen.once:
            _say(
                f"\nThe stand-in listens on {server.service.url} until Ctrl+C; nothing leaves this machine.\n"
                f"In another terminal:\n  {said}\n  sheetfunnel sync {key}"
            )
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    server.close()
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _led_there(server: Server, folder: Path) -> str:
    """Lead the commands to the stand-in; return the line by which a terminal does the same."""
    credentials = server.service.tokens.key_file(server.service.robot, folder / "key.json")
    settings = {
        ENDPOINT: server.service.url,
        KEY_FILE: str(credentials),
        FOLDER: str(folder / "config"),
        VARIABLE: str(folder / "state"),
    }
    os.environ.update(settings)
    return "export " + " ".join(f"{name}={value}" for name, value in settings.items())


def _shown(key: str, language: str) -> None:
    """Set the sheet up, put the practice into it, sync it, and show the week, as a person would."""
    _typed("new", "--google", key, "--language", language)
    workbook = open_workbook(key)
    blank = workbook.read()
    rows = demo_tables(language, date.today())  # noqa: DTZ011 - the demo begins today
    workbook.write(additions_plan(decode(blank).places, rows), revision=blank.revision)
    _say("\nThe rows of an invented practice were typed into it.")
    _typed("sync", key)
    _typed("week", key)


def _typed(*words: str) -> None:
    _say(f"\n$ sheetfunnel {' '.join(words)}")
    code = sheetfunnel(words)
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    sys.exit(main())
