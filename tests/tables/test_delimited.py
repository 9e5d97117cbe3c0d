"""Delimited texts as programs and people export them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetfunnel.errors import UnreadableSource
from sheetfunnel.findings import Code
from sheetfunnel.tables.delimited import MOST_BYTES, MOST_ROWS, read_delimited

WORDS = st.text(alphabet="abc ñé客,;|\t\"'\n0123.", min_size=1, max_size=8).filter(
    lambda text: text.strip() != ""
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_told(table: Path, delimiter: str) -> None:
    table.write_text(delimiter.join("abc") + "\n" + delimiter.join(["1", "2", "3"]) + "\n", encoding="utf-8")
    read = read_delimited(table)
    assert read.delimiter == delimiter
    assert read.rows == [["a", "b", "c"], ["1", "2", "3"]]
    assert read.remarks == ()


def test_decimal_commas_do_not_pass_for_a_delimiter(table: Path) -> None:
    table.write_text("Client;Amount\nAna;1,5\nLuis;2,5\n", encoding="utf-8")
    assert read_delimited(table).rows[1] == ["Ana", "1,5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_is_read_with_and_without_its_mark(table: Path, encoding: str) -> None:
    table.write_bytes("Compañía,Región\nPérez,España\n".encode(encoding))
    read = read_delimited(table)
    assert read.rows == [["Compañía", "Región"], ["Pérez", "España"]]
    assert read.remarks == ()


def test_windows_1252_is_a_guess_and_is_told(table: Path) -> None:
    table.write_bytes("Compañía,€\nPérez,5\n".encode("cp1252"))
    read = read_delimited(table)
    assert read.rows[0] == ["Compañía", "€"]
    assert read.encoding == "cp1252"
    assert [remark.code for remark in read.remarks] == [Code.GUESSED_ENCODING]


def test_quotes_keep_delimiters_and_line_breaks_inside_a_cell(table: Path) -> None:
    table.write_text('a,b\n"1, 2","say ""hi""\nagain"\n3,4\n', encoding="utf-8")
    read = read_delimited(table)
    assert read.rows == [["a", "b"], ["1, 2", 'say "hi"\nagain'], ["3", "4"]]
    assert read.lines == [1, 2, 4]


def test_blank_lines_are_left_out_and_lines_still_count(table: Path) -> None:
    table.write_text("sep=;\n\na;b\n\n;\n1;2\n", encoding="utf-8")
    read = read_delimited(table)
    assert read.rows == [["a", "b"], ["1", "2"]]
    assert read.lines == [3, 6]


def test_ragged_rows_are_told_with_the_first_line_and_lose_nothing(table: Path) -> None:
    table.write_text("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3\n", encoding="utf-8")
    read = read_delimited(table)
    assert read.rows[2:4] == [["1", "2", ""], ["1", "2", "3", "4"]]
    assert [(said.code, said.params) for said in read.remarks] == [
        (Code.RAGGED_ROWS, {"count": 2, "first": 3})
    ]


def test_the_file_is_as_it_was(table: Path) -> None:
    table.write_bytes(b"a;b\r\n1;2")
    before = table.stat()
    read_delimited(table)
    assert table.read_bytes() == b"a;b\r\n1;2"
    assert table.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n  \n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x81\x8d\x8f",
        b"a,b\n1,\x02\n",
        b'a,b\n"1,2\n',
        b"\xff\xfea",
    ],
    ids=["empty", "blank", "picture", "no letters", "control", "open quote", "half a letter"],
)
def test_what_is_not_a_table_is_refused_with_words(table: Path, raw: bytes) -> None:
    table.write_bytes(raw)
    with pytest.raises(UnreadableSource) as refused:
        read_delimited(table)
    assert "table.csv" in refused.value.message
    assert refused.value.hint


def test_an_open_quote_is_told_with_its_line(table: Path) -> None:
    table.write_text('a,b\n1,2\n"3,4\n5,6\n', encoding="utf-8")
    with pytest.raises(UnreadableSource, match="line 3"):
        read_delimited(table)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(UnreadableSource):
            read_delimited(path)


def test_files_beyond_the_bounds_are_refused(table: Path) -> None:
    table.write_text("a,b\n" + "1,2\n" * MOST_ROWS, encoding="utf-8")
    with pytest.raises(UnreadableSource, match="1,048,577 rows"):
        read_delimited(table)
    with table.open("ab") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UnreadableSource, match="larger than 100 MB"):
        read_delimited(table)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2, max_size=5)
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_csv_module_writes_is_read_back(table: Path, rows: list[list[str]], encoding: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    table.write_bytes(text.getvalue().encode(encoding))
    assert read_delimited(table).rows == rows
