"""Files that a command makes anew at each call, such as a page; never in the place of another kind."""

from __future__ import annotations

from pathlib import Path

from sheetfunnel.errors import NoAccess, WrongUsage
from sheetfunnel.stores import names_google_sheet
from sheetfunnel.workbook.labels import Labels


def called(file: str, words: Labels) -> str:
    """Return what a workbook is called in what is made of it: a file by its name, a sheet as one."""
    if names_google_sheet(file):
        return words.text("digest.sheet")
    return Path(file).name.encode(errors="replace").decode()  # a name may hold what is no letter


def refuse_other_kinds(target: Path, *kinds: str) -> None:
    """Refuse to write over what is not of these kinds (``.html``), such as the workbook itself.

    What is no file, as a pipe, is written to whatever it is called.

    Raises:
        WrongUsage: it is of another kind.

    """
    if target.suffix.lower() not in kinds and (target.is_file() or not target.exists()):
        raise WrongUsage(
            f"“{target}” does not end in {kinds[0]}; nothing was written, so that no other file is lost.",
            hint=f"Name a file such as week{kinds[0]}.",
        )


def write_anew(target: Path, content: bytes) -> None:
    """Write a file, in place of an earlier one of the same name.

    Raises:
        NoAccess: it may not be written there.

    """
    try:
        target.write_bytes(content)
    except OSError as error:
        raise NoAccess(
            f"“{target}” cannot be written ({error.strerror}).", hint="Name a file that you may write."
        ) from error
