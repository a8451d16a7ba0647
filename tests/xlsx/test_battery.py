"""Every native formula of the battery, in each engine, against the value Excel gives."""

import contextlib
import datetime as dt
import math
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import battery
import formualizer as fz
import formulon
import openpyxl
import pytest
from battery import Case
from openpyxl.utils.cell import coordinate_to_tuple

from addin.catalogue import catalogue
from addin.xlsx.engine import CODES
from addin.xlsx.proven import unproven
from addin.xlsx.proven_functions import PROVEN

Values = dict[Case, object]
Explained = dict[str, tuple[str, ...]]

TABLES = {
    "Sales[[#This Row],[Units]]": "Sales!$B$3",
    "Sales[[Units]:[Net price]]": "Sales!$B$2:$C$4",
    "Sales[Units]": "Sales!$B$2:$B$4",
    "Sales[Net price]": "Sales!$C$2:$C$4",
    "Sales[Region]": "Sales!$A$2:$A$4",
    "Sales[#Headers]": "Sales!$A$1:$C$1",
    "Sales[#All]": "Sales!$A$1:$C$4",
    "(Sales)": "(Sales!$A$2:$C$4)",
}
"""The areas that the host puts in place of references to tables."""

NEWER = """XLOOKUP XMATCH FILTER UNIQUE SORT SORTBY SEQUENCE LET LAMBDA TEXTBEFORE TEXTAFTER TEXTSPLIT TAKE
    DROP VSTACK HSTACK TOCOL TOROW CHOOSECOLS CHOOSEROWS"""
NEWER_THAN_CALC = [f"{name}(" for name in NEWER.split()]

UNSEEN: Explained = {
    "the cells hold numerals such as 01 as text, which the engine does not match as numbers": (
        '=COUNTIF(L2:L7,"1")',
        '=COUNTIF(L2:L7,"01")',
    ),
    "the cells hold text or TRUE, which the engine multiplies as numbers": ("=SUMPRODUCT(G2:G7,A2:A7)",),
    "29 February 1900 exists in Excel only": ("=DATE(1900,2,29)",),
}
"""What the engine gets wrong because of the data: a formula's text cannot show it."""

OVER_REFUSED: Explained = {
    "rows that are hidden cannot be told from rows filtered out": ("=SUBTOTAL(9,'Month 2'!A1:A3)",),
    "whether a cell holds a letter beyond A to Z is not seen": ("=LOWER(B2)",),
    "how many digits a number has is not seen": (
        '=TEXT(5,"@")',
        '=TEXT(1234.5,"General")',
        '=E2*1.1&" EUR"',
        "=E2*1.1=132.55",
        "=SUM(A2:A4)=6",
        "=E2-E3=40.5",
    ),
    "a format is only read where it is written out": ('=TEXT(0.5,"0"&"%")', '=TEXT(12,"")'),
    "a blank cell is no number of another base": (
        '=BIN2DEC("1100100")',
        '=BIN2HEX("11111011")',
        '=BIN2OCT("1001")',
        '=HEX2BIN("F")',
        '=HEX2DEC("A5")',
        '=HEX2DEC("FFFFFFFF5B")',
        '=HEX2OCT("F")',
        '=OCT2BIN("3")',
        '=OCT2DEC("54")',
        '=OCT2HEX("100")',
    ),
    "whether a number to be written with so many places is below 0 is not seen": (
        "=DEC2BIN(9,8)",
        "=DEC2HEX(100,4)",
    ),
    "ISFORMULA is FALSE for every cell": ("=ISFORMULA(E2)",),
    "whether values are equally frequent is not seen": (
        "=MODE.SNGL(A9:C9)",
        "=MODE(E2:E7)",
        "=MODE.SNGL(A2:A7)",
    ),
    "whether labels differ by capitals is not seen": (
        "{=ROWS(UNIQUE(A2:A7))}",
        "{=SUM(UNIQUE(A2:A7,FALSE,TRUE))}",
        '{=TEXTJOIN(",",TRUE,SORT(UNIQUE(A2:A7)))}',
    ),
}

FORMULON_DIFFERS: Explained = {
    "AGGREGATE does not take a computed array": ("=AGGREGATE(15,6,E2:E7/(A2:A7=2),1)",),
    "~~ does not stand for ~": ('=COUNTIF(K2:K7,"~~C")',),
    "errors are not counted": ('=COUNTIF(I2:I5,"#N/A")',),
    "an area of one cell is cut to the formula's row": ("=COUNTIF(E2:E7,E2:E2)",),
    "a shorter range to add is not made as long as the range that is tested": ("=SUMIF(A2:A7,2,E2:E4)",),
    "MINIFS takes one criterion": ('=MINIFS(E2:E7,C2:C7,"*mail",E2:E7,">0")',),
    "an array written out is cut to its first element outside array formulas": (
        "=SUM(COUNTIF(A2:A7,{1,2}))",
        '=SUM(COUNTIF(C2:C7,{"Email","Search"}))',
        '=SUM(SUMIF(C2:C7,{"Email","Search"},E2:E7))',
        '=SUM(SUMIFS(E2:E7,C2:C7,{"Email","Search"}))',
        "=SUM(COUNTIFS(A2:A7,{1;2},H2:H7,{TRUE,FALSE}))",
        "=SUM(LARGE(E2:E7,{1,2,3}))",
        "=SUM(SMALL(E2:E7,{1,2}))",
    ),
    "OFFSET and RANK are not lifted over a range": (
        "=SUMPRODUCT(SUBTOTAL(9,OFFSET(E2,ROW(E2:E7)-ROW(E2),0)))",
        "=SUMPRODUCT(RANK(E2:E7,E2:E7))",
        "{=SUM(COUNTIF(OFFSET(A2,ROW(A2:A4)-2,0),2))}",
    ),
    "INDEX and LOOKUP cut a computed array outside array formulas": (
        "=MATCH(TRUE,INDEX(E2:E7>150,0),0)",
        "=MATCH(1,INDEX((A2:A7=2)*(E2:E7>100),0),0)",
        '=LOOKUP(2,1/(C2:C7="Search"),A2:A7)',
    ),
    "an odd root of a negative number has a value": ("=POWER(-8,1/3)",),
    "INDIRECT does not know defined names": ('=SUM(INDIRECT("amounts"))',),
    "a table's name alone, or a column with a space in its name, is not resolved": (
        "=SUMPRODUCT(Sales[Units],Sales[Net price])",
        "=ROWS(Sales)",
    ),
}

CALC_DIFFERS: Explained = {
    "TRUE and FALSE are numbers": (
        "=SUM(G2:G7)",
        "=SUM(H2:H7)",
        "=AVERAGE(G2:G7)",
        "=COUNT(G2:G7)",
        "=MAX(H2:H7)",
        "=MAXA(H2:H7)",
        "=SUBTOTAL(2,G2:G7)",
        '=COUNTIF(G2:G7,">0")',
        "=COUNTIF(H2:H7,1)",
        '=SUMIFS(G2:G7,A2:A7,">0")',
        "=SUMPRODUCT(G2:G7,A2:A7)",
        '=SUMPRODUCT(C2:C7="search",E2:E7)',
        "=STDEV.S(G2:G7)",
        '=CONCATENATE("a",1,TRUE)',
        '=H2&""',
        '=TEXT(TRUE,"0")',
        "=TYPE(H2)",
        '="TRUE"+1',
        "=1&TRUE",
        '="a"<TRUE',
        "=TRUE>99",
        "=TRUE=1",
        "=1=1=1",
        "=5>3>1",
        "=--TRUE",
    ),
    "numbers and texts are kept apart in criteria, except an empty pattern": (
        '=COUNTIF(G2:G7,"*")',
        "=COUNTIF(G2:G7,5)",
        "=COUNTIF(L2:L7,1)",
        '=COUNTIF(L2:L7,"1")',
        '=COUNTIF(L2:L7,"01")',
    ),
    "numerals are looked up as numbers": ('=VLOOKUP("2",A2:E7,5,0)',),
    "some texts are not read as values": (
        '=SUM(G2:G7,"3",TRUE)',
        '=MONTH("15 Mar 2026")',
        '=AND("TRUE",TRUE)',
        '=SUM("1,000",1)',
        '=MAX("7",3)',
    ),
    "a reference through sheets whose names hold spaces is not read": (
        "=SUM('Month 1:Month 3'!A1)",
        "=SUM('Month 1:Month 3'!A1:A2)",
    ),
    "dates before March 1900 count without 29 February, and two-digit years mean 20xx": (
        '=TEXT(60,"yyyy-mm-dd")',
        "=DATE(26,1,1)",
        "=DATE(1900,2,29)",
        "=DATE(1900,1,1)",
        "=DAY(60)",
        "=YEAR(0)",
        "=DAY(59)",
        "=DATE(1900,3,1)-DATE(1900,2,28)",
        "=YEAR(X2)",
        "=YEAR(-1)",
    ),
    "texts of numbers and characters follow Calc's locale data": (
        '=FIND("","abc")',
        '=CODE("€")',
        "=DOLLAR(-1234.5)",
        '=1E21&""',
        '=TEXT(5,"#.##")',
    ),
    "the last days of December belong to the first week": ("=WEEKNUM(DATE(2026,12,31),1)",),
    "ISFORMULA is saved without the prefix Calc asks for": ("=ISFORMULA(Prices!J3)", "=ISFORMULA(E2)"),
    "signs may differ, and 0^0 is 1": ("=MROUND(7,-3)", "=0^0", "=POWER(0,0)"),
    "an odd root of a negative number and the angle of no direction have a value": (
        "=POWER(-8,1/3)",
        "=ATAN2(0,0)",
    ),
    "INT rounds in the 15th digit first": ("=INT((0.1+0.7)*10)",),
    "of equally frequent values the smallest is the mode": ("=MODE({3,1,1,3})",),
    "ranks are rounded, not cut, and a number not in the list has one": (
        "=PERCENTRANK.EXC(E2:E7,80)",
        "=PERCENTRANK.EXC({1,2},2,1)",
        "=RANK.EQ(81,E2:E7)",
    ),
    "a table's name covers its headings": ("=ROWS(Sales)", "=COUNTA(Sales[#Headers])", "=ROWS(Sales[#All])"),
}


def same(found: object, wanted: battery.Value) -> bool:
    """Whether an engine's value is Excel's; a blank is an empty text."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, (int, float)) and isinstance(wanted, (int, float)):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)
    return ("" if found is None else found) == wanted


def formulas(table: Explained) -> set[str]:
    listed = [formula for formulas in table.values() for formula in formulas]
    assert len(listed) == len(set(listed)), "a formula is explained twice"
    return set(listed)


def told(differing: dict[str, str]) -> str:
    return "\n".join(f"{formula}: {reason}" for formula, reason in differing.items())


def for_engine(case: Case) -> str:
    text = battery.as_filed(case.text)
    for table, area in TABLES.items():
        text = text.replace(table, area)
    return text


def refusal(case: Case) -> str | None:
    return unproven(
        for_engine(case),
        case.array,
        rows_hidden=lambda: battery.HIDDEN_ROW[0] in case.formula,
        many_cells=lambda name: name == "amounts",
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("battery") / "battery.xlsx"
    battery.write(path)
    return path


@pytest.fixture(scope="module")
def in_formualizer(book: Path) -> Values:
    engine = fz.load_workbook(str(book))
    engine.set_temporal_egress("serial")
    for case in battery.cases():
        if for_engine(case) != battery.as_filed(case.text):
            engine.set_formula(case.sheet, *coordinate_to_tuple(case.cell), for_engine(case))
    engine.evaluate_all()

    def value(case: Case) -> object:
        found = engine.get_value(case.sheet, *coordinate_to_tuple(case.cell))
        return CODES.get(found["kind"], found["kind"]) if isinstance(found, dict) else found

    return {case: value(case) for case in battery.cases()}


@pytest.fixture(scope="module")
def in_formulon(book: Path) -> Values:
    engine = formulon.Workbook.load(book.read_bytes())
    engine.recalc()
    sheets = list(battery.SHEETS)

    def value(case: Case) -> object:
        row, column = coordinate_to_tuple(case.cell)
        found = engine.get_value(sheets.index(case.sheet), row - 1, column - 1).to_python()
        return formulon.error_display_name(found.error_code) if isinstance(found, formulon.Value) else found

    return {case: value(case) for case in battery.cases()}


@contextlib.contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program that is gone, with all it started, when the block ends."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@pytest.fixture(scope="module")
def in_calc(book: Path) -> Values:
    soffice = shutil.which("soffice")
    if soffice is None:
        reason = "LibreOffice (soffice) is not installed: the battery is not compared with Calc"
        pytest.fail(reason) if os.environ.get("REQUIRE_CALC") == "1" else pytest.skip(reason)
    out = book.parent / "calc"
    command = [soffice, f"-env:UserInstallation={(book.parent / 'profile').as_uri()}", "--headless"]
    for _first_start_only_makes_the_profile in range(3):
        with started([*command, "--convert-to", "xlsx", "--outdir", str(out), str(book)]) as process:
            process.wait(120)
        if (out / book.name).exists():
            break
    results = openpyxl.load_workbook(out / book.name, data_only=True)

    def value(case: Case) -> object:
        found = results[case.sheet][case.cell].value
        return (found - dt.datetime(1899, 12, 30)).days if isinstance(found, dt.datetime) else found

    return {case: value(case) for case in battery.cases()}


def differing(values: Values, agree: Callable[[object, battery.Value], bool] = same) -> dict[str, str]:
    return {
        case.formula: f"{found!r}, in Excel {case.value!r}"
        for case, found in values.items()
        if not agree(found, case.value)
    }


def test_the_battery_is_large_and_places_every_formula_once() -> None:
    placed = battery.cases()
    assert len(placed) > 220
    assert len({(case.sheet, case.cell) for case in placed}) == len(placed)
    assert len({(case.formula, case.cell if case.family == "intersection" else "") for case in placed}) == len(placed)


def test_what_the_engine_gets_wrong_is_recognised(in_formualizer: Values) -> None:
    missed = {
        case.formula: f"{found!r}, in Excel {case.value!r}"
        for case, found in in_formualizer.items()
        if not same(found, case.value) and refusal(case) is None
    }
    assert missed.keys() == formulas(UNSEEN), told(missed)


def test_what_the_engine_gets_right_is_not_refused(in_formualizer: Values) -> None:
    refused = {
        case.formula: reason
        for case, found in in_formualizer.items()
        if same(found, case.value) and (reason := refusal(case))
    }
    sys.stdout.write(told(refused))
    assert refused.keys() == formulas(OVER_REFUSED), told(refused)


def test_the_engine_is_seen_to_be_wrong_and_right_often_enough_to_test_anything(
    in_formualizer: Values,
) -> None:
    wrong = len(differing(in_formualizer))
    assert 100 < wrong < len(in_formualizer) / 2


def calls(node: Any) -> Iterator[tuple[str, list[Any]]]:
    """The calls in a parsed formula: each function's name and its arguments."""
    if isinstance(node, dict):
        if node.get("node_type") == "Function":
            yield re.sub(r"^(?:_xl\w+\.)+", "", node["name"]).upper(), node["args"]
        for part in node.values():
            yield from calls(part)
    elif isinstance(node, list):
        for part in node:
            yield from calls(part)


def test_what_is_trusted_is_proven_argument_by_argument(in_formualizer: Values) -> None:
    """Every function that is trusted, and each of its arguments, is in a formula that the engine gets right."""
    proven: dict[str, int] = {}
    for case, found in in_formualizer.items():
        if same(found, case.value) and refusal(case) is None:
            for name, args in calls(fz.parse(for_engine(case)).to_dict()):
                proven[name] = max(proven.get(name, 0), len(args))
    assert proven.keys() - catalogue().keys() == PROVEN.keys()
    unproven = {
        name: f"{proven[name]} of {wanted} arguments"
        for name, signature in PROVEN.items()
        if proven[name] < (wanted := len(signature.arguments + signature.repeated))
    }
    assert not unproven


def test_more_arguments_than_are_proven_are_not_trusted() -> None:
    trusting = {
        name: formula
        for name, signature in PROVEN.items()
        if not signature.repeated
        and unproven(formula := f"={name}({','.join(['A1'] * (len(signature.arguments) + 1))})") is None
    }
    assert not trusting


@pytest.mark.parametrize("formula", battery.REFUSED)
def test_what_has_no_value_of_its_own_is_always_refused(formula: str) -> None:
    assert unproven(formula)


def test_formulon_gives_excels_values(in_formulon: Values) -> None:
    found = differing(in_formulon)
    assert found.keys() == formulas(FORMULON_DIFFERS), told(found)


def test_calc_gives_excels_values(in_calc: Values) -> None:
    def agree(found: object, wanted: battery.Value) -> bool:
        both_errors = str(found).startswith("#") and str(wanted).startswith("#")
        return both_errors or same(found, wanted)

    found = {
        formula: difference
        for formula, difference in differing(in_calc, agree).items()
        if not any(function in formula for function in NEWER_THAN_CALC)
    }
    assert found.keys() <= formulas(CALC_DIFFERS), told(found)
    assert len(found) > 20, "Calc has become like Excel, or nothing was compared"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=COUNTIF(A:A,A1:A9)", "COUNTIF with a range or an array as its criterion is not calculated here"),
        ("=MMULT(A1:B2,C1:D2)", "MMULT is not known to give Excel's values in this engine"),
        ("=SUM(Jan:Dec!B2)", "a reference through several sheets is not calculated here"),
        ("=SUM(A1:A3,(", "the engine cannot read this formula"),
        ('=TEXT(A1,"#,##0_);(#,##0)")', "TEXT with the format #,##0_);(#,##0) is not calculated here"),
    ],
)
def test_the_reason_names_the_construct(formula: str, reason: str) -> None:
    assert unproven(formula) == reason


@pytest.mark.parametrize(
    "formula",
    [
        "=COUNTIF(A:A,A1)",
        "=COUNTIF(A:A,$B$1:$B$1)",
        "=A1*uplift",
        "=IF(A1>0,SUM(B1:B9),0)",
        '=SUMIFS(Data!C:C,Data!A:A,$A2,Data!B:B,">="&B$1)',
        '=IF(A1="","",B1/C1)',
        '=TEXT(A1,"yyyy-mm")',
        "=_xlfn.XLOOKUP(A1,B:B,C:C)",
    ],
)
def test_plain_work_passes(formula: str) -> None:
    assert unproven(formula) is None


def test_hidden_rows_and_names_of_areas_are_told_by_the_caller() -> None:
    assert unproven("=SUBTOTAL(109,A1:A9)")
    assert unproven("=SUBTOTAL(109,A1:A9)", rows_hidden=lambda: False) is None
    assert unproven("=amounts*2") is None
    assert unproven("=amounts*2", many_cells=lambda name: name == "amounts")
    assert unproven("=A1:A9*2")
    assert unproven("=A1:A9*2", array=True) is None


def test_a_metric_passes_and_an_unknown_function_does_not() -> None:
    assert unproven("=CHURN(A1:A9)") is None
    assert unproven("=LOYALTY(A1:A9)") == "LOYALTY is not known to give Excel's values in this engine"
