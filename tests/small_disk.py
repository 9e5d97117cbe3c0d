"""A disk in memory that is full to the last byte, under some folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MOUNT, _UMOUNT = shutil.which("mount") or "mount", shutil.which("umount") or "umount"


@contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """Put a full disk in the place of a folder for a while, with what stood in it; only root may."""
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    size = sum(len(content) + 4096 for content in kept.values()) + 32_768
    options = f"size={size},mode=700"
    subprocess.run([_MOUNT, "-t", "tmpfs", "-o", options, "small", str(folder)], check=True)
    try:
        for path, content in kept.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(content)
        _fill(folder / "filler")
        yield folder
    finally:
        subprocess.run([_UMOUNT, "--lazy", str(folder)], check=True)


def _fill(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):  # the disk is full
        while os.write(handle, b"x" * 4096):
            pass
    os.close(handle)
