"""Where the project's own files are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

from addin.errors import BookError

PACKAGE = Path(__file__).parent
TEMPLATE = "workbook_template.xlsm"


def template() -> Path:
    """The template workbook: beside the package in a checkout, inside it when installed."""
    for path in (PACKAGE / TEMPLATE, PACKAGE.parent / TEMPLATE):
        if path.is_file():
            return path
    raise BookError(f"{TEMPLATE} is missing from this installation; install return-on-customer again")


def checkout() -> Path:
    """The root of the source tree this package runs from."""
    root = PACKAGE.parent
    project = root / "pyproject.toml"
    if project.is_file() and 'name = "return-on-customer"' in project.read_text(encoding="utf-8"):
        return root
    raise BookError("roc build works in a checkout of the project, and this package is installed elsewhere")
