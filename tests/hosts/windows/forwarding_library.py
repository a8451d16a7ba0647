"""A library for Windows that hands one function on to another's, as bytes: for what Wine 8 lacks."""

import struct

ALIGNED = 0x200
SECTION_AT = 0x1000
DLL, EXECUTABLE, LARGE_ADDRESSES = 0x2000, 0x0002, 0x0020
INITIALIZED_DATA_TO_READ = 0x40000040


def forwarding_library(name, function, target):
    """The file `name`, whose function is the one of another library, such as "advapi32.SystemFunction036"."""
    directory = 40
    addresses, names, ordinals = directory, directory + 4, directory + 8
    texts = directory + 10
    library_at, function_at = texts, texts + len(name) + 1
    target_at = function_at + len(function) + 1
    section = struct.pack(
        "<IIHHIIIIIII", 0, 0, 0, 0, SECTION_AT + library_at, 1, 1, 1,
        SECTION_AT + addresses, SECTION_AT + names, SECTION_AT + ordinals,
    )  # fmt: skip
    section += struct.pack("<IIH", SECTION_AT + target_at, SECTION_AT + function_at, 0)
    section += b"".join(text.encode("ascii") + b"\0" for text in (name, function, target))
    size = len(section)

    header = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0"
    header += struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, DLL | EXECUTABLE | LARGE_ADDRESSES)
    header += struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 0, ALIGNED, 0, 0, SECTION_AT, 0x180000000, 0x1000, ALIGNED,
        6, 0, 0, 0, 6, 0, 0, SECTION_AT + 0x1000, ALIGNED, 0, 2, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    header += struct.pack("<II", SECTION_AT, size) + bytes(8 * 15)  # of the directories it has exports alone
    header += struct.pack("<8sIIIIIIHHI", b".edata", size, SECTION_AT, ALIGNED, ALIGNED, 0, 0, 0, 0,
                          INITIALIZED_DATA_TO_READ)  # fmt: skip
    return header.ljust(ALIGNED, b"\0") + section.ljust(ALIGNED, b"\0")
