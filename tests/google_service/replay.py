"""Google's recorded answers against the stand-in's: `make replay`; the last line is the count."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.google_service.server import Server
from tests.google_service.tokens import ALL_SCOPES

REPLAY = Path(__file__).parents[3] / "shared" / "tools" / "replay.py"


def replayed(server: Server, *options: str) -> str:
    """Play the recording to a running stand-in and return what the player says."""
    token = server.service.tokens.issue(server.service.person, ALL_SCOPES)
    where = ["--base", server.service.url, "--token", token, "--reset", "/control/reset"]
    done = subprocess.run(
        [sys.executable, str(REPLAY), *where, *options],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return done.stdout


def main() -> int:
    if not REPLAY.exists():
        sys.stderr.write(f"There is no recording: {REPLAY} is missing.\n")
        return 78
    server = Server()
    sys.stdout.write(replayed(server, *sys.argv[1:]))
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
