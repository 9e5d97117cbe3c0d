"""A table of other people as it was read, whatever kind of file it stood in. The file is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sheetfunnel.errors import NoAccess, UnreadableSource, WrongUsage
from sheetfunnel.findings import Remark
from sheetfunnel.tables.delimited import read_delimited
from sheetfunnel.values import value
from sheetfunnel.workbook.contract import Cell
from sheetfunnel.workbook.headings import source_heading
from sheetfunnel.workbook.layout import letters
from sheetfunnel.workbook.unread import read_text

#: What every .xlsx begins with: it is a zip archive.
_ZIP: Final = b"PK\x03\x04"


@value
class Source:
    """A table: its headings, and its rows below them.

    ``lines`` is the row of the sheet, or the line of the text, that each row stands on. ``sheet``,
    ``delimiter`` and ``encoding`` are empty where the kind of file has none.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def unnamed(self) -> frozenset[str]:
        """What columns are called that have no heading: by their letter."""
        letter = (_by_letter(index) for index in range(1, len(self.headings) + 1))
        return frozenset(self.headings) & frozenset(letter)

    def column(self, index: int) -> list[Cell]:
        """Return the cells of a column, from the left (0 is the first)."""
        return [row[index] if index < len(row) else None for row in self.rows]


def read_source(path: Path) -> Source:
    """Return the table in a CSV or xlsx file, with its headings in the first row.

    Raises:
        WrongUsage: there is no such file.
        NoAccess: this user may not read it.
        UnreadableSource: it is not such a file.
        UnreadableWorkbook: it is a workbook that is damaged or hostile.

    """
    return _of_workbook(path) if _is_workbook(path) else _of_text(path)


def _is_workbook(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WrongUsage(f"There is no file “{path}”.", hint="Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise WrongUsage(f"“{path}” is a folder.", hint="Name one file in it.") from error
    except PermissionError as error:
        raise NoAccess(f"“{path}” may not be read.", hint="Ask its owner for access, or copy it.") from error
    except OSError as error:
        raise UnreadableSource(
            f"“{path}” could not be read: {error.strerror or error}.",
            hint="Check whether its disk is there and well.",
        ) from error


def _of_text(path: Path) -> Source:
    table = read_delimited(path)
    return Source(
        name=path.name,
        headings=_headings(table.rows[0]),
        rows=table.rows[1:],
        lines=table.lines[1:],
        delimiter=table.delimiter,
        encoding=table.encoding,
        remarks=table.remarks,
    )


def _of_workbook(path: Path) -> Source:
    from sheetfunnel.tables.grid import read_grids  # slow to import, and not needed for text
    from sheetfunnel.tables.visible import visible_titles

    grids = read_grids(path)
    seen = {title: grids[title] for title in visible_titles(path) if title in grids}
    sheet, grid = _with_header(seen, path)
    filled = [
        (line, row) for line, row in enumerate(grid[1:], start=2) if any(read_text(cell) for cell in row)
    ]
    return Source(
        name=path.name,
        headings=_headings(grid[0]),
        rows=[row for _, row in filled],
        lines=[line for line, _ in filled],
        sheet=sheet,
    )


def _with_header(
    grids: Mapping[str, Sequence[Sequence[Cell]]], path: Path
) -> tuple[str, Sequence[Sequence[Cell]]]:
    """Return the sheet with most known headings in its first row; among equals the first."""
    headed = [(title, grid) for title, grid in grids.items() if grid and _is_header(grid[0])]
    if not headed:
        raise UnreadableSource(
            f"“{path.name}” has no visible sheet with headings in its first row.",
            hint="Move the table so that its headings stand in row 1, or save that sheet as CSV.",
        )
    return max(
        headed, key=lambda pair: sum(source_heading(read_text(cell)) is not None for cell in pair[1][0])
    )


def _is_header(cells: Sequence[Cell]) -> bool:
    """Whether a row holds two texts, or one that is a whole line of a delimited text."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return len(texts) > 1 or any(mark in text for text in texts for mark in ",;\t|")


def _headings(cells: Sequence[Cell]) -> tuple[str, ...]:
    texts = (" ".join(read_text(cell).split()) for cell in cells)
    return tuple(text or _by_letter(index) for index, text in enumerate(texts, start=1))


def _by_letter(index: int) -> str:
    return f"({letters(index)})"
