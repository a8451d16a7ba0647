"""Who may import whom, and what stays unloaded."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import addin

ROOT = Path(addin.__file__).parent

ALLOWED = {
    "__init__": {"catalogue", "python_api"},
    "__main__": {"cli"},
    "errors": set(),
    "reserved": set(),
    "values": {"errors"},
    "catalogue": {"errors", "reserved", "values"},
    "arguments": {"catalogue", "errors", "scores", "values"},
    "python_api": {"arguments", "catalogue", "errors", "values"},
    "stub": {"catalogue"},
    "headings": {"catalogue", "month_names", "scores"},
    "month_names": set(),
    "scores": set(),
    "function_names": set(),
    "our_calls": {"function_names"},
    "calling": {"arguments", "catalogue", "errors", "headings", "values"},
    "models": {"errors"},
    "metrics": {"arguments", "catalogue", "errors", "models", "scores", "values"},
    "files": {"errors"},
    "archive": {"errors"},
    "tabular": {"archive", "errors", "files", "month_names", "values"},
    "exports": {"errors"},
    "sources": {"errors", "files", "scores", "tabular", "values"},
    "doctor": {"__version__", "files"},
    "icons": set(),
    "schema": {"errors", "scores", "values"},
    "template": {"__version__", "catalogue", "errors", "files", "metrics", "schema", "values"},
    "actions": {"errors", "exports", "files", "schema", "scores", "sources", "tabular", "template", "values"},
    "buttons": {"actions", "present"},
    "windows": {"actions", "errors", "schema", "tabular"},
    "present": {"actions", "errors", "values"},
    "xlsx": {
        "actions", "archive", "arguments", "calling", "catalogue", "errors", "files", "function_names", "our_calls",
        "reserved", "template", "values",
    },
    "hosts/calc": {
        "__version__", "actions", "arguments", "buttons", "calling", "catalogue", "doctor", "errors", "files",
        "icons", "present", "schema", "tabular", "values", "windows",
    },
    "hosts/excel": {
        "__version__", "actions", "arguments", "buttons", "calling", "catalogue", "doctor", "errors", "files",
        "our_calls", "present", "schema", "tabular", "values", "windows", "xlsx",
    },
    "hosts/web": {
        "__version__", "actions", "arguments", "buttons", "calling", "catalogue", "doctor", "errors", "files", "icons",
        "our_calls", "present", "schema", "tabular", "values", "windows", "xlsx",
    },
    "build": {
        "buttons", "catalogue", "errors", "files", "hosts/calc", "hosts/excel", "stub", "template", "xlsx",
    },
    "cli": {"*"},
}  # fmt: skip
"""Module or package to what it may import of the others."""


def unit(path: str) -> str:
    """The row of the table that a module belongs to."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "hosts" and len(parts) > 1 else parts[0]


def imports():
    for file in sorted(ROOT.rglob("*.py")):
        path = file.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "addin":
                yield path, "/".join((node.module or "").split(".")[1:]) or "/".join(a.name for a in node.names)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.startswith("addin."):
                        yield path, alias.name.removeprefix("addin.").replace(".", "/")


def test_modules_import_only_what_they_may():
    wrong = []
    for importer, imported in imports():
        here, there = unit(importer), unit(imported)
        allowed = ALLOWED.get(here, set())
        if here != there and "*" not in allowed and there not in allowed and here != "hosts":
            wrong.append(f"{importer} imports {imported}")
    assert not wrong


def test_no_import_leads_in_a_circle():
    """Those of functions, which come later, and those for type checkers aside."""
    files = {file.relative_to(ROOT.parent).with_suffix("").as_posix().replace("/", "."): file
             for file in ROOT.rglob("*.py")}  # fmt: skip
    modules = {name.removesuffix(".__init__"): file for name, file in files.items()}
    graph = {name: set() for name in modules}
    for name, file in modules.items():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                named = (f"{node.module}.{alias.name}" for alias in node.names)
                graph[name].update(found if found in modules else node.module for found in named)
    assert len([*TopologicalSorter(graph).static_order()]) == len(modules) > 200


def test_the_table_names_what_exists():
    here = {unit(f.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__")) for f in ROOT.rglob("*.py")}
    assert here - {"hosts"} == ALLOWED.keys()


@pytest.mark.parametrize("module", ["pandas", "scipy", "xlsxwriter", "openpyxl", "formualizer", "typer", "rich"])
def test_a_call_from_a_cell_loads_numpy_only(module):
    code = f"""
import sys
from addin.calling import call
from addin.catalogue import catalogue
import addin.models
assert call(catalogue()["NPS"], [[[10.0], [9.0]]]) == 100.0
sys.exit({module!r} in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_metrics_are_plain_python_too():
    assert addin.nps([10, 9, 8, 6, 10]) == 40.0
    assert "nps" in dir(addin)
    with pytest.raises(AttributeError, match="no metric 'nothing'"):
        addin.nothing  # noqa: B018
