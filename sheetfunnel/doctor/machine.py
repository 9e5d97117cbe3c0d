"""Looks at the machine: the program, its private folder, the disk, the time zone, the settings of mail."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import tempfile

from sheetfunnel import __version__
from sheetfunnel.agenda.times import zone
from sheetfunnel.digest.settings import mail_settings
from sheetfunnel.doctor.look import Answer, Here, amiss, well
from sheetfunnel.errors import SheetfunnelError
from sheetfunnel.findings import Param
from sheetfunnel.typed import as_typed
from sheetfunnel.workbook.labels import languages
from sheetfunnel.workbook.layout import templates_folder

#: So many megabytes hold the ten backups of a large workbook.
_ROOM = 200
_MEGA = 1_000_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def program(here: Here) -> Answer:
    """Look whether the program is whole: its templates belong to it."""
    del here
    missing = [
        name
        for language in languages()
        if not (templates_folder() / (name := f"sheetfunnel.{language}.xlsx")).exists()
    ]
    if missing:
        return amiss("program.broken", folder=str(templates_folder()), name=missing[0])
    return well("program", version=__version__, python=platform.python_version())


def private_folder(here: Here) -> Answer:
    """Look whether the private folder can be written, and by whom it can be read."""
    if os.name != "nt" and here.state.stat().st_mode & _OTHERS:
        return amiss("state.open", folder=as_typed(here.state))
    try:
        with tempfile.TemporaryFile(dir=here.state) as file:
            file.write(b"can this be written")
            file.flush()
    except OSError as error:
        return amiss("state.closed", folder=str(here.state), reason=str(error.strerror))
    return well("state", folder=str(here.state))


def room(here: Here) -> Answer:
    """Look whether the disk has room for backups and the log."""
    free = shutil.disk_usage(here.state).free // _MEGA
    told: dict[str, Param] = {"count": free, "folder": str(here.state)}
    return well("room", **told) if free >= _ROOM else amiss("room.little", **told)


def time_zone(here: Here) -> Answer:
    """Look whether the machine says where it is: the day of a sync and the calendar depend on it."""
    del here
    try:
        return well("zone", name=str(zone(None)))
    except SheetfunnelError:
        return amiss("zone.unknown")


def mail(here: Here) -> Answer | None:
    """Look at the settings of mail, if there are any; nothing of them is told but the file."""
    named = any(name.startswith("SHEETFUNNEL_MAIL_") for name in os.environ)
    if not named and (here.mail is None or not here.mail.exists()):
        return None
    try:
        mail_settings(os.environ, here.mail)
    except SheetfunnelError as error:
        return amiss("mail.wrong", message=error.message, hint=error.hint)
    return well("mail")
