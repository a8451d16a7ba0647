"""The command roc, as its user meets it."""

import json
import os
import re
import shutil
import subprocess
import sys
from zipfile import ZipFile

import openpyxl
import pytest

from addin.catalogue import catalogue


def roc(*arguments: object, **where) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8", timeout=120, **where)


def in_checkout(folder, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The package of that folder, whichever is installed."""
    return roc(*arguments, cwd=folder, env={**os.environ, "PYTHONSAFEPATH": ""})


@pytest.fixture
def book(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Survey"
    for row, score in enumerate((10, 9, 8, None, 6, 10), 1):
        sheet.cell(row, 1).value = score
    sheet["C1"], sheet["C2"], sheet["C3"] = "=NPS(A1:A6)", '=NPS(A1:A6,"1-5")', "=NPS_CI(A1:A6)"
    sheet["C5"] = "=SUMPRODUCT(COUNTIF(A1:A6,A1:A6))"
    path = tmp_path / "survey.xlsx"
    workbook.save(path)
    return path


class TestDemo:
    def test_the_florist(self, tmp_path):
        process = roc("demo", tmp_path, "--no-open")
        assert process.returncode == 0, process.stderr
        assert re.findall(r"[-+]?[\d.]+%", process.stdout) == ["60.0%", "-40.0%", "69.0%", "-31.0%", "127.5%", "+27.5%"]
        workbook = openpyxl.load_workbook(tmp_path / "return_on_customer_demo.xlsm", data_only=True)
        for name, value in {"out_Gross1": 0.6, "out_Gross2": 0.69, "out_Gross3": 1.275, "out_Net3": 0.275}.items():
            ((sheet, cell),) = workbook.defined_names[name].destinations
            assert workbook[sheet][cell].value == pytest.approx(value, abs=1e-12)

    def test_an_earlier_demo_is_not_overwritten(self, tmp_path):
        first = b"an earlier one"
        (tmp_path / "return_on_customer_demo.xlsm").write_bytes(first)
        assert "return_on_customer_demo_2.xlsm" in roc("demo", tmp_path, "--no-open").stdout.replace("\n", "")
        assert (tmp_path / "return_on_customer_demo.xlsm").read_bytes() == first

    def test_no_such_folder(self, tmp_path):
        process = roc("demo", tmp_path / "nowhere")
        assert (process.returncode, process.stdout) == (1, "")
        assert "is not a folder" in process.stderr


class TestCalc:
    def test_in_place(self, book):
        process = roc("calc", book)
        assert process.returncode == 0, process.stderr
        assert "3 cells with our functions, 1 of them in error" in process.stdout.replace("\n", " ")
        assert '"0-10" or "1-10" is needed' in " ".join(process.stdout.split())
        sheet = openpyxl.load_workbook(book, data_only=True)["Survey"]
        assert (sheet["C1"].value, sheet["C2"].value) == (40, "#VALUE!")

    def test_into_another_file(self, book, tmp_path):
        before = book.read_bytes()
        assert roc("calc", book, "--out", tmp_path / "out.xlsx").returncode == 0
        assert book.read_bytes() == before
        assert openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["Survey"]["C1"].value == 40

    def test_json(self, book):
        document = json.loads(roc("calc", book, "--json").stdout)
        assert document["book"] == str(book)
        assert document["elapsed_s"] > 0
        first, second, third = document["cells"]
        assert first == {"sheet": "Survey", "cell": "C1", "formula": "=NPS(A1:A6)", "value": 40.0}
        assert (second["error"], "needed" in second["reason"]) == ("#VALUE!", True)
        assert third["value"] == [[pytest.approx(-29.782658786), pytest.approx(79.782658786)]]
        (kept,) = document["not_recalculated"]
        assert kept["cell"] == "C5"

    def test_libreoffice_calculates_what_the_engine_cannot(self, book, soffice):
        document = json.loads(roc("calc", book, "--engine", "calc", "--json").stdout)
        assert document["not_recalculated"] == []
        sheet = openpyxl.load_workbook(book, data_only=True)["Survey"]
        assert (sheet["C1"].value, sheet["C5"].value) == (40, 7)  # 10 twice, 9, 8, 6, and no blank

    def test_a_book_without_our_functions(self, tmp_path):
        openpyxl.Workbook().save(tmp_path / "empty.xlsx")
        process = roc("calc", tmp_path / "empty.xlsx")
        assert process.returncode == 0
        assert "No formula here calls our functions" in process.stdout

    def test_wrong_use(self):
        assert roc("calc").returncode == 2
        assert roc("calc", "x.xlsx", "--engine", "abacus").returncode == 2
        assert roc("nonsense").returncode == 2


class TestNew:
    def test_a_copy_of_the_template(self, tmp_path):
        assert roc("new", tmp_path / "mine.xlsm").returncode == 0
        assert "ROI_ROC" in openpyxl.load_workbook(tmp_path / "mine.xlsm").sheetnames

    def test_nothing_is_overwritten(self, tmp_path):
        (tmp_path / "mine.xlsm").write_text("precious")
        process = roc("new", tmp_path / "mine.xlsm")
        assert process.returncode == 1
        assert "is there already" in process.stderr
        assert (tmp_path / "mine.xlsm").read_text() == "precious"

    def test_the_kind_of_file(self, tmp_path):
        assert "must end in .xlsm" in roc("new", tmp_path / "mine.xls").stderr

    def test_an_unknown_language_is_one_sentence(self, tmp_path):
        process = roc("new", tmp_path / "mine.xlsm", "--language", "fr")
        assert process.returncode == 1
        assert process.stderr == "roc: there is no template in the language fr; choose one of en, es\n"
        assert list(tmp_path.iterdir()) == []


class TestFunctions:
    def test_the_catalogue(self):
        process = roc("functions")
        assert process.returncode == 0
        text = " ".join(process.stdout.split())
        for name in catalogue():
            assert f"{name}(" in text

    def test_one_function(self):
        text = " ".join(roc("functions", "nps").stdout.split())
        for part in (
            "NPS(scores, [scale])",
            "promoters - detractors",
            "Reichheld",
            "=NPS({10;9;8;6;10}) gives 40",
            "0-10 or 1-10",
        ):
            assert part in text

    def test_no_such_function(self):
        process = roc("functions", "NOTHING")
        assert process.returncode == 1
        assert "there is no function NOTHING" in process.stderr

    def test_json(self):
        listed = json.loads(roc("functions", "--json").stdout)
        assert {entry["name"] for entry in listed} == catalogue().keys()
        for entry in listed:
            for key in ("family", "summary", "returns", "formula", "errors", "source", "example", "arguments"):
                assert entry[key], (entry["name"], key)
            for argument in entry["arguments"]:
                assert argument["help"]
                assert argument["unit"] or argument["kind"] not in ("number", "numbers")


@pytest.mark.parametrize("module", ["numpy", "typer", "openpyxl", "json", "pathlib"])
def test_a_module_beside_the_workbook_is_not_run(module, book):
    trap = book.with_name(f"{module}.py")
    trap.write_text("from pathlib import Path\nPath(__file__).with_suffix('.run').touch()\n")
    process = roc("calc", book.name, "--json", cwd=book.parent)
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout)["cells"][0]["value"] == 40.0
    assert not trap.with_suffix(".run").exists()


class TestBuild:
    def test_check_passes_here(self, project):
        process = in_checkout(project, "build", "--check")
        assert process.returncode == 0, process.stderr

    @pytest.mark.thorough
    def test_a_changed_docstring_is_stale_until_rebuilt(self, tmp_path, project):
        for name in ("addin", "docs", "pyproject.toml", "workbook_template.xlsm"):
            (shutil.copytree if (project / name).is_dir() else shutil.copy)(project / name, tmp_path / name)
        source = tmp_path / "addin" / "metrics" / "loyalty.py"
        source.write_text(
            source.read_text(encoding="utf-8").replace("Net Promoter Score of", "The Net Promoter Score of"),
            encoding="utf-8",
        )
        stale = in_checkout(tmp_path, "build", "--check")
        assert stale.returncode == 1
        assert "workbook_template.xlsm" in stale.stderr
        assert "functions.md" in stale.stderr
        assert in_checkout(tmp_path, "build").returncode == 0
        assert in_checkout(tmp_path, "build", "--check").returncode == 0

    @pytest.mark.thorough
    def test_the_last_digits_of_a_value_are_not_stale_and_the_ninth_is(self, tmp_path, project):
        for name in ("addin", "docs", "pyproject.toml"):
            (shutil.copytree if (project / name).is_dir() else shutil.copy)(project / name, tmp_path / name)
        for old, new, code in ((b"</v>", b"1</v>", 0), (b"<v>0.", b"<v>0.5", 1)):
            digits = re.compile(rb"<v>0\.\d{13,}</v>")
            with ZipFile(project / "workbook_template.xlsm") as there, \
                    ZipFile(tmp_path / "workbook_template.xlsm", "w") as changed:  # fmt: skip
                for part in there.namelist():
                    changed.writestr(part, digits.sub(lambda m, o=old, n=new: m[0].replace(o, n), there.read(part)))
            assert in_checkout(tmp_path, "build", "--check").returncode == code

    def test_elsewhere_it_says_so(self, tmp_path, project):
        shutil.copytree(project / "addin", tmp_path / "addin")
        process = in_checkout(tmp_path, "build")
        assert process.returncode == 1
        assert "works in a checkout" in process.stderr


class TestSetUp:
    @pytest.mark.skipif(sys.platform == "win32", reason="Excel may be installed")
    def test_without_excel_it_says_what_else_there_is(self):
        process = roc("install", "excel")
        assert process.returncode == 1
        assert "needs Excel on Windows" in process.stderr
        assert "roc calc, which needs no spreadsheet program" in process.stderr
        assert "Nothing to remove" in roc("uninstall", "excel").stdout

    def test_an_unknown_program_is_wrong_use(self):
        assert roc("install", "lotus").returncode == 2

    def test_doctor_says_what_it_looked_at(self):
        process = roc("doctor")
        assert process.returncode == 0, process.stdout
        assert re.search(r"^OK +return-on-customer .*Python 3", process.stdout, re.MULTILINE)
        assert all(re.match(r"(OK|warn|fail)  ", line) for line in process.stdout.splitlines())
