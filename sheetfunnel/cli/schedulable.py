"""What a scheduler can be given: a command that stays on one line, and workbooks that can be synced."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

from sheetfunnel.cli.screen import progress
from sheetfunnel.doctor.books import may_be_written
from sheetfunnel.errors import Busy, NoAccess, WrongUsage
from sheetfunnel.schedule.job import Job
from sheetfunnel.stores import open_workbook
from sheetfunnel.workbook.decode import decode

#: Control characters, and what stands for bytes of a name that are no letters.
_NO_LETTER: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def refuse_breaks(job: Job) -> None:
    """Refuse a command that no line of a scheduler can hold: a break would begin a line of its own.

    Raises:
        WrongUsage: a word of it holds a control character, or bytes that are no letters.

    """
    for word in job.command:
        if _NO_LETTER.search(word):
            raise WrongUsage(
                f"The path “{word}” holds a character that no scheduler can keep; nothing was installed.",
                hint="Name another private folder in the environment variable SHEETFUNNEL_STATE, or install "
                "the program in another place.",
            )


def refuse_unfit(reference: str) -> None:
    """Refuse what cannot be read as a workbook or not be written; one that somebody has open is fine.

    Raises:
        WrongUsage, UnreadableWorkbook, ContractBroken: it is no workbook of ours.
        NoAccess: it may not be read, or not be written.

    """
    with suppress(Busy), progress(reference) as say:
        decode(open_workbook(reference, say=say).read())
    answer = may_be_written(reference)
    if answer and not answer.well:
        raise NoAccess(
            f"“{answer.params['file']}” may not be written by this user, so it could not be synced; "
            "nothing was installed.",
            hint="Give this user the right to write there, or install a copy that may be written.",
        )
