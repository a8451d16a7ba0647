"""Rules of formulas and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import FORMULAE
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from addin.catalogue import catalogue
from addin.template.rules.book_reader import Finding, Opened, depth_of_ifs, formula_of, formulas, functions_in, sheet_of
from addin.template.rules.scope import EXAMPLES, LIVE, TESTS

LONGEST_FORMULA = 250
DEEPEST_IF = 2
PLAIN_NUMBERS = {0.0, 1.0, 2.0, 7.0, 12.0, 60.0, 100.0}
"""What a model formula may hold: nothing, one, a square or half, days, months, minutes, percent."""

VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "CELL", "INFO"})
TIMELINES = {"ROI_ROC": "FGHIJKLMNOPQR", "Cohorts": "EFGHIJKLMNOP"}
"""Where months or ages stand side by side."""
THIS_ROW = re.compile(r"\w+\[\[#This Row\],\[(\w+)\]\]")
NAME = re.compile(r"\b(?:in|out|lst|chk)_\w+")
WORKBOOK = "xl/workbook.xml"
ELSEWHERE = re.compile(r"\[\d+\]|\.xl\w+\]", re.IGNORECASE)


def no_links_to_other_books(opened: Opened) -> Iterator[Finding]:
    """No formula reads another workbook, and none is linked."""
    for part in opened.package.namelist():
        if part.startswith("xl/externalLinks/externalLink"):
            yield Finding(part, "links another workbook")
    for place, _, formula in formulas(opened.book):
        if ELSEWHERE.search(formula):
            yield Finding(place, "reads another workbook, which breaks on another computer")


def no_volatile_functions(opened: Opened) -> Iterator[Finding]:
    """No function answers differently at each calculation."""
    for place, _, formula in formulas(opened.book):
        for name in functions_in(formula) & VOLATILE:
            yield Finding(place, f"{name} gives another answer each time")


def only_functions_of_2016(opened: Opened) -> Iterator[Finding]:
    """Every function is in Excel 2016 or in the add-in."""
    for place, _, formula in formulas(opened.book):
        for name in functions_in(formula) - FORMULAE - catalogue().keys():
            yield Finding(place, f"{name} is neither a function of Excel 2016 nor one of the add-in")


def no_numbers_in_formulas(opened: Opened) -> Iterator[Finding]:
    """What may change is an input, not a number inside a formula."""
    for place, cell, formula in formulas(opened.book):
        if sheet_of(cell).title not in TESTS:
            for token in Tokenizer(formula).items:
                if token.subtype == "NUMBER" and float(token.value) not in PLAIN_NUMBERS:
                    yield Finding(place, f"{token.value} stands in the formula; make it an input")


def short_formulas(opened: Opened) -> Iterator[Finding]:
    """No formula is longer than a reader can follow, a cell of the same row being shown as [@Name]."""
    for place, cell, formula in formulas(opened.book):
        shown = len(THIS_ROW.sub(r"[@\1]", formula))
        if shown > LONGEST_FORMULA and sheet_of(cell).title not in EXAMPLES:
            yield Finding(place, f"the formula has {shown} characters, more than {LONGEST_FORMULA}")


def shallow_ifs(opened: Opened) -> Iterator[Finding]:
    """No more than two IF stand inside each other."""
    for place, _, formula in formulas(opened.book):
        if depth_of_ifs(formula) > DEEPEST_IF:
            yield Finding(place, f"more than {DEEPEST_IF} IF stand inside each other")


def one_formula_along_the_months(opened: Opened) -> Iterator[Finding]:
    """Where most months of a row have a formula, all have the same, copied along."""
    for title, columns in TIMELINES.items():
        if title not in opened.book.sheetnames:
            yield Finding(title, "the sheet is missing")
            continue
        sheet = opened.book[title]
        for row in range(1, sheet.max_row + 1):
            months = [sheet[f"{column}{row}"] for column in columns]
            as_in_first = [_as_in(months[0].coordinate, formula_of(cell), cell.coordinate) for cell in months]
            usual, count = Counter(as_in_first).most_common(1)[0]
            if usual and count > len(months) / 2:
                for cell, formula in zip(months, as_in_first, strict=True):
                    if formula != usual:
                        same = Translator(usual, months[0].coordinate).translate_formula(cell.coordinate)
                        yield Finding(f"{title}!{cell.coordinate}", f"is {cell.value}, the row's formula is {same}")


def _as_in(first: str, formula: str, here: str) -> str:
    try:
        return str(Translator(formula, here).translate_formula(first)) if formula else ""
    except TranslatorError:  # it would reach beyond the sheet there, so it is another formula
        return formula


def names_are_sound(opened: Opened) -> Iterator[Finding]:
    """Names are given once, say what they are by their prefix and refer to something; formulas use no others."""
    for name, count in Counter(_workbook_names(opened)).items():
        if count > 1:
            yield Finding(f"{WORKBOOK}, {name}", f"is given {count} times; Excel would call the file damaged")
    names = opened.book.defined_names
    for name, defined in names.items():
        if not NAME.fullmatch(name):
            yield Finding(name, "does not begin with in_, out_, lst_ or chk_")
        if (
            not all(title in opened.book.sheetnames for title, _ in defined.destinations)
            or "#REF!" in defined.attr_text
        ):
            yield Finding(name, f"refers to what is gone: {defined.attr_text}")
    for place, _, formula in formulas(opened.book):
        for name in sorted(set(NAME.findall(formula)) - names.keys()):
            yield Finding(place, f"{name} is not a name of this workbook")


def _workbook_names(opened: Opened) -> list[str]:
    """The workbook's names as the file holds them, in lower case; a dictionary would show a repeated one once."""
    names = fromstring(opened.package.read(WORKBOOK)).iter(f"{{{SHEET_MAIN_NS}}}definedName")
    return [name.attrib["name"].lower() for name in names if "localSheetId" not in name.attrib]


def inputs_and_lists_are_used(opened: Opened) -> Iterator[Finding]:
    """Every input and list is used; a result may wait for its reader."""
    rules = (rule for sheet in opened.book.worksheets for rule in sheet.data_validations.dataValidation)
    validations = (rule.formula1 or "" for rule in rules)
    used = set(NAME.findall(" ".join(chain((formula for _, _, formula in formulas(opened.book)), validations))))
    for name in opened.book.defined_names:
        if not name.startswith("out_") and name not in used:
            yield Finding(name, "is not used by any formula or pick list")


def add_in_functions_are_guarded(opened: Opened) -> Iterator[Finding]:
    """The add-in's functions stand only on their sheets, inside IFERROR."""
    for place, cell, formula in formulas(opened.book):
        if called := functions_in(formula) & catalogue().keys():
            if sheet_of(cell).title not in LIVE:
                yield Finding(place, f"calls {', '.join(sorted(called))}: without the add-in the sheet breaks")
            if "IFERROR" not in functions_in(formula):
                yield Finding(place, "calls the add-in outside IFERROR")
