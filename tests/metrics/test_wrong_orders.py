"""What the functions on order rows, contracts and experiments say to wrong input."""

import pytest

IDS = [["A"], ["A"], ["B"]]
DATES = [[46023], [46054], [46030]]
AMOUNTS = [[10], [20], [30]]
BLANK = [[None], [None], [None]]
EARLY = [[5], [46054], [46030]]

ERRORS = [
    ("COHORT", [BLANK, DATES], "#N/A", "no row has all that an order needs"),
    ("COHORT", [IDS, DATES, None, "amount"], "#N/A", "amounts is missing"),
    ("COHORT", [IDS, [[46054], ["soon"], [46030]]], "#VALUE!", "dates, row 2: a date is needed"),
    ("COHORT", [IDS, DATES[:2]], "#VALUE!", "ranges of equal size"),
    ("COHORT", [IDS, EARLY], "#NUM!", "1 March 1900"),
    ("COHORT", [IDS, [[100], [2000000], [46030]]], "#NUM!", "look for a wrong date"),
    ("RFM", [IDS, BLANK, AMOUNTS], "#N/A", "no row has all that an order needs"),
    ("RFM", [IDS, DATES, [["ten"], [20], [30]]], "#VALUE!", "amounts"),
    ("RFM", [IDS, DATES, [[-10], [-20], [-30]]], "#N/A", "no row has all that an order needs"),
    ("RFM", [IDS, DATES, AMOUNTS, None, 2.5], "#NUM!", "bins must be a whole number from 2 to 9"),
    ("BGNBD_FIT", [BLANK, BLANK], "#N/A", "no row has all that an order needs"),
    ("BGNBD_FIT", [[["A"], ["B"]], [[46023], [46024]]], "#N/A", ""),
    ("BGNBD_FIT", [IDS, [[46054], ["soon"], [46030]]], "#VALUE!", "a date is needed"),
    ("BGNBD_FIT", [IDS, EARLY], "#NUM!", "1 March 1900"),
    ("GAMMAGAMMA_FIT", [BLANK, BLANK, BLANK], "#N/A", "no row has all that an order needs"),
    ("GAMMAGAMMA_FIT", [IDS, DATES, [["ten"], [20], [30]]], "#VALUE!", "amounts"),
    ("GAMMAGAMMA_FIT", [IDS, DATES, [[-10], [20], [30]]], "#N/A", "no customer has a repeat order above 0"),
    ("CLV_PREDICT", [BLANK, BLANK, BLANK, 12], "#N/A", "no row has all that an order needs"),
    ("CLV_PREDICT", [IDS, DATES[:2], AMOUNTS, 12], "#VALUE!", "ranges of equal size"),
    ("CLV_PREDICT", [IDS, DATES, AMOUNTS, -1], "#NUM!", "months must"),
    ("CLV_PREDICT", [IDS, DATES, AMOUNTS, 12, 10], "#NUM!", "discount_rate must lie between 0 and 1"),
    ("SBG_FIT", [[[100], [80]]], "#N/A", ""),
    ("SBG_FIT", [[[100], ["many"], [60]]], "#VALUE!", "survivors, row 2: a number is needed"),
    ("SBG_FIT", [[[100], [80], [90]]], "#NUM!", ""),
    ("SBG_SURVIVAL", [[[100], [80]], 3], "#N/A", ""),
    ("SBG_SURVIVAL", [[[100], ["many"], [60]], 3], "#VALUE!", "survivors, row 2: a number is needed"),
    ("SBG_SURVIVAL", [[[12], [8], [6]], 0], "#NUM!", "periods"),
    ("CLV_CONTRACT", [[[100], [80]], 100, 0.1], "#N/A", ""),
    ("CLV_CONTRACT", [[[100], ["many"], [60]], 100, 0.1], "#VALUE!", "survivors, row 2: a number is needed"),
    ("CLV_CONTRACT", [[[100], [60], [45], [40]], 100, 0], "#DIV/0!", "discount_rate of 0 the value has no end"),
    ("CLV_CONTRACT", [[[12], [8], [6]], 100, 10], "#NUM!", "discount_rate must lie between 0 and 1"),
    ("SURVIVAL", [BLANK, BLANK], "#N/A", ""),
    ("SURVIVAL", [[[1], ["two"]], [[1], [0]]], "#VALUE!", "durations, row 2: a number is needed"),
    ("SURVIVAL", [[[1], [-2]], [[1], [0]]], "#NUM!", ""),
    ("LIFT", [5, 10, "none", 10], "#VALUE!", "control_buyers: a number is needed"),
    ("LIFT", [5, 0, 1, 10], "#DIV/0!", "treated"),
    ("LIFT", [50, 10, 1, 10], "#NUM!", ""),
    ("SAMPLE_SIZE", ["half", 0.1], "#VALUE!", "base_rate: a number is needed"),
    ("SAMPLE_SIZE", [0.5, 0], "#DIV/0!", "lift"),
    ("SAMPLE_SIZE", [0.9, 0.5], "#NUM!", ""),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)
