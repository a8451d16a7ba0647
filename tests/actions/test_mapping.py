"""Which table is meant by a name, and which headings a book remembers."""

import pytest
from memory_book import MemoryBook

from addin.actions.mapping import NOTE, remembered, table_named
from addin.errors import BookError


def test_a_name_that_no_table_has_is_refused():
    with pytest.raises(BookError, match="has no table Nothing; it has tblCampaigns, "):
        table_named(MemoryBook(), "Nothing")


def test_a_table_of_the_user_s_that_is_called_like_a_sheet_is_meant_by_its_name():
    book = MemoryBook()
    own = {"Orders": book.table("tblPartners")}
    book.tables, book.table = lambda: ["tblTransactions", "Orders"], own.__getitem__
    assert table_named(book, "orders") is own["Orders"]


@pytest.mark.parametrize(
    ("before", "heading", "after"),
    [("", "Paid", "Paid"), ("Betrag", "Paid", "Paid\nBetrag"), ("Betrag\nPaid", "Paid", "Paid\nBetrag"),
     ("x" * 200, "y" * 200, "y" * 200)],
)  # fmt: skip
def test_the_last_heading_comes_first_and_each_once_as_far_as_a_note_holds(before, heading, after):
    book = MemoryBook()
    book.kept_notes[f"{NOTE}tblTransactions.Price"] = before
    assert remembered(book, "tblTransactions", "Price", heading) == after
