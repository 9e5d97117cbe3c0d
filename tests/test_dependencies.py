"""What is installed with the program is what the program uses."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

#: Used without being imported: the time zones, where the system has none.
_DATA = {"tzdata"}


def _plain(name: str) -> str:
    """Return the name of a distribution as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0]).lower()


def _imported() -> Iterator[str]:
    for path in (_ROOT / "sheetfunnel").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module)


def _used() -> set[str]:
    providers, modules = packages_distributions(), {name.partition(".")[0] for name in _imported()}
    return {_plain(name) for module in modules for name in providers.get(module, ())}


def test_every_dependency_of_the_program_is_one_that_it_imports() -> None:
    declared = {_plain(each) for each in _PROJECT["dependencies"]} - _DATA
    assert declared - _used() == set()


def test_the_lock_of_the_program_holds_each_dependency_and_none_that_only_tests_use() -> None:
    locked = {
        _plain(line)
        for line in (_ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if re.match(r"[a-z]", line, re.IGNORECASE)
    }
    declared = {_plain(each) for each in _PROJECT["dependencies"]}
    assert declared - locked == set()
    assert locked & {"polib", "pytest", "hypothesis", "coverage"} == set()
