"""Charts: kept and given back, not drawn."""

from __future__ import annotations

from tests.google_service.colors import settled_object
from tests.google_service.errors import invalid
from tests.google_service.masks import merged, parse_mask
from tests.google_service.shapes import Object
from tests.google_service.state import Sheet, Spreadsheet

KINDS = (
    "basicChart",
    "pieChart",
    "bubbleChart",
    "candlestickChart",
    "orgChart",
    "histogramChart",
    "waterfallChart",
    "treemapChart",
    "scorecardChart",
)


def add(spreadsheet: Spreadsheet, request: Object) -> Object:
    raw = settled_object(request["chart"])
    if not any(kind in raw.get("spec", {}) for kind in KINDS):
        raise invalid("A chart's spec must say of which kind it is.")
    sheet = _home(spreadsheet, raw.get("position") or {"newSheet": True})
    chart = {**raw, "chartId": raw.get("chartId") or spreadsheet.new_id()}
    sheet.lists["charts"].append(chart)
    return {"chart": chart}


def _home(spreadsheet: Spreadsheet, position: Object) -> Sheet:
    anchor = position.get("overlayPosition", {}).get("anchorCell")
    if anchor is not None:
        return spreadsheet.sheet(anchor.get("sheetId", 0))
    if "sheetId" in position:
        return spreadsheet.sheet(position["sheetId"])
    raise invalid("The stand-in puts charts over cells only: give an overlayPosition with an anchorCell.")


def _find(spreadsheet: Spreadsheet, chart_id: int) -> tuple[list[Object], int]:
    for sheet in spreadsheet.sheets:
        for at, chart in enumerate(sheet.lists["charts"]):
            if chart["chartId"] == chart_id:
                return sheet.lists["charts"], at
    raise invalid(f"No chart with id: {chart_id}")


def update(spreadsheet: Spreadsheet, request: Object) -> None:
    charts, at = _find(spreadsheet, request.get("chartId", 0))
    charts[at] = {**charts[at], "spec": settled_object(request["spec"])}


def move(spreadsheet: Spreadsheet, request: Object) -> Object:
    charts, at = _find(spreadsheet, request.get("objectId", 0))
    new = request.get("newPosition") or {}
    old = charts[at].get("position", {}).get("overlayPosition", {})
    overlay = merged(old, new.get("overlayPosition") or {}, parse_mask(request["fields"]))
    charts[at] = {**charts[at], "position": {"overlayPosition": overlay}}
    return {"position": charts[at]["position"]}


def delete(spreadsheet: Spreadsheet, request: Object) -> None:
    charts, at = _find(spreadsheet, request.get("objectId", 0))
    charts.pop(at)


HANDLERS = {
    "addChart": add,
    "updateChartSpec": update,
    "updateEmbeddedObjectPosition": move,
    "deleteEmbeddedObject": delete,
}
