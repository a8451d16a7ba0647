"""Where things are on a Windows machine; nothing else in this host asks the system."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from addin.files import home_folder
from addin.hosts.excel.vba_names import ADD_IN, PROJECT, XLWINGS_VERSION

SHIPPED_ADD_IN = Path(__file__).with_name(ADD_IN)
"""The add-in as it comes with the package."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and programs that installation and doctor deal with."""

    system: str
    """The operating system, as a user calls it."""
    profile: Path
    """The user's own folder."""
    roaming: Path
    """The user's folder for what programs keep."""
    interpreter: Path
    """The Python that answers."""
    excel: Path | None
    """Excel's program, where it is installed."""
    excel_bits: int
    xlwings: str
    """The installed version, empty where there is none."""
    encoding: str
    """How Excel's VBA reads a text file."""
    shipped_add_in: Path = SHIPPED_ADD_IN

    @property
    def config(self) -> Path:
        """The file that tells the VBA side which Python answers."""
        return self.profile / f".{PROJECT}" / f"{PROJECT}.conf"

    @property
    def add_in(self) -> Path:
        """The add-in where Excel loads it at every start."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / ADD_IN

    @property
    def library(self) -> str:
        """The file name of the DLL through which this Excel starts Python."""
        return f"xlwings{self.excel_bits}-{XLWINGS_VERSION}.dll"

    @property
    def library_folders(self) -> tuple[Path, Path]:
        """Where xlwings' module looks for its DLL: beside the interpreter, or above it in a virtual environment."""
        return self.interpreter.parent, self.interpreter.parent.parent


def here() -> Places:
    """This machine."""
    profile = Path(os.environ.get("USERPROFILE") or home_folder())
    excel, bits = _excel()
    return Places(
        system={"win32": "Windows", "darwin": "macOS"}.get(sys.platform, sys.platform.capitalize()),
        profile=profile,
        roaming=Path(os.environ.get("APPDATA") or profile / "AppData" / "Roaming"),
        interpreter=Path(sys.executable),
        excel=excel,
        excel_bits=bits,
        xlwings=_installed("xlwings"),
        encoding="mbcs" if sys.platform == "win32" else "cp1252",
    )


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _excel() -> tuple[Path | None, int]:
    """Excel's program and whether it is a 64 or 32 bit one, from the registry."""
    if sys.platform != "win32":
        return None, 64
    import winreg

    def value(key: str, name: str) -> str:
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                return str(winreg.QueryValueEx(opened, name)[0])
        except OSError:
            return ""

    program = value(r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "").strip('"')
    platform = value(r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform")
    is_32_bit = platform == "x86" or "(x86)" in program
    return (Path(program) if program else None), 32 if is_32_bit else 64
