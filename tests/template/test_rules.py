"""The template keeps its rules, and a book that breaks one is found out."""

import re
import subprocess
import sys
import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import Font, Protection
from openpyxl.workbook.defined_name import DefinedName

from addin.template import inputs, roi_roc, scenarios
from addin.template.rules import RULES, check
from addin.template.rules.book_reader import Opened, contrast

MARGIN = f"E{inputs.ROW['in_Margin']}"
ORDERS = f"J{roi_roc.ROW['orders']}"


def test_the_template_keeps_every_rule(built, recalculated):
    assert check(built, recalculated) == []


@pytest.mark.thorough
def test_it_keeps_every_rule_with_the_values_libreoffice_comes_to(built, in_libreoffice, by_libreoffice):
    case = Opened(built, by_libreoffice)
    case.values = in_libreoffice
    assert {number: findings for number, rule in RULES.items() if (findings := list(rule(case)))} == {}


@pytest.mark.thorough
def test_what_libreoffice_saves_keeps_all_rules_but_those_whose_means_it_drops(built, by_libreoffice):
    """It saves no frozen panes of sheets it did not show, no alt text of charts, and no formulas that fill down."""
    assert {broken.rule for broken in check(by_libreoffice(built), by_libreoffice)} <= {"R12", "R14", "R30"}


def test_there_are_33_rules_and_each_is_tried_below():
    assert list(RULES) == [f"R{number:02}" for number in range(1, 34)]
    assert {case.values[0] for case in (*FORMULAS, *VALUES, *FILES)} | {"R29"} == RULES.keys()


def test_rules_need_no_program_that_writes_workbooks():
    code = "import sys, addin.template.rules; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def change(sheet, cell, value):
    return lambda book: setattr(book[sheet][cell], "value", value)


def give(sheet, cell, attribute, value):
    return lambda book: setattr(book[sheet][cell], attribute, value)


def drop_validation(book):
    book["Pyramid"].data_validations.dataValidation.clear()


def rename(book):
    book["d_Periods"].title = "Customer counts"


def drop_fill_down(book):
    columns = book["d_FollowUps"].tables["tblFollowUps"].tableColumns
    next(column for column in columns if column.name == "Revenue").calculatedColumnFormula = None


def name(text, refers_to):
    return lambda book: book.defined_names.update({text: DefinedName(text, attr_text=refers_to)})


LONG = "=E34" + "+E34" * 70
STAGES = {place: f"{column}{row}" for place, (column, row) in {
    "constant": ("I", roi_roc.AT_ONCE_ROW), "long": ("I", roi_roc.FOLLOW_UP_ROW), "deep": ("I", roi_roc.END_ROW),
    "unknown": ("J", roi_roc.AT_ONCE_ROW), "bare": ("J", roi_roc.END_ROW),
}.items()}  # fmt: skip
SOURCE = f"I{inputs.ROW['in_Margin']}"

FORMULAS = [
    pytest.param("R01", lambda b: b["Start"].merge_cells("B12:D12"), "Start!B12:D12", id="merged"),
    pytest.param("R02", change("Start", "C9", "=[1]Sheet1!A1"), "Start!C9", id="link"),
    pytest.param("R03", change("Lists", "C24", "=TODAY()"), "Lists!C24", id="volatile"),
    pytest.param("R04", change("Lists", "C25", "=_xlfn.XLOOKUP(1,B1:B2,C1:C2)"), "Lists!C25", id="new function"),
    pytest.param("R05", change("ROI_ROC", STAGES["constant"], "=E34*0.35-F34"), f"ROI_ROC!{STAGES['constant']}",
                 id="constant"),
    pytest.param("R06", change("ROI_ROC", STAGES["long"], LONG), f"ROI_ROC!{STAGES['long']}", id="long"),
    pytest.param("R07", change("ROI_ROC", STAGES["deep"], "=IF(1,IF(1,IF(1,0,1),1),1)"), f"ROI_ROC!{STAGES['deep']}",
                 id="ifs"),
    pytest.param("R08", change("ROI_ROC", ORDERS, "=SUM(J12:J14)"), f"ROI_ROC!{ORDERS}", id="row"),
    pytest.param("R08", change("Cohorts", "G9", 0.5), "Cohorts!G9", id="overtyped in a row"),
    pytest.param("R09", give("Inputs", MARGIN, "protection", Protection()), f"Inputs!{MARGIN}", id="locked"),
    pytest.param("R10", change("Relations", "D20", 27), "Relations!D20", id="overtyped"),
    pytest.param("R11", lambda b: b["ROI_ROC"].protection.disable(), "ROI_ROC", id="unprotected"),
    pytest.param("R12", lambda b: setattr(b["Checks"], "freeze_panes", None), "Checks", id="unfrozen"),
    pytest.param("R13", lambda b: setattr(b["Checks"].page_setup, "fitToWidth", 2), "Checks", id="print"),
    pytest.param("R15", give("Start", "B5", "font", Font(name="Arial", color="FFD98E04")), "Start!B5", id="pale"),
    pytest.param("R16", change("Inputs", SOURCE, None), f"Inputs!{SOURCE}", id="source"),
    pytest.param("R17", drop_validation, "Pyramid!E6", id="validation"),
    pytest.param("R18", name("Profit", "ROI_ROC!$I$36"), "Profit", id="prefix"),
    pytest.param("R18", name("out_Gone", "Gone!$I$36"), "out_Gone", id="gone"),
    pytest.param("R18", change("ROI_ROC", STAGES["unknown"], "=E34*in_Margins"), f"ROI_ROC!{STAGES['unknown']}",
                 id="unknown name"),
    pytest.param("R19", name("in_Unused", "Inputs!$D$6"), "in_Unused", id="unused"),
    pytest.param("R20", lambda b: b["d_Survey"].tables.clear(), "d_Survey", id="table"),
    pytest.param("R22", change("Lists", "B3", None), "Lists", id="flag"),
    pytest.param("R25", give("Start", "C10", "font", Font(name="Calibri")), "Start!C10", id="font"),
    pytest.param("R26", lambda b: setattr(b["Lists"], "sheet_state", "hidden"), "Lists", id="hidden"),
    pytest.param("R27", change("ROI_ROC", STAGES["bare"], "=ROI(E34,F34)"), f"ROI_ROC!{STAGES['bare']}", id="bare"),
    pytest.param("R28", rename, "Customer counts", id="title"),
    pytest.param("R30", drop_fill_down, "tblFollowUps[Revenue]", id="fill"),
    pytest.param("R31", change("Scenarios", "C3", None), "Scenarios", id="banner"),
]  # fmt: skip


@pytest.fixture(scope="module")
def broken(built):
    """One book in which every one of these rules is broken, each in its own place."""
    case = Opened(built)
    for _, break_it, _ in (param.values for param in FORMULAS):
        break_it(case.book)
    return case


@pytest.mark.parametrize(("rule", "break_it", "place"), FORMULAS)
def test_a_broken_rule_is_found_where_it_is_broken(broken, rule, break_it, place):
    assert place in [finding.place for finding in RULES[rule](broken)]


LONG_TEXT = "What a label says that is longer than its cell has room for, wherever it stands. "

VALUES = [
    pytest.param("R21", "Checks", "G4", "CHECK", "chk_All", id="red flag"),
    pytest.param("R23", "Scenarios", f"D{scenarios.ROW['ROC']}", "#DIV/0!", f"Scenarios!D{scenarios.ROW['ROC']}",
                 id="error value"),
    pytest.param("R32", "ROI_ROC", f"E{roi_roc.BOTH_ROW + 3}", 0.68, "out_FromOrders2", id="florist"),
    pytest.param("R33", "Lists", "B30", LONG_TEXT, "Lists!B30", id="text beside a filled cell"),
    pytest.param("R33", "ROI_ROC", f"B{roi_roc.END_ROW + 1}", LONG_TEXT * 6, f"ROI_ROC!B{roi_roc.END_ROW + 1}",
                 id="text beyond the page"),
    pytest.param("R33", "Functions", "D6", LONG_TEXT * 2, "Functions!D6", id="more lines than the row is high"),
    pytest.param("R33", "ROI_ROC", f"E{roi_roc.PARTS_ROW + 1}", "Overheadcosts", f"ROI_ROC!E{roi_roc.PARTS_ROW + 1}",
                 id="broken word"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "sheet", "cell", "value", "place"), VALUES)
def test_a_wrong_value_is_found(built, rule, sheet, cell, value, place):
    case = Opened(built)
    case.values[sheet][cell].value = value
    assert [finding.place for finding in RULES[rule](case)] == [place]


FILES = [
    pytest.param("R14", "xl/drawings/drawing1.xml", rb' descr="[^"]*"', b"", 1, id="alt text"),
    pytest.param(
        "R18",
        "xl/workbook.xml",
        rb"<definedNames>",
        b'<definedNames><definedName name="out_Reach">ROI_ROC!$D$8</definedName>',
        1,
        id="name given twice",
    ),
    pytest.param("R24", "xl/worksheets/sheet2.xml", rb"<v>0.6</v>", b"", 1, id="no saved value"),
    pytest.param("R02", "xl/externalLinks/externalLink1.xml", rb"", b"<externalLink/>", 1, id="linked book"),
]


@pytest.mark.parametrize(("rule", "part", "pattern", "new", "times"), FILES)
def test_a_faulty_part_is_found(built, rule, part, pattern, new, times):
    source, changed = zipfile.ZipFile(BytesIO(built)), BytesIO()
    with zipfile.ZipFile(changed, "w") as target:
        for each in source.namelist():
            target.writestr(each, re.sub(pattern, new, source.read(each)) if each == part else source.read(each))
        if part not in source.namelist():
            target.writestr(part, new)
    findings = list(RULES[rule](Opened(changed.getvalue())))
    assert len(findings) == times
    assert all(finding.place.startswith(part) for finding in findings)


@pytest.mark.thorough
def test_an_error_that_only_shows_without_rows_is_found(built, recalculated):
    book = openpyxl.load_workbook(BytesIO(built))
    book["Pyramid"]["E47"].value = "=C47/C44"
    stream = BytesIO()
    book.save(stream)
    case = Opened(stream.getvalue(), recalculated)
    assert [finding.place for finding in RULES["R29"](case)] == ["Pyramid!E47"]
    assert list(RULES["R29"](Opened(stream.getvalue()))) == []


@pytest.mark.parametrize(("one", "other", "ratio"), [("#FFFFFF", "#000000", 21), ("#777777", "#FFFFFF", 4.48)])
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_a_book_of_another_kind_is_told_what_it_lacks():
    stream = BytesIO()
    openpyxl.Workbook().save(stream)
    broken = {(broken.rule, broken.finding.place) for broken in check(stream.getvalue())}
    assert {("R08", "ROI_ROC"), ("R16", "Inputs"), ("R21", "chk_All"), ("R22", "Sheet")} <= broken
