"""A fresh copy of the template in a language: the English one is part of the installation, others are written anew."""

from __future__ import annotations

from addin.files import TEMPLATE, template
from addin.template.texts import ENGLISH, LANGUAGE, languages
from addin.xlsx.addresses import area_of
from addin.xlsx.calculation import Progress, calculate
from addin.xlsx.package import Package

WRITTEN = ("xl/charts/", "xl/drawings/", "xl/tables/", "xl/sharedStrings", "xl/styles", "docProps/")
"""The parts that are the writer's alone."""
SHEETS, SHEET_BEGINS, NAMES_BEGIN = "xl/worksheets/sheet", b"<tabColor", b"<definedNames>"
"""In the other parts macros are told of sheets before these elements."""


def fresh_copy(language: str = ENGLISH, progress: Progress = lambda doing, done, of: None) -> Package:
    """A copy of the template in a language, its formulas calculated."""
    copy = uncalculated_copy(language)
    return copy if language == ENGLISH else calculate(copy, everything=True, progress=progress).package


def uncalculated_copy(language: str = ENGLISH) -> Package:
    """The same, but where it is not English its formulas have no values yet."""
    english = Package.read(template())
    if language == ENGLISH:
        return english
    from addin.template.workbook import write_template

    written = Package(write_template(language), TEMPLATE)
    parts = {name: written.part(name) for name in written.parts if name.startswith(WRITTEN)}
    begins = {name: SHEET_BEGINS for name in written.parts if name.startswith(SHEETS)}
    for name, begin in {**begins, english.main_part: NAMES_BEGIN}.items():
        head, rest = english.part(name).partition(begin)[0], written.part(name).partition(begin)[2]
        parts[name] = head + begin + rest
    return english.replaced(parts)


def language_of(package: Package) -> str:
    """The language that a copy says it is in."""
    sheet, _, cell = package.names.get((None, LANGUAGE.lower()), "").replace("$", "").rpartition("!")
    if sheet not in package.sheets:
        return ENGLISH
    [[said]] = package.sheet(sheet).values(area_of(cell), package.texts)
    return said if said in languages() else ENGLISH
