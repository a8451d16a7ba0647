"""Formulas over cells of every kind, and what the headless host makes of them."""

import io
import re

import xlsxwriter
from pyopenvba.interpreter import VBACurrency, VBADate

from addin.catalogue import catalogue
from addin.errors import CellError
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

CELLS = {
    "A1": 10, "A2": 9, "A3": 8, "A5": 3, "A6": 10,
    "B1": "a friend", "B2": "search", "B4": "recommended", "B5": "",
    "C1": 5, "C2": 6, "C3": "text", "C4": 0.5,
    "D1": 20, "E1": 500, "F1": 600,
    "G1": True, "G2": False,
    "H1": 100, "H2": 200,
}  # fmt: skip
ERROR_CELLS = {"J1": "#DIV/0!", "J2": "#N/A"}
DATES = {"K1": 46053.25, "K2": 46054.0}
CURRENCY = {"L1": 1234.5, "L2": 10000.0}

FORMULAS = [
    "=NPS(A1)", "=NPS(A1:A6)", "=NPS(A:A)", "=NPS(A1:C1)", "=NPS(1:1)", "=NPS(A1:A3)", "=NPS(Z1:Z9)", "=NPS(Z1)",
    "=NPS(Z:Z)", "=NPS(A1:A1048576)", '=NPS(A1:A6,"1-10")', '=NPS(A1:A6,"2-5")', "=NPS({10,9,8})", "=NPS({10,9;8,1})",
    '=NPS({10;"";8})', "=NPS(B1:B5)", "=NPS(J1)", "=NPS(J1:J2)", "=NPS(#REF!)", "=NPS(A1:A6,J2)", "=NPS()",
    "=CLV(C1,D1,E1)", "=CLV(C1:C4,D1,E1)", "=CLV(C1:C2,D1:F1,500)", "=CLV(5,,500)", "=CLV(5,20,500,,0.1)",
    "=CLV(5,20,500,0.5)", "=CLV(C1:C2,A1:A3,1)", "=CLV(TRUE,1,1)", '=CLV("5",20,500)',
    "=CLV_MARGIN(100,0.8,0.1,G1)", "=CLV_MARGIN(100,0.8,0.1,G1:G2)", "=CLV_MARGIN(100,0.8,0.1,TRUE)",
    "=CLV_MARGIN(100,0.8,0.1,1)",
    "=REFERRAL_RATE(B1:B5)", '=REFERRAL_RATE(B:B,"search")', "=REFERRAL_RATE(B1:B5,{\"friend\",\"search\"})",
    "=ROAS(L1,L2)", "=ROAS(L1:L2,L2)", "=GINI(K1:K2)", "=GINI(L1:L2)", "=ROAS(K1,2)",
    "=ROI(1,0)", "=ROI(1,\"x\")", "=CHURN_LIST(B1:B4,B1:B2)", "=ATTRIBUTION(100,B1:B2,C1:C2)",
    "=ATTRIBUTION(100,B:B,C:C)", "=ENGAGEMENT_LEVEL(12,2,0,0)", "=LIFECYCLE_STAGE(A1:A6,90)", "=NPS_CI(A1:A6)",
    "=ROAS(1E+308,1E-308)", "=ROI(Z1,1)", "=ROI(D2,1)",
]  # fmt: skip


def headless(formulas):
    """What the headless host makes of each formula, beside the same cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for at, value in {**CELLS, **DATES, **CURRENCY}.items():
            sheet.write(at, value)
        for at, code in ERROR_CELLS.items():
            sheet.write_formula(at, {"#DIV/0!": "=1/0", "#N/A": "=NA()"}[code], None, code)
        place = {}
        for number, formula in enumerate(formulas):
            own = book.add_worksheet(f"F{number}")
            there = re.sub(r"(?<![\w\"!#])(\$?[A-Z]{0,3}\$?\d+:\$?[A-Z]{0,3}\$?\d+|[A-Z]:[A-Z]|[A-Z]\d+)(?!\w)",
                           r"Data!\1", formula)  # fmt: skip
            own.write_dynamic_array_formula("A1", there)
            place[f"F{number}"] = formula
    done = calculate(Package(stream.getvalue(), "book.xlsx"), everything=True)
    assert not [kept for kept in done.kept if kept.sheet in place]
    return {place[cell.sheet]: cell.value for cell in done.cells if cell.sheet in place}


def without_reasons(value):
    if isinstance(value, list):
        return [[without_reasons(cell) for cell in row] for row in value]
    return CellError(value.code) if isinstance(value, CellError) else value


def expected_of_everything():
    """What the headless host says of all formulas here and of every example, without the reasons of errors."""
    examples = [metric.example.formula for metric in catalogue().values()]
    return {formula: without_reasons(value) for formula, value in headless([*FORMULAS, *examples]).items()}


def fill(chain):
    """Put the cells that the formulas speak of into a chain."""
    chain.put(CELLS)
    chain.put({at: f"={'1/0' if code == '#DIV/0!' else 'NA()'}" for at, code in ERROR_CELLS.items()})
    chain.put({at: VBADate(serial) for at, serial in DATES.items()})
    chain.put({at: VBACurrency(amount) for at, amount in CURRENCY.items()})
