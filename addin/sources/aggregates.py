"""What a source is asked: each question defined once, in the PySpark DataFrame API, for every engine."""
# ruff: noqa: N806  # F and Window are the names that PySpark's users know

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any, TypeAlias

from addin.scores import MOST_STARS
from addin.tabular import AmountUnit

MOST = 1e13
"""Amounts from here on are no money; they would not fit into whole cents either."""
FIRST_DAY = date(1900, 3, 1)
"""From here on all spreadsheets agree on dates."""

Frame: TypeAlias = Any
"""A DataFrame of PySpark, or of sqlframe, which has the same methods."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The functions and windows that go with an engine's DataFrames."""

    F: ModuleType
    Window: Any


Step: TypeAlias = Callable[[Frame, Dialect], Frame]
"""What several questions begin with, from the typed rows (see `orders`)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A table to ask for: the kind of each column, and how it is made; no two rows begin alike."""

    columns: Mapping[str, type]
    make: Callable[[Frame, Dialect, date | None], Frame]
    """From the typed rows (see `orders` and `answers`), or what `begin` makes of them, up to a day, which is the last
    order's when there is none."""
    begin: Step | None = None
    of_answers: bool = False


def orders(frame: Frame, to: Dialect, unit: AmountUnit | None) -> Frame:
    """Order rows from the columns id, date and amount: customer, day and whole cents, each NULL where it is blank.

    So is a day that no sheet can show, and an amount that is no number or beyond all money; these are `rejected`.
    An amount of another `unit` becomes one of whole units. It goes through four decimals, so that halves of a cent are
    rounded away from zero in every engine.
    """
    F = to.F
    amount = F.col("amount")
    if unit:
        amount = amount * F.lit(float(unit.times)) / F.lit(float(unit.parts))
    right = F.abs(amount.cast("double")) < MOST
    cents = F.round(F.when(right, amount).cast("decimal(18,4)") * 100).cast("bigint")
    day, odd = _right_day(to)
    rejected = F.when(odd | (amount.isNotNull() & ~right), 1).otherwise(0)
    return frame.select(
        F.col("id").alias("customer"), day.alias("day"), cents.alias("cents"), rejected.alias("rejected")
    )


def _right_day(to: Dialect) -> tuple[Any, Any]:
    """The day of a row if a sheet can show it, and whether there is one that it cannot, such as 4000 BC or infinity."""
    F = to.F
    day = F.col("date").cast("date")
    right = (day >= _day(to, FIRST_DAY)) & (day <= _day(to, date.max))
    return F.when(right, day), day.isNotNull() & ~right


def answers(frame: Frame, to: Dialect) -> Frame:
    """Answers from the columns score, date and segment; those without a score or a date are left out.

    An answer is `rejected`, and has no day, where no sheet can show its day.
    """
    F = to.F
    day, odd = _right_day(to)
    typed = frame.select(
        "score",
        day.alias("day"),
        F.coalesce(F.col("segment").cast("string"), F.lit("")).alias("segment"),
        F.when(odd, 1).otherwise(0).alias("rejected"),
    )
    return typed.where(F.col("score").isNotNull() & (F.col("day").isNotNull() | (F.col("rejected") == 1)))


def scored(rows: Frame, to: Dialect, texts: Mapping[float, Sequence[str]] | None) -> Frame:
    """Answers with their scores as numbers, where they are texts those that `texts` gives them; others are left out."""
    F = to.F
    answer = F.col("score")
    score = answer.cast("double") if texts is None else score_of(answer, to, texts)
    typed = rows.select(score.alias("score"), "day", "segment")
    return typed.where(F.col("score").isNotNull())


def score_of(answer: Any, to: Dialect, texts: Mapping[float, Sequence[str]]) -> Any:
    """The score that `texts` gives a column's text, NULL where it gives none."""
    F = to.F
    score = F.lit(None).cast("double")
    for number, alike in texts.items():
        score = F.when(answer.isin(*alike), F.lit(number)).otherwise(score)
    return score


def until(rows: Frame, to: Dialect, end: date) -> Frame:
    """The rows up to and with a day, and those without a day."""
    F = to.F
    return rows.where(F.col("day").isNull() | (F.col("day") <= _day(to, end)))


def _day(to: Dialect, day: date) -> Any:
    return to.F.lit(day.isoformat()).cast("date")


def _complete(to: Dialect) -> Any:
    F = to.F
    return F.col("customer").isNotNull() & F.col("day").isNotNull() & F.col("cents").isNotNull()


def _order(to: Dialect) -> Any:
    """Whether a row is an order: a negative amount is a refund, which only comes off the money."""
    return _complete(to) & (to.F.col("cents") >= 0)


def _count(to: Dialect, condition: Any) -> Any:
    return to.F.sum(to.F.when(condition, 1).otherwise(0))


def _month(to: Dialect, day: str = "day") -> Any:
    """Months since year 0."""
    return to.F.year(day) * 12 + to.F.month(day) - 1


def customers(rows: Frame, to: Dialect) -> Frame:
    """Orders, money with refunds taken off, and the first and last order of each customer; NULL has all other rows."""
    F = to.F
    return rows.groupBy("customer").agg(
        F.count("*").alias("rows"),
        F.sum("rejected").alias("rejected"),
        _count(to, _order(to)).alias("orders"),
        F.sum(F.when(_complete(to), F.col("cents"))).alias("cents"),
        F.min(F.when(_order(to), F.col("day"))).alias("first"),
        F.max(F.when(_order(to), F.col("day"))).alias("last"),
    )


def months(rows: Frame, to: Dialect) -> Frame:
    """The months in which each customer ordered, each with that customer's month before it, and with their first."""
    F = to.F
    ordered = rows.where(_order(to)).select("customer", _month(to).alias("month")).distinct()
    of_customer = to.Window.partitionBy("customer").orderBy("month")
    return ordered.select(
        "month", F.lag("month").over(of_customer).alias("before"), F.min("month").over(of_customer).alias("cohort")
    )


def _totals(customers: Frame, to: Dialect, end: date | None) -> Frame:
    F = to.F
    there = F.col("orders") > 0
    return customers.agg(
        F.sum("rows").alias("rows"),
        F.sum("orders").alias("orders"),
        _count(to, there).alias("customers"),
        F.sum(F.when(there, F.col("cents"))).alias("cents"),
        F.min("first").alias("first"),
        F.max("last").alias("last"),
        F.sum("rejected").alias("rejected"),
    )


def _cohorts(months: Frame, to: Dialect, end: date | None) -> Frame:
    F = to.F
    aged = months.select("cohort", (F.col("month") - F.col("cohort")).alias("age"))
    return aged.groupBy("cohort", "age").agg(F.count("*").alias("customers"))


def _movement(months: Frame, to: Dialect, end: date | None) -> Frame:
    """Who is lost in a month is known from the month before: `data` completes it."""
    F = to.F
    before = F.col("before")
    return months.groupBy("month").agg(
        _count(to, before.isNull()).alias("new"),
        _count(to, before == F.col("month") - 1).alias("kept"),
        _count(to, before < F.col("month") - 1).alias("back"),
        F.lit(0).alias("lost"),
        F.count("*").alias("active"),
    )


def _who_ordered(customers: Frame, to: Dialect) -> Frame:
    """Refunds of others do not count."""
    return customers.where(to.F.col("orders") > 0)


def _concentration(customers: Frame, to: Dialect, end: date | None) -> Frame:
    F = to.F
    decile = F.ntile(10).over(to.Window.orderBy(F.col("cents").desc()))
    ranked = _who_ordered(customers, to).select("cents", decile.alias("decile"))
    return ranked.groupBy("decile").agg(F.count("*").alias("customers"), F.sum("cents").alias("cents"))


def _rfm(customers: Frame, to: Dialect, end: date | None) -> Frame:
    F, Window = to.F, to.Window
    everyone = Window.partitionBy()
    counted = _who_ordered(customers, to).select("*", F.count("*").over(everyone).alias("everyone"))

    def score(column: str) -> Any:
        worse = F.rank().over(Window.orderBy(column)) - 1
        best = F.col(column) == F.max(column).over(everyone)
        return F.when(best, 5).otherwise(F.floor(worse * 5 / F.col("everyone")) + 1).cast("bigint")

    scored = counted.select(
        score("last").alias("r"), score("orders").alias("f"), score("cents").alias("m"), "orders", "cents"
    )
    return scored.groupBy("r", "f", "m").agg(
        F.count("*").alias("customers"), F.sum("orders").alias("orders"), F.sum("cents").alias("cents")
    )


def _weekly(rows: Frame, to: Dialect, end: date | None) -> Frame:
    """The orders of one day count as one, as in =BGNBD_FIT()."""
    F = to.F
    days = rows.where(_order(to)).select("customer", "day").distinct()
    customers = days.groupBy("customer").agg(
        (F.count("*") - 1).alias("frequency"), F.min("day").alias("first"), F.max("day").alias("last")
    )
    until = F.max("last").over(to.Window.partitionBy()) if end is None else _day(to, end)
    dated = customers.select("frequency", "first", "last", until.alias("until"))
    times = dated.select(
        "frequency", F.datediff("last", "first").alias("recency"), F.datediff("until", "first").alias("age")
    )
    weeks = times.select(
        "frequency", "recency", "age",
        F.floor(F.col("recency") / 7).cast("bigint").alias("recency_week"),
        F.floor(F.col("age") / 7).cast("bigint").alias("age_week"),
    )  # fmt: skip
    return weeks.groupBy("frequency", "recency_week", "age_week").agg(
        F.count("*").alias("customers"), F.sum("recency").alias("recency_days"), F.sum("age").alias("age_days")
    )


def _nps(rows: Frame, to: Dialect, end: date | None) -> Frame:
    """Low scores, and those that are none, come as last columns, which a connection judges; rejected answers have no
    month.
    """
    F = to.F
    score = F.col("score")
    scored = rows.select("segment", _month(to).alias("month"), "score")
    return scored.groupBy("segment", "month").agg(
        _count(to, score >= 9).alias("promoters"),
        _count(to, (score >= 7) & (score < 9)).alias("passives"),
        _count(to, score < 7).alias("detractors"),
        F.count("*").alias("answers"),
        _count(to, (score > 0) & (score <= MOST_STARS)).alias("low"),
        _count(to, (score < 0) | (score > 10) | (score != F.floor("score"))).alias("off_scale"),
    )


QUESTIONS: Mapping[str, Question] = {
    "totals": Question(
        {"rows": int, "orders": int, "customers": int, "cents": int, "first": date, "last": date, "rejected": int},
        _totals, customers,
    ),
    "cohorts": Question({"cohort": date, "age": int, "customers": int}, _cohorts, months),
    "movement": Question(
        {"month": date, "new": int, "kept": int, "back": int, "lost": int, "active": int}, _movement, months
    ),
    "concentration": Question({"decile": int, "customers": int, "cents": int}, _concentration, customers),
    "rfm": Question({"r": int, "f": int, "m": int, "customers": int, "orders": int, "cents": int}, _rfm, customers),
    "weekly": Question(
        {"frequency": int, "recency_week": int, "age_week": int, "customers": int, "recency_days": int,
         "age_days": int}, _weekly,
    ),
    "nps": Question(
        {"segment": str, "month": date, "promoters": int, "passives": int, "detractors": int, "answers": int,
         "low": int, "off_scale": int}, _nps, of_answers=True,
    ),
}  # fmt: skip
"""Name to question; the months of a table are whole numbers until `data` makes them days."""
