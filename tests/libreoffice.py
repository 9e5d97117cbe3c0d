"""Many workbooks through LibreOffice in one call, as starting it takes longer than opening a file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.excel_people import has_libreoffice

__all__ = ["has_libreoffice", "saved_by_libreoffice"]


def saved_by_libreoffice(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Open all workbooks and save them as LibreOffice does; return those that it could, by what they were."""
    given, made = folder / "given", folder / "made"
    given.mkdir(parents=True)
    copies = {path: given / f"{number}{path.suffix}" for number, path in enumerate(paths)}
    for path, copy in copies.items():
        shutil.copyfile(path, copy)
    profile = (folder / "profile").resolve().as_uri()
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(made), *map(str, copies.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=60 + 5 * len(paths))
    results = {path: made / f"{copy.stem}.xlsx" for path, copy in copies.items()}
    return {path: result for path, result in results.items() if result.is_file()}
