"""What is said when a new file is not what was planned."""

from __future__ import annotations

from sheetfunnel.errors import UnreadableWorkbook


class Differing(UnreadableWorkbook):
    """The new file is not what was planned; the old one is as it was."""


def differs(what: str) -> Differing:
    """Return the refusal of a new file in which something else has changed than was planned."""
    return Differing(
        f"The new file did not read back as planned: {what} would have changed. Nothing was written.",
        hint="Open the workbook in Excel or LibreOffice, save it as .xlsx under another name, use that file.",
    )
