"""``sheetfunnel purge``."""

from __future__ import annotations

from typing import Annotated

import typer

from sheetfunnel.agenda.remembered import kept as kept_of_calendars
from sheetfunnel.cli.asking import agreed, can_ask
from sheetfunnel.cli.options import Today
from sheetfunnel.cli.report import print_cells, print_remarks
from sheetfunnel.cli.screen import Steps, day, line, remark, safe
from sheetfunnel.cli.week import titled
from sheetfunnel.errors import WrongUsage
from sheetfunnel.findings import Param
from sheetfunnel.removal import Removal, Removed, removal, remove
from sheetfunnel.schedule.removing import kept as kept_of_the_schedule
from sheetfunnel.stores import everything_kept, forget_everything_kept, open_workbook, private_folder
from sheetfunnel.sync import remarks_of
from sheetfunnel.workbook.forgetting import Forgetting, Trace
from sheetfunnel.workbook.generations import Keeping
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, Labels, labels

#: How many places a terminal shows.
_SHOWN_TRACES = 20

File = Annotated[str | None, typer.Argument(metavar="FILE", help="The workbook.", show_default=False)]
Client = Annotated[
    str | None, typer.Option("--client", metavar="NAME", help="The client whose rows are to be blanked.")
]
Backups = Annotated[
    bool, typer.Option("--backups", metavar="", help="Remove all backups and the lease of the workbook.")
]
Everything = Annotated[
    bool, typer.Option("--all", metavar="", help="Remove all that is kept on this machine, of all workbooks.")
]
Yes = Annotated[bool, typer.Option("--yes", metavar="", help="Agree: remove without asking.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", metavar="", help="Say what would be removed; remove nothing.")
]


def purge(  # noqa: PLR0913 - each is an option that a person may give
    file: File = None,
    *,
    client: Client = None,
    backups: Backups = False,
    everything: Everything = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    today: Today = None,
) -> None:
    """Remove a client from a workbook and its backups, or all backups, for good.

    The rows of the client are blanked, and everything else is synced, in one writing of which no backup is
    kept. The rows themselves stay, so that no formula elsewhere is moved.

    Where the name still stands (a comment, another tab, a pivot table) is listed for you to look at.

    Examples:
    [bold]sheetfunnel purge sales.xlsx --client "Rosa Vidal" --dry-run[/]
    [bold]sheetfunnel purge sales.xlsx --client "Rosa Vidal"[/]
    [bold]sheetfunnel purge sales.xlsx --backups --yes[/]
    [bold]sheetfunnel purge --all[/]

    """
    as_of = day(today)
    if (client is not None) + backups + everything != 1 or (file is None) != everything:
        raise WrongUsage(
            "It is not clear what is to be removed.",
            hint="Give FILE --client NAME, or FILE --backups, or --all alone.",
        )
    if everything:
        _purge_everything(yes=yes, dry_run=dry_run)
        return
    say = Steps(str(file))
    workbook = open_workbook(str(file), say=say)
    if not isinstance(workbook, Forgetting):
        raise WrongUsage("From this workbook nobody can be removed.", hint="Remove the rows there by hand.")
    if client is None:
        _purge_backups(str(file), workbook, yes=yes, dry_run=dry_run)
    else:
        with say.shown():
            wanted = removal(workbook, client, today=as_of, say=say)
        _purge_client(workbook, wanted, say=say, yes=yes, dry_run=dry_run)


def _purge_client(workbook: Forgetting, wanted: Removal, *, say: Steps, yes: bool, dry_run: bool) -> None:
    words = labels(wanted.decoded.language)
    _print_wanted(wanted, words)
    if dry_run:
        count = print_cells(wanted.decoded, wanted.snapshot, wanted.plan)
        line(safe(words.text("cli.purge.dry_run", count=count)))
    elif yes or agreed(words.text("cli.purge.question"), words):
        with say.shown():
            removed = remove(workbook, wanted, say=say)
        print_remarks(remarks_of(workbook), words)
        _print_removed(wanted, removed, words)
    else:
        _not_agreed(words)


def _print_wanted(wanted: Removal, words: Labels) -> None:
    if wanted.rows:
        line(safe(words.text("cli.purge.rows", count=len(wanted.rows), client=wanted.name)), hang=2)
    else:
        line(safe(words.text("cli.purge.no_rows", client=wanted.name)), hang=2)
    title = wanted.decoded.places["objectives"].grid.title
    for row in wanted.rows:
        line(f"{safe(title)}!{row.number}: {safe(titled(row.objective))}", indent=2, hang=4)
    if wanted.generations:
        line(safe(words.text("cli.purge.holding", count=wanted.generations)), hang=2)


def _print_removed(wanted: Removal, removed: Removed, words: Labels) -> None:
    if wanted.rows:
        line(safe(words.text("cli.purge.blanked", count=len(wanted.rows))), hang=2)
    line(safe(words.text("cli.purge.removed", count=removed.generations)), hang=2)
    if not removed.left:
        line(safe(words.text("cli.purge.none_left")), hang=2)
        return
    line(safe(words.text("cli.purge.left", count=len(removed.left))), hang=2)
    for trace in removed.left[:_SHOWN_TRACES]:
        line(safe(_told(trace, words)), indent=2, hang=4)
    more = len(removed.left) - _SHOWN_TRACES
    if more > 0:
        line(safe(words.text("cli.purge.more", count=more)), indent=2)


def _told(trace: Trace, words: Labels) -> str:
    place = "!".join(part for part in (trace.tab, trace.cell) if part) or trace.part
    kind = words.text(f"cli.trace.{trace.stand.value}")
    return f"{place} ({kind})" if place else f"({kind})"


def _purge_backups(file: str, workbook: Forgetting, *, yes: bool, dry_run: bool) -> None:
    words = labels(DEFAULT_LANGUAGE)
    count = len(workbook.generations()) if isinstance(workbook, Keeping) else 0
    folder = str(workbook.kept_in) if isinstance(workbook, Keeping) else ""
    question = words.text("cli.purge.backups_question", count=count, file=file)
    if _goes_ahead(question, words, yes=yes, dry_run=dry_run):
        count = workbook.forget_all()
        line(safe(words.text("cli.purge.backups_removed", count=count, file=file, folder=folder)), hang=2)


def _purge_everything(*, yes: bool, dry_run: bool) -> None:
    words, state = labels(DEFAULT_LANGUAGE), private_folder()
    with kept_of_the_schedule(state) as schedule:
        noted, staying = (*kept_of_calendars(state), *schedule.of_runs), schedule.of_the_job
        kept = everything_kept(noted=noted, staying=staying)
        told: dict[str, Param] = {"count": kept.generations, "folder": str(kept.folder)}
        if not _goes_ahead(words.text("cli.purge.all_question", **told), words, yes=yes, dry_run=dry_run):
            return
        forget_everything_kept(noted=noted, staying=staying)
    line(safe(words.text("cli.purge.all_removed", **told)), hang=2)
    if staying:
        line(safe(words.text("cli.purge.schedule", command="sheetfunnel schedule remove")), hang=2)
    if kept.others:
        line(safe(words.text("cli.purge.others", names=kept.others)), hang=2)


def _goes_ahead(question: str, words: Labels, *, yes: bool, dry_run: bool) -> bool:
    """Whether a person agreed; in a dry run, the question is only shown."""
    if dry_run:
        line(safe(question), hang=2)
        return False
    if yes or agreed(question, words):
        return True
    line(safe(question), hang=2)
    _not_agreed(words)
    return False


def _not_agreed(words: Labels) -> None:
    """Say that nothing was removed; where nobody can be asked, a script must not take it for done."""
    if not can_ask():
        raise WrongUsage("Nothing was removed: there is nobody to ask.", hint="Add --yes to agree.")
    remark(words.text("cli.purge.not_agreed"))
