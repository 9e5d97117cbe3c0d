"""Setting up a Google Sheet that a person shared: the whole workbook, or what their sheet still lacks."""

from __future__ import annotations

from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores.google.store import GoogleWorkbook
from sheetfunnel.template.build import assemble
from sheetfunnel.template.google.set_up import set_up_requests, sheet_words
from sheetfunnel.template.google.standing import FIELDS
from sheetfunnel.workbook.labels import labels, languages
from sheetfunnel.workbook.layout import layout


def set_up_sheet(sheet: GoogleWorkbook, *, language: str) -> bool:
    """Put into a sheet what a workbook of ours has and it has not; return whether it lacked anything.

    Two calls; a second set-up makes one, and changes nothing. Other tabs stay as they are.

    Raises:
        WrongUsage: there is no such language.
        ContractBroken: a tab of other people is called like one of ours.
        NoAccess, UnreadableWorkbook, Busy, StaleRevision: as the store says.

    """
    if language not in languages():
        raise WrongUsage(
            f"There is no workbook in the language “{language}”.",
            hint=f"Choose one of: {', '.join(languages())}.",
        )
    words = sheet_words(labels(language))
    existing = sheet.described(FIELDS)
    requests = set_up_requests(assemble(layout(), words), existing, words)
    if requests:
        sheet.carry_out(requests, existing)
    return bool(requests)
