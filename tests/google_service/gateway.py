"""What stands before the service: routes, tokens, scopes, quotas, the checks by discovery, the log."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from tests.google_service import control
from tests.google_service.call import Call, Logged
from tests.google_service.discovery import Method, answer_problem, query_refusal, request_refusal, route
from tests.google_service.errors import Refusal
from tests.google_service.misbehave import Planned, api_not_enabled, unauthorized
from tests.google_service.service import Service
from tests.google_service.shapes import Object
from tests.google_service.tokens import InvalidGrant

JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came over the line."""

    http: str
    path: str
    query: str
    token: str
    content_type: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Outgoing:
    """An answer, and what is to go wrong with it on the line."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    fault: Planned | None = None
    #: Where the log keeps what was sent.
    entry: Logged | None = None


def answer(service: Service, incoming: Incoming) -> Outgoing:
    """Answer a request."""
    if incoming.path.startswith("/control"):
        return _json(200, control.answer(service, incoming.http, incoming.path, incoming.body))
    if incoming.path == "/token":
        return _token(service, incoming)
    if incoming.path.startswith(("/v1/", "/o/oauth2")):
        return _identity(service, incoming)
    path = incoming.path.removeprefix("/upload")
    found = route(incoming.http, path)
    if found is None:
        return Outgoing(
            status=404, body=b"<!DOCTYPE html><title>Error 404 (Not Found)</title>", content_type="text/html"
        )
    return _api(service, incoming, *found)


def _api(service: Service, incoming: Incoming, method: Method, parts: dict[str, str]) -> Outgoing:
    query = parse_qs(incoming.query, keep_blank_values=True)
    entry = Logged(method=method.id, http=incoming.http, path=incoming.path, query=query, body=None)
    entry.bytes_in = len(incoming.body)
    fault = service.misbehave.take(method.id)
    try:
        outgoing = _answered(service, incoming, entry, _Routed(method=method, parts=parts, fault=fault))
    except Refusal as refusal:
        outgoing = _json(refusal.code, refusal.body, refusal.headers)
    outgoing.fault = fault
    entry.status, entry.bytes_out = outgoing.status, len(outgoing.body)
    entry.bytes_packed, outgoing.entry = entry.bytes_out, entry
    service.log.append(entry)
    return outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Routed:
    method: Method
    parts: dict[str, str]
    fault: Planned | None


def _answered(service: Service, incoming: Incoming, entry: Logged, routed: _Routed) -> Outgoing:
    method, fault = routed.method, routed.fault
    refusal = None if fault is None else service.misbehave.refusal(fault, method.id)
    entry.body = _body(incoming)
    if fault is not None and not fault.applies:
        if refusal is not None:
            raise refusal
        return Outgoing()
    user = _authorized(service, incoming, method)
    entry.user = user
    if method.api == "sheets":
        service.quotas.refuse_excess(user, service.project, writes=method.writes)
    _refuse_invalid(service, method, entry)
    outgoing = _performed(service, _call(routed, entry))
    if refusal is not None:
        raise refusal
    return outgoing


def _body(incoming: Incoming) -> object:
    if not incoming.body or not incoming.content_type.startswith("application/json"):
        return None
    try:
        return json.loads(incoming.body)
    except ValueError as error:
        raise Refusal(400, f"Invalid JSON payload received. {error}") from error


def _authorized(service: Service, incoming: Incoming, method: Method) -> str:
    granted = service.tokens.holder(incoming.token)
    if granted is None:
        raise unauthorized()
    if not service.api_enabled:
        raise api_not_enabled(service.project, method.api)
    if not granted.scopes & method.scopes:
        raise Refusal(403, "Request had insufficient authentication scopes.")
    return granted.user


def _refuse_invalid(service: Service, method: Method, entry: Logged) -> None:
    refusal = query_refusal(method, entry.query) or request_refusal(method, entry.body)
    if refusal is not None:
        service.problems.append(f"{method.id}: the request is invalid: {refusal}")
        raise refusal


def _call(routed: _Routed, entry: Logged) -> Call:
    return Call(
        method=routed.method,
        path={name: unquote(part) for name, part in routed.parts.items()},
        query={name: values[-1] for name, values in entry.query.items()},
        ranges=entry.query.get("ranges", []),
        body=entry.body if isinstance(entry.body, dict) else {},
        user=entry.user,
    )


def _performed(service: Service, call: Call) -> Outgoing:
    result = service.perform(call)
    problem = answer_problem(call.method, result)
    if problem is not None:
        service.problems.append(problem)
    if result is None:
        return Outgoing(status=204, content_type="text/html")
    if isinstance(result, str):
        return Outgoing(body=result.encode(), content_type="text/csv")
    return _json(200, result)


def _json(status: int, body: Object, headers: dict[str, str] | None = None) -> Outgoing:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Outgoing(status=status, body=text.encode(), headers=headers or {})


def _token(service: Service, incoming: Incoming) -> Outgoing:
    form = _client_of(incoming.token)
    form |= {name: values[-1] for name, values in parse_qs(incoming.body.decode()).items()}
    entry = Logged(
        method="token", http=incoming.http, path=incoming.path, query={}, body=form.get("grant_type")
    )
    entry.bytes_in = len(incoming.body)
    fault = service.misbehave.take("token")
    refusal = None if fault is None else service.misbehave.refusal(fault, "token")
    outgoing = Outgoing()
    if refusal is not None:
        outgoing = _json(refusal.code, refusal.body, refusal.headers)
    elif fault is None or fault.applies:
        outgoing = _exchanged(service, form)
    outgoing.fault = fault
    entry.status, entry.bytes_out = outgoing.status, len(outgoing.body)
    entry.bytes_packed, outgoing.entry = entry.bytes_out, entry
    service.log.append(entry)
    return outgoing


def _client_of(authorization: str) -> dict[str, str]:
    """Return the OAuth client that a header names: the body or the header may, as at Google."""
    if not authorization.startswith("Basic "):
        return {}
    name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    return {"client_id": unquote(name), "client_secret": unquote(secret)}


def _exchanged(service: Service, form: dict[str, str]) -> Outgoing:
    try:
        return _json(200, service.tokens.exchange(form))
    except InvalidGrant as refusal:
        status = 401 if refusal.error == "invalid_client" else 400
        return _json(status, {"error": refusal.error, "error_description": str(refusal)})


def _identity(service: Service, incoming: Incoming) -> Outgoing:
    """The consent screen, on which the person always agrees; and what google-auth asks of iamcredentials."""
    query = {name: values[-1] for name, values in parse_qs(incoming.query).items()}
    if incoming.path.startswith("/o/oauth2"):
        code = service.tokens.ask(service.person, query)
        back = f"{query.get('redirect_uri', '')}?code={code}&state={query.get('state', '')}"
        return Outgoing(status=302, content_type="text/html", headers={"Location": back})
    if incoming.path.endswith(":generateAccessToken"):
        return _impersonated(service, incoming)
    return _json(200, {"locations": [], "encodedLocations": "0x0"})


def _impersonated(service: Service, incoming: Incoming) -> Outgoing:
    email = unquote(incoming.path.rsplit("/", 1)[-1].removesuffix(":generateAccessToken"))
    if service.tokens.holder(incoming.token) is None or email not in service.tokens.robots:
        refused = Refusal(403, "Permission 'iam.serviceAccounts.getAccessToken' denied on resource.")
        return _json(refused.code, refused.body)
    scopes = frozenset(json.loads(incoming.body or b"{}").get("scope", []))
    token = service.tokens.issue(email, scopes)
    expires = service.clock.day_in("UTC").isoformat() + "T23:59:59Z"
    return _json(200, {"accessToken": token, "expireTime": expires})
