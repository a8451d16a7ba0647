"""One LibreOffice for all tests, and sheets to type into."""

import os
import shutil
from types import SimpleNamespace

import pytest
import screens
from libreoffice import Office, bridge, prepared, shown

from addin.files import template


@pytest.fixture(scope="session")
def uno(soffice):
    return bridge(soffice)


@pytest.fixture(scope="session")
def office(uno, soffice, tmp_path_factory):
    running = Office(uno, soffice, prepared(tmp_path_factory.mktemp("office")), ["--headless"])
    yield running
    running.stop()


@pytest.fixture
def start_office(uno, soffice):
    """Start another LibreOffice, in a folder of its own."""
    return lambda *arguments, **keywords: Office(uno, soffice, *arguments, **keywords)


@pytest.fixture
def prepare():
    return prepared


@pytest.fixture
def document(office):
    opened = office.open()
    yield opened
    opened.close(True)


@pytest.fixture
def path(tmp_path):
    return shutil.copy(template(), tmp_path / "book.xlsm")


@pytest.fixture
def opened(office, path):
    """The template, calculated and not changed yet."""
    document = office.open(path)
    document.calculateAll()
    document.setModified(False)
    yield document
    document.close(True)


@pytest.fixture
def sheet(document):
    """The first sheet: put cells into it, type formulas, and see what they show."""
    first = document.Sheets.getByIndex(0)

    def put(address, rows):
        start = first.getCellRangeByName(address).getRangeAddress()
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                cell = first.getCellByPosition(start.StartColumn + across, start.StartRow + down)
                if isinstance(value, str):
                    cell.setFormula(value)
                elif value is not None:
                    cell.setValue(value)

    def typed(formula, address="Z1"):
        cell = first.getCellRangeByName(address)
        cell.setPropertyValue("FormulaLocal", formula)
        return shown(cell)

    def table(formula, rows, columns, address="Z1"):
        start = first.getCellRangeByName(address).getRangeAddress()
        area = first.getCellRangeByPosition(
            start.StartColumn, start.StartRow, start.StartColumn + columns - 1, start.StartRow + rows - 1
        )
        corner = first.getCellRangeByName(address)
        corner.setPropertyValue("FormulaLocal", formula)  # so that LibreOffice translates it for setArrayFormula
        area.setArrayFormula(corner.getFormula())
        cells = [[shown(area.getCellByPosition(c, r)) for c in range(columns)] for r in range(rows)]
        area.setArrayFormula("")
        return cells

    return SimpleNamespace(put=put, typed=typed, table=table, cells=first, shown=shown)


@pytest.fixture
def screen():
    """A screen that nobody looks at: its number."""
    for program in ("Xvfb", "xdotool", "import"):
        if shutil.which(program) is None:
            if os.environ.get("REQUIRE_CALC"):
                pytest.fail(f"REQUIRE_CALC is set and {program} is not installed")
            pytest.skip(f"{program} is not installed")
    with screens.screen() as display:
        yield display
