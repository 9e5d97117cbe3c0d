"""Where there is no Intel's library, zlib packs and unpacks: what holds of workbooks holds all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_WITHOUT = """
import sys
sys.modules["isal"] = None
from sheetfunnel.tables import deflate
assert deflate.deflating().__class__.__module__ == "zlib"
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
_ON_PACKED_PARTS = (
    "tests/tables/test_zip_entries.py",
    "tests/stores/test_following.py",
    "tests/test_excel_sync.py",
)


def test_what_holds_of_packed_parts_holds_with_zlib_too() -> None:
    command = [sys.executable, "-c", _WITHOUT, "-q", "-p", "no:cacheprovider", *_ON_PACKED_PARTS]
    done = subprocess.run(command, check=False, cwd=_ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
