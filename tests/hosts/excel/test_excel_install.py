"""Installing into a made-up user folder, and what doctor says of it."""

import csv
import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from addin.errors import BookError
from addin.hosts.excel import install
from addin.hosts.excel.doctor import diagnoses
from addin.hosts.excel.vba_names import ADD_IN, XLWINGS_VERSION
from addin.hosts.excel.windows_paths import Places, here
from addin.hosts.excel.workbook_files import xlwings_sources


@pytest.fixture
def places(tmp_path):
    scripts = tmp_path / "venv" / "Scripts"
    scripts.mkdir(parents=True)
    (scripts / "python.exe").touch()
    (tmp_path / "venv" / f"xlwings64-{XLWINGS_VERSION}.dll").touch()
    (tmp_path / "shipped.xlam").write_bytes(b"the add-in")
    return Places(
        system="Windows", profile=tmp_path, roaming=tmp_path / "AppData" / "Roaming",
        interpreter=scripts / "python.exe", excel=tmp_path / "EXCEL.EXE", excel_bits=64,
        xlwings=XLWINGS_VERSION, encoding="cp1252", shipped_add_in=tmp_path / "shipped.xlam",
    )  # fmt: skip


def but(places, **changes):
    return dataclasses.replace(places, **changes)


def levels(places):
    return {finding.level for finding in diagnoses(places)}


def problem(places):
    (finding,) = [finding for finding in diagnoses(places) if finding.level != "OK"]
    assert finding.fix
    return f"{finding.level}: {finding.text}"


class TestInstall:
    def test_it_writes_the_configuration_and_the_add_in(self, places):
        done = install.install(places)
        assert [str(places.config) in done[0], str(places.add_in) in done[1]] == [True, True]
        assert places.add_in.read_bytes() == b"the add-in"
        rows = list(csv.reader(places.config.read_text(encoding="cp1252").splitlines()))
        assert rows == [
            ["INTERPRETER_WIN", str(places.interpreter)],
            ["ADD_WORKBOOK_TO_PYTHONPATH", "False"],
            ["PYTHONPATH", str(places.interpreter.parent)],
        ]

    def test_python_imports_nothing_from_the_folder_that_excel_is_in(self, places, tmp_path):
        """The head of xlwings' command with the settings of ours, in a folder with a planted package."""
        rows = dict(csv.reader(install.config_text(places).splitlines()))
        paths = f"{rows['ADD_WORKBOOK_TO_PYTHONPATH']};;;;;;{rows['PYTHONPATH']}"
        head = f"import xlwings.utils;xlwings.utils.prepare_sys_path({paths!r});import addin;print(addin.__file__)"
        for name in ("addin", "xlwings"):
            (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')")
        (flag,) = re.findall(r'tail = "( -P) -B -c', xlwings_sources()["xlwings"])
        done = subprocess.run(
            [sys.executable, flag.strip(), "-c", head],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        imported = Path(done.stdout.strip())
        assert (imported.parts[-2:], tmp_path in imported.parents) == (("addin", "__init__.py"), False), done.stderr

    def test_twice_is_once(self, places):
        install.install(places)
        first = places.config.read_bytes()
        install.install(places)
        assert places.config.read_bytes() == first

    def test_another_use_of_xlwings_is_left_alone(self, places):
        theirs = places.profile / ".xlwings" / "xlwings.conf"
        theirs.parent.mkdir()
        theirs.write_text("mine")
        install.install(places)
        install.uninstall(places)
        assert theirs.read_text() == "mine"

    def test_a_name_with_accents_is_written_as_excel_reads_it(self, places):
        interpreter = places.profile / "José" / "python.exe"
        interpreter.parent.mkdir()
        interpreter.touch()
        (interpreter.parent / places.library).touch()
        install.install(but(places, interpreter=interpreter))
        assert "José".encode("cp1252") in places.config.read_bytes()
        assert levels(but(places, interpreter=interpreter)) == {"OK"}

    @pytest.mark.parametrize(("changes", "sentence"), [
        ({"system": "Linux"}, "needs Excel on Windows, and this is Linux"),
        ({"excel": None}, "Excel is not installed on this machine"),
        ({"xlwings": ""}, "xlwings is not installed"),
        ({"xlwings": "0.30.1"}, "0.30.1 was found"),
        ({"excel_bits": 32}, r"xlwings32-.*dll is neither in"),
    ])  # fmt: skip
    def test_what_is_missing_is_said_and_nothing_written(self, places, changes, sentence):
        with pytest.raises(BookError, match=sentence):
            install.install(but(places, **changes))
        assert not places.config.exists()
        assert not places.add_in.exists()

    def test_letters_foreign_to_windows_are_refused(self, places):
        interpreter = places.profile / "Ωmega" / "python.exe"
        interpreter.parent.mkdir()
        interpreter.touch()
        (interpreter.parent / places.library).touch()
        with pytest.raises(BookError, match="letters foreign to this Windows"):
            install.install(but(places, interpreter=interpreter))

    def test_a_missing_add_in_is_said(self, places):
        places.shipped_add_in.unlink()
        with pytest.raises(BookError, match=r"customer_value\.xlam is missing from this installation"):
            install.install(places)

    def test_a_file_in_use_is_said(self, places):
        places.add_in.parent.mkdir(parents=True)
        places.add_in.with_name(f"~${ADD_IN}").touch()
        with pytest.raises(BookError, match="is open in another program"):
            install.install(places)


class TestUninstall:
    def test_it_removes_what_install_wrote_and_nothing_else(self, places):
        before = sorted(places.profile.rglob("*"))
        places.add_in.parent.mkdir(parents=True)
        other = places.add_in.with_name("other.xlam")
        other.touch()
        install.install(places)
        assert len(install.uninstall(places)) == 2
        other.unlink()
        left = [path for path in places.profile.rglob("*") if path.is_file()]
        assert sorted(left) == [path for path in before if path.is_file()]
        assert not places.config.parent.exists()

    def test_it_says_when_there_is_nothing(self, places):
        assert install.uninstall(places) == ["Nothing to remove: the add-in is not in Excel."]

    def test_a_setting_of_the_users_own_stays(self, places):
        install.install(places)
        mine = places.config.with_name("notes.txt")
        mine.touch()
        install.uninstall(places)
        assert mine.exists()


class TestDoctor:
    @pytest.fixture
    def installed(self, places):
        install.install(places)
        return places

    def test_an_installed_add_in_is_well(self, installed):
        assert levels(installed) == {"OK"}

    def test_nothing_installed_fails_twice(self, places):
        assert [finding.level for finding in diagnoses(places)].count("fail") == 2

    @pytest.mark.parametrize("changes", [{"system": "macOS"}, {}])
    def test_without_excel_nothing_is_broken(self, installed, changes):
        assert [finding.level for finding in diagnoses(but(installed, excel=None, **changes))] == ["warn"]

    @pytest.mark.parametrize("changes", [{"xlwings": ""}, {"xlwings": "1.0"}, {"excel_bits": 32}])
    def test_what_stops_an_installation_is_one_failure(self, installed, changes):
        assert [finding.level for finding in diagnoses(but(installed, **changes))] == ["fail"]

    def test_the_stores_python(self, installed):
        folder = installed.profile / "WindowsApps"
        folder.mkdir()
        (folder / "python.exe").touch()
        (folder / installed.library).touch()
        store = but(installed, interpreter=folder / "python.exe")
        install.install(store)
        assert "Microsoft Store's Python" in problem(store)

    def test_the_stores_office(self, installed):
        assert problem(but(installed, excel=installed.profile / "WindowsApps" / "EXCEL.EXE")).startswith(
            "fail: Excel is"
        )

    def test_python_in_onedrive(self, installed):
        folder = installed.profile / "OneDrive - Florist"
        folder.mkdir()
        (folder / "python.exe").touch()
        (folder / installed.library).touch()
        moved = but(installed, interpreter=folder / "python.exe")
        install.install(moved)
        assert "lies in OneDrive" in problem(moved)

    @pytest.mark.parametrize("text", ["\r\n", '"","x"\r\n', "INTERPRETER_WIN\r\n"])
    def test_a_blank_line_or_name_in_the_configuration(self, installed, text):
        installed.config.write_bytes(text.encode() + installed.config.read_bytes())
        assert "line 1: a name and a value" in problem(installed)

    def test_a_python_that_is_gone(self, installed):
        installed.config.write_text('"INTERPRETER_WIN","C:\\gone\\python.exe"\n')
        assert "which is not there" in problem(installed)

    def test_another_python(self, installed):
        other = installed.profile / "python.exe"
        other.touch()
        installed.config.write_text(f'"INTERPRETER_WIN","{other}"\n')
        assert problem(installed).startswith("warn: Excel asks")

    def test_a_configuration_of_an_earlier_version(self, installed):
        installed.config.write_text(f'"INTERPRETER_WIN","{installed.interpreter}"\n')
        assert "lets Python import from the folder that Excel is in" in problem(installed)

    def test_letters_that_excel_cannot_read(self, installed):
        installed.config.write_bytes(b"\x81")
        assert "letters that Excel cannot read" in problem(installed)

    def test_a_blocked_add_in(self, installed):
        installed.add_in.with_name(installed.add_in.name + ":Zone.Identifier").touch()
        assert "blocks its macros" in problem(installed)

    def test_a_missing_add_in(self, installed):
        installed.add_in.unlink()
        assert "Excel has no tab" in problem(installed)

    def test_an_add_in_of_another_version(self, installed):
        installed.add_in.write_bytes(b"older")
        assert "another version" in problem(installed)

    def test_service_says_when_the_macros_are_older(self):
        import fake_windows

        told = fake_windows.call_udf("diagnosis", "0.0.1", module="addin.hosts.excel.ribbon")
        assert "macros are of version 0.0.1" in told


def test_this_machine_is_described():
    machine = here()
    assert machine.interpreter.exists()
    assert machine.xlwings == XLWINGS_VERSION
