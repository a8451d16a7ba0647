"""The template as a file."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest

from addin.template.sample import BUDGET, REACH
from addin.template.workbook import PAGES, write_template


@pytest.fixture(scope="module")
def package(template):
    return zipfile.ZipFile(BytesIO(template))


def test_two_writings_give_the_same_bytes(template):
    assert write_template() == template


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
    assert opened.sheetnames == [page.name for page in PAGES]
    links = [cell.hyperlink.location for row in opened["Start"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{page.name}'!A1" for page in PAGES[1:]]


def test_charts_say_what_they_show_without_the_numbers_of_the_sample(package):
    texts = [
        text
        for name in package.namelist()
        if re.match(r"xl/(charts/chart|drawings/drawing)\d", name)
        for text in re.findall(r'descr="([^"]*)"|<a:t>([^<]*)</a:t>', package.read(name).decode())
    ]
    words = " ".join(map("".join, texts))
    assert len(texts) == 4  # two titles, two descriptions
    assert not re.findall(rf"\d+(?:\.\d+)?%|{BUDGET}|{REACH}|\b(?:60|69|127|percent)\b", words)


def test_a_chart_covers_no_other_and_no_filled_cell(opened):
    sheet = opened["ROI_ROC"]
    areas = []
    for chart in sheet._charts:
        first, last = chart.anchor._from, chart.anchor.to
        areas.append({(r, c) for r in range(first.row, last.row) for c in range(first.col, last.col)})
    assert len(areas) == 2
    assert not areas[0] & areas[1]
    filled = {(cell.row - 1, cell.column - 1) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert not filled & (areas[0] | areas[1])
