"""The buttons' icons, drawn from letters: . is clear, the others are colours."""

from __future__ import annotations

import struct
import zlib

GRID = 8
COLOURS = {
    ".": bytes(4),
    "t": bytes((0x1B, 0x7F, 0x79, 255)),
    "a": bytes((0xD9, 0x8E, 0x04, 255)),
    "i": bytes((0x2E, 0x3A, 0x46, 255)),
    "w": bytes((255, 255, 255, 255)),
}
DRAWINGS = {
    "refresh_all": "..ttt.t. .t...tt. t...ttt. t....... ......t. .ttt...t .tt...t. .t.ttt..",
    "refresh_selection": "iiiiiiii i......i i.tt.t.i it..tt.i it.ttt.i i.ttt..i i......i iiiiiiii",
    "undo": "..t..... .tt..... tttttt.. .tt...t. ..t....t .......t ......t. ..tttt..",
    "load_data": "...tt... ...tt... ...tt... .tttttt. ..tttt.. i..tt..i i......i iiiiiiii",
    "new_campaign": ".....ii. ...iiii. iiiiiii. iiiiiii. ii.iiii. ii...ii. ii.aa... ..aaaa..",
    "log_follow_up": "ii...... iii..... iii..... .ii..... ..ii..ii ..iiiiii ....iii. ........",
    "log_introduction": ".tt..ii. .tt..ii. ........ tttt.iii tttt.iii tttt.iii .tt..ii. ........",
    "check_inputs": ".......t ......tt .....tt. t...tt.. tt.tt... .ttt.... ..t..... ........",
    "sample": "iiiiiiii i..i...i i..i.a.i iiiiiiii i..i...i i..i.a.i i..i...i iiiiiiii",
    "share": "....tt.. ....ttt. .tttttt. tt..ttt. t...tt.i i......i i......i iiiiiiii",
    "unfreeze": "...t.... .t.t.t.. ..ttt... ttttttt. ..ttt... .t.t.ta. ...t.aaa .....aaa",
    "explain": "..aaaa.. .aa..aa. .....aa. ....aa.. ...aa... ........ ...aa... ...aa...",
    "functions": "...ttt.. ..t..... ..t..... ttttt... ..t..i.i ..t...i. ..t..i.i tt......",
    "resize_table": "iiii.... itti..t. iiii.tt. i..i.... iiii...a .t....aa .tt..aaa ....aaaa",
    "doctor": "...tt... ...tt... ...tt... tttttttt tttttttt ...tt... ...tt... ...tt...",
    "help": "..iiii.. .i....i. i..ii..i i...i..i i..i...i i......i .i.i..i. ..iiii..",
    "about": "..tttt.. .tttttt. tttwwttt tttttttt tttwwttt tttwwttt .ttwwtt. ..tttt..",
}


def icon(name: str, size: int) -> bytes:
    """A button's icon as a PNG of size by size pixels."""
    scale = size // GRID
    margin = (size - scale * GRID) // 2
    clear = COLOURS["."]
    rows = [clear * size] * margin
    for line in DRAWINGS[name].split():
        drawn = b"".join(COLOURS[letter] * scale for letter in line)
        rows += [clear * margin + drawn + clear * margin] * scale
    rows += [clear * size] * margin
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
