"""What is wrong with Excel's side of this machine, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from addin.doctor import Diagnosis, other_version
from addin.errors import BookError
from addin.hosts.excel import install
from addin.hosts.excel.windows_paths import Places, here

INSTALL = "run: roc install excel"


def diagnoses(places: Places | None = None) -> list[Diagnosis]:
    """Look at everything that a formula in Excel needs."""
    places = places or here()
    try:
        install.check(places)
    except BookError as error:
        return [Diagnosis("fail" if places.excel else "warn", str(error))]
    return [
        Diagnosis("OK", f"Excel: {places.excel}, {places.excel_bits} bit"),
        Diagnosis("OK", f"xlwings {places.xlwings}, its {places.library} is beside Python"),
        *_programs(places),
        *_config(places),
        *_add_in(places),
    ]


def _programs(places: Places) -> Iterator[Diagnosis]:
    if "WindowsApps" in places.interpreter.parts:
        text = f"{places.interpreter} is the Microsoft Store's Python, which Excel may not start"
        yield Diagnosis("fail", text, "install Python from python.org, and everything again in it")
    if places.excel and "WindowsApps" in places.excel.parts:
        text = "Excel is the Microsoft Store's, which starts no program outside its own, Python among them"
        yield Diagnosis("fail", text, "install Office from microsoft365.com in its place")
    if any(part.startswith("OneDrive") for part in places.interpreter.parts):
        text = f"{places.interpreter} lies in OneDrive, which may take its files away"
        yield Diagnosis("warn", text, "install Python in a folder that only this machine uses")


def _config(places: Places) -> Iterator[Diagnosis]:
    try:
        text = places.config.read_bytes().decode(places.encoding)
    except FileNotFoundError:
        yield Diagnosis("fail", f"{places.config} is missing, so Excel does not know which Python to ask", INSTALL)
        return
    except OSError as error:
        yield Diagnosis("fail", f"{places.config} cannot be read ({error.strerror})", INSTALL)
        return
    except UnicodeDecodeError:
        yield Diagnosis("fail", f"{places.config} has letters that Excel cannot read", INSTALL)
        return
    if faulty := _faulty_line(text):
        yield Diagnosis("fail", f"{places.config}, line {faulty}: a name and a value in quotes are needed", INSTALL)
        return
    settings = dict(_setting(line) for line in text.splitlines())
    interpreter = settings.get("INTERPRETER_WIN", "")
    if not interpreter or not Path(interpreter).is_file():
        yield Diagnosis("fail", f"{places.config} names the Python '{interpreter}', which is not there", INSTALL)
    elif Path(interpreter) != places.interpreter:
        text = f"Excel asks {interpreter}, and this is {places.interpreter}"
        yield Diagnosis("warn", text, f"{INSTALL} if this one should answer")
    elif not settings.get("PYTHONPATH"):
        text = f"{places.config} is of an earlier version, which lets Python import from the folder that Excel is in"
        yield Diagnosis("fail", text, INSTALL)
    else:
        yield Diagnosis("OK", f"Excel asks {interpreter}")


def _setting(line: str) -> tuple[str, str]:
    name, _, value = line.partition(",")
    return name.strip().strip('"'), value.strip().strip('"')


def _faulty_line(text: str) -> int | None:
    """The number of the first line that would end xlwings' reading of the file."""
    for number, line in enumerate(text.splitlines(), 1):
        if "," not in line or not _setting(line)[0]:
            return number
    return None


def _add_in(places: Places) -> Iterator[Diagnosis]:
    if not places.add_in.is_file():
        yield Diagnosis("fail", f"{places.add_in} is missing, so Excel has no tab", INSTALL)
    elif Path(f"{places.add_in}:Zone.Identifier").exists():
        text = f"{places.add_in} is marked as coming from the internet, and Excel blocks its macros"
        yield Diagnosis("fail", text, "right-click it, Properties, Unblock")
    elif places.shipped_add_in.is_file() and places.add_in.read_bytes() != places.shipped_add_in.read_bytes():
        yield other_version(places.add_in, INSTALL)
    else:
        yield Diagnosis("OK", f"Add-in: {places.add_in}")
