"""Dates and numbers as people write them, and what is said where they can be read two ways."""

from collections import Counter
from datetime import date

import pytest

from addin.tabular import Habits, NotRead, read_dates, read_numbers
from addin.tabular.dates import DAY_FIRST, MONTH_FIRST
from addin.tabular.numbers import DECIMAL_COMMA, DECIMAL_POINT
from addin.values import LAST_SERIAL, serial

COMMAS, SEMICOLONS, TABS = Habits(","), Habits(";"), Habits("\t")


def numbers(texts, habits=TABS, **options):
    column = read_numbers(texts, habits, **options)
    return [None if isinstance(value, NotRead) else value for value in column.values]


def days(texts, habits=COMMAS, **options):
    column = read_dates(texts, habits, **options)
    return [
        None if isinstance(value, NotRead) else date.fromordinal(date(1899, 12, 30).toordinal() + int(value))
        for value in column.values
    ]


@pytest.mark.parametrize(
    ("texts", "habits", "values"),
    [
        (["12,50", "7"], TABS, [12.5, 7]),
        (["12.50", "7"], TABS, [12.5, 7]),
        (["1.234,5"], COMMAS, [1234.5]),
        (["1,234.5"], SEMICOLONS, [1234.5]),
        (["1.234.567"], TABS, [1234567]),
        (["1,234,567"], SEMICOLONS, [1234567]),
        (["1,234,567.125"], TABS, [1234567.125]),
        (["1.234.567,125", "1.234"], COMMAS, [1234567.125, 1234]),
        (["1.234", "0.5"], SEMICOLONS, [1.234, 0.5]),
        (["1,234", "5,6"], COMMAS, [1.234, 5.6]),
        (["0.125", "0.250"], SEMICOLONS, [0.125, 0.25]),
        (["1.125", "2.375"], COMMAS, [1.125, 2.375]),
        (["1,125", "2,375"], COMMAS, [1125, 2375]),
        (["1 234,567"], TABS, [1234.567]),
        (["1.234"], Habits("\t", decimal="."), [1.234]),
    ],
)
def test_the_column_tells_then_the_file_then_its_separator(texts, habits, values):
    assert numbers(texts, habits) == values
    assert read_numbers(texts, habits).unclear is None


@pytest.mark.parametrize(
    ("texts", "habits", "values", "ways"),
    [
        (["1,125"], SEMICOLONS, [1.125], {DECIMAL_COMMA: "1.125", DECIMAL_POINT: "1125"}),
        (["1.125"], SEMICOLONS, [1125], {DECIMAL_COMMA: "1125", DECIMAL_POINT: "1.125"}),
        (["1,125", "7"], TABS, [1125, 7], {DECIMAL_POINT: "1125", DECIMAL_COMMA: "1.125"}),
        (["1.125"], Habits(), [1125], {DECIMAL_COMMA: "1125", DECIMAL_POINT: "1.125"}),
        (["1,125", "1,5", "2.5", "3,5"], TABS, [1.125, 1.5, None, 3.5],
         {DECIMAL_COMMA: "1.125", DECIMAL_POINT: "1125"}),
    ],
)  # fmt: skip
def test_a_number_that_can_be_read_two_ways_is_shown_both_ways(texts, habits, values, ways):
    unclear = read_numbers(texts, habits).unclear
    assert numbers(texts, habits) == values
    assert (unclear.text, unclear.ways) == (texts[0], ways)
    assert list(unclear.ways) == list(ways)
    other = list(ways)[1]
    assert numbers(texts[:1], habits, way=other) == [float(ways[other])]
    assert read_numbers(texts, habits, way=other).unclear is None


AMOUNTS = [
    ("-3", -3), ("+3", 3), ("−3", -3), ("19.90-", -19.9), ("(19.90)", -19.9), ("($19.90)", -19.9), ("$(19.90)", -19.9),
    ("-$1,234.50", -1234.5), ("$-1.50", -1.5), ("€ 1,234.50", 1234.5), ("1234.50 €", 1234.5), ("US$ 5.00", 5),
    ("CHF 1'234.50", 1234.5), ("CHF 12.-", 12), ("12.–", 12), ("USD 12", 12), ("12 Ft", 12), ("12 kr.", 12),
    ("1 234.50 руб.", 1234.5), ("5 р.", 5), ("5zł", 5), ("5 Kč", 5), ("1e3", 1000), (".5", 0.5),
    ("USD (4.00)", -4), ("－4.00", -4), ("–4.00", -4), ("１，２３４．５０", 1234.5), ("（４．００）", -4),
    ("1\u2009234.5", 1234.5),
    ("₹1,23,456.00", 123456), ("1’234.50", 1234.5), ("4.00 CR", None), ("4.00 DR", None), ("4,00 H", None),
    ("12x", None), ("1,23,4", None), ("", None), ("nan", None), ("inf", None), ("- -5", None), ("-(5)", None),
    ("(5", None), ("5)", None), ("1 2", None), ("12 34.5", None), ("1.2.3", None), ("50%", None), ("EUR", None),
    ("12 pcs", None), ("0x10", None), ("1_000", None), ("١٢", None), ("=1+1", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), AMOUNTS)
def test_an_amount_is_read_or_refused(text, number):
    assert numbers([text, "0.5"], COMMAS) == [number, 0.5]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("19,90-", -19.9), ("1.234,50 zł", 1234.5), ("1 234,50 Ft", 1234.5), ("12,- €", 12), ("(1.234,50)", -1234.5),
        ("kr 1.234,50", 1234.5), ("1\u00a0234,50\u00a0руб.", 1234.5), ("1’234,50", 1234.5), ("1.5", None),
    ],
)  # fmt: skip
def test_an_amount_with_a_decimal_comma_is_read_or_refused(text, number):
    assert numbers([text, "0,5", "0,75"]) == [number, 0.5, 0.75]


def test_currencies_are_counted():
    column = read_numbers(["$5", "US$ 6", "EUR 7", "8 €", "€9", "10", "12 kr", "$ (4)", None, 3.0], COMMAS)
    assert column.currencies == {"USD": 3, "EUR": 3, "kr": 1}


def test_a_code_says_whose_dollars_they_are():
    assert read_numbers(["$4.00 CAD", "$5 USD", "CAD $6", "$7"], COMMAS).currencies == {"CAD": 2, "USD": 2}


APRIL, MARCH = date(2025, 4, 3), date(2025, 3, 4)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["03/04/2025", "25/04/2025"], [APRIL, date(2025, 4, 25)]),
        (["03/04/2025", "04/25/2025"], [MARCH, date(2025, 4, 25)]),
        (["03-04-25", "13-04-25"], [APRIL, date(2025, 4, 13)]),
        (["03-04-25", "04-13-25"], [MARCH, date(2025, 4, 13)]),
        (["12/13/2025"], [date(2025, 12, 13)]),
        (["13/12/2025"], [date(2025, 12, 13)]),
        (["3.4.25", "2025-04-03 10:20", "20250403", "2025/4/3"], [APRIL] * 4),
        (["04.03.2025", "04.13.2025"], [MARCH, None]),
        (["31.2.2025", "tomorrow", "45662", "2025-13-01", "30/02/2025"], [None] * 5),
        (["5/5/2025", "12/12/2025"], [date(2025, 5, 5), date(2025, 12, 12)]),
    ],
)
def test_the_order_of_day_and_month_is_the_column_s(texts, found):
    assert days(texts) == found
    assert read_dates(texts, COMMAS).unclear is None


@pytest.mark.parametrize(
    ("texts", "found", "taken"),
    [
        (["3/4/2025"], [APRIL], DAY_FIRST),
        (["3-4-25 10:30"], [APRIL], DAY_FIRST),
        (["13/01/2025", "01/14/2025", "01/15/2025", "3/4/2025"],
         [None, date(2025, 1, 14), date(2025, 1, 15), MARCH], MONTH_FIRST),
        (["13/01/2025", "14/01/2025", "01/15/2025", "3/4/2025"],
         [date(2025, 1, 13), date(2025, 1, 14), None, APRIL], DAY_FIRST),
    ],
)  # fmt: skip
def test_a_date_that_can_be_read_two_ways_is_shown_both_ways(texts, found, taken):
    unclear = read_dates(texts, COMMAS).unclear
    assert days(texts) == found
    shown = {DAY_FIRST: "3 April 2025", MONTH_FIRST: "4 March 2025"}
    assert unclear.ways == shown
    assert next(iter(unclear.ways)) == taken
    for way, day in ((DAY_FIRST, APRIL), (MONTH_FIRST, MARCH)):
        assert days(texts, way=way)[-1] == day
        assert read_dates(texts, COMMAS, way=way).unclear is None


def test_one_s_own_file_tells_then_the_others_of_the_folder():
    folder = Counter({"3/4/2025": 2, "12/31/2025": 1})
    assert days(["3/4/2025"], folder=folder) == [MARCH]
    assert read_dates(["3/4/2025"], COMMAS, folder).unclear is None
    assert days(["3/4/2025", "31/12/2025"], folder=folder) == [APRIL, date(2025, 12, 31)]
    assert numbers(["1.125"], folder=Counter({"1.125": 1, "2.5": 1})) == [1.125]


@pytest.mark.parametrize(("year", "read"), [("00", 2000), ("26", 2026), ("68", 2068), ("69", 1969), ("85", 1985)])
def test_years_of_two_digits_turn_at_69(year, read):
    assert days([f"01.02.{year}", f"1-Feb-{year}"]) == [date(read, 2, 1)] * 2


NAMED = [
    "29-Jun-2022", "29 JUN 2022", "Jun 29, 2022", "June 29 2022", "29th of June, 2022", "29-Jun-22", "2022-Jun-29",
    "29 Jun 2022 10:30", "29 de junio de 2022", "29 jun. 2022", "29. Juni 2022", "29. kesäkuuta 2022",
    "2022年6月29日", "2022年06月29日 10:30", "2022년 6월 29일", "le 29 juin 2022", "29. Juni 2022 um 10:30",
    "2022. június 29.", "2022. jún. 29.", "29 июня 2022 г.", "29 июн 2022", "2022. 06. 29.", "29. 6. 2022",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_months_have_names(text):
    assert days([text]) == [date(2022, 6, 29)]


@pytest.mark.parametrize("text", ["2022-06-29T23:30:00Z", "2022-06-29T23:30:00+09:00", "2022-06-29 23:30:00 -0800"])
def test_an_evening_stays_on_the_day_that_is_written(text):
    assert days([text]) == [date(2022, 6, 29)]


def test_years_of_two_digits_in_front_are_refused():
    assert days(["25-Mar-04", "25-Mar-05", "25-Apr-06"]) == [None] * 3
    assert days(["14-Mar-25", "15-Mar-25", "16-Apr-25"]) == [
        date(2025, 3, 14), date(2025, 3, 15), date(2025, 4, 16)]  # fmt: skip


MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
          "marraskuuta joulukuuta",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}  # fmt: skip


@pytest.mark.parametrize("language", MONTHS)
def test_each_month_of_each_language(language):
    assert days([f"5 {name.upper()} 2025" for name in MONTHS[language].split()]) == [
        date(2025, month, 5) for month in range(1, 13)
    ]


@pytest.mark.parametrize("text", ["Jan-25", "Jan 2025", "2025-01", "01/2025", "enero de 2025", "2025/1"])
def test_a_month_is_its_first_day(text):
    assert days([text]) == [date(2025, 1, 1)]


@pytest.mark.parametrize(
    "text", ["Jan", "Jan 5", "5 Jan", "Jan 25", "Jan 5 22", "5 Foo 2025", "25 5 Jan", "5 Jan Feb 2025", "5+Jan+2025",
             "1772582400", "1772582400000", "46085", "2026年13月4日", "20260304T233000Z",
             "2025", "1/2/3/2025", "32 Jan 2025", "10:30", "0/1/2025", "1997.01", "12.2025"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    assert days([text]) == [None]


def test_the_last_day_of_all_is_read():
    assert read_dates(["9999-12-31", "31.12.9999", "10000-01-01"], COMMAS).values == [
        LAST_SERIAL, LAST_SERIAL, NotRead("10000-01-01", "a date"),
    ]  # fmt: skip


def test_dates_and_numbers_of_excel_stay():
    assert read_dates([45662.0, None], Habits()).values == [45662.0, None]
    assert read_numbers([1.5, True, None], Habits()).values == [1.5, NotRead("TRUE", "a number"), None]
    assert serial(date(2025, 1, 5)) == 45662
