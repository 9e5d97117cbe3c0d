"""Files that are named like a workbook and are none: locks, unfinished files, copies made by sync folders."""

from __future__ import annotations

import platform
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.findings import Code, Remark, remark

_NOT_A_WORKBOOK: Final = re.compile(r"~\$.*|\.~lock\..*#|.*\.tmp", re.IGNORECASE | re.DOTALL)

#: What sync folders write into the name of the copy that they make when two people saved the same file.
#: Dropbox and Nextcloud speak the language of their user.
_WORDS: Final = (
    "conflicted copy|conflicting copy|case conflict|sfconflict"
    "|copia en conflicto|còpia en conflicte|copia in conflitto|cópia em conflito|copie en conflit"
    "|in konflikt stehende kopie|konfliktkopie|conflicterende kopie|冲突副本|衝突複本|競合コピー"
)
#: The mark between the name and its ending. What stands in brackets may hold further ones: "(Ann's conflicted
#: copy 2026-01-02 (1))". A number of three digits or more is a year, or the person's own.
_MARK: Final = re.compile(
    rf"""
      \s?\( (?=.*(?:{_WORDS.replace(" ", "[ ]")}|conflict[ ]\d{{4}}-))
        (?:[^()]|\([^()]*\))* \) (?:\s?\(\d+\))?
    | \.sync-conflict-.*
    | _conflict-\d{{8}}-\d{{6}}
    | _.*-\d{{4}}_conflict
    | \s?\[conflicted\]
    | \s\([1-9]\d?\)
    | (?-i:-(?:DESKTOP|LAPTOP|WIN)-(?=[A-Z]*\d)[0-9A-Z]{{7,11}})
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ANYWHERE: Final = re.compile(rf"{_WORDS}|\.sync-conflict-", re.IGNORECASE)
_SHOWN: Final = 3


def refuse_other_name(path: Path) -> None:
    """Refuse a lock, a temporary file or a conflict copy that was taken for a workbook.

    Raises:
        WrongUsage: by its name it is one.

    """
    if _NOT_A_WORKBOOK.fullmatch(path.name):
        raise WrongUsage(
            f"“{path.name}” is a lock or temporary file, not a workbook.",
            hint="Name the workbook itself; such files vanish when it is closed.",
        )
    stem = _composed(path.stem)
    original = _original(stem)
    if original != stem or _ANYWHERE.search(stem):
        itself = f"“{original}{path.suffix}”" if original != stem else "the file without that in its name"
        raise WrongUsage(
            f"“{path.name}” has the name of a second copy, as sync folders and browsers make them; it was "
            "left alone.",
            hint=f"Sync the workbook itself, {itself}. If this copy is the one that you want to work in, "
            "rename it first.",
        )


def conflict_copies(path: Path) -> list[Path]:
    """Return the copies of a workbook beside it that a sync folder made when two people saved at once."""
    stem, suffix = _composed(path.stem), path.suffix.lower()
    with suppress(OSError):  # a folder that may not be listed shows none
        beside = (each for each in path.parent.iterdir() if each.suffix.lower() == suffix)
        return sorted(each for each in beside if _is_copy(_composed(each.stem), stem))
    return []


def tell_conflict_copies(path: Path) -> list[Remark]:
    """Return a warning if conflict copies stand beside a workbook: what was typed there is in no sync."""
    copies = [each.name for each in conflict_copies(path)]
    if not copies:
        return []
    more = ("…",) if len(copies) > _SHOWN else ()
    shown = (*copies[:_SHOWN], *more)
    return [remark(Code.CONFLICT_COPY, names=shown, count=len(copies), file=path.name)]


def tell_hard_links(path: Path) -> list[Remark]:
    """Return a warning if a workbook has other names: the new file takes this one, and they keep the old."""
    with suppress(OSError):  # the writing will tell
        others = path.stat().st_nlink - 1
        return [remark(Code.HARD_LINK, file=path.name, count=others)] if others > 0 else []
    return []


def _composed(text: str) -> str:
    """Return a name as it is typed; some file systems take its accents apart."""
    return unicodedata.normalize("NFC", text)


def _original(stem: str) -> str:
    """Return the name of which a name is a conflict copy; itself if it is none."""
    for found in re.finditer(r"[\s(._\[-]", stem):
        if found.start() and _MARK.fullmatch(stem, found.start()):
            return stem[: found.start()]
    return stem


def _is_copy(stem: str, original: str) -> bool:
    if not stem.startswith(original):
        return False
    # OneDrive names the machine. Somebody may call a file so too, so that only beside the other it is a copy.
    return _MARK.fullmatch(stem, len(original)) is not None or _is_of_this_machine(stem, original)


def _is_of_this_machine(stem: str, original: str) -> bool:
    return stem[len(original) :].casefold() == f"-{platform.node()}".casefold()
