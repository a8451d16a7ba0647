"""Programs in the current folder, where they may lie beside somebody's workbook, are never started."""

import os
import re
from pathlib import Path

import pytest

from addin.files import program_on_path
from addin.hosts.calc.libreoffice_paths import installer
from addin.xlsx.libreoffice import program

pytestmark = pytest.mark.attack("programs planted in the current folder")
NAMES = ("soffice", "unopkg", "pdftoppm", "xdg-open", "roc")


@pytest.fixture
def planted(tmp_path, monkeypatch):
    for name in NAMES:
        for ending in ("", ".exe", ".com", ".bat", ".cmd"):
            path = tmp_path / f"{name}{ending}"
            path.write_text("#!/bin/sh\ntouch pwned\n")
            path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["", ".", "./", ".:", ":/usr/nowhere", "sub/..", os.defpath])
@pytest.mark.parametrize("system", ["linux", "win32"])
def test_the_current_folder_is_not_looked_into(planted, monkeypatch, path, system):
    monkeypatch.setenv("PATH", path.replace(":", os.pathsep))
    monkeypatch.setattr("sys.platform", system)
    for name in NAMES:
        assert str(planted) not in str(program_on_path(name))
    for found in (program(), installer()):
        assert found is None or Path(found).is_absolute()
        assert str(planted) not in str(found)


def test_a_folder_that_the_user_named_is(planted, monkeypatch):
    monkeypatch.setenv("PATH", str(planted))
    assert program_on_path("soffice") == str(planted / "soffice")


def test_nothing_else_looks_for_programs(project):
    looks = re.compile(r"shutil\.which|find_executable|os\.system|shell=True|os\.popen|execvp|spawnlp")
    found = [path for path in (project / "addin").rglob("*.py") if looks.search(path.read_text(encoding="utf-8"))]
    assert found == []
