"""Buttons over real COM: Python works on Excel's objects in another process, which asks Python while it calculates."""

import pytest

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(1200)]
CAMPAIGN = ("Spring", "2026-05-04", "1000", "5000", "25", "Mail")


@pytest.fixture(scope="module")
def book(excel):
    excel.open_template()
    return excel


def test_refresh_waits_for_a_busy_excel_and_answers_the_formulas_that_excel_calculates_meanwhile(book):
    answer, nested = book.press("refresh_all", rejects=7, calculating="=NPS({10;9;1})")
    assert answer[0] == "done", answer
    assert nested
    assert nested == [pytest.approx(100 / 3)] * len(nested)


def test_escape_in_excel_cancels_and_elsewhere_does_not(book):
    answer, _ = book.press("refresh_all", escape="Excel")
    assert answer[:2] == ("error", "Cancelled; nothing was changed")
    answer, _ = book.press("refresh_all", escape="Browser")
    assert answer[0] == "done", answer


def test_what_is_entered_in_a_window_stands_in_the_table(book):
    answer, _ = book.press("enter", "NewCampaign", *CAMPAIGN)
    assert answer[0] == "done", answer
    assert CAMPAIGN[0] in book.column_of_table("tblCampaigns", "Name")


def test_an_error_of_excel_is_told_in_one_sentence(book):
    answer, _ = book.press("enter", "NewCampaign", "Autumn", *CAMPAIGN[1:], fails="Resize")
    assert answer[0] == "error"
    assert "Excel cannot do this now" in answer[1]
