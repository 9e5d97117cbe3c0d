"""The recorded data that is kept beside the project; its licences keep it out of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
DATA = SHARED / "data"

needs_shared = pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no recorded data in {DATA}")
