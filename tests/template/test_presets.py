"""Presets of the template for kinds of businesses: their words, their sample, and a book made with each."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date

import openpyxl
import pandas as pd
import pytest

from addin.errors import BookError
from addin.schema import sample, schemas
from addin.schema.preset_samples import RETAIL, SAMPLES, sample_rows
from addin.template import inputs, recurring, workbook
from addin.template.predictions import rows_of_sample
from addin.template.presets import presets, read
from addin.template.rules import check
from addin.template.texts import FUNCTIONS, WORDS, Texts, languages, texts
from addin.template.workbook import write_template
from addin.xlsx.package import Package
from addin.xlsx.template_copy import language_of, preset_of

PRESETS = [preset for preset in presets() if preset != RETAIL]
EDITIONS = [(language, preset) for preset in PRESETS for language in languages()]
OF_RETAIL = {
    "en": r"customers?|orders?|reorders?|buyers?|buy|bought|purchases?|florist\w*|bouquets?|bookseller|mailing|shop",
    "es": r"clientes?|pedidos?|recompra\w*|compra\w*|compró|florist\w*|ramo|tienda|librería",
}
"""Words of the retail template, in each language, that a book of another business has no use for."""
CODES = re.compile(r"Repeat order|New order|Return order")
KEPT = {"en": r"return on customer|in order", "es": r"retorno del cliente"}
"""The name of the template, and an order of another kind."""


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def said(request):
    """Each text of a book, where it stands, and the phrases of the preset that it took."""
    language, preset = request.param
    found, used = {}, set()

    class Noting(Texts):
        def said(self, text, sheet=""):
            own = super().said(text, sheet)
            if sheet != FUNCTIONS:
                found[own] = sheet
                used.update(each[0] for each in self._phrases.finditer(self.find(text, sheet) or text))
            return own

        def meaning(self, word, kind):
            used.update(each[0] for each in self._phrases.finditer(self.find(word, kind) or word))
            return super().meaning(word, kind)

    own = texts(language, preset)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "texts", lambda *_: Noting(own.language, own.tables, own.words))
        write_template(language, preset)
    return language, preset, found, used


@pytest.mark.thorough
def test_no_word_of_retail_is_left(said):
    language, _, found, _ = said
    assert len(found) > 1000
    word = re.compile(rf"(?<!\w)(?:{OF_RETAIL[language]})(?!\w)", re.IGNORECASE)
    kept = re.compile(KEPT[language], re.IGNORECASE)
    left = {text: sheet for text, sheet in found.items() if word.search(CODES.sub("", kept.sub("", text)))}
    assert left == {}


@pytest.mark.thorough
def test_each_phrase_of_a_preset_stands_somewhere(said):
    language, preset, _, used = said
    assert {each for each in read(preset).words[language] if not used & {each, each[0].upper() + each[1:]}} == set()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_has_words_in_every_language(preset):
    assert {language for language, words in read(preset).words.items() if words} == set(languages())
    assert read(preset).inputs.keys() <= inputs.ROW.keys()


def test_the_longest_phrase_goes_first_and_codes_inside_words_stay():
    own = Texts(words={"order": "payment", "repeat order": "renewal", "an order": "a payment"})
    assert own.said("Repeat order, an order; orders of d_Order") == "Renewal, a payment; orders of d_Order"
    assert own.said("An order", FUNCTIONS) == "An order"
    assert own.meaning("Repeat order", WORDS) == "Renewal"
    assert own.meaning("Base", WORDS) == ""
    assert Texts().said("An order") == "An order"


def test_an_unknown_preset_is_an_error_of_one_sentence():
    with pytest.raises(
        BookError, match=r"^there is no preset hotel of the template; choose one of retail, subscription$"
    ):
        texts("en", "hotel")


def rows(preset, table):
    schema = schemas()[table]
    return pd.DataFrame(
        [[*row, *[None] * (len(schema.typed) - len(row))] for row in sample_rows(schema, preset)],
        columns=list(schema.typed),
    )


def months(days):
    return pd.to_datetime(days).dt.to_period("M")


@pytest.mark.parametrize("preset", PRESETS)
def test_its_sample_is_of_the_tables_of_retail_and_says_so(preset):
    assert sorted(SAMPLES) == PRESETS
    for name, schema in schemas().items():
        assert bool(sample_rows(schema, preset)) == bool(schema.sample()), name
        if schema.sample():
            assert rows(preset, name)[schema.sample_mark].str.contains("sample", case=False).all(), name
        if schema.key and schema.sample():
            assert not rows(preset, name).duplicated(list(schema.key)).any(), name
    for table in ("tblSegments", "tblPartners"):  # the charts of these tables have as many rows in any book
        assert len(rows(preset, table)) == len(rows(RETAIL, table))
    assert sample_rows(schemas()["tblTransactions"]) == sample.orders()


def test_subscribers_pay_once_a_month_and_are_counted_so():
    """d_Customers and d_Periods say what the payments come to by pandas."""
    paid, people = rows("subscription", "tblTransactions"), rows("subscription", "tblCustomers").set_index("Customer")
    paid["month"] = months(paid["Date"])
    assert not paid.duplicated(["Customer", "month"]).any()
    assert set(paid["Customer"]) == set(people.index)
    assert paid.groupby("Customer")["Date"].min().to_dict() == people["First"].to_dict()
    last = paid["month"].max()
    assert set(paid[paid["month"] == last]["Customer"]) == set(people[people["State"] == "Active"].index)
    assert set(rows("subscription", "tblSurvey")["Customer"]) <= set(people.index)
    counts = rows("subscription", "tblPeriods")
    there = {month: set(group) for month, group in paid.groupby("month")["Customer"]}
    for month, start, won, lost in zip(months(counts["Month"]), counts["StartCustomers"], counts["New"], counts["Lost"],
                                       strict=True):  # fmt: skip
        before, now = there[month - 1], there[month]
        assert (start, won, lost) == (len(before), len(now - before), len(before - now))
    assert Counter(paid["Type"]).keys() == {"Immediate sale", "New order", "Repeat order", "Follow-up reorder"}
    assert paid["Price"].nunique() == 3


def roc(folder, *arguments):
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=580, cwd=folder)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def made(request, tmp_path_factory):
    """A copy in a language with a preset, as the command makes it."""
    folder = tmp_path_factory.mktemp("made")
    language, preset = request.param
    roc(folder, "new", "plan.xlsm", "--language", language, "--preset", preset)
    return language, preset, folder / "plan.xlsm"


def named(book, name):
    sheet, _, cell = book.defined_names[name].attr_text.replace("$", "").partition("!")
    return book[sheet][cell].value


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_a_book_keeps_every_rule_and_counts_its_own_sample(made):
    language, preset, path = made
    package = Package.read(path)
    assert (language_of(package), preset_of(package)) == (language, preset)
    assert check(path.read_bytes()) == []
    book = openpyxl.load_workbook(path, data_only=True)
    assert len(book.sheetnames) == 28
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert named(book, "chk_All") == "OK"
    for name, values in read(preset).inputs.items():
        assert named(book, name) == values[0], name
    paid, log = rows(preset, "tblTransactions"), rows(preset, "tblFollowUps")
    campaign = rows(preset, "tblCampaigns").iloc[0]
    assert named(book, "in_Campaign") == campaign["Campaign"]
    for step, until in enumerate(sample.MILESTONES, start=1):

        def counted(days, until=until):
            return (months(days) - pd.Period(campaign["Start"], "M")).map(lambda apart: 0 <= apart.n <= until)

        revenue = paid[(paid["Campaign"] == campaign["Campaign"]) & counted(paid["Date"])]["Price"].sum()
        calls = log[counted(log["Date"])]
        spent = campaign["Budget"] + (calls["Cost"] + calls["Minutes"] * 25 / 60).sum()
        assert named(book, f"out_Gross{step}") == pytest.approx(revenue / spent)


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_loyalty_shows_what_moved_the_recurring_revenue(made):
    """Twelve months as Refresh writes them, and what they come to; the Dashboard says the last."""
    book = openpyxl.load_workbook(made[2], data_only=True)
    written = rows_of_sample("subscription")["tblRecurring"][-recurring.MONTHS_SHOWN :]
    shown = [
        [cell.value for cell in row][1:]
        for row in book["Loyalty"].iter_rows(min_row=recurring.FIRST_ROW, max_row=recurring.LAST_ROW, max_col=13)
    ]
    for (month, start, new, more, back, less, gone, mrr, people, nrr, grr), row in zip(written, shown, strict=True):
        quick = (new + more + back) / (less + gone) if less + gone else None
        wanted = [start, new, more, back, -less, -gone, mrr, people, nrr, grr, quick]
        assert row[0].date() == month
        assert [value or None for value in row[1:]] == [pytest.approx(value) if value else None for value in wanted]
    gained, lost = (sum(sum(row[place] for place in places) for row in written) for places in ((2, 3, 4), (5, 6)))
    assert named(book, "out_MRR") == written[-1][7] == book["Dashboard"]["H24"].value
    assert named(book, "out_NRR") == written[-1][9]
    assert named(book, "out_QuickRatio") == pytest.approx(gained / lost)
    assert book["Loyalty"][f"C{recurring.YEAR_ROW}"].value == written[0][1]
    assert len(book["Loyalty"]._charts) == 3
    assert "tblRecurring" in book["d_Refreshed"].tables


@pytest.mark.thorough
@pytest.mark.timeout(900)
def test_the_commands_work_on_it(made, tmp_path):
    language, preset, path = made
    (tmp_path / "plan.xlsm").write_bytes(path.read_bytes())
    (tmp_path / "paid.csv").write_text("Order,Date,Customer,Price\nA1,2026-01-30,U001,30\nA2,2026-01-30,U002,40\n")
    roc(tmp_path, "campaign", "plan.xlsm", "Spring", "500", "--start", "2026-01-10")
    roc(tmp_path, "follow-up", "plan.xlsm", "Repeat order", "10", "25", "--date", "2026-01-30")
    roc(tmp_path, "load", "plan.xlsm", "paid.csv", "--append", "--yes")
    roc(tmp_path, "refresh", "plan.xlsm")
    roc(tmp_path, "check", "plan.xlsm")
    assert "not brought" not in roc(tmp_path, "upgrade", "plan.xlsm", "new.xlsm")
    upgraded = Package.read(tmp_path / "new.xlsm")
    assert (language_of(upgraded), preset_of(upgraded)) == (language, preset)
    roc(tmp_path, "share", "plan.xlsm", "shared.xlsx", "--without-personal")
    roc(tmp_path, "new", "empty.xlsm", "--language", language, "--preset", preset)
    gone = roc(tmp_path, "sample", "empty.xlsm", "off")
    back = roc(tmp_path, "sample", "empty.xlsm", "on")
    number = re.compile(r"\d[\d,]*")
    assert number.search(gone)[0] == number.search(back)[0]
    again, first = (openpyxl.load_workbook(each, data_only=True) for each in (tmp_path / "empty.xlsm", path))
    assert named(again, "in_Campaign") == named(first, "in_Campaign")
    assert named(again, "out_Gross3") == pytest.approx(named(first, "out_Gross3"))
    assert named(again, "chk_All") == "OK"
    for cell in ("d_Transactions!B5", "d_Customers!B5", "d_Campaigns!C5", "d_Partners!C5"):
        shown, _, place = cell.partition("!")
        assert again[shown][place].value == first[shown][place].value
    assert first["d_Customers"]["E5"].value.date() < date(2025, 1, 1)
