"""Workbooks that other programs wrote, as source packages ship them; fetched when the tests run, and not ours."""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from addin.files import held

PYPI = {"xlcalculator": "0.5.0", "xlsx2csv": "0.8.6"}
"""Source distributions that hold books of Excel, LibreOffice, Google Sheets and others."""

DEBIAN = ("libexcel-writer-xlsx-perl", "libapache-poi-java")
"""Sources of Debian: more than 800 books that Excel saved, one for each thing a book can hold; hostile ones."""
ARCHIVE = re.compile(r"debian|ubuntu", re.IGNORECASE)
"""What the lines say from which this machine gets its own packages."""


class NotThere(Exception):
    """A package that could not be fetched."""


def books_of(package: str, cache: Path) -> list[Path]:
    """The .xlsx and .xlsm files of a package, in the order of their names; tests of another process wait for them."""
    folder = cache / package
    cache.mkdir(parents=True, exist_ok=True)
    with held(cache / "fetched"):
        if not folder.exists():
            unpacking = cache / f"{package}.part"
            shutil.rmtree(unpacking, ignore_errors=True)
            unpacking.mkdir()
            for archive in _fetched(package, cache / "archives" / package):
                _unpack(archive, unpacking)
            unpacking.rename(folder)
    return sorted(folder.iterdir())


def _fetched(package: str, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    if package in PYPI:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", package, "-d", folder]
        _run([*pip, f"{package}=={PYPI[package]}"], folder)
    else:
        if not shutil.which("apt-get"):
            raise NotThere("it is a source package of Debian, and there is no apt-get")
        _run(["apt-get", *_apt(folder.parent), "-qq", "source", "--download-only", package], folder)
    return sorted(folder.glob("*.orig.tar.*" if package in DEBIAN else "*.tar.gz"))


def _apt(folder: Path) -> list[str]:
    """Options that read lists of sources from where this machine gets its packages, and leave its own lists alone."""
    sources = folder / "sources"
    fresh = not sources.exists()
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    sources.mkdir(exist_ok=True)
    for file in [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]:
        if file.is_file() and file.suffix in (".list", ".sources") and ARCHIVE.search(text := file.read_text()):
            text = re.sub(r"^Types:.*|^deb(?=\s)", _of_sources, text, flags=re.MULTILINE)
            (sources / file.name).write_text(text)
    options = ["Dir::Etc::sourcelist=-", f"Dir::Etc::sourceparts={sources}", f"Dir::State::lists={folder / 'lists'}",
               "APT::Sandbox::User=root"]  # fmt: skip
    arguments = [text for option in options for text in ("-o", option)]
    if fresh:
        try:
            _run(["apt-get", *arguments, "-qq", "update"], folder)
        except NotThere:
            shutil.rmtree(sources)
            raise
    return arguments


def _of_sources(kind: re.Match[str]) -> str:
    return "Types: deb-src" if kind[0].startswith("Types") else "deb-src"


def _run(command: list[object], folder: Path) -> None:
    try:
        done = subprocess.run(
            list(map(str, command)), cwd=folder, capture_output=True, text=True, timeout=240, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotThere(f"{command[0]} did not end within {error.timeout} seconds") from error
    if done.returncode:
        raise NotThere(" ".join(done.stderr.split())[-300:])


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as packed:
        for member in packed:
            name = member.name.replace("/", "__")
            if member.isfile() and name.lower().endswith((".xlsx", ".xlsm")) and "__._" not in name:
                stream = packed.extractfile(member)
                assert stream is not None
                (folder / name[-200:]).write_bytes(stream.read())
