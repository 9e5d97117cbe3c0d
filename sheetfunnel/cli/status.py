"""``sheetfunnel status``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sheetfunnel.cli.options import AsJson
from sheetfunnel.cli.runs import print_next, ran_told, schedule_as_json
from sheetfunnel.cli.screen import line, print_json, safe
from sheetfunnel.schedule.installed import Installed, installed
from sheetfunnel.schedule.journal import Latest, Ran, latest, lines
from sheetfunnel.schedule.schedulers import named
from sheetfunnel.stores import private_folder
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, Labels, labels


def status(*, as_json: AsJson = False) -> int:
    """Print how each workbook is doing that is synced by itself, and when the next run is.

    Examples:
    [bold]sheetfunnel status[/]
    [bold]sheetfunnel status --json[/]

    """
    state = private_folder()
    record, known, words = installed(state), latest(state), labels(DEFAULT_LANGUAGE)
    references = tuple(dict.fromkeys((*(record.references if record else ()), *sorted(known))))
    at_work = record is not None and named(record.scheduler).is_installed()
    if as_json:
        print_json(
            {
                "schedule": schedule_as_json(record, at_work=at_work),
                "workbooks": [
                    {**_as_json(each, known.get(each), words), "scheduled": _has(record, each)}
                    for each in references
                ],
            }
        )
        return 0
    lately = _since_yesterday(state)
    for reference in references:
        _print_workbook(reference, known.get(reference), words)
        if runs := lately.get(reference):
            done = sum(ran.done for ran in runs)
            line(safe(words.text("cli.status.lately", count=len(runs), done=done)), indent=2, hang=2)
        if record and not _has(record, reference):
            line(safe(words.text("cli.status.unscheduled")), indent=2, hang=2)
    _print_schedule(record, known, words, at_work=at_work)
    return 0


def _has(record: Installed | None, reference: str) -> bool:
    return record is not None and reference in record.references


def _since_yesterday(state: Path) -> Mapping[str, list[Ran]]:
    """Return the runs of the last day, by workbook."""
    now, found = datetime.now().astimezone(), defaultdict[str, list[Ran]](list)
    for ran in lines(state):
        if timedelta(0) <= now - datetime.fromisoformat(ran.at) <= timedelta(days=1):
            found[ran.reference].append(ran)
    return found


def _print_workbook(reference: str, found: Latest | None, words: Labels) -> None:
    line(f"[bold]{safe(reference)}[/]")
    if found is None:
        line(safe(words.text("cli.status.never_ran")), indent=2, hang=2)
        return
    succeeded = words.text("cli.status.success", moment=_shown(found.succeeded)) if found.succeeded else ""
    told = succeeded or words.text("cli.status.no_success")
    line(safe(told), indent=2, hang=2)
    line(safe(f"{_shown(found.ran.at)}: {ran_told(found.ran, words)}"), indent=2, hang=2)
    if datetime.fromisoformat(found.ran.at) > datetime.now().astimezone():
        line(safe(words.text("cli.status.clock", moment=_shown(found.ran.at))), indent=2, hang=2)


def _shown(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _print_schedule(
    record: Installed | None, known: Mapping[str, Latest], words: Labels, *, at_work: bool
) -> None:
    if record:
        print_next(record, words, at_work=at_work)
    else:
        line(safe(words.text("cli.schedule.none" if not known else "cli.schedule.by_hand")), hang=2)


def _as_json(reference: str, found: Latest | None, words: Labels) -> dict[str, Any]:
    if found is None:
        return {"workbook": reference, "last_run": None, "last_success": None}
    return {
        "workbook": reference,
        "last_run": found.ran.at,
        "last_success": found.succeeded or None,
        "exit": found.ran.exit_code,
        "told": ran_told(found.ran, words),
        **found.ran.counts,
    }
