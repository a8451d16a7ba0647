"""Everything a machine without Excel can hold a workbook with macros to; each fault is one sentence."""

import io
import posixpath
import re
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from pyopenvba.cfb import CFB
from pyopenvba.exceptions import PyOpenVBAError
from pyopenvba.vba import decompress, parse_vba_project

from addin.buttons import EXCEL, buttons_of
from addin.hosts.excel.vba_names import RESERVED
from addin.reserved import VBA_KEYWORDS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK_TYPES = {
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}
PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
RIBBON_ROOT = "{http://schemas.microsoft.com/office/2009/07/customui}customUI"
RIBBON = "customUI/customUI14.xml"
CELL_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*(C[0-9]*)?|C[0-9]*", re.IGNORECASE)
PROCEDURE = re.compile(r"^\s*(?:Public |Private )?(?:Function|Sub) (\w+)\(((?:[^()]|\(\))*)\)", re.MULTILINE)
EMPTY_CACHE = bytes.fromhex("cc61ffff000000")
CALLBACKS = {
    "onLoad": "ByVal shown As IRibbonUI",
    "onAction": "ByVal control As IRibbonControl",
    "getEnabled": "ByVal control As IRibbonControl, ByRef enabled As Variant",
    "getVisible": "ByVal control As IRibbonControl, ByRef visible As Variant",
}
FOREIGN_MODULES = {"xlwings", "Dictionary"}


def problems(data, kind):
    """What is wrong with a built .xlsm or .xlam."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
            dates = {part.date_time for part in archive.infolist()}
            twice = len(archive.namelist()) != len(parts)
        xml = {n: ElementTree.fromstring(c) for n, c in parts.items() if n.endswith((".xml", ".rels"))}
    except (BadZipFile, ElementTree.ParseError) as error:
        return [f"it cannot be read: {error}"]
    found = ["a part is there twice"] if twice else []
    found += [] if dates == {(1980, 1, 1, 0, 0, 0)} else ["a part carries a date"]
    found += _package(list(parts), xml, kind)
    try:
        container = CFB.from_bytes(parts["xl/vbaProject.bin"])
        modules = _modules(container)
    except (KeyError, ValueError, PyOpenVBAError) as error:
        return [*found, f"the VBA project cannot be read: {error}"]
    found += _project(container, modules)
    for name, source in modules.items():
        found += _module(name, source)
    found += _code_names(xml, modules)
    found += _ribbon(xml.get(RIBBON), "\n".join(modules.values()), modules)
    return found


def _package(names, xml, kind):
    types = xml["[Content_Types].xml"]
    parts = {e.get("PartName")[1:]: e.get("ContentType") for e in types if e.get("PartName")}
    endings = {e.get("Extension"): e.get("ContentType") for e in types if e.get("Extension")}
    if names[0] != "[Content_Types].xml":
        yield "the content types are not the first part"
    if names[-1] != RIBBON:
        yield "the ribbon is not the last part"
    if parts.get("xl/workbook.xml") != BOOK_TYPES[kind]:
        yield "the main content type is another"
    if (parts.get("xl/vbaProject.bin") or endings.get("bin")) != PROJECT_TYPE:
        yield "the project's content type is another"
    for name in names:
        if name not in parts and name.rsplit(".", 1)[-1] not in endings:
            yield f"{name} has no content type"
        if re.search("ignature|vbaData|externalLink", name):
            yield f"{name} is stale"
    yield from (f"{name} has a content type and is missing" for name in parts if name not in names)
    for name in names:
        if name.endswith(".rels"):
            yield from _relations(name, xml[name], names)
    relations = [(e.get("Type"), e.get("Target").lstrip("/")) for e in xml["_rels/.rels"]]
    if relations[-1] != (RIBBON_RELATION, RIBBON):
        yield "the ribbon's relation is not the last"
    if [e.get("Type") for e in xml["xl/_rels/workbook.xml.rels"]].count(PROJECT_RELATION) != 1:
        yield "the book has no relation to its project"
    hidden = xml["xl/workbook.xml"].find(f"{MAIN}bookViews")[0].get("visibility") == "hidden"
    if hidden is not (kind == "xlam"):
        yield "the add-in's window is not hidden" if kind == "xlam" else "the workbook's window is hidden"


def _relations(name, relations, names):
    folder = posixpath.dirname(posixpath.dirname(name))
    ids = [relation.get("Id") for relation in relations]
    if len(ids) != len(set(ids)):
        yield f"{name} has an id twice"
    for relation in relations:
        target = relation.get("Target")
        path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if relation.get("TargetMode") == "External":
            yield f"{name} points out of the file, to {target}"
        elif path not in names and not target.startswith("#"):
            yield f"{name} points to {path}, which is missing"


def _modules(container):
    """Each module's text in the order of the project, from the stream itself."""
    listed = parse_vba_project(container).module_names()
    return {name: decompress(container.get_stream_in_storage("VBA", name)).decode("cp1252") for name in listed}


def _project(container, modules):
    streams = set(container.list_streams_in_storage("VBA")) - {"dir", "_VBA_PROJECT"}
    if streams != modules.keys():
        yield f"streams and list of modules differ: {sorted(streams ^ modules.keys())}"
    if container.get_stream_in_storage("VBA", "_VBA_PROJECT") != EMPTY_CACHE:
        yield "compiled code is left in it"
    project = container.get_stream("PROJECT").decode("cp1252")
    if "\n" in project.replace("\r\n", "") or not project.endswith("\r\n"):
        yield "PROJECT has other line ends"
    declared = re.findall(r"^(Document|Module|Class|BaseClass)=([^/\r\n]+)", project, re.MULTILINE)
    if sorted(name for _, name in declared) != sorted(modules):
        yield "PROJECT lists other modules"
    for how, name in declared:
        base = re.search(r'VB_Base = "0(\{\w{8})', modules.get(name, ""))
        wanted = "Module"
        if base:
            wanted = "Document" if base[1].startswith("{0002082") or base[1] == "{00020819" else "BaseClass"
            wanted = "Class" if base[1].upper() == "{FCFB3D2A" else wanted
        if how != wanted:
            yield f"PROJECT lists {name} as {how}, not {wanted}"
    name = re.search(r'^Name="(\w+)"', project, re.MULTILINE)
    if not name or name[1].startswith("VBAProject") or name[1] != parse_vba_project(container).name:
        yield "the project has no name of its own"
    wide = container.get_stream("PROJECTwm")
    if not all(name.encode() + b"\0" + name.encode("utf-16-le") in wide for name in modules):
        yield "PROJECTwm lists other modules"


def _module(name, source):
    if f'Attribute VB_Name = "{name}"\r\n' not in source[:200]:
        yield f"{name} calls itself something else"
    if "\n" in source.replace("\r\n", ""):
        yield f"{name} has other line ends"
    if max(map(len, source.split("\r\n"))) > 1023:
        yield f"{name} has too long a line"
    if name in FOREIGN_MODULES:
        return
    code = "\n".join(line for line in source.split("\r\n") if not line.startswith("Attribute VB_"))
    if code.strip() and not code.lstrip().startswith("Option Explicit"):
        yield f"{name} has no Option Explicit"
    if 'VB_Base = "0{000208' in source and "VB_PredeclaredId = True" not in source:
        yield f"{name} is no document module"
    for procedure, arguments in PROCEDURE.findall(code.replace(" _\n", " ")):
        words = [re.sub(r"^(?:(?:Optional|ByVal|ByRef|ParamArray) )*", "", a.strip()) for a in arguments.split(",")]
        for word in [procedure, *(re.split(r"[ (]", word)[0] for word in words if word)]:
            if word.lower() in VBA_KEYWORDS | RESERVED - {"ask"}:
                yield f"{name}.{procedure} uses the reserved word {word}"
        if name == "Metrics" and CELL_ADDRESS.fullmatch(procedure):
            yield f"{procedure} looks like a cell"


def _code_names(xml, modules):
    book = xml["xl/workbook.xml"]
    targets = {e.get("Id"): e.get("Target") for e in xml["xl/_rels/workbook.xml.rels"]}
    names = [book.find(f"{MAIN}workbookPr").get("codeName")]
    for sheet in book.find(f"{MAIN}sheets"):
        properties = xml[posixpath.join("xl", targets[sheet.get(f"{{{OFFICE}}}id")])].find(f"{MAIN}sheetPr")
        names.append(None if properties is None else properties.get("codeName"))
    documents = {name for name, source in modules.items() if 'VB_Base = "0{000208' in source}
    if len(names) != len(set(names)) or set(names) != documents:
        yield f"the sheets' code names {names} are not the document modules {sorted(documents)}"


def _ribbon(ribbon, code, modules):
    if ribbon is None or ribbon.tag != RIBBON_ROOT:
        yield "the ribbon is of another kind"
        return
    ids = [element.get("id") for element in ribbon.iter() if element.get("id")]
    if len(ids) != len(set(ids)):
        yield "the ribbon has an id twice"
    for element in ribbon.iter():
        for attribute, name in element.attrib.items():
            if attribute in CALLBACKS and f"Public Sub {name}({CALLBACKS[attribute]})" not in code:
                yield f"the ribbon calls {name}, which is missing or takes other arguments"
        action = element.get("tag")
        carried_out = {button.tag for button in buttons_of(EXCEL) if button.act}
        if action and action not in carried_out and f'"{action}"' not in modules["Ribbon"] + modules["Forms"]:
            yield f"the button {action} does nothing"
