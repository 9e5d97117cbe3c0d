"""What a message tells to type is taken by a shell as it was meant."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetfunnel.typed import as_typed


@pytest.mark.skipif(os.name == "nt", reason="it is about the shells of the others")
@given(word=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_a_shell_gets_every_name_as_it_is(word: str) -> None:
    command = f"printf %s {as_typed(word)}"
    assert subprocess.run(["sh", "-c", command], capture_output=True, check=True).stdout.decode() == word


def test_a_plain_name_has_no_quotes_and_a_space_gets_those_that_every_shell_knows() -> None:
    assert as_typed("demo/practice.xlsx") == "demo/practice.xlsx"
    assert as_typed("my sales.xlsx") == '"my sales.xlsx"'
    assert as_typed("Señor's sales.xlsx") == '"Señor\'s sales.xlsx"'
