"""Colours as the service gives them back: 256 steps, 32-bit floats, no zeros, in both spellings."""

from __future__ import annotations

from functools import cache

import numpy as np

from tests.google_service.shapes import Object

CHANNELS = ("red", "green", "blue")
#: Fields that hold a colour; each has a twin with this name and "Style" behind it.
COLORS = frozenset(
    {"color", "foregroundColor", "backgroundColor", "tabColor", "headerColor", "firstBandColor"}
    | {"secondBandColor", "footerColor"}
)


@cache
def channel(value: float) -> float:
    """Return one channel after its trip through a byte and a 32-bit float."""
    step = min(255, max(0, int(value * 255 + 1e-6)))
    shown = float(str(np.float32(step / 255)))
    return int(shown) if shown.is_integer() else shown


def color(raw: Object) -> Object:
    return {name: channel(raw[name]) for name in CHANNELS if raw.get(name)}


def style(raw: Object) -> Object:
    """Return a ColorStyle as it is kept: a theme's colour, or red, green and blue."""
    if "themeColor" in raw:
        return {"themeColor": raw["themeColor"]}
    return {"rgbColor": color(raw.get("rgbColor") or {})}


def settled(value: object) -> object:
    """Return what a client sent as the service keeps it: no nulls, colours in steps and both spellings."""
    if isinstance(value, list):
        return [settled(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: Object = {}
    for name, item in value.items():
        if item is None:
            continue
        _settle_field(result, name, item)
    return result


def _settle_field(result: Object, name: str, item: object) -> None:
    base = name.removesuffix("Style")
    if base not in COLORS or not isinstance(item, dict):
        result[name] = settled(item)
    elif name == base:
        result[name] = color(item)
        result.setdefault(f"{name}Style", {"rgbColor": color(item)})
    else:
        kept = style(item)
        result[name] = kept
        if "rgbColor" in kept:
            result[base] = kept["rgbColor"]


def settled_object(value: Object) -> Object:
    result = settled(value)
    return result if isinstance(result, dict) else {}


def twinned(mask_names: frozenset[str]) -> frozenset[str]:
    """Return names of a mask with the other spelling of each colour."""
    twins = {f"{name}Style" for name in mask_names & COLORS}
    twins |= {name.removesuffix("Style") for name in mask_names if name.removesuffix("Style") in COLORS}
    return mask_names | twins
