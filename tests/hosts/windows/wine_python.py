"""Put into the Windows Python as sitecustomize: four functions of the C runtime that numpy calls and Wine 8 lacks."""

import ctypes
from ctypes import wintypes

MISSING_FUNCTIONS = {
    b"creal": b"\xf2\x0f\x10\x01\xc3",  # movsd xmm0, [rcx]
    b"cimag": b"\xf2\x0f\x10\x41\x08\xc3",  # movsd xmm0, [rcx + 8]
    b"crealf": b"\x66\x0f\x6e\xc1\xc3",  # movd xmm0, ecx
    b"cimagf": b"\x48\xc1\xe9\x20\x66\x0f\x6e\xc1\xc3",  # shr rcx, 32; movd xmm0, ecx
}
"""What each is in machine code, by Microsoft's calling convention; it stands in for Wine's abort."""
WRITABLE = 0x40

kernel = ctypes.WinDLL("kernel32")
kernel.GetModuleHandleW.restype = kernel.GetProcAddress.restype = ctypes.c_void_p
kernel.GetProcAddress.argtypes = ctypes.c_void_p, ctypes.c_char_p
kernel.VirtualProtect.argtypes = ctypes.c_void_p, ctypes.c_size_t, wintypes.DWORD, ctypes.c_void_p
if hasattr(ctypes.WinDLL("ntdll"), "wine_get_version"):
    for name, code in MISSING_FUNCTIONS.items():
        place = kernel.GetProcAddress(kernel.GetModuleHandleW("ucrtbase.dll"), name)
        kernel.VirtualProtect(place, len(code), WRITABLE, ctypes.byref(wintypes.DWORD()))
        ctypes.memmove(place, code, len(code))
