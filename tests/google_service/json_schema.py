"""The discovery documents' schemas as JSON Schema, for the `jsonschema` library: no property but theirs."""

from __future__ import annotations

from functools import cache

from jsonschema import Draft202012Validator

from tests.google_service.discovery import document
from tests.google_service.shapes import Object


@cache
def validator(api: str, schema: str, *, nulls: bool) -> Draft202012Validator:
    """Return the validator of a schema; proto JSON lets a request say null for what is not set."""
    schemas = document(api)["schemas"]
    definitions = {name: _converted(raw, nulls=nulls) for name, raw in schemas.items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": definitions})


def _converted(raw: Object, *, nulls: bool) -> Object:
    if "$ref" in raw:
        return {"$ref": f"#/$defs/{raw['$ref']}"}
    kind = raw.get("type")
    if kind in ("any", None):
        return {}
    if kind == "array":
        return {"type": "array", "items": _item(raw["items"], nulls=nulls)}
    if kind == "object":
        return _converted_object(raw, nulls=nulls)
    result: Object = {"type": kind}
    if raw.get("enum"):
        result["enum"] = raw["enum"]
    if kind == "integer":
        result |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    return result


def _item(raw: Object, *, nulls: bool) -> Object:
    """A cell among values is no list and no object."""
    if raw.get("type") == "any":
        return {"type": ["string", "number", "boolean", "null"]}
    return _converted(raw, nulls=nulls)


def _converted_object(raw: Object, *, nulls: bool) -> Object:
    properties = {name: _converted(inner, nulls=nulls) for name, inner in raw.get("properties", {}).items()}
    if nulls:
        properties = {name: {"anyOf": [inner, {"type": "null"}]} for name, inner in properties.items()}
    extra = raw.get("additionalProperties")
    other = False if extra is None else _converted(extra, nulls=nulls)
    return {"type": "object", "properties": properties, "additionalProperties": other}
