"""The stand-in by hand: `python -m tests.google_service --port 8899`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.google_service.server import Server


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.google_service", description=__doc__)
    options.add_argument("--port", type=int, default=8899)
    options.add_argument("--folder", type=Path, help="where the throw-away key goes (a new temporary folder)")
    options.add_argument("--locale", default="en_US", help="of the blank spreadsheet, such as es_ES")
    options.add_argument("--no-quotas", action="store_true", help="let more than 60 calls a minute through")
    chosen = options.parse_args()
    server = Server(chosen.port)
    service = server.service
    service.quotas.enforced = not chosen.no_quotas
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="sheetfunnel-google-"))
    key = service.tokens.key_file(service.robot, folder / "key.json")
    sheet = service.make("Sales", locale=chosen.locale)
    lines = [
        f"Listening on {service.url}. Nothing leaves this machine, and nothing is kept after Ctrl+C.",
        f"A blank sheet, shared with {service.robot}:",
        f"  https://docs.google.com/spreadsheets/d/{sheet}/edit",
        "To use it from another terminal:",
        f"  export SHEETFUNNEL_GOOGLE_ENDPOINT={service.url} GOOGLE_APPLICATION_CREDENTIALS={key}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
