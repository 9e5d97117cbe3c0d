from __future__ import annotations

from pathlib import Path

from sheetfunnel.workbook.layout import templates_folder
from tests.cli.runner import Run


def test_the_workbooks_are_built_one_for_each_language(run: Run, tmp_path: Path) -> None:
    ran = run("template", "build", "built")
    assert (ran.code, ran.err) == (0, "")
    names = ["sheetfunnel.en.xlsx", "sheetfunnel.es.xlsx"]
    assert [line.rpartition("/")[2] for line in ran.out.splitlines()] == names
    for name in names:
        assert (tmp_path / "built" / name).read_bytes() == (templates_folder() / name).read_bytes()


def test_where_they_cannot_be_put_there_is_no_access(run: Run, tmp_path: Path) -> None:
    (tmp_path / "built").write_text("a file, not a folder")
    ran = run("template", "build", "built")
    assert (ran.code, ran.out) == (77, "")
    assert "cannot be written" in ran.err
