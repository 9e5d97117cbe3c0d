"""Verdicts in words: what is said of all objectives that stand alike is put into words once.

Each row's own words then go into the room that was left for them. To say everything anew for each of a
hundred thousand rows takes several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sheetfunnel.findings import Blank, Own, Remark, filled
from sheetfunnel.funnel.assess import Verdict
from sheetfunnel.funnel.judgement import Judgement, Standing
from sheetfunnel.funnel.own_words import uncovered_names
from sheetfunnel.funnel.reasons import next_action, reasons
from sheetfunnel.values import value
from sheetfunnel.workbook.labels import Labels, join

_MARK = re.compile("\0([a-z_]+):([0-9]+)\0")


@value
class _Phrase:
    """A text with room for words: ``pattern`` takes one for each of ``blanks``."""

    pattern: str
    blanks: tuple[Blank, ...]


@value
class _Phrases:
    """What is said by a judgement, which is kept beside it so that no other can have its id.

    ``ended`` says that ``why`` is one text and ends as a sentence does; ``named`` that it has room for names.
    """

    judgement: Judgement
    stage: str
    do_next: _Phrase | None
    why: tuple[_Phrase, ...]
    ended: bool
    named: bool


class Speaker:
    """Says verdicts in one language."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._known: dict[int, _Phrases] = {}

    def say(self, verdict: Verdict) -> tuple[str, str | None, str | None]:
        """Return the stage in words, what to do next, and why."""
        standing = verdict.standing
        judged = standing.judgement
        said = self._known.get(id(judged)) or self._learnt(judged)
        names = uncovered_names(standing.objective, alone=judged.case.alone) if said.named else ()
        do_next = None if said.do_next is None else self._told(said.do_next, standing, names)
        if said.ended:
            return said.stage, do_next, self._told(said.why[0], standing, names)
        return said.stage, do_next, join([self._told(each, standing, names) for each in said.why]) or None

    def _told(self, phrase: _Phrase, standing: Standing, names: Sequence[str]) -> str:
        if not phrase.blanks:
            return phrase.pattern
        words = [
            names[blank.at] if blank.own is Own.NAME else self._labels.words(standing.word(blank))
            for blank in phrase.blanks
        ]
        return phrase.pattern % tuple(words)

    def _learnt(self, judged: Judgement) -> _Phrases:
        do_next = next_action(judged)
        sentences = [self._with_marks(said) for said in reasons(judged)]
        ended = any(sentences) and not any(sentence.endswith("\0") for sentence in sentences)
        if ended:
            sentences = [join(sentences)]  # else what ends a sentence is known with the row's own word only
        why = tuple(map(_phrase, sentences))
        to_do = _phrase(self._with_marks(do_next)) if do_next is not None else None
        blanks = [blank for phrase in (*why, to_do) if phrase is not None for blank in phrase.blanks]
        said = self._known[id(judged)] = _Phrases(
            judgement=judged,
            stage=stage_text(judged, self._labels),
            do_next=to_do,
            why=why,
            ended=ended,
            named=any(blank.own is Own.NAME for blank in blanks),
        )
        return said

    def _with_marks(self, said: Remark) -> str:
        return self._labels.say(filled(said, _mark))


def _mark(blank: Blank) -> str:
    """Return what stands in a sentence for a word; no cell of a spreadsheet can hold its first sign."""
    return f"\0{blank.own.value}:{blank.at}\0"


def _phrase(text: str) -> _Phrase:
    """Return a text in which marks stand where words are to go."""
    blanks = tuple(Blank(own=Own(own), at=int(at)) for own, at in _MARK.findall(text))
    return _Phrase(pattern=_MARK.sub("%s", text.replace("%", "%%")) if blanks else text, blanks=blanks)


def stage_text(judged: Judgement, labels: Labels) -> str:
    """Return the stage in words; a person's own opinion is shown as theirs, with the evidence beside it."""
    if judged.outcome is not None:
        return labels.name(judged.outcome)
    if judged.stage is judged.reached:
        return labels.name(judged.reached)
    return labels.text("result.mine", stage=judged.stage, evidence=judged.reached)
