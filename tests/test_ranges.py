"""What no function takes for data in its ranges: logicals, and a heading in the first row."""

import re

import pytest

from addin.calling import call
from addin.catalogue import ONE_CELL, Kind, catalogue
from addin.errors import CellError
from addin.headings import headings

WITH_RANGES = [m for m in catalogue().values() if any(param.kind not in ONE_CELL for param in m.params)]
TEXT_ALONE = {"CHURN_LIST", "REFERRAL_RATE"}


def value_of(text):
    text = text.strip()
    return text[1:-1] if text.startswith('"') else float(text)


def arguments_of(formula):
    """A formula's arguments; an array constant is a column of rows."""
    inner = formula[formula.index("(") + 1 : -1]
    found = re.findall(r"\{[^}]*\}|\"[^\"]*\"|[^,]+", inner)
    return [
        [[value_of(cell) for cell in row.split(",")] for row in text[1:-1].split(";")]
        if text.startswith("{")
        else value_of(text)
        for text in found
    ]


def columns(metric):
    """The arguments of its example, each range as a column of at least one row."""
    return [
        value if param.kind in ONE_CELL or isinstance(value, list) else [[value]]
        for param, value in zip(metric.params, arguments_of(metric.example.formula), strict=False)
    ]


@pytest.mark.parametrize("metric", WITH_RANGES, ids=lambda m: m.name)
@pytest.mark.parametrize("place", ["above", "between", "below"])
def test_a_row_of_false_is_no_data(metric, place):
    """As IF(segment="x",values) gives it for the rows of others; Excel's own aggregates pass over it too."""
    raw = columns(metric)
    given = [
        value
        if param.kind in ONE_CELL
        else {"above": [[False], *value], "between": [value[0], [False], *value[1:]], "below": [*value, [False]]}[place]
        for param, value in zip(metric.params, raw, strict=False)
    ]
    if place == "between" and metric.params[0].name == "survivors":
        refused = call(metric, given)  # a count that is missing between two others
        assert isinstance(refused, CellError)
        assert "survivors" in refused.reason
        return
    assert call(metric, given) == call(metric, raw)


@pytest.mark.parametrize("metric", WITH_RANGES, ids=lambda m: m.name)
def test_a_heading_in_every_range_is_skipped_and_noted(metric):
    raw = columns(metric)
    word = "Customer" if metric.name in TEXT_ALONE else "What it is"
    given = [
        value if param.kind in ONE_CELL else [[word], *value]
        for param, value in zip(metric.params, raw, strict=False)
    ]  # fmt: skip
    notes = []
    assert call(metric, given, note=notes.append) == call(metric, raw)
    ranges = [p for p in metric.params[: len(raw)] if p.kind not in ONE_CELL]
    decisive = [p.name for p in ranges if p.kind is not Kind.LABELS or metric.takes_text_alone]
    assert [note.split(": ")[1] for note in notes if "skipped as a heading" in note] == decisive


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("NPS", [[["Score"], [9.0], [10.0], [3.0]]]),
        ("NPS", [[["1. How likely are you to recommend us?"], ["10 - very likely"], [10.0], [3.0]]]),
        ("NPS", [[["2 - How likely?"], [10.0], [10.0], [3.0]]]),
        ("ROI", [[["Umsatz 2025"], [6000.0]], [["Kosten"], [10000.0]]]),
        ("COHORT", [[["Kunde"], ["a"]], [["Datum"], ["2026-01-05"]]]),
        ("COHORT", [[[None], ["a"]], [["Date"], [46027.0]]]),
        ("COHORT", [[["Kunde"], ["a"]], [["Umsatz 2025"], [46027.0]]]),
        ("COHORT", [[["Kunde"], ["a"]], [["Q1"], [46027.0]]]),
        ("REFERRAL_RATE", [[["How did you hear about us?"], ["a friend"], ["Google"]]]),
        ("CHURN_LIST", [[["Ügyfél"], ["a"]], [["Kundennummer"], ["b"]]]),
        ("CHURN_LIST", [[["Идентификатор клиента"], ["a"]], [["Код клиента"], ["b"]]]),
        ("CHURN_LIST", [[["Customer ID"], ["a"]], [["customer_id"], ["b"]]]),
        ("CHURN_LIST", [[["Numéro client"], ["a"]], [["N° client"], ["b"]]]),
    ],
)
def test_headings_of_many_kinds(name, raw):
    found = headings(catalogue()[name], raw)
    wanted = {i for i, param in enumerate(catalogue()[name].params[: len(raw)])
              if param.kind is not Kind.LABELS or catalogue()[name].takes_text_alone}  # fmt: skip
    assert found.keys() == wanted
    below = [value[1:] for value in raw]
    assert call(catalogue()[name], raw) == call(catalogue()[name], below)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("NPS", [[["9,5 €"], [10.0]]], "the text '9,5 €' was found"),
        ("ROI", [[["USD 50"], [10.0]], 5.0], "the text 'USD 50' was found"),
        ("ROI", [[["1.250,00"], [10.0]], 5.0], "the text '1.250,00' was found"),
        ("ROI", [[["Gain"], ["Gain"], [10.0]], 5.0], "gain, row 2"),
        ("COHORT", [[["a"], ["b"]], [["5 January 2026"], [46027.0]]], "dates, row 1"),
        ("COHORT", [[["a"], ["b"]], [["31.1.2026"], [46027.0]]], "dates, row 1"),
        ("COHORT", [[["a"], ["b"]], [["2 de enero"], [46027.0]]], "dates, row 1"),
        ("COHORT", [[["a"], ["b"]], [["март 2026"], [46027.0]]], "dates, row 1"),
        ("RFM", [[["a"], ["b"]], [[46027.0], [46028.0]], [["ten"], [5.0]]], "amounts, row 1"),
        ("SURVIVAL", [[[5.0], [6.0]], [["yes"], [1.0]]], "events, row 1"),
        ("NPS", [["Score", 9.0]], "scores"),
    ],
)
def test_a_first_cell_that_may_be_a_value_is_no_heading(refuses_value, name, raw, words):
    refuses_value(name, raw, words)


@pytest.fixture
def refuses_value():
    def check(name, raw, words):
        error = call(catalogue()[name], raw)
        assert error.code == "#VALUE!"
        assert words in error.reason

    return check


def test_one_cell_of_true_counts_as_in_excel():
    assert call(catalogue()["ROI"], [True, 2.0]) == -0.5


def test_flags_stay_flags():
    """R's survfit of times 1, 2, 2, 3 with status 1, 1, 0, 0: 0.75 and 0.5."""
    table = call(catalogue()["SURVIVAL"], [[[1.0], [2.0], [2.0], [3.0]], [[True], [True], [False], [0.0]]])
    assert [row[3] for row in table[1:]] == [0.75, 0.5]


@pytest.mark.parametrize(("flag", "roc"), [(True, 0.275), (1.0, 0.275), (False, 1.275), (0.0, 1.275), (None, 1.275)])
def test_a_flag_in_one_cell_is_true_or_false_1_or_0(flag, roc):
    """The florist's 12,750 for 10,000, net and gross; LibreOffice hands TRUE over as 1."""
    assert call(catalogue()["ROC"], [10000.0, 12750.0, None, None, None, None, flag]) == pytest.approx(roc)


@pytest.mark.parametrize("flag", [2.0, 0.5, -1.0, "TRUE", "1"])
def test_what_is_no_flag_is_refused(flag):
    answer = call(catalogue()["ROC"], [10000.0, 12750.0, None, None, None, None, flag])
    assert (answer.code, "net: TRUE or FALSE is needed" in answer.reason) == ("#VALUE!", True)


def test_a_segment_by_if_without_else():
    """Of the answers 10, 9, 2, 8, 1 those of North are 10, 9, 8: two promoters of three."""
    assert call(catalogue()["NPS"], [[[10.0], [9.0], [False], [8.0], [False]]]) == pytest.approx(200 / 3)


def test_an_id_or_a_date_of_false_is_no_customer():
    ids, dates = [["a"], [False], ["b"]], [[46000.0], [46001.0], [False]]
    table = call(catalogue()["RFM"], [ids, dates, [[5.0], [6.0], [7.0]]])
    assert [row[0] for row in table[1:]] == ["a"]
