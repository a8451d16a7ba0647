"""What a workbook can hold that runs, or reads other files and servers: known by relation and content type alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from addin.archive import OLE_MAGIC, TYPES
from addin.xlsx.package import Package, relations_of
from addin.xlsx.scanner import attributes, element, plain_text

KINDS = frozenset(
    """
    officeDocument worksheet chartsheet styles theme themeOverride sharedStrings sheetMetadata
    table drawing vmlDrawing image hdphoto chart chartEx chartUserShapes chartStyle chartColorStyle
    diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing font ink model3d
    comments threadedComment person namedSheetView printerSettings customProperty
    pivotTable pivotCacheDefinition pivotCacheRecords slicer slicerCache timeline timelineCache
    rdRichValue rdRichValueStructure rdRichValueTypes rdArray rdSupportingPropertyBag
    rdSupportingPropertyBagStructure richStyles richValueRel FeaturePropertyBag
    core-properties extended-properties custom-properties thumbnail classificationlabels
    """.split()
)
"""The relations, by the last word of their type, to parts that neither run nor read elsewhere; no other part stays."""
ACTIVE_TYPES = (
    """
    vba macrosheet dialogsheet activex oleobject externallink controlproperties connections querytable x-ms
    msdownload javascript executable webextension attachedtoolbars usercustomization svg html
    """
).split()
"""What the content type of an active part says, whatever relation leads to it."""
PROGRAMS = (OLE_MAGIC, b"PK\x03\x04", b"MZ", b"\x7fELF")
"""What embedded files and programs begin with."""
_ROOT = re.compile(rb"<(?:[^\s<>/:?!]+:)?([^\s<>/:?!]+)")
_RELATION, _OVERRIDE, _DEFAULT = element("Relationship"), element("Override"), element("Default")


@dataclass(frozen=True, slots=True)
class Relation:
    """One part's relation to another, or to something outside."""

    of: str
    id: str
    kind: str
    target: str
    """The part, as the archive spells it; empty where it leads outside or nowhere."""
    external: bool

    @property
    def stays(self) -> bool:
        """Whether a macro-free copy may have it; of what leads outside only a link that somebody has to click."""
        return self.kind == "hyperlink" if self.external else self.kind in KINDS and bool(self.target)


@dataclass(frozen=True, slots=True)
class Active:
    """What a macro-free copy does not have."""

    parts: frozenset[str]
    ids: dict[str, set[str]]
    """Each part to the ids of its relations that go."""
    endings: frozenset[str]
    """The endings of names that mean an active part."""


def active_content(package: Package) -> Active:
    """The parts that run or read elsewhere, those that nothing else leads to, and the relations to all of them."""
    found = list(_relations(package))
    by_type, endings = _active_types(package)
    gone = by_type | {part for part in package.parts if package.part(part).startswith(PROGRAMS)}
    gone |= {part for sheet, part in package.sheets.items() if not _holds_cells(package, sheet)}
    gone |= {each.target for each in found if each.kind == "pivotCacheDefinition" and _reads_elsewhere(package, each)}
    gone |= {each.of for each in found if each.kind == "pivotCacheDefinition" and each.target in gone} - {
        package.main_part
    }
    reached, waiting = {"", TYPES}, [""]
    while waiting:
        of = waiting.pop()
        fresh = {each.target for each in found if each.of == of and each.stays and not each.external}
        fresh -= reached | gone
        reached |= fresh
        waiting += fresh
    rels = {relations_of(part).casefold() for part in reached}
    kept = reached | {name for name in package.parts if name.casefold() in rels}
    ids: dict[str, set[str]] = {}
    for each in found:
        if not each.stays or (each.target and each.target not in kept):
            ids.setdefault(each.of, set()).add(each.id)
    return Active(frozenset(package.parts) - kept, ids, frozenset(endings))


def _relations(package: Package) -> Iterator[Relation]:
    """The relations of all parts that something leads to."""
    spelled = {name.casefold(): name for name in package.parts}
    seen, waiting = {""}, [""]
    while waiting:
        of = waiting.pop()
        part = spelled.get(relations_of(of).casefold())
        for found in _RELATION.finditer(package.xml(part)) if part else ():
            said = {name.decode(): plain_text(value) for name, value in attributes(found[1]).items()}
            place = posixpath.normpath(posixpath.join("/" + posixpath.dirname(of), said.get("Target", ""))).lstrip("/")
            target = spelled.get(place.casefold()) or spelled.get(unquote(place).casefold()) or ""
            external = said.get("TargetMode", "Internal") != "Internal"
            kind = said.get("Type", "").rsplit("/", 1)[-1]
            yield Relation(of, said.get("Id", ""), kind, "" if external else target, external)
            if target and not external and target not in seen:
                seen.add(target)
                waiting.append(target)


def _holds_cells(package: Package, sheet: str) -> bool:
    """Whether a sheet is one of cells, and not one of macros or a dialog, whatever leads to it."""
    root = _ROOT.search(package.sheet(sheet).before)
    return root is not None and root[1] == b"worksheet"


def _reads_elsewhere(package: Package, cache: Relation) -> bool:
    """Whether a pivot table is filled from outside."""
    children = list(package.tree(cache.target)) if cache.target else []
    return any(child.tag.rpartition("}")[2] == "cacheSource" and child.get("type") == "external" for child in children)


def _active_types(package: Package) -> tuple[set[str], set[str]]:
    """The parts whose content type is active, and the endings of names that mean one."""
    types = package.xml(TYPES)

    def active(tag: re.Pattern[bytes], name: bytes) -> dict[str, bool]:
        told = [attributes(found[1]) for found in tag.finditer(types)]
        return {
            plain_text(said.get(name, b"")).lstrip("/").casefold(): any(
                word in plain_text(said.get(b"ContentType", b"")).casefold() for word in ACTIVE_TYPES
            )
            for said in told
        }

    parts, endings = active(_OVERRIDE, b"PartName"), active(_DEFAULT, b"Extension")
    return (
        {p for p in package.parts if parts.get(p.casefold(), endings.get(p.rpartition(".")[2].casefold(), False))},
        {ending for ending, is_active in endings.items() if is_active},
    )
