"""The source tree keeps its own rules."""

import ast
import subprocess
import sys
from collections import Counter

import pytest

LONGEST_MODULE = 400
WAITS = {"run": 1, "check_call": 1, "check_output": 1, "communicate": 0, "wait": 0, "join": 0}
"""What waits for a program or a thread, and how many arguments it takes before it waits without a limit."""


@pytest.mark.parametrize(
    "command", ["ruff check", "ruff format --check", pytest.param("mypy", marks=pytest.mark.thorough)]
)
def test_linters_and_types(command, project):
    process = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=project, capture_output=True, text=True, check=False, timeout=290
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_no_module_is_too_long(project):
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (project / "addin").rglob("*.py")}
    assert not [f"{file}: {length} lines" for file, length in lengths.items() if length > LONGEST_MODULE]


def test_no_test_waits_for_a_program_without_a_limit(project):
    endless = []
    for file in (project / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            waits = WAITS.get(node.func.attr)
            starts = node.func.attr in ("communicate", "wait", "join") or ast.unparse(node.func.value) == "subprocess"
            named = {keyword.arg for keyword in node.keywords} & {"timeout", None}
            if waits is not None and starts and len(node.args) <= waits and not named:
                endless.append(f"{file.relative_to(project)}:{node.lineno}: {ast.unparse(node)}")
    assert not endless, "\n".join(endless)


def test_no_two_test_files_share_a_name(project):
    """Folders of tests are no packages, so pytest takes the second file of a name for the first."""
    counted = Counter(file.name for file in (project / "tests").rglob("test_*.py"))
    assert not [name for name, files in counted.items() if files > 1]
