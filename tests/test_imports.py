"""Who may import whom, and what stays unloaded."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import addin

ROOT = Path(addin.__file__).parent

ALLOWED = {
    "__init__": {"metrics", "registry"},
    "__main__": {"cli"},
    "errors": set(),
    "reserved": set(),
    "cells": {"errors", "registry"},  # the registry's types alone, for the type checker
    "calling": {"cells", "errors", "registry"},  # the registry's types alone, for the type checker
    "registry": {"cells", "errors", "reserved"},
    "models": {"errors"},
    "metrics": {"cells", "errors", "models", "registry"},
    "files": {"errors"},
    "sources": {"errors", "models"},
    "doctor": {"__version__"},
    "hosts/calc": {
        "__version__",
        "actions",
        "calling",
        "cells",
        "doctor",
        "errors",
        "files",
        "metrics",
        "registry",
        "template",
    },
    "hosts/excel": {"__version__", "actions", "calling", "cells", "doctor", "errors", "files", "metrics", "registry"},
    "hosts/headless": {"actions", "calling", "cells", "errors", "files", "metrics", "registry"},
    "template": {"__version__", "cells", "errors", "registry", "metrics"},
    "actions": {"cells", "errors", "sources", "template"},
    "build": {"errors", "files", "hosts/calc", "hosts/excel", "hosts/headless", "registry", "template"},
    "report": {"errors", "hosts/headless", "registry"},  # the host's types alone
    "commands": {"*"},
    "cli": {"*"},
}
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


def test_the_table_names_what_exists():
    here = {unit(f.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__")) for f in ROOT.rglob("*.py")}
    assert here - {"hosts"} == ALLOWED.keys()


@pytest.mark.parametrize("module", ["pandas", "scipy", "xlsxwriter", "openpyxl", "formualizer", "typer", "rich"])
def test_a_call_from_a_cell_loads_numpy_only(module):
    code = f"""
import sys, addin.metrics
from addin.calling import call
from addin.registry import METRICS
import addin.models
assert call(METRICS["NPS"], [[[10.0], [9.0]]]) == 100.0
sys.exit({module!r} in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_metrics_are_plain_python_too():
    assert addin.nps([10, 9, 8, 6, 10]) == 40.0
    assert "nps" in dir(addin)
    with pytest.raises(AttributeError, match="no metric 'nothing'"):
        addin.nothing  # noqa: B018
