"""Puts things into a workbook that no library here could carry through a load and save."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.shared import SHARED
from tests.stores.excel_books import parts, zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPES = "application/vnd.openxmlformats-officedocument"
_PIVOT_DONOR = SHARED / "data" / "xlsx" / "mathnya__issue_298.xlsx"
_MACRO_DONOR = SHARED / "data" / "xlsx" / "apache__ExcelWithAttachments.xlsm"

_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
_PIVOT_PARTS = (
    "xl/pivotTables/pivotTable1.xml",
    "xl/pivotTables/_rels/pivotTable1.xml.rels",
    "xl/pivotCache/pivotCacheDefinition1.xml",
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels",
    "xl/pivotCache/pivotCacheRecords1.xml",
)
_COMMENTS = (
    f'<comments xmlns="{_MAIN}"><authors><author>Anna</author></authors><commentList>'
    '<comment ref="A3" authorId="0"><text><r><rPr><b/></rPr><t>met at the fair</t></r></text></comment>'
    "</commentList></comments>"
)
_NOTE_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" '
    'style="position:absolute;visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>2</x:Row>'
    "<x:Column>0</x:Column></x:ClientData></v:shape></xml>"
)
_DATA_BAR = (
    '<conditionalFormatting sqref="I2:I60"><cfRule type="dataBar" priority="99"><dataBar><cfvo type="min"/>'
    '<cfvo type="max"/><color rgb="FF638EC6"/></dataBar></cfRule></conditionalFormatting>'
)
_SPARKLINE = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup><x14:sparklines>'
    "<x14:sparkline><xm:f>Objectives!I2:I9</xm:f><xm:sqref>AR2</xm:sqref></x14:sparkline></x14:sparklines>"
    "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)


def _anchor(row: int, what: str) -> str:
    place = "<xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    ends = (f"<xdr:from>{place.format(44, row)}</xdr:from>", f"<xdr:to>{place.format(50, row + 9)}</xdr:to>")
    return f"<xdr:twoCellAnchor>{''.join(ends)}{what}<xdr:clientData/></xdr:twoCellAnchor>"


_SHAPE = (
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
)
_CHART_FRAME = (
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Mine"/>'
    '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
    f'</xdr:xfrm><a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" '
    f'xmlns:r="{_OFFICE}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
)
_PICTURE_FRAME = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
    f'<a:blip xmlns:r="{_OFFICE}" r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
    f"<xdr:spPr>{_SHAPE}</xdr:spPr></xdr:pic>"
)
_DRAWN = (
    f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main">'
    f"{_anchor(1, _CHART_FRAME)}{_anchor(12, _PICTURE_FRAME)}</xdr:wsDr>"
)


def _links(**targets: str) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'


def grafted(source: Path, target: Path, sheet: str) -> Path:
    """Write ``source`` with a chart, a picture, a comment, formats, a pivot table and a macro put in.

    ``sheet`` is the part that holds the objectives. The mark by which Excel calculates anew is taken out.
    """
    entries = parts(source)
    for name, new in _new_parts(entries["xl/charts/chart1.xml"], sheet).items():
        entries[name] = new.encode() if isinstance(new, str) else new
    entries[sheet] = _with_things(entries[sheet])
    entries["xl/workbook.xml"] = _with_tab(entries["xl/workbook.xml"])
    links = (
        f'<Relationship Id="rId97" Type="{_OFFICE}/worksheet" Target="/xl/worksheets/sheet97.xml"/>'
        f'<Relationship Id="rId98" Type="{_OFFICE}/pivotCacheDefinition" '
        'Target="pivotCache/pivotCacheDefinition1.xml"/><Relationship Id="rId99" '
        'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    entries[rels] = _before(entries[rels], b"</Relationships>", links)
    entries["[Content_Types].xml"] = _with_types(entries["[Content_Types].xml"], sheet)
    return zipped(target, entries)


def _new_parts(chart: bytes, sheet: str) -> Mapping[str, str | bytes]:
    with zipfile.ZipFile(_PIVOT_DONOR) as pivot, zipfile.ZipFile(_MACRO_DONOR) as macro:
        taken = {name: pivot.read(name) for name in _PIVOT_PARTS}
        taken["xl/vbaProject.bin"] = macro.read("xl/vbaProject.bin")
    folder, _, name = sheet.rpartition("/")
    return {
        **taken,
        "xl/worksheets/sheet97.xml": f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>',
        "xl/worksheets/_rels/sheet97.xml.rels": _links(pivotTable="../pivotTables/pivotTable1.xml"),
        f"{folder}/_rels/{name}.rels": _links(
            drawing="../drawings/drawing97.xml",
            vmlDrawing="../drawings/vmlDrawing97.vml",
            comments="../comments97.xml",
        ),
        "xl/drawings/drawing97.xml": _DRAWN,
        "xl/drawings/_rels/drawing97.xml.rels": _links(
            chart="../charts/chart97.xml", image="../media/image97.png"
        ),
        "xl/drawings/vmlDrawing97.vml": _NOTE_SHAPES,
        "xl/charts/chart97.xml": chart,
        "xl/media/image97.png": _PICTURE,
        "xl/comments97.xml": _COMMENTS,
    }


def _before(raw: bytes, sign: bytes, new: str) -> bytes:
    assert raw.count(sign) == 1, sign
    return raw.replace(sign, new.encode() + sign)


def _with_things(raw: bytes) -> bytes:
    tail = f'<drawing xmlns:r="{_OFFICE}" r:id="rId1"/><legacyDrawing xmlns:r="{_OFFICE}" r:id="rId2"/>'
    raw = raw.replace(b"<conditionalFormatting ", _DATA_BAR.encode() + b"<conditionalFormatting ", 1)
    return _before(raw, b"</worksheet>", tail + _SPARKLINE)


def _with_tab(raw: bytes) -> bytes:
    raw = raw.replace(b' fullCalcOnLoad="1"', b"")
    raw = _before(raw, b"</sheets>", '<sheet name="Pivot" sheetId="97" r:id="rId97"/>')
    caches = '<pivotCaches><pivotCache cacheId="2" r:id="rId98"/></pivotCaches>'
    return _before(raw, b"</workbook>", caches)


def _with_types(raw: bytes, sheet: str) -> bytes:
    spread, drawing = f"{_TYPES}.spreadsheetml", f"{_TYPES}.drawing"
    kinds = {
        "xl/worksheets/sheet97.xml": f"{spread}.worksheet+xml",
        "xl/pivotTables/pivotTable1.xml": f"{spread}.pivotTable+xml",
        "xl/pivotCache/pivotCacheDefinition1.xml": f"{spread}.pivotCacheDefinition+xml",
        "xl/pivotCache/pivotCacheRecords1.xml": f"{spread}.pivotCacheRecords+xml",
        "xl/drawings/drawing97.xml": f"{drawing}+xml",
        "xl/charts/chart97.xml": f"{_TYPES}.drawingml.chart+xml",
        "xl/comments97.xml": f"{spread}.comments+xml",
    }
    assert sheet not in kinds
    new = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    for extension, kind in (
        ("png", "image/png"),
        ("vml", f"{_TYPES}.vmlDrawing"),
        ("bin", "application/vnd.ms-office.vbaProject"),
    ):
        new += f'<Default Extension="{extension}" ContentType="{kind}"/>'
    plain = f"{spread}.sheet.main+xml".encode()
    assert plain in raw
    raw = raw.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    return _before(raw, b"</Types>", new)
