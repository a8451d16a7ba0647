"""The commands on a workbook file, as their user meets them."""

import json
import re
import subprocess
import sys

import openpyxl
import pytest
from read_books import read_book

from addin.actions.book import Change


def roc(*arguments, **options):
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8",
                          stdin=subprocess.DEVNULL, timeout=120, **options)  # fmt: skip


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        "Nr;Datum;Kunde;Betrag\nA1;3.2.2025;K001;30,50\nA2;4.2.2025;K002;1.020,00\nA3;gestern;K003;5\n",
        encoding="latin-1",
    )
    return path


MAPS = ["--map", "Order=Nr", "--map", "Date=Datum", "--map", "Customer=Kunde", "--map", "Price=Betrag"]


def test_a_book_that_is_no_template_is_refreshed_and_has_no_checks(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append([10, "=NPS(A1)"])
    workbook.save(tmp_path / "plain.xlsx")
    assert re.match(r".*: 1 cell refreshed, \d", roc("refresh", tmp_path / "plain.xlsx").stdout, re.DOTALL)
    assert read_book(tmp_path / "plain.xlsx").active["B1"].value == 100


def test_refresh(path, shown, our_cells):
    process = roc("refresh", path)
    assert process.returncode == 0, process.stderr
    assert f"{our_cells} cells refreshed. Checks: OK" in process.stdout
    assert shown(path, "Metrics!F8") == 1.275
    document = json.loads(roc("refresh", path, "--json").stdout)
    assert (document["cells"], document["failed_checks"], document["not_recalculated"]) == (our_cells, [], 0)


def test_load_shows_first_then_replaces_and_undo_takes_it_back(path, orders, rows_of):
    before = path.read_bytes()
    seen = roc("load", path, orders, "--table", "tblTransactions", *MAPS, "--preview")
    assert seen.returncode == 0, seen.stderr
    assert "2 new rows, 0 there already, 1 rejected" in seen.stdout
    assert "orders.csv, row 4: Date must be a date, and 'gestern' was found" in seen.stdout
    assert path.read_bytes() == before

    refused = roc("load", path, orders, "--table", "tblTransactions", *MAPS, "--replace")
    assert refused.returncode == 1
    assert "1 of 3 rows are rejected" in " ".join(refused.stderr.split())
    assert path.read_bytes() == before

    done = roc("load", path, orders, "--table", "tblTransactions", *MAPS, "--replace", "--yes")
    assert done.returncode == 0, done.stderr
    assert "2 rows loaded into tblTransactions" in done.stdout
    assert [row["Price"] for row in rows_of(path, "tblTransactions")] == [30.5, 1020]

    assert "As it was before Load data" in roc("undo", path).stdout
    assert path.read_bytes() == before
    assert "no action to undo" in roc("undo", path).stderr


def test_load_asks_before_it_replaces(path, tmp_path):
    file = tmp_path / "o.csv"
    file.write_text("Order,Date,Customer,Price\nA1,2025-02-03,K001,30\n")
    process = roc("load", path, file)
    assert process.returncode == 1
    assert "Replace the 425 sample rows of tblTransactions with 1 rows?" in " ".join(process.stderr.split())
    document = json.loads(roc("load", path, file, "--append", "--json").stdout)
    assert (document["new"], document["append"], document["loaded"]) == (1, True, True)
    again = json.loads(roc("load", path, file, "--append", "--preview", "--json").stdout)
    assert [problem["place"] for problem in again["duplicates"]] == ["o.csv, row 2"]


def test_campaign_follow_up_and_introduction(path):
    assert (
        "Campaign C03, Spring, added and selected"
        in roc("campaign", path, "Spring", 500, "--start", "2026-03-01").stdout
    )
    done = roc("follow-up", path, "Immediate sale", 10, 25, "--date", "2026-03-10")
    assert "Follow-up E19 logged. ROC 0.0% → 50.0%" in done.stdout, done.stderr
    assert "1 of 5 in its week" in roc("introduction", path, "P1", "--date", "2026-03-10").stdout
    wrong = roc("follow-up", path, "Gift", 10, 25)
    assert (wrong.returncode, "Type must be one of" in wrong.stderr) == (1, True)


@pytest.mark.thorough
def test_check(book, path, tmp_path):
    with book.action("Mistakes"):
        book.write(Change(cells={"d_FollowUps!G5": "many"}, formulas={"ROI_ROC!B3": "=TODAY()"}))
    process = roc("check", path)
    assert process.returncode == 1
    assert "d_FollowUps!G5: Orders must be a number, and 'many' was found" in process.stdout
    assert "Checks, line 1: Every number is a number, every date a date" in process.stdout
    assert "TODAY" not in process.stdout
    design = roc("check", "--design", path)
    assert "ROI_ROC!B3: TODAY gives another answer each time" in design.stdout
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    assert "is not a copy of the template" in roc("check", tmp_path / "other.xlsx").stderr


@pytest.mark.thorough
def test_check_of_the_template_finds_nothing(path):
    document = json.loads(roc("check", path, "--design", "--json").stdout)
    assert document["findings"] == []


@pytest.mark.thorough
def test_share_and_unfreeze(path, tmp_path, our_cells):
    target = tmp_path / "copy.xlsx"
    process = roc("share", path, target, "--without-personal")
    assert process.returncode == 0, process.stderr
    assert f"{our_cells} cells frozen; it opens without the add-in" in process.stdout.replace("\n", " ")
    assert read_book(target, data_only=False)["Metrics"]["D8"].value == 1.275
    assert f"{our_cells} cells calculate again" in roc("unfreeze", target).stdout
    assert read_book(target, data_only=False)["Metrics"]["D8"].value.startswith("=IFERROR(ROC(")


def test_sample(path):
    assert "sample rows taken out" in roc("sample", path, "off").stdout
    assert "sample rows put in" in roc("sample", path, "on").stdout
    assert roc("sample", path, "maybe").returncode == 2


WRONG = [
    (["refresh", "nowhere.xlsm"], "nowhere.xlsm is not there"),
    (["load", "{book}", "nowhere.csv"], "nowhere.csv is not there"),
    (["load", "{book}", "{book}", "--map", "Price"], "write COLUMN=HEADING"),
    (["share", "{book}", "copy.pdf"], "must end in .xlsx"),
    (["unfreeze", "{book}"], "holds no frozen cells"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG)
def test_wrong_use_is_one_sentence(path, arguments, sentence):
    before = path.read_bytes()
    process = roc(*(argument.format(book=path) for argument in arguments))
    assert (process.returncode, process.stdout) == (1, "")
    assert sentence in " ".join(process.stderr.split())
    assert "Traceback" not in process.stderr
    assert path.read_bytes() == before


def test_a_copy_is_not_put_over_another_file(path, tmp_path):
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"of the user's own")
    process = roc("share", path, mine)
    assert process.returncode == 1
    assert "mine.xlsx is there already; name a file that is not" in " ".join(process.stderr.split())
    assert mine.read_bytes() == b"of the user's own"
