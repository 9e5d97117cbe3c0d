from __future__ import annotations

import re

from tests.google_service.replay import replayed
from tests.google_service.server import Server
from tests.shared import needs_shared

#: One recording opens a sheet of the recorder's that was never made in it.
MISSED = 1


@needs_shared
def test_the_stand_in_gives_the_answers_that_were_recorded_of_google() -> None:
    server = Server()
    try:
        last = replayed(server).splitlines()[-1]
        problems = [problem for problem in server.service.problems if "the answer" in problem]
    finally:
        server.close()
    counts = re.match(r"(\d+) of (\d+) answers identical", last)
    assert counts is not None
    assert int(counts.group(1)) == int(counts.group(2)) - MISSED == 1890
    assert not problems
