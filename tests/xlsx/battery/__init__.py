"""Native formulas that sales and marketing workbooks use, each with the value Excel gives.

The values come from Excel's documentation or a closed form, never from an engine.
A formula in braces is an array formula; an optional third item is the cell the formula stands in.
A text such as ``#N/A`` is that error.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

import openpyxl
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from battery import areas, days, logic, newer, numbers, sums, texts
from battery.sheets import HIDDEN_ROW, NAMES, SHEETS

Value = float | bool | str


class Case(NamedTuple):
    """One formula, what Excel gives for it, and where it stands."""

    family: str
    formula: str
    value: Value
    sheet: str
    cell: str

    @property
    def text(self) -> str:
        """The formula without the braces of an array formula."""
        return self.formula.strip("{}") if self.array else self.formula

    @property
    def array(self) -> bool:
        """Whether it is entered as an array formula."""
        return self.formula.startswith("{=")


FAMILIES: Final[dict[str, tuple[tuple[str, Value] | tuple[str, Value, str], ...]]] = {
    "sums": sums.SUMS,
    "criteria": sums.CRITERIA,
    "criteria arrays": sums.CRITERIA_ARRAYS,
    "products": areas.PRODUCTS,
    "arrays": areas.ARRAYS,
    "intersection": areas.INTERSECTION,
    "lookups": areas.LOOKUPS,
    "texts": texts.TEXTS,
    "formats": texts.FORMATS,
    "dates": days.DATES,
    "logic": logic.LOGIC,
    "errors": logic.ERRORS,
    "rounding": numbers.ROUNDING,
    "statistics": numbers.STATISTICS,
    "distributions": numbers.DISTRIBUTIONS,
    "engineering": numbers.ENGINEERING,
    "finance": numbers.FINANCE,
    "dynamic": newer.DYNAMIC,
    "coercion": logic.COERCION,
    "tables": areas.TABLES,
}

REFUSED: Final = (
    "=[1]Prices!A1",
    "='[Budget 2026.xlsx]Plan'!$B$4*2",
    "=SUM([2]Plan!A1:A9)",
    '=CELL("filename",A1)',
    '=INFO("osversion")',
    '=GETPIVOTDATA("Sum of Amount",Pivot!$A$3)',
    '=CUBEVALUE("Sales","[Measures].[Amount]")',
    '=RTD("feed.server",,"price")',
    '=WEBSERVICE("https://example.org")',
    "=SUM(R[-3]C:R[-1]C)",
    "=R2C5*2",
    "=BAHTTEXT(5)",
)
"""Formulas without a value that Excel and an engine could agree on: they are never calculated here."""

_NEWER_FUNCTIONS: Final = """
    AGGREGATE BASE BETA.DIST BETA.INV BINOM.DIST BINOM.INV BITAND BITOR BITXOR BYROW CEILING.MATH
    CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS
    COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COVARIANCE.P COVARIANCE.S DAYS DECIMAL DROP
    EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FLOOR.MATH FLOOR.PRECISE FORECAST.LINEAR GAMMA
    GAMMA.DIST GAMMA.INV GAUSS HSTACK HYPGEOM.DIST IFNA IFS ISOWEEKNUM LAMBDA LET LOGNORM.DIST
    LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.SNGL NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST
    NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC
    PHI POISSON.DIST QUARTILE.EXC QUARTILE.INC RANK.AVG RANK.EQ REDUCE RRI SCAN SEQUENCE SORTBY
    STDEV.P STDEV.S SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER
    TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE UNIQUE VAR.P VAR.S VSTACK WEIBULL.DIST
    XLOOKUP XMATCH XOR Z.TEST
"""
_FUTURE: Final = frozenset(_NEWER_FUNCTIONS.split())
_PIECES: Final = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[A-Za-z_][\w.]*\(?')


def as_filed(formula: str) -> str:
    """Give the formula as Excel saves it, with the prefixes of newer functions and of LAMBDA's names."""
    own_names = "LET(" in formula or "LAMBDA(" in formula

    def prefixed(piece: re.Match[str]) -> str:
        word = piece[0]
        if word in ("FILTER(", "SORT("):
            return f"_xlfn._xlws.{word}"
        if word.endswith("(") and word[:-1] in _FUTURE:
            return f"_xlfn.{word}"
        return f"_xlpm.{word}" if own_names and word in ("x", "y") else word

    return _PIECES.sub(prefixed, formula)


def cases() -> list[Case]:
    """List every formula with its cell; those without one of their own follow each other down column Z."""
    placed: list[Case] = []
    for family, entries in FAMILIES.items():
        for formula, value, *place in entries:
            sheet, cell = place[0].split("!") if place else ("Orders", f"Z{21 + len(placed)}")
            placed.append(Case(family, formula, value, sheet, cell))
    return placed


def write(path: Path) -> list[Case]:
    """Write the data and every formula, with no saved values, and list the formulas."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                sheet.cell(row, column).value = value
                if isinstance(value, str) and value[:1].isdigit():
                    sheet.cell(row, column).data_type = "s"
    book["Sales"].add_table(Table(displayName="Sales", ref="A1:C4"))
    hidden_sheet, hidden_row = HIDDEN_ROW
    book[hidden_sheet].row_dimensions[hidden_row].hidden = True
    for name, meaning in NAMES.items():
        book.defined_names[name] = DefinedName(name, attr_text=meaning)
    placed = cases()
    for case in placed:
        text = as_filed(case.text)
        book[case.sheet][case.cell] = ArrayFormula(case.cell, text) if case.array else text
    book.save(path)
    return placed
