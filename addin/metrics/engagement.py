"""How close customers are: their level in the pyramid, what a level is worth, their stage in the lifecycle."""

from __future__ import annotations

import math
from typing import Annotated

from addin.catalogue import Example, Number, metric
from addin.errors import NotEnoughData
from addin.metrics.guards import not_negative, within


@metric("ENGAGEMENT_LEVEL", family="Engagement", returns="name of the level",
        example=Example("=ENGAGEMENT_LEVEL(12,2,0,0)", gives="Buying again"))  # fmt: skip
def engagement_level(
    visits: Annotated[Number, "How often the person came or looked", "visits"],
    orders: Annotated[Number, "How often the person ordered", "orders"],
    feedback: Annotated[Number, "How often the person gave feedback; TRUE counts as 1", "answers"] = 0.0,
    referrals: Annotated[Number, "How many others the person sent; TRUE counts as 1", "people"] = 0.0,
) -> str:
    """Level of a person in the engagement pyramid: the highest for which there is evidence.

    From the top: Telling others (a referral), Giving feedback, Buying again (two orders or more), Just
    buying (one), Just looking (a visit), Total market. A level does not require those beneath it: someone
    who sent a friend but never bought is at Telling others.

    Formula: the first of referrals > 0, feedback > 0, orders > 1, orders > 0, visits > 0 that holds
    Errors: #N/A visits or orders is blank (give 0 for none); #VALUE! a number is text; #NUM! a number is negative.
    Source: the engagement pyramid of small-business guides.
    """
    not_negative(visits=visits, orders=orders, feedback=feedback, referrals=referrals)
    if referrals > 0:
        return "Telling others"
    if feedback > 0:
        return "Giving feedback"
    if orders > 1:
        return "Buying again"
    if orders > 0:
        return "Just buying"
    return "Just looking" if visits > 0 else "Total market"


@metric("ENGAGEMENT_VALUE", family="Engagement", returns="money a person",
        example=Example("=ENGAGEMENT_VALUE(3,30,2,3,0.3)", gives=115.0))  # fmt: skip
def engagement_value(
    orders: Annotated[Number, "Orders of a person on this level, in a year say", "orders"],
    average_order: Annotated[Number, "Revenue of an average order", "money"],
    cost: Annotated[Number, "What such a person costs in the same time", "money"],
    influenced: Annotated[Number, "How many others such a person influences", "people"] = 0.0,
    conversion: Annotated[Number, "Share of the influenced who place an order", "fraction"] = 0.0,
    margin: Annotated[Number, "Share of revenue left after direct costs; 1 counts the revenue", "fraction"] = 1.0,
) -> float:
    """Net value of one person on a level of the engagement pyramid; below 0 where they cost more than they bring.

    Each of the influenced who converts counts as one order.

    Formula: (orders + influenced * conversion) * average_order * margin - cost
    Errors: #NUM! orders, average_order, cost or influenced is negative, conversion is not between 0 and 1, or
        margin is not between -1 and 1.
    Source: the engagement pyramid of small-business guides, put into money.
    """
    not_negative(orders=orders, average_order=average_order, cost=cost, influenced=influenced)
    within(0, 1, conversion=conversion)
    within(-1, 1, margin=margin)
    return (orders + influenced * conversion) * average_order * margin - cost


@metric("LIFECYCLE_STAGE", family="Engagement", returns="name of the stage",
        example=Example("=LIFECYCLE_STAGE(3,90)", gives="Retain"))  # fmt: skip
def lifecycle_stage(
    orders: Annotated[Number, "How often the customer ordered", "orders"],
    days_since_last: Annotated[Number, "Days since the last order; blank where there was none", "days"] = math.nan,
    feedback: Annotated[Number, "How often the customer gave feedback; TRUE counts as 1", "answers"] = 0.0,
    referrals: Annotated[Number, "How many others the customer sent; TRUE counts as 1", "people"] = 0.0,
    active_days: Annotated[Number, "For how many days after an order a customer counts as active", "days"] = 365.0,
) -> str:
    """Stage of a customer in the lifecycle: Reach, Acquire, Develop, Retain or Advocate.

    The highest for which there is evidence: Advocate for a customer who referred someone; Retain for
    one who ordered more than once and is active; Develop for one who ordered more than once or gave
    feedback; Acquire for one who ordered once; else Reach. A customer who ordered often but long ago
    falls back to Develop.

    Formula: the first of referrals > 0; orders > 1 and days_since_last <= active_days; orders > 1 or
        feedback > 0; orders > 0 that holds
    Errors: #N/A orders is blank, or days_since_last where there are several orders; #VALUE! a number is text;
        #NUM! a number is negative.
    Source: the customer lifecycle of marketing guides, made exact here.
    """
    not_negative(orders=orders, feedback=feedback, referrals=referrals, active_days=active_days)
    if not math.isnan(days_since_last):
        not_negative(days_since_last=days_since_last)
    elif orders > 1:
        raise NotEnoughData("days_since_last is blank: a number is needed where there are several orders")
    if referrals > 0:
        return "Advocate"
    if orders > 1 and days_since_last <= active_days:
        return "Retain"
    if orders > 1 or feedback > 0:
        return "Develop"
    return "Acquire" if orders > 0 else "Reach"
