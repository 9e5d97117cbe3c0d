"""The Settings tab, read: people, services, prepared answers and the lines that a user may move."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sheetfunnel.findings import Code, Finding, remark
from sheetfunnel.funnel.practice import Lines, Person, Practice, PreparedAnswer, Service, Work
from sheetfunnel.funnel.text import fold
from sheetfunnel.values import value
from sheetfunnel.workbook.cells import read_number, read_text
from sheetfunnel.workbook.column import TableReader
from sheetfunnel.workbook.labels import DEFAULT_LANGUAGE, keys_of, languages
from sheetfunnel.workbook.layout import Table
from sheetfunnel.workbook.places import Places, TablePlace

_SHARES = {Work.CLOSE: "share_close", Work.EXPLORE: "share_explore", Work.COVER: "share_cover"}


@value
class Settings:
    """What holds for the whole workbook, and what could not be read of it."""

    practice: Practice
    currency: str
    language: str
    findings: tuple[Finding, ...]


def read_settings(places: Places) -> Settings:
    """Return the practice; whatever is missing or cannot be read has its default."""
    findings: list[Finding] = []
    values = _values(places.tables.get("settings"), findings)
    currency = str(values.get("currency") or "")
    practice = Practice(
        people=_people(places.tables.get("people"), currency, findings),
        services=_services(places.tables.get("services"), currency, findings),
        answers=_answers(places.tables.get("answers"), findings),
        lines=_lines(values, places.tables.get("settings"), findings),
    )
    language = _language(values.get("language"), places)
    return Settings(practice=practice, currency=currency, language=language, findings=tuple(findings))


def _values(place: TablePlace | None, findings: list[Finding]) -> dict[str, Any]:
    """Return the typed values by their setting, found by its text in any language."""
    if place is None:
        return {}
    reader = TableReader(
        place=place, rows=[row for row in place.rows() if place.at(row, "setting") is not None]
    )
    meant = keys_of("setting")
    keys = [meant.get(fold(text)) for text in reader.texts("setting")]
    values = dict(zip(keys, reader.raw("value"), strict=True))
    findings += reader.findings
    return {key: value for key, value in values.items() if key is not None}


def _language(value: object, places: Places) -> str:
    text = fold(str(value or places.memory.get("language") or DEFAULT_LANGUAGE))
    code = keys_of("language").get(text, text)
    return code if code in languages() else DEFAULT_LANGUAGE


_RANGES: Mapping[str, tuple[range, Code]] = {
    "class_a": (range(101), Code.SETTING_PERCENT),
    "class_b": (range(101), Code.SETTING_PERCENT),
    "class_c": (range(101), Code.SETTING_PERCENT),
    "let_go_below": (range(101), Code.SETTING_PERCENT),
    "exploring_floor": (range(10, 81, 10), Code.SETTING_FLOOR),
}


def _lines(values: Mapping[str, Any], place: TablePlace | None, findings: list[Finding]) -> Lines:
    chosen: dict[str, int] = {}
    for key, (allowed, code) in _RANGES.items():
        number = read_number(values.get(key), None)
        if number is None:
            continue
        if isinstance(number, Decimal) and number in allowed:
            chosen[key] = int(number)
        elif place is not None:
            findings.append(_setting_finding(place, key, code))
    return Lines(**chosen)


def _setting_finding(place: TablePlace, key: str, code: Code) -> Finding:
    meant = keys_of("setting")
    row = next(row for row in place.rows() if meant.get(fold(str(place.at(row, "setting") or ""))) == key)
    reader = TableReader(place=place, rows=[])
    reader.find(remark(code, setting=str(place.at(row, "setting"))), row, place.columns["value"])
    return reader.findings[0]


def _table_reader(place: TablePlace, first: str, currency: str) -> TableReader:
    """Return a reader of the rows of a small table in which its first column is filled."""
    rows = [row for row in place.rows() if read_text(place.at(row, first))]
    return TableReader(place=place, rows=rows, currency=currency)


def _columns(reader: TableReader, table: Table) -> dict[str, list[Any]]:
    return {column.key: reader.column(column.key, column.kind) for column in table.columns}


def _people(place: TablePlace | None, currency: str, findings: list[Finding]) -> tuple[Person, ...]:
    if place is None:
        return ()
    reader = _table_reader(place, "name", currency)
    columns = _columns(reader, place.table)
    people = []
    for index, row in enumerate(reader.rows):
        cells = {key: values[index] for key, values in columns.items()}
        shares, wrong = _shares({work: cells[key] for work, key in _SHARES.items()})
        if wrong:
            reader.find(remark(Code.SHARES_NOT_100, name=cells["name"]), row, place.columns["share_close"])
        people.append(_person(cells, shares))
    findings += reader.findings
    return tuple(people)


def _person(cells: Mapping[str, Any], shares: Mapping[Work, int] | None) -> Person:
    return Person(
        name=cells["name"],
        weekly_hours=cells["weekly_hours"],
        target_income=cells["target_income"],
        shares=shares,
        exploring_hours=cells["exploring_hours"],
    )


def _shares(typed: Mapping[Work, Decimal | None]) -> tuple[Mapping[Work, int] | None, bool]:
    """Return a person's own shares (20 or 0.2 for 20 %), and whether something was typed that is none."""
    if all(value is None for value in typed.values()):
        return None, False
    numbers = {work: value or Decimal(0) for work, value in typed.items()}
    if sum(numbers.values()) == 1:
        numbers = {work: value * 100 for work, value in numbers.items()}
    whole = all(value == value.to_integral_value() and value >= 0 for value in numbers.values())
    if not whole or sum(numbers.values()) != 100:  # noqa: PLR2004 - a whole is 100 %
        return None, True
    return {work: int(value) for work, value in numbers.items()}, False


def _services(place: TablePlace | None, currency: str, findings: list[Finding]) -> tuple[Service, ...]:
    if place is None:
        return ()
    reader = _table_reader(place, "name", currency)
    columns = _columns(reader, place.table)
    services = []
    for index, row in enumerate(reader.rows):
        cells = {key: values[index] for key, values in columns.items()}
        cycle = cells["cycle"]
        if cycle is not None and not (cycle > 0 and cycle == cycle.to_integral_value()):
            reader.find(remark(Code.CYCLE_NOT_DAYS, name=cells["name"]), row, place.columns["cycle"])
            cycle = None
        services.append(
            Service(
                name=cells["name"],
                cycle=None if cycle is None else int(cycle),
                amount=cells["amount"],
                buyer_decides_alone=bool(cells["alone"]),
            )
        )
    findings += reader.findings
    return tuple(services)


def _answers(place: TablePlace | None, findings: list[Finding]) -> tuple[PreparedAnswer, ...]:
    if place is None:
        return ()
    reader = _table_reader(place, "obstacle", "")
    pairs = zip(reader.texts("obstacle"), reader.texts("answer"), strict=True)
    findings += reader.findings
    return tuple(PreparedAnswer(obstacle=obstacle, answer=answer) for obstacle, answer in pairs)
