"""The add-in's page in a browser, served as roc web does, with Microsoft's scripts and Pyodide from packages."""

import sys
import threading
from pathlib import Path

import pytest
from browser import Chromium, WebKit, free_port
from downloads import absent, office, program, pyodide
from filled import filled
from screens import screen
from web_pane import Pane

sys.path.insert(0, str(Path(__file__).parents[2] / "metrics"))

from addin.files import template
from addin.hosts.web.certificate import certificate
from addin.hosts.web.server import address, server
from addin.hosts.web.site import site


class Page:
    """The page in the browser, with Excel played by its tests."""

    def __init__(self, browser, url, files, name="taskpane.html"):
        self.browser, self.url, self.files, self.name = browser, url, files, name

    def load(self, until="ready"):
        """Open it; gives the seconds until Python is there."""
        self.browser.open(f"{self.url}{self.name}")
        return self.wait(until)

    def wait(self, until):
        return self.browser.run(WAIT, until)

    def call(self, calls):
        """What cells show for calls, each a name and its arguments as Excel hands them over."""
        return self.browser.run(CALL, calls)


MICROSOFT = "appsforoffice.microsoft.com"
WAIT = """
    for (;;) {
        if (python.state === args[0]) return performance.now() / 1000;
        if (python.state === "failed") throw new Error(python.reason);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
"""
CALL = """
    const plain = (cell) =>
        cell instanceof CustomFunctions.Error ? { error: cell.code, reason: cell.message ?? "" } : cell;
    return Promise.all(args[0].map(async ([name, given], at) => {
        const count = Math.max(given.length, CATALOGUE.find((metric) => metric.name === name).params.length);
        const all = Array.from({ length: count }, (_, i) => given[i] ?? null); // what is left out is null
        try {
            const rows = await CustomFunctions._association.mappings[name](...all, { address: `Sheet1!A${at + 1}` });
            return rows.map((row) => row.map(plain));
        } catch (error) {
            if (!(error instanceof CustomFunctions.Error)) throw error;
            return [[plain(error)]];
        }
    }));
"""


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
