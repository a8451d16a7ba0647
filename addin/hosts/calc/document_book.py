"""A document that is open in LibreOffice as actions see it: the extension answers each question about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

from addin.actions import refusals
from addin.actions.book import NOTE_PREFIX, Cancelled, Change, OurCell, Question, Table, Value
from addin.actions.rows_beneath import with_rows_beneath
from addin.actions.table_edit import table_edit
from addin.errors import BookError, CellError
from addin.hosts.calc.extension import frames
from addin.hosts.calc.function_server import arguments
from addin.values import Scalar


class CalcBook:
    """A document in LibreOffice as a Book."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming, self._outgoing = incoming, outgoing
        self.agreed: set[str] = set()
        """The keys of questions that were answered with yes before they are asked."""
        self._stale = False
        self._tables: dict[str, Table] = {}
        """The tables as they were read since the last change."""
        self._title = str(self.request("title"))

    def request(self, do: str, *, ranges: Sequence[Sequence[tuple[Any, ...]]] | None = None, **head: Any) -> Any:
        """The extension's answer to a request; Cancelled or a BookError where it has none."""
        cells = b""
        if ranges is not None:
            head["listed"], cells = frames.packed([tuple(rows) for rows in ranges])
        frames.send(self._outgoing, {"do": do, **head}, cells)
        answer, raw = frames.receive(self._incoming)
        if "cancelled" in answer:
            raise Cancelled if answer["cancelled"] else Cancelled("")
        if "wrong" in answer:
            raise self._error(**answer["wrong"])
        if "listed" in answer:
            answer["ranges"] = arguments(answer["listed"], raw)
            return answer
        return answer["value"]

    def _error(self, what: str, **details: Any) -> BookError:
        """What the extension could not do, in the words of every host."""
        match what:
            case "no cell":
                return refusals.no_cell(self.title, details["place"])
            case "no step":
                return refusals.no_step(self.title)
            case "not empty":
                return refusals.not_empty(
                    self.title, details["sheet"], details["cell"], details["table"], details["last"]
                )
            case "password":
                return refusals.password_protected(details["sheet"])
            case _:
                return BookError(details["text"])

    @property
    def title(self) -> str:
        """The document's file, or its title where it has none yet."""
        return self._title

    def tables(self) -> list[str]:
        """The names of its tables."""
        return list(self.request("tables"))

    def table(self, name: str) -> Table:
        """A table with its values."""
        if name in self._tables:
            return self._tables[name]
        there = self.tables()
        own = next((each for each in there if each.lower() == name.lower()), None)
        if own is None:
            raise refusals.no_table(self.title, name, there)
        found = self.request("table", name=own)
        columns: dict[str, Sequence[Value]] = {}
        given = iter(found["ranges"])
        for column, cells in zip(found["columns"], given, strict=False):
            values: list[Value] = [None if cell == "" else cell for (cell,) in cells]
            columns[column] = values + [None] * (found["rows"] - len(values))
        place = found["sheet"], found["top"], found["left"], found["rows"]
        table = Table(own, *place, columns, frozenset(found["calculated"]), found["has_totals"])
        beneath = {
            number: [None if cell == "" else cell for cell in row]
            for number, row in enumerate(next(given, []), start=found["beneath"])
            if any(cell != "" for cell in row)
        }
        self._tables[name] = with_rows_beneath(table, beneath)
        return self._tables[name]

    def names(self) -> frozenset[str]:
        """The names defined for the whole document."""
        return frozenset(self.request("names"))

    def cells(self, place: str) -> list[list[Value]]:
        """What an area shows."""
        (rows,) = self.request("cells", place=place)["ranges"]
        return [[None if cell == "" else cell for cell in row] for row in rows]

    def notes(self) -> dict[str, str]:
        """The texts that the add-in keeps in the document."""
        return {
            name.removeprefix(NOTE_PREFIX): text for name, text in self.request("notes", prefix=NOTE_PREFIX).items()
        }

    @contextmanager
    def action(self, title: str) -> Iterator[None]:
        """One action, which is one step of LibreOffice's Undo."""
        self.request("begin", title=title)
        try:
            yield
            if self._stale:
                self.calculate()
        except BaseException:
            self._changed(stale=False)
            self.request("end", keep=False)
            raise
        self.request("end", keep=True)

    def write(self, change: Change) -> None:
        """Write a change."""
        tables: list[dict[str, Any]] = []
        ranges: list[list[tuple[Any, ...]]] = []
        for name in dict.fromkeys([*change.rows, *change.filled]):
            table = self.table(name)
            edit = table_edit(self.title, table, change.rows.get(name), change.filled.get(name, {}))
            tables.append({
                "name": table.name, "start": edit.start, "bottom": table.bottom, "last": edit.last,
                "columns": {column: start for column, (start, _) in edit.values.items()}, "formulas": edit.formulas,
            })  # fmt: skip
            ranges += [[(_outgoing(value),) for value in values] for _, values in edit.values.values()]
        for value in change.cells.values():
            ranges.append([tuple(map(_outgoing, row)) for row in (value if isinstance(value, list) else [[value]])])
        notes = {f"{NOTE_PREFIX}{name}": text for name, text in change.notes.items()}
        self.request(
            "write", tables=tables, cells=list(change.cells), formulas=change.formulas, notes=notes, ranges=ranges
        )
        self._changed(stale=True)

    def _changed(self, *, stale: bool) -> None:
        self._stale = stale
        self._tables.clear()

    def calculate(self) -> list[OurCell]:
        """Recalculate what depends on what was written, and the cells that call our functions."""
        found = self.request("calculate")
        self._changed(stale=False)
        return [
            OurCell(cell["place"], cell["formula"], [[_incoming(value) for value in row] for row in cell["values"]])
            for cell in found
        ]

    def status(self, doing: str, done: int = 0, of: int = 0) -> None:
        """Show what is being done."""
        self.request("status", doing=doing, done=done, of=of)

    def ask(self, question: Question) -> bool:
        """Whether the user agrees."""
        return question.key in self.agreed or bool(self.request("ask", question=question.text))

    def undo(self) -> str:
        """Take back the last step of LibreOffice's Undo."""
        return str(self.request("undo"))

    def leave_out_personal(self) -> NoReturn:
        """Only a copy of a file can be put together anew."""
        raise refusals.only_a_copy(self.title)

    def copy(self, target: Path) -> NoReturn:
        """LibreOffice cannot freeze every table rightly; the file's own back end can."""
        raise BookError(f"{target} cannot be made here; close it and run roc share on its file")


def _outgoing(value: Value) -> Scalar:
    if isinstance(value, CellError):
        return frames.nan_with(frames.ERROR_CODES.get(value.code, frames.ERROR_CODES["#VALUE!"]))
    return "" if value is None else float(value) if isinstance(value, bool) else value


def _incoming(value: Any) -> Value:
    if isinstance(value, dict):
        return CellError(value["error"])
    return None if value == "" else value
