"""Tables as Markdown writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table with headed columns."""
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def aimed(shown: str, *, met: bool) -> str:
    """Return a figure with whether it meets its aim."""
    return f"{shown} ({'met' if met else 'missed'})"


def percent(part: float) -> str:
    """Return a part of 1 in per cent."""
    return f"{100 * part:.0f} %"
