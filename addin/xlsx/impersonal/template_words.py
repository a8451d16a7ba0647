"""The template's own texts, formulas and markup, which name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from addin.actions.privacy import handled_columns, our_words
from addin.template.presets import RETAIL
from addin.template.texts import ENGLISH
from addin.xlsx.addresses import area_of
from addin.xlsx.impersonal.markup import Vocabulary
from addin.xlsx.package import Package
from addin.xlsx.sheet_xml import SheetXml
from addin.xlsx.template_copy import uncalculated_copy

EXAMPLES = "Functions"
"""The sheet whose single words may be names in examples."""


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """What the template says."""

    texts: frozenset[str]
    formulas: frozenset[str]
    sheets: frozenset[str]
    names: frozenset[str]
    """Lower-case."""
    vocabulary: Vocabulary
    theme: bytes


@cache
def template_words(language: str = ENGLISH, preset: str = RETAIL) -> TemplateWords:
    """What the template says in a language and for a business, beside the rows of its tables."""
    package = uncalculated_copy(language, preset)
    vocabulary = Vocabulary()
    texts, formulas = set(our_words()), set[str]()
    for sheet in package.sheets:
        xml = package.sheet(sheet)
        vocabulary.learn(around_cells(xml))
        texts.update(text for text in _texts(package, sheet) if sheet != EXAMPLES or " " in text or text.isupper())
        formulas.update(cell.formula.removeprefix("=") for cell in xml.formula_cells(sheet))
    for part in package.parts:
        if part.startswith(("xl/charts/chart", "xl/drawings/drawing", "xl/tables/", "xl/styles", "xl/theme")):
            vocabulary.learn(package.tree(part))
    names = frozenset(name for _, name in package.names)
    theme = next(part for kind, part in package.relations(package.main_part).values() if kind == "theme")
    return TemplateWords(
        frozenset(texts - (_numbered(package) - our_words())),
        frozenset(formulas),
        frozenset(package.sheets),
        names,
        vocabulary,
        package.part(theme),
    )


def _numbered(package: Package) -> set[str]:
    """The sample's customers and the like, which other sheets show too."""
    return {
        value
        for table in package.tables.values()
        for name, handling in handled_columns(table.name).items()
        if handling.numbered and name in table.columns
        for column in [table.left + table.columns.index(name)]
        for row in package.sheet(table.sheet).values((table.top + 1, column, table.bottom, column), package.texts)
        for value in row
        if isinstance(value, str)
    }


def around_cells(sheet: SheetXml) -> ET.Element:
    """A sheet's markup without its cells."""
    prefix = sheet.prefix.encode()
    return ET.fromstring(sheet.before + b"<" + prefix + b"sheetData/>" + sheet.after)  # noqa: S314  # scanned before


def _texts(package: Package, sheet: str) -> Iterator[str]:
    """The texts of a sheet's cells, but for those in the rows of a table."""
    tables = [t for t in package.tables.values() if t.sheet == sheet]
    xml = package.sheet(sheet)
    if not xml.rows:
        return
    area = area_of(f"A1:XFD{max(xml.rows)}")
    for number, row in zip(range(1, area[2] + 1), xml.values((1, 1, area[2], 64), package.texts), strict=True):
        for column, value in enumerate(row, 1):
            inside = any(t.top < number <= t.bottom and t.left <= column <= t.right for t in tables)
            if isinstance(value, str) and not inside:
                yield value
