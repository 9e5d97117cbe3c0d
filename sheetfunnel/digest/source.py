"""What the parts of a digest are made from: the verdicts of its owners, and short names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from sheetfunnel.digest.shorten import remark_without_names, shortened, without_names
from sheetfunnel.findings import Remark
from sheetfunnel.funnel.allocation import Allocation
from sheetfunnel.funnel.assess import Assessment, Verdict
from sheetfunnel.funnel.objective import SalesObjective
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.decode import Decoded
from sheetfunnel.workbook.keys import JOINT
from sheetfunnel.workbook.labels import Labels, labels

#: The stop of initials at the end of a sentence, and its own: one will do.
_TWO_STOPS: Final = re.compile(r"(?<=\w)\.\.(?=\s|$)")


@value
class Source:
    """What the parts of a digest are made from: the verdicts are those of its owners."""

    decoded: Decoded
    today: date
    verdicts: tuple[Verdict, ...]
    ranked: tuple[Verdict, ...]
    allocations: Sequence[Allocation]
    full_names: bool
    short: Mapping[str, str]
    words: Labels

    def name(self, objective: SalesObjective) -> str:
        """Return an objective's name as one text."""
        ident = "" if objective.key.startswith(JOINT) else objective.key
        parts = (self.told(objective.client or ident), self.told(objective.objective or objective.service))
        return " · ".join(part for part in parts if part)

    def told(self, text: str) -> str:
        """Return a person's text as it is shown, on one line."""
        return " ".join(without_names(text, self.short).split())

    def say(self, said: Remark) -> str:
        """Return a remark as a sentence, on one line."""
        text = " ".join(self.words.say(remark_without_names(said, self.short)).split())
        return _TWO_STOPS.sub(".", text) if self.short else text


def source_of(
    decoded: Decoded, assessment: Assessment, allocations: Sequence[Allocation], *, full_names: bool
) -> Source:
    """Return what a digest of some owners is made from; no name is short if they are wanted in full."""
    owners = {fold(allocation.owner) for allocation in allocations}
    verdicts = tuple(verdict for verdict in assessment.verdicts if verdict.standing.owner in owners)
    names = {name for verdict in verdicts for name in _names(verdict.objective)}
    return Source(
        decoded=decoded,
        today=assessment.today,
        verdicts=verdicts,
        ranked=tuple(verdict for verdict in assessment.ranked if verdict.standing.owner in owners),
        allocations=allocations,
        full_names=full_names,
        short={} if full_names else shortened(names),
        words=labels(decoded.language),
    )


def _names(objective: SalesObjective) -> Iterator[str]:
    """Yield who is to be made short: the client, and the people on their side."""
    yield objective.client
    for influence in objective.influences:
        yield from influence.names
