"""What windows ask for, as rows of fields, for the hosts that draw them from such rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from addin.actions.book import Book, Cancelled
from addin.actions.forms import Form, form_fields
from addin.actions.load import preview
from addin.actions.load_plan import Preview
from addin.actions.mapping import NotMapped
from addin.errors import BookError
from addin.schema import typed_columns
from addin.tabular import read_file

REPLACE, APPEND = "Replace the rows there", "Append to the rows there"
NO_COLUMN, BY_HEADINGS = "(none)", "(by the headings)"
WHERE, SHEET, HEADING_ROW, READ = "Where", "Sheet", "HeadingRow", "Read "
OF_THE_FILE = {WHERE: "Only rows where", SHEET: "Sheet of the file", HEADING_ROW: "Headings in row"}
"""What may be typed about a file; Currency=EUR keeps the rows of one currency."""
TO_BE_GIVEN = "* has to be given"
_MAP = re.compile(r'--map "([^"=]+)=([^"]*)"')


def row(name: str, label: str, value: object, choices: Sequence[str] = ()) -> dict[str, Any]:
    """A row of a window: a box to tick for True or False, a list where there are choices, else a line to type in."""
    return {"name": name, "label": label, "value": value, "choices": list(choices)}


def entry_rows(book: Book, form: Form) -> list[dict[str, Any]]:
    """The rows of a window in which one row of a table is typed."""
    return [
        row(field.name, f"{field.name} *" if field.required else field.name, field.value, field.choices)
        for field in form_fields(book, form)
    ]


def in_window(sentence: str, *, column: str = r"\1 from \2", rows: str = OF_THE_FILE[WHERE]) -> str:
    """A sentence that names options of the command, in the words of a window that has them as fields."""
    return _MAP.sub(column, sentence.replace('" --map "', '", --map "')).replace("--where", rows)


def load_window(
    book: Book, paths: Sequence[Path], values: Mapping[str, Any]
) -> tuple[Preview | None, str, list[dict[str, Any]]]:
    """What loading files would do by what stands in the window, or None and why it cannot be told; and its rows.

    Where only some headings are to be named, the table that they fit and the others are filled in.
    """
    try:
        plan, problem = _plan(book, paths, values), ""
    except Cancelled:
        raise
    except BookError as error:
        plan, problem = None, in_window(str(error))
        if isinstance(error, NotMapped):
            values = {**values, "Table": error.table, **error.found}
    return plan, problem, _load_rows(book, paths[0], plan, values)


def _plan(book: Book, paths: Sequence[Path], values: Mapping[str, Any]) -> Preview:
    table, where, heading_row = (str(values.get(name, "")) for name in ("Table", WHERE, HEADING_ROW))
    table = "" if table == BY_HEADINGS else table
    columns = book.table(table).typed if table else []
    mapping = {name: values[name] for name in columns if values.get(name) not in (None, "", NO_COLUMN)}
    read = {name.removeprefix(READ): str(way) for name, way in values.items() if name.startswith(READ)}
    heading, _, text = where.partition("=")
    if (where and not text) or (heading_row and not heading_row.isdigit()):
        raise BookError(
            f"{where or heading_row} cannot be: rows are kept by HEADING=TEXT, and the headings have a row's number"
        )
    return preview(
        book, paths, table=table, mapping=mapping, append=values.get("Rows") == APPEND,
        ways={name: way.rpartition(", ")[2] for name, way in read.items()}, sheet=str(values.get(SHEET, "")),
        heading=int(heading_row or 0), where={heading.strip(): text.strip()} if text else {},
    )  # fmt: skip


def _load_rows(book: Book, path: Path, plan: Preview | None, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the window that loads files, as the plan fills them in, or what stood in them before."""
    tables = [name for name in book.tables() if typed_columns(name)] or book.tables()
    table = plan.table if plan else str(values.get("Table", BY_HEADINGS))
    mapping = plan.mapping if plan else values
    rows = [
        row("Table", "Table", table, [BY_HEADINGS, *tables]),
        row("Rows", "Rows", values.get("Rows", REPLACE), [REPLACE, APPEND]),
        *(row(name, label, values.get(name, "")) for name, label in OF_THE_FILE.items()),
    ]
    for name, unclear in plan.unclear.items() if plan else ():
        ways = [f"{meaning}, {way}" for way, meaning in unclear.ways.items()]
        chosen = values.get(f"{READ}{name}", ways[0])
        rows.append(row(f"{READ}{name}", f"{name}: {unclear.text} is", chosen, ways))
    headings = _headings(path, plan)
    for name in book.table(table).typed if table != BY_HEADINGS else ():
        choices = [NO_COLUMN, *headings, *({mapping[name]} - set(headings) if name in mapping else ())]
        listed = row(name, f"{name} from, or =TEXT", mapping.get(name, NO_COLUMN), list(dict.fromkeys(choices)))
        rows.append(listed | {"typed": True})
    return rows


def _headings(path: Path, plan: Preview | None) -> list[str]:
    """The headings that may be chosen."""
    if plan:
        return [heading for heading in plan.headings if heading]
    try:
        return [heading for heading in read_file(path).headings if heading]
    except BookError:
        return []
