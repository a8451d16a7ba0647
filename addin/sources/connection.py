"""A connection to a source: its columns, and its answers to questions."""
# ruff: noqa: N806  # F and Window are the names that PySpark's users know

from __future__ import annotations

import errno
import logging
import operator
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any, TypeVar

from addin.errors import BookError, SourceError, fault
from addin.scores import number_in
from addin.sources import aggregates
from addin.sources.aggregates import QUESTIONS, Frame
from addin.sources.answer_cells import filter_value, typed_rows, with_lost
from addin.sources.engine_choice import open_engine
from addin.sources.query_engine import Engine, Wanted
from addin.sources.source import Kind, Source
from addin.sources.timeout import limited
from addin.tabular import unit_named
from addin.tabular.cells import text_cell
from addin.values import quoted

Result = TypeVar("Result")

logger = logging.getLogger("addin.sources")

ORDERS: Mapping[str, Kind] = {"id": "text", "date": "date", "amount": "number"}
ANSWERS: Mapping[str, Kind] = {"score": "number", "date": "date", "segment": "text"}
READABLE = {"text": ("text", "number"), "date": ("date", "text"), "number": ("number", "text")}
"""What is wanted of a column to what it may hold."""
MOST_ANSWERS = 2_000
"""Different texts for the answers from 0 to 10 in a column; with more it holds none."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
HELD = {"text": "a text", "number": "a number", "date": "a date", "flag": "a flag", "other": "something else"}
TYPES = {"text": "string", "number": "double", "date": "date", "flag": "boolean"}
COMPARE = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """An aggregate: whole numbers, dates and texts, in the order of its first columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def column(self, name: str) -> list[Any]:
        """The cells of one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def without_last(self) -> Answer:
        """Without its last column, which was for us alone."""
        return Answer(self.columns[:-1], [row[:-1] for row in self.rows])


class Connection:
    """A source, open for questions. Use `connect`."""

    def __init__(self, source: Source, engine: Engine, cancelled: Callable[[], bool]) -> None:
        self.source = source
        self._engine = engine
        self._cancelled = cancelled
        self._rejected = self._low = ""
        self._unit = unit_named(source.amount)

    @property
    def columns(self) -> Mapping[str, Kind]:
        """The columns of the table, and what they hold."""
        return self._engine.columns

    @property
    def notes(self) -> Sequence[str]:
        """Texts that can be read two ways, and how they were read."""
        unit = f"{self.source.amount} is {self._unit.note}" if self._unit else ""
        return [*self._engine.notes, *filter(None, (unit, self._rejected, self._low))]

    def ask(self, name: str, end: date | None = None) -> Answer:
        """An aggregate, see QUESTIONS; orders and answers after the day `end` do not count."""
        question = QUESTIONS[name]
        to = self._engine.dialect
        wanted = self._wanted(ANSWERS if question.of_answers else ORDERS)

        def typed() -> Frame:
            rows = self._filtered(wanted)
            return aggregates.answers(rows, to) if question.of_answers else aggregates.orders(rows, to, self._unit)

        def work() -> list[tuple[Any, ...]]:
            rows = self._engine.prepared("answers" if question.of_answers else "orders", typed)
            if end is not None:
                rows = aggregates.until(rows, to, end)
            begin = question.begin
            if begin is not None and end is None:
                rows = self._engine.prepared(begin.__name__, partial(begin, rows, to), "orders")
            elif begin is not None:
                rows = begin(rows, to)
            if question.of_answers:
                texts = (
                    self._texts_by_score(rows, "score", wanted["score"].column)
                    if wanted["score"].kind == "text"
                    else None
                )
                rows = aggregates.scored(rows, to, texts)
            return self._engine.collect(question.make(rows, to, end))

        columns = tuple(question.columns)
        raw = self._run(work)
        if question.of_answers:
            self._note_rejected(sum(row[columns.index("answers")] for row in raw if row[1] is None))
            raw = [row for row in raw if row[1] is not None]
        found = typed_rows(question.columns.values(), raw)
        answer = Answer(columns, sorted(found))
        if not answer.rows or (name == "totals" and not answer.column("orders")[0]):
            needed = "score and a date" if question.of_answers else "customer, a date and an amount"
            raise self._error(f"no row has a {needed}; see the filter, and whether the table is filled")
        if name == "totals":
            self._note_rejected(sum(answer.column("rejected")))
            return answer.without_last()
        if name == "movement":
            return Answer(columns, with_lost(answer.rows))
        if name == "nps":
            return self._on_scale(answer)
        return answer

    def texts(self, column: str) -> Mapping[str, int]:
        """What a column of the rows that the filter keeps holds, each text with how often it stands there."""
        F = self._engine.dialect.F

        def work() -> list[tuple[Any, ...]]:
            rows = self._filtered({"held": Wanted(column, "text")})
            return self._engine.collect(rows.groupBy("held").agg(F.count("*").alias("rows")).limit(MOST_ANSWERS))

        return {str(text): count for text, count in self._run(work) if text is not None}

    def _wanted(self, kinds: Mapping[str, Kind]) -> dict[str, Wanted]:
        return {name: self._readable(name, kind) for name, kind in kinds.items()}

    def _readable(self, name: str, kind: Kind) -> Wanted:
        column = self._column(getattr(self.source, name), name)
        found = self.columns[column]
        if found not in READABLE[kind]:
            raise self._error(f"the {name} column {column!r} holds no {kind} but {HELD[found]}; name another column")
        return Wanted(column, "text" if name == "score" and found == "text" else kind)

    def _texts_by_score(self, rows: Frame, held_in: str, column: str) -> dict[float, list[str]]:
        """The texts of the score column by the score that each is: by the one rule for answers, in every engine."""
        there = rows.where(self._engine.dialect.F.col(held_in).isNotNull())
        found = self._engine.collect(there.select(held_in).distinct().limit(MOST_ANSWERS + 1))
        if len(found) > MOST_ANSWERS:
            raise self._error(
                f"the score column {column!r} holds more than {MOST_ANSWERS:,} different texts, and no answers from 0 "
                "to 10; name another column"
            )
        by_score: dict[float, list[str]] = {}
        for (text,) in found:
            answer = text_cell(text)
            if not isinstance(answer, str):
                continue  # says that nothing is there
            score = number_in(answer)
            if score is None:
                raise self._error(
                    f"the score column {column!r} holds the text {quoted(answer)}, which is no answer from 0 to 10; "
                    "write it as 9, 9/10 or '9 - very likely', or set a filter"
                )
            by_score.setdefault(score, []).append(text)
        return by_score

    def _column(self, column: str, name: str) -> str:
        if not column:
            raise self._error(f"no {name} column is named; fill it in the Sources table")
        if column in self.columns:
            return column
        alike = [there for there in self.columns if there.casefold() == column.casefold()]
        if len(alike) == 1:
            return alike[0]
        there = list(self.columns)
        shown = ", ".join(there[:30]) + (f" and {len(there) - 30} more" if len(there) > 30 else "")
        raise self._error(f"there is no column {column!r}; there are: {shown}")

    def _filter_column(self) -> dict[str, Wanted]:
        if not self.source.filter_column:
            return {}
        column = self._column(self.source.filter_column, "filter")
        value = self._values(column)[0]
        kind: Kind = "text"
        if isinstance(value, bool):
            kind = "flag"
        elif isinstance(value, (int, float)):
            kind = "text" if self._holds_written_scores(column) else "number"
        elif isinstance(value, date):
            kind = "date"
        return {"kept_by": Wanted(column, kind)}

    def _holds_written_scores(self, column: str) -> bool:
        """Whether a column holds answers as people write them, such as 9/10: they are compared by their scores."""
        return self.columns[column] == "text" and column.casefold() == self.source.score.casefold()

    def _values(self, column: str) -> list[Any]:
        value = self.source.value
        values = value.split(";") if self.source.operator == "in" and isinstance(value, str) else [value]
        if self._holds_written_scores(column):
            scores = [number_in(value) if isinstance(value, str) else value for value in values]
            return values if None in scores else scores
        of_dates = self.columns[column] == "date" or column == self.source.date
        try:
            return [filter_value(value, of_dates, self.columns[column] == "number") for value in values]
        except ValueError:
            needed = "dates as 2026-12-31" if of_dates else "numbers"
            raise self._error(
                f"the filter's value {self.source.value!r} does not fit {column!r}; give {needed}"
            ) from None

    def _filtered(self, wanted: Mapping[str, Wanted]) -> Frame:
        return self._where(self._engine.frame({**wanted, **self._filter_column()}))

    def _where(self, frame: Frame) -> Frame:
        """The rows that the source's filter keeps; its value is a literal, never part of a query."""
        to = self._engine.dialect
        F = to.F
        for column, kind in self._filter_column().values():
            values = self._values(column)
            if kind == "text" and isinstance(values[0], (int, float)):
                kept_by = aggregates.score_of(F.col("kept_by"), to, self._texts_by_score(frame, "kept_by", column))
                literals = [_literal(F, value, "number") for value in values]
            else:
                kept_by = F.col("kept_by").cast(TYPES[kind])
                literals = [_literal(F, value, kind) for value in values]
                if kind == "text":
                    kept_by, literals = F.lower(kept_by), [F.lower(literal) for literal in literals]
            if self.source.operator == "in":
                frame = frame.where(kept_by.isin(*literals))
            elif self.source.operator == "<>":
                frame = frame.where((kept_by != literals[0]) | kept_by.isNull())
            else:
                frame = frame.where(COMPARE[self.source.operator](kept_by, literals[0]))
        return frame

    def _on_scale(self, answer: Answer) -> Answer:
        if wrong := sum(answer.column("off_scale")):
            raise self._error(
                f"{wrong} answers are off the scale from 0 to 10; name another score column or set a filter"
            )
        if sum(answer.column("low")) == sum(answer.column("answers")):
            self._low = (
                f"no answer in {self.source.score!r} is from 6 to 10 or 0; as stars, they would all be detractors"
            )
        return answer.without_last().without_last()

    def _note_rejected(self, count: int) -> None:
        if count:
            rows = "1 row has" if count == 1 else f"{count:,} rows have"
            self._rejected = f"{rows} a date or an amount that cannot be read, or that no sheet can show; left out"

    def _run(self, work: Callable[[], Result]) -> Result:
        with _explained(self.source, self._engine):
            return limited(work, self._engine.interrupt, self.source.seconds, self._cancelled)

    def _error(self, sentence: str) -> SourceError:
        return SourceError(f"{self.source.name}: {sentence}")


def _literal(F: ModuleType, value: Any, kind: Kind) -> Any:  # noqa: N803  # as above
    if kind == "date":
        return F.lit(value.isoformat()).cast("date")
    return F.lit(float(value) if kind == "number" else value)


@contextmanager
def connect(
    source: Source, cancelled: Callable[[], bool] = lambda: False, folder: Path | None = None
) -> Iterator[Connection]:
    """Open a source; a relative location counts from the folder, which is the current one when left out."""
    stopped = Event()
    with _explained(source):
        place = (folder or Path.cwd()).absolute()
        engine = limited(lambda: open_engine(source, place, stopped.is_set), stopped.set, source.seconds, cancelled)
    try:
        yield Connection(source, engine, cancelled)
    finally:
        engine.close()


@contextmanager
def _explained(source: Source, engine: Engine | None = None) -> Iterator[None]:
    """Whatever goes wrong inside is one sentence that names the source; the log has the details."""
    try:
        yield
    except SourceError as error:
        logger.info("%s: %s", source.name, error, exc_info=error.__cause__)
        raise type(error)(f"{source.name}: {str(error).removeprefix(f'{source.name}: ')}") from error.__cause__
    except BookError as error:
        raise SourceError(f"{source.name}: {error}") from error
    except OSError as error:
        logger.info("%s", source.name, exc_info=True)
        do = f"make room in {tempfile.gettempdir()}" if error.errno in FULL else "see that it is there and may be read"
        what = error.filename or source.location
        raise SourceError(f"{source.name}: {what}: {error.strerror or error}; {do}") from error
    except MemoryError:
        raise
    except Exception as error:
        logger.info("%s", source.name, exc_info=True)
        if engine is not None and isinstance(error, engine.errors):
            raise SourceError(f"{source.name}: {engine.explain(error)}") from error
        raise SourceError(f"{source.name}: {fault('asking it', error)}") from error
