"""The page itself: its worker, what goes wrong with it, and the pane, in Chromium with Excel's side played here."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from test_catalogue import example
from web_page import Page

from addin.buttons import WEB, buttons_of

ONE = "const call = (name, ...given) => CustomFunctions._association.mappings[name](...given);"
FILLED_DOWN = (
    ONE
    + """
    const from = performance.now();
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) =>
        call("CLV", [[5 + i]], [[20]], [[500]], null, null, { address: `Sheet1!A${i}` })));
    return [performance.now() - from, answers[999]];
"""
)
EXCEL = (Path(__file__).parent / "excel.js").read_text(encoding="utf-8")
SOON = "await new Promise((resolve) => setTimeout(resolve, 50));"
PRESS = f"document.querySelector(args[0]).click(); {SOON}"
BUTTON = "[...document.querySelectorAll('#buttons button')].find((each) => each.textContent === '{}').click();"
EXPLAIN, FUNCTIONS = map(BUTTON.format, ("Explain", "Functions"))
WITHOUT_END = """
_answer = answer
def answer(name, *given):
    taken = []
    while name == "NPS":
        taken.append(np.empty(2**24))
    return _answer(name, *given)
"""
SECTIONS = "return [...document.querySelectorAll('section')].filter((each) => !each.hidden).map((each) => each.id);"
IN_EXCEL = """
    Object.assign(window, { ribbon: {}, panes: 0, completed: 0, selected: null });
    window.Office = Object.create(Office, {
        onReady: { value: (then) => then({ host: "Excel" }) },
        EventType: { value: {} },
        actions: { value: { associate: (name, act) => { ribbon[name] = act; } } },
        addin: { value: { showAsTaskpane: async () => { panes++; } } },
        context: { value: { document: { addHandlerAsync: (_, act) => { selected = act; } } } },
    });
"""
RIBBON = f"await ribbon[args[0]]({{ completed: () => {{ completed++; }} }}); {SOON}"
TEXT = "return document.querySelector(args[0]).textContent;"


def reason(cells):
    return cells[0][0]["reason"]


def test_a_thousand_formulas_filled_down(page):
    page.browser.run(FILLED_DOWN)
    times, answers = zip(*(page.browser.run(FILLED_DOWN) for _ in range(3)), strict=True)
    assert answers[0] == [[10_040_000]]
    assert min(times) < 1000, times  # 0.05 s where nothing else runs


def test_whole_columns_end_where_the_data_end(page):
    column = "Array.from({ length: 1048576 }, (_, i) => [i < args[0] ? (i % 3 ? 'a' : 'b') + i % 50 : ''])"
    script = f"{ONE} return (await call('CHURN_LIST', {column}, {column.replace('args[0]', '30')}, {{}}))[0][0]"
    before, after = ({("b" if i % 3 == 0 else "a") + str(i % 50) for i in range(count)} for count in (60, 30))
    assert page.browser.run(script, 60) == pytest.approx(len(before - after) / len(before))
    lifted = "Array.from({ length: 1048576 }, (_, i) => [i < 3 ? i + 1 : i % 2 ? null : ''])"
    answers = page.browser.run(f"{ONE} return await call('CLV', {lifted}, [[20]], [[500]], null, null, {{}})")
    assert answers == [[10_000], [20_000], [30_000]]
    row = "[Array.from({ length: 16384 }, (_, i) => i < 2 ? i + 1 : null)]"
    answers = page.browser.run(f"{ONE} return await call('CLV', {row}, [[20]], [[500]], null, null, {{}})")
    assert answers == [[10_000, 20_000]]


def test_blank_cells_errors_and_typed_values_keep_their_kind(page):
    money = {"type": "FormattedNumber", "basicValue": 9, "numberFormat": "$0.00"}
    card = {"type": "Entity", "text": "A card", "basicType": "Error", "basicValue": "#VALUE!"}
    missing = {"type": "Error", "basicValue": "#N/A", "errorType": "NotAvailable"}
    answers = page.call([
        ["NPS", [[[10], [""], [None], [money]]]], ["NPS", [[[10], [missing]]]], ["NPS", [[[10], [card]]]],
        ["NPS", [[["Score"], [10], [3]]]],
    ])  # fmt: skip
    assert [cells[0][0] if isinstance(cells[0][0], (int, float)) else cells[0][0]["error"] for cells in answers] == [
        100, "#N/A", "#VALUE!", 0,
    ]  # fmt: skip
    [[one], [text], [three]] = page.call([["CLV", [[[1], ["x"], [3]], [[20]], [[500]]]]])[0]
    assert (one, text["error"], three) == (10_000, "#VALUE!", 30_000)


def test_a_call_that_takes_too_long_is_stopped_and_the_others_are_answered(page):
    slow, quick = page.browser.run(
        ONE
        + """
        python.limits.call = 0.5;
        const many = Array.from({ length: 400_000 }, (_, i) => [i]);
        return Promise.all([
            call("CLV", many, [[20]], [[500]], null, null, { address: "S!A1" }).catch((error) => error.message),
            call("NPS", [[10], [3]], null, { address: "S!A2" })]);
        """
    )
    page.browser.run("python.limits.call = 60")
    assert slow == "CLV took longer than 0.5 seconds and was stopped; give it fewer rows"
    assert quick == [[0]]


def test_a_call_that_waits_can_be_cancelled(page):
    waiting = page.browser.run(
        ONE
        + """
        const invocation = { address: "S!A1" };
        const others = Array.from({ length: 40 }, () => call("NPS", [[10]], null, {}));
        const one = call("NPS", [[9]], null, invocation).catch((error) => error.message);
        const before = python.waiting.length;
        invocation.onCanceled();
        const after = python.waiting.length;
        await Promise.all(others);
        return [await one, before - after];
        """
    )
    assert waiting == ["NPS was cancelled", 1]


def test_a_download_has_its_own_time_and_its_end_is_known(page):
    """Told by the worker, which is played here."""
    rows, state = page.browser.run(
        ONE
        + """
        python.limits.call = 0.5;
        const many = Array.from({ length: 400_000 }, (_, i) => [i]);
        const waits = call("CLV", many, [[20]], [[500]], null, null, { address: "S!A1" });
        python.hear({ state: "loading", name: "scipy" });
        const rows = await waits;
        python.limits.start = 0.1;
        python.hear({ state: "loading", name: "scipy" });
        python.hear({ state: "ready" });
        await new Promise((resolve) => setTimeout(resolve, 300));
        Object.assign(python.limits, { call: 60, start: 180 });
        return [rows.length, python.state];
        """
    )
    assert (rows, state) == (400_000, "ready")


@pytest.mark.thorough
def test_a_worker_that_was_killed_is_started_again(page):
    page.browser.run("python.limits.call = 0.5; python.worker.terminate()")
    [lost] = page.call([["NPS", [[[10]]]]])
    assert "was stopped" in reason(lost)
    page.browser.run("python.limits.call = 60")
    page.wait("ready")
    assert page.call([["NPS", [[[10]]]]]) == [[[100]]]


@pytest.mark.parametrize(
    "fault",
    [
        "Traceback (most recent call last):\n  File core\nMemoryError\n",
        pytest.param("RangeError: Maximum call stack size exceeded", marks=pytest.mark.thorough),
    ],
)
def test_where_memory_is_full_the_cell_says_so_and_python_starts_again(page, fault):
    full = page.browser.run(
        ONE
        + """
        const waits = call("NPS", [[9]], null, { address: "S!A1" }).catch((error) => error.message);
        python.hear({ fault: args[0] });
        return [await waits, python.state];
        """,
        fault,
    )
    assert full == [
        "NPS needs more memory than the browser has; give it fewer rows. Python was started again", "starting",
    ]  # fmt: skip
    page.wait("ready")
    assert page.call([["NPS", [[[10]]]]]) == [[[100]]]


@pytest.mark.thorough
def test_a_call_that_fills_the_browsers_memory(page):
    """As it truly is in WebAssembly, by an NPS that takes memory without end."""
    core = page.files["core.zip"]
    page.files["core.zip"] = with_more(core, "addin/hosts/web/bridge.py", WITHOUT_END)
    try:
        page.load()
        full, other = page.call([["NPS", [[[10]]]], ["CLV", [[[5]], [[20]], [[500]]]]])
        assert reason(full).startswith("NPS needs more memory than the browser has")
        assert other == [[50_000]]
    finally:
        page.files["core.zip"] = core
        page.load()


def with_more(archive, name, text):
    """An archive with more in one of its files."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as read, zipfile.ZipFile(made, "w") as written:
        for file in read.namelist():
            written.writestr(file, read.read(file) + (text.encode() if file == name else b""))
    return made.getvalue()


def test_a_page_that_is_older_than_the_servers_says_so(page):
    shown = "await lookForNewer(); return !document.querySelector('#newer').hidden"
    assert not page.browser.run(shown)
    now = page.files["taskpane.html"]
    page.files["taskpane.html"] = now.replace(b"core.zip?v=", b"core.zip?v=1")
    try:
        assert page.browser.run(shown)
    finally:
        page.files["taskpane.html"] = now


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["core.zip", "worker.js"])
def test_files_that_cannot_be_fetched(page, name):
    file = page.files.pop(name)
    try:
        page.load(until="failed")
        waited = "python.begin(); return call('NPS', [[10]], null, {}).catch((error) => error.message)"
        assert "Try again" in page.browser.run(ONE + waited)
    finally:
        page.files[name] = file
    assert name in page.browser.run(TEXT, "#state")
    [cells] = page.call([["NPS", [[[10]]]]])
    assert cells[0][0]["error"] == "#N/A"
    assert "Try again" in reason(cells)
    page.browser.run(EXCEL + PRESS, "#again")
    page.wait("ready")
    assert page.browser.run("return book.calculated") == "Full"
    assert page.call([["NPS", [[[10]]]]]) == [[[100]]]


@pytest.mark.attack("the add-in for browsers sending elsewhere")
def test_nothing_else_can_be_fetched_neither_by_the_page_nor_by_the_worker(page):
    fetched = "fetch('https://example.com/').then(() => 'fetched', () => 'forbidden')"
    worker = f"""
        const code = new Blob([`{fetched}.then(postMessage)`], {{ type: "text/javascript" }});
        return [await {fetched}, await new Promise((heard) => {{
            new Worker(URL.createObjectURL(code)).onmessage = ({{ data }}) => heard(data); }})];
    """
    page.browser.console()
    assert page.browser.run(worker) == ["forbidden", "forbidden"]
    stopped = [line for line in page.browser.console() if "Content Security Policy" in line]
    assert {line.split()[1].partition(":")[0] for line in stopped} >= {"blob", "security"}, stopped


@pytest.mark.thorough
def test_the_policy_lets_all_through_that_the_page_needs(page):
    """What it stops is of office.js, which thinks that it is not in Excel: a warning's looks, and its telemetry."""
    page.browser.console()
    page.load()
    stopped = [line for line in page.browser.console() if "Content Security Policy" in line]
    assert all("appsforoffice.microsoft.com" in line for line in stopped), stopped


def test_a_function_is_found_explained_and_inserted(page):
    run = page.browser.run
    run(EXCEL + FUNCTIONS)
    search = (
        "const box = document.querySelector('#search'); box.value = args[0]; box.dispatchEvent(new Event('input'));"
    )
    names = "return [...document.querySelectorAll('#list button')].map((each) => each.firstChild.textContent)"
    run(search, "NPS change")
    assert run(names) == ["NPS_CHANGE"]
    run(search, "promoter")
    found = run(names)
    assert "NPS" in found
    assert "CHURN" not in found
    run(PRESS, "#list button")
    assert run(TEXT, "#signature").startswith(f"{found[0]}(")
    assert run("return document.activeElement.id") == "signature"
    assert run("const f = document.querySelector('#formula'); f.value = '=NPS(A1:A5)'; return f.labels.length") == 1
    run(PRESS, "#insert")
    assert run("return book.cells['Sheet1!B2'].formula") == "=NPS(A1:A5)"
    assert run(TEXT, "#inserted") == "Inserted into Sheet1!B2."
    run(PRESS, "#list button")
    assert run(TEXT, "#inserted") == ""
    run("Excel.run = async () => { throw new Error('a bracket is missing'); }")
    run(PRESS, "#insert")
    assert run(TEXT, "#inserted") == "Excel refuses the formula: a bracket is missing"
    run(search, "zzz")
    assert "No function" in run(TEXT, "#found")


def test_explain_says_why_a_cell_shows_an_error(page):
    run = page.browser.run
    run(EXCEL)
    asked = ONE + "return call('NPS', args[0], null, { address: args[1] }).then(() => 'fine', (e) => e.message)"
    at = "'Ann''s data'!B2"
    assert "'y' was found" in run(asked, [["x"], ["y"]], at)
    run(f'book.active = "{at}"; {EXPLAIN}{SOON}')
    assert run(TEXT, "#cell") == "Ann's data!B2: #VALUE!"
    assert "row 2" in run(TEXT, "#reason")
    assert run(SECTIONS) == ["explain"]
    run(asked, [[10], [{"type": "Error", "basicValue": "#N/A"}]], at)
    run(EXPLAIN + SOON)
    assert run(TEXT, "#reason") == "#N/A was given in an argument."
    assert run(asked, [[10], [9]], at) == "fine"
    run(EXPLAIN + SOON)
    assert "Nothing is known" in run(TEXT, "#reason")


@pytest.fixture
def in_excel(page):
    """The page as Excel opens it, whose ribbon and selection are played."""
    with_office = b'<script src="in_excel.js"></script>'
    page.files["in_excel.js"] = IN_EXCEL.encode()
    page.files["taskpane_in_excel.html"] = page.files["taskpane.html"].replace(b"</head>", with_office + b"</head>")
    opened = Page(page.browser, page.url, page.files, "taskpane_in_excel.html")
    opened.load()
    opened.browser.run(EXCEL)
    yield opened
    page.load()


def test_the_ribbon_presses_the_buttons_one_after_the_other(in_excel):
    run = in_excel.browser.run
    assert run("return Object.keys(ribbon)") == [button.name for button in buttons_of(WEB)]
    assert run(f"{RIBBON} return [panes, completed]", "about") == [1, 1]
    assert run(SECTIONS) == ["about"]
    assert run("return document.querySelector('[aria-current=page]').textContent") == "About"
    run("const { run } = Excel; Excel.run = () => new Promise((resolve) => { window.goOn = resolve; });")
    run(RIBBON, "recalculate")
    run(RIBBON, "about")
    assert run(SECTIONS) == ["action"]
    assert run(f"goOn(); {SOON} return document.querySelector('#result').textContent") == "Calculated"


def test_explain_follows_the_selection(in_excel):
    run = in_excel.browser.run
    run(RIBBON, "explain")
    assert run(TEXT, "#cell") == "Sheet1!B2: #VALUE!"
    assert run(f"book.active = 'Sheet1!C3'; selected(); {SOON} {TEXT}", "#cell") == "Sheet1!C3: #VALUE!"
    run(RIBBON, "about")
    assert run(f"book.active = 'Sheet1!D4'; selected(); {SOON} {TEXT}", "#cell") == "Sheet1!C3: #VALUE!"


@pytest.mark.thorough
def test_a_package_that_cannot_be_fetched(page):
    [name] = [name for name in page.files if "/scipy" in name]
    scipy = page.files.pop(name)
    try:
        page.load()
        fit, other = page.call([list(example("CLV_PREDICT")), ["NPS", [[[10]]]]])
    finally:
        page.files[name] = scipy
    assert "scipy cannot be fetched; look at the network connection" in reason(fit)
    assert other == [[100]]


def test_formulas_that_excel_has_not_bound_are_entered_again(page):
    cells = {
        "Sheet1!A1": ("=_xldudf_NPS(B1:B5)+CLV(5,20,500)", "#NAME?"), "Sheet1!A2": ("=NPS(B1)", "#N/A"),
        "My data!A1": ("=nps(B1:B5)", "#NAME?"), "My data!A2": ("=XNPS(1)", "#NAME?"),
    }  # fmt: skip
    page.browser.run(EXCEL)
    page.browser.run("Object.assign(book.cells, args[0]); await recalculate();", {
        at: {"formula": formula, "value": value} for at, (formula, value) in cells.items()
    })  # fmt: skip
    assert page.browser.run("return book.entered") == {
        "Sheet1!A1": "=NPS(B1:B5)+CLV(5,20,500)", "My data!A1": "=nps(B1:B5)",
    }  # fmt: skip
    assert page.browser.run("return book.calculated") == "Full"


def test_the_pane_fits_a_narrow_window(page, tmp_path):
    (tmp_path / "pane.png").write_bytes(base64.b64decode(page.browser.picture()))
    assert page.browser.run("return document.documentElement.scrollWidth <= innerWidth")
