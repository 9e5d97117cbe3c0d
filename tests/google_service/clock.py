"""The service's clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(slots=True)
class Clock:
    """Goes as the machine's does, and forward as it is told."""

    ahead: float = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds

    def stamp(self, later: float = 0) -> str:
        """Return the moment as Drive writes it; one that many seconds later in whole seconds."""
        moment = datetime.fromtimestamp(self.now() + later, UTC)
        text = moment.isoformat(timespec="seconds" if later else "milliseconds")
        return text.replace("+00:00", "Z")

    def day_in(self, zone: str) -> date:
        try:
            where = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            where = ZoneInfo("UTC")
        return datetime.fromtimestamp(self.now(), where).date()
