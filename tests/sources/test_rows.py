"""Rows out of CSV files, as spreadsheets and shops write them."""

from datetime import date

import pytest

from addin.sources import Rejected, SourceError, connect

MARCH, APRIL = date(2026, 3, 4), date(2026, 4, 13)


@pytest.mark.parametrize(
    ("content", "customer"),
    [
        ("id,date,amount\nMüller,2026-03-04,1234.5\n€,2026-04-13,12\n", "Müller"),
        ("\ufeffid,date,amount\r\nMüller,2026-03-04,1234.5\r\n€,2026-04-13,12\r\n", "Müller"),
        ("id;date;amount\nMüller;04.03.2026;1234,50\n€;13.04.2026;12,00\n".encode("cp1252"), "Müller"),
        ("id;date;amount\nM\xfcller;4.3.26;1.234,50\nX;13.4.26;12\n".encode("latin-1"), "Müller"),
        ("id\tdate\tamount\nMüller\t2026/3/4\t1,234.50\n€\t2026/4/13\t12\n".encode("utf-16"), "Müller"),
        ('id|date|amount\n"Mü\nller"|03/04/2026|€ 1,234.50\nX|04/13/2026|$12\n', "Mü\nller"),
        ('id,date,amount\n"Mü,""ller"," 04/03/2026 10:30 ","1 234,5"\nX,13/04/2026 09:00:59,"12,0"\n', 'Mü,"ller'),
        ("id;date;amount\n=Müller;20260304;1.234,5\n-1;20260413;+12\n", "=Müller"),
        ("id,date,amount\n@Müller,2026-03-04 23:59:59,1'234.5\n+7,2026-04-13T00:00:00Z,1.2e1\n", "@Müller"),
    ],
)
def test_files_of_every_fashion(write, content, customer):
    with connect(write(content)) as data:
        read = data.read()
        assert data.ask("totals").rows[0][1:4] == (2, 2, 124_650)
    assert [row[1:] for row in read.rows] == [(MARCH, 1234.5), (APRIL, 12.0)]
    assert (read.rows[0][0], read.rejected) == (customer, [])
    assert all(type(row[0]) is str for row in read.rows)


def test_ids_stay_text(write):
    with connect(write("id,date,amount\n007,2026-03-04,1\n7,2026-03-04,1\n1e3,2026-03-04,1\n")) as data:
        assert [row[0] for row in data.read().rows] == ["007", "7", "1e3"]
        assert data.ask("totals").column("customers") == [3]


def test_a_day_before_the_month_unless_the_file_says_otherwise(write):
    later = "".join(f"{n},01/02/2026,1\n" for n in range(20_000))
    for last, first in (
        ("25/12/2026", date(2026, 2, 1)),
        ("12/25/2026", date(2026, 1, 2)),
        ("01/02/2026", date(2026, 2, 1)),
    ):
        with connect(write(f"id,date,amount\n{later}x,{last},1\ny,soon,1\n")) as data:
            read = data.read()
        assert (read.rows[0][1], read.rejected_count) == (first, 1)
        order = "day/month/year" if first.month == 2 else "month/day/year"
        assert read.notes == [f"date: dates are read as {order}"]


@pytest.mark.parametrize(
    ("amounts", "values"),
    [
        (["1,234", "5,678"], [1234, 5678]),
        (["1.234", "5.678"], [1234, 5678]),
        (["1.234", "5.6"], [1.234, 5.6]),
        (["1,234", "5,6"], [1.234, 5.6]),
        (["0.125", "0.250"], [0.125, 0.25]),
        (["-3", "+4.50"], [-3, 4.5]),
    ],
)
def test_points_and_commas(write, amounts, values):
    with connect(write("id;date;amount\n" + "".join(f"A;2026-03-04;{text}\n" for text in amounts))) as data:
        assert [row[2] for row in data.read().rows] == values


def test_rejected_rows_have_their_number_and_reason(write):
    content = (
        "id;date;amount;note\n"  # row 1
        'A;2026-03-04;1.50;"a\nnote; of two lines"\n'
        "B;2026-02-30;1;\n"
        "C;2026-03-04;1;2;3\n"
        "D;2026-03-04;=1+1;\n"
        "E;2026-03-04\n"
        "F;soon;nan;\n"
        "G;2026-03-04;1,5;\n"
        "H;2026-03-04;2.25;\n"
    )
    with connect(write(content)) as data:
        read = data.read()
    assert [row[0] for row in read.rows] == ["A", "E", "H"]
    assert read.rejected == [
        Rejected("", 3, "date", "'2026-02-30' is no date"),
        Rejected("", 4, "", "more cells than the heading has"),
        Rejected("", 5, "amount", "'=1+1' is no number"),
        Rejected("", 7, "date", "'soon' is no date"),
        Rejected("", 8, "amount", "'1,5' is no number"),
    ]
    assert read.rejected_count == 5


def test_any_columns_can_be_read(write):
    source = write("Name,Since,Visits,Note\n=HYPERLINK(1),2026-03-04,3,@x\n,,,\nBo,,,-\n")
    with connect(source) as data:
        assert dict(data.columns) == dict.fromkeys(["Name", "Since", "Visits", "Note"], "text")
        read = data.read({"note": "text", "Since": "date", "Visits": "number", "Name": "text"})
    assert read.columns == ("Note", "Since", "Visits", "Name")
    assert read.rows == [("@x", MARCH, 3.0, "=HYPERLINK(1)"), ("-", None, None, "Bo")]


def test_a_folder_of_files_counts_as_one_table(write, tmp_path):
    write("id,date,amount\nA,2026-03-04,1\nA,2026-03-04,1,1\nB,nonsense,1\n", "1.csv")
    source = write("id,date,amount\nA,2026-04-13,2\n", "2.csv")
    for location in (str(tmp_path), f"{tmp_path}/*.csv"):
        with connect(type(source)("Shop", location, id="id", date="date", amount="amount")) as data:
            read = data.read()
            assert data.ask("totals").rows == [(3, 2, 1, 300, MARCH, APRIL)]
        assert read.rows == [("A", MARCH, 1.0), ("A", APRIL, 2.0)]
        assert read.rejected == [
            Rejected("1.csv", 3, "", "more cells than the heading has"),
            Rejected("1.csv", 4, "date", "'nonsense' is no date"),
        ]


def test_files_with_other_headings_are_refused(write, tmp_path):
    write("id,date,amount\nA,2026-03-04,1\n", "1.csv")
    source = write("id,day,amount\nA,2026-03-04,1\n", "2.csv")
    with (
        pytest.raises(SourceError, match=r"2\.csv has the columns id, day, amount"),
        connect(type(source)("Shop", str(tmp_path))),
    ):
        pass


def test_quotes_in_names_are_part_of_them(write):
    source = write('"it\'s ""id""","da`te";"am;ount"\nA;2026-03-04;1\n'.replace(",", ";", 1), "o'rders.csv",
                   id='it\'s "id"', date="da`te", amount="am;ount")  # fmt: skip
    with connect(source) as data:
        assert data.ask("totals").rows[0][1:4] == (1, 1, 100)
        assert data.read().rows == [("A", MARCH, 1.0)]
