"""Words in the workbook's language: label ids to text and back, remarks to sentences.

The catalogues are ``templates/locales/*.po``; a message id is a key such as ``column.objectives.client``,
and the plural form of a sentence is chosen by its parameter ``count``. Where a text speaks of a tab or a
column it names the key, as in ``{tab.check}``, so that it is called the same everywhere.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path

from sheetfunnel.findings import Blank, Code, Param, Remark
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.layout import templates_folder

#: The language that a text is taken from where nothing else is asked for.
DEFAULT_LANGUAGE = "en"


#: What a sentence may end with.
_ENDS = frozenset(".!?。")

#: A message id or a text of a catalogue, with all of its lines.
_FIELD = re.compile(r'^(msgid|msgstr)(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)

#: Takes a text out of its quotes, with its escapes; made once, as it is asked two thousand times.
_unquoted = json.JSONDecoder(strict=False).decode
#: Where a text goes on in the next line.
_GOES_ON = '"\n"'

#: A tab or a column that a text speaks of.
_NAMED = re.compile(r"\{((?:tab|column)\.[a-z._]+)\}")


@value
class Labels:
    """All texts of one language."""

    language: str
    texts: Mapping[str, tuple[str, ...]]

    def text(self, label: str, **params: Param) -> str:
        """Return the text of a label id, its parameters put in.

        Raises:
            KeyError: the catalogue has no such label (a fault of ours, and tests look for it).

        """
        return self._filled(self._pattern(label, params), params)

    def say(self, remark: Remark) -> str:
        """Return a remark as a sentence, which begins with a capital; what a person wrote stays as it is."""
        return self._filled(self._pattern(_capital(remark.code), remark.params), remark.params)

    def _pattern(self, label: str, params: Mapping[str, Param]) -> str:
        forms = self.texts[label]
        plural = len(forms) > 1 and params.get("count") != 1
        return forms[1] if plural else forms[0]

    def _filled(self, pattern: str, params: Mapping[str, Param]) -> str:
        if not params and "{" not in pattern:
            return pattern
        return pattern.format_map({key: self.words(value) for key, value in params.items()})

    def name(self, member: Enum) -> str:
        """Return the word for a member of one of the field's closed sets (a stage, a role...)."""
        return self.texts[_of_member(member)][0]

    def words(self, value: Param) -> str:
        """Return a parameter as people write it in this language."""
        if isinstance(value, str):
            return value
        if isinstance(value, Remark):
            return self._filled(self._pattern(_plain(value.code), value.params), value.params)
        if isinstance(value, Enum):
            return self.name(value)
        if isinstance(value, tuple):
            return self._listed(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Blank):  # a fault of ours: whoever left room has to fill it
            raise TypeError(value)
        return self.number(value)

    def _listed(self, parts: tuple[Param, ...]) -> str:
        """Return what stands in a row: people's own words with commas only, ours as they are spoken."""
        *most, last = [self.words(part) for part in parts]
        if most and all(isinstance(part, Enum) for part in parts):
            return self.text("words.and", most=", ".join(most), last=last)
        return ", ".join((*most, last))

    def number(self, value: Decimal | int) -> str:
        """Return a number with this language's separators, as short as it is exact."""
        comma, point = self.texts["number.thousands"][0], self.texts["number.decimal"][0]
        return _grouped(value, comma, point)


@lru_cache(maxsize=1 << 12)
def _grouped(value: Decimal | int, comma: str, point: str) -> str:
    exact = Decimal(value)
    shortest = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()
    return f"{shortest:,f}".translate({ord(","): comma, ord("."): point})


@cache
def _plain(code: Code) -> str:
    return f"say.{code.value}"


@cache
def _capital(code: Code) -> str:
    """Return the label under which a sentence stands with a capital at its beginning."""
    return f"Say.{code.value}"


@cache
def _of_member(member: Enum) -> str:
    return f"{type(member).__name__.lower()}.{member.value}"


def _with_capitals(texts: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each sentence as it begins where it stands alone."""
    for label, forms in texts.items():
        if label.startswith("say."):
            yield f"S{label[1:]}", tuple(form[:1].upper() + form[1:] for form in forms)


def catalogue(path: Path) -> dict[str, tuple[str, ...]]:
    """Return what a catalogue says by message id: one text, or one for each form of the plural.

    A library that reads all that a catalogue may hold takes a tenth of the half second that a small sync
    lasts; the tests hold this to it.
    """
    texts: dict[str, tuple[str, ...]] = {}
    label = ""
    for field, quoted in _FIELD.findall(path.read_text(encoding="utf-8")):
        text = _unquoted(quoted.replace(_GOES_ON, ""))
        if field == "msgid":
            label = text
        elif label:  # without one, it is the catalogue's own head
            texts[label] = (*texts.get(label, ()), text)
    return texts


@cache
def labels(language: str) -> Labels:
    """Return the texts of a language that :func:`languages` lists."""
    texts = catalogue(templates_folder() / "locales" / f"{language}.po")
    named = {
        key: tuple(_NAMED.sub(lambda found: texts[found[1]][0], form) for form in forms)
        for key, forms in texts.items()
    }
    return Labels(language=language, texts=named | dict(_with_capitals(named)))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages for which there is a catalogue, by code."""
    return tuple(sorted(path.stem for path in (templates_folder() / "locales").glob("*.po")))


@cache
def keys_of(prefix: str) -> Mapping[str, str]:
    """Return what each text of any language under ``prefix`` stands for: folded text to the rest of the id.

    ``keys_of("tab")["prioridades"]`` is ``"priorities"``.
    """
    return {
        fold(labels(language).texts[label][0]): label.removeprefix(f"{prefix}.")
        for language in languages()
        for label in _labels_under(language).get(prefix, ())
    }


@cache
def _labels_under(language: str) -> Mapping[str, Sequence[str]]:
    """Return the labels under each prefix: to look through all of them for each table takes long."""
    under: defaultdict[str, list[str]] = defaultdict(list)
    for label in labels(language).texts:
        for dot in (at for at, sign in enumerate(label) if sign == "."):
            under[label[:dot]].append(label)
    return under


def join(sentences: Iterable[str]) -> str:
    """Return sentences one after the other, each ended by a full stop."""
    return " ".join([text if text[-1] in _ENDS else f"{text}." for text in sentences if text])
