"""A digest as one HTML page: it reads well in mail programs and on a phone, and loads nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sheetfunnel.digest.letter import Digest
from sheetfunnel.workbook.layout import layout, templates_folder

#: The colour of each kind of work: that of the stage which it is done in.
_COLOURS: Final = {"close": "best_few", "explore": "above", "cover": "in"}

_DAY: Final = re.compile(r"\b\d{4}-\d\d-\d\d\b")

if TYPE_CHECKING:
    from markupsafe import Markup


def as_page(digest: Digest) -> str:
    """Return the digest as HTML with its styles written into each element, as mail programs want them."""
    import css_inline
    import jinja2

    house = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    house.filters["told"] = _told
    looks = layout().looks
    colours = {work: f"#{looks[stage]}" for work, stage in _COLOURS.items()}
    page = house.get_template("digest.html").render(
        digest=digest, colours=colours, header=f"#{looks['header']}"
    )
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)


def _told(text: str) -> Markup:
    """Return a text for the page; no line of it ends within a date."""
    from markupsafe import Markup, escape

    return Markup(_DAY.sub(r'<span style="white-space: nowrap">\g<0></span>', str(escape(text))))  # noqa: S704
