"""Random campaigns, logs, orders and inputs, with what people type wrong in them."""

import datetime as dt
import random

from second_count import AT_ONCE, NEW, REORDER, REPEAT

TYPES = [AT_ONCE, REORDER, NEW, REPEAT]
TEXTS = ["to be told", "12 pcs", "12", "2025-03-01"]
FIRST = dt.datetime(2024, 3, 1)


def some_day(rng, days, first=FIRST):
    return first + dt.timedelta(days=rng.randrange(days))


def spoiled(rng, value, share):
    """A value, or now and then a blank or a text in its place."""
    return value if rng.random() >= share else rng.choice([None, *TEXTS])


def time(rng):
    return dt.timedelta(minutes=rng.randrange(1440))


def edges_of(campaign, inputs):
    """The days on which something of a campaign begins or ends, and those before and after."""
    start, like = campaign["Start"], campaign.get("LikeFrom")
    days = [day for day in (start, campaign["End"], like) if isinstance(day, dt.datetime)]
    if isinstance(start, dt.datetime):
        years, month = divmod(start.month + inputs["in_M3"], 12)
        end = dt.datetime(start.year + years, month + 1, 1) - dt.timedelta(days=1)
        days += [end, *([like + (min(end, inputs["in_Until"] or end) - start)] if like else [])]
    return [day + dt.timedelta(days=away) for day in days for away in (-1, 0, 1)]


def random_model(seed, campaigns, log, orders, segments):
    """Inputs by name, and the rows of four tables; each number of rows is the most there may be."""
    rng = random.Random(seed)
    spoil = rng.choice([0, 0, 0.05, 0.15])
    wrong = lambda value: spoiled(rng, value, spoil)  # noqa: E731  # used in every line below
    names = [f"C{n:02}" for n in range(1, rng.randint(1, campaigns) + 1)]
    starts = {name: some_day(rng, 500) for name in names}
    inputs = random_inputs(rng, names)
    model = {"inputs": inputs, "campaigns": [], "log": [], "orders": [], "segments": []}
    for n, name in enumerate(names):
        compared = rng.choice(["", "", "control", "like"])
        model["campaigns"].append({
            "Campaign": name, "Name": f"Campaign {name}", "Start": wrong(starts[name]),
            "Budget": wrong(rng.choice([0, rng.randrange(50, 2_000), rng.uniform(50, 2_000)])),
            "Reach": wrong(rng.randrange(100, 5_000)), "Coupon": rng.choice([None, f"SAVE{n}"]),
            "End": rng.choice([None, starts[name] + dt.timedelta(days=rng.randrange(200))]),
            **({"Control": rng.randrange(10, 500), "ControlBuyers": rng.randrange(10),
                "ControlRevenue": wrong(rng.uniform(0, 400))} if compared == "control" else {}),
            **({"LikeFrom": some_day(rng, 500, FIRST - dt.timedelta(days=200))} if compared == "like" else {}),
        })  # fmt: skip
    groups = [f"Group {n}" for n in range(rng.randint(0, segments))]
    model["segments"] = [{"Segment": name, "Ticket": rng.choice([None, rng.uniform(5, 200)])} for name in groups]
    for n in range(rng.choice([0, rng.randint(1, log), log])):
        kind = rng.choice([*TYPES, "Response", "Return order"])
        model["log"].append({
            "Event": f"E{n}", "Campaign": rng.choice(names), "Date": wrong(some_day(rng, 900)), "Type": kind,
            "Contacted": wrong(rng.choice([None, rng.randrange(1, 90)])),
            "Orders": 0 if kind == "Response" else wrong(rng.randrange(0, 30)),
            "Price": wrong(rng.uniform(1, 90)), "Cost": wrong(rng.choice([None, rng.uniform(0, 60)])),
            "Minutes": wrong(rng.choice([None, rng.randrange(0, 200)])),
            "Positive": wrong(rng.choice([None, rng.randrange(0, 40)])),
            "Customer": rng.choice([None, f"K{rng.randrange(12)}"]), "Segment": rng.choice([None, *groups]),
        })  # fmt: skip
    edges = [day for row in model["campaigns"] for day in edges_of(row, inputs)] or [FIRST]
    typed = rng.choice([0, rng.random(), 1])
    hours = typed == 1 and rng.random() < 0.5
    for n in range(rng.choice([0, rng.randint(1, orders), orders])):
        back = -1 if rng.random() < 0.12 else 1
        model["orders"].append({
            "Order": f"O{n}",
            "Date": wrong(rng.choice([some_day(rng, 900), some_day(rng, 900), rng.choice(edges)]) + hours * time(rng)),
            "Customer": rng.choice([None, *(f"K{k}" for k in range(12))]),
            "Campaign": rng.choice([None, None, None, *names, "C99" if rng.random() < 0.1 else None]),
            "Type": rng.choice([*TYPES, "Return order"]) if rng.random() < typed else None,
            "Units": wrong(rng.choice([1, 1, 2, back * 3])), "Price": wrong(back * rng.uniform(1, 90)),
            "Coupon": rng.choice([None, None, f"SAVE{rng.randrange(campaigns)}", "OTHER"]),
        })  # fmt: skip
    return model


def random_inputs(rng, names):
    horizon = rng.choice([12, rng.randint(12, 60)])
    first, second, third = sorted(rng.choice([(1, 4, 12), tuple(rng.randrange(horizon + 1) for _ in range(3))]))
    return {
        "in_Campaign": rng.choice(names), "in_Source": rng.choice(["Log", "Transactions"]),
        "in_Margin": rng.choice([1, 1, *[rng.uniform(0.05, 1)] * 3, 0]),
        "in_M1": first, "in_M2": second, "in_M3": third,
        "in_Horizon": horizon,
        "in_Whose": rng.choice(["Its own, else the customer's last", "Only its own"]),
        "in_Until": rng.choice([None, None, some_day(rng, 900)]),
        "in_HourCost": rng.uniform(10, 60), "in_ContactCost": rng.uniform(0, 5),
        "in_Confidence": rng.choice([0.95, rng.uniform(0.5, 0.99)]), "in_Years": rng.uniform(1, 9),
        "in_Purchases": rng.uniform(1, 30), "in_AverageOrder": rng.uniform(1, 90),
    }  # fmt: skip
