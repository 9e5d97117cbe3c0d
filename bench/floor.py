"""What no program can avoid: unpack the tabs that a sync changes, pack them again, copy the rest."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from sheetfunnel.tables.deflate import deflating

source = Path(sys.argv[1])
with zipfile.ZipFile(source) as old, source.with_suffix(".new").open("wb") as new:
    for entry in old.infolist():
        if "worksheets/sheet" not in entry.filename:
            with source.open("rb") as packed:
                packed.seek(entry.header_offset)
                new.write(packed.read(entry.compress_size))
            continue
        packer = deflating()  # as a sync packs them
        with old.open(entry) as part:
            while piece := part.read(1 << 20):
                new.write(packer.compress(piece))
        new.write(packer.flush())
