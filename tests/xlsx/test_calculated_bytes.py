"""What `roc calc` writes, byte by byte: the new values, and everything else as it was."""

import io
import re
import zipfile

import openpyxl
import pytest
from small_books import edited, formulas, package, values

from addin.xlsx import sheet_xml
from addin.xlsx.calculation import calculate
from addin.xlsx.package import Package


class TestBytes:
    """What is written, and that nothing else is."""

    def test_only_sheets_with_new_values_change(self):
        def fill(book, sheet):
            sheet["C1"] = "=NPS(A1:A6)"
            other = book.create_sheet("Other")
            other["A1"] = "untouched"
            sheet["C1"].font = openpyxl.styles.Font(bold=True)

        before = package(fill)
        after = Package(calculate(before).data, "after.xlsx")
        with zipfile.ZipFile(io.BytesIO(before.data)) as a, zipfile.ZipFile(io.BytesIO(after.data)) as b:
            assert a.namelist() == b.namelist()
            changed = [name for name in a.namelist() if a.read(name) != b.read(name)]
        assert changed == ["xl/worksheets/sheet1.xml"]
        old, new = before.part(changed[0]).decode(), after.part(changed[0]).decode()
        assert old.replace("<f>NPS(A1:A6)</f><v />", "<f>NPS(A1:A6)</f><v>40</v>") == new

    def test_cells_keep_style_and_formula(self):
        book = edited(
            formulas(C1="=NPS(A1:A6)").data,
            "xl/worksheets/sheet1.xml",
            '<c r="C1"><f>NPS(A1:A6)</f><v />',
            '<c r="C1" s="0" t="str" cm="0"><f ca="1">NPS(A1:A6)</f><v>old</v>',
        )
        text = Package(calculate(book).data, "after.xlsx").part("xl/worksheets/sheet1.xml").decode()
        assert '<c r="C1" s="0" cm="0"><f ca="1">NPS(A1:A6)</f><v>40</v></c>' in text

    @pytest.mark.parametrize("begin", ["", "\ufeff", "<!-- first -->"])
    def test_the_rows_of_a_large_sheet_are_read_again_from_the_file(self, monkeypatch, begin):
        """While the engine has them they are forgotten; what then is written is what is written for a small sheet."""
        part = "xl/worksheets/sheet1.xml"
        book = formulas(B1="kept", C1="=NPS(A1:A6)", C2="=C1+1")
        text = book.part(part).decode()
        small, large = (Package(book.replaced({part: (begin + text).encode()}).data, "book.xlsx") for _ in range(2))
        wanted = Package(calculate(small).data, "after.xlsx").part(part)
        monkeypatch.setattr(sheet_xml, "LARGE", 0)
        assert Package(calculate(large).data, "after.xlsx").part(part) == wanted
        assert b"<v>40</v>" in wanted

    def test_a_prefixed_namespace_is_followed(self):
        book = formulas(C1='=ATTRIBUTION(10,{"a";"b"},{4;1})', A9="=NPS(A1:A6)")
        text = book.part("xl/worksheets/sheet1.xml").decode()
        for tag in ("worksheet", "sheetData", "row", "c", "f", "v", "is", "t"):
            text = (
                text.replace(f"<{tag} ", f"<x:{tag} ")
                .replace(f"<{tag}>", f"<x:{tag}>")
                .replace(f"</{tag}>", f"</x:{tag}>")
            )
        text = text.replace('xmlns="', 'xmlns:x="', 1)
        done = calculate(Package(book.replaced({"xl/worksheets/sheet1.xml": text.encode()}).data, "book.xlsx"))
        result = Package(done.data, "after.xlsx").part("xl/worksheets/sheet1.xml").decode()
        assert '<x:c r="D2"><x:v>4</x:v></x:c>' in result
        assert "<v>" not in result

    def test_rows_and_cells_are_added_in_order(self):
        done = calculate(formulas(C2='=ATTRIBUTION(10,{"a";"b";"c";"d";"e";"f"},{1;1;1;1;1;1})', Z3=1, B5=2))
        rows = list(values(done.data).iter_rows(min_row=2, max_row=9, min_col=2, max_col=5, values_only=True))
        assert rows[0] == (None, "Channel", "Customers", "Share")
        assert rows[3] == (2, "c", 1, 0.1)
        assert rows[7] == (None, "Remainder", 4, 0.4)

    def test_missing_rows_are_added_between_others(self):
        done = calculate(formulas(C20='=ATTRIBUTION(10,{"a";"b"},{4;1})', A22="between", A30="last"))
        text = Package(done.data, "after.xlsx").part("xl/worksheets/sheet1.xml").decode()
        numbers = [int(number) for number in re.findall(r'<row r="(\d+)"', text)]
        assert numbers == sorted(numbers)
        assert [cell.value for cell in values(done.data)["C"][19:23]] == ["Channel", "a", "b", "Remainder"]

    def test_text_results_survive_every_character(self):
        done = calculate(formulas(C1='=IF(NPS(A1:A6)>0," <é&""> "&CHAR(7)&"_x0041_","")'))
        assert done.cells[0].value == ' <é&"> \x07_x0041_'
        (report,) = calculate(Package(done.data, "again.xlsx")).cells
        assert report.value == done.cells[0].value
