"""Sample off leaves the user's rows, sample on gives the template back."""

from datetime import date

import pytest

from addin.actions.entries import new_campaign
from addin.actions.sample import sample_off, sample_on
from addin.errors import BookError
from addin.schema import schemas
from addin.values import serial


@pytest.mark.thorough
def test_off_and_on_gives_the_template_back(book, path, shown, rows_of):
    before = {name: rows_of(path, name, data_only=False) for name in book.tables()}
    count = sum(len(before[name]) for name, schema in schemas().items() if schema.sample())
    assert sample_off(book) == count
    assert {len(rows_of(path, name)) for name in before} == {1}
    assert (shown(path, "out_SampleRows"), shown(path, "chk_All")) == (0, "OK")
    assert shown(path, "out_Banner") == "EXAMPLE VALUES: 61"
    assert shown(path, "out_Headline").startswith("No result yet")
    with pytest.raises(BookError, match="holds no sample rows"):
        sample_off(book)
    assert sample_on(book) == count
    assert {name: rows_of(path, name, data_only=False) for name in before} == before
    assert [shown(path, f"out_Gross{step}") for step in (1, 2, 3)] == pytest.approx([0.6, 0.69, 1.275], abs=1e-12)
    assert shown(path, "chk_All") == "OK"


def test_rows_of_the_user_stay_and_are_not_mixed(book, path, rows_of):
    new_campaign(book, {"Name": "Mine", "Start": float(serial(date(2026, 1, 1))), "Budget": 10.0})
    sample_off(book)
    assert [row["Name"] for row in rows_of(path, "tblCampaigns")] == ["Mine"]
    with pytest.raises(BookError, match="tblCampaigns holds 1 rows of your own"):
        sample_on(book)
