"""A workbook file as actions see it: what is written, what stays, and what no crash can break."""

import re

import openpyxl
import pytest
from read_books import read_book
from writing_books import do, own_book, parts

from addin.actions.book import Cancelled, Change, Rows
from addin.errors import BookError, CellError
from addin.files import PATIENCE
from addin.xlsx.file_book import FileBook
from addin.xlsx.package import Package

LOG = {
    "Campaign": ["C01"] * 3,
    "Date": [46000.0] * 3,
    "Type": ["New order"] * 3,
    "Orders": [1.0, 2.0, 3.0],
    "Price": [10.0] * 3,
}
CALCULATED = {"Start", "Month", "Revenue", "Whom", "Won", "Spent", "Contacts", "Responses", "Due"}


class TestReading:
    def test_a_table_is_what_another_library_reads(self, book, path):
        table = book.table("TBLFOLLOWUPS")
        sheet = read_book(path)["d_FollowUps"]
        assert (table.name, table.place("Orders", 3)) == ("tblFollowUps", "d_FollowUps!G8")
        assert list(table.columns) == [cell.value for cell in sheet["B4:Y4"][0]]
        assert table.columns["Orders"] == [row[0].value for row in sheet["G5:G22"]]
        assert table.columns["Contacted"][:3] == [20000, 200, None]
        assert table.calculated == CALCULATED

    def test_cells_by_name_and_place(self, book):
        assert book.cells("OUT_gross3") == [[1.275]]
        assert book.cells("Checks!C6:D7") == [
            ["Every number is a number, every date a date", 0],
            ["Sample only: log and order rows have as many orders", 425],
        ]

    @pytest.mark.parametrize("place", ["out_Nothing", "Nowhere!A1", "Checks", "Checks!", "Checks!A", "A1"])
    def test_a_place_that_is_not_there(self, book, place):
        with pytest.raises(BookError, match=f"has no cell {place}"):
            book.cells(place)

    def test_a_table_that_is_not_there(self, book):
        with pytest.raises(BookError, match="has no table tblNone; it has tblCampaigns"):
            book.table("tblNone")


class TestTables:
    def test_new_rows_look_like_the_others_and_their_columns_fill(self, book, path):
        before = parts(path)
        do(book, rows={"tblFollowUps": Rows(LOG, append=True)})
        sheet = read_book(path, data_only=False)["d_FollowUps"]
        assert sheet.tables["tblFollowUps"].ref == "B4:Y25"
        assert sheet.dimensions == "A1:Y25"
        for row in (23, 24, 25):
            assert [cell.style_id for cell in sheet[row]] == [cell.style_id for cell in sheet[22]]
            assert sheet[f"Q{row}"].value == sheet["Q22"].value
        assert {str(v.sqref).rpartition(":")[2][1:] for v in sheet.data_validations.dataValidation} == {"25"}
        assert "B5:Y25" in [str(rule.sqref) for rule in sheet.conditional_formatting]
        values = read_book(path)["d_FollowUps"]
        assert [values[f"S{row}"].value for row in (23, 24, 25)] == [10, 20, 30]
        assert [values[f"R{row}"].value for row in (23, 24, 25)] == [11, 11, 11]
        after = parts(path)
        same = [name for name in before if "worksheets/sheet" not in name and name != "xl/tables/table2.xml"]
        assert list(after) == list(before)
        assert all(after[name] == before[name] for name in same)
        old_rows = re.findall(rb'<row r="(?:[1-9]|1\d|2[0-2])" .*?</row>', before["xl/worksheets/sheet19.xml"])
        assert [row for row in old_rows[4:] if row not in after["xl/worksheets/sheet19.xml"]] == []

    @pytest.mark.thorough
    def test_fewer_rows_and_what_follows_them(self, book, path):
        segments = {"Segment": ["One"], "Purchases": [1.0], "Ticket": [2.0], "Years": [3.0]}
        do(book, rows={"tblSegments": Rows(segments)})
        sheet = read_book(path)["d_Segments"]
        assert sheet.tables["tblSegments"].ref == "B4:M5"
        assert (sheet["G5"].value, [cell.value for cell in sheet[6]]) == (6, [None] * 13)
        (chart,) = (name for name, part in parts(path).items() if b"d_Segments!$G$5:" in part)
        assert b"d_Segments!$G$5:$G$5<" in parts(path)[chart]
        do(book, rows={"tblSegments": Rows({"Segment": [f"S{n}" for n in range(40)]})})
        assert b"d_Segments!$G$5:$G$44<" in parts(path)[chart]
        assert read_book(path, data_only=False).defined_names["lst_Segments"].attr_text == "d_Segments!$B$5:$B$44"

    def test_no_rows_leave_one_blank_row_which_the_next_ones_fill(self, book, path):
        do(book, rows={"tblFollowUps": Rows({})})
        assert (book.table("tblFollowUps").rows, len(book.table("tblFollowUps").columns["Event"])) == ([], 1)
        do(book, rows={"tblFollowUps": Rows(LOG, append=True)})
        assert read_book(path, data_only=False)["d_FollowUps"].tables["tblFollowUps"].ref == "B4:Y7"
        assert book.table("tblFollowUps").columns["Revenue"] == [10, 20, 30]

    @pytest.mark.thorough
    def test_values_in_place_of_formulas_and_back(self, book, path):
        do(book, filled={"tblFollowUps": {"Revenue": [float(n) for n in range(18)]}})
        assert read_book(path, data_only=False)["d_FollowUps"]["S6"].value == 1
        assert book.table("tblFollowUps").calculated == CALCULATED
        do(book, filled={"tblFollowUps": {"Revenue": None}})
        assert read_book(path, data_only=False)["d_FollowUps"]["S6"].value.startswith(
            "=N(tblFollowUps[[#This Row],[Orders]])*"
        )
        assert book.table("tblFollowUps").columns["Revenue"][1] == 900

    @pytest.mark.parametrize("count", [3, 1000])
    def test_row_numbers_are_there_as_soon_as_the_rows_are(self, book, path, count):
        """=ROW()-ROW($B$4) counts the rows of orders, in row 5 and below, whether there were rows before or not."""
        orders = {"Order": [f"O{n}" for n in range(count)], "Customer": ["K1"] * count, "Price": [10.0] * count}
        with book.action("Orders"):
            book.write(Change(rows={"tblTransactions": Rows(orders)}))
            assert book.table("tblTransactions").columns["Row"] == list(range(1, count + 1))
        cells = read_book(path)["d_Transactions"]["J5" : f"J{count + 4}"]
        assert [cell.value for (cell,) in cells] == list(range(1, count + 1))

    def test_a_calculated_column_cannot_be_typed_into(self, book):
        with pytest.raises(BookError, match="tblFollowUps has no column Revenue to type into"):
            do(book, rows={"tblFollowUps": Rows({"Revenue": [1.0]})})

    def test_a_table_of_another_program_with_things_around_it(self, tmp_path):
        book = own_book(tmp_path / "own.xlsx")
        do(book, rows={"mine": Rows({"Name": ["Cy", "Di", "=1"], "Price": [30.0, 40.0, None]}, append=True)})
        sheet = read_book(tmp_path / "own.xlsx", data_only=False)["My data"]
        assert [sheet[f"D{row}"].value for row in range(2, 7)] == [f"=C{row}*1.2" for row in range(2, 7)]
        assert [sheet[f"A{row}"].value for row in range(1, 5)] == ["note", "left", "of it", None]
        assert (sheet["F3"].value, sheet["B6"].value, sheet["B6"].data_type) == ("right of it", "=1", "s")
        assert book.cells("My data!H1")[0][0] == pytest.approx(120)

    def test_what_stands_beneath_is_not_overwritten(self, tmp_path):
        book = own_book(tmp_path / "own.xlsx", beneath="mine!")
        before = (tmp_path / "own.xlsx").read_bytes()
        with pytest.raises(BookError, match=r"cell B9 is not empty, and mine needs the rows down to 9"):
            do(book, rows={"mine": Rows({"Name": ["x"] * 8})})
        assert (tmp_path / "own.xlsx").read_bytes() == before
        do(book, rows={"mine": Rows({"Name": ["x"] * 7})})

    def test_a_total_row_is_refused(self, tmp_path):
        with pytest.raises(BookError, match="mine has a total row; switch it off"):
            do(own_book(tmp_path / "own.xlsx", total=True), rows={"mine": Rows({"Name": ["x"]})})

    def test_more_rows_than_a_sheet_has(self, book):
        with pytest.raises(BookError, match="a sheet ends in row 1,048,576"):
            do(book, rows={"tblFollowUps": Rows({"Orders": [1.0] * 1_048_573})})

    @pytest.mark.parametrize("way", ["with a prefix", "without places", "with shared formulas"])
    def test_other_ways_to_write_a_sheet(self, tmp_path, way):
        own_book(tmp_path / "own.xlsx")
        package = Package.read(tmp_path / "own.xlsx")
        sheet = package.part("xl/worksheets/sheet1.xml")
        if way == "with a prefix":
            sheet = re.sub(rb"<(/?)(?=\w)", rb"<\1x:", sheet).replace(b"xmlns=", b"xmlns:x=")
        elif way == "without places":
            sheet = re.sub(rb'<row r="\d+"', b"<row", sheet)
            sheet = re.sub(rb'<c r="[A-D]\d+"', b"<c", sheet)
        else:
            sheet = sheet.replace(b"<f>C2*1.2</f>", b'<f t="shared" ref="D2:D3" si="0">C2*1.2</f>')
            sheet = sheet.replace(b"<f>C3*1.2</f>", b'<f t="shared" si="0"/>')
        (tmp_path / "own.xlsx").write_bytes(package.replaced({"xl/worksheets/sheet1.xml": sheet}).data)
        book = FileBook(tmp_path / "own.xlsx")
        do(book, rows={"mine": Rows({"Name": ["Cy"], "Price": [30.0]}, append=True)}, cells={"My data!D2": 7.0})
        found = read_book(tmp_path / "own.xlsx", data_only=False)["My data"]
        assert [found[f"D{row}"].value for row in (2, 3, 4)] == [7, "=C3*1.2", "=C4*1.2"]
        assert [found[f"B{row}"].value for row in range(1, 5)] == ["Name", "Ann", "Bo", "Cy"]
        assert (found["A3"].value, found["F3"].value) == ("of it", "right of it")

    def test_the_order_of_formulas_is_made_anew_by_excel(self, tmp_path):
        own_book(tmp_path / "own.xlsx")
        package = Package.read(tmp_path / "own.xlsx")
        relations = "xl/_rels/workbook.xml.rels"
        override = b'<Override PartName="/xl/calcChain.xml" ContentType="c"/></Types>'
        relation = b'<Relationship Id="rId99" Type="http://x/calcChain" Target="calcChain.xml"/></Relationships>'
        changed = {
            "[Content_Types].xml": package.part("[Content_Types].xml").replace(b"</Types>", override),
            relations: package.part(relations).replace(b"</Relationships>", relation),
            "xl/calcChain.xml": b"<calcChain/>",
        }
        (tmp_path / "own.xlsx").write_bytes(package.replaced(changed).data)
        do(FileBook(tmp_path / "own.xlsx"), cells={"My data!D2": 7.0})
        after = parts(tmp_path / "own.xlsx")
        assert "xl/calcChain.xml" not in after
        assert b"calcChain" not in after["[Content_Types].xml"] + after[relations]


class TestCells:
    def test_every_kind_of_value(self, tmp_path):
        book = own_book(tmp_path / "own.xlsx")
        values = {
            "K1": 1.5,
            "K2": "=1+1",
            "K3": True,
            "K4": CellError("#N/A"),
            "K5": " é<&>\n",
            "K6": None,
            "D2": "text",
        }
        do(book, cells={f"My data!{cell}": value for cell, value in values.items()})
        sheet = read_book(tmp_path / "own.xlsx", data_only=False)["My data"]
        found = {cell: sheet[cell].value for cell in values}
        assert found == values | {"K4": "#N/A"}
        assert sheet["K2"].data_type == "s"
        assert {cell: book.cells(f"My data!{cell}")[0][0] for cell in values} == values

    def test_an_array_formula_put_in_and_frozen(self, tmp_path):
        book = own_book(tmp_path / "own.xlsx")
        do(book, formulas={"My data!J1:K2": "=NPS_CI({10;9;8})*{1;2}"})
        first = book.cells("My data!J1:K2")
        assert first[1] == [pytest.approx(2 * value) for value in first[0]]
        do(book, cells={"My data!J1:K2": [[1.0, 2.0], [3.0, 4.0]]})
        sheet = read_book(tmp_path / "own.xlsx", data_only=False)["My data"]
        assert [[cell.value for cell in row] for row in sheet["J1:K2"]] == [[1, 2], [3, 4]]

    def test_what_reads_a_written_cell_is_recalculated(self, book, path):
        do(book, cells={"Inputs!E14": 0.25})
        values = read_book(path)
        assert values["ROI_ROC"]["H34"].value == pytest.approx(0.25 * 0.6 - 1)
        assert values["Metrics"]["D7"].value == pytest.approx(0.25 * 0.6 - 1)

    def test_formulas_that_were_exchanged_are_followed_in_the_same_book(self, tmp_path):
        workbook = openpyxl.Workbook()
        for row in ([1, "=A1*2"], [10]):
            workbook.active.append(row)
        workbook.save(tmp_path / "own.xlsx")
        book = FileBook(tmp_path / "own.xlsx")
        for change, value in (
            ({"cells": {"Sheet!A1": 3.0}}, 6), ({"formulas": {"Sheet!B1": "=A2*2"}}, 20),
            ({"cells": {"Sheet!A2": 5.0}}, 10), ({"cells": {"Sheet!A1": 4.0}}, 10),
        ):  # fmt: skip
            do(book, **change)
            assert book.cells("Sheet!B1") == [[value]]

    def test_notes_are_kept_beside_properties_of_others(self, book, path):
        others = openpyxl.load_workbook(path, keep_vba=True)
        do(book, notes={"a b": 'é <&> "quoted"', "long": "x" * 255})
        do(book, notes={"long": "", "c": "1"})
        assert FileBook(path).notes() == {"a b": 'é <&> "quoted"', "c": "1"}
        assert {p.name: p.value for p in read_book(path, data_only=False).custom_doc_props.props} == {
            "roc a b": 'é <&> "quoted"',
            "roc c": "1",
        }
        others.custom_doc_props.append(openpyxl.packaging.custom.StringProperty(name="Client", value="ACME"))
        others.save(path)
        other = FileBook(path)
        do(other, notes={"mine": "2"})
        do(other, notes={"mine": ""})
        assert {p.name: p.value for p in read_book(path, data_only=False).custom_doc_props.props} == {"Client": "ACME"}


class TestAction:
    def test_undo_gives_the_file_back_byte_for_byte(self, book, path):
        before = path.read_bytes()
        do(book, "Load data", cells={"Inputs!E14": 0.5})
        assert path.read_bytes() != before
        assert FileBook(path).undo() == "Load data"
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]
        with pytest.raises(BookError, match="has no action to undo"):
            FileBook(path).undo()

    def test_only_the_last_action_is_kept(self, book, path):
        do(book, "One", cells={"Inputs!E14": 0.5})
        middle = path.read_bytes()
        do(book, "Two", cells={"Inputs!E14": 0.6})
        assert len(list(path.parent.iterdir())) == 2
        assert book.undo() == "Two"
        assert path.read_bytes() == middle

    def test_undo_never_loses_what_came_after(self, book, path):
        do(book, "One", cells={"Inputs!E14": 0.5})
        workbook = openpyxl.load_workbook(path, keep_vba=True)
        workbook.save(path)
        with pytest.raises(BookError, match="was changed since, and undo would lose that"):
            FileBook(path).undo()

    def test_a_file_that_another_program_changed_meanwhile_is_left(self, book, path):
        def meanwhile():
            with book.action("One"):
                book.write(Change(cells={"Inputs!E14": 0.5}))
                path.write_bytes(b"theirs")

        with pytest.raises(BookError, match="changed by another program meanwhile"):
            meanwhile()
        assert path.read_bytes() == b"theirs"

    @pytest.mark.parametrize("error", [Cancelled("stop"), KeyboardInterrupt(), ValueError()])
    def test_an_action_that_fails_changes_nothing(self, book, path, error):
        before = path.read_bytes()

        def failing():
            with book.action("One"):
                book.write(Change(cells={"Inputs!E14": 0.5}))
                raise error

        with pytest.raises(type(error)):
            failing()
        assert path.read_bytes() == before
        assert book.cells("Inputs!E14") == [[1]]
        assert list(path.parent.iterdir()) == [path]

    def test_open_elsewhere(self, book, path, monkeypatch):
        monkeypatch.setitem(PATIENCE, "program", 0.1)
        path.with_name("~$book.xlsm").touch()
        before = path.read_bytes()
        with pytest.raises(BookError, match="is open in another program"):
            do(book, cells={"Inputs!E14": 0.5})
        assert path.read_bytes() == before


def test_a_table_that_names_fewer_columns_than_it_covers_is_refused(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (("Score", "Name"), (7, "Ann")):
        workbook.active.append(row)
    workbook.active.add_table(openpyxl.worksheet.table.Table(displayName="tbl", ref="A1:B2"))
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    package = Package.read(path)
    part = "xl/tables/table1.xml"
    path.write_bytes(package.replaced({part: re.sub(rb"<tableColumn id=\"2\"[^>]*>", b"", package.part(part))}).data)
    with pytest.raises(BookError, match=f"{path} is damaged: its table tbl names 1 columns and has room for 2"):
        FileBook(path).table("tbl")
