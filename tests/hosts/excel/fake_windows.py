"""The Windows half of xlwings on any machine: pywin32 replaced by what the code on the way of a call asks of it."""

import atexit
import ctypes
import datetime as dt
import functools
import io
import sys
import types
from importlib import import_module

MISSING = -2147352572
"""How COM hands over an argument that was left out."""
ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
          "#SPILL!": 2045}  # fmt: skip
"""The numbers VBA has for Excel's errors; COM hands them over with an offset."""
COM_ERROR = -2146828288


class ComError(Exception):
    hresult = 0


class Anything:
    """Whatever is asked of it, it has."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *args, **kwargs):
        return Anything()


class Dispatch: ...


class DispatchBase: ...


class NativeDispatch: ...


def not_ours(com_object):
    """What pywin32's unwrap says of an object that is not one of its servers."""
    raise TypeError("not a COM server of this process")


def module(name, **attributes):
    stub = types.ModuleType(name)

    def absent(attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Anything()

    stub.__getattr__ = absent
    vars(stub).update(attributes)
    sys.modules[name] = stub
    if "." in name:
        parent, child = name.rsplit(".", 1)
        setattr(sys.modules[parent], child, stub)
    return stub


@functools.cache
def xlwings():
    """xlwings as Windows imports it."""
    if "xlwings" in sys.modules:
        raise RuntimeError("xlwings is imported already, without its Windows half")
    module("pywintypes", com_error=ComError, TimeType=dt.datetime, IID=str, Time=dt.datetime)
    module(
        "pythoncom",
        CoInitialize=lambda *args: None,
        IID_IDispatch="IDispatch",
        IID_IEnumVARIANT="IEnumVARIANT",
        TypeIIDs={"IDispatch": NativeDispatch},
        com_error=ComError,
        ole_error=ComError,
        __file__=None,
    )
    for name in ("win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone", "win32com"):
        module(name)
    module("win32com.client", CDispatch=Dispatch, DispatchBaseClass=DispatchBase)
    for name in ("win32com.server", "win32com.server.policy", "win32com.server.dispatcher"):
        module(name)
    module("win32com.server.util", wrap=lambda served, *args, **kwargs: served, unwrap=not_ours)
    ctypes.windll = ctypes.oledll = Anything()
    for name in ("asyncio", "concurrent.futures.thread", "multiprocessing", "numpy", "pandas", "subprocess"):
        import_module(name)  # they look at the platform too, and must see the real one
    platform, library = sys.platform, ctypes.PyDLL
    sys.platform, ctypes.PyDLL = "win32", lambda *args, **kwargs: Anything()
    try:
        imported = import_module("xlwings")
        import_module("xlwings.com_server")
    finally:
        sys.platform, ctypes.PyDLL = platform, library
        del ctypes.windll, ctypes.oledll
    atexit.unregister(imported._xlwindows.cleanup)
    return imported


def call_udf(function, *arguments, module="addin.hosts.excel.udfs"):
    """What xlwings answers to `CallUDF` for a function and raw arguments."""
    xlwings()
    from xlwings.com_server import XLPython

    return XLPython().CallUDF(module, function, arguments)


def com_error(code):
    """An error value as COM hands it over."""
    return COM_ERROR + ERRORS[code]


def imported_functions(name):
    """The VBA that xlwings' own button Import Functions writes for a module."""
    xlwings()
    from xlwings import udfs

    text = io.StringIO()
    udfs.generate_vba_wrapper(name, import_module(name), text, types.SimpleNamespace(Name="book.xlsm"))
    return text.getvalue()
