"""What people read: each sentence is written once, and a preview shows dates as dates."""

import ast
import re
from itertools import combinations
from pathlib import Path

import pytest

import addin
from addin import present
from addin.actions.load_plan import Preview
from addin.errors import CellError
from addin.hosts.excel.workbook_files import vba_sources

ROOT = Path(addin.__file__).parent
RUN = 5
"""So many words in the same order are the same sentence."""


def texts(file):
    """The texts of a module without its docstrings; a value that is filled in counts as a word."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        for statement in getattr(node, "body", []) if not isinstance(node, (ast.Lambda, ast.IfExp)) else []:
            if isinstance(statement, ast.Expr):
                inside |= {id(part) for part in ast.walk(statement) if isinstance(statement.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "#" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


ELSEWHERE = {"the module xlwings of this", "module xlwings of this file"}
"""A notice that a licence asks for, in the two places where a user may look for it."""


def runs(sentences):
    found = set()
    for sentence in sentences:
        if re.search(r"[<*\\]|://|^/", sentence):  # markup, patterns of names, addresses, paths
            continue
        words = re.findall(r"[\w#'-]+", sentence.lower())
        found |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return {run for run in found if sum(word.isalpha() for word in run) >= RUN - 1}


def of(*folders):
    return runs(text for folder in folders for file in sorted(ROOT.glob(folder)) for text in texts(file))


PLACES = {
    "present": lambda: of("present.py", "buttons.py"),
    "actions": lambda: of("actions/[!r]*.py", "actions/re[!a]*.py", "errors.py", "doctor.py"),
    "command": lambda: of("cli/*.py"),
    "file": lambda: of("xlsx/*.py"),
    "Excel": lambda: of("hosts/excel/*.py"),
    "macros": lambda: runs(
        text for name, source in vba_sources().items() if name not in ("Metrics", "Forms")  # generated
        for line in source.splitlines() if not line.lstrip().startswith("'")
        for text in re.findall(r'"((?:[^"]|"")*)"', line)
    ),
    "LibreOffice": lambda: of("hosts/calc/*.py", "hosts/calc/extension/*.py"),
}  # fmt: skip


@pytest.fixture(scope="module")
def places():
    return {name: found() for name, found in PLACES.items()}


def test_the_sentences_are_found(places):
    assert ("#", "takes", "them", "out", "again") in places["present"]
    assert ("is", "not", "empty", "and", "#") in places["actions"]
    assert ("python", "did", "not", "start", "a") in places["macros"]


def test_no_two_places_word_the_same_thing(places):
    shared = {(one, other): places[one] & places[other] for one, other in combinations(places, 2)}
    found = {pair: sorted(set(map(" ".join, same)) - ELSEWHERE) for pair, same in shared.items()}
    assert {pair: same for pair, same in found.items() if same} == {}


def test_a_preview_shows_dates_as_dates():
    plan = Preview("tblTransactions", {}, append=False, there=0, sample=0)
    plan.rows = {"Order": ["A1", "A2"], "Date": [45691.0, 45691.25], "Price": [1020.5, None]}
    plan.dates = frozenset({"Date"})
    assert present.preview_rows(plan, 20) == [
        ["Order", "Date", "Price"], ["A1", "2025-02-03", "1,020.5"], ["A2", "2025-02-03 06:00", ""],
    ]  # fmt: skip
    assert present.preview_rows(plan, 1)[1:] == [["A1", "2025-02-03", "1,020.5"]]


@pytest.mark.parametrize(("cell", "text"), [
    (None, "–"), (True, "TRUE"), ("=1+1", "=1+1"), (CellError("#N/A"), "#N/A"), (0.1 + 0.2, "0.3"),
    (1234567.891, "1,234,567.89"),
])  # fmt: skip
def test_a_value_on_one_line(cell, text):
    assert present.value(cell) == text
