"""Answers that refuse, in Google's words and with its codes."""

from __future__ import annotations

from tests.google_service.shapes import Object

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Refusal(Exception):
    """The request is refused; `body` is the JSON that Google would answer with."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        details: list[Object] | None = None,
        drive_reason: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        self.body = _body(code, message, details, drive_reason)


def _body(code: int, message: str, details: list[Object] | None, drive_reason: str | None) -> Object:
    error: Object = {"code": code, "message": message}
    if drive_reason is not None:
        error["errors"] = [{"message": message, "domain": "global", "reason": drive_reason}]
    else:
        error["status"] = STATUS.get(code, "UNKNOWN")
    if details:
        error["details"] = details
    return {"error": error}


def unsupported() -> Refusal:
    """The file is there, and no spreadsheet."""
    refusal = Refusal(400, "This operation is not supported for this document")
    refusal.body["error"]["status"] = "FAILED_PRECONDITION"
    return refusal


def invalid(message: str) -> Refusal:
    return Refusal(400, message)


def not_found() -> Refusal:
    return Refusal(404, "Requested entity was not found.")


def no_permission() -> Refusal:
    return Refusal(403, "The caller does not have permission")


def violation(field: str, description: str) -> Refusal:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": field, "description": description}],
        }
    ]
    return Refusal(400, description, details=details)


def info(reason: str, metadata: dict[str, str]) -> Object:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }
