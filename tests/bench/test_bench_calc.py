"""Commands on the template, whole processes, against LibreOffice calculating and saving the same file."""

import shutil
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


@pytest.mark.benchmark(group="one action on the template, whole process (bar: less than LibreOffice converting it)")
class TestActions:
    @pytest.mark.parametrize(
        "command", [["refresh"], ["follow-up", "Follow-up reorder", "5", "30"]], ids=["refresh", "follow-up"]
    )
    def test_ours(self, benchmark, project, tmp_path, command):
        book = tmp_path / "book.xlsm"

        def fresh():
            shutil.copy(project / "workbook_template.xlsm", book)
            name, *rest = command
            return ([sys.executable, "-m", "addin", name, str(book), *rest],), {"check": True, "timeout": 120}

        benchmark.pedantic(subprocess.run, setup=fresh, rounds=5)
