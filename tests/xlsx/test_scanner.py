"""The one scanner: parts as other programs write them, and elements put into them."""

from xml.etree import ElementTree

import openpyxl
import pytest

from addin.xlsx.notes import notes, with_notes
from addin.xlsx.package import Package
from addin.xlsx.scanner import attributes, cell_text, element, normal, with_child

CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"


@pytest.mark.parametrize(
    "part",
    [
        b'<a xmlns="n"><b/></a>', b'<?xml version="1.0"?>\n<x:a xmlns:x="n" ><x:b/></x:a >', b'<a xmlns="n"/>',
        b"<y:a  xmlns:y = 'n' />", b'<a xmlns="n"><!-- </a> --><b/></a>\n',
    ],
)  # fmt: skip
def test_an_element_more_is_in_the_namespace_of_its_root(part):
    made = ElementTree.fromstring(with_child(normal(part, "it"), "c", {"k": 'a "b" & <c>'}, "in"))
    assert [(child.tag, child.text) for child in made][-1] == ("{n}c", "in")
    assert made[-1].get("k") == 'a "b" & <c>'
    assert len(made) == 1 + (b"<b" in part or b":b" in part)


def test_an_element_is_found_however_it_is_written():
    part = normal(b"<s:r a='1' xmlns:s='n'><s:c r = \"A1\" t='>'>1</s:c><!-- <s:c/> --><s:c /></s:r>", "it")
    found = list(element("c").finditer(part))
    assert [(attributes(cell[1]), cell[2]) for cell in found] == [({b"r": b"A1", b"t": b">"}, b"1"), ({}, None)]


def test_notes_in_a_book_whose_parts_are_written_in_another_way(tmp_path):
    """With a prefix, and properties that are there but empty."""
    openpyxl.Workbook().save(tmp_path / "own.xlsx")
    package = Package.read(tmp_path / "own.xlsx")
    types = ElementTree.fromstring(package.part("[Content_Types].xml"))
    package = package.replaced({"[Content_Types].xml": ElementTree.tostring(types)})
    assert b"<ns0:Types" in package.part("[Content_Types].xml")
    noted = package.replaced(with_notes(package, {"a": "1", "b": "<2>"}))
    assert notes(noted) == {"a": "1", "b": "<2>"}
    written = ElementTree.fromstring(noted.part("[Content_Types].xml"))
    assert "/docProps/custom.xml" in {item.get("PartName") for item in written.iter(f"{{{CONTENT_TYPES}}}Override")}
    numbers = [item.get("pid") for item in noted.tree("docProps/custom.xml")]
    assert numbers == ["2", "3"], "each its own, from 2 on"
    empty = noted.replaced({"docProps/custom.xml": f'<p:Properties xmlns:p="{PROPERTIES}"/>'.encode()})
    again = empty.replaced(with_notes(empty, {"c": "3"}))
    assert notes(again) == {"c": "3"}
    assert notes(again.replaced(with_notes(again, {"c": ""}))) == {}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (b"<a><![CDATA[1 < 2 & x]]><!-- c --><b/></a>", b"<a>1 &lt; 2 &amp; x<b/></a>"),
        (b"<a><?go now?>1<![CDATA[]]></a>", b"<a>1</a>"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>".encode("latin-1"), "<a>é</a>".encode()),
        ("\ufeff<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16-le"), "<a>é</a>".encode()),
    ],
)
def test_a_part_in_normal_form(part, expected):
    assert normal(part, "it").endswith(expected)
    assert b"encoding" not in normal(part, "it") or b'encoding="UTF-8"' in normal(part, "it")


def test_two_units_of_utf_16_make_one_character_and_half_of_one_is_marked():
    assert cell_text(b"_xD83D__xDE00_ and _x0041_") == "\N{GRINNING FACE} and A"
    assert cell_text(b"cut _xD83D_") == "cut \N{REPLACEMENT CHARACTER}"
