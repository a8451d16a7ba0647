"""Excel files in a real LibreOffice: read, calculated, and saved so that Excel reads them again."""

import re
import shutil
import zipfile

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from read_books import read_book

from addin.catalogue import catalogue
from addin.files import template
from addin.hosts.calc.extension.function_names import Calls
from addin.xlsx.browser_copy import for_browsers
from addin.xlsx.package import Package

EXCEL, EXCEL_MACROS = "Calc MS Excel 2007 XML", "Calc MS Excel 2007 VBA XML"
ERRORS = 4
MACROS, RIBBON = "xl/vbaProject.bin", "customUI/customUI14.xml"
RIBBON_KIND = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
RIBBON_XML = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"/>'


@pytest.fixture
def book(tmp_path):
    """A book as Excel saves it, with calls in a cell, an array, a name and a conditional format."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row, score in enumerate((10, 9, 8, 6, 10), start=1):
        sheet.cell(row, 1, score)
    sheet["C1"] = "=NPS(A1:A5)"
    sheet["C2"] = '=IF(NPS(A1:A5)>30,"NPS(x)","low")'
    sheet["C3"] = "=Loyalty+1"
    sheet["C4"] = "=NPS_COUNTS(3,1,1)"
    sheet["E1"] = openpyxl.worksheet.formula.ArrayFormula("E1:F1", "=NPS_CI(A1:A5)")
    made.defined_names["Loyalty"] = DefinedName("Loyalty", attr_text="NPS(Sheet!$A$1:$A$5)")
    red = openpyxl.styles.PatternFill("solid", bgColor="FF0000")
    sheet.conditional_formatting.add("A1:A5", FormulaRule(formula=["NPS($A$1:$A$5)>A1"], fill=red))
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def formulas(path):
    sheet = openpyxl.load_workbook(path).worksheets[0]
    found = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    return {at: getattr(value, "text", value) for at, value in found.items()}


def errors(document):
    return [
        f"{sheet.Name}: {ranges}"
        for sheet in document.Sheets
        if (ranges := sheet.queryFormulaCells(ERRORS).RangeAddressesAsString)
    ]


@pytest.mark.parametrize(
    ("formula", "short"),
    [
        ("=ORG.RETURNONCUSTOMER.METRICS.NPSCI(A1)+1", "=NPS_CI(A1)+1"),
        ("=nps(a1)&\"nps(\"", "=NPS(a1)&\"nps(\""),
        ("=[1]!NPS(A1)", "=NPS(A1)"),
        ("=_xludf.NPS(A1)", "=NPS(A1)"),
        ("=_xldudf_NPS(A1)", "=NPS(A1)"),
        ("='C:\\addin\\Customer.xlam'!NPS(A1)", "=NPS(A1)"),
        ("=XNPS(A1)+MY.NPS(1)", "=XNPS(A1)+MY.NPS(1)"),
        ("=NPS_COUNTS(1,2,3)", "=NPS_COUNTS(1,2,3)"),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(formula, short):
    assert Calls(catalogue()).short(formula) == short


def test_names_in_an_excel_file_are_understood(office, book):
    document = office.open(book)
    cells = document.Sheets.getByIndex(0)
    document.calculateAll()
    assert cells.getCellRangeByName("C1").Value == 40.0
    assert cells.getCellRangeByName("C2").String == "NPS(x)"
    assert cells.getCellRangeByName("C3").Value == 41.0
    assert cells.getCellRangeByName("F1").Value == pytest.approx(79.78265878603634)
    assert not document.isModified()
    assert not errors(document)
    document.close(True)


def test_a_file_of_excel_on_the_web_is_understood(office, tmp_path):
    made = openpyxl.Workbook()
    made.active.append([10, 9, 3])
    made.active["A2"] = "=_xldudf_NPS(A1:C1)*3"
    made.defined_names["_xldudf_NPS"] = DefinedName("_xldudf_NPS", attr_text="#NAME?", hidden=True)
    made.save(tmp_path / "web.xlsx")
    document = office.open(tmp_path / "web.xlsx")
    document.calculateAll()
    assert document.Sheets.getByIndex(0).getCellRangeByName("A2").Value == pytest.approx(100)
    document.close(True)


@pytest.mark.thorough
def test_the_template_without_macros_shows_what_the_template_shows(office, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(for_browsers(Package.read(template())).data)
    document = office.open(path)
    document.calculateAll()
    assert not [found for found in errors(document) if found.startswith("Metrics")]
    shown = openpyxl.load_workbook(template(), data_only=True)["Metrics"]
    live = document.Sheets.getByName("Metrics")
    values = {f"D{row}": shown[f"D{row}"].value for row in range(5, 40) if isinstance(shown[f"D{row}"].value, float)}
    assert len(values) > 10
    assert {at: live.getCellRangeByName(at).Value for at in values} == pytest.approx(values)
    document.close(True)


def test_a_saved_file_has_the_bare_names(office, book):
    before = formulas(book)
    document = office.open(book)
    document.store()
    document.close(True)
    assert formulas(book) == before
    with zipfile.ZipFile(book) as package:
        text = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "replace")
    assert not re.search("returnoncustomer", text, re.IGNORECASE)
    assert ">NPS($A$1:$A$5)>A1<" in text.replace("&gt;", ">")
    again = openpyxl.load_workbook(book)
    assert again.defined_names["Loyalty"].attr_text.startswith("NPS(")
    assert not list(book.parent.glob(".roc-*"))


def test_saved_under_another_name(office, book):
    document = office.open(book)
    target = book.with_name("copy.xlsx")
    document.storeAsURL(target.as_uri(), office.properties(FilterName=EXCEL))
    document.close(True)
    assert formulas(target) == formulas(book)


@pytest.mark.thorough
def test_the_template(office, project, tmp_path):
    """As Excel hands it over, with macros and a ribbon: calculated, saved, and still the same to Excel."""
    source, saved = tmp_path / "book.xlsm", tmp_path / "saved.xlsm"
    template = project / "workbook_template.xlsm"
    with_macros(template, source)
    before = calls_in(source)
    assert len(before) > 30
    document = office.open(source)
    document.calculateAll()
    # the lines and ends of lines that a chart leaves out
    assert [error.partition(":")[0] for error in errors(document)] == ["Campaigns", "ROI_ROC"]
    metrics = document.Sheets.getByName("Metrics")
    for row, formula, value, native in measured(template):
        assert metrics.getCellRangeByName(f"D{row}").Value == value, formula
        agrees = "OK" if isinstance(native, float | int) else "–"
        assert metrics.getCellRangeByName(f"G{row}").getDataArray() == ((agrees,),), formula
    functions = document.Sheets.getByName("Functions")
    shown = functions.getCellRangeByName("G5:O200").getDataArray()
    assert not [row for row in shown if "add-in needed" in row]  # arrays on a protected sheet too
    assert functions.isProtected()
    document.storeAsURL(saved.as_uri(), office.properties(FilterName=EXCEL_MACROS))
    document.close(True)
    assert calls_in(saved) == before
    assert_macros_kept(source, saved)


def measured(path):
    """The rows of Metrics: number, formula as text, the value that the headless host saved, and the native one."""
    cells = read_book(path)["Metrics"]
    columns = cells.iter_rows(min_row=5, min_col=3, max_col=5, values_only=True)
    rows = [(number, *row) for number, row in enumerate(columns, start=5) if str(row[0]).startswith("=")]
    assert len(rows) > 20
    return rows


def calls_in(path):
    calls = Calls(catalogue())
    return {
        (sheet.title, cell.coordinate, *calls.called_in(str(getattr(cell.value, "text", cell.value))))
        for sheet in read_book(path, data_only=False).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and calls.called_in(str(getattr(cell.value, "text", cell.value)))
    }


def with_macros(source, target):
    """A workbook with macros and a ribbon, as Excel keeps them; its own, where it has some."""
    with zipfile.ZipFile(source) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if MACROS not in parts:
        types, kind = (
            parts["[Content_Types].xml"],
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        )
        types = types.replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        override = f'<Override PartName="/{MACROS}" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        relation = f'<Relationship Id="ui" Type="{RIBBON_KIND}" Target="{RIBBON}"/></Relationships>'
        parts |= {
            "[Content_Types].xml": types.replace(b"</Types>", override.encode()),
            "_rels/.rels": parts["_rels/.rels"].replace(b"</Relationships>", relation.encode()),
            MACROS: b"macros as Excel wrote them",
            RIBBON: RIBBON_XML,
        }
    with zipfile.ZipFile(target, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def assert_macros_kept(source, saved):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(saved) as new:
        kept = [name for name in old.namelist() if name == MACROS or name.startswith("customUI/")]
        assert MACROS in kept
        assert RIBBON in kept
        for name in kept:
            assert new.read(name) == old.read(name)
        assert new.read("_rels/.rels").count(b"ui/extensibility") == 1
        assert new.read("xl/_rels/workbook.xml.rels").count(b"relationships/vbaProject") == 1
        assert b"vnd.ms-office.vbaProject" in new.read("[Content_Types].xml")
        assert b"sheet.macroEnabled.main+xml" in new.read("[Content_Types].xml")


def test_macros_and_ribbon_stay_byte_for_byte(office, book, tmp_path):
    original, source = tmp_path / "original.xlsm", tmp_path / "saved.xlsm"
    with_macros(book, original)
    shutil.copy(original, source)
    document = office.open(source)
    document.store()
    document.store()
    document.close(True)
    assert_macros_kept(original, source)
    assert formulas(source)["C1"] == "=NPS(A1:A5)"
