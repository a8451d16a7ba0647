"""A formula's whole way without Excel: VBA in pyOpenVBA's interpreter, xlwings' real server, the metric, and back."""

import re

import fake_windows
import pyopenvba.apps.excel._bridge as bridge
from pyopenvba.apps.excel import ExcelApplication, Range, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAObject, method
from pyopenvba.interpreter._objects import MemberSpec

from addin.errors import CellError
from addin.hosts.excel.workbook_files import vba_sources

PROCEDURE_ATTRIBUTE = re.compile(r"^Attribute \w+\..*\n", re.MULTILINE)
CELL = r'"(?:[^"]|"")*"|[^,]+'
ARGUMENT = re.compile(r'(\{[^}]*\}|"(?:[^"]|"")*"|[^,]*),')
REFERENCE = re.compile(r"(\w+!)?\$?[A-Z]*\$?\d*:\$?[A-Z]*\$?\d*|(\w+!)?[A-Z]+\d+")
STARTER = 'Public Function XLPy() As Object\n  Set XLPy = CreateObject("Test.XLPython")\nEnd Function\n'
"""Stands for xlwings' module, whose DLL starts Python."""


def whole(area):
    """Whether an area has more rows or columns than a test fills: only such a one is read up to the used range.

    The interpreter leaves the blank end of any range out, which Excel does not.
    """
    return area.bottom - area.top > 9999 or area.right - area.left > 999


def to_com(value, workbook=None):
    """A VBA value as COM hands it over; the active workbook is the one that a test gives."""
    if isinstance(value, VBAArray):
        if len(value.bounds) == 1:
            low, high = value.bounds[0]
            return tuple(to_com(value.get([i]), workbook) for i in range(low, high + 1))
        (top, bottom), (left, right) = value.bounds
        return tuple(tuple(to_com(value.get([r, c])) for c in range(left, right + 1)) for r in range(top, bottom + 1))
    if value is EMPTY:
        return None
    if value is MISSING:
        return fake_windows.MISSING
    if isinstance(value, VBAErrorValue):
        return fake_windows.COM_ERROR + value.number
    if isinstance(value, Workbook):
        assert workbook is not None, "no workbook is handed over here"
        return workbook
    if isinstance(value, (bool, str)):
        return value
    return int(value) if isinstance(value, int) else float(value)


def from_com(value):
    """A Python value as COM hands it to VBA: lists of one length become arrays from 0 on."""
    if not isinstance(value, (list, tuple)):
        return value
    rows = value if value and isinstance(value[0], (list, tuple)) else None
    if rows is None:
        return VBAArray([(0, len(value) - 1)], items=list(value))
    columns = list(zip(*rows, strict=True))
    bounds = [(0, len(rows) - 1), (0, len(columns) - 1)]
    return VBAArray(bounds, items=[cell for column in columns for cell in column])


class Server(VBAObject):
    """xlwings' server behind COM."""

    def __init__(self, chain):
        self.chain = chain

    @method(name="CallUDF")
    def call_udf(self, module, function, arguments):
        self.chain.calls.append((function, to_com(arguments, self.chain.workbook)))
        if self.chain.dies > 0 or function == self.chain.dies_on:
            self.chain.dies -= 1
            raise VBARuntimeError(-2147023174, "The RPC server is unavailable.")
        return from_com(fake_windows.call_udf(function, *to_com(arguments, self.chain.workbook), module=module))


class Chain:
    """Excel with our modules in it."""

    def __init__(self, monkeypatch, *modules):
        self.calls = []
        self.workbook = None
        self.starts = 0
        self.dies = 0
        self.dies_on = ""
        self.refuses = False
        clipped = Range.bounded
        monkeypatch.setattr(Range, "bounded", lambda cells: clipped(cells) if whole(cells.first) else cells.first)
        monkeypatch.setattr(bridge.ExcelBridge, "create", lambda _, name: self.create(name))
        self.links = EMPTY
        links = MemberSpec("LinkSources", "method", getter=lambda book, kind: self.links, varargs=True)
        monkeypatch.setitem(Workbook._vba_members, "linksources", links)
        self.app = ExcelApplication()
        self.app.add_workbook()
        for name, source in self.xlwings_modules().items():
            self.app.add_module(source, name=name)
        sources = vba_sources()
        for name in ("Calls", "Formulas", "FunctionList", *modules, "Metrics"):
            self.app.add_module(PROCEDURE_ATTRIBUTE.sub("", sources[name]), name=name)

    def xlwings_modules(self):
        """What stands for xlwings' VBA."""
        return {"xlwings": STARTER}

    def create(self, name):
        """What CreateObject gives: Python, started."""
        assert name == "Test.XLPython"
        self.starts += 1
        if self.refuses:
            raise VBARuntimeError(1000, "Could not load xlwings64.dll")
        return Server(self)

    def put(self, cells):
        for at, value in cells.items():
            self.app.sheet(1).set_value(at, value)

    def formula(self, text):
        """What a formula of one function comes to, as Python has it; an error is its code."""
        name, inside = re.fullmatch(r"=(\w+)\((.*)\)", text).groups()
        arguments = [self.argument(part) for part in ARGUMENT.findall(inside + ",")] if inside else []
        return from_vba(self.app.interpreter.run(name, arguments))

    def argument(self, text):
        """One argument of a formula as Excel hands it to a VBA function."""
        if text == "":
            return MISSING
        if text.startswith("{"):
            rows = [[literal(cell) for cell in re.findall(CELL, row)] for row in text[1:-1].split(";")]
            if len(rows) == 1:
                return VBAArray([(1, len(rows[0]))], items=rows[0])
            return VBAArray(
                [(1, len(rows)), (1, len(rows[0]))],
                items=[cell for column in zip(*rows, strict=True) for cell in column],
            )
        if REFERENCE.fullmatch(text):
            sheet, _, cells = text.rpartition("!")
            return self.app.sheet(sheet or 1).sheet.vba_get("Range", [cells])
        return literal(text)


def literal(text):
    if text.startswith('"'):
        return text[1:-1].replace('""', '"')
    if text.startswith("#"):
        return VBAErrorValue(fake_windows.ERRORS[text])
    return {"TRUE": True, "FALSE": False}.get(text) if text in ("TRUE", "FALSE") else float(text)


def from_vba(value):
    """A VBA value as the headless host shows it: rows as lists, an error as its code."""
    if isinstance(value, VBAArray):
        rows = to_com(value)
        return [[from_vba(cell) for cell in row] for row in (rows if len(value.bounds) == 2 else [rows])]
    if isinstance(value, VBAErrorValue):
        return CellError(next(code for code, number in fake_windows.ERRORS.items() if number == value.number))
    if isinstance(value, int) and value <= fake_windows.COM_ERROR + 2050:
        return from_vba(VBAErrorValue(value - fake_windows.COM_ERROR))
    return value if isinstance(value, (bool, str)) else float(value)
