"""Workbooks with a different name in every place that can hold one, as other programs write them."""

import io
import re
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font, NamedStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList
from openpyxl.worksheet.table import Table

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Names:
    """Gives each place a name of its own."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.places = prefix, {}

    def __call__(self, place: str) -> str:
        assert place not in self.places
        number, letters = len(self.places), ""
        for _ in range(3):
            number, digit = divmod(number, 20)
            letters += "bcdfghjklmnpqrstvwxz"[digit] + "aeiou"[digit % 5]
        self.places[place] = f"{self.prefix}{letters}"
        return self.places[place]


def by_openpyxl() -> tuple[bytes, Names]:
    """A plain book with a table, a chart, rules, comments, links and properties."""
    name = Names("Qz")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = name("sheet")
    sheet.append([name("heading"), "Nombre", "Név", "Имя", "Ügyfél", "Amount", "Day", "Telefon"])
    for row in range(2, 6):
        texts = [name(f"cell under {heading} {row}") for heading in ("own", "Nombre", "Név", "Имя", "Ügyfél")]
        sheet.append([*texts, row * 100.5, 46000 + row, 36301234000 + row])
    sheet["J1"], sheet["J2"] = f"to {name('cell beside a table')}, of 12 May", 10.0
    sheet["K1"] = f'=PROPER("{name("literal in a formula")}")'
    sheet["K2"] = f'=SUM(J2:J3)+N("{name("comment in a formula")}")'
    sheet["K3"] = "=SUM(J2:J3)"
    sheet["K4"] = "=A2"
    sheet["K5"] = f'=IF(J2>1,{{"{name("array in a formula")}"}},1)'
    sheet["K6"] = f"={name('name that a formula uses')}*2"
    sheet["K7"], sheet["K8"], sheet["K9"] = (
        10,
        9,
        f'=IF(NPS(K7:K8)>1,NPS(K7:K8),"{name("literal beside our function")}")',
    )
    sheet["L1"] = "CACHED"
    table = Table(displayName=name("table"), ref="A1:H5")
    sheet.add_table(table)
    sheet["J2"].number_format = f'0 "{name("number format")}"'
    sheet["J2"].font = Font(name=name("font"))
    workbook.add_named_style(NamedStyle(name=name("cell style")))
    sheet["J3"].style = name.places["cell style"]
    sheet["A2"].comment = Comment(f"call {name('comment')}", name("author of a comment"))
    sheet["A3"].hyperlink = Hyperlink(ref="A3", target=f"mailto:{name('mailto')}@x.example", tooltip=name("tooltip"))
    sheet["A4"].hyperlink = Hyperlink(
        ref="A4", location=f"'{name.places['sheet']}'!A1", display=name("display of a link")
    )
    sheet["A5"].hyperlink = Hyperlink(ref="A5", target=f"https://x.example/?who={name('address of a link')}")
    rule = DataValidation("list", formula1=f'"{name("list of a rule")},Other"', showInputMessage=True)
    rule.prompt, rule.promptTitle = name("prompt"), name("title of a prompt")
    rule.error, rule.errorTitle = name("error"), name("title of an error")
    rule.add("J4")
    sheet.add_data_validation(rule)
    other = DataValidation("custom", formula1=f'A2="{name("formula of a rule")}"')
    other.add("J5")
    sheet.add_data_validation(other)
    sheet.conditional_formatting.add("A1:A9", FormulaRule([f'$A1="{name("formula of a format")}"']))
    sheet.conditional_formatting.add("B1:B9", CellIsRule("equal", [f'"{name("value of a format")}"']))
    sheet.conditional_formatting.add("F1:F9", CellIsRule("greaterThan", ["100"], font=Font(bold=True)))
    for side in ("oddHeader", "oddFooter", "evenHeader", "firstFooter"):
        getattr(sheet, side).center.text = f"for {name(side)}"
    sheet.HeaderFooter.differentOddEven = sheet.HeaderFooter.differentFirst = True
    sheet.auto_filter.ref = "J1:K5"
    sheet.auto_filter.add_filter_column(0, [name("value of a filter")])
    sheet.protection.sheet = True
    sheet.scenarios = ScenarioList([Scenario(
        name=name("scenario"), comment=name("comment of a scenario"), user=name("user of a scenario"),
        inputCells=[InputCells(r="J2", val=name("value of a scenario"))])])  # fmt: skip
    sheet.sheet_properties.codeName = name("code name")
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "B2"
    chart = BarChart()
    chart.title, chart.y_axis.title = name("title of a chart"), name("title of an axis")
    numbers = Reference(sheet, min_col=6, min_row=2, max_row=5)
    chart.series.append(Series(numbers, title=name("name of a series")))
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=5))
    sheet.add_chart(chart, "J12")
    hidden = workbook.create_sheet(name("hidden sheet"))
    hidden.sheet_state = "hidden"
    hidden["A1"] = name("cell of a hidden sheet")
    hidden["A2"] = f"='{name.places['sheet']}'!J2"
    names = workbook.defined_names
    for defined, text in {
        name("constant"): f'"{name("text of a constant")}"', name.places["name that a formula uses"]: "2",
        "lst_Types_Other": f'{{"{name("array of a constant")}"}}',
    }.items():  # fmt: skip
        names[defined] = DefinedName(defined, attr_text=text)
    names["in_Margin"] = DefinedName("in_Margin", attr_text="0.4", comment=name("comment of a name"),
                                     description=name("description of a name"))  # fmt: skip
    said = workbook.properties
    for field in ("creator", "lastModifiedBy", "title", "subject", "keywords", "description", "category", "version"):
        setattr(said, field, name(field))
    workbook.custom_doc_props.append(StringProperty(name=name("property"), value=name("value of a property")))
    stream = io.BytesIO()
    workbook.save(stream)
    cached = f"<f>A2&amp;&quot; x&quot;</f><v>{name('cached text of a formula')}</v>"
    return with_parts(stream.getvalue(), name, {
        "xl/worksheets/sheet1.xml": lambda text: re.sub(
            r'<c r="L1"[^>]*>.*?</c>', f'<c r="L1" t="str">{cached}</c>', text
        ).replace("<sheetData>", f"<!-- {name('XML comment')} --><?x {name('instruction')}?><sheetData>")
        .replace('<row r="2"', f'<row r="2" xmlns:o="urn:o" o:by="{name("attribute of another namespace")}"')
        .replace("</sheetData>", f'<row r="40"><c r="A40" t="inlineStr"><is><t><![CDATA[{name("CDATA")}]]></t></is></c>'
                 f'<c r="B40" t="inlineStr"><is><r><t>{name("rich text")}</t></r><rPh sb="0" eb="1"><t>'
                 f'{name("phonetic guide")}</t></rPh></is></c></row></sheetData><protectedRanges><protectedRange '
                 f'sqref="A1" name="{name("protected range")}"/></protectedRanges>', 1),
        "xl/charts/chart1.xml": lambda text: re.sub(
            "<cat>.*?</cat>", f"<cat><strRef><f>$A$2:$A$5</f><strCache><ptCount val=\"4\"/><pt idx=\"0\"><v>"
            f"{name('cache of a chart')}</v></pt></strCache></strRef></cat>", text)
        .replace("</chartSpace>", f"<extLst><ext uri=\"{{X}}\"><x xmlns=\"urn:x\">{name('extension of a chart')}</x></ext>"
                 "</extLst></chartSpace>"),
        "xl/workbook.xml": lambda text: text.replace("<bookViews>", f'<fileSharing userName="{name("user of the file")}"/>'
                                                     "<bookViews>"),
    })  # fmt: skip


def by_xlsxwriter() -> tuple[bytes, Names]:
    """A book with what XlsxWriter can hold beside: shapes, pictures, sparklines, labels."""
    name = Names("Xj")
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    sheet = workbook.add_worksheet("Data")
    picture = io.BytesIO(PNG[:33] + _chunk(b"tEXt", b"Author\0" + name("text in a picture").encode()) + PNG[33:])
    options = {"image_data": picture, "description": name("description of a picture")}
    sheet.insert_image("D2", "picture.png", options)
    sheet.insert_textbox("D9", f"Dear {name('text box')}", {"description": name("description of a box")})
    sheet.write_row("A1", ["x", 1, 2, 3])
    sheet.write_string("A2", name("string"))
    sheet.write_rich_string("A3", "a", workbook.add_format({"bold": True}), name("rich string"), "b")
    sheet.write_url("A4", f"external:{name('file of a link')}.xlsx", string=name("text of a link"))
    sheet.write_formula("A5", "=A2", None, name("value of a formula"))
    sheet.write_array_formula("B5:C6", "{=A2:B3}", None, name("value of an array"))
    sheet.write_dynamic_array_formula("E1", "=UNIQUE(A2:A3)", None, name("value of a spill"))
    sheet.write_comment("A6", name("note"), {"author": name("author of a note")})
    sheet.add_sparkline("H1", {"range": "Data!B1:D1"})
    sheet.insert_button("F20", {"caption": name("caption of a button"), "macro": name("macro of a button")})
    sheet.insert_checkbox("F22", True)
    sheet.conditional_format("A1:A9", {"type": "text", "criteria": "containing", "value": name("text of a format")})
    sheet.autofilter("A30:B32")
    sheet.filter_column("A", f"x == {name('criterion of a filter')}")
    sheet.add_table("A40:B43", {"total_row": True, "columns": [
        {"header": name("heading of a table"), "total_string": name("label of a total")},
        {"header": "n", "formula": f'=IF([@n]="{name("formula of a column")}",1,2)'}]})  # fmt: skip
    sheet.set_header(f"&L{name('left header')}&R&G", {"image_right": f"{name('file of a header')}.png",
                                                     "image_data_right": io.BytesIO(PNG)})  # fmt: skip
    sheet.set_background(io.BytesIO(PNG[:33] + _chunk(b"tEXt", b"A\0" + name("background").encode()) + PNG[33:]))
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$B$1:$D$1", "name": name("series"), "trendline": {"type": "linear", "name": name("trend")},
                      "data_labels": {"value": True, "custom": [{"value": name("label")}]}})  # fmt: skip
    chart.set_title({"name": name("title")})
    sheet.insert_chart("H9", chart, {"description": name("description of a chart")})
    workbook.define_name("Data!local", f'="{name("constant of a sheet")}"')
    workbook.set_custom_property(name("custom property"), name("its value"))
    workbook.set_properties({"manager": name("manager"), "company": name("company"), "comments": name("comments")})
    chartsheet = workbook.add_chartsheet(name("chart sheet"))
    whole = workbook.add_chart({"type": "pie"})
    whole.add_series({"values": "=Data!$B$1:$D$1", "categories": "=Data!$A$1:$A$3"})
    chartsheet.set_chart(whole)
    workbook.close()
    return with_parts(stream.getvalue(), name, _more_parts(name))


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    import zlib

    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _more_parts(name: Names) -> dict[str, object]:
    """Parts that Excel writes and no library does, with their relations: (of, kind, content type, content)."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    sheet, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"

    def xml(tag: str, place: str) -> str:
        return f'{head}<{tag} xmlns="{MAIN}" name="{name(place)}"><x v="{name(f"inside {place}")}"/></{tag}>'

    return {
        "docProps/thumbnail.jpeg": ("", "metadata/thumbnail", "image/jpeg", b"\xff\xd8" + name("thumbnail").encode()),
        "customXml/item1.xml": (book, "customXml", "application/xml", f"{head}<a>{name('custom XML')}</a>"),
        "xl/threadedComments/threadedComment1.xml": (
            sheet, "threadedComment", "application/vnd.ms-excel.threadedcomments+xml", xml("ThreadedComments", "thread")),
        f"xl/persons/{name('name of a part')}.xml": (
            book, "person", "application/vnd.ms-excel.person+xml", xml("personList", "person")),
        "xl/revisions/revisionHeaders.xml": (book, "revisionHeaders", f"{ML}.revisionHeaders+xml", xml("headers", "history")),
        "xl/revisions/userNames.xml": (book, "usernames", f"{ML}.userNames+xml", xml("users", "users")),
        "xl/pivotCache/pivotCacheDefinition1.xml": (
            book, "pivotCacheDefinition", f"{ML}.pivotCacheDefinition+xml", xml("pivotCacheDefinition", "pivot cache")),
        "xl/pivotTables/pivotTable1.xml": (sheet, "pivotTable", f"{ML}.pivotTable+xml", xml("pivotTableDefinition", "pivot")),
        "xl/slicerCaches/slicerCache1.xml": (
            book, "slicerCache", "application/vnd.ms-excel.slicerCache+xml", xml("slicerCacheDefinition", "slicer cache")),
        "xl/slicers/slicer1.xml": (sheet, "slicer", "application/vnd.ms-excel.slicer+xml", xml("slicers", "slicer")),
        "xl/timelines/timeline1.xml": (sheet, "timeline", "application/vnd.ms-excel.timeline+xml", xml("timelines", "timeline")),
        "xl/connections.xml": (book, "connections", f"{ML}.connections+xml", xml("connections", "connection")),
        "xl/queryTables/queryTable1.xml": (sheet, "queryTable", f"{ML}.queryTable+xml", xml("queryTable", "query")),
        "xl/customProperty1.bin": (sheet, "customProperty", "application/octet-stream", name("property of a sheet").encode("utf-16-le")),
        "xl/printerSettings/printerSettings1.bin": (
            sheet, "printerSettings", f"{ML}.printerSettings", name("printer").encode("utf-16-le")),
        "xl/embeddings/oleObject1.bin": (sheet, "oleObject", "application/vnd.openxmlformats-officedocument.oleObject",
                                         name("embedded object").encode()),
        "xl/nobody.bin": (None, "", "application/octet-stream", name("part that nothing refers to").encode("utf-16-be")),
        "xl/customData.xml": (book, "attachedToolbars", "application/xml", f"{head}<a>{name('unknown relation')}</a>"),
        "xl/model/item.data": (book, "powerPivotData", "application/vnd.openxmlformats-officedocument.model+data",
                               name("data model").encode("utf-16-le")),
        "xl/theme/theme1.xml": lambda text: text.replace('name="Office Theme"', f'name="{name("theme")}"')
        .replace('typeface="Cambria"', f'typeface="{name("font of a theme")}"'),
        "xl/styles.xml": lambda text: text.replace("</styleSheet>", "").replace(
            "<tableStyles ", f'<tableStyles defaultPivotStyle2="{name("style of pivots")}" ').rstrip() + "</styleSheet>",
    }  # fmt: skip


Part = tuple[str | None, str, str, bytes | str]


def with_parts(data: bytes, name: Names, parts: dict[str, Callable[[str], str] | Part]) -> tuple[bytes, Names]:
    """A package with parts changed and added, and with names in the archive itself."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        held = {each: package.read(each) for each in package.namelist()}
    for part, new in parts.items():
        if callable(new):
            held[part] = new(held[part].decode()).encode()
            continue
        of, kind, content_type, content = new
        held[part] = content if isinstance(content, bytes) else content.encode()
        types = held["[Content_Types].xml"].decode()
        held["[Content_Types].xml"] = types.replace(
            "</Types>", f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>').encode()  # fmt: skip
        if of is None:
            continue
        folder, _, file = of.rpartition("/")
        rels = f"{folder}/_rels/{file}.rels".lstrip("/")
        text = held.get(rels, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                              b"</Relationships>").decode()  # fmt: skip
        said = f'<Relationship Id="rIdP{len(text)}" Type="{REL}/{kind}" Target="/{part}"/>'
        held[rels] = text.replace("</Relationships>", f"{said}</Relationships>").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for part, content in held.items():
            info = zipfile.ZipInfo(part)
            if part == "[Content_Types].xml":
                info.comment, extra = name("comment of an entry").encode(), name("extra field").encode()
                info.extra = struct.pack("<HH", 0x7A71, len(extra)) + extra
            out.writestr(info, content, zipfile.ZIP_DEFLATED)
        out.comment = name("comment of the archive").encode()
    return stream.getvalue(), name


def found_in(data: bytes, names: Names) -> dict[str, list[str]]:
    """The places whose names are in a package, packed or unpacked, in any of three encodings, and where."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        held = {each: package.read(each) for each in package.namelist()}
    held["the archive"] = data
    found: dict[str, list[str]] = {}
    for place, name in names.places.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for part, content in held.items():
                if name.lower().encode(encoding) in content.lower() or name.lower() in part.lower():
                    found.setdefault(place, []).append(part)
    return found
