"""The catalogue: each metric is declared once, and everything about it is read from its declaration."""

from __future__ import annotations

import importlib
import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, cached_property
from types import NoneType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from addin.reserved import BUILT_IN_FUNCTIONS, VBA_KEYWORDS, VBA_NAMES
from addin.values import ArrayLike, Scalar

F = TypeVar("F", bound=Callable[..., Any])
MISSING: Any = inspect.Parameter.empty
HELP_LIMIT = 255
"""Excel's function wizard shows no more."""


class Kind(Enum):
    """What a parameter takes. NUMBER, DATE, FLAG and CHOICE are one cell, the others a range."""

    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    NUMBERS = "numbers"
    SCORES = "scores"
    FLAGS = "flags"
    LABELS = "labels"
    DATES = "dates"

    __hash__ = object.__hash__  # Enum's own takes longer than the rest of a call with one number


ONE_CELL = frozenset({Kind.NUMBER, Kind.DATE, Kind.FLAG, Kind.CHOICE})

Number: TypeAlias = Annotated[float, Kind.NUMBER]
Date: TypeAlias = Annotated[float | str | date, Kind.DATE]
Flag: TypeAlias = Annotated[bool, Kind.FLAG]
Numbers: TypeAlias = Annotated[ArrayLike, Kind.NUMBERS]
Scores: TypeAlias = Annotated[ArrayLike, Kind.SCORES]
Flags: TypeAlias = Annotated[ArrayLike, Kind.FLAGS]
Labels: TypeAlias = Annotated[Sequence[str | None], Kind.LABELS]
Dates: TypeAlias = Annotated[ArrayLike | Sequence[date | None], Kind.DATES]
Table: TypeAlias = list[list[Any]]


class Cells(list[list[Any]]):
    """A table that holds nothing but text and finite numbers, so that nobody need look at each cell again."""


class NotedTable(list[list[Any]]):
    """A table with a sentence on what its numbers rest on, which the button Explain shows."""

    def __init__(self, rows: Table, note: str) -> None:
        super().__init__(rows)
        self.note = note


Result: TypeAlias = Scalar | list[list[Scalar]]

WANTED = {
    Kind.NUMBER: "a number",
    Kind.DATE: "a date",
    Kind.FLAG: "TRUE or FALSE",
    Kind.NUMBERS: "a range of numbers",
    Kind.SCORES: "a range of answers",
    Kind.FLAGS: "a range of TRUE and FALSE, or 1 and 0",
    Kind.LABELS: "a range of names or ids",
    Kind.DATES: "a range of dates",
}


class DeclarationError(Exception):
    """A metric is declared in a way that a spreadsheet would refuse."""


@dataclass(frozen=True, slots=True)
class Param:
    """One argument: what it takes, in which unit, and what it means when left out."""

    name: str
    kind: Kind
    help: str
    unit: str = ""
    default: Any = MISSING
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING

    @property
    def default_shown(self) -> str:
        """What counts when it is left out, in words; nothing where that is a list, or no value at all."""
        match self.default:
            case bool(flag):
                return str(flag).upper()
            case float(number) if not math.isnan(number):
                return f"{number:g}"
            case str(text):
                return text
        return ""

    @property
    def wanted(self) -> str:
        """What it takes, in words."""
        if self.kind is Kind.CHOICE:
            return " or ".join(f'"{choice}"' for choice in self.choices)
        return WANTED[self.kind]


@dataclass(frozen=True, slots=True)
class Example:
    """A formula that works in an empty workbook, and what it gives (rows, where it gives a table)."""

    formula: str
    gives: Result


@dataclass(frozen=True)
class Metric:
    """A function of the catalogue."""

    name: str
    family: str
    function: Callable[..., Any]
    params: tuple[Param, ...]
    returns: str
    gives_table: bool
    summary: str
    notes: str
    formula: str
    errors: str
    source: str
    example: Example
    columns: Mapping[str, type]
    """What columns of its table hold where that is no plain number or text: date, int, or object for ids."""

    @cached_property
    def takes_text_alone(self) -> bool:
        """Whether its ranges are all of names or ids, with no number or date beside them."""
        return {param.kind for param in self.params if param.kind not in ONE_CELL} == {Kind.LABELS}

    @property
    def signature(self) -> str:
        """The function as help shows it: NPS(scores, [scale])."""
        return f"{self.name}({', '.join(p.name if p.required else f'[{p.name}]' for p in self.params)})"


_declared: dict[str, Metric] = {}


@cache
def catalogue() -> dict[str, Metric]:
    """Every function of the catalogue by its name, whoever asks."""
    importlib.import_module("addin.metrics")  # the modules there declare them
    return _declared


def by_family() -> list[Metric]:
    """The catalogue, family by family in the order of declaration."""
    metrics = catalogue().values()
    families = list(dict.fromkeys(metric.family for metric in metrics))
    return sorted(metrics, key=lambda metric: families.index(metric.family))


def metric(
    name: str, *, family: str, returns: str, example: Example, columns: Mapping[str, type] | None = None
) -> Callable[[F], F]:
    """Declare a metric. The function is registered and returned unchanged.

    Each parameter is Annotated[kind, help] or Annotated[kind, help, unit]; `returns` names the
    unit and range of the answer, `columns` what those of a table hold. The docstring starts with
    the meaning in one line and ends with `Formula:`, `Errors:` and `Source:`.
    """
    if not family.isidentifier():
        raise DeclarationError(f"{name}: its family {family!r} is not one word, and VBA procedures are named after it")

    def declare(function: F) -> F:
        if function.__name__ != name.lower():
            raise DeclarationError(f"{name}: its Python function is called {function.__name__}, not {name.lower()}")
        _check_name(name)
        hints = get_type_hints(function, include_extras=True)
        params = tuple(_param(name, p, hints[p.name]) for p in inspect.signature(function).parameters.values())
        summary, notes, sections = _sections(name, function.__doc__ or "")
        _declared[name] = Metric(
            name=name, family=family, function=function, params=params, returns=returns,
            gives_table=_gives_table(name, hints.get("return")), summary=summary, notes=notes,
            formula=sections["Formula"], errors=sections["Errors"], source=sections["Source"], example=example,
            columns=columns or {},
        )  # fmt: skip
        return function

    return declare


def _check_name(name: str) -> None:
    faults = {
        "is declared already": name in _declared,
        "is not upper-case letters, digits and underscores": not re.fullmatch(r"[A-Z][A-Z0-9_]*", name),
        "looks like a cell address": re.fullmatch(r"[A-Z]{1,3}\d+|R\d*(C\d*)?|C\d*", name) is not None,
        "is a VBA keyword": name.lower() in VBA_KEYWORDS,
        "is a built-in function of Excel or Calc": name in BUILT_IN_FUNCTIONS,
        "is a name in our VBA": name.lower() in VBA_NAMES,
    }
    for fault, present in faults.items():
        if present:
            raise DeclarationError(f"{name} {fault}: choose another name")


def _param(metric_name: str, declared: inspect.Parameter, hint: Any) -> Param:
    where = f"{metric_name}, argument {declared.name}"
    base, *notes = get_args(hint) or (hint,)
    if NoneType in get_args(base):  # Numbers | None, for a range that may be left out
        base, *inner = get_args(next(kind for kind in get_args(base) if kind is not NoneType))
        notes += inner
    kinds = [note for note in notes if isinstance(note, Kind)]
    choices = get_args(base) if get_origin(base) is Literal else ()
    if len(kinds) != 1 and not choices:
        raise DeclarationError(f"{where}: its type is not one of {', '.join(kind.value for kind in Kind)}")
    texts = [note for note in notes if isinstance(note, str)]
    if not texts or not texts[0] or len(texts[0]) > HELP_LIMIT:
        raise DeclarationError(f"{where}: its help is needed, in 1 to {HELP_LIMIT} characters")
    if declared.name.lower() in VBA_KEYWORDS:
        raise DeclarationError(f"{where}: the name is a VBA keyword")
    return Param(
        name=declared.name,
        kind=Kind.CHOICE if choices else kinds[0],
        help=texts[0],
        unit=texts[1] if len(texts) > 1 else "",
        default=declared.default,
        choices=choices,
    )


def _gives_table(name: str, hint: Any) -> bool:
    if hint in (float, str, bool):
        return False
    if hint == Table or get_origin(hint) is tuple:
        return True
    raise DeclarationError(f"{name}: it returns {hint}, not a float, a str, a bool, a tuple or a Table")


def _sections(name: str, docstring: str) -> tuple[str, str, dict[str, str]]:
    """A docstring as summary, notes, and its labelled last paragraphs."""
    text = inspect.cleandoc(docstring)
    found = dict.fromkeys(("Formula", "Errors", "Source"), "")
    *paragraphs, labelled = text.split("\n\n")
    for label, content in re.findall(r"^(Formula|Errors|Source): (.*(?:\n(?!\w+: ).*)*)", labelled, re.MULTILINE):
        found[label] = " ".join(content.split())
    if missing := [label for label, content in found.items() if not content]:
        raise DeclarationError(f"{name}: its docstring lacks {', '.join(missing)} in the last paragraph")
    summary = " ".join(paragraphs[0].split()) if paragraphs else ""
    if not summary or len(summary) > HELP_LIMIT:
        raise DeclarationError(f"{name}: its help is {len(summary)} characters, not 1 to {HELP_LIMIT}")
    return summary, "\n\n".join(" ".join(p.split()) for p in paragraphs[1:]), found
