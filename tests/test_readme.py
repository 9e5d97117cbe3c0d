"""What the README shows of the program is what the program prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
#: Rooms of the tests that the documents speak of.
_TRIED = [_ROOT / "tests" / "google_service", _ROOT / "tests" / "faults" / "google"]
_SESSION = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_UPDATE = "SHEETFUNNEL_UPDATE"


def _replayed(session: str, folder: Path) -> str:
    """Type the commands of a session into a shell; return it with what they print."""
    commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SHEETFUNNEL_STATE": str(folder / "state"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    printed = (
        subprocess.run(
            ["bash", "-c", each], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        for each in commands
    )
    lines = (f"$ {command}\n{run.stdout}{run.stderr}" for command, run in zip(commands, printed, strict=True))
    return "".join("\n".join(map(str.rstrip, each.splitlines())) + "\n" for each in lines)


def test_the_session_in_the_readme_is_what_the_program_prints(tmp_path: Path) -> None:
    readme = _ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    played = _SESSION.sub(lambda session: _replayed(session[0], tmp_path), text)
    if os.environ.get(_UPDATE):
        readme.write_text(played, encoding="utf-8")
    assert played == text, f"{_UPDATE}=1 pytest {Path(__file__).name} writes it anew"


def test_every_command_of_the_program_stands_in_the_readme() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    help_text = subprocess.run(
        [sys.executable, "-m", "sheetfunnel", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = re.findall(r"^│ (\w+)", help_text.partition("Commands")[2], re.MULTILINE)
    assert len(commands) >= 8
    assert not [each for each in commands if f"`sheetfunnel {each}" not in readme]


def test_every_path_that_the_documents_name_is_there() -> None:
    for document in (_ROOT / "README.md", _ROOT / "docs" / "design.md"):
        text = document.read_text(encoding="utf-8")
        house = _ROOT / "sheetfunnel"
        rooms = [_ROOT, house, house / "funnel", house / "stores" / "excel", document.parent, *_TRIED]
        named = re.findall(r"`([\w/]+(?:/|\.(?:py|toml|md|po)))`", text) + re.findall(
            r"\]\(([\w./]+)\)", text
        )
        assert named
        assert not [each for each in named if not any((room / each).exists() for room in rooms)]
