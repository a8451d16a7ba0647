"""A late-bound call as VBA makes it: VARIANTs of the types that Excel gives them, and IDispatch::Invoke.

pywin32 carries every error value as a missing argument, so that the arguments are put together here.
"""

import ctypes
from ctypes import POINTER, byref, c_double, c_int16, c_int32, c_long, c_uint, c_uint16, c_void_p

from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBAErrorValue

VT_EMPTY, VT_NULL, VT_I4, VT_R8, VT_BSTR, VT_ERROR, VT_BOOL, VT_VARIANT = 0, 1, 3, 5, 8, 10, 11, 12
VT_ARRAY, VT_BYREF = 0x2000, 0x4000
PARAMETER_NOT_FOUND = 0x80020004 - 2**32
EXCEL_ERROR = 0x800A0000 - 2**32
DISPATCH_METHOD, ENGLISH, INVOKE = 1, 0x409, 6
EXCEPTION = 0x80020009 - 2**32


class _Value(ctypes.Union):
    _fields_ = [("r8", c_double), ("i4", c_int32), ("boolean", c_int16), ("pointer", c_void_p), ("whole", c_void_p * 2)]


class Variant(ctypes.Structure):
    """The type of a value, and the value."""

    _fields_ = [("vt", c_uint16), ("reserved", c_uint16 * 3), ("value", _Value)]


class _Bound(ctypes.Structure):
    _fields_ = [("count", c_uint), ("low", c_long)]


class _Parameters(ctypes.Structure):
    _fields_ = [("arguments", POINTER(Variant)), ("named", c_void_p), ("count", c_uint), ("named_count", c_uint)]


class _Failure(ctypes.Structure):
    _fields_ = [("code", c_uint16), ("reserved", c_uint16), ("source", c_void_p), ("text", c_void_p),
                ("help", c_void_p), ("context", c_uint), ("more", c_void_p * 2), ("scode", c_int32)]  # fmt: skip


class _Guid(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_ubyte * 16)]


_automation = ctypes.WinDLL("oleaut32")
_automation.SysAllocStringLen.restype = c_void_p
_automation.SysAllocStringLen.argtypes = ctypes.c_wchar_p, c_uint
_automation.SysStringLen.argtypes = [c_void_p]
_automation.SafeArrayCreate.restype = c_void_p
_automation.SafeArrayCreate.argtypes = c_uint16, c_uint, POINTER(_Bound)
_automation.SafeArrayAccessData.argtypes = c_void_p, POINTER(c_void_p)
for _name in ("SafeArrayUnaccessData", "SafeArrayGetDim"):
    getattr(_automation, _name).argtypes = [c_void_p]
for _name in ("SafeArrayGetLBound", "SafeArrayGetUBound"):
    getattr(_automation, _name).argtypes = c_void_p, c_uint, POINTER(c_long)

ELEMENTS = {"Double": (VT_R8, c_double), "Long": (VT_I4, c_int32), "Variant": (VT_VARIANT, Variant)}


def variant(value):
    """A VBA value as a VARIANT."""
    made = Variant()
    if value is MISSING:
        made.vt, made.value.i4 = VT_ERROR, PARAMETER_NOT_FOUND
    elif isinstance(value, VBAErrorValue):
        made.vt, made.value.i4 = VT_ERROR, EXCEL_ERROR + value.number
    elif isinstance(value, bool):
        made.vt, made.value.boolean = VT_BOOL, -1 if value else 0
    elif isinstance(value, str):
        made.vt, made.value.pointer = VT_BSTR, _text(value)
    elif isinstance(value, int):
        made.vt, made.value.i4 = VT_I4, value
    elif isinstance(value, float):
        made.vt, made.value.r8 = VT_R8, value
    elif isinstance(value, VBAArray):
        vt, kind = ELEMENTS[value.element_type]
        items = value.items if kind is not Variant else map(variant, value.items)
        made.vt, made.value.pointer = VT_ARRAY | vt, array(vt, kind, value.bounds, items)
    else:
        assert value is EMPTY, value
    return made


def _text(text):
    wide = text.encode("utf-16-le")
    return _automation.SysAllocStringLen(ctypes.create_unicode_buffer(text, len(text) + 1), len(wide) // 2)


def array(vt, kind, bounds, items):
    """A SAFEARRAY, which holds its cells as VBA does: the first place counts fastest."""
    made = _automation.SafeArrayCreate(vt, len(bounds), (_Bound * len(bounds))(*(
        _Bound(high - low + 1, low) for low, high in bounds
    )))  # fmt: skip
    start = c_void_p()
    _automation.SafeArrayAccessData(made, byref(start))
    if start.value:
        count = 1
        for low, high in bounds:
            count *= high - low + 1
        ctypes.memmove(start.value, (kind * count)(*items), count * ctypes.sizeof(kind))
    _automation.SafeArrayUnaccessData(made)
    return made


def value_of(got):
    """What came back, with arrays as VBA holds them."""
    if got.vt == VT_ARRAY | VT_VARIANT:
        return _array_of(got.value.pointer)
    if got.vt == VT_BSTR:
        return ctypes.wstring_at(got.value.pointer, _automation.SysStringLen(got.value.pointer))
    return {VT_R8: got.value.r8, VT_I4: got.value.i4, VT_BOOL: got.value.boolean != 0, VT_EMPTY: EMPTY,
            VT_NULL: EMPTY}[got.vt]  # fmt: skip


def _array_of(safe):
    bounds, count, low, high = [], 1, c_long(), c_long()
    for dimension in range(1, _automation.SafeArrayGetDim(safe) + 1):
        _automation.SafeArrayGetLBound(safe, dimension, byref(low))
        _automation.SafeArrayGetUBound(safe, dimension, byref(high))
        bounds.append((low.value, high.value))
        count *= high.value - low.value + 1
    start = c_void_p()
    _automation.SafeArrayAccessData(safe, byref(start))
    items = [value_of(each) for each in (Variant * count).from_address(start.value)] if count else []
    _automation.SafeArrayUnaccessData(safe)
    return VBAArray(bounds, items=items)


def call_udf(interface, member, module, function, arguments):
    """server.CallUDF(module, function, arguments), the last one by reference; `arguments` is a VARIANT."""
    # in the order of COM, the last one first
    given = (Variant * 3)(Variant(VT_BYREF | VT_VARIANT), variant(function), variant(module))
    given[0].value.pointer = ctypes.addressof(arguments)
    parameters = _Parameters(given, None, 3, 0)
    result, failure, nothing = Variant(), _Failure(), _Guid()
    table = ctypes.cast(interface, POINTER(POINTER(c_void_p))).contents
    invoke = ctypes.WINFUNCTYPE(c_int32, c_void_p, c_int32, POINTER(_Guid), c_uint, c_uint16, POINTER(_Parameters),
                                POINTER(Variant), POINTER(_Failure), POINTER(c_uint))(table[INVOKE])  # fmt: skip
    code = invoke(interface, member, byref(nothing), ENGLISH, DISPATCH_METHOD, byref(parameters), byref(result),
                  byref(failure), byref(c_uint()))  # fmt: skip
    for each in (*given[1:], arguments):
        _automation.VariantClear(byref(each))
    if code:
        raise VBARuntimeError(failure.scode if code == EXCEPTION else code,
                              ctypes.wstring_at(failure.text) if failure.text else "the call failed")  # fmt: skip
    answer = value_of(result)
    _automation.VariantClear(byref(result))
    return answer
