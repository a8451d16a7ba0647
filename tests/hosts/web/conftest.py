"""The add-in's page in Chromium, served as roc web does, with Microsoft's scripts and Pyodide from packages."""

import sys
import threading
from pathlib import Path

import pytest
from browser import Browser, free_port
from downloads import office, program, pyodide

sys.path.insert(0, str(Path(__file__).parents[2] / "metrics"))

from addin.hosts.web.certificate import certificate
from addin.hosts.web.server import address, server
from addin.hosts.web.site import site


class Page:
    """The page in the browser, with Excel played by its tests."""

    def __init__(self, browser, url, files):
        self.browser, self.url, self.files = browser, url, files

    def load(self, until="ready"):
        """Open it; gives the seconds until Python is there."""
        self.browser.open(f"{self.url}taskpane.html")
        return self.wait(until)

    def wait(self, until):
        return self.browser.run(WAIT, until)

    def call(self, calls):
        """What cells show for calls, each a name and its arguments as Excel hands them over."""
        return self.browser.run(CALL, calls)


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
def page(tmp_path_factory):
    chromium, driver = program("chromium", "chromium"), program("chromedriver", "chromium-driver")
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
    hosts = {"appsforoffice.microsoft.com": f"127.0.0.1:{microsofts}"}
    browser = Browser(driver, chromium, hosts, tmp_path_factory.mktemp("profile"))
    opened = Page(browser, address(ours), files)
    opened.load()
    yield opened
    browser.close()
    for each in servers:
        each.shutdown()
        each.server_close()
