from __future__ import annotations

import json
import os
import re
import shutil
import string
import subprocess
import sys
from datetime import date
from pathlib import Path

import polib
import pytest

from sheetfunnel.stores.state import VARIABLE
from sheetfunnel.template.build import build
from sheetfunnel.workbook.labels import labels
from sheetfunnel.workbook.layout import layout, templates_folder
from tests.excel_people import TODAY, person
from tests.template.books import LANGUAGES, TABLES, built, file_of, opened

ROOT = Path(__file__).parents[2]

PROMPT, PROMPT_TITLE, LITERAL_LIST, TAB_NAME, CELL = 255, 32, 255, 31, 32_767


def _catalogue(language: str) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(templates_folder() / f"locales/{language}.po"))}


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_that_is_shipped_is_what_the_declaration_and_the_catalogue_build(
    language: str, tmp_path: Path
) -> None:
    target = tmp_path / "built.xlsx"
    build(language, target)
    assert target.read_bytes() == file_of(language).read_bytes(), "run: sheetfunnel template build"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_every_language(language: str) -> None:
    here, english = _catalogue(language), _catalogue("en")
    own = {"en": "language.en", language: f"language.{language}"}
    assert here.keys() - {own[language]} == english.keys() - {own["en"]}
    assert own[language] in here
    assert [key for key, entry in here.items() if not all(_texts(entry))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_speaks_of_the_same_things(language: str) -> None:
    english = _catalogue("en")
    for key, entry in _catalogue(language).items():
        if key in english:
            told, meant = (set().union(*map(_fields, _texts(each))) for each in (entry, english[key]))
            assert told == meant, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_where_spreadsheets_put_them(language: str) -> None:
    book = built(language)
    for sheet in book.worksheets:
        assert len(sheet.title) <= TAB_NAME
        assert not set(sheet.title) & set("[]:*?/\\")
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.prompt or "") <= PROMPT, rule.prompt
            assert len(rule.promptTitle or "") <= PROMPT_TITLE, rule.promptTitle
            assert len(rule.error or "") <= PROMPT, rule.error
            assert len(rule.errorTitle or "") <= PROMPT_TITLE, rule.errorTitle
            assert len(rule.formula1 or "") <= LITERAL_LIST, rule.formula1
        for row in sheet.iter_rows(values_only=True):
            assert all(len(cell) <= CELL for cell in row if isinstance(cell, str))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_header_breaks_within_a_word(language: str) -> None:
    words = labels(language)
    margins = 2
    narrow = [
        text
        for table in TABLES
        for column in (*table.columns, *table.profile)
        for text in [words.text(f"column.{column.table}.{column.key}")]
        if max(map(len, text.split())) + margins > column.width
    ]
    assert narrow == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_closed_sets_fit_their_columns(language: str) -> None:
    words = labels(language)
    shown = [
        ("allocation", "stage", "stage"),
        ("allocation", "work", "work"),
        ("priorities", "work", "block"),
    ]
    shown += [("funnel", "stage", "stage"), ("obstacles", "kind", "obstaclekind")]
    shown += [("objectives", "outcome", "outcome"), ("criteria", "kind", "criterion")]
    for table, column, prefix in shown:
        width = layout().table(table).columns[layout().table(table).position(column)].width
        texts = [text for key, (text, *_) in words.texts.items() if key.rpartition(".")[0] == prefix]
        assert texts, prefix
        assert [text for text in texts if len(text) >= width] == []


def _turned(text: str) -> str:
    """Return a text with every word turned round: no word of any language, and as long."""
    return re.sub(r"\{[^}]*\}|\w+", lambda word: word[0] if word[0][0] == "{" else word[0][::-1], text)


def _invent(folder: Path, code: str) -> None:
    """Write the catalogue of a language that nobody speaks."""
    catalogue = polib.pofile(str(folder / "en.po"))
    for entry in catalogue:
        if entry.msgid.startswith(("number.", "ideal.")):  # signs, and examples of what is read
            continue
        entry.msgstr = _turned(entry.msgstr)
        entry.msgstr_plural = {form: _turned(text) for form, text in entry.msgstr_plural.items()}
        entry.msgid = entry.msgid.replace("language.en", f"language.{code}")
    catalogue.save(str(folder / f"{code}.po"))


def _run(folder: Path, *words: str) -> str:
    """Run the program that stands in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "sheetfunnel", *words],
        cwd=folder,
        env={**os.environ, VARIABLE: str(folder / "state")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_third_language_is_a_catalogue_and_nothing_else(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sheetfunnel", tmp_path / "sheetfunnel")
    shutil.copytree(templates_folder(), tmp_path / "templates", ignore=shutil.ignore_patterns("*.xlsx"))
    _invent(tmp_path / "templates/locales", "qq")
    _run(tmp_path, "template", "build")
    _run(tmp_path, "new", "book.xlsx", "--language", "qq")
    typed: dict[str, str | date] = {
        "Client": "Harbour",
        "First contact": TODAY,
        "Fit confirmed": "sey",
        "Economic buyer": "Ada",
    }
    with person(tmp_path / "book.xlsx") as book:
        tab = book[_turned("Objectives")]
        headers = [cell.value for cell in tab[1]]
        for header, value in typed.items():
            tab.cell(2, headers.index(_turned(header)) + 1).value = value
    (told,) = json.loads(_run(tmp_path, "sync", "book.xlsx", "--json", "--today", TODAY.isoformat()))
    assert told["findings"] == []
    book = opened(tmp_path / "book.xlsx")
    assert book[_turned("Objectives")].cell(2, headers.index("egatS") + 1).value == _turned("In the funnel")
    assert book[_turned("Start")]["B23"].value == _turned("Day")
    ((title, cells),) = book.defined_names["sf_list_language"].destinations
    assert {cell.value for (cell,) in book[title][cells]} == {"English", "Español", "hsilgnE"}
