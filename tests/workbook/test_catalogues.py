"""The catalogues of texts, read: held to a library that reads all that a catalogue may hold."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from sheetfunnel.workbook.labels import catalogue, keys_of, labels, languages
from sheetfunnel.workbook.layout import templates_folder


def _by_the_library(path: Path) -> dict[str, tuple[str, ...]]:
    return {
        entry.msgid: tuple(entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural))
        or (entry.msgstr,)
        for entry in polib.pofile(str(path))
    }


@pytest.mark.parametrize("language", languages())
def test_each_catalogue_reads_as_the_library_reads_it(language: str) -> None:
    path = templates_folder() / "locales" / f"{language}.po"
    assert list(catalogue(path).items()) == list(_by_the_library(path).items())


def test_lines_quotes_and_plural_forms_are_read(tmp_path: Path) -> None:
    path = tmp_path / "xx.po"
    head = 'msgid ""\nmsgstr "Language: xx\\n"\n\n# A remark, msgid "no"\n'
    lines = 'msgid "a.b"\nmsgstr ""\n"One \\"two\\"\\n"\n"three \\\\ four"\n\n'
    plural = 'msgid "c"\nmsgid_plural "cs"\nmsgstr[0] "é"\nmsgstr[1] "\\t好"\n'
    path.write_text(head + lines + plural, encoding="utf-8")
    assert catalogue(path) == {"a.b": ('One "two"\nthree \\ four',), "c": ("é", "\t好")}
    assert catalogue(path) == _by_the_library(path)


def test_a_text_of_any_language_leads_to_its_label() -> None:
    for prefix in ("tab", "column.objectives", "yes"):
        known = keys_of(prefix)
        texts = {
            key for language in languages() for key in labels(language).texts if key.startswith(f"{prefix}.")
        }
        assert set(known.values()) <= {text.removeprefix(f"{prefix}.") for text in texts}
    assert (keys_of("tab")["prioridades"], keys_of("tab")["priorities"]) == ("priorities", "priorities")
