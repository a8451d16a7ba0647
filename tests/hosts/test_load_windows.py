"""What the windows for loading take beside the columns: filters, constants, sheets, and answers to what is unclear."""

import sys
from pathlib import Path

import pytest

from addin.errors import BookError
from addin.hosts.calc import button_server

sys.path.insert(0, str(Path(__file__).parents[1] / "actions"))
from memory_book import MemoryBook

CAMPAIGN = {"Campaign": "C01", "Name": "Spring", "Start": 45658.0, "Budget": 1000.0}
FILE = "Order,Date,Customer,Amount,Currency\n1,3/4/2025,Ann,10,EUR\n2,5/6/2025,Bo,20,USD\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(FILE)
    return path


class Desk(MemoryBook):
    """A book before which a form is filled in as is told, form by form."""

    def __init__(self, file, *answers):
        super().__init__(rows={"tblCampaigns": [CAMPAIGN]})
        self.file, self.answers, self.forms, self.agreed = file, list(answers), [], set()

    def ask(self, question):
        return question.key in self.agreed

    def request(self, do, **told):
        if do == "files":
            return [str(self.file)]
        self.forms.append(told)
        answer = self.answers.pop(0) if self.answers else {}
        return {row["name"]: answer.get(row["name"], row["value"]) for row in told["rows"]}


def test_libreoffice_s_window_shows_the_preview_at_once_and_takes_answers(file):
    desk = Desk(file, {}, {"Where": "Currency=EUR"}, {"Read Date": "4 March 2025, month first", "Campaign": "=C01"})
    button_server.on_load_data(desk)
    first, second = desk.forms[0], desk.forms[1]
    assert "EUR (1) and USD (1)" in first["problems"][""]
    assert second["problems"][""].endswith("such as Only rows where Currency=EUR")
    third = desk.forms[2]
    assert "1 new rows, 0 there already, 0 rejected, left out: 1 Currency other than EUR" in third["notes"]
    (row,) = [row for row in third["rows"] if row["name"] == "Read Date"]
    assert row["choices"] == ["3 April 2025, day first", "4 March 2025, month first"]
    (loaded,) = desk.rows("tblTransactions")
    assert (loaded["Date"], loaded["Campaign"]) == (45720.0, "C01")


def test_excel_s_lines_take_what_the_command_takes(file):
    ribbon = pytest.importorskip("addin.hosts.excel.ribbon")
    book = MemoryBook(rows={"tblCampaigns": [CAMPAIGN]})
    plan = ribbon._plan(
        book, (str(file), "", "replace", "Campaign==C01\n--where Currency=EUR\n--read Date=month first")
    )
    assert (plan.rows["Date"], plan.rows["Campaign"]) == ([45720.0], ["C01"])
    for wrong in ("--filter x=y", "--header-row four"):
        with pytest.raises(BookError, match=wrong.split()[0]):
            ribbon._plan(book, (str(file), "", "replace", wrong))
