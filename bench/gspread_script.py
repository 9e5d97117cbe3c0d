"""What a person would write with gspread for the same job: read, six result columns, three small tabs anew.

It is written as gspread's documentation does it, and well: the tabs are fetched as rows, the results go in
one range, each small tab is cleared and filled in one range.
"""

from __future__ import annotations

import gspread

#: The result columns, and the tabs that are written anew, as the workbook calls them.
_FIRST, _LAST = "C", "H"
_SMALL = ("Allocation", "Dashboard", "Check")


def sync(client: gspread.Client, key: str) -> int:
    """Read a sheet and write its results; return how many rows it has."""
    book = client.open_by_key(key)
    rows = book.worksheet("Objectives").get_all_records(head=1)
    book.worksheet("Settings").get_all_values()
    book.worksheet("Ideal client").get_all_values()
    filled = [row for row in rows if row["Client"]]
    results = [_result(row, at) for at, row in enumerate(filled)]
    book.worksheet("Objectives").update(results, f"{_FIRST}2:{_LAST}{len(results) + 1}")
    for title in _SMALL:
        tab = book.worksheet(title)
        tab.batch_clear(["A5:H40"])
        tab.update([[f"{title} {row}", row, row / 4, "a few words"] for row in range(20)], "A5:D24")
    return len(filled)


def _result(row: dict[str, int | float | str], at: int) -> list[int | str]:
    """Return six results of the kind and the length that the program writes."""
    key = f"{row['Client']} · {row['Objective']}"
    why = f"An influence is contacted, but the fit is not confirmed yet. First contact {at % 90} days ago."
    return [key, "Above the funnel", at + 1, "Ask until you both see the fit", why, f"B {60 + at % 30}"]
