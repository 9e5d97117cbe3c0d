"""All looks, in the order in which they are told; a further one is a line here and its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sheetfunnel.doctor import books, google, machine, timer
from sheetfunnel.doctor.look import Look, WorkbookLook

#: At the machine.
MACHINE: Final[Sequence[Look]] = (
    machine.program,
    machine.private_folder,
    machine.room,
    machine.time_zone,
    machine.mail,
)

#: At the schedule.
SCHEDULE: Final[Sequence[Look]] = (timer.scheduled, timer.daemon, timer.interpreter, timer.recent, timer.log)

#: At each workbook; one that does not concern its kind returns nothing.
WORKBOOK: Final[Sequence[WorkbookLook]] = (
    google.identity_there,
    books.read,
    books.may_be_written,
    books.open_elsewhere,
    books.copies,
)

#: The looks that belong under one heading, by its key.
HERE: Final[Mapping[str, Sequence[Look]]] = {"machine": MACHINE, "schedule": SCHEDULE}
