"""What runs where no Python is installed, as archives made of the package's own sources."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from addin.files import PACKAGE

CORE = (
    "__init__.py", "arguments.py", "calling.py", "catalogue.py", "errors.py", "headings.py", "month_names.py",
    "reserved.py", "scores.py", "values.py", "metrics/*.py", "models/*.py",
    "hosts/__init__.py", "hosts/web/__init__.py", "hosts/web/bridge.py", "hosts/web/lite_bridge.py",
)  # fmt: skip
"""What a call from a cell loads."""
FOR_BUTTONS = (
    "actions/*.py", "archive.py", "buttons.py", "exports/*.py", "exports/*.toml", "files.py", "function_names.py",
    "our_calls.py", "present.py", "schema/*.py", "schema/tables/*.py", "tabular/*.py",
    "template/__init__.py", "template/languages/*.toml", "template/predictions.py", "template/presets/*.py",
    "template/presets/*.toml", "template/texts.py", "windows.py",
    "xlsx/*.py",
    "hosts/web/press.py", "hosts/web/saved_copy.py", "hosts/web/snapshot.py", "hosts/web/snapshot_book.py",
)  # fmt: skip
"""What a button loads beside it."""
LIBRARIES = ("openpyxl", "et_xmlfile", "platformdirs")
"""Python alone, and not among Pyodide's packages."""
FIRST_DATE = (1980, 1, 1, 0, 0, 0)


def core() -> bytes:
    """The archive of the functions, the same at every build."""
    return _archive([(PACKAGE, CORE)])


def for_buttons() -> bytes:
    """The archive of what buttons need beside it, with the libraries."""
    return _archive([(PACKAGE, FOR_BUTTONS), *((_folder(name), ("**/*.py",)) for name in LIBRARIES)])


def _folder(library: str) -> Path:
    spec = find_spec(library)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _archive(packages: Iterable[tuple[Path, Sequence[str]]]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for package, patterns in packages:
            for file in (file for pattern in patterns for file in sorted(package.glob(pattern))):
                name = f"{package.name}/{file.relative_to(package).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name, FIRST_DATE), file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()
