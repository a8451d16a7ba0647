"""Every question, in every engine, against plain Python and against the published figures of CDNOW."""

import subprocess
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from shop import ANSWERS, COLUMNS, ORDERS, at, cdnow

from addin.models import BGNBD
from addin.sources import SourceError, connect


def complete(rows):
    """Complete rows: customer, day, cents by the decimal number that was written."""
    kept = []
    for customer, when, amount in rows:
        if customer is not None and customer.strip() and when is not None and amount is not None:
            cents = (Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP)
            kept.append((customer.strip().casefold().removesuffix(".0"), when.date(), int(cents)))
    return kept


def plain(rows):
    """Complete orders; refunds are none."""
    return [row for row in complete(rows) if row[2] >= 0]


def spent_by(rows, end=date.max):
    """What each customer who ordered paid, refunds taken off."""
    spent = {row[0]: 0 for row in plain(rows) if row[1] <= end}
    for customer, day, cents in complete(rows):
        if customer in spent and day <= end:
            spent[customer] += cents
    return spent


@pytest.fixture(scope="module", params=["orders", "many"])
def both(request, orders, many):
    """Open data, its orders in plain Python, and what the customers spent: the tricky ones, and CDNOW's."""
    data, rows = (orders, ORDERS) if request.param == "orders" else (many, cdnow())
    return data, plain(rows), spent_by(rows)


def first(day):
    return day.replace(day=1)


def months_of(rows):
    months = defaultdict(set)
    for customer, day, _ in rows:
        months[customer].add(day.year * 12 + day.month - 1)
    return months


def day_of(month):
    return date(month // 12, month % 12 + 1, 1)


def test_totals(both):
    data, rows, spent = both
    days = [day for _, day, _ in rows]
    expected = (len(rows), len(spent), sum(spent.values()), min(days), max(days))
    assert data.ask("totals").rows[0][1:] == expected


def test_amounts_in_cents_are_brought_to_whole_ones(place, many):
    with connect(at(place, "cdnow", id="id", date="day", amount="spent_cents")) as data:
        assert data.ask("totals") == many.ask("totals")
        assert data.ask("concentration") == many.ask("concentration")
        assert data.notes == ["spent_cents is in cents, so that 100 there is 1 here"]


def test_totals_of_cdnow(many):
    """23,570 customers, 69,659 orders from January 1997 to June 1998: Fader and Hardie's notes on the data set."""
    ((rows, orders, customers, _, start, end),) = many.ask("totals").rows
    assert (rows, orders, customers) == (69_659, 69_659, 23_570)
    assert (first(start), first(end)) == (date(1997, 1, 1), date(1998, 6, 1))


def test_orders_after_the_end_do_not_count(orders):
    end = date(2026, 2, 14)
    expected = [row for row in plain(ORDERS) if row[1] <= end]
    ((_, count, customers, cents, _, last),) = orders.ask("totals", end).rows
    assert (count, customers, cents) == (
        len(expected),
        len({row[0] for row in expected}),
        sum(spent_by(ORDERS, end).values()),
    )
    assert last == end
    assert orders.ask("movement", end).rows[-1][0] == date(2026, 2, 1)


def test_incomplete_rows_are_counted_and_left_out(orders):
    assert orders.ask("totals").rows[0][:2] == (25, 17)


def test_cohorts(both):
    data, rows, _ = both
    expected = Counter()
    for months in months_of(rows).values():
        expected.update((day_of(min(months)), month - min(months)) for month in months)
    assert data.ask("cohorts").rows == sorted((*key, count) for key, count in expected.items())


def test_cohorts_of_cdnow(many):
    """The sizes of the three cohorts, as tutorials on CDNOW show them."""
    sizes = {cohort: customers for cohort, age, customers in many.ask("cohorts").rows if age == 0}
    assert sizes == {date(1997, 1, 1): 7_846, date(1997, 2, 1): 8_476, date(1997, 3, 1): 7_248}


def test_movement(both):
    data, rows, _ = both
    of_customer = months_of(rows)
    every = set().union(*of_customer.values())
    expected = []
    for month in range(min(every), max(every) + 1):
        active = {customer for customer, months in of_customer.items() if month in months}
        before = {customer for customer, months in of_customer.items() if month - 1 in months}
        new = {customer for customer in active if min(of_customer[customer]) == month}
        back = active - before - new
        expected.append((day_of(month), len(new), len(active & before), len(back), len(before - active), len(active)))
    assert data.ask("movement").rows == expected


def test_concentration(both):
    data, _, spent = both
    ranked = sorted(spent.values(), reverse=True)
    tenths = [len(ranked) // 10 + (decile < len(ranked) % 10) for decile in range(10)]
    ends = [sum(tenths[:decile]) for decile in range(11)]
    expected = [(i + 1, b - a, sum(ranked[a:b])) for i, (a, b) in enumerate(pairwise(ends)) if b > a]
    assert data.ask("concentration").rows == expected


def test_rfm(both):
    data, rows, spent = both
    last, count = {}, Counter()
    for customer, day, _ in rows:
        last[customer] = max(last.get(customer, day), day)
        count[customer] += 1

    def scores(values):
        ranked = sorted(values.values())
        worse = {customer: bisect_left(ranked, value) for customer, value in values.items()}
        return {c: 5 if values[c] == ranked[-1] else 1 + 5 * worse[c] // len(ranked) for c in values}

    r, f, m = scores(last), scores(count), scores(spent)
    cells = defaultdict(lambda: [0, 0, 0])
    for customer in last:
        cell = cells[r[customer], f[customer], m[customer]]
        for i, more in enumerate((1, count[customer], spent[customer])):
            cell[i] += more
    assert data.ask("rfm").rows == sorted((*key, *cell) for key, cell in cells.items())


def by_customer(rows, end):
    days = defaultdict(set)
    for customer, day, _ in rows:
        if day <= end:
            days[customer].add(day)
    return [(len(d) - 1, (max(d) - min(d)).days, (end - min(d)).days) for d in days.values()]


@pytest.mark.parametrize("end", [None, date(2026, 3, 15)])
def test_weekly(orders, end):
    rows = plain(ORDERS)
    cells = defaultdict(lambda: [0, 0, 0])
    for x, recency, age in by_customer(rows, end or max(row[1] for row in rows)):
        cell = cells[x, recency // 7, age // 7]
        for i, more in enumerate((1, recency, age)):
            cell[i] += more
    assert orders.ask("weekly", end).rows == sorted((*key, *cell) for key, cell in cells.items())


def test_the_fit_from_weekly_cells_is_the_fit_from_rows(many):
    end = date(1997, 9, 30)
    x, recency, age = zip(*by_customer(plain(cdnow()), end), strict=True)
    rows = BGNBD.fit(x, [days / 7 for days in recency], [days / 7 for days in age])
    weekly = many.ask("weekly", end)
    n = weekly.column("customers")
    means = [
        [days / (7 * count) for days, count in zip(weekly.column(name), n, strict=True)]
        for name in ("recency_days", "age_days")
    ]
    cells = BGNBD.fit(weekly.column("frequency"), *means, n)
    assert cells.expected_orders_new(52) == pytest.approx(rows.expected_orders_new(52), rel=1e-3)
    total = [
        fit.expected_orders(52, x, [days / 7 for days in recency], [days / 7 for days in age]).sum()
        for fit in (cells, rows)
    ]
    assert total[0] == pytest.approx(total[1], rel=1e-3)


def test_nps(answers):
    expected = defaultdict(lambda: [0, 0, 0, 0])
    for score, when, segment in ANSWERS:
        if score is not None and when is not None:
            cell = expected[segment or "", first(when.date())]
            cell[0 if score > 8 else 1 if score > 6 else 2] += 1
            cell[3] += 1
    assert answers.ask("nps").rows == sorted((*key, *cell) for key, cell in expected.items())


def test_answers_as_people_write_them_are_the_scores_that_cells_make_of_them(answers, place):
    """9/10, 9 - sure and 7,0 are answers in every engine; what says that nothing is there is none."""
    with connect(at(place, "written", score="score", date="day", segment="segment")) as data:
        assert data.ask("nps").rows == answers.ask("nps").rows
        assert list(data.ask("nps", date(2026, 1, 31)).rows[0]) == ["North", date(2026, 1, 1), 2, 0, 1, 3]
        assert not data.notes


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("operator", "value", "kept"),
    [("<", 7, {0, 6}), (">=", 9, {9, 10}), ("<>", 9, {0, 6, 7, 8, 10}), ("in", "9;10", {9, 10}), ("=", "9/10", {9})],
)
def test_a_filter_that_compares_numbers_reads_answers_by_their_score(place, operator, value, kept):
    """Of 9/10, 9 - sure, 6, 0 points, 7,0, 8 and 10.0; by the plain text, 9/10 would be no number and be left out."""
    written = at(place, "written", score="score", date="day", segment="segment")
    with connect(replace(written, filter_column="score", operator=operator, value=value)) as data:
        answers = sum(row[-1] for row in data.ask("nps").rows)
    assert answers == sum([9, 9, 6, 0, 7, 8, 10].count(score) for score in kept)


def test_a_text_that_is_no_answer_is_named(place):
    """The segments are no scores, and none is passed over in silence."""
    with (
        connect(at(place, "written", score="segment", date="day", segment="segment")) as data,
        pytest.raises(SourceError, match=r"the score column 'segment' holds the text '(North|South)', which"),
    ):
        data.ask("nps")


def test_cells_are_of_the_declared_kinds(orders, answers):
    for data, name in ((orders, "movement"), (orders, "rfm"), (answers, "nps")):
        for row in data.ask(name).rows:
            assert {type(cell) for cell in row} <= {int, date, str}


def test_the_sequence_of_questions_changes_no_answer(place):
    """What several questions begin with is kept: until a question of another kind, and not beyond a day."""
    whole = at(place, "orders", **COLUMNS)
    names = ["totals", "cohorts", "movement", "concentration", "rfm", "weekly"]

    def alone(name, end=None):
        with connect(whole) as data:
            return data.ask(name, end).rows

    end = date(2026, 1, 31)
    with connect(whole) as data:
        assert data.ask("rfm", end).rows == alone("rfm", end)
        for name in names:
            assert data.ask(name).rows == alone(name)
            assert data.texts("shop")
        assert data.ask("cohorts", end).rows == alone("cohorts", end)
        assert [data.ask(name).rows for name in names] == [alone(name) for name in names]


LOADED = """
import sys
from addin.sources import Source, connect
with connect(Source("Shop", {path!r}, **{columns!r})) as data:
    data.ask("totals")
print(*sorted({{"numpy", "sqlglot.dialects.bigquery"}} & sys.modules.keys()))
"""


def test_a_question_loads_nothing_that_it_does_not_need(folder):
    """numpy and the SQL of thirty other databases would take longer than the answer."""
    asked = LOADED.format(path=str(folder / "cdnow.parquet"), columns={"id": "id", "date": "day", "amount": "dollars"})
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == "\n"
