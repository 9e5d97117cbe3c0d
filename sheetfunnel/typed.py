"""How words are typed in a command, so that a person can copy what a message says."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import Final

#: What a shell would take for its own within double quotes.
_FOR_THE_SHELL: Final = frozenset('"$`\\!')


def as_typed(word: object) -> str:
    """Return a file's name or the like as it is typed in a command: in quotes where it needs them."""
    text = str(word)
    if os.name == "nt":
        return subprocess.list2cmdline([text])
    if shlex.quote(text) == text:
        return text
    return shlex.quote(text) if _FOR_THE_SHELL & set(text) else f'"{text}"'
