"""Whether this machine's Excel has the add-in for browsers beside the one with macros."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from addin.doctor import Diagnosis
from addin.errors import BookError
from addin.files import home_folder
from addin.hosts.web.manifest import PROVIDER

MAC = "Library/Containers/com.microsoft.Excel/Data/Documents/wef"
WINDOWS = "Microsoft/Office/16.0/Wef"


def diagnoses(with_macros: Path, kept_in: Path | None = None) -> list[Diagnosis]:
    """What is known of the manifests that Excel keeps, and of the add-in with macros."""
    found = _manifest(kept_in or _kept_in())
    if found is None:
        return []
    if with_macros.is_file():
        text = f"Excel has the add-in for browsers ({found}) and the one with macros, and mixes up their formulas"
        return [Diagnosis("warn", text, "run roc uninstall excel, or remove the other one in Home, Add-ins")]
    return [Diagnosis("OK", f"Add-in for browsers: {found}")]


def _kept_in() -> Path | None:
    """Where Excel keeps the manifests of add-ins for browsers."""
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / WINDOWS
    try:
        return home_folder() / MAC if sys.platform == "darwin" else None
    except BookError:
        return None


def _manifest(folder: Path | None) -> Path | None:
    """Our manifest among them."""
    mark = f"<ProviderName>{PROVIDER}<".encode()
    files = [path for path in folder.rglob("*") if path.is_file()] if folder else []
    return next((path for path in files if path.stat().st_size < 1 << 20 and mark in path.read_bytes()), None)
