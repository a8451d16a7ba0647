"""The charts of a sheet where they stand; pictures and shapes stay out of a copy without personal data."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from addin.xlsx.impersonal.markup import ANCHORS, CHART, DRAWING, HEAD, Writer
from addin.xlsx.package import OFFICE


def written_drawing(root: ET.Element, charts: Mapping[str, str], writer: Writer) -> str:
    """A drawing with only those charts that are in the copy, by their ids there; nothing where there are none."""
    anchors: list[str] = []
    for anchor in root:
        chart = anchor.find(f".//{CHART}chart")
        relation = charts.get(chart.get(f"{OFFICE}id", "")) if chart is not None else None
        places = "".join(
            writer.element(child) for child in anchor if child.tag.endswith(("}from", "}to", "}ext", "}pos"))
        )
        kind = anchor.tag.rpartition("}")[2]
        if relation is None or not places or kind not in ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
            continue
        named = anchor.find(f".//{ANCHORS}cNvPr")
        said = named.get("descr", "") if named is not None else ""
        described = (
            f' descr="{said}"' if said in writer.vocabulary.values and '"' not in said and "<" not in said else ""
        )
        number = len(anchors) + 1
        anchors.append(
            f'<xdr:{kind}>{places}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
            f'<xdr:cNvPr id="{number + 1}" name="Chart {number}"{described}/><xdr:cNvGraphicFramePr/>'
            '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
            f'<a:graphicData uri="{CHART[1:-1]}"><c:chart xmlns:c="{CHART[1:-1]}" r:id="{relation}"/></a:graphicData>'
            f"</a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:{kind}>"
        )
    spaces = f'xmlns:xdr="{ANCHORS[1:-1]}" xmlns:a="{DRAWING[1:-1]}" xmlns:r="{OFFICE[1:-1]}"'
    return f"{HEAD}<xdr:wsDr {spaces}>{''.join(anchors)}</xdr:wsDr>" if anchors else ""
