"""Stands for Excel on Windows: our VBA in pyOpenVBA's interpreter, xlwings' DLL behind its Declares, COM to Python.

Run in Windows' Python with a port; each message is the name of a method of Excel below and its arguments.
"""

import csv
import ctypes
import os
import re
import sys
import time
import traceback
from functools import cache
from multiprocessing.connection import Client
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "excel"))

import chain_cases
import numpy as np
import pyopenvba.apps.excel._bridge as bridge
import pythoncom
import win32api
import win32com.client
import win32con
import win32gui
from late_call import VT_ARRAY, VT_I4, VT_R8, VT_VARIANT, Variant, array, call_udf, value_of, variant
from pyopenvba.apps.excel import Application
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, VBAArray, VBAObject, method
from pyopenvba.interpreter._intrinsics import intrinsic
from pyopenvba.interpreter._objects import MemberSpec
from served_excel import served
from vba_chain import Chain, from_vba, to_com

from addin.errors import CellError
from addin.hosts.excel.vba_names import TITLE
from addin.hosts.excel.workbook_files import xlwings_sources

DECLARE = re.compile(
    r"^ *(?:Private )?Declare PtrSafe Function (\w+) Lib \"[^\"]+\"(?: Alias \"\w+\")? (\(.*\)) As Long$", re.MULTILINE
)
BEHIND = {
    "XLPyDLLActivateAuto": """
        Dim library As Object
        Set library = CreateObject("Test.Library")
        XLPyDLLActivateAuto = library.Activate(Config, mode)
        If XLPyDLLActivateAuto = 0 Then Set Result = library.Server Else Result = library.Message
    """,
    "LoadLibrary": """
        LoadLibrary = CreateObject("Test.Library").Load(lpLibFileName)
    """,
}
"""What stands behind a Declare: the same call of the real library."""
COMMENT_ON_DIRECTIVE = re.compile(r"^( *#[^'\n]*)'.*$", re.MULTILINE)
"""The interpreter takes none."""
READING = re.compile(r"    iFileNum = FreeFile\n.*?    Close #iFileNum\n", re.DOTALL)
READ = """
    GetConfigFromFile = CreateObject("Test.Library").HasSetting(sFile, sName)
    If GetConfigFromFile Then sValue = CreateObject("Test.Library").Setting(sFile, sName)
"""
"""The interpreter opens no files."""
COMPARED = 'GetConfig("SHOW CONSOLE", False) = True', 'GetConfig("SHOW CONSOLE", False) = "True"'
"""The interpreter compares no text with a truth value."""


NOTHING = VBAArray([(0, -1)], items=[])


class Server(VBAObject):
    """What the DLL gave: the object of the Python that answers."""

    def __init__(self, interface, excel):
        self.interface, self.excel = interface, excel
        self.dispatch = win32com.client.Dispatch(pythoncom.ObjectFromAddress(interface, pythoncom.IID_IDispatch))
        self.member = self.dispatch._oleobj_.GetIDsOfNames("CallUDF")

    @method(name="CallUDF")
    def call_udf(self, module, function, arguments):
        self.excel.calls.append((function, to_com(arguments)))
        return self.called(module, function, variant(arguments))

    def called(self, module, function, arguments):
        started = time.perf_counter()
        try:
            return call_udf(self.interface, self.member, module, function, arguments)
        finally:
            self.excel.seconds = time.perf_counter() - started


class Library(VBAObject):
    """xlwings' DLL, and the files that its module reads."""

    loaded = None

    def __init__(self, excel):
        self.excel = excel
        self.answer = None

    @method(name="Load")
    def load(self, path):
        try:
            Library.loaded = ctypes.WinDLL(path)
        except OSError:
            return 0
        return 1

    @method(name="Activate")
    def activate(self, config, mode):
        self.excel.command = config
        result = Variant()
        code = Library.loaded.XLPyDLLActivateAuto(ctypes.byref(result), config.encode("mbcs"), int(mode))
        if code:
            self.answer = value_of(result)
        elif mode == 1:
            self.excel.starts += 1
            self.answer = Server(result.value.pointer, self.excel)
        return code

    @method(name="Server")
    def server(self):
        return self.answer

    @method(name="Message")
    def message(self):
        return self.answer

    @method(name="HasSetting")
    def has_setting(self, path, name):
        return self._setting(path, name) is not None

    @method(name="Setting")
    def setting(self, path, name):
        return self._setting(path, name)

    @staticmethod
    def _setting(path, name):
        with Path(path).open(encoding="mbcs", newline="") as file:
            return {key.lower(): value for key, value in csv.reader(file)}.get(name.lower())

    @method(name="ExpandEnvironmentStrings")
    def expanded(self, text):
        return os.path.expandvars(text)


@intrinsic("Environ", "name")
def _environ(_, name):
    return os.environ.get(name, "")


@intrinsic("GetAttr", "path")
def _attributes(_, path):
    attributes = ctypes.windll.kernel32.GetFileAttributesW(path)
    if attributes == -1:
        raise VBARuntimeError(53, "File not found")
    return attributes


class Patches:
    """As pytest's, and for good."""

    setattr = staticmethod(setattr)

    @staticmethod
    def setitem(mapping, key, value):
        mapping[key] = value


class Excel(Chain):
    """Formulas, as a user types them."""

    def __init__(self):
        self.command, self.seconds = "", 0.0
        super().__init__(Patches(), "Doctor")
        system = MemberSpec("OperatingSystem", "property", getter=lambda application: "Windows")
        Application._vba_members["operatingsystem"] = system
        self.app.add_module(f'Public Const TITLE As String = "{TITLE}"', name="Names")

    def xlwings_modules(self):
        text = xlwings_sources()["xlwings"]
        text = READING.sub(lambda _: READ, COMMENT_ON_DIRECTIVE.sub(r"\1", text)).replace(*COMPARED)
        return {"xlwings": DECLARE.sub(self._behind, text)}

    @staticmethod
    def _behind(declared):
        name, parameters = declared.groups()
        return f"Function {name}{parameters} As Long\n{BEHIND[name]}\nEnd Function" if name in BEHIND else ""

    def create(self, name):
        return Library(self)

    # --- what tests ask

    def fill(self, cells=None):
        """Cells by address, or those that the formulas of every kind speak of."""
        chain_cases.fill(self) if cells is None else self.put(cells)

    def formulas(self, texts):
        """What formulas come to, errors as their codes."""
        return [plain(self.formula(text)) for text in texts]

    def run(self, name, *arguments):
        """What a macro gives."""
        answer = self.app.run(name, *arguments)
        return None if answer is None else plain(from_vba(answer))

    def counts(self):
        """How many calls were made, and how often Python was started."""
        return len(self.calls), self.starts

    def last_call(self):
        return self.calls[-1]

    def started_with(self):
        return self.command

    def python(self):
        """The connection to the Python that answers."""
        self.formula("=NPS(10)")
        return self.app.interpreter.run("XLPy", [])

    def probe(self, name):
        try:
            return self.python().called("windows_probe", name, variant(NOTHING))
        except VBARuntimeError as error:
            return error.number

    def let_python_die(self):
        """It ends while nobody asks it."""
        self.probe("die_soon")
        time.sleep(1)

    def column(self, kind, rows, way, *, rounds=1):
        """One column of so many rows through COM, packed or not, or to a function written as xlwings' manual does.

        What came back, and how long it took, several times.
        """
        numbers = np.random.default_rng(1).integers(0, 11, rows).astype(float)
        cells = [f"Search {number:.0f}" for number in numbers] if kind == "texts" else numbers.tolist()
        blanks = list(range(0, rows, 10)) if kind == "blanks" else []
        function, theirs = ("REFERRAL_RATE", "their_referral_rate") if kind == "texts" else ("NPS", "their_nps")
        module = "windows_probe" if way == "theirs" else "addin.hosts.excel.udfs"
        python, taken = self.python(), []
        for _ in range(rounds):
            argument = packed_column(cells, blanks) if way == "packed" else column_of_cells(cells, blanks)
            given = Variant(VT_ARRAY | VT_VARIANT)
            given.value.pointer = array(VT_VARIANT, Variant, [(0, 0)], [argument])
            answer = python.called(module, theirs if way == "theirs" else function, given)
            taken.append(self.seconds)
        return answer, taken

    def of_a_second_workbook(self, texts):
        """What formulas of another workbook with our macros come to, and which Python answered them."""
        other = Excel()
        answers = other.formulas(texts), other.probe("process_id")
        bridge.ExcelBridge.create = lambda _, name: self.create(name)
        return answers

    def failures(self):
        """What Explain shows, and after how many seconds Python had it."""
        return self.app.run("Called", "addin.hosts.excel.failures", "take_failures", NOTHING), self.seconds

    # --- the workbook that buttons work on

    def open_template(self):
        import fake_excel

        from addin.files import template

        self.excel = fake_excel.Application()
        self.book = fake_excel.Workbook(self.excel, template().read_bytes(), r"C:\users\book.xlsm")

    def press(self, function, *values, rejects=0, fails="", calculating="", escape=""):
        """What a button's function answers, and formulas that Excel asked for when it calculated.

        Excel is busy for so many calls first; a member of its objects can fail; and somebody presses Escape while it
        calculates, in Excel's window or in another one.
        """
        nested = []

        def calculates():
            if calculating:
                nested.append(self.formula(calculating))
            if escape:
                win32gui.SetForegroundWindow(window(escape))
                for released in (0, win32con.KEYEVENTF_KEYUP):
                    win32api.keybd_event(win32con.VK_ESCAPE, 0, released, 0)

        vars(self.excel).update(Calculate=calculates, Hwnd=window("Excel"))
        self.excel.rejects, self.excel.fails = rejects, {fails: 0} if fails else {}
        answer = self.python().dispatch.CallUDF("addin.hosts.excel.ribbon", function, (served(self.book), "", values))
        return answer, nested

    def column_of_table(self, name, heading):
        for sheet in self.book.Worksheets:
            for table in sheet.ListObjects:
                if table.Name == name:
                    headings, *rows = table.Range.Value2
                    return [row[headings.index(heading)] for row in rows]
        raise LookupError(name)


@cache
def window(title):
    """A window of that title."""
    visible = win32con.WS_OVERLAPPEDWINDOW | win32con.WS_VISIBLE
    return win32gui.CreateWindow("STATIC", title, visible, 0, 0, 300, 200, 0, 0, 0, None)


def packed_column(cells, blanks):
    """A column as our macros hand it over."""
    if isinstance(cells[0], str):
        content = variant("\0".join(cells))
    else:
        content = Variant(VT_ARRAY | VT_R8)
        content.value.pointer = array(VT_R8, ctypes.c_double, [(0, len(cells) - 1)], cells)
    places = variant(NOTHING)
    if blanks:
        places.vt = VT_ARRAY | VT_I4
        places.value.pointer = array(VT_I4, ctypes.c_int32, [(0, len(blanks) - 1)], blanks)
    packed = Variant(VT_ARRAY | VT_VARIANT)
    pieces = [variant(1), content, places, variant(NOTHING), variant(VBAArray([(0, 0)], items=[EMPTY]))]
    packed.value.pointer = array(VT_VARIANT, Variant, [(0, 4)], pieces)
    return packed


def column_of_cells(cells, blanks):
    """A column as Value2 gives it: a VARIANT for each cell."""
    column = Variant(VT_ARRAY | VT_VARIANT)
    values = [variant(cell) for cell in cells]
    for place in blanks:
        values[place] = Variant()
    column.value.pointer = array(VT_VARIANT, Variant, [(1, len(cells)), (1, 1)], values)
    return column


def plain(value):
    """An answer that can travel."""
    if isinstance(value, list):
        return [[plain(cell) for cell in row] for row in value]
    return ("error", value.code) if isinstance(value, CellError) else value


def main():
    pythoncom.CoInitialize()
    excel = Excel()
    with Client(("127.0.0.1", int(sys.argv[1])), authkey=b"tests") as connection:
        while (request := connection.recv())[0] != "quit":
            name, arguments, keywords = request
            try:
                connection.send(("done", getattr(excel, name)(*arguments, **keywords)))
            except Exception:
                connection.send(("failed", traceback.format_exc()))


main()
