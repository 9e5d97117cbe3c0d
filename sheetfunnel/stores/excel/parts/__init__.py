"""The parts of a workbook file beside its sheets, found by their relationships."""
