"""Measure what the program's judgement is worth, and write it down beside what it is measured against.

    python bench/evidence.py [--keep docs/evidence.md] [--seeds 200]

Every figure but those of time is the same on every run, as all chance is seeded. The whole takes some five
minutes on one core,
most of it for the forecasts of the simulated practices.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

_HEAD = """# Evidence

What the program's judgement is worth, measured by `make evidence` (`bench/evidence.py`): each figure with its
data, what it is measured against, and its limits. All chance is seeded, so that the page is the same on
every run. The two public lists are not part of the repository; the practices are simulated by it
(`sheetfunnel simulate`).

Some choices were made while looking at these very data, so that the figures flatter a little: the form of
the model of winning on Salvirt's deals, how sure a pattern has to be on the made lists, that months of a
quarter may differ on the Maven pipeline, and the habits of the coach and how inflow follows agreements on
the first 24 of the simulated lives. Of each past day only what was known then is used."""


def page(seeds: int) -> Iterator[str]:
    """Yield the parts of the page."""
    from bench import evidence_learning, evidence_pipeline, evidence_practice, evidence_time

    yield _HEAD
    yield from evidence_learning.parts()
    yield from evidence_pipeline.parts()
    yield from evidence_practice.parts(seeds)
    yield from evidence_time.parts()


def main() -> None:
    """Print the page, and keep it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--seeds", type=int, default=200)
    wanted = parser.parse_args()
    parts = []
    for part in page(wanted.seeds):
        sys.stdout.write(f"{part}\n\n")
        sys.stdout.flush()
        parts.append(part)
    if wanted.keep:
        wanted.keep.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
