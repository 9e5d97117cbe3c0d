"""What a look finds: well or not, and what to say of it; the sentences stand in the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from sheetfunnel.findings import Param
from sheetfunnel.schedule.installed import Installed
from sheetfunnel.values import value


@value
class Here:
    """Where the program stands: private folder, schedule if there is one, file of mail settings."""

    state: Path
    schedule: Installed | None
    mail: Path | None


@value
class Answer:
    """What one look found: the label of its sentence (``doctor.LABEL``) and what that speaks of.

    The sentence of what is amiss says what to do next. No key, password or text of a cell is a parameter.
    """

    well: bool
    label: str
    params: Mapping[str, Param] = field(default_factory=dict)


def well(label: str, **params: Param) -> Answer:
    """Return that all is well."""
    return Answer(well=True, label=label, params=params)


def amiss(label: str, **params: Param) -> Answer:
    """Return that something is not, and what."""
    return Answer(well=False, label=label, params=params)


#: A look at the machine or the schedule; one that has nothing to say here returns nothing.
Look = Callable[[Here], Answer | None]

#: A look at one workbook, by its reference.
WorkbookLook = Callable[[str], Answer | None]
