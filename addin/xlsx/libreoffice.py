"""LibreOffice as a second calculator, for native formulas that the embedded engine cannot do."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from addin.errors import BookError
from addin.files import program_on_path
from addin.values import Scalar
from addin.xlsx.addresses import Place
from addin.xlsx.calculation import Progress, calculate
from addin.xlsx.calculation_report import Calculation, Computed
from addin.xlsx.cells import NewValue
from addin.xlsx.package import Package

TIME_LIMIT, END_LIMIT = 300, 10
"""Seconds that LibreOffice may take, and that are waited for it once it was ended."""
FIRST_START = (79, 81)
"""LibreOffice leaves with one of these after it has made a new profile."""
PLACES = (
    "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.com",
)  # fmt: skip


def program() -> str | None:
    """LibreOffice's program, where it is installed."""
    return program_on_path("soffice") or next((place for place in PLACES if Path(place).exists()), None)


def calculate_with(package: Package, *, everything: bool, progress: Progress) -> Calculation:
    """Recalculate a workbook, and let LibreOffice calculate what the embedded engine leaves."""
    soffice = program()
    if soffice is None:
        raise BookError("--engine calc needs LibreOffice, which was not found; install it, or leave the option out")
    given: dict[Place, Scalar] = {}
    read = None
    while True:
        done = calculate(package, everything=everything, given=given, read=read, progress=progress)
        read = done.formulas
        wanted = done.ready - given.keys()
        if not wanted:
            return done
        progress("Calculating in LibreOffice", 0, 1)
        fresh = _values(soffice, package, done.values)
        new = {place: fresh[place] for place in wanted & fresh.keys()}
        if not new:
            return done
        given |= new


def _values(soffice: str, package: Package, values: Mapping[Place, Computed]) -> dict[Place, Scalar]:
    """What LibreOffice makes of each formula, when these values stand instead of their formulas."""
    parts = {}
    for sheet, part in package.sheets.items():
        new = {}
        for cell in package.sheet(sheet).formula_cells(sheet):
            answer = values.get(cell.place)
            value = answer[0][0] if isinstance(answer, list) else answer
            new[cell.row, cell.column] = NewValue(value, keeps_formula=answer is None)
            if isinstance(answer, list):
                for down, row in enumerate(answer):
                    for across, element in enumerate(row):
                        new[cell.row + down, cell.column + across] = NewValue(element, keeps_formula=False)
        parts[part] = package.sheet(sheet).with_values(new)
    with tempfile.TemporaryDirectory(prefix="roc-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "in", "book.xlsx")
        source.parent.mkdir()
        source.write_bytes(package.replaced(parts).data)
        converted = _converted(soffice, source, Path(folder))
        recalculated = Package(converted.read_bytes(), package.name)
    return {
        cell.place: cell.saved
        for sheet in recalculated.sheets
        for cell in recalculated.sheet(sheet).formula_cells(sheet)
        if cell.saved is not None
    }


def _converted(soffice: str, source: Path, folder: Path) -> Path:
    """The book as LibreOffice saves it, calculated, from a profile of its own."""
    target = folder / "out" / "book.xlsx"
    command = [
        soffice, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target.parent), str(source),
    ]  # fmt: skip
    for _ in range(2):
        process = subprocess.Popen(  # noqa: S603  # the program found above, with our own files
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            raise BookError(
                f"LibreOffice did not finish within {TIME_LIMIT} seconds; try without --engine calc"
            ) from None
        finally:
            _stop(process)
        if target.exists():
            return target
        if code not in FIRST_START:
            break
    raise BookError("LibreOffice could not calculate the book; open it there to see why")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program with all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):  # the system ends it when it can
            process.wait(END_LIMIT)
