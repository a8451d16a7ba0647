"""`roc calc` on the template, the whole process, against LibreOffice doing the same to the same file."""

import subprocess
import sys

import pytest


def run(benchmark, command):
    """Time a whole process; LibreOffice's first start only makes its profile."""
    benchmark.pedantic(subprocess.run, [command], {"capture_output": True, "timeout": 120}, rounds=5, warmup_rounds=2)


@pytest.mark.benchmark(group="recalculate every formula of the template, whole process (bar: 3 times faster)")
class TestCalc:
    @pytest.fixture
    def book(self, project):
        return project / "workbook_template.xlsm"

    def test_ours(self, benchmark, book, tmp_path):
        command = [sys.executable, "-m", "addin", "calc", str(book), "--out", str(tmp_path / "out.xlsm")]
        benchmark.pedantic(
            subprocess.run,
            [command],
            {"check": True, "capture_output": True, "timeout": 120},
            rounds=5,
            warmup_rounds=1,
        )

    def test_ours_all(self, benchmark, book, tmp_path):
        command = [sys.executable, "-m", "addin", "calc", str(book), "--all", "--out", str(tmp_path / "out.xlsm")]
        benchmark.pedantic(
            subprocess.run,
            [command],
            {"check": True, "capture_output": True, "timeout": 120},
            rounds=5,
            warmup_rounds=1,
        )

    def test_libreoffice(self, benchmark, book, tmp_path, soffice):
        command = [
            soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(book),
        ]  # fmt: skip
        run(benchmark, command)
        assert (tmp_path / "workbook_template.xlsx").exists()
