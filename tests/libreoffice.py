"""Many workbooks through LibreOffice in one call, as starting it takes longer than opening a file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.excel_people import has_libreoffice

__all__ = ["has_libreoffice", "saved_by_libreoffice"]


#: LibreOffice 7.4 ends without a word after some 240 workbooks. A profile of its own for each call keeps
#: one that is still ending from being asked.
_AT_ONCE: Final = 100


def saved_by_libreoffice(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Open all workbooks and save them as LibreOffice does; return those that it could, by what they were."""
    given, made = folder / "given", folder / "made"
    given.mkdir(parents=True)
    copies = {path: given / f"{number}{path.suffix}" for number, path in enumerate(paths)}
    for path, copy in copies.items():
        shutil.copyfile(path, copy)
    waiting = list(copies.values())
    for first in range(0, len(waiting), _AT_ONCE):
        _save(waiting[first : first + _AT_ONCE], made, profile=folder / f"profile {first}")
    results = {path: made / f"{copy.stem}.xlsx" for path, copy in copies.items()}
    return {path: result for path, result in results.items() if result.is_file()}


def _save(paths: Sequence[Path], made: Path, *, profile: Path) -> None:
    user = f"-env:UserInstallation={profile.resolve().as_uri()}"
    command = ["soffice", "--headless", "--norestore", user, "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    command += ["--outdir", str(made), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=60 + 10 * len(paths))
