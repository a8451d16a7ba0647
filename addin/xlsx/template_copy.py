"""A fresh copy of the template in a language, for a kind of business: the English one of retail is part of the
installation, others are written anew.
"""

from __future__ import annotations

from collections.abc import Collection

from addin.files import TEMPLATE, template
from addin.template.presets import PRESET, RETAIL, presets
from addin.template.texts import ENGLISH, LANGUAGE, languages
from addin.xlsx.addresses import area_of
from addin.xlsx.calculation import Progress, calculate
from addin.xlsx.package import Package

WRITTEN = ("xl/charts/", "xl/drawings/", "xl/tables/", "xl/worksheets/_rels/", "xl/sharedStrings", "xl/styles",
           "docProps/")  # fmt: skip
"""The parts that are the writer's alone."""
TYPES = "[Content_Types].xml"
SHEETS, SHEET_BEGINS, NAMES_BEGIN = "xl/worksheets/sheet", b"<tabColor", b"<definedNames>"
"""In the other parts macros are told of sheets before these elements."""


def fresh_copy(
    language: str = ENGLISH, preset: str = RETAIL, progress: Progress = lambda doing, done, of: None
) -> Package:
    """A copy of the template in a language with a preset, its formulas calculated."""
    copy = uncalculated_copy(language, preset)
    if (language, preset) == (ENGLISH, RETAIL):
        return copy
    return calculate(copy, everything=True, progress=progress).package


def uncalculated_copy(language: str = ENGLISH, preset: str = RETAIL) -> Package:
    """The same, but where it is written anew its formulas have no values yet."""
    shipped = Package.read(template())
    if (language, preset) == (ENGLISH, RETAIL):
        return shipped
    from addin.template.workbook import write_template

    written = Package(write_template(language, preset), TEMPLATE)
    parts = {name: written.part(name) for name in written.parts if name.startswith(WRITTEN)}
    begins = {name: SHEET_BEGINS for name in written.parts if name.startswith(SHEETS)}
    for name, begin in {**begins, shipped.main_part: NAMES_BEGIN}.items():
        head, rest = shipped.part(name).partition(begin)[0], written.part(name).partition(begin)[2]
        parts[name] = head + begin + rest
    parts[TYPES] = _types(shipped, written)
    return shipped.replaced(parts)


def _types(shipped: Package, written: Package) -> bytes:
    """The kinds of all parts: a preset may have a table or a chart more."""
    known, own = (package.part(TYPES).split(b"<") for package in (shipped, written))
    more = [each for each in own if each.startswith(b"Override") and each not in known]
    return b"<".join([*known[:-1], *more, known[-1]])


def language_of(package: Package) -> str:
    """The language that a copy says it is in."""
    return _said(package, LANGUAGE, languages(), ENGLISH)


def preset_of(package: Package) -> str:
    """The preset that a copy says it was made with."""
    return _said(package, PRESET, presets(), RETAIL)


def _said(package: Package, name: str, known: Collection[str], otherwise: str) -> str:
    sheet, _, cell = package.names.get((None, name.lower()), "").replace("$", "").rpartition("!")
    if sheet not in package.sheets:
        return otherwise
    [[said]] = package.sheet(sheet).values(area_of(cell), package.texts)
    return str(said) if said in known else otherwise
