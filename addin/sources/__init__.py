"""Orders and answers beyond a sheet: CSV and Parquet files, DuckDB, PostgreSQL and Spark.

A `Source` is one row of the workbook's Sources table. Connected, it answers with aggregates::

    sources = read_sources(rows)                # rows: one dict per table row, heading to cell; see HEADINGS
    with connect(sources[0], cancelled=stop_pressed) as data:
        data.columns                            # {"Customer": "text", "Day": "date", "Paid": "number"}
        months = data.ask("movement")           # Answer(columns=("month", "new", ...), rows=[(...), ...])
        data.notes                              # texts that can be read two ways, and how they were read

The questions (`QUESTIONS`) need the order columns id, date and amount, but `nps`, which needs score, date and segment:

==============  =====================================================================================
totals          rows, orders, customers, cents, first, last; rows less orders is what was left out
cohorts         cohort (first day of the month), age in months, customers
movement        month, new, kept, back, lost, active; kept: ordered the month before, back: earlier
concentration   decile (1 brings most), customers, cents
rfm             r, f, m (1 to 5, 5 is best), customers, orders, cents; the tie rule of =RFM()
weekly          frequency, recency_week, age_week, customers, recency_days, age_days (both are sums)
nps             segment, month, promoters, passives, detractors, answers
==============  =====================================================================================

Whole numbers are int, money is whole cents, months are the date of their first day, in every engine alike.
An order without a customer, a date or an amount is left out; a refund counts as an order with an amount below 0, so
filter refunds out where they are rows of their own. Text stays text: a cell that begins with = + - or @
is given as it is, and whoever writes it must write it as text. A blank cell is None.

Everything that can go wrong is one `SourceError` (a `BookError`) with one sentence; `SourceCancelled` when
`cancelled()` said so. It is asked ten times a second and more, always from the thread that called.
The log (`logging`, "addin.sources") holds what the database said. No password is kept, logged or shown.
"""

from __future__ import annotations

from addin.errors import SourceCancelled, SourceError
from addin.sources.aggregates import QUESTIONS
from addin.sources.connection import Answer, Connection, connect
from addin.sources.source import HEADINGS, Source, read_sources
from addin.sources.trust import NotTrusted, book_folder, permit

__all__ = [
    "HEADINGS",
    "QUESTIONS",
    "Answer",
    "Connection",
    "NotTrusted",
    "Source",
    "SourceCancelled",
    "SourceError",
    "book_folder",
    "connect",
    "permit",
    "read_sources",
]
