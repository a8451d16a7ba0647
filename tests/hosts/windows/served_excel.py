"""The stand-in for Excel's objects as a COM server: its members by name, as a client without type information asks."""

import traceback

import pythoncom
import win32com.server.util
import winerror
from win32com.server.exception import COMException
from win32com.server.policy import DynamicPolicy

MEMBER = pythoncom.DISPATCH_PROPERTYGET | pythoncom.DISPATCH_METHOD


class Policy(DynamicPolicy):
    """Names are looked up when they are asked for; xlwings asks each object for the name of its type, too."""

    def _GetTypeInfoCount_(self):  # noqa: N802  # so pywin32 calls it
        return 1

    def _GetTypeInfo_(self, _index, _language):  # noqa: N802
        return 0, pythoncom.LoadTypeLib("stdole2.tlb").GetTypeInfoOfGuid(pythoncom.IID_IDispatch)


class Served:
    """One object of the stand-in."""

    def __init__(self, fake):
        self.fake = fake

    def _dynamic_(self, name, _language, flags, arguments):
        given = [fake_of(each) for each in arguments]
        try:
            if name == "_NewEnum":
                return win32com.server.util.NewEnum([served(each) for each in self.fake])
            if name == "Count":
                return len(list(self.fake))
            if flags & (pythoncom.DISPATCH_PROPERTYPUT | pythoncom.DISPATCH_PROPERTYPUTREF):
                return setattr(self.fake, name, *given)
            member = getattr(self.fake, name)
            if not callable(member):
                return served(member)
            if not flags & pythoncom.DISPATCH_METHOD or (not given and flags & pythoncom.DISPATCH_PROPERTYGET):
                raise COMException(scode=winerror.DISP_E_MEMBERNOTFOUND)  # no property: the client calls it then
            return served(member(*given))
        except (AssertionError, AttributeError) as error:
            traceback.print_exc()
            raise COMException(str(error), scode=winerror.DISP_E_EXCEPTION) from error
        except COMException:
            raise
        except Exception as error:
            if not hasattr(error, "excepinfo"):
                traceback.print_exc()
                raise
            refused = error.hresult == winerror.DISP_E_EXCEPTION
            raise COMException(error.excepinfo[2], scode=error.excepinfo[5] if refused else error.hresult) from error


def served(value):
    """A value as it is, an object of the stand-in as a COM object."""
    if isinstance(value, tuple):
        return list(map(served, value))  # a tuple would be a result and arguments that come back
    if isinstance(value, (type(None), bool, int, float, str)):
        return value
    return win32com.server.util.wrap(Served(value), usePolicy=Policy)


def fake_of(value):
    """What a COM object that comes back stands for."""
    try:
        return win32com.server.util.unwrap(value).fake
    except (TypeError, AttributeError, ValueError):
        return value
