"""The arguments that functions of orders share: their kinds, helps and units."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from addin.catalogue import Date, Dates, Labels, Number, Numbers

CustomerIds: TypeAlias = Annotated[Labels, "Customer of each order; the same name or number each time"]
OrderDates: TypeAlias = Annotated[Dates, "Date of each order, beside the customer"]
OrderAmounts: TypeAlias = Annotated[Numbers, "Amount of each order, beside the customer", "money"]
AmountsWithRefunds: TypeAlias = Annotated[
    Numbers, "Amount of each order, where some rows are refunds: a row with a negative amount is no order", "money"
]
LastDay: TypeAlias = Annotated[Date, "The day the orders were read; the last order's date when left out"]
MonthsAhead: TypeAlias = Annotated[
    Number, "How far to look ahead; blank for all the time to come, where discount_rate is above 0", "months"
]
DiscountRate: TypeAlias = Annotated[Number, "Discount rate a year; 0 adds the months up as they are", "fraction"]
