"""The template keeps its rules, and a book that breaks one is found out."""

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl.styles import Font, Protection
from openpyxl.workbook.defined_name import DefinedName

from addin.build import template_workbook
from addin.template import rules
from addin.template.rules import PACKAGE_RULES, RULES, VALUE_RULES, broken


def test_the_template_keeps_every_rule(opened):
    assert broken(opened, RULES) == []


def test_the_file_keeps_every_rule(template):
    assert broken(zipfile.ZipFile(BytesIO(template)), PACKAGE_RULES) == []


def test_the_calculated_template_keeps_every_rule():
    values = openpyxl.load_workbook(BytesIO(template_workbook()), data_only=True)
    assert broken(values, VALUE_RULES) == []


def test_every_rule_is_tried_below():
    assert {rule.__name__ for rule in RULES} == {case.values[0] for case in BREAKS}


def change(sheet, cell, value):
    return lambda book: setattr(book[sheet][cell], "value", value)


def give(sheet, cell, attribute, value):
    return lambda book: setattr(book[sheet][cell], attribute, value)


def drop_validation(book):
    book["Inputs"].data_validations.dataValidation.clear()


def rename(book):
    book["Lists"].title = "Lists and settings"


def drop_fill_down(book):
    book["d_FollowUps"].tables["tblFollowUps"].tableColumns[-1].calculatedColumnFormula = None


def add_name(book):
    book.defined_names["Profit"] = DefinedName("Profit", attr_text="ROI_ROC!$I$36")


def add_input(book):
    book.defined_names["in_Unused"] = DefinedName("in_Unused", attr_text="Inputs!$D$6")


BREAKS = [
    pytest.param("no_merged_cells", lambda b: b["Start"].merge_cells("B5:D5"), "Start!B5:D5", id="merged"),
    pytest.param("no_links_to_other_books", change("Start", "C9", "=[1]Sheet1!A1"), "Start!C9", id="link"),
    pytest.param("no_volatile_functions", change("Lists", "C14", "=TODAY()"), "Lists!C14", id="volatile"),
    pytest.param(
        "only_functions_of_2016", change("Lists", "C14", "=_xlfn.XLOOKUP(1,B1:B2,C1:C2)"), "Lists!C14", id="new"
    ),
    pytest.param("no_numbers_in_formulas", change("ROI_ROC", "I34", "=E34*0.35-F34"), "ROI_ROC!I34", id="constant"),
    pytest.param("short_formulas", change("ROI_ROC", "I34", "=E34" + "+E34" * 70), "ROI_ROC!I34", id="long"),
    pytest.param("shallow_ifs", change("ROI_ROC", "I34", "=IF(1,IF(1,IF(1,0,1),1),1)"), "ROI_ROC!I34", id="ifs"),
    pytest.param("one_formula_along_the_months", change("ROI_ROC", "J16", "=SUM(J12:J14)"), "ROI_ROC!J16", id="row"),
    pytest.param(
        "inputs_look_like_inputs", give("Inputs", "E12", "protection", Protection()), "Inputs!E12", id="locked"
    ),
    pytest.param("no_loose_numbers", change("ROI_ROC", "J16", 27), "ROI_ROC!J16", id="overtyped"),
    pytest.param("sheets_are_protected", lambda b: b["ROI_ROC"].protection.disable(), "ROI_ROC", id="unprotected"),
    pytest.param("panes_are_frozen", lambda b: setattr(b["Checks"], "freeze_panes", None), "Checks", id="unfrozen"),
    pytest.param("prints_well", lambda b: setattr(b["Checks"].page_setup, "fitToWidth", 2), "Checks", id="print"),
    pytest.param(
        "text_can_be_read", give("Start", "B5", "font", Font(name="Arial", color="FFD98E04")), "Start!B5", id="pale"
    ),
    pytest.param("inputs_say_unit_and_source", change("Inputs", "H11", None), "Inputs!H11", id="source"),
    pytest.param("inputs_are_validated", drop_validation, "Inputs!D6", id="validation"),
    pytest.param("names_are_sound", add_name, "Profit", id="prefix"),
    pytest.param("names_exist", change("ROI_ROC", "I34", "=E34*in_Margins"), "ROI_ROC!I34", id="unknown name"),
    pytest.param("inputs_and_lists_are_used", add_input, "in_Unused", id="unused"),
    pytest.param("data_is_in_tables", lambda b: b["d_Survey"].tables.clear(), "d_Survey", id="table"),
    pytest.param("tables_fill_down", drop_fill_down, "tblFollowUps[Revenue]", id="fill"),
    pytest.param("flag_on_every_sheet", change("Lists", "G1", None), "Lists", id="flag"),
    pytest.param("one_font", give("Start", "C10", "font", Font(name="Calibri")), "Start!C10", id="font"),
    pytest.param("nothing_is_hidden", lambda b: setattr(b["Lists"], "sheet_state", "hidden"), "Lists", id="hidden"),
    pytest.param("add_in_functions_are_guarded", change("ROI_ROC", "I34", "=ROI(E34,F34)"), "ROI_ROC!I34", id="bare"),
    pytest.param("titles_are_plain", rename, "Lists and settings", id="title"),
    pytest.param("sample_is_marked", change("Start", "B7", None), "Start", id="sample"),
]


@pytest.mark.parametrize(("rule", "break_it", "place"), BREAKS)
def test_a_broken_rule_is_found_where_it_is_broken(opened, rule, break_it, place):
    break_it(opened)
    assert place in [finding.place for finding in getattr(rules, rule)(opened)]


def test_a_chart_without_description_is_found(template):
    source, changed = zipfile.ZipFile(BytesIO(template)), BytesIO()
    with zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb' descr="[^"]*"', b"", source.read(name)))
    assert len(broken(zipfile.ZipFile(changed), PACKAGE_RULES)) == 2


def test_an_error_value_and_a_red_flag_are_found():
    values = openpyxl.load_workbook(BytesIO(template_workbook()), data_only=True)
    values["ROI_ROC"]["G34"].value, values["Checks"]["G4"].value = "#DIV/0!", "CHECK"
    assert [finding.place for _, finding in broken(values, VALUE_RULES)] == ["Checks!$G$4", "ROI_ROC!G34"]


@pytest.mark.parametrize(("one", "other", "ratio"), [("#FFFFFF", "#000000", 21), ("#777777", "#FFFFFF", 4.48)])
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert rules.contrast(one, other) == pytest.approx(ratio, abs=0.005)
