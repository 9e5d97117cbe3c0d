"""The recorded data that is kept beside the project; its licences keep it out of the repository.

Without it the tests that need it are skipped, and say so; in CI they run, and fail where it is missing.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
DATA = SHARED / "data"

needs_shared = pytest.mark.skipif(
    not DATA.is_dir() and os.environ.get("CI") != "true", reason=f"there is no recorded data in {DATA}"
)
