"""Google's discovery documents: the methods with their paths, and a check for every schema.

The checks are functions compiled once from the schemas, since a body may hold 400,000 cells. `json_schema.py`
converts the same schemas for the `jsonschema` library, and a test lets the two judge the same bodies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from tests.google_service.errors import Refusal, violation
from tests.google_service.masks import mask_problem
from tests.google_service.shapes import Object

APIS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}


@dataclass(slots=True)
class Problem:
    """What is wrong with a body, and where; the path is gathered on the way out."""

    text: str
    kind: str
    path: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return "".join(self.path).lstrip(".")


Check: TypeAlias = "Callable[[object], Problem | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method of an API, as the discovery document tells it."""

    api: str
    id: str
    http: str
    path: re.Pattern[str]
    parameters: Object
    request: str | None
    response: str | None
    scopes: frozenset[str]

    @property
    def writes(self) -> bool:
        reading = (".get", ".list", ".batchGet", ".batchGetByDataFilter", ".getByDataFilter", ".search")
        return self.http != "GET" and not self.id.endswith(reading)


@cache
def document(api: str) -> Object:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    loaded: Object = json.loads((folder / APIS[api]).read_text(encoding="utf-8"))
    return loaded


@cache
def methods() -> tuple[Method, ...]:
    found: list[Method] = []
    for api in APIS:
        _gather(api, document(api), found)
    return tuple(sorted(found, key=lambda method: len(method.path.pattern), reverse=True))


def _gather(api: str, resource: Object, found: list[Method]) -> None:
    found.extend(_method(api, raw) for raw in resource.get("methods", {}).values())
    for inner in resource.get("resources", {}).values():
        _gather(api, inner, found)


def _method(api: str, raw: Object) -> Method:
    prefix = document(api)["servicePath"]
    template = re.escape("/" + prefix + raw["path"]).replace(r"\{", "{").replace(r"\}", "}")
    # A sheet's id in a path ends where a method's name begins: ids hold no colon.
    pattern = re.sub(r"\{(\w+)\}", _segment, template)
    return Method(
        api=api,
        id=raw["id"].removeprefix("sheets."),
        http=raw["httpMethod"],
        path=re.compile(pattern),
        parameters={**document(api)["parameters"], **raw.get("parameters", {})},
        request=raw.get("request", {}).get("$ref"),
        response=raw.get("response", {}).get("$ref"),
        scopes=frozenset(raw.get("scopes", ())),
    )


def _segment(match: re.Match[str]) -> str:
    name = match.group(1)
    return f"(?P<{name}>[^/]+)" if name == "range" else f"(?P<{name}>[^/:]+)"


def route(http: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """Find the method for a path whose parts are still quoted."""
    for method in methods():
        match = method.path.fullmatch(path) if method.http == http else None
        if match:
            return method, match.groupdict()
    return None


@cache
def check(api: str, schema: str, *, nulls: bool) -> Check:
    """Return the check of a schema; proto JSON lets a request say null for a field that is not set."""
    return _object_check(api, document(api)["schemas"][schema], nulls=nulls)


def _check_of(api: str, schema: Object, *, nulls: bool) -> Check:
    if "$ref" in schema:
        return _reference_check(api, schema["$ref"], nulls=nulls)
    kind = schema.get("type")
    if kind == "array":
        return _array_check(schema["items"], _check_of(api, schema["items"], nulls=nulls))
    if kind == "object":
        return _object_check(api, schema, nulls=nulls)
    if kind == "string":
        return _string_check(schema)
    return _SCALARS.get((kind, schema.get("format")), _SCALARS[(kind, None)])


def _reference_check(api: str, name: str, *, nulls: bool) -> Check:
    def checked(value: object) -> Problem | None:
        return check(api, name, nulls=nulls)(value)  # late, because schemas hold themselves

    return checked


def _array_check(items: Object, item_check: Check) -> Check:
    of_lists = items.get("type") == "array"
    of_anything = items.get("type") == "any"
    kind = "type.googleapis.com/google.protobuf.ListValue" if of_lists else "a list"

    def checked(value: object) -> Problem | None:
        if not isinstance(value, list):
            return Problem("value", kind)
        if of_anything:
            return _odd_value(value)
        seen: set[int] = set()  # a row that stands there many times is looked at once
        for at, item in enumerate(value):
            if id(item) in seen:
                continue
            seen.add(id(item))
            problem = item_check(item)
            if problem is not None:
                problem.path.insert(0, f"[{at}]")
                return problem
        return None

    return checked


def _odd_value(values: list[object]) -> Problem | None:
    """A cell in `values` is a text, a number, a boolean or null: the service refuses lists and objects."""
    for at, item in enumerate(values):
        if isinstance(item, list | dict):
            return Problem("value", "a cell's value", [f"[{at}]"])
    return None


def _object_check(api: str, schema: Object, *, nulls: bool) -> Check:
    checks = {
        name: _check_of(api, inner, nulls=nulls) for name, inner in schema.get("properties", {}).items()
    }
    extra = schema.get("additionalProperties")
    other = None if extra is None else _check_of(api, extra, nulls=nulls)

    def checked(value: object) -> Problem | None:
        if not isinstance(value, dict):
            return Problem("value", "an object")
        for name, item in value.items():
            known = checks.get(name, other)
            if known is None:
                return Problem(f'Unknown name "{name}"', "field")
            if item is None and nulls:
                continue
            problem = known(item)
            if problem is not None:
                problem.path.insert(0, f".{name}")
                return problem
        return None

    return checked


def _string_check(schema: Object) -> Check:
    allowed = frozenset(schema.get("enum", ()))
    is_mask = schema.get("format") == "google-fieldmask"
    kind = "TYPE_ENUM" if allowed else "TYPE_STRING"

    def checked(value: object) -> Problem | None:
        if not isinstance(value, str) or (allowed and value not in allowed):
            return Problem("value", kind)
        if is_mask and mask_problem(value):
            return Problem("value", "google.protobuf.FieldMask")
        return None

    return checked


def _integer(value: object) -> Problem | None:
    fits = type(value) is int and -(2**31) <= value < 2**31
    return None if fits else Problem("value", "TYPE_INT32")


def _number(value: object) -> Problem | None:
    return None if type(value) in (int, float) else Problem("value", "TYPE_DOUBLE")


def _boolean(value: object) -> Problem | None:
    return None if type(value) is bool else Problem("value", "TYPE_BOOL")


def _anything(value: object) -> Problem | None:
    del value
    return None


_SCALARS: dict[tuple[str | None, str | None], Check] = {
    ("integer", None): _integer,
    ("number", None): _number,
    ("boolean", None): _boolean,
    ("any", None): _anything,
    (None, None): _anything,
}


def request_refusal(method: Method, body: object) -> Refusal | None:
    """Say what Google says of a body that does not fit the method's schema; None if it fits."""
    if method.request is None:
        return violation("", "Request body is not allowed.") if body else None
    if method.api == "drive" and isinstance(body, dict):
        body = {name: value for name, value in body.items() if name in _names(method)}
    problem = check(method.api, method.request, nulls=True)({} if body is None else body)
    return None if problem is None else _refusal(method, problem, body)


def _names(method: Method) -> Object:
    """The names that a body may have: Drive overlooks all others, and gspread sends one of them."""
    names: Object = document(method.api)["schemas"][method.request]["properties"]
    return names


def _refusal(method: Method, problem: Problem, body: object) -> Refusal:
    root = "data" if method.request == "ValueRange" else ""
    where = ".".join(part for part in (root, problem.where) if part)
    if problem.kind == "field":
        at = f" at '{where}'" if where else ""
        text = f"Invalid JSON payload received. {problem.text}{at}: Cannot find field."
    else:
        text = f"Invalid value at '{where}' ({problem.kind}), {json.dumps(_at(body, problem.path))}"
    return violation(where, text)


def _at(body: object, path: list[str]) -> object:
    for part in path:
        if isinstance(body, dict):
            body = body.get(part[1:])
        elif isinstance(body, list):
            body = body[int(part[1:-1])]
    return body


def answer_problem(method: Method, body: object) -> str | None:
    """Say where an answer of the stand-in does not fit the discovery document; None if it fits."""
    if method.response is None:
        return None if body in (None, {}) or isinstance(body, str) else "an answer where none is due"
    problem = check(method.api, method.response, nulls=False)(body)
    if problem is None:
        return None
    return f"{method.id}: the answer at {problem.where or 'its root'}: {problem.text} ({problem.kind})"


def query_refusal(method: Method, query: dict[str, list[str]]) -> Refusal | None:
    for name, values in query.items():
        known = method.parameters.get(name)
        if known is None and method.api == "drive":
            continue  # Drive overlooks what it does not know, and gspread counts on it
        if known is None:
            text = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            return violation("", text)
        for value in values:
            if not _fits(known, value) or (name == "fields" and value and mask_problem(value)):
                return violation(name, f"Invalid value at '{name}', \"{value}\"")
    return None


def _fits(parameter: Object, value: str) -> bool:
    if parameter["type"] == "boolean":
        return value.lower() in ("true", "false")
    if parameter["type"] == "integer":
        return value.lstrip("-").isdigit()
    allowed = parameter.get("enum")
    return not allowed or value in allowed
