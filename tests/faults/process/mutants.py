"""The program with one step of its publishing left out or put wrongly, to see that the campaign notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Final

from sheetfunnel.stores.excel.publishing.backups import keep_backup
from sheetfunnel.stores.excel.publishing.publish import Steps, publish

_STORE: Final = "sheetfunnel.stores.excel.store"
#: What a person saves, beside the folder of the workbook.
SAVED: Final = "saved.xlsx"

_BACKUPS: Final = "sheetfunnel.stores.excel.publishing.backups"
_PUBLISH: Final = "sheetfunnel.stores.excel.publishing.publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """What is put in the place of which function or bound of the program, each named ``module:name``."""

    swaps: Mapping[str, object]

    @contextmanager
    def apply(self) -> Iterator[None]:
        """Swap them for a while."""
        kept = []
        for place, new in self.swaps.items():
            module, _, name = place.partition(":")
            kept.append((import_module(module), name, getattr(import_module(module), name)))
            setattr(import_module(module), name, new)
        try:
            yield
        finally:
            for where, name, old in kept:
                setattr(where, name, old)


def _nothing(*_: object, **__: object) -> None:
    pass


def _replaces_before_the_read_back(target: Path, steps: Steps) -> None:
    publish(target, replace(steps, check=_nothing))
    steps.check(target)


def _does_not_look_again(target: Path, steps: Steps) -> None:
    publish(target, replace(steps, still_as_read=_nothing))


def _writes_in_place(target: Path, steps: Steps) -> None:
    new = target.with_name(f".{target.name}.sheetfunnel-0-new.tmp")
    try:
        steps.build(new)
        steps.check(new)
        steps.keep()
        steps.still_as_read(target)
        target.write_bytes(new.read_bytes())
    finally:
        new.unlink(missing_ok=True)


def _keeps_and_a_person_saves(source: Path, state: Path) -> Path:
    """Keep the backup; then a person saves, once, what lies ready beside the folder of the workbook."""
    kept = keep_backup(source, state)
    saved = source.parent.parent / SAVED
    if saved.exists():
        saved.replace(source)
    return kept


@contextmanager
def _told_to_nobody(_: Path) -> Iterator[None]:
    with suppress(OSError):
        yield


#: No mutant: a person who saves at the worst moment.
PERSON: Final = Mutant(swaps={f"{_STORE}:keep_backup": _keeps_and_a_person_saves})

#: No mutant: the second processes are at work, however small the workbook is.
TWO_PROCESSES: Final = Mutant(
    swaps={
        "sheetfunnel.stores.excel.publishing.following:_WORTH": 0,
        "sheetfunnel.tables.sheets_beside:_WORTH": 0,
        "sheetfunnel.sync:_MANY": 0,
    }
)

MUTANTS: Final[Mapping[str, Mutant]] = {
    "the file is not synced": Mutant(swaps={f"{_PUBLISH}:_sync_file": _nothing}),
    "the folder is not synced": Mutant(swaps={f"{_PUBLISH}:sync_folder": _nothing}),
    "the names of backups are not synced": Mutant(swaps={f"{_BACKUPS}:sync_folder": _nothing}),
    "replaced before it is read back": Mutant(swaps={f"{_STORE}:publish": _replaces_before_the_read_back}),
    "no second look at the old file": Mutant(swaps={f"{_STORE}:publish": _does_not_look_again}),
    "written in place": Mutant(swaps={f"{_STORE}:publish": _writes_in_place}),
    "no backup": Mutant(swaps={f"{_STORE}:keep_backup": _nothing}),
    "leftovers stay": Mutant(swaps={f"{_STORE}:remove_leftovers": _nothing}),
    "an error is told to nobody": Mutant(swaps={f"{_STORE}:told_in_words": _told_to_nobody}),
}
