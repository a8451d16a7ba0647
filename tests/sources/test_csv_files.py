"""CSV files as spreadsheets and shops write them: what DuckDB scans is what the one reader reads."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from shop import typed_rows

from addin.errors import CellError
from addin.sources import Source, SourceError, connect
from addin.tabular import NotRead, read_dates, read_file, read_numbers, read_texts
from addin.values import customer_key, moment

MARCH, APRIL = date(2026, 3, 4), date(2026, 4, 13)


def read_by_pandas(path):
    """The same three columns as the one reader gives them, ids as questions see them; what is refused is None."""
    file = read_file(path)
    columns = [
        [cell if isinstance(cell, CellError) else customer_key(cell) for cell in read_texts(file.column("id")).values],
        [
            value if not isinstance(value, float) else moment(value).date()
            for value in read_dates(file.column("date"), file.habits).values
        ],
        read_numbers(file.column("amount"), file.habits).values,
    ]
    rows = zip(*columns, strict=True)
    return [tuple(None if isinstance(cell, (NotRead, CellError)) else cell for cell in row) for row in rows]


FILES = {
    "plain": "id,date,amount\nMüller,2026-03-04,1234.5\n€,2026-04-13,12\n",
    "byte mark, CRLF": "\ufeffid,date,amount\r\nMüller,2026-03-04,1234.5\r\n€,2026-04-13,12\r\n",
    "cp1252": "id;date;amount\nMüller;04.03.2026;1234,50\n€;13.04.2026;12,00\n".encode("cp1252"),
    "latin-1": "id;date;amount\nM\xfcller;4.3.26;1.234,50\nX;13.4.26;12\n".encode("latin-1"),
    "utf-16": "id\tdate\tamount\nMüller\t2026/3/4\t1,234.50\n€\t2026/4/13\t12\n".encode("utf-16"),
    "bars, currencies": 'id|date|amount\n"Mü\nller"|03/04/2026|€ 1,234.50\nX|04/13/2026|EUR 12\n',
    "times": 'id,date,amount\n"Mü,""ller"," 04/03/2026 10:30 ","1 234,5"\nX,13/04/2026 09:00:59,"12,0"\n',
    "formulas": "id;date;amount\n=Müller;20260304;1.234,5\n-1;20260413;+12\n",
    "zones": "id,date,amount\n@Müller,2026-03-04 23:59:59,1'234.5\n+7,2026-04-13T00:00:00Z,1.2e1\n",
    "names of months": 'id,date,amount\nA,"March 4, 2026",1234.5\nB,13. April 2026,12.-\n',
    "named separator": "sep=;\nid;date;amount\nA;2026-03-04;1234.5\nB;2026-04-13;12\n",
    "named separator, CRLF": "sep=;\r\nid;date;amount\r\nA;2026-03-04;1234.5\r\nB;2026-04-13;12\r\n",
    "title lines": 'Bean & Co;"Sales\nof 2026";\n\nid;date;amount\nA;2026-03-04;1234,5\nB;2026-04-13;12\n',
    "all of it": (
        'sep=;\r\nBean & Co;"Sales\nof 2026"\r\n\r\n\r\n'
        "id;date;amount\r\nA;04.03.2026;1.234,50 zł\r\nB;13.04.2026;12,00 zł\r\n"
    ).encode("cp1250"),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_every_fashion(write, name):
    source = write(FILES[name])
    with connect(source) as data:
        rows = typed_rows(data)
        assert data.ask("totals").rows[0][1:4] == (2, 2, 124_650)
        assert not data.notes
    assert [row[1:] for row in rows] == [(MARCH, 1234.5), (APRIL, 12.0)]
    assert rows == read_by_pandas(Path(source.location))


AMBIGUOUS = {
    "majority": ["A,13/01/2026,1", "B,01/14/2026,1", "C,01/15/2026,1", "D,3/4/2026,1"],
    "two digits": ["A,01.02.85,1", "B,1-Feb-69,1", "C,1/2/68,1", "D,13/2/26,1"],
    "year first": ["A,25/03/04,1", "B,25/03/05,1", "C,25/04/06,1"],
    "year first, named": ["A,25-Mar-04,1", "B,25-Mar-05,1", "C,25-Apr-06,1"],
    "day 13": ["A,12/13/2026,1", "B,13/12/2026,1", "C,1/2/2026,1"],
    "points": ["A,1,1.125", "B,1,2.375", 'C,1,"1,125"'],
    "thousands": ['A,1,"1,234,567"', "B,1,1.234", "C,1,12"],
    "both marks": ['A,1,"1,5"', "B,1,2.5", 'C,1,"1,125"', 'D,1,"3,5"'],
    "signs": ["A,1,19.90-", "B,1,(19.90)", "C,1,-$5", "D,1,CHF 12.-", "E,1,- -5", "F,1,(5", "G,1,5)", "H,1,-(5)"],
    "more signs": ["A,1,$(4.00)", "B,1,USD (4.00)", "C,1,－4.00", "D,1,–4.00", "E,1,1\u2009234.5", "F,1,4.00 CR"],
    "wide digits": ["A,1,１２３．５", "B,1,１．１２５", "C,1,（４）"],
    "no numbers": ["A,1,1_000", "B,1,0x10", "C,1,nan", "D,1,inf", "E,1,1e400", "F,1,=1+1", "G,1,1 2", "H,1,50%",
                   "I,1,."],
    "spaces": ["A,1,1\u00a0234.5", "B,1,1 234.5", "C,1,\u00a07\u202f", "D,1,−3", "E,1,1’234"],
    "currencies": ["A,1,1 zł", "B,1,2 Ft", "C,1,kr. 3", "D,1,4 руб.", "E,1,US$5", "F,1,6 usd", "G,1,7 pcs"],
    "named units": ["A,2026年3月4日,1", "B,2026年03月04日 18:05,2", "C,2026년 3월 4일,3", "D,2026. 3. 4.,4",
                    "E,2026/3/4,5", "F,le 4 mars 2026,1", "G,4.3.2026 um 18:05,1"],
    "no days": ["A,1772582400,1", "B,1772582400000,1", "C,46085,1", "D,2026年13月4日,1", "E,20260304T233000Z,1"],
    "evenings": ["A,2026-03-04T23:30:00Z,1", "B,2026-03-04T23:30:00+09:00,1", "C,2026-03-04 23:30:00-0800,1"],
    "no dates": ["A,2026-02-30,1", "B,soon,1", "C,45662,1", "D,2026-13-01,1", "E,31/02/2026,1", "F,9999-12-31,1"],
    "blanks": ["#N/A,2026-01-02,1", "NULL,2026-01-02,1", " ,NULL,nan", "'007,'2026-01-02,'5", "A,,", "'t Hooft,1,1"],
    "rows of other widths": ["A,2026-01-02,1,2", "B,2026-01-02,1,", "C,2026-01-02", "D,2026-01-02,1,2,3,4", ""],
    "lines in cells": ['"A\nB",2026-01-02,1', "", '"C, D",2026-01-02,"1,5"', '"E ""F""",2026-01-02,2'],
}  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", AMBIGUOUS)
def test_both_ways_of_reading_give_the_same_values(write, name, separator):
    text = "id,date,amount\n" + "\n".join(AMBIGUOUS[name]) + "\n"
    if separator != ",":
        if '"' in text:
            text = text.replace('","', '"\0"')
        text = text.replace(",", separator)
    several = {"filter_column": "id", "operator": "<>", "value": "nobody"}  # else currencies must not be mixed
    source = write(text, **(several if name in ("signs", "more signs", "currencies") else {}))
    with connect(source) as data:
        filled = [row for row in typed_rows(data) if any(cell is not None for cell in row)]
    assert filled == [row for row in read_by_pandas(Path(source.location)) if any(cell is not None for cell in row)]


def test_what_stays_unclear_is_noted(write):
    source = write("id;date;amount\nA;3/4/2026;1,125\n")
    with connect(source) as data:
        assert typed_rows(data) == [("a", date(2026, 4, 3), 1.125)]
        assert data.notes == [
            "date: 3/4/2026 is read as 3 April 2026, and could be 4 March 2026",
            "amount: 1,125 is read as 1.125, and could be 1125",
        ]


def test_a_day_that_no_sheet_shows_right_is_none(write):
    with connect(write("id,date,amount\nA,1900-02-28,1\nB,1900-03-01,1\nC,0001-01-01,1\n")) as data:
        assert [row[1] for row in typed_rows(data)] == [None, date(1900, 3, 1), None]


def test_ids_stay_text(write):
    with connect(write("id,date,amount\n007,2026-03-04,1\n7,2026-03-04,1\n1e3,2026-03-04,1\n")) as data:
        assert [row[0] for row in typed_rows(data)] == ["007", "7", "1e3"]
        assert data.ask("totals").column("customers") == [3]


def test_a_day_before_the_month_unless_the_file_says_otherwise(write):
    later = "".join(f"{n},01/02/2026,1\n" for n in range(20_000))
    for last, first in (
        ("25/12/2026", date(2026, 2, 1)),
        ("12/25/2026", date(2026, 1, 2)),
        ("01/02/2026", date(2026, 2, 1)),
    ):
        with connect(write(f"id,date,amount\n{later}x,{last},1\ny,soon,1\n")) as data:
            rows = typed_rows(data)
            assert (rows[0][1], rows[-1][1]) == (first, None)
            assert bool(data.notes) is (last == "01/02/2026")


def test_rows_with_too_many_cells_and_those_that_cannot_be_read_are_left_out(write):
    content = (
        "id;date;amount;note\n"
        'A;2026-03-04;1.50;"a\nnote; of two lines"\n'
        "B;2026-02-30;1;\n"
        "C;2026-03-04;1;2;3\n"
        "D;2026-03-04;=1+1;\n"
        "E;2026-03-04;4\n"
        "F;soon;nan;\n"
        "G;2026-03-04;1,5;\n"
        "H;2026-03-04;2.25;\n"
    )
    with connect(write(content)) as data:
        assert data.ask("totals").rows == [(7, 3, 3, 775, MARCH, MARCH)]
        assert data.notes[0] == (
            "1 row of orders.csv with more cells than there are headings, or quotation marks that are not doubled; "
            "left out"
        )


def test_rows_within_a_quotation_are_not_lost(write):
    rows = 'A,2026-03-04,1\n"B,2026-03-04,2\nC,2026-03-04,3\n"D",2026-03-04,4\nE,2026-03-04,5\n'
    with (
        pytest.raises(SourceError, match=r"orders\.csv, row 3: a quotation mark is never closed"),
        connect(write(f"id,date,amount\n{rows}")) as data,
    ):
        data.ask("totals")


def test_a_filter_reads_no_case_and_other_than_a_text_is_blank_too(write):
    text = (
        "id,date,amount,status\nA,2026-03-04,1,paid\nB,2026-03-04,2,PAID\nC,2026-03-04,4,\nD,2026-03-04,8,cancelled\n"
    )
    for operator, value, cents in (("=", "Paid", 300), ("in", "paid;CANCELLED", 1100), ("<>", "Cancelled", 700)):
        with connect(write(text, filter_column="status", operator=operator, value=value)) as data:
            assert data.ask("totals").column("cents") == [cents]


def test_stars_are_noted(write):
    columns = {"id": "", "amount": "", "score": "score", "segment": "segment"}
    stars = "date,score,segment\n2026-03-04,5,a\n2026-03-04,4,b\n"
    with connect(write(stars, **columns)) as data:
        assert data.ask("nps").columns[-1] == "answers"
        assert data.notes == ["no answer in 'score' is from 6 to 10 or 0; as stars, they would all be detractors"]
    with connect(write(f"{stars}2026-03-04,9,b\n", **columns)) as data:
        data.ask("nps")
        assert data.notes == []


def test_moments_with_a_zone_are_days_in_utc(tmp_path):
    moments = pd.to_datetime(["2026-03-04 23:30", "2026-04-13 08:00"]).tz_localize("America/New_York")
    pd.DataFrame({"id": ["a", "b"], "date": moments, "amount": [1.0, 2.0]}).to_parquet(tmp_path / "o.parquet")
    with connect(Source("Shop", str(tmp_path / "o.parquet"), id="id", date="date", amount="amount")) as data:
        assert data.ask("totals").rows == [(2, 2, 2, 300, date(2026, 3, 5), APRIL)]


def test_a_folder_of_files_counts_as_one_table(write, tmp_path):
    """Each file by its own separator and its own habits; where it tells nothing, as the others do."""
    write("id,date,amount\nA,03/04/2026,1\nA,03/04/2026,1,1\nB,nonsense,1\n", "1.csv")
    write("id;date;amount\nA;04/13/2026;2,50\n", "2.csv")
    write("id\tdate\tamount\nA\t13.04.26\t1,234\n", "3.csv")
    for location in (str(tmp_path), f"{tmp_path}/*.csv"):
        with connect(Source("Shop", location, id="id", date="date", amount="amount")) as data:
            assert typed_rows(data) == [
                ("a", MARCH, 1.0), ("b", None, 1.0), ("a", APRIL, 2.5), ("a", APRIL, 1.234),
            ]  # fmt: skip
            assert data.ask("totals").rows == [(4, 3, 1, 473, MARCH, APRIL)]
            longer, rejected = data.notes
            assert longer.startswith("1 row of 1.csv with more cells")
            assert rejected.startswith("1 row has a date")


def test_files_with_other_headings_are_refused(write, tmp_path):
    write("id,date,amount\nA,2026-03-04,1\n", "1.csv")
    source = write("id,day,amount\nA,2026-03-04,1\n", "2.csv")
    with (
        pytest.raises(SourceError, match=r"2\.csv has the columns id, day, amount"),
        connect(type(source)("Shop", str(tmp_path))),
    ):
        pass


def test_columns_without_a_heading_have_a_number(write):
    with connect(write("id,,date,amount,,\nA,x,2026-03-04,1,,\n")) as data:
        assert list(data.columns) == ["id", "Column 2", "date", "amount", "Column 5", "Column 6"]
        assert typed_rows(data) == [("a", MARCH, 1.0)]


def test_quotes_in_names_are_part_of_them(write):
    source = write('"it\'s ""id""";"da`te";"am;ount"\nA;2026-03-04;1\n', "o'rders.csv",
                   id='it\'s "id"', date="da`te", amount="am;ount")  # fmt: skip
    with connect(source) as data:
        assert data.ask("totals").rows[0][1:4] == (1, 1, 100)
        assert typed_rows(data) == [("a", MARCH, 1.0)]


def test_a_column_of_texts_without_end_holds_no_dates(write, monkeypatch):
    monkeypatch.setattr("addin.sources.duckdb_engine.MOST_TEXTS", 3)
    with (
        pytest.raises(SourceError, match=r"the column 'date' holds more than 3 different texts, and no dates"),
        connect(write("id,date,amount\n" + "".join(f"A,day {n},1\n" for n in range(9)))) as data,
    ):
        data.ask("totals")
