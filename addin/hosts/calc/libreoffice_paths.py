"""Where LibreOffice, its user profile and our extension are on each system, and how to start it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from addin.files import home_folder, program_on_path

EXTENSION = "customer_value.oxt"
FOLDERS = (
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    r"C:\Program Files\LibreOffice\program",
    r"C:\Program Files (x86)\LibreOffice\program",
)


def installer() -> Path | None:
    """LibreOffice's installer of extensions, which is beside its program."""
    program = program_on_path("soffice")
    folders = ([Path(program).resolve().parent] if program else []) + [Path(folder) for folder in FOLDERS]
    names = ("unopkg.com", "unopkg.exe") if sys.platform == "win32" else ("unopkg",)
    return next((folder / name for folder in folders for name in names if (folder / name).is_file()), None)


def profile(system: str = sys.platform) -> Path:
    """The current user's profile, whether it is there yet or not."""
    home = home_folder()
    if system == "win32":
        return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "LibreOffice" / "4"
    if system == "darwin":
        return home / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "libreoffice" / "4"


def running() -> bool:
    """Whether LibreOffice has the current user's profile open; it keeps a lock file there while it runs."""
    return (profile() / ".lock").exists()


def extension() -> Path | None:
    """The folder that LibreOffice unpacked the extension into, for the current user or for all."""
    program = installer()
    roots = [profile() / "user", *([program.parent.parent / "share"] if program else [])]
    unpacked = (folder for root in roots for folder in root.glob(f"uno_packages/cache/uno_packages/*/{EXTENSION}"))
    return next(unpacked, None)


def environment() -> dict[str, str]:
    """The environment to start LibreOffice in.

    A distribution's LibreOffice takes its Python libraries from where the first python3 on the path is, and in a
    virtual environment there is no UNO: no extension in Python would load. So the system's folders come first.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    if os.name == "posix":
        kept["PATH"] = os.pathsep.join([os.defpath, kept.get("PATH", "")])
    return kept
