"""The formulas by which a Google Sheet shows the results: one in each header cell, for its whole column.

Each row makes its key of what is typed in it, and finds its results on the hidden tab by that key. So a row
can be sorted, inserted or deleted at any time, and no result is ever shown beside another row; and no deleted
row takes a formula with it. A formula speaks of whole columns from its own row on, the header's: one that
began with the first row of data would be moved by whoever inserts a row above it, and show every result a
row too high. Arguments stand apart by semicolons, which every locale of Google Sheets understands.
"""

from __future__ import annotations

from collections.abc import Mapping

from sheetfunnel.workbook.keys import JOINT
from sheetfunnel.workbook.layout import layout, letters

#: What a header cell begins with that holds a look-up.
LOOK_UP = "=ARRAYFORMULA(IF(ROW("


def look_up_formulas(
    columns: Mapping[str, str], headers: Mapping[str, str], *, results_title: str, header: int = 1
) -> dict[str, str]:
    """Return the formula of the header cell of every result column, by the column's key.

    ``columns`` are the letters of the columns of Objectives, by key: those of people's that are not there are
    left out of the key. ``headers`` are the texts of the result columns' headers, by key, and only these get
    a formula. ``results_title`` is what the tab ``_results`` is called, ``header`` the row of the headers.
    """
    spans = {key: f"{letter}{header}:{letter}" for key, letter in columns.items()}
    bodies = {key: _found(spans["key"], key, results_title) for key in headers if key != "key"}
    if "key" in headers:
        bodies["key"] = _key(spans)
    start = (
        f"{LOOK_UP}{spans['client']})=ROW({columns['client']}{header});"  # its own column would be a circle
    )
    return {key: f"{start}{_text(headers[key])};{body}))" for key, body in bodies.items()}


def _key(spans: Mapping[str, str]) -> str:
    """Return the key of each row, as :func:`~sheetfunnel.workbook.keys.objective_key` makes it."""
    client, objective = spans["client"], spans["objective"]
    joint = _text(JOINT)
    made = f"{client}&{joint}&{_or_service(spans)}{_ended(spans, joint)}"
    typed = f'IF(LEN({client})+LEN({objective})=0;"";{made})'
    return f'IF(LEN({spans["id"]});{spans["id"]}&"";{typed})' if "id" in spans else typed


def _or_service(spans: Mapping[str, str]) -> str:
    objective = spans["objective"]
    return f"IF(LEN({objective});{objective};{spans['service']})" if "service" in spans else objective


def _ended(spans: Mapping[str, str], joint: str) -> str:
    if not {"outcome", "closed_on"} <= spans.keys():
        return ""
    outcome, day = spans["outcome"], spans["closed_on"]
    return f'&IF(LEN({outcome})*LEN({day});{joint}&TEXT({day};"yyyy-mm-dd");"")'


def _found(key: str, column: str, results_title: str) -> str:
    table = layout().table("results")
    title = results_title.replace("'", "''")
    searched, shown = (
        f"'{title}'!{letter}{table.row + 1}:{letter}"
        for letter in (letters(table.column + table.position(each)) for each in ("key", column))
    )
    return f'IF(LEN({key});IFNA(XLOOKUP({key};{searched};{shown}));"")'


def _text(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
