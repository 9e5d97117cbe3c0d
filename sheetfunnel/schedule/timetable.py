"""When the sync runs: every so many minutes or hours, counted from midnight by the clock on the wall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sheetfunnel.errors import WrongUsage
from sheetfunnel.values import value

#: Steps that divide the hour, and the day, so that every scheduler can keep them.
_MINUTES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
_HOURS: Final = (1, 2, 3, 4, 6, 8, 12)
_HOUR: Final = 60
_WRITTEN: Final = re.compile(r"(\d{1,4})\s*(m|min|h)", re.IGNORECASE)


@value
class Every:
    """A step of so many minutes: a divisor of the hour, or whole hours that divide the day."""

    minutes: int

    def __str__(self) -> str:
        """Return it as it is typed: ``15m``, ``2h``."""
        return f"{self.minutes // _HOUR}h" if self.minutes >= _HOUR else f"{self.minutes}m"

    def times(self) -> Iterator[tuple[int | None, int]]:
        """Yield the hour and minute of each run; an hour that is ``None`` is every hour."""
        if self.minutes < _HOUR:
            yield from ((None, minute) for minute in range(0, _HOUR, self.minutes))
        else:
            yield from ((hour, 0) for hour in range(0, 24, self.minutes // _HOUR))

    def after(self, moment: datetime) -> datetime:
        """Return the next time of a run after ``moment``; both are what the clock on the wall shows."""
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=self.minutes)
        return midnight + ((moment - midnight) // step + 1) * step


def every(text: str) -> Every:
    """Return the step that a person typed, such as ``15m`` or ``2h``.

    Raises:
        WrongUsage: it is none, or one that does not divide the hour or the day.

    """
    match = _WRITTEN.fullmatch(text.strip())
    if match:
        number, in_hours = int(match[1]), match[2].lower() == "h"
        if number in (_HOURS if in_hours else (*_MINUTES, *(_HOUR * hour for hour in _HOURS))):
            return Every(minutes=number * _HOUR if in_hours else number)
    raise WrongUsage(
        f"“{text}” is no step that every scheduler can keep.",
        hint="Give minutes that divide the hour, such as --every 15m, or hours that divide the day: "
        "--every 2h.",
    )
