"""The functions in Chromium answer as they do in the Python of the tests, reasons of errors included."""

import json
import random

import pytest
from web_calls import as_sent, examples, expected, made_up, wrong

from addin.catalogue import catalogue
from addin.hosts.web.lite import main_py

TOO_LARGE = ("the result is not a finite number", "the numbers are too large or too small")
"""One fault: WebAssembly raises nothing where a number overflows, so that it is found in the result."""
FITS = {"BGNBD_FIT", "MBGNBD_FIT", "PARETONBD_FIT", "GAMMAGAMMA_FIT", "TRACKING", "HOLDOUT", "CLV_PREDICT",
        "CUSTOMER_EQUITY"}  # fmt: skip
NEAR = FITS | {"LIFT_VALUE"}
"""Those that differ by scipy's version in the tenth digit; all others agree to 1e-12."""


def differences(page, calls):
    """Where the browser answers otherwise: the call, what it says and what it should."""
    answers = page.call([[name, [as_sent(value) for value in raw]] for name, raw in calls])
    return [
        (name, raw, answer, wanted)
        for (name, raw), answer in zip(calls, answers, strict=True)
        if not agree(answer, wanted := expected(name, raw), 1e-9 if name in NEAR else 1e-12, size(wanted))
    ]


def size(wanted):
    """The largest number of an answer: what is small beside it is a difference of large ones."""
    return max((abs(cell) for row in wanted for cell in row if isinstance(cell, float)), default=0.0)


def agree(answer, wanted, within, largest):
    if isinstance(wanted, list):
        pairs = zip(answer, wanted, strict=False)
        return len(answer) == len(wanted) and all(agree(*pair, within, largest) for pair in pairs)
    if isinstance(wanted, float) and not isinstance(answer, bool):
        return answer == pytest.approx(wanted, rel=within, abs=within * min(largest, 1e6))
    if isinstance(wanted, dict) and "reason" in wanted and any(f": {words}" in wanted["reason"] for words in TOO_LARGE):
        return answer["error"] == wanted["error"]
    return answer == wanted


def test_every_example(page):
    assert differences(page, examples()) == []


def test_every_wrong_input_that_the_tests_of_the_metrics_know(page):
    asked = wrong()
    assert len(asked) > 300
    assert differences(page, asked) == []


@pytest.mark.parametrize(
    ("closed", "fits"), [(25, 4), pytest.param(1000, 60, marks=[pytest.mark.thorough, pytest.mark.timeout(600)])]
)
def test_made_up_arguments(page, closed, fits):
    """Orders made up by chance may have hardly a best fit: in one of fifty rounding may decide whether there is one."""
    chance = random.Random(19)
    for name in catalogue():
        asked = [made_up(name, chance) for _ in range(fits if name in FITS else closed)]
        found = differences(page, asked)
        assert len(found) <= (len(asked) // 50 if name in FITS else 0), (name, found)


LITE = """
    const script = document.createElement("script");
    script.src = new URL("pyodide/pyodide.js", document.baseURI).href;
    await new Promise((resolve) => { script.onload = resolve; document.head.append(script); });
    const lite = await loadPyodide({ indexURL: new URL("pyodide/", document.baseURI).href });
    await lite.loadPackage(["numpy", "scipy"], { messageCallback: () => {} });
    lite.globals.set("main_py", args[0]);
    lite.globals.set("calls", lite.toPy(args[1]));
    return lite.runPython(args[2]);
"""
AS_IN_LITE = """
import json, sys, types

standing_in = types.ModuleType("xlwings")
standing_in.func = lambda function: function
standing_in.arg = lambda name, converter, doc: lambda function: function
standing_in.ret = lambda converter: lambda function: function
sys.modules["xlwings"] = standing_in
made = {}
exec(compile(main_py, "main.py", "exec"), made)
json.dumps([made[name.lower()](*given) for name, given in calls])
"""
TYPES = {"#N/A": "NotAvailable", "#VALUE!": "Value", "#DIV/0!": "Div0", "#NUM!": "Num", "#NULL!": "Null"}


@pytest.mark.thorough
def test_the_file_for_xlwings_lite_answers_as_well(page):
    """Its three decorators, which xlwings has under two licences, are played here."""
    asked = [*examples(), *(each for each in wrong() if len(each[1]) <= len(catalogue()[each[0]].params))]
    calls = [[name, [as_sent(value) for value in raw]] for name, raw in asked]
    answers = json.loads(page.browser.run(LITE, main_py(), calls, AS_IN_LITE))
    for (name, raw), answer in zip(asked, answers, strict=True):
        wanted = [[{"type": "Error", "errorType": TYPES.get(cell["error"], "Value")} if isinstance(cell, dict) else cell
                   for cell in row] for row in expected(name, raw)]  # fmt: skip
        assert agree(answer, wanted, 1e-9, 0.0), name
