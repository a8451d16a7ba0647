"""One table of buttons: a button that is added to it stands in every host, and works there."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest

from addin import buttons, present
from addin.buttons import BUTTONS, CALC, EXCEL, Button
from addin.hosts.calc import button_server, oxt
from addin.hosts.calc.extension import buttons as inside_libreoffice
from addin.hosts.excel.forms import ENTRIES
from addin.hosts.excel.ribbon_xml import ribbon
from addin.hosts.excel.workbook_files import vba_sources

ADDED = Button(
    "count_tables", "Count tables", "Check", "X", "Say how many tables there are.", "functions",
    act=lambda book: f"{len(book.tables())} tables",
)  # fmt: skip


@pytest.fixture
def added(monkeypatch):
    monkeypatch.setattr(buttons, "BUTTONS", (*BUTTONS, ADDED))


def labels():
    return [element.get("label") for element in ElementTree.fromstring(ribbon()).iter() if element.get("tag")]


def toolbar():
    with zipfile.ZipFile(BytesIO(oxt.extension())) as package:
        assert {"icons/count_tables_16.png", "icons/count_tables_26.png"} <= set(package.namelist())
        return package.read("Addons.xcu").decode() + package.read("buttons.json").decode()


@pytest.mark.usefixtures("added")
def test_a_button_that_is_added_stands_in_every_host():
    assert labels()[-1] == "Count tables"
    assert "org.returnoncustomer:count_tables" in toolbar()
    assert '"count_tables": "Count tables"' in toolbar()


@pytest.mark.usefixtures("added")
def test_libreoffices_button_server_carries_it_out():
    class Book:
        def tables(self):
            return ["a", "b"]

    assert button_server.actions()["count_tables"](Book()) == "2 tables"


def test_every_button_does_something_in_its_hosts():
    macros = vba_sources()["Ribbon"]
    for button in BUTTONS:
        if EXCEL in button.hosts:
            assert button.act or button.tag in ENTRIES or f'Case "{button.tag}"' in macros, button.name
        if CALC in button.hosts:
            assert button.name in inside_libreoffice.OWN.keys() | button_server.actions().keys(), button.name


def test_a_long_answer_is_shown_in_a_window():
    assert [button.name for button in BUTTONS if button.in_window] == ["check_inputs"]
    assert present.limited(["a", "b", "c"], 2) == ["a", "b", "… and 1 more"]
