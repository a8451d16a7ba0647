"""Damages workbooks in every way that one can think of: a package made from another by a seed, always the same."""

import io
import random
import re
import struct
import zipfile

from addin.errors import BookError

VALUES = [
    b"", b" ", b"-1", b"0", b"1", b"2", b"99999999999999999999", b"2147483648", b"1e999", b"NaN", b"abc", b"true", b"A0",
    b"A1", b"XFD1048576", b"XFE1", b"A1048577", b"A1:XFC1048575", b"A1:XFD1048576", b"B2:A1", b"A:A", b"1:1", b"$A$1",
    b"[1]S!A1", b"#REF!", b"'", b"&quot;", b"&#x0;", b"&#1;", b"&bogus;", b"_x0000_", "é→\U0001f4a3".encode(), b"\xff",
    b"x" * 70_000, b"(" * 3000, b"=", b"s", b"str", b"inlineStr", b"e", b"d", b"shared", b"array", b"dataTable",
    b"External", b"../../../../etc/passwd", b"/xl/workbook.xml", b"http://127.0.0.1:1/x", b"rId1", b"rId99",
]  # fmt: skip
"""What an attribute or a text may not expect."""
FORMULAS = [
    b"A1:INDEX(A:A,1048576)", b"SUM(A1:XFD1048576)", b"NPS(A:XFD)", b"NPS_CI(1:1048576)", b"OFFSET(A1,-1,0)", b"INDIRECT(A1)",
    b"(" * 200 + b"1" + b")" * 200, b"1" + b"+1" * 4000, b"-" * 5000 + b"1", b"'" * 999, b"&quot;" * 999, b"{1,2;3}", b"SUM(",
    b"A1#", b"@A1", b"tbl[", b"tbl[[#All],[x]]", b"LET(x,1,x)", b"LAMBDA(x,x)(1)", b"REPT(&quot;x&quot;,32767)", b"A1",
    b"SEQUENCE(1048576,16384)", b"10^10^10", b"1E999", b"A1:A2:A3", b"!A1", b"Sheet1!Sheet1!A1", b"NPS(NPS(NPS(A1)))",
]  # fmt: skip
TAG = re.compile(rb"<[^<>]*>")
ATTRIBUTE = re.compile(rb"""\s[\w:]+\s*=\s*("[^"<]*"|'[^'<]*')""")
TEXT = re.compile(rb">([^<>]+)<")
ELEMENT = re.compile(rb"<([\w:]+)(?:\s[^<>]*)?(?:/>|>[^<]*</\1>)")
FORMULA = re.compile(rb"(<(?:\w+:)?f(?:\s[^<>]*)?>)([^<]*)(</)")


def mutated(data: bytes, seed: int) -> bytes:
    """A workbook with one to four faults."""
    draw = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if draw.random() < 0.08:
        return _bytes(data, draw)
    how = zipfile.ZIP_DEFLATED
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        if draw.random() < 0.12:
            _package(parts, draw)
        else:
            name = _some_part(parts, draw)
            parts[name] = draw.choice(MUTATIONS)(parts[name], draw)
    if draw.random() < 0.03:
        how = draw.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
        return _bytes(_packed(parts, how), draw)
    return _packed(parts, how)


def _some_part(parts: dict[str, bytes], draw: random.Random) -> str:
    """Sheets and what holds the book together more often than pictures."""
    names = sorted(name for name in parts if parts[name].lstrip(b"\xef\xbb\xbf").startswith(b"<"))
    core = [n for n in names if re.search(r"sheet\d*\.xml|workbook|table|sharedStrings|Content_Types|rels|styles", n)]
    return draw.choice(core if core and draw.random() < 0.8 else names or sorted(parts))


def _packed(parts: dict[str, bytes], how: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def _bytes(data: bytes, draw: random.Random) -> bytes:
    """Damage to the file itself."""
    new = bytearray(data)
    match draw.randrange(5):
        case 0:
            return data[: draw.randrange(len(data))]
        case 1:
            for _ in range(draw.choice([1, 3, 50])):
                new[draw.randrange(len(new))] = draw.randrange(256)
        case 2:
            at = draw.randrange(len(new))
            new[at : at + draw.randrange(1, 400)] = b""
        case 3:
            at = data.rfind(b"PK\x01\x02")
            new[max(at, 0) + draw.randrange(4, 46)] = draw.randrange(256)
        case _:
            at = draw.choice([found.start() for found in re.finditer(rb"PK\x01\x02", data)] or [0])
            new[at + 10 : at + 12] = struct.pack("<H", draw.choice([0, 1, 9, 12, 14, 93, 99]))
    return bytes(new)


def _package(parts: dict[str, bytes], draw: random.Random) -> None:
    """Damage to the list of parts."""
    names = sorted(parts)
    one, other = draw.choice(names), draw.choice(names)
    match draw.randrange(6):
        case 0:
            del parts[one]
        case 1:
            parts[one] = parts[other]
        case 2:
            parts[one], parts[other] = parts[other], parts[one]
        case 3:
            parts[
                draw.choice([one.upper(), f"{one}.bak", f"/{one}", f"../{one}", one.replace("/", "\\"), "x" * 300])
            ] = parts.pop(one)
        case 4:
            parts[one] = b""
        case _:
            parts[one] = bytes(draw.randrange(256) for _ in range(300))


def _attribute(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(ATTRIBUTE, part, draw)
    if not found:
        return part
    value = draw.choice(VALUES) if draw.random() < 0.8 else draw.choice(FORMULAS)
    return part[: found.start(1)] + b'"' + value + b'"' + part[found.end(1) :]


def _text(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(TEXT, part, draw)
    return part[: found.start(1)] + draw.choice(VALUES) + part[found.end(1) :] if found else part


def _formula(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(FORMULA, part, draw)
    return part[: found.start(2)] + draw.choice(FORMULAS) + part[found.end(2) :] if found else _text(part, draw)


def _array(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(FORMULA, part, draw)
    if not found:
        return part
    area = draw.choice([b"A1:XFC1048575", b"A1:A1048576", b"C3:C3", b"B9:A1", b"A1:ZZ700", b"D1:D20", b"x", b""])
    kind = draw.choice([b"array", b"shared", b"dataTable", b"normal"])
    return (
        part[: found.start()]
        + b'<f t="%s" ref="%s" si="%d">' % (kind, area, draw.randrange(3))
        + part[found.start(2) :]
    )


def _element_gone(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(ELEMENT, part, draw)
    return part[: found.start()] + part[found.end() :] if found else part


def _element_twice(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(ELEMENT, part, draw)
    return part[: found.end()] + found[0] * draw.choice([1, 1, 3, 400]) + part[found.end() :] if found else part


def _elements_swapped(part: bytes, draw: random.Random) -> bytes:
    all_found = list(ELEMENT.finditer(part))[:3000]
    if len(all_found) < 2:
        return part
    one, other = sorted(draw.sample(all_found, 2), key=lambda found: found.start())
    return b"".join((part[: one.start()], other[0], part[one.end() : other.start()], one[0], part[other.end() :]))


def _tag(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(TAG, part, draw)
    if not found:
        return part
    return part[: found.start()] + draw.choice([b"", found[0] * 2, found[0].lower(), b"<x>"]) + part[found.end() :]


def _markup(part: bytes, draw: random.Random) -> bytes:
    """Comments, character data and instructions, which are well formed and seldom seen."""
    found = _drawn(re.compile(rb">"), part, draw)
    if not found:
        return part
    new = draw.choice([b"<!-- <f>1</f> -->", b"<![CDATA[<v>7</v>]]>", b"<?x y?>", b"<!---->" * 2000, b" \r\n\t" * 500,
                       b"<![CDATA[]]>" * 2000, b"<x>" * 3000 + b"</x>" * 3000, b"<x y='1'/>" * 5000])  # fmt: skip
    return part[: found.end()] + new + part[found.end() :]


def _encoding(part: bytes, draw: random.Random) -> bytes:
    text = part.decode("utf-8", "replace")
    bare = re.sub(r"^<\?xml[^>]*\?>", "", text)
    name = draw.choice(
        ["UTF-16", "UTF-7", "EBCDIC-CP-BE", "bogus", "latin-1", "utf-32", "UTF-8", "cp1252", "idna", "hex"]
    )
    wide = draw.choice(["utf-8", "utf-16", "utf-16-be", "utf-32", "latin-1", "utf-7", "utf-8-sig"])
    return f'<?xml version="1.0" encoding="{name}"?>{bare}'.encode(wide, "replace")


def _document_type(part: bytes, draw: random.Random) -> bytes:
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    end = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
    return part[:end] + entities + part[end:].replace(b"<v>", b"<v>&b;", 1)


def _row_number(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(re.compile(rb"""<(?:\w+:)?(?:row|c)\s[^<>]*?\br=("[^"]*"|'[^']*')"""), part, draw)
    return part[: found.start(1)] + b'"' + draw.choice(VALUES[:20]) + b'"' + part[found.end(1) :] if found else part


def _value(part: bytes, draw: random.Random) -> bytes:
    found = _drawn(re.compile(rb"<(?:\w+:)?v>([^<]*)<"), part, draw)
    return part[: found.start(1)] + draw.choice(VALUES) + part[found.end(1) :] if found else part


def _flipped(part: bytes, draw: random.Random) -> bytes:
    new = bytearray(part)
    for _ in range(draw.choice([1, 2, 20])):
        if new:
            new[draw.randrange(len(new))] = draw.randrange(256)
    return bytes(new)


MUTATIONS = [_attribute, _attribute, _attribute, _text, _formula, _formula, _array, _element_gone, _element_twice,
             _elements_swapped, _tag, _markup, _encoding, _document_type, _row_number, _row_number, _value, _flipped]  # fmt: skip


def _drawn(pattern: re.Pattern[bytes], part: bytes, draw: random.Random) -> re.Match[bytes] | None:
    found = list(pattern.finditer(part[:300_000]))
    return draw.choice(found) if found else None


def is_one_sentence(error: BookError, folder: object) -> bool:
    """Whether a fault is told as users should read it, with the file that it is about."""
    return len(str(error)) < 3000 and str(folder) in str(error)
