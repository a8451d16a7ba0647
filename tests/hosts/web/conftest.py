"""The add-in's page in a browser, served as roc web does, with Microsoft's scripts and Pyodide from packages."""

import sys
import threading
from pathlib import Path

import pytest
from browser import Chromium, WebKit, free_port
from downloads import absent, office, program, pyodide
from filled import filled
from screens import screen
from web_page import MICROSOFT, Page
from web_pane import Pane

sys.path.insert(0, str(Path(__file__).parents[2] / "metrics"))

from addin.files import template
from addin.hosts.web.certificate import certificate
from addin.hosts.web.server import address, server
from addin.hosts.web.site import site


def allow_other_origins(handler):
    """As Microsoft's server does."""
    ended = handler.end_headers

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        ended(self)

    handler.end_headers = end_headers


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The page's address, its files, and where Microsoft's are."""
    program("npm", "npm")
    ours, microsofts = free_port(), free_port()
    files = site(address(ours), "pyodide/") | pyodide(tmp_path_factory.mktemp("pyodide"))
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("certificate")))
    servers = [
        server(files, ours, certificate()),
        server(office(tmp_path_factory.mktemp("office")), microsofts, certificate()),
    ]
    patch.undo()
    allow_other_origins(servers[1].RequestHandlerClass)
    for each in servers:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    yield address(ours), files, microsofts
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.fixture(scope="session")
def page(served, tmp_path_factory):
    chromium, driver = program("chromium", "chromium"), program("chromedriver", "chromium-driver")
    url, files, microsofts = served
    hosts = {MICROSOFT: f"127.0.0.1:{microsofts}"}
    browser = Chromium(driver, chromium, hosts, tmp_path_factory.mktemp("profile"))
    opened = Page(browser, url, files)
    opened.load()
    yield opened
    browser.close()


@pytest.fixture(scope="module")
def webkit_page(served):
    """The page in WebKitGTK, whose names cannot be mapped: it has Microsoft's scripts from this computer."""
    driver, _ = program("WebKitWebDriver", "webkit2gtk-driver"), program("Xvfb", "xvfb")
    binary = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    binary = binary or absent("MiniBrowser (package webkit2gtk-driver) is not there")
    url, files, microsofts = served
    here = files["taskpane.html"].replace(f"https://{MICROSOFT}".encode(), address(microsofts)[:-1].encode())
    files["taskpane_here.html"] = here
    with screen() as display:
        browser = WebKit(driver, binary, display)
        opened = Page(browser, url, files, "taskpane_here.html")
        opened.load()
        yield opened
        browser.close()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "plan.xlsm"
    file.write_bytes(template().read_bytes())
    return file


@pytest.fixture
def pane(page, path):
    return Pane(page, filled(path))
