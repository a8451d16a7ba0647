"""The rejected rows as a file: as they were, with where they stood and why they were rejected."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from addin.actions.book import text_of
from addin.actions.load_plan import Preview
from addin.errors import already_there
from addin.files import write_whole

PLACE, REASON = "Rejected row", "Rejected because"


def write_rejected(plan: Preview, target: Path) -> None:
    """Write them as CSV in UTF-8, which can be corrected and loaded again; the target must not be there."""
    if target.exists():
        raise already_there(target)
    headings = list(dict.fromkeys(heading for cells in plan.rejected_cells for heading in cells if heading))
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([*headings, PLACE, REASON])
    for problem, cells in zip(plan.rejected, plan.rejected_cells, strict=True):
        rows.writerow([*(text_of(cells.get(heading)) for heading in headings), problem.place, problem.reason])
    write_whole(target, b"\xef\xbb\xbf" + text.getvalue().encode())
