"""What can go wrong between a client and Google, on command, per call."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tests.google_service.errors import Refusal, info, no_permission, not_found
from tests.google_service.quotas import exhausted


class Fault(StrEnum):
    """What the next matching call meets."""

    RATE_LIMITED = "429"
    RATE_LIMITED_RETRY_AFTER = "429 with Retry-After"
    INTERNAL = "500"
    UNAVAILABLE = "503"
    UNAVAILABLE_BUT_APPLIED = "503, but applied"
    #: The connection is dropped unanswered, and for `seconds` nobody listens on the port.
    REFUSED = "refused connection"
    #: No answer until the client gives up (at most `seconds`); not applied.
    TIMEOUT_BEFORE = "timeout before it was applied"
    TIMEOUT_AFTER = "timeout after it was applied"
    #: Applied; the connection is reset when half of the answer is sent.
    RESET_IN_BODY = "reset in the body"
    #: Applied; the answer is whole HTTP, and half of its JSON.
    CUT_JSON = "cut JSON"
    #: Applied; the answer comes after `seconds`.
    SLOW = "slow"
    UNAUTHORIZED = "401"
    API_NOT_ENABLED = "403, the API is not enabled"
    NO_ROLE = "403, the role does not suffice"
    STORAGE_FULL = "403, the storage is full"
    NOT_FOUND = "404"


#: Faults in which the call has been applied, though the client is not told so.
APPLIED = frozenset(
    {Fault.UNAVAILABLE_BUT_APPLIED, Fault.TIMEOUT_AFTER, Fault.RESET_IN_BODY, Fault.CUT_JSON, Fault.SLOW}
)
#: What Drive calls the reason; it words its refusals otherwise than Sheets does.
_DRIVE_REASONS = {
    Fault.RATE_LIMITED: "userRateLimitExceeded",
    Fault.RATE_LIMITED_RETRY_AFTER: "userRateLimitExceeded",
    Fault.INTERNAL: "internalError",
    Fault.UNAVAILABLE: "backendError",
    Fault.UNAVAILABLE_BUT_APPLIED: "backendError",
    Fault.NO_ROLE: "insufficientFilePermissions",
    Fault.NOT_FOUND: "notFound",
}
_SECONDS = {Fault.SLOW: 0.3, Fault.REFUSED: 0.3, Fault.RATE_LIMITED_RETRY_AFTER: 1.0}


@dataclass(slots=True, kw_only=True)
class Planned:
    """A fault that waits for its calls."""

    fault: Fault
    calls: int = 1
    after: int = 0
    method: str | None = None
    seconds: float = 60.0

    def matches(self, method: str) -> bool:
        return method == self.method or (self.method is None and method != "token")

    @property
    def applies(self) -> bool:
        return self.fault in APPLIED


@dataclass(slots=True, kw_only=True)
class Misbehaviour:
    """The faults to come."""

    project: str
    planned: list[Planned] = field(default_factory=list)

    def next(
        self,
        fault: Fault,
        *,
        calls: int = 1,
        method: str | None = None,
        after: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Let the next matching calls meet a fault, after some that go well."""
        wait = _SECONDS.get(fault, 60.0) if seconds is None else seconds
        self.planned.append(Planned(fault=fault, calls=calls, method=method, after=after, seconds=wait))

    def clear(self) -> None:
        self.planned.clear()

    def take(self, method: str) -> Planned | None:
        """Return the fault that a call meets now."""
        for plan in self.planned:
            if not plan.matches(method):
                continue
            if plan.after:
                plan.after -= 1
                return None
            plan.calls -= 1
            if not plan.calls:
                self.planned.remove(plan)
            return plan
        return None

    def refusal(self, plan: Planned, method: str) -> Refusal | None:
        """Return the answer of a fault that is one; None for those of the connection."""
        kind = "Write" if "pdate" in method or "append" in method else "Read"
        retry = {"Retry-After": str(max(1, round(plan.seconds)))}
        answers = {
            Fault.RATE_LIMITED: exhausted(kind, "user", self.project),
            Fault.RATE_LIMITED_RETRY_AFTER: exhausted(kind, "user", self.project, headers=retry),
            Fault.INTERNAL: Refusal(500, "Internal error encountered."),
            Fault.UNAVAILABLE: unavailable(),
            Fault.UNAVAILABLE_BUT_APPLIED: unavailable(),
            Fault.UNAUTHORIZED: unauthorized(),
            Fault.API_NOT_ENABLED: api_not_enabled(self.project, "drive" if "drive" in method else "sheets"),
            Fault.NO_ROLE: no_permission(),
            Fault.STORAGE_FULL: storage_full(),
            Fault.NOT_FOUND: not_found(),
        }
        answer = answers.get(plan.fault)
        reason = _DRIVE_REASONS.get(plan.fault)
        if answer is None or reason is None or not method.startswith("drive."):
            return answer
        return Refusal(answer.code, str(answer), drive_reason=reason, headers=answer.headers)


def unavailable() -> Refusal:
    return Refusal(503, "The service is currently unavailable.")


def unauthorized() -> Refusal:
    return Refusal(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
        "other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def api_not_enabled(project: str, api: str) -> Refusal:
    name = {"sheets": "Google Sheets API", "drive": "Google Drive API"}[api]
    link = f"https://console.developers.google.com/apis/api/{api}.googleapis.com/overview?project={project}"
    message = (
        f"{name} has not been used in project {project} before or it is disabled. Enable it by visiting "
        f"{link} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry."
    )
    help_links = [{"description": "Google developers console API activation", "url": link}]
    about = {"service": f"{api}.googleapis.com", "consumer": f"projects/{project}", "activationUrl": link}
    details = [
        {"@type": "type.googleapis.com/google.rpc.Help", "links": help_links},
        info("SERVICE_DISABLED", about),
    ]
    return Refusal(403, message, details=details)


def storage_full() -> Refusal:
    return Refusal(
        403, "The user's Drive storage quota has been exceeded.", drive_reason="storageQuotaExceeded"
    )
