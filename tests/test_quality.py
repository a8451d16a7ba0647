"""The source tree keeps its own rules."""

import subprocess
import sys

import pytest

LONGEST_MODULE = 400


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy"])
def test_linters_and_types(command, project):
    process = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=project, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_no_module_is_too_long(project):
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (project / "addin").rglob("*.py")}
    assert not [f"{file}: {length} lines" for file, length in lengths.items() if length > LONGEST_MODULE]
