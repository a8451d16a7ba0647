"""Calls as Excel makes them, and what the functions answer to them in the Python of the tests."""

import math

from test_catalogue import TESTED_ERRORS, example

from addin.calling import call
from addin.catalogue import ONE_CELL, Kind, catalogue
from addin.errors import CellError

SHOWN = {"#N/A", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#NAME?", "#REF!"}
"""Errors that Excel's JavaScript has; others are shown as #VALUE!."""


def examples():
    return [list(example(name)) for name in catalogue()]


def wrong():
    """What the tests of the metrics ask wrongly, as far as cells can hold it."""
    asked = [[name, list(raw)] for name, raw, *_ in TESTED_ERRORS]
    return [each for each in asked if in_cells(each[1])]


def in_cells(value):
    """Whether cells hold such values."""
    if isinstance(value, (list, tuple)):
        return bool(value or not isinstance(value, list)) and all(map(in_cells, value))
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, (int, str, CellError))


def made_up(name, chance):
    """A call with arguments of the right kinds, most of them sensible, and some of any kind."""
    params = catalogue()[name].params
    count = chance.choice([len(params), sum(param.required for param in params)])
    rows = chance.choice([1, 2, 5, 12, 80])
    return [name, [_argument(param, rows, chance) for param in params[:count]]]


def _argument(param, rows, chance):
    if chance.random() < 0.05:
        return chance.choice([None, "", "abc", True, -1.0, 0.0, 1e300, CellError("#N/A"), [[1.0, "x"], [None, 2.0]]])
    if param.kind in ONE_CELL and chance.random() > 0.05:
        return _cell(param, chance)
    cells = [[_cell(param, chance)] for _ in range(rows)]
    return [*cells, [None]] if chance.random() < 0.1 else cells


def _cell(param, chance):
    match param.kind:
        case Kind.CHOICE:
            return chance.choice(param.choices)
        case Kind.FLAG | Kind.FLAGS:
            return chance.random() < 0.5
        case Kind.DATE | Kind.DATES:
            return float(chance.randint(45000, 45400))
        case Kind.LABELS:
            return f"K{chance.randint(1, 30):03}"
        case Kind.SCORES:
            return float(chance.randint(1, 10))
    return chance.choice([chance.random(), float(chance.randint(0, 20)), chance.lognormvariate(3, 1)])


def as_sent(value):
    """An argument as Excel hands it over: rows of cells, errors described."""
    if value is None:
        return None
    rows = value if isinstance(value, (list, tuple)) else [[value]]
    rows = rows if rows and isinstance(rows[0], (list, tuple)) else [rows]
    return [[{"type": "Error", "basicValue": cell.code} if isinstance(cell, CellError) else cell for cell in row]
            for row in rows]  # fmt: skip


def expected(name, raw):
    """What the cells show, by the Python of the tests."""
    given = [None if value is None else [[_given(cell) for cell in row] for row in as_sent(value)] for value in raw]
    result = call(catalogue()[name], given)
    return [[_shown(cell) for cell in row] for row in (result if isinstance(result, list) else [[result]])]


def _given(cell):
    return CellError(cell["basicValue"]) if isinstance(cell, dict) else cell


def _shown(cell):
    if not isinstance(cell, CellError):
        return cell
    return {"error": cell.code if cell.code in SHOWN else "#VALUE!", "reason": cell.reason}
