"""Google's quotas of Sheets: reads and writes, per user and per project, in the last minute."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.google_service.clock import Clock
from tests.google_service.errors import Refusal, info

PER_USER = 60
PER_PROJECT = 300
MINUTE = 60.0


@dataclass(slots=True, kw_only=True)
class Quotas:
    """Counts requests; refuses with 429 when they are enforced and used up."""

    clock: Clock
    enforced: bool = False
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def refuse_excess(self, user: str, project: str, *, writes: bool) -> None:
        if not self.enforced:
            return
        kind = "Write" if writes else "Read"
        now = self.clock.now()
        limits = {f"{kind} user {user}": PER_USER, f"{kind} project {project}": PER_PROJECT}
        for name, limit in limits.items():
            seen = self._seen[name]
            while seen and seen[0] <= now - MINUTE:
                seen.popleft()
            if len(seen) >= limit:
                raise exhausted(kind, "user" if " user " in name else "project", project)
        for name in limits:
            self._seen[name].append(now)


def exhausted(kind: str, whose: str, project: str, *, headers: dict[str, str] | None = None) -> Refusal:
    """Return the refusal of a request beyond a quota."""
    limit = f"{kind} requests per minute" + (" per user" if whose == "user" else "")
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{limit}' of service "
        f"'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    details = [
        info("RATE_LIMIT_EXCEEDED", {"service": "sheets.googleapis.com", "consumer": f"projects/{project}"})
    ]
    return Refusal(429, message, details=details, headers=headers)
