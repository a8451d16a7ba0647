"""Whole workbooks: a real data set, and files that other programs wrote."""

import importlib.util
import io
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    """69,659 orders of 23,570 customers, January 1997 to June 1998 (Fader and Hardie)."""
    origin = importlib.util.find_spec("lifetimes").origin
    path = Path(origin).parent / "datasets" / "CDNOW_master.txt"
    return pd.read_csv(path, sep=r"\s+", skiprows=1, names=["customer", "date", "units", "amount"])


@pytest.fixture(scope="module")
def customers(cdnow):
    return cdnow.groupby("customer").agg(orders=("amount", "size"), amount=("amount", "sum")).reset_index()


@pytest.fixture(scope="module")
def calculated(cdnow, customers):
    """The orders on one sheet; on another, what each customer's orders and spend say about them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    orders = book.add_worksheet("Orders")
    for column, name in enumerate(cdnow):
        orders.write(0, column, name)
        orders.write_column(1, column, cdnow[name].tolist())
    last = len(customers) + 1
    sheet = book.add_worksheet("Customers")
    sheet.write_row(0, 0, ["customer", "orders", "amount", "level", "value"])
    sheet.write_column(1, 0, customers["customer"].tolist())
    sheet.write_column(1, 1, customers["orders"].tolist())
    sheet.write_column(1, 2, customers["amount"].tolist())
    for row in range(2, last + 1):
        sheet.write_formula(row - 1, 3, f"=ENGAGEMENT_LEVEL(1,B{row},0,0)", None, "")
    sheet.write_dynamic_array_formula("E2", f"=CLV(1,B2:B{last},C2:C{last}/B2:B{last})", None, "")
    summary = book.add_worksheet("Summary")
    for row, formula in enumerate(
        [f"=GINI(Customers!C2:C{last})", f"=PARETO_SHARE(Customers!C2:C{last})", "=PARETO_SHARE(Customers!C:C)",
         "=SUM(Customers!E:E)", "=SUM(Orders!D:D)"]
    ):  # fmt: skip
        summary.write_formula(row, 0, formula, None, "")
    book.close()
    done = calculate(Package(stream.getvalue(), "cdnow.xlsx"), everything=True)
    assert not done.kept
    return openpyxl.load_workbook(io.BytesIO(done.data), data_only=True, read_only=True), done


@pytest.mark.thorough
class TestCdnow:
    """Real orders, in bulk."""

    def test_every_customer_has_a_level(self, calculated, customers):
        book, _ = calculated
        levels = [row[0] for row in book["Customers"].iter_rows(min_row=2, min_col=4, max_col=4, values_only=True)]
        assert levels == ["Buying again" if orders > 1 else "Just buying" for orders in customers["orders"]]

    def test_a_column_of_23570_rows_spills(self, calculated, customers):
        book, _ = calculated
        values = [row[0] for row in book["Customers"].iter_rows(min_row=2, min_col=5, max_col=5, values_only=True)]
        assert values == pytest.approx(customers["amount"].tolist())

    def test_concentration(self, calculated, customers):
        """Against the same quantities by sorting in pandas."""
        book, done = calculated
        gini, share, header, of_values, of_orders = (row[0] for row in book["Summary"].iter_rows(values_only=True))
        amounts = customers["amount"].sort_values(ignore_index=True)
        n = len(amounts)
        assert gini == pytest.approx(
            float(2 * ((amounts.index + 1) * amounts).sum() / (n * amounts.sum()) - (n + 1) / n)
        )
        assert share == pytest.approx(float(amounts[n - n // 5 :].sum() / amounts.sum()))
        assert header == share  # the whole column, whose heading is passed over
        assert any("skipped as a heading" in report.reason for report in done.cells)
        assert of_values == pytest.approx(of_orders) == pytest.approx(amounts.sum())


def survey(path: Path) -> None:
    """A small workbook as openpyxl writes it, with no cached values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Survey"
    for row, score in enumerate((10, 9, 8, None, 6, 10), 1):
        sheet.cell(row, 1).value = score
    sheet["C1"], sheet["C2"] = "=NPS(A1:A6)", '=IFERROR(NPS(A1:A6,"1-5"),"no such scale")'
    sheet["C3"], sheet["C4"] = "=ROUND(C1/3,2)", '="NPS "&TEXT(C1,"0")'
    sheet["C5"] = "=SUM(A1:A6)"
    book.save(path)


def values(data: bytes) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Survey"]
    return [sheet[f"C{row}"].value for row in range(1, 6)]


EXPECTED = [40, "no such scale", 13.33, "NPS 40", 43]


def test_a_book_that_openpyxl_wrote(tmp_path):
    survey(tmp_path / "survey.xlsx")
    done = calculate(Package.read(tmp_path / "survey.xlsx"))
    assert values(done.data) == EXPECTED


def test_a_book_that_libreoffice_wrote(tmp_path, soffice):
    """LibreOffice saves what it does not know: our functions in its own spelling, and #NAME? beside them."""
    survey(tmp_path / "survey.xlsx")
    for _ in range(2):  # the first start only makes the profile
        subprocess.run(
            [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore",
             "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", tmp_path / "survey.xlsx"],
            check=False, capture_output=True, timeout=120,
        )  # fmt: skip
    package = Package.read(tmp_path / "out" / "survey.xlsx")
    assert values(package.data)[0] == "#NAME?"
    done = calculate(package)
    assert not done.kept
    assert values(done.data) == EXPECTED
    assert values(calculate(Package(done.data, "again.xlsx")).data) == EXPECTED
