"""Names of files that outlast a loss of power: a folder must be written to the disk as its files must."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

_NOT_FOR_FOLDERS: Final = frozenset({errno.EINVAL, errno.ENOTSUP})  # of some network disks


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where that can be asked for.

    Raises:
        OSError: the disk failed.

    """
    if os.name == "nt":  # there a folder cannot be opened, and its journal needs no asking
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(handle)
