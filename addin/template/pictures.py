"""A picture of the Dashboard, drawn by LibreOffice and pdftoppm and trimmed by Pillow."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from addin.errors import BookError
from addin.files import program_on_path

SHEET = "Dashboard"
DOTS_PER_INCH = 110
MARGIN = 12
FOOTER_GAP = 2 * MARGIN
"""White rows that part the page's footer from what stands above it."""

TIME_LIMIT = 180
STARTS = 3
"""A fresh profile of LibreOffice may leave its first start unfinished."""


def dashboard(book: bytes, soffice: str) -> bytes:
    """The Dashboard of a calculated template as a PNG file."""
    pdftoppm = program_on_path("pdftoppm")
    if pdftoppm is None:
        raise BookError("pdftoppm, which draws the picture, is not on the path; install poppler-utils")
    with tempfile.TemporaryDirectory(prefix="roc-", ignore_cleanup_errors=True) as folder:
        pdf = _printed(book, soffice, Path(folder))
        command = [pdftoppm, "-png", "-r", str(DOTS_PER_INCH), "-singlefile", str(pdf)]
        page = subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=True)  # noqa: S603  # a fixed command
    return trimmed(page.stdout)


def _printed(book: bytes, soffice: str, folder: Path) -> Path:
    """The sheet's page as PDF: the sheets before it take a page each."""
    source, target = folder / "book.xlsm", folder / "out" / "book.pdf"
    source.write_bytes(book)
    page = load_workbook(BytesIO(book), read_only=True).sheetnames.index(SHEET) + 1
    options = f'pdf:calc_pdf_Export:{{"PageRange":{{"type":"string","value":"{page}"}}}}'
    command = [
        soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", options, "--outdir", str(target.parent), str(source),
    ]  # fmt: skip
    for _ in range(STARTS):
        subprocess.run(command, capture_output=True, timeout=TIME_LIMIT, check=False)  # noqa: S603  # a fixed command
        if target.exists():
            return target
    raise BookError("LibreOffice did not print the Dashboard; close it and try again")


def trimmed(png: bytes) -> bytes:
    """The picture alone, with a margin: the footer and the page's white left out."""
    import numpy as np
    from PIL import Image

    image = Image.open(BytesIO(png)).convert("RGB")
    drawn = (np.asarray(image) != 255).any(axis=2)  # white is the paper
    rows = np.flatnonzero(drawn.any(axis=1))
    blocks = np.split(rows, np.flatnonzero(np.diff(rows) > FOOTER_GAP) + 1)
    rows = max(blocks, key=len)
    columns = np.flatnonzero(drawn[rows[0] : rows[-1] + 1].any(axis=0))
    left, top = max(0, columns[0] - MARGIN), max(0, rows[0] - MARGIN)
    stream = BytesIO()
    image.crop((left, top, columns[-1] + MARGIN, rows[-1] + MARGIN)).save(stream, "PNG", optimize=True)
    return stream.getvalue()
