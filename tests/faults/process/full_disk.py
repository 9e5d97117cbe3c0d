"""Row 4: small disks in memory that are full sooner or later, in bytes or in files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.faults.process.points import Outcome, Place, Point, Stage, child, judged, place_of

_PAGE: Final = 4_096
_ROOMY: Final = "size=64m,nr_inodes=1000"

needs_mount = pytest.mark.skipif(
    os.geteuid() != 0 and os.environ.get("CI") != "true", reason="only root may mount a small disk"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallDisk:
    """A disk under one of the two folders, with so many free pages, or free files."""

    stage: Stage
    folder: str
    pages: int = 1_000
    files: int = 1_000
    mutant: str = ""


def small_disks(stage: Stage, *, every: int) -> list[SmallDisk]:
    """Return disks that are full at each so-manieth page of what is to be written, and at each file."""
    last = stage.after.stat().st_size // _PAGE + 3
    found = [SmallDisk(stage=stage, folder="folder", pages=pages) for pages in range(0, last, every)]
    found += [SmallDisk(stage=stage, folder="state", pages=pages) for pages in range(1, last, every)]
    found += [SmallDisk(stage=stage, folder="folder", files=0)]
    return found + [SmallDisk(stage=stage, folder="state", files=files) for files in range(0, 6, every)]


def try_disk(disk: SmallDisk) -> Outcome:
    """Sync on the full disk, judge; make room, sync again, judge the end."""
    with place_of(disk.stage) as place, _mounted(disk, place) as mount:
        ended = child(place, disk.mutant)
        point = Point(stage=disk.stage, mutant=disk.mutant)
        return judged(point, place, ended, meanwhile=lambda: _remount(mount))


@contextmanager
def _mounted(disk: SmallDisk, place: Place) -> Iterator[Path]:
    raw = place.target.read_bytes()
    used = -(-len(raw) // _PAGE) if disk.folder == "folder" else 0
    files = disk.files + (2 if disk.folder == "folder" else 1)  # the folder itself, and the workbook
    mount = place.root / disk.folder
    size = (used + disk.pages) * _PAGE  # which must not be 0: that is a disk without end
    _run("mount", "-t", "tmpfs", "-o", f"size={size},nr_inodes={files}", "tmpfs", str(mount))
    try:
        if disk.folder == "folder":
            place.target.write_bytes(raw)
        yield mount
    finally:
        _run("umount", "--lazy", str(mount))


def _remount(mount: Path) -> None:
    _run("mount", "-o", f"remount,{_ROOMY}", str(mount))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
