"""The template as a file."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from openpyxl.utils import range_boundaries

from addin.schema.sample import BUDGET, REACH
from addin.template.workbook import pages, write_template


@pytest.fixture(scope="module")
def package(template):
    return zipfile.ZipFile(BytesIO(template))


@pytest.mark.thorough
def test_two_writings_give_the_same_bytes(template):
    assert write_template() == template


@pytest.mark.thorough
def test_it_is_declared_as_a_workbook_that_may_hold_macros(package):
    types = package.read("[Content_Types].xml").decode()
    assert types.count("application/vnd.ms-excel.sheet.macroEnabled.main+xml") == 1
    assert "spreadsheetml.sheet.main+xml" not in types
    assert not [name for name in package.namelist() if "vba" in name.lower()]


def test_no_part_tells_when_it_was_written(package):
    assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert re.findall(r">(20\d\d-[^<]*)<", package.read("docProps/core.xml").decode()) == ["2026-01-01T00:00:00Z"] * 2


def test_every_part_is_well_formed(package):
    for name in package.namelist():
        ElementTree.fromstring(package.read(name))


def test_each_page_is_a_sheet_and_start_links_to_the_others(opened):
    assert opened.sheetnames == [page.name for page in pages()]
    links = [cell.hyperlink.location for row in opened["Start"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{page.name}'!A1" for page in pages()[1:]]


def test_charts_say_what_they_show_without_the_numbers_of_the_sample(package):
    texts = [
        text
        for name in package.namelist()
        if re.match(r"xl/(charts/chart|drawings/drawing)\d", name)
        for text in re.findall(r'descr="([^"]*)"|<a:t>([^<]*)</a:t>', package.read(name).decode())
    ]
    words = " ".join(map("".join, texts))
    assert len(texts) == 2 * CHARTS  # titles and descriptions
    assert not re.findall(rf"\d+(?:\.\d+)?%|{BUDGET}|{REACH}|\b(?:60|69|127|percent)\b", words)


CHARTS = 1 + 1 + 2 + 3 + 2 + 3 + 1 + 1 + 1 + 1
"""Dashboard, Campaigns, ROI_ROC, Pyramid, Loyalty, Value, Cohorts, Relations, Sources, Scenarios."""


def test_a_chart_covers_no_other_and_no_filled_cell(opened):
    count = 0
    for sheet in opened.worksheets:
        covered = set()
        for chart in sheet._charts:
            first, last = chart.anchor._from, chart.anchor.to
            area = {(r, c) for r in range(first.row, last.row) for c in range(first.col, last.col)}
            assert not area & covered, sheet.title
            covered |= area
            count += 1
        filled = {
            (cell.row - 1, cell.column - 1) for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        assert not filled & covered, sheet.title
    assert count == CHARTS


def test_a_chart_of_a_table_shows_every_row_of_the_sample(opened):
    """Its range then grows with the table, as Excel keeps them together."""
    for sheet, table in (("Value", "tblSegments"), ("Relations", "tblPartners")):
        data = opened[f"d_{table.removeprefix('tbl')}"]
        _, top, _, bottom = range_boundaries(data.tables[table].ref)
        for series in opened[sheet]._charts[0].series:
            for reference in (series.val.numRef.f, series.cat.strRef.f if series.cat.strRef else series.cat.numRef.f):
                assert re.findall(r"\$(\d+)", reference) == [str(top + 1), str(bottom)]


def test_each_table_has_the_columns_its_page_declares(opened):
    tables = [table for sheet in opened.worksheets for table in sheet.tables.values()]
    assert len(tables) == 20
    for table in tables:
        assert re.fullmatch(r"[A-Z]+4:[A-Z]+\d+", table.ref)
        assert len({column.name for column in table.tableColumns}) == len(table.tableColumns)
