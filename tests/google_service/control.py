"""The stand-in's own path, by which another process tells it what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from tests.google_service.edits import edit_from
from tests.google_service.misbehave import Fault
from tests.google_service.shapes import Object

if TYPE_CHECKING:
    from tests.google_service.service import Service


def answer(service: Service, http: str, path: str, *, body: bytes) -> Object:
    """Do what a body asks for; see the package's docstring."""
    if path == "/control/reset":
        kept = service.tokens
        service.reset()
        # Whoever plays a recording goes on with the token that they began with.
        service.tokens.granted.update(kept.granted)
        return {}
    if http == "GET":
        counts = {method: asdict(count) for method, count in service.counters().items()}
        return {"counters": counts, "problems": service.problems}
    wanted: Object = json.loads(body or b"{}")
    if "misbehave" in wanted:
        plan = dict(wanted["misbehave"])
        service.misbehave.next(Fault[plan.pop("fault")], **plan)
    if "clock" in wanted:
        service.clock.advance(wanted["clock"]["advance"])
    if "quotas" in wanted:
        service.quotas.enforced = wanted["quotas"]["enforced"]
    if "edit" in wanted:
        _edit(service, wanted["edit"])
    return {}


def _edit(service: Service, wanted: Object) -> None:
    edits = [edit_from(raw) for raw in wanted["edits"]]
    moment = wanted.get("when", "now")
    if moment == "now":
        service.edit(wanted["spreadsheetId"], *edits)
    else:
        getattr(service.edits, moment)(wanted["spreadsheetId"], *edits)
