"""The add-in for browsers in Chromium, the whole way but for Excel, beside Python on this computer and LibreOffice.

Files come from this computer, packed and with leave to be kept as web servers hand them out, so that times of the
network are not in these figures. Excel is played as in the tests of the page, and calculates nothing.
`--benchmark-json` has the megabytes of a start, and what of a button's time is Python's and what the playing takes.
"""

import base64
import gzip
import hashlib
import json
import sys
import threading
import time
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from figures import python, roc
from test_bench_sizes import of_template, orders, refreshed

import addin
from addin.hosts.calc.extension.function_names import LONG
from addin.hosts.calc.extension.server_process import Link
from addin.hosts.web.bridge import answer
from addin.hosts.web.certificate import certificate
from addin.hosts.web.server import address, server
from addin.hosts.web.site import site

sys.path += [str(Path(__file__).parents[1] / "hosts" / name) for name in ("calc", "web", "excel")]
from browser import Chromium, free_port
from downloads import office as microsofts
from downloads import program, pyodide
from filled import filled
from libreoffice import Office, bridge, prepared
from web_page import MICROSOFT, Page
from web_pane import CHOOSE, Pane

pytestmark = pytest.mark.timeout(900)
FORMULAS, CALLS, ORDERS, ROWS = 1000, 100, 50_000, 1_048_576
FILLED_DOWN = """
    const clv = CustomFunctions._association.mappings.CLV;
    const answers = await Promise.all(Array.from({ length: args[0] }, (_, i) =>
        clv([[i]], [[20]], [[500]], null, null, { address: `Sheet1!A${i}` })));
    return answers.at(-1);
"""
ONE_BY_ONE = """
    const clv = CustomFunctions._association.mappings.CLV;
    let last;
    for (let i = 0; i < args[0]; i++) last = await clv([[i]], [[20]], [[500]], null, null, { address: `Sheet1!A${i}` });
    return last;
"""
HELD = "window.columns = args;"
PREDICTED = """
    const given = [...columns, [[12]], [[0.1]]];
    const { params } = CATALOGUE.find(({ name }) => name === "CLV_PREDICT");
    const all = params.map((_, i) => given[i] ?? null);
    return (await CustomFunctions._association.mappings.CLV_PREDICT(...all, { address: "S!E1" })).length;
"""
COLUMN = "return CustomFunctions._association.mappings.NPS(answers, null, { address: 'S!C1' })"
TIMED = """
    window.seconds = { python: 0, excel: 0 }; // what the stand-in for Excel does, and what is waited for it
    const timed = (work, what) => async function (...given) {
        const from = performance.now();
        try {
            return await work.apply(this, given);
        } finally {
            seconds[what] += (performance.now() - from) / 1000;
        }
    };
    python.press = timed(Python.prototype.press, "python");
    const { run } = Excel;
    Excel.run = (act) => run((context) => act({ ...context, sync: timed(context.sync, "excel") }));
"""


class Packed(dict):
    """Files as web servers hand them out, and how much of them was sent."""

    def __init__(self, files):
        super().__init__({name: gzip.compress(data, 6, mtime=0) for name, data in files.items()})
        self.sent = 0

    def get(self, name):
        found = super().get(name)
        self.sent += len(found or b"")
        return found

    def serve(self, port, pem):
        """A server that has begun to serve them; all but the page itself may be kept."""
        serving = server(self, port, pem)
        handler = serving.RequestHandlerClass
        send_header, end_headers = handler.send_header, handler.end_headers

        def kept(self, name, value):
            may_be_kept = name == "Cache-Control" and "taskpane" not in self.path
            send_header(self, name, "max-age=31536000" if may_be_kept else value)

        def packed(self):
            send_header(self, "Content-Encoding", "gzip")
            send_header(self, "Access-Control-Allow-Origin", "*")
            end_headers(self)

        handler.send_header, handler.end_headers = kept, packed
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        return serving


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Our files and Microsoft's."""
    ours = site("https://localhost/", "pyodide/") | pyodide(tmp_path_factory.mktemp("pyodide"))
    return Packed(ours), Packed(microsofts(tmp_path_factory.mktemp("office")))


@pytest.fixture(scope="module")
def opened(sites, tmp_path_factory):
    """Opens Chromium with a profile, and closes the one before; a browser keeps no files of a certificate in doubt."""
    driver, chromium = program("chromedriver", "chromium-driver"), program("chromium", "chromium")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("certificate")))
        pem = certificate()
    key = load_pem_x509_certificate(pem.read_bytes()).public_key()
    known = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    trusted = f"--ignore-certificate-errors-spki-list={base64.b64encode(known).decode()}"
    ports = [free_port(), free_port()]
    servers = [files.serve(port, pem) for files, port in zip(sites, ports, strict=True)]
    sites[0].update(Packed(site(address(ports[0]), "pyodide/")))
    running = ExitStack()

    def opened(profile):
        running.close()
        browser = Chromium(driver, chromium, {MICROSOFT: f"127.0.0.1:{ports[1]}"}, profile, trusted)
        running.callback(browser.close)
        return Page(browser, address(ports[0]), sites[0])

    yield opened
    running.close()
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.fixture(scope="module")
def page(opened, tmp_path_factory):
    ready = opened(tmp_path_factory.mktemp("profile"))
    ready.load()
    return ready


@pytest.fixture(scope="module")
def libreoffice(soffice, tmp_path_factory):
    running = Office(bridge(soffice), soffice, prepared(tmp_path_factory.mktemp("office")), ["--headless"])
    yield running
    running.stop()


@pytest.fixture
def document(libreoffice):
    document = libreoffice.open()
    yield document
    document.close(True)


def function_server():
    return Link(sys.executable, str(Path(addin.__file__).parent.parent))


@pytest.mark.benchmark(group="start, until a call is answered")
class TestStart:
    @pytest.mark.parametrize("kept", [False, True], ids=["first", "files kept"])
    def test_in_the_browser(self, benchmark, opened, sites, tmp_path, kept):
        number, sent = count(), []
        if kept:
            for _ in range(2):
                opened(tmp_path / "kept").load()

        def setup():
            sent.append(-sites[0].sent - sites[1].sent)
            return (opened(tmp_path / ("kept" if kept else str(next(number)))),), {}

        def started(page):
            page.load()
            assert page.call([["CLV", [[[5]], [[20]], [[500]]]]]) == [[[50_000]]]
            sent[-1] += sites[0].sent + sites[1].sent

        benchmark.pedantic(started, setup=setup, rounds=3)
        benchmark.extra_info["megabytes"] = [round(each / 1e6, 2) for each in sent]

    def test_in_python(self, benchmark):
        benchmark.pedantic(
            python, ["from addin.hosts.web.bridge import answer; answer('CLV', '[[[5]], [[20]], [[500]]]')"], rounds=3
        )

    def test_function_server_of_libreoffice(self, benchmark):
        def started():
            link = function_server()
            link.call("CLV", [5.0, 20.0, 500.0])
            link.close()

        benchmark.pedantic(started, rounds=3)


@pytest.mark.benchmark(group=f"{FORMULAS:,} formulas filled down (bar: 0.3 s)")
class TestFilledDown:
    def test_in_the_browser(self, benchmark, page):
        assert benchmark.pedantic(page.browser.run, [FILLED_DOWN, FORMULAS], rounds=7, warmup_rounds=3) == [[9_990_000]]
        assert benchmark.stats.stats.median < 0.3

    def test_in_python(self, benchmark):
        benchmark(lambda: [answer("CLV", f"[[[{i}]], [[20]], [[500]]]") for i in range(FORMULAS)])

    def test_in_libreoffice(self, benchmark, document):
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName(f"A1:A{FORMULAS}").setFormulaArray(
            tuple((f"=CLV({i};20;500)",) for i in range(FORMULAS))
        )
        benchmark.pedantic(document.calculateAll, rounds=7, warmup_rounds=1)


@pytest.mark.benchmark(group=f"{CALLS} calls, one after the other")
class TestCalls:
    def test_in_the_browser(self, benchmark, page):
        assert benchmark.pedantic(page.browser.run, [ONE_BY_ONE, CALLS], rounds=7, warmup_rounds=3) == [[990_000]]

    def test_in_python(self, benchmark):
        benchmark(lambda: [answer("CLV", f"[[[{i}]], [[20]], [[500]]]") for i in range(CALLS)])

    def test_function_server_of_libreoffice(self, benchmark):
        link = function_server()
        benchmark(lambda: [link.call("CLV", [float(i), 20.0, 500.0]) for i in range(CALLS)])
        link.close()


@pytest.fixture(scope="module")
def cdnow():
    """69,659 orders of 23,570 customers: who, when and how much."""
    package = Path(find_spec("lifetimes").origin).parent
    names = ["id", "date", "units", "amount"]
    frame = pd.read_csv(package / "datasets" / "CDNOW_master.txt", sep=r"\s+", names=names, header=0)
    days = (pd.to_datetime(frame.date, format="%Y%m%d") - pd.Timestamp("1899-12-30")).dt.days
    return [each.astype(float).to_numpy() for each in (frame.id, days, frame.amount)]


@pytest.mark.benchmark(group="CLV_PREDICT of 69,659 orders of 23,570 customers")
class TestPredicted:
    def test_in_the_browser(self, benchmark, page, sites, cdnow):
        page.browser.run(HELD, *[column.reshape(-1, 1).tolist() for column in cdnow])
        sent, began = -sites[0].sent, time.perf_counter()
        page.browser.run(PREDICTED)
        first = {"seconds": time.perf_counter() - began, "megabytes": (sent + sites[0].sent) / 1e6}
        benchmark.extra_info["the first, which loads scipy"] = first
        assert benchmark.pedantic(page.browser.run, [PREDICTED], rounds=5) == 23_571

    def test_in_python(self, benchmark, cdnow):
        ids, *others = cdnow
        text = json.dumps([ids.reshape(-1, 1).tolist(), 0, 1, [[12]], [[0.1]]])
        said = benchmark.pedantic(answer, ["CLV_PREDICT", text, others], rounds=5)
        assert len(json.loads(said)["rows"]) == 23_571

    def test_in_libreoffice(self, benchmark, document, cdnow):
        sheet = document.Sheets.getByIndex(0)
        rows = len(cdnow[0])
        sheet.getCellRangeByName(f"A1:C{rows}").setDataArray(tuple(map(tuple, np.column_stack(cdnow).tolist())))
        table = sheet.getCellRangeByName("E1:L23571")
        table.setArrayFormula(f"={LONG}CLVPREDICT(A1:A{rows};B1:B{rows};C1:C{rows};12;0.1)")
        benchmark.pedantic(document.calculateAll, rounds=3, warmup_rounds=1)


@pytest.mark.benchmark(group=f"NPS of {ROWS:,} answers")
class TestColumn:
    def test_in_the_browser(self, benchmark, page):
        page.browser.run("window.answers = Array.from({ length: args[0] }, (_, i) => [i % 11]);", ROWS)
        assert benchmark.pedantic(page.browser.run, [COLUMN], rounds=5)[0][0] == pytest.approx(-45.45, abs=0.01)

    def test_in_python(self, benchmark):
        given = [(np.arange(ROWS) % 11).astype(float)]
        said = benchmark.pedantic(answer, ["NPS", "[0]", given], rounds=5)
        assert json.loads(said)["rows"][0][0] == pytest.approx(-45.45, abs=0.01)

    def test_in_libreoffice(self, benchmark, document):
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName(f"A1:A{ROWS}").setDataArray(tuple((float(i % 11),) for i in range(ROWS)))
        sheet.getCellRangeByName("C1").setFormula(f"=NPS(A1:A{ROWS})")
        benchmark.pedantic(document.calculateAll, rounds=5, warmup_rounds=1)


@pytest.fixture
def pane(page, tmp_path):
    _, book, *_ = of_template("refresh")(tmp_path / "plan.xlsx", 0)
    return Pane(page, filled(book))


def to_its_end(pane, at, said):
    """Go on wherever the pane asks."""
    while at != "result":
        at, said = pane.click({"window": "ok", "question": "yes"}[at])
    return said


def loaded(pane, file):
    pane.press("Load data")
    pane.run(CHOOSE, [file.name, file.read_text()])
    return to_its_end(pane, *pane.click("ok"))


def measured(benchmark, pane, work, *given, rounds):
    """Press a button a few times on the workbook as it now is; its parts are those of the last time."""
    pane.run("window.held = JSON.stringify(workbook)")

    def setup():
        pane.run("fill(JSON.parse(held));" + TIMED)
        return (pane, *given), {}

    said = benchmark.pedantic(work, setup=setup, rounds=rounds)
    benchmark.extra_info["of these seconds"] = pane.run("return seconds")
    pane.run("delete python.press")
    return said


def refresh(pane):
    return to_its_end(pane, *pane.press("Refresh all"))


@pytest.mark.benchmark(group="refresh of the template with its sample; the command calculates all formulas too")
class TestRefreshed:
    def test_in_the_browser(self, benchmark, pane):
        assert "refreshed" in measured(benchmark, pane, refresh, rounds=5)

    def test_by_roc(self, benchmark, tmp_path):
        benchmark.pedantic(roc, of_template("refresh")(tmp_path / "plan.xlsx", 0), rounds=3, warmup_rounds=1)


@pytest.mark.benchmark(group=f"{ORDERS:,} orders loaded into the template")
class TestLoaded:
    def test_in_the_browser(self, benchmark, pane, tmp_path):
        _, _, file, *_ = orders(tmp_path / "plan.xlsx", ORDERS)
        assert "50,000 rows loaded" in measured(benchmark, pane, loaded, file, rounds=2)

    def test_by_roc(self, benchmark, tmp_path):
        benchmark.pedantic(roc, setup=lambda: (orders(tmp_path / "plan.xlsx", ORDERS), {}), rounds=2)


@pytest.mark.benchmark(group=f"refresh of the template with {ORDERS:,} orders; the command calculates all formulas too")
class TestRefreshedWithOrders:
    def test_in_the_browser(self, benchmark, pane, tmp_path):
        _, _, file, *_ = orders(tmp_path / "plan.xlsx", ORDERS)
        loaded(pane, file)
        assert "refreshed" in measured(benchmark, pane, refresh, rounds=2)

    def test_by_roc(self, benchmark, tmp_path):
        benchmark.pedantic(roc, refreshed(tmp_path / "plan.xlsx", ORDERS), rounds=2)
