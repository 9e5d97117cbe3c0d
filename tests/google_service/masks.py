"""Field masks: which parts of an answer are asked for, which parts of a thing are replaced."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

from tests.google_service.shapes import Object

#: A name and what is asked for below it; nothing below it means all of it. "*" stands for all names.
Mask: TypeAlias = "dict[str, Mask]"

_TOKEN = re.compile(r"\s*([A-Za-z_][\w-]*|\*|[(),./])")


class BadMask(ValueError):
    """The text of a mask cannot be read."""


@cache
def parse_mask(text: str) -> Mask:
    tokens = _tokens(text)
    mask = _list(tokens)
    if tokens:
        raise BadMask(text)
    return mask


def mask_problem(text: str) -> bool:
    try:
        parse_mask(text)
    except BadMask:
        return True
    return False


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadMask(text)
        found.append(match.group(1))
        at = match.end()
    return found


def _list(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while True:
        _path(tokens, mask)
        if not tokens or tokens[0] != ",":
            return mask
        tokens.pop(0)


def _path(tokens: list[str], mask: Mask) -> None:
    if not tokens or tokens[0] in "(),./":
        raise BadMask("a name is missing")
    name = tokens.pop(0)
    whole_before = name in mask and not mask[name]
    inner = mask.setdefault(name, {})
    if tokens and tokens[0] in "./":
        tokens.pop(0)
        _path(tokens, inner)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        inner.update(_list(tokens))
        if not tokens or tokens.pop(0) != ")":
            raise BadMask("a bracket is open")
    else:
        inner.clear()
    if whole_before:
        inner.clear()


def masked(value: object, mask: Mask) -> object:
    """Return the parts of a JSON value that a mask asks for."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if isinstance(value, dict):
        return {name: masked(value[name], inner) for name, inner in mask.items() if name in value}
    return value


def merged(old: Object, new: Object, mask: Mask) -> Object:
    """Return `old` with the parts that the mask names taken from `new`; what `new` lacks is cleared."""
    result = dict(old)
    if "*" in mask:
        return {name: value for name, value in new.items() if value is not None}
    for name, inner in mask.items():
        value = new.get(name)
        if inner and (isinstance(value, dict) or value is None):
            kept = old.get(name)
            value = merged(kept if isinstance(kept, dict) else {}, value or {}, inner)
        if value is None or value == {}:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def unknown_name(mask: Mask, schemas: Object, schema: Object) -> str | None:
    """Return the first name in a mask that the schema does not have."""
    while schema.get("type") == "array":
        schema = schema["items"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    properties = schema.get("properties")
    if properties is None:
        return None
    for name, inner in mask.items():
        if name == "*":
            continue
        if name not in properties:
            return name
        deeper = unknown_name(inner, schemas, properties[name]) if inner else None
        if deeper:
            return f"{name}.{deeper}"
    return None
