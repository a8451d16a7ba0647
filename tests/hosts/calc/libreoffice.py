"""A real LibreOffice with the extension in it, in a profile of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
import zipfile
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path

import pytest

import addin
from addin.hosts.calc.libreoffice_paths import environment
from addin.hosts.calc.oxt import extension

FIRST_START = (79, 81)
START_LIMIT, WORK_LIMIT, STOP_LIMIT = 180, 240, 20
PACKAGES = ("/usr/lib/python3/dist-packages",)
"""Where distributions keep python3-uno."""
ERRORS = {503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}
TEXT = 2


def absent(reason):
    if os.environ.get("REQUIRE_CALC"):
        pytest.fail(f"REQUIRE_CALC is set, and {reason}")
    pytest.skip(reason)


def bridge(soffice):
    """The bridge to LibreOffice, which the distribution keeps for its own Python of the same version."""
    places = [*PACKAGES, str(Path(soffice).resolve().parent)]
    kept = list(sys.path)
    sys.path += [place for place in places if (Path(place) / "uno.py").is_file()]
    try:
        import uno
        import unohelper  # noqa: F401  # found in the same place, and imported again where it is used
    except ImportError as error:
        absent(f"this Python ({sys.version.split()[0]}) cannot import uno: {error}")
    finally:
        sys.path[:] = kept
    return uno


def shown(cell):
    """What a cell shows: text, a number, or an error value by name."""
    if error := cell.getError():
        return ERRORS.get(error, f"Err:{error}")
    if cell.getType().value == "EMPTY":
        return None
    is_text = cell.getType().value == "TEXT" or cell.FormulaResultType2 == TEXT
    return cell.String if is_text else cell.Value


def used(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    cursor.gotoStartOfUsedArea(True)
    return cursor


def on_main_thread(office, work):
    """What work gives, done on LibreOffice's main thread, where a user's clicks are: a call from outside has its own.

    Python on another thread, and a listener in Python on the main one, would wait for each other.
    """
    import unohelper
    from com.sun.star.awt import XCallback

    done = Future()

    class Callback(unohelper.Base, XCallback):
        def notify(self, data):
            try:
                done.set_result(work())
            except BaseException as error:
                done.set_exception(error)

    office.service("com.sun.star.awt.AsyncCallback").addCallback(Callback(), None)
    return done.result(WORK_LIMIT)


class Office:
    """A running LibreOffice."""

    def __init__(self, uno, program, root, options=(), variables=None):
        self.uno, self.root = uno, root
        self.pipe = f"roc{uuid.uuid4().hex[:12]}"
        self.command = [
            program, "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard", *options,
            f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext",
            f"-env:UserInstallation={(root / 'profile').as_uri()}",
            f"-env:BUNDLED_EXTENSIONS={(root / 'extensions').as_uri()}",
        ]  # fmt: skip
        self.temporary = root / "temporary"
        self.temporary.mkdir(exist_ok=True)
        self.environment = environment() | {"TMPDIR": str(self.temporary)} | (variables or {})
        self.start()

    def start(self):
        self.process = self._launched()
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + START_LIMIT
        while True:
            with contextlib.suppress(Exception):
                self.context = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
                break
            code = self.process.poll()
            if code in FIRST_START:
                self.process = self._launched()
            elif code is not None or time.monotonic() > end:
                self.process.kill()
                pytest.fail(f"LibreOffice did not start (exit code {code}): {self.output()}")
            time.sleep(0.05)
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def _launched(self):
        with (self.root / "output.txt").open("ab") as output:
            return subprocess.Popen(self.command, env=self.environment, stdout=output, stderr=output)

    def output(self):
        return (self.root / "output.txt").read_text(errors="replace")[-2000:]

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def properties(self, **values):
        made = []
        for name, value in values.items():
            prop = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
            prop.Name, prop.Value = name, value
            made.append(prop)
        return tuple(made)

    def open(self, path=None, **options):
        url = "private:factory/scalc" if path is None else Path(path).as_uri()
        return self.desktop.loadComponentFromURL(url, "_blank", 0, self.properties(**{"Hidden": True, **options}))

    def press(self, document, button, **given):
        """What a button says, without its windows, to which the given values are the answers."""
        helper = self.service("com.sun.star.frame.DispatchHelper")
        frame = document.getCurrentController().getFrame()
        options = self.properties(Quiet=True, **given)
        pressed = on_main_thread(
            self, lambda: helper.executeDispatch(frame, f"org.returnoncustomer:{button}", "", 0, options)
        )
        return pressed.Result

    def children(self):
        """The function servers that belong to this LibreOffice: process id to state."""
        found, own = {}, self.pid
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == own:
                    found[int(folder.name)] = state
        return found

    def left(self):
        """How much of what a call could leave behind there is."""
        files = {"open files": Path(f"/proc/{self.pid}/fd").iterdir(), "temporary files": self.temporary.rglob("*")}
        return {kind: len(list(found)) for kind, found in files.items()}

    @property
    def pid(self):
        """The process that does the work: soffice starts soffice.bin through oosplash."""
        pid, found = self.process.pid, True
        while found:
            found = False
            for folder in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
                    if int(rest.split()[1]) == pid and name in ("soffice.bin", "oosplash"):
                        pid, found = int(folder.name), True
                        break
        return pid

    shown = staticmethod(shown)

    def stop(self):
        """Ask it to end, and end it where it does not answer, as when a message is open."""
        program = self.pid
        asked = threading.Thread(target=self._terminate, daemon=True)
        asked.start()
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            for pid in {program, self.process.pid}:
                os.kill(pid, signal.SIGKILL)
            self.process.wait(STOP_LIMIT)
        asked.join(STOP_LIMIT)

    def _terminate(self):
        with contextlib.suppress(Exception):
            self.desktop.terminate()


def prepared(root):
    """A profile folder with the extension beside it."""
    folder = root / "extensions" / "customer_value"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(BytesIO(extension(sys.executable, str(Path(addin.__file__).parent.parent)))) as package:
        package.extractall(folder)
    return root


def named_items(accessible, found):
    """What a window shows, by name; the toolbar comes after the menu, so it stays."""
    for index in range(min(accessible.getAccessibleChildCount(), 200)):
        child = accessible.getAccessibleChild(index).getAccessibleContext()
        found[child.getAccessibleName()] = child
        named_items(child, found)
    return found


def within(seconds, look):
    """What look finds once it finds something."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found
