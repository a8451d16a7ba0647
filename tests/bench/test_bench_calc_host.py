"""What a call from LibreOffice costs: through the function server, and in a real LibreOffice against UNO itself."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import addin
from addin.files import template
from addin.hosts.calc.extension.function_names import LONG
from addin.hosts.calc.extension.server_process import Link
from addin.hosts.excel.workbook_files import with_macros
from addin.schema import sample
from addin.template.workbook import write_template

sys.path.append(str(Path(__file__).parents[1] / "hosts" / "calc"))
from libreoffice import Office, bridge, prepared

ROWS, CALLS, FORMULAS, COPIES = 1_000_000, 1000, 20_000, 12
SHARES = "D7:P18"
SCORES = np.random.default_rng(1).integers(0, 11, ROWS).astype(float).tolist()
NOTHING = {
    "types.idl": "module org { module nothing { interface XNothing { any nothing([in] any cells); }; }; };",
    "component.py": """
import unohelper
from com.sun.star.lang import Locale, XServiceName
from com.sun.star.sheet import XAddIn
try:
    from org.nothing import XNothing
except ImportError:
    class XNothing: pass
class Nothing(unohelper.Base, XAddIn, XServiceName, XNothing):
    def __init__(self, context): pass
    def getServiceName(self): return "org.nothing.Nothing"
    def setLocale(self, locale): pass
    def getLocale(self): return Locale("en", "US", "")
    def getProgrammaticFuntionName(self, shown): return "nothing"
    def getDisplayFunctionName(self, method): return "NOTHING"
    def getProgrammaticCategoryName(self, method): return "Add-In"
    def nothing(self, cells): return 0.0
    getDisplayArgumentName = getArgumentDescription = lambda self, method, index: "cells"
    getDisplayCategoryName = getFunctionDescription = getProgrammaticCategoryName
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Nothing, "org.nothing.Nothing", ("com.sun.star.sheet.AddIn",))
""",
    "META-INF/manifest.xml": """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="types.idl"
 manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="component.py"
 manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
</manifest:manifest>
""",
}
"""An extension whose function takes its argument and gives 0."""


@pytest.fixture(scope="module")
def link():
    made = Link(sys.executable, str(Path(addin.__file__).parent.parent))
    yield made
    made.close()


@pytest.fixture(scope="module")
def office(soffice, tmp_path_factory):
    root = prepared(tmp_path_factory.mktemp("office"))
    for name, text in NOTHING.items():
        file = root / "extensions" / "nothing" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    running = Office(bridge(soffice), soffice, root, ["--headless"])
    yield running
    running.stop()


@pytest.fixture
def document(office):
    opened = office.open()
    yield opened
    opened.close(True)


def recalculate(benchmark, document, rounds=5):
    benchmark.pedantic(document.calculateAll, rounds=rounds, warmup_rounds=1)


@pytest.mark.benchmark(group="a call through the function server (bar: 1 ms for five cells)")
class TestWorker:
    def test_nps_of_five_cells(self, benchmark, link):
        assert benchmark(link.call, "NPS", [((10.0,), (9.0,), (8.0,), (6.0,), (10.0,))]) == ((40.0,),)

    def test_clv(self, benchmark, link):
        assert benchmark(link.call, "CLV", [5.0, 20.0, 500.0]) == ((50000.0,),)

    def test_nps_of_a_million_cells(self, benchmark, link):
        benchmark(link.call, "NPS", [tuple((score,) for score in SCORES)])


@pytest.mark.benchmark(group=f"{CALLS:,} small calls in LibreOffice (bar: 1 s)")
class TestSmallCalls:
    @pytest.mark.parametrize("formula", ["=CLV(5;20;500)", "=NPS($B$1:$B$5)", "=NOTHING(5)"])
    def test_small_calls(self, benchmark, document, formula):
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName("B1:B5").setDataArray(((10.0,), (9.0,), (8.0,), (6.0,), (10.0,)))
        cells = sheet.getCellRangeByName(f"C1:C{CALLS}")
        cells.setFormulaArray(((formula,),) * CALLS)
        recalculate(benchmark, document)
        assert not any(cells.queryFormulaCells(4).getRangeAddresses())


@pytest.mark.benchmark(group=f"a column of {ROWS:,} numbers in LibreOffice (bar: 1.5 times NOTHING)")
class TestColumn:
    @pytest.mark.parametrize("function", ["NPS", "GINI", "NOTHING"])
    def test_column(self, benchmark, document, function):
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName(f"A1:A{ROWS}").setDataArray(tuple((score,) for score in SCORES))
        cell = sheet.getCellRangeByName("C1")
        cell.setFormula(f"={function}(A1:A{ROWS})")
        recalculate(benchmark, document)
        assert cell.getError() == 0


@pytest.mark.benchmark(group=f"an Excel file with {FORMULAS:,} formulas opened in LibreOffice (bar: 5 s for the names)")
class TestNames:
    @pytest.mark.parametrize("function", ["NPS", "AVERAGE"])
    def test_excel_file(self, benchmark, office, tmp_path, function):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in range(1, FORMULAS + 1):
            sheet.append([row % 11, f"={function}(A1:A{row % 50 + 1})"])
        book.save(tmp_path / "book.xlsx")

        def opened():
            document = office.open(tmp_path / "book.xlsx")
            assert document.Sheets.getByIndex(0).getCellRangeByName(f"B{FORMULAS}").getError() == 0
            document.close(True)

        benchmark.pedantic(opened, rounds=3, warmup_rounds=1)


@pytest.mark.benchmark(group="the template with 5,100 order rows as formulas, recalculated in LibreOffice (bar: 5 s)")
def test_order_rows(benchmark, office, tmp_path, monkeypatch):
    """With its macros, which change how LibreOffice looks up texts."""
    once = sample.orders()
    many = [
        (f"{order}-{k}", day, f"{customer}-{k}", *rest) for k in range(COPIES) for order, day, customer, *rest in once
    ]
    monkeypatch.setattr(sample, "orders", lambda: many)
    (tmp_path / "many.xlsm").write_bytes(with_macros(write_template()))
    opened = office.open(tmp_path / "many.xlsm")
    recalculate(benchmark, opened)
    shares = opened.Sheets.getByName("Cohorts").getCellRangeByName(SHARES).getDataArray()
    opened.close(True)
    assert len(many) == 5100
    of_one_copy = openpyxl.load_workbook(template(), data_only=True)["Cohorts"][SHARES]
    assert shares == tuple(tuple("" if cell.value is None else cell.value for cell in row) for row in of_one_copy)


@pytest.mark.benchmark(group="CLV_PREDICT of 69,659 orders of 23,570 customers in LibreOffice")
def test_clv_predict(benchmark, office, document):
    package = Path(find_spec("lifetimes").origin).parent
    names = ["id", "date", "units", "amount"]
    orders = pd.read_csv(package / "datasets" / "CDNOW_master.txt", sep=r"\s+", names=names, header=0)
    days = (pd.to_datetime(orders.date, format="%Y%m%d") - pd.Timestamp("1899-12-30")).dt.days
    rows = tuple(zip(orders.id.astype(float), days.astype(float), orders.amount, strict=True))
    sheet = document.Sheets.getByIndex(0)
    sheet.getCellRangeByName(f"A1:C{len(rows)}").setDataArray(rows)
    table = sheet.getCellRangeByName("E1:L23571")
    table.setArrayFormula(f"={LONG}CLVPREDICT(A1:A{len(rows)};B1:B{len(rows)};C1:C{len(rows)};12;0.1)")
    recalculate(benchmark, document, rounds=3)
    assert table.getCellByPosition(0, 23_570).getValue() == 23_570
    benchmark.extra_info["peak memory"] = [
        re.findall(r"(?m)^(?:Name|VmHWM):\s+(.*)", Path(f"/proc/{pid}/status").read_text())
        for pid in (office.pid, *office.children())
    ]
