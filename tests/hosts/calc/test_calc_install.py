"""The extension as a file, and its way into LibreOffice and out."""

import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from addin.buttons import CALC, buttons_of
from addin.catalogue import catalogue
from addin.cli.main import app
from addin.errors import BookError
from addin.hosts.calc import doctor, install, libreoffice_paths
from addin.hosts.calc.oxt import IDENTIFIER, extension


@pytest.fixture
def package():
    return zipfile.ZipFile(BytesIO(extension()))


def test_two_builds_give_the_same_bytes():
    assert extension() == extension()


def test_it_names_no_machine(package):
    assert package.read("interpreter.json") == b'{"python": "", "path": ""}'


def test_every_listed_part_is_there_and_is_well_formed(package):
    listed = re.findall(r'full-path="([^"]+)"', package.read("META-INF/manifest.xml").decode())
    assert set(listed) <= set(package.namelist())
    for name in package.namelist():
        if name.endswith((".xcu", ".xml")):
            ET.fromstring(package.read(name))


def test_a_method_for_every_function(package):
    types = package.read("types.idl").decode()
    assert types.count(" any> ") + types.count(");\n") >= len(catalogue())
    assert "_" not in types


def test_an_icon_for_every_button(package):
    for name in (button.name for button in buttons_of(CALC)):
        for size in (16, 26):
            data = package.read(f"icons/{name}_{size}.png")
            assert data.startswith(b"\x89PNG")
            assert int.from_bytes(data[16:20], "big") == size


def test_what_runs_inside_imports_nothing_of_ours(package):
    for name in package.namelist():
        if name.endswith(".py"):
            assert not re.search(rb"^\s*(from|import) addin", package.read(name), re.MULTILINE), name


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("linux", ".config/libreoffice/4"),
        ("darwin", "Library/Application Support/LibreOffice/4"),
        ("win32", "AppData/Roaming/LibreOffice/4"),
    ],
)
def test_profiles(system, expected, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ann"))
    for variable in ("APPDATA", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert libreoffice_paths.profile(system) == Path("/home/ann") / expected


def test_without_libreoffice(monkeypatch):
    monkeypatch.setattr(libreoffice_paths, "installer", lambda: None)
    with pytest.raises(BookError, match="LibreOffice is not on this computer; install"):
        install.install()


@pytest.fixture
def installer(soffice, tmp_path, monkeypatch):
    """The real installer, on a profile and a folder for all users of its own."""
    real = Path(soffice).resolve().parent / "unopkg"
    shared, profile = tmp_path / "share" / "uno_packages", tmp_path / "profile"
    (shared / "cache").mkdir(parents=True)
    options = [
        f"-env:UserInstallation={profile.as_uri()}",
        f"-env:UNO_SHARED_PACKAGES={shared.as_uri()}",
        f"-env:UNO_SHARED_PACKAGES_CACHE={(shared / 'cache').as_uri()}",
    ]
    wrapper = tmp_path / "program" / "unopkg"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nexec "{real}" "$@" {" ".join(options)}\n')
    wrapper.chmod(0o755)
    monkeypatch.setattr(libreoffice_paths, "installer", lambda: wrapper)
    monkeypatch.setattr(libreoffice_paths, "profile", lambda: profile)
    return wrapper, options


def listed(installer):
    options = ["--shared"] if install._is_root() else []
    command = [installer[0], "list", *options]
    return subprocess.run(
        command, capture_output=True, text=True, env=libreoffice_paths.environment(), check=False, timeout=60
    ).stdout


@pytest.fixture
def nps_with(start_office, tmp_path):
    """What NPS gives in a LibreOffice started with these options."""

    def value(options):
        office = start_office(tmp_path, ["--headless", *options])
        try:
            cell = office.open().Sheets.getByIndex(0).getCellRangeByName("A1")
            cell.setFormula("=NPS({10|9|8|6|10})")
            return cell.getValue()
        finally:
            office.stop()

    return value


def roc(*arguments):
    """What the command prints, and its exit code."""
    done = CliRunner().invoke(app, arguments)
    return done.output, done.exit_code


def test_in_and_out(installer, nps_with):
    assert roc("doctor")[0].endswith("warn  the extension is not in LibreOffice; run: roc install calc\n")
    said, code = roc("install", "calc")
    assert (code, f"Its functions run on {sys.executable}\n" in said) == (0, True)
    assert IDENTIFIER in listed(installer)
    assert roc("install", "calc")[1] == 0
    assert nps_with(installer[1]) == 40.0
    said, code = roc("doctor")
    assert (code, [line.split()[0] for line in said.splitlines()[-5:]]) == (0, ["OK"] * 5)
    assert roc("uninstall", "calc")[1] == 0
    assert IDENTIFIER not in listed(installer)
    with pytest.raises(BookError, match="could not remove the extension"):
        install.uninstall()


@pytest.mark.skipif(not install._is_root(), reason="only root adds extensions for all users")
def test_root_is_told_where_the_folder_for_all_users_cannot_be_written(installer):
    script = installer[0].read_text()
    installer[0].write_text(
        script.replace("UNO_SHARED_PACKAGES_CACHE=file://", "UNO_SHARED_PACKAGES_CACHE=file:///proc")
    )
    with pytest.raises(BookError, match=r"all users alone, .* cannot be written here; run it as an ordinary user"):
        install.install()


def test_the_doctor_says_what_to_do(tmp_path, monkeypatch):
    package = tmp_path / "user" / "uno_packages" / "cache" / "uno_packages" / "lu1_" / libreoffice_paths.EXTENSION
    package.mkdir(parents=True)
    (package / "interpreter.json").write_text('{"python": "/nowhere/python", "path": ""}')
    (package / "functions.json").write_text('{"NPS": {}}')
    monkeypatch.setattr(libreoffice_paths, "profile", lambda: tmp_path)
    monkeypatch.setattr(libreoffice_paths, "installer", lambda: tmp_path / "program" / "unopkg")
    *_, failed, warned = doctor.diagnoses()
    assert failed.level == "fail"
    assert "/nowhere/python" in failed.text
    assert failed.text.endswith("run roc install calc again")
    assert roc("doctor")[1] == 1
    assert str(warned) == "warn  the extension has other functions than this version; run: roc install calc"
    monkeypatch.setattr(libreoffice_paths, "installer", lambda: None)
    (finding,) = doctor.diagnoses()
    assert (finding.level, "install 7.4 or later" in finding.fix) == ("warn", True)


def test_libreoffice_starts_outside_a_virtual_environment(monkeypatch):
    """It would take the environment's python3 for its own, which knows no UNO, and load no extension."""
    monkeypatch.setenv("PATH", "/home/ann/venv/bin:/usr/bin")
    monkeypatch.setenv("VIRTUAL_ENV", "/home/ann/venv")
    monkeypatch.setenv("PYTHONPATH", "/home/ann")
    found = libreoffice_paths.environment()
    assert found["PATH"].split(":")[0] in ("/bin", "/usr/bin")
    assert not {"VIRTUAL_ENV", "PYTHONPATH"} & found.keys()


def test_while_libreoffice_runs(installer, start_office, tmp_path):
    office = start_office(tmp_path, ["--headless", *installer[1]])
    try:
        said, code = roc("install", "calc")
        assert code == 0
        assert said.endswith("LibreOffice is running: close and start it again to see the change\n")
    finally:
        office.stop()
