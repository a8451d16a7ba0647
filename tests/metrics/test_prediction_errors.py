"""What predictions and fits say to what sheets get wrong."""

import pytest
from shops import BLANK, EQUAL, NEGATIVE, OLD_DATES, ONCE, ONE, SAME_DAY, SHOP, TEXT_DATES

ERRORS = [
    ("BGNBD_FIT", BLANK[:2], "#N/A", "no row has all that an order needs"),
    ("BGNBD_FIT", [*SHOP[:2], 45000], "#N/A", "as_of lies before the first order"),
    ("BGNBD_FIT", SAME_DAY[:2], "#N/A", "no time has passed"),
    ("BGNBD_FIT", ONCE[:2], "#N/A", "no customer has ordered again"),
    ("BGNBD_FIT", TEXT_DATES[:2], "#VALUE!", "dates, row 2: a date is needed, the text 'soon' was found"),
    ("BGNBD_FIT", [SHOP[0], SHOP[1][1:]], "#VALUE!", "give ranges of equal size"),
    ("BGNBD_FIT", OLD_DATES[:2], "#NUM!", "dates, row 1: a date from 1 March 1900"),
    ("BGNBD_FIT", ONE[:2], "#NUM!", "no best fit was found"),
    *(
        (name, raw, code, words)
        for name in ("MBGNBD_FIT", "PARETONBD_FIT")
        for raw, code, words in (
            (BLANK[:2], "#N/A", "no row has all that an order needs"),
            (ONCE[:2], "#N/A", "no customer has ordered again"),
            (TEXT_DATES[:2], "#VALUE!", "dates, row 2"),
            (OLD_DATES[:2], "#NUM!", "dates, row 1"),
            (ONE[:2], "#NUM!", "no best fit was found"),
        )
    ),
    ("GAMMAGAMMA_FIT", BLANK, "#N/A", "no row has all that an order needs"),
    ("GAMMAGAMMA_FIT", ONCE, "#N/A", "no customer has a repeat order above 0"),
    ("GAMMAGAMMA_FIT", TEXT_DATES, "#VALUE!", "dates, row 2"),
    ("GAMMAGAMMA_FIT", [*SHOP[:2], SHOP[2][1:]], "#VALUE!", "amounts has 12 cells"),
    ("GAMMAGAMMA_FIT", NEGATIVE, "#N/A", "no row has all that an order needs"),
    ("GAMMAGAMMA_FIT", EQUAL, "#NUM!", "take the average order for all"),
    ("GAMMAGAMMA_FIT", OLD_DATES, "#NUM!", "dates, row 1"),
    ("CLV_PREDICT", [*BLANK, 12], "#N/A", "no row has all that an order needs"),
    ("CLV_PREDICT", [*ONCE, 12], "#N/A", "no customer has ordered again"),
    ("CLV_PREDICT", [*TEXT_DATES, 12], "#VALUE!", "dates, row 2"),
    ("CLV_PREDICT", [*SHOP, 0], "#NUM!", "months must be more than 0"),
    (
        "CLV_PREDICT",
        SHOP,
        "#NUM!",
        "months is blank, and without a discount the orders of all the time to come have no end",
    ),
    ("CLV_PREDICT", [*SHOP, None, 0.1, None, None, 0.95], "#NUM!", "low and high need an end: give months"),
    ("CUSTOMER_EQUITY", SHOP, "#NUM!", "months is blank"),
    ("CUSTOMER_EQUITY", [*SHOP, 12, 0.1, None, "NBD"], "#VALUE!", "model:"),
    ("CUSTOMER_EQUITY", [*SHOP, 12, 0.1, None, None, 1], "#NUM!", "confidence must be 0 or more and less than 1"),
    ("CUSTOMER_EQUITY", [*ONCE, 12], "#N/A", "no customer has ordered again"),
    ("CLV_PREDICT", [*SHOP, 601], "#NUM!", "at most 600, 601 was found"),
    ("CLV_PREDICT", [*SHOP, 12, 10], "#NUM!", "discount_rate must lie between 0 and 1, 10 was found; 10% is 0.1"),
    ("CLV_PREDICT", [*NEGATIVE, 12], "#N/A", "no row has all that an order needs"),
    ("CLV_PREDICT", [*ONE, 12], "#NUM!", "no best fit was found"),
    ("CLV_PREDICT", [*OLD_DATES, 12], "#NUM!", "dates, row 1"),
    (
        "CLV_PREDICT",
        [*SHOP, 12, None, None, "NBD"],
        "#VALUE!",
        'model: "BG/NBD" or "MBG/NBD" or "Pareto/NBD" is needed',
    ),
    ("CLV_PREDICT", [*SHOP, 12, None, None, None, 95], "#NUM!", "confidence must be 0 or more and less than 1, 95 was"),
    ("TRACKING", [*SHOP[:2], 4, None, None, 1], "#NUM!", "confidence must be 0 or more and less than 1"),
    ("TRACKING", [*SHOP[:2], 4, None, "NBD"], "#VALUE!", "model:"),
    ("TRACKING", BLANK[:2], "#N/A", "no row has all that an order needs"),
    ("TRACKING", SAME_DAY[:2], "#N/A", "no time has passed"),
    ("TRACKING", ONCE[:2], "#N/A", "no customer has ordered again"),
    ("TRACKING", TEXT_DATES[:2], "#VALUE!", "dates, row 2"),
    ("TRACKING", [SHOP[0], SHOP[1][1:]], "#VALUE!", "give ranges of equal size"),
    ("TRACKING", OLD_DATES[:2], "#NUM!", "dates, row 1"),
    ("TRACKING", [*SHOP[:2], 1.5], "#NUM!", "weeks_ahead must be a whole number from 0 to 2600, 1.5 was found"),
    ("TRACKING", [*SHOP[:2], -1], "#NUM!", "weeks_ahead must be a whole number"),
    ("TRACKING", ONE[:2], "#NUM!", "no best fit was found"),
    ("TRACKING", [*SHOP[:2], 4, 2958465], "#NUM!", "weeks, more than 2,600; look for a wrong date"),
]


@pytest.mark.parametrize(("name", "raw", "code", "words"), ERRORS)
def test_wrong_input_shows_an_error_value_and_says_why(refuses, name, raw, code, words):
    refuses(name, raw, code, words)
