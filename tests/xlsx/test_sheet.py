"""Values written into a sheet's XML, wherever its writer left cells, rows or all of it empty."""

import random
from xml.etree import ElementTree as ET

import pytest

from addin.errors import BookError, CellError
from addin.xlsx.cells import NewValue
from addin.xlsx.sheet_rows import SheetRows
from addin.xlsx.sheet_xml import SheetXml

ROWS = {
    "an empty cell with a style": '<row r="1"><c r="A1"><f>1</f></c><c r="B1" s="1"/></row><row r="2"/>',
    "an empty cell before others": '<row r="1"><c r="A1" s="1"/><c r="B1" s="2" /><c r="C1"><v>7</v></c></row>',
    "an empty row": '<row r="1" ht="20"/><row r="2" ht="20" /><row r="3"><c r="A3"><v>1</v></c></row>',
    "empty rows only": '<row r="1"/><row r="2"/>',
    "no rows": "",
    "a later row": '<row r="9"><c r="A9"><v>9</v></c></row>',
}


@pytest.mark.parametrize("case", ROWS)
def test_a_block_lands_in_a_sheet_that_stays_well_formed(case):
    body = f"<sheetData>{ROWS[case]}</sheetData>" if ROWS[case] else "<sheetData/>"
    data = f'<worksheet><cols/>{body}<pageMargins left="1"/></worksheet>'
    before = ET.fromstring(data)
    block = {(row, column): NewValue(row * 10.0 + column) for row in (1, 2) for column in (1, 2)}
    after = ET.fromstring(SheetXml(data.encode(), "sheet").with_values(block).data)
    assert [child.tag for child in after] == [child.tag for child in before]
    rows = after.find("sheetData")
    assert {child.tag for child in rows} == {"row"}
    assert [int(row.get("r")) for row in rows] == sorted({1, 2} | {int(row.get("r")) for row in before.iter("row")})
    cells = {cell.get("r"): cell for cell in rows.iter("c")}
    assert {place: cells[place].findtext("v") for place in ("A1", "B1", "A2", "B2")} == {
        "A1": "11", "B1": "12", "A2": "21", "B2": "22",
    }  # fmt: skip
    for cell in before.iter("c"):
        assert cells[cell.get("r")].get("s") == cell.get("s")
        if cell.get("r") not in ("A1", "B1"):
            assert cells[cell.get("r")].findtext("v") == cell.findtext("v")
    for row in before.iter("row"):
        assert next(r for r in rows if r.get("r") == row.get("r")).get("ht") == row.get("ht")


@pytest.mark.parametrize(("written", "value"), [("1", True), ("0", False)])
def test_true_and_false_are_saved_as_what_they_are(written, value):
    row = f'<row r="1"><c r="A1" t="b"><f>x</f><v>{written}</v></c><c r="B1"/></row>'
    sheet = SheetXml(f"<worksheet><sheetData>{row}</sheetData></worksheet>".encode(), "sheet")
    assert sheet.formula_cells("S")[0].saved is value
    assert sheet.values((1, 1, 1, 1), []) == [[value]]
    after = ET.fromstring(sheet.with_values({(1, 2): NewValue(value)}).data)
    assert [(cell.get("t"), cell.findtext("v")) for cell in after.iter("c")] == [("b", written)] * 2


@pytest.mark.parametrize(
    "new",
    [
        *map(NewValue, (2.5, -1e300, 0.1 + 0.2, "a <b> & c", " ", "", True, CellError("#N/A"), None)),
        NewValue(7.0, (1, 1, 2, 1)),
        NewValue(7.0, keeps_formula=False),
        NewValue(7.0, keeps_formula=False, formula="9"),
    ],
)
def test_formulas_are_known_after_values_were_written_as_if_read_anew(new):
    row = '<row r="1"><c r="A1"><f>x</f><v>1</v></c><c r="B1"><f>A1</f><v>1</v></c></row>'
    sheet = SheetXml(f"<worksheet><sheetData>{row}</sheetData></worksheet>".encode(), "sheet")
    assert len(sheet.formula_cells("S")) == 2
    after = sheet.with_values({(1, 1): new, (2, 1): NewValue(3.0)})
    assert after.formula_cells("S") == SheetXml(after.data, "sheet").formula_cells("S")


@pytest.mark.parametrize("rows", ['<row r="2"/><row r="1"/>', '<row r="1"/><row r="1"/>', '<row r="x"/>',
    '<row r="1"><c r="B1"/><c r="A1"/></row>', '<row r="1"><c r="A1"><f>x</f><v>abc</v></c></row>'])  # fmt: skip
def test_a_damaged_sheet_is_one_sentence(rows):
    data = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    with pytest.raises(BookError, match="book, sheet S is damaged: "):
        SheetXml(data, "book, sheet S").values((1, 1, 2, 2), [])


PLAIN = (
    '<row r="1"><c r="A1"><v>2</v></c><c r="B1" t="str"><f>IF(A1&gt;1,"a&amp;b","")</f><v>a&amp;b</v></c></row>'
    '<row r="2" ht="20"/><row r="4"><c r="A4"><f>A1+1</f><v>3</v></c><c r="B4" t="str"><f>T(A1)</f><v></v></c></row>'
)
SPELLINGS = {
    "as most programs write it": lambda xml: xml,
    "with other quotes": lambda xml: xml.replace('t="str"', "t='str'").replace('r="1"', "r='1'"),
    "with blanks in tags": lambda xml: xml.replace("</row>", "</row >").replace("<f>", "<f >").replace("</v>", "</v >"),
    "with one end of a row that differs": lambda xml: xml.replace("</row>", "</row >", 1),
    "with blanks between": lambda xml: xml.replace("<c", "\n <c").replace("<row", "\n<row"),
    "with a prefix in one row": lambda xml: xml.replace("<row r", "<x:row r", 1).replace("</row>", "</x:row>", 1),
    "with the place last": lambda xml: xml.replace('r="B1" t="str"', 't="str" r="B1"'),
    "with a text in the cell": lambda xml: xml.replace(
        "</c></row>", '</c><c r="C1" t="inlineStr"><is><t>c</t></is></c></row>', 1
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_cells_are_the_same_however_they_are_written(spelling):
    body = SPELLINGS[spelling](PLAIN)
    data = f'<worksheet xmlns="s" xmlns:x="s"><sheetData>{body}</sheetData></worksheet>'
    sheet = SheetXml(data.encode(), "sheet")
    assert list(sheet.rows) == [1, 2, 4]
    assert sheet.values((1, 1, 4, 2), []) == [[2.0, "a&b"], [None, None], [None, None], [3.0, None]]
    formulas = [(cell.at, cell.formula, cell.saved) for cell in sheet.formula_cells("S")]
    assert formulas == [("B1", '=IF(A1>1,"a&b","")', "a&b"), ("A4", "=A1+1", 3.0), ("B4", "=T(A1)", "")]
    assert sheet.data == data.encode()


@pytest.mark.parametrize("seed", range(4))
def test_rows_exchanged_and_added_one_after_the_other_stand_in_order(seed):
    choose = random.Random(seed)
    rows = {n: b'<row r="%d"><f>%d</f></row>' % (n, n) for n in sorted(choose.sample(range(1, 60), 20))}
    kept = SheetRows.of(rows)
    for _ in range(12):
        fresh = {choose.randint(1, 60): choose.choice([b" <row/>", b"<row><f>x</f></row>"]) for _ in range(3)}
        if choose.random() < 0.8:
            fresh = {n: row for n, row in fresh.items() if n in rows}
        rows, kept = dict(sorted({**rows, **fresh}.items())), kept.with_rows(fresh)
        assert list(kept.items()) == list(rows.items())
        assert b"".join(kept.pieces()) == b"".join(rows.values())
        first, last = sorted((choose.randint(1, 60), choose.randint(1, 60)))
        assert dict(kept.between(first, last)) == {n: row for n, row in rows.items() if first <= n <= last}
        assert kept.holding(b"<f", b":f") == [n for n, row in rows.items() if b"<f" in row]
    assert kept.get(61) is None
