"""Excel without Excel: the few members that the product uses, with the rules of Excel that it must keep to.

MEMBERS is the one list of them: a fake has these members and no others. Values come from the headless host.
"""

import datetime as dt
import functools
import io
import re
from pathlib import Path

import fake_windows
import openpyxl
from openpyxl.formula.translate import Translator
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package

MEMBERS = {
    "Application": "Calculate Calculation CalculationInterruptKey DisplayAlerts EnableEvents Hwnd International "
                   "ScreenUpdating StatusBar Workbooks",
    "Workbooks": "Open",
    "Workbook": "Application BreakLink Close CustomDocumentProperties FullName LinkSources Name Names SaveAs "
                "SaveCopyAs Worksheets",
    "Worksheet": "ListObjects Name Parent Protect ProtectContents ProtectDrawingObjects ProtectScenarios Protection "
                 "Range Unprotect UsedRange",
    "Protection": "AllowDeletingColumns AllowDeletingRows AllowFiltering AllowFormattingCells AllowFormattingColumns "
                  "AllowFormattingRows AllowInsertingColumns AllowInsertingHyperlinks AllowInsertingRows AllowSorting "
                  "AllowUsingPivotTables",
    "ListObject": "AutoFilter Name Range Resize ShowTotals",
    "AutoFilter": "FilterMode ShowAllData",
    "Range": "Address AutoFill Clear CurrentArray Dirty Formula FormulaArray HasArray HasFormula HasSpill "
             "NumberFormat SpillParent SpillingToRange Value2",
    "Name": "Name RefersTo",
    "Properties": "Add",
    "Property": "Delete Name Value",
}  # fmt: skip
MISREAD = re.compile(r"[+-]?[\d.,]+%?|\d+[-/. ]\d+([-/. ]\d+)?|true|false|[a-z]{3} \d+|\d+e\d+", re.IGNORECASE)
"""Text that Excel takes for a number, a date or a truth value."""
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!"}
REFUSED = 1004
REJECTED = -2147418111


class Refusal(fake_windows.ComError):
    """An error as pywin32 raises it."""

    def __init__(self, text, hresult=-2147352567, scode=-2146827284):
        super().__init__(hresult, text)
        self.hresult, self.excepinfo = hresult, (0, "Microsoft Excel", text, None, 0, scode)


@functools.cache
def shown_by(data):
    """The values that a file was saved with; nobody changes them."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


class Com:
    """An object with the members that are listed for its kind; each use of one is a call."""

    def __init__(self, app):
        vars(self)["app"] = app

    def __getattribute__(self, name):
        if name[0].isupper():
            assert name in MEMBERS[type(self).__name__].split(), f"{type(self).__name__}.{name} is not on the list"
            self.app.called(name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        if name[0].isupper():
            assert name in MEMBERS[type(self).__name__].split(), f"{type(self).__name__}.{name} is not on the list"
            self.app.called(name)
        object.__setattr__(self, name, value)


class Application(Com):
    def __init__(self):
        vars(self).update(app=self, calls=[], rejects=0, code=(REJECTED,), fails={}, calculates=False, books=[])
        vars(self).update(
            ScreenUpdating=True, EnableEvents=True, Calculation=-4105, CalculationInterruptKey=2, StatusBar=False,
            DisplayAlerts=True, Hwnd=77,
        )  # fmt: skip
        vars(self)["said"] = []

    def called(self, name):
        if self.rejects:
            self.rejects -= 1
            raise Refusal("Call was rejected by callee.", *self.code)
        self.calls.append(name)
        if name in self.fails:
            self.fails[name] -= 1
            if self.fails[name] < 0:
                del self.fails[name]
                raise Refusal("Excel cannot do this now")

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name == "StatusBar":
            self.said.append(value)

    def International(self, which):  # noqa: N802
        return {3: ".", 32: 0}[which]

    def Calculate(self):  # noqa: N802
        for book in self.books if self.calculates else ():
            book.calculate()

    @property
    def Workbooks(self):  # noqa: N802
        return Workbooks(self)


class Workbooks(Com):
    def Open(self, path, links):  # noqa: N802
        assert links == 0
        return Workbook(self.app, Path(path).read_bytes(), path)


class Workbook(Com):
    def __init__(self, app, data, path):
        super().__init__(app)
        vars(self).update(
            inside=openpyxl.load_workbook(io.BytesIO(data)), name=str(path), links=(), filtered=set(), locked_by=""
        )
        self.shown = shown_by(data)
        self.props = [Property(app, self, p.name, p.value) for p in self.inside.custom_doc_props.props]
        app.books.append(self)

    def data(self):
        for prop in list(self.inside.custom_doc_props.names):
            del self.inside.custom_doc_props[prop]
        for prop in self.props:
            self.inside.custom_doc_props.append(StringProperty(name=prop.name, value=prop.value))
        stream = io.BytesIO()
        self.inside.save(stream)
        return stream.getvalue()

    def calculated(self):
        return calculate(Package(self.data(), "book.xlsx"), everything=True).data

    def calculate(self):
        self.shown = openpyxl.load_workbook(io.BytesIO(self.calculated()), data_only=True)

    FullName = property(lambda self: self.name)
    Name = property(lambda self: Path(self.name).name)
    Application = property(lambda self: self.app)
    Worksheets = property(lambda self: [Worksheet(self.app, self, ws) for ws in self.inside.worksheets])
    CustomDocumentProperties = property(lambda self: Properties(self.app, self))

    @property
    def Names(self):  # noqa: N802
        of_sheets = [
            Name(self.app, defined, f"{ws.title}!{name}")
            for ws in self.inside.worksheets
            for name, defined in ws.defined_names.items()
        ]
        return [Name(self.app, defined, name) for name, defined in self.inside.defined_names.items()] + of_sheets

    def LinkSources(self, kind):  # noqa: N802
        assert kind == 1
        return self.links or None

    def BreakLink(self, name, kind):  # noqa: N802
        self.links = tuple(link for link in self.links if link != name)

    def SaveCopyAs(self, path):  # noqa: N802
        Path(path).write_bytes(self.calculated())

    def SaveAs(self, path, kind):  # noqa: N802
        assert kind == 51
        assert not self.app.DisplayAlerts, "Excel asks whether the macros may go"
        Path(path).write_bytes(self.calculated())

    def Close(self, save):  # noqa: N802
        assert save is False
        self.app.books.remove(self)


class Name(Com):
    def __init__(self, app, defined, name):
        super().__init__(app)
        vars(self).update(defined=defined, name=name)

    Name = property(lambda self: self.name)
    RefersTo = property(
        lambda self: f"={self.defined.attr_text}",
        lambda self, text: setattr(self.defined, "attr_text", text.removeprefix("=")),
    )


class Properties(Com):
    def __init__(self, app, book):
        super().__init__(app)
        self.book = book

    def __iter__(self):
        return iter(list(self.book.props))

    def Add(self, name, linked, kind, value):  # noqa: N802
        assert (linked, kind) == (False, 4)
        assert 0 < len(value) <= 255
        self.book.props.append(Property(self.app, self.book, name, value))


class Property(Com):
    def __init__(self, app, book, name, value):
        super().__init__(app)
        vars(self).update(book=book, name=name, value=value)

    Name = property(lambda self: self.name)
    Value = property(lambda self: self.value, lambda self, text: setattr(self, "value", text))

    @property
    def Delete(self):  # noqa: N802  # without types, pywin32 carries it out when it is named
        self.book.props.remove(self)


class Worksheet(Com):
    def __init__(self, app, book, ws):
        super().__init__(app)
        vars(self).update(book=book, ws=ws)

    Name = property(lambda self: self.ws.title)
    Parent = property(lambda self: self.book)
    ListObjects = property(lambda self: [ListObject(self.app, self, table) for table in self.ws.tables.values()])
    UsedRange = property(lambda self: Range(self.app, self, self.ws.dimensions))
    ProtectContents = property(lambda self: self.ws.protection.sheet)
    ProtectDrawingObjects = property(lambda self: self.ws.protection.objects)
    ProtectScenarios = property(lambda self: self.ws.protection.scenarios)
    Protection = property(lambda self: Protection(self.app, self.ws.protection))

    def Range(self, address):  # noqa: N802
        return Range(self.app, self, address)

    def Unprotect(self, password):  # noqa: N802
        if password != self.book.locked_by:
            raise Refusal("The password you supplied is not correct.")
        self.ws.protection.sheet = False

    def Protect(self, password, drawings, contents, scenarios, interface_only, *allowed):  # noqa: N802
        assert (password, contents, interface_only) == ("", True, False)
        state = self.ws.protection
        state.sheet, state.objects, state.scenarios = True, drawings, scenarios
        for name, given in zip(Protection.ORDER, allowed, strict=True):
            setattr(state, name, not given)


class Protection(Com):
    ORDER = ("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "insertHyperlinks",
             "deleteColumns", "deleteRows", "sort", "autoFilter", "pivotTables")  # fmt: skip

    def __init__(self, app, state):
        super().__init__(app)
        self.state = state


for _member, _attribute in {
    "AllowFormattingCells": "formatCells", "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows", "AllowInsertingColumns": "insertColumns", "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks", "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows", "AllowSorting": "sort", "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}.items():  # fmt: skip
    setattr(Protection, _member, property(lambda self, name=_attribute: not getattr(self.state, name)))


class ListObject(Com):
    def __init__(self, app, sheet, table):
        super().__init__(app)
        vars(self).update(sheet=sheet, table=table)

    Name = property(lambda self: self.table.name)
    Range = property(lambda self: Range(self.app, self.sheet, self.table.ref))
    ShowTotals = property(lambda self: bool(self.table.totalsRowCount))
    AutoFilter = property(
        lambda self: AutoFilter(self.app, self.sheet.book, self.table.name) if self.sheet.book.filtered else None
    )

    def Resize(self, area):  # noqa: N802
        old, new = range_boundaries(self.table.ref), area.bounds
        assert old[:2] == new[:2], "a table's heading stays"
        assert old[2] == new[2]
        assert new[3] > new[1], "a table has at least one row"
        if self.sheet.ws.protection.sheet:
            raise Refusal("The sheet is protected")
        self.table.ref = area.text


class AutoFilter(Com):
    def __init__(self, app, book, name):
        super().__init__(app)
        vars(self).update(book=book, name=name)

    FilterMode = property(lambda self: self.name in self.book.filtered)

    def ShowAllData(self):  # noqa: N802
        self.book.filtered.discard(self.name)


class Range(Com):
    def __init__(self, app, sheet, address):
        super().__init__(app)
        self.sheet, self.ws, self.text = sheet, sheet.ws, address.replace("$", "")
        self.bounds = range_boundaries(self.text)

    def rows(self):
        left, top, right, bottom = self.bounds
        return [[self.ws.cell(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]

    def flat(self):
        return [cell for row in self.rows() for cell in row]

    @staticmethod
    def one(rows):
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @property
    def Address(self):  # noqa: N802
        return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", self.text)

    def value_of(self, cell):
        value, kind = cell.value, cell.data_type
        if kind == "f":
            shown = self.sheet.book.shown[self.ws.title][cell.coordinate]
            value, kind = shown.value, shown.data_type
        if kind == "e" or (isinstance(value, str) and value in ERRORS and kind != "s"):
            return fake_windows.com_error(value)
        if isinstance(value, (dt.datetime, dt.date, dt.time)):
            return float(to_excel(value))
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    def formula_of(self, cell):
        if isinstance(cell.value, ArrayFormula):
            return cell.value.text
        value = self.value_of(cell)
        return cell.value if cell.data_type == "f" else "" if value is None else value

    Formula = property(lambda self: self.one(tuple(tuple(map(self.formula_of, row)) for row in self.rows())))

    @Formula.setter
    def Formula(self, given):  # noqa: N802
        if isinstance(given, str):
            (first, *_), *_ = self.rows()
            moved = {cell: Translator(given, first.coordinate).translate_formula(cell.coordinate)
                     for cell in self.flat()}  # fmt: skip
            for cell, formula in moved.items():
                self.enter(cell, formula)
        else:
            self.Value2 = given

    Value2 = property(lambda self: self.one(tuple(tuple(map(self.value_of, row)) for row in self.rows())))

    @Value2.setter
    def Value2(self, given):  # noqa: N802
        rows = self.rows()
        given = given if isinstance(given, tuple) else ((given,),)
        assert [len(row) for row in given] == [len(row) for row in rows], "Excel would fill the rest with #N/A"
        self.app.written = max(getattr(self.app, "written", 0), len(rows) * len(rows[0]))
        for cells, values in zip(rows, given, strict=True):
            for cell, value in zip(cells, values, strict=True):
                self.enter(cell, value)

    def enter(self, cell, given):
        """What Excel makes of something that is put into a cell."""
        if self.ws.protection.sheet and cell.protection.locked:
            raise Refusal("The cell or chart you're trying to change is on a protected sheet.")
        assert self.ws.parent is self.sheet.book.inside
        if cell.number_format == "@" and given is not None:
            assert not (isinstance(given, str) and given.startswith("'")), "nobody tells what becomes of it there"
            cell.value, cell.data_type = str(given), "s"
        elif not isinstance(given, str):
            cell.value = given
        elif given.startswith("'"):
            cell.value, cell.data_type = given[1:], "s"
        elif given.startswith(("=", "+", "-", "@")):
            cell.value = re.sub(r"\[@(\w+)\]", lambda m: f"{self.table_at(cell)}[[#This Row],[{m[1]}]]", given)
            assert cell.data_type == "f", f"Excel takes {given!r} for a formula"
        elif given in ERRORS:
            cell.value = given
        elif MISREAD.fullmatch(given):
            cell.value = -1.0
        else:
            cell.value, cell.data_type = given, "s"

    def table_at(self, cell):
        for table in self.ws.tables.values():
            left, top, right, bottom = range_boundaries(table.ref)
            if left <= cell.column <= right and top <= cell.row <= bottom:
                return table.name
        raise Refusal("[@...] stands outside a table")

    @property
    def FormulaArray(self):  # noqa: N802
        raise AssertionError("it is only written")

    @FormulaArray.setter
    def FormulaArray(self, text):  # noqa: N802
        assert len(text) <= 255, "Excel takes no longer array formula"
        (first, *_), *_ = self.rows()
        for cell in self.flat():
            self.enter(cell, None)
        first.value = ArrayFormula(self.text, text)

    def arrays(self):
        return [cell.value.ref for row in self.ws.iter_rows() for cell in row if isinstance(cell.value, ArrayFormula)]

    def inside(self, ref):
        left, top, right, bottom = range_boundaries(ref)
        return [left <= cell.column <= right and top <= cell.row <= bottom for cell in self.flat()]

    @staticmethod
    def all_none_or_some(found):
        return True if all(found) else None if any(found) else False

    @property
    def HasArray(self):  # noqa: N802
        found = [self.inside(ref) for ref in self.arrays()]
        return self.all_none_or_some([any(each) for each in zip(*found, strict=True)] if found else [False])

    @property
    def CurrentArray(self):  # noqa: N802
        return next(Range(self.app, self.sheet, ref) for ref in self.arrays() if self.inside(ref)[0])

    @property
    def HasSpill(self):  # noqa: N802
        raise Refusal("Unknown name.")  # an Excel without spilling

    SpillParent = SpillingToRange = HasSpill

    @property
    def HasFormula(self):  # noqa: N802
        return self.all_none_or_some([cell.data_type == "f" for cell in self.flat()])

    @property
    def NumberFormat(self):  # noqa: N802
        found = {cell.number_format for cell in self.flat()}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, text):  # noqa: N802
        for cell in self.flat():
            cell.number_format = text

    def AutoFill(self, target, kind):  # noqa: N802
        assert kind == 1
        assert self.bounds[:3] == target.bounds[:3], "the source stands at the top of what is filled"
        (source,), (_, *new) = self.rows(), target.rows()
        for row in new:
            for old, cell in zip(source, row, strict=True):
                if old.data_type == "f":
                    cell.value = Translator(old.value, old.coordinate).translate_formula(cell.coordinate)
                else:
                    cell.value, cell.data_type = old.value, old.data_type
                cell._style = old._style

    def Clear(self):  # noqa: N802
        for cell in self.flat():
            cell.value, cell.style = None, "Normal"

    def Dirty(self):  # noqa: N802
        pass
