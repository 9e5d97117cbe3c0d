"""``sheetfunnel digest``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sheetfunnel.cli.options import File, Owner, Today
from sheetfunnel.cli.report import no_objectives
from sheetfunnel.cli.screen import day, line, out, progress, safe, shown_lines
from sheetfunnel.cli.week import chosen
from sheetfunnel.cli.written import called, refuse_other_kinds, write_anew
from sheetfunnel.digest.contents import digest_of
from sheetfunnel.digest.letter import Digest
from sheetfunnel.digest.source import source_of
from sheetfunnel.digest.text import as_markdown, as_text
from sheetfunnel.errors import WrongUsage
from sheetfunnel.stores import open_workbook
from sheetfunnel.sync import foreseen, read_workbook
from sheetfunnel.workbook.labels import Labels, labels

_WIDTH = 88


def digest(  # noqa: PLR0913 - each is an option that people type
    file: File,
    *,
    owner: Owner = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page into this file.")
    ] = None,
    md: Annotated[bool, typer.Option("--md", metavar="", help="Print it as Markdown.")] = False,
    mail: Annotated[bool, typer.Option("--mail", metavar="", help="Send it, as the settings say.")] = False,
    full_names: Annotated[
        bool, typer.Option("--full-names", metavar="", help="Do not shorten the names of clients.")
    ] = False,
    today: Today = None,
) -> int:
    """Tell the week in a letter: what to do first and why, what moved, what went quiet.

    Names of clients are shortened, and nothing is sent without --mail.

    How to send stands in mail.toml, or in the environment (SHEETFUNNEL_MAIL_HOST...):
    host, port, security, user, password, sender, to; or notify, for apprise.

    Examples:
    [bold]sheetfunnel digest sales.xlsx[/]
    [bold]sheetfunnel digest sales.xlsx --owner Anna --html week.html[/]
    [bold]sheetfunnel digest sales.xlsx --mail[/]

    """
    if md and (html or mail):
        raise WrongUsage("--md prints on the screen.", hint="Leave out --md, or --html and --mail.")
    if html:
        refuse_other_kinds(html, ".html", ".htm")
    with progress(file) as say:
        reading = read_workbook(open_workbook(file, say=say), today=day(today), say=say)
    words = labels(reading.decoded.language)
    if not reading.decoded.rows:
        line(safe(no_objectives(file, reading, words)))
        return 0
    allocations = chosen(reading, owner)
    source = source_of(reading.decoded, reading.assessment, allocations, full_names=full_names)
    made = digest_of(source, foreseen(reading), file=called(file, words))
    if html:
        _write(made, html, words)
    if mail:
        _send(made, words)
    if not html and not mail:
        shown_lines(as_markdown(made) if md else as_text(made, out.width if out.is_bounded else _WIDTH))
    return 0


def _write(made: Digest, file: Path, words: Labels) -> None:
    from sheetfunnel.digest.page import as_page

    write_anew(file, as_page(made).encode())
    line(safe(words.text("digest.written", file=str(file))))


def _send(made: Digest, words: Labels) -> None:
    from sheetfunnel.digest.mail import send
    from sheetfunnel.digest.settings import mail_file, mail_settings

    sent = send(made, mail_settings(os.environ, mail_file(os.environ)))
    line(safe(words.text("digest.sent", to=sent)))
