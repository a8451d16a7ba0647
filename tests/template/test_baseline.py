"""Would they have come anyway: what a campaign caused, beside statsmodels, pandas and a count by hand."""

import datetime as dt
import random
from statistics import NormalDist

import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from addin.template import baseline as block

Z = NormalDist().inv_cdf(0.975)


def type_campaign(book, row, values):
    sheet = book["d_Campaigns"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    for name, value in values.items():
        sheet.cell(row, heads[name]).value = value


def line(result, row, columns="HIJKL"):
    return [result[f"Campaigns!{column}{row}"] for column in columns]


@pytest.mark.thorough
@pytest.mark.parametrize("source", ["Log", "Transactions"])
def test_a_control_group_tells_what_the_campaign_caused(opened, calculate, set_input, source):
    """The florist's 330 of 20,000 who brought 12,750, beside 40 of 4,000 left alone who brought 1,400."""
    type_campaign(opened, 5, {"Control": 4_000, "ControlBuyers": 40, "ControlRevenue": 1_400})
    set_input(opened, "in_Source", source)
    result = calculate(opened)
    low, high = confint_proportions_2indep(330, 20_000, 40, 4_000, method="newcomb", compare="diff")
    assert line(result, block.PEOPLE, "HI") == [20_000, 4_000]
    assert line(result, block.BOUGHT) == pytest.approx([0.0165, 0.01, 0.0065, low, high], rel=1e-9)
    assert line(result, block.WON) == pytest.approx([330, 200, 130, low * 20_000, high * 20_000], rel=1e-9)
    assert line(result, block.BOUGHT, "MNO") == pytest.approx([0.0065, low, high], rel=1e-9)
    assert line(result, block.WON, "MNO") == pytest.approx([130, low * 20_000, high * 20_000], rel=1e-9)
    half = Z * (425 * 30**2 + 5**2 * 1_400 * 30) ** 0.5  # each order of 30 a chance of its own, five people for one
    caused = 12_750 - 7_000
    assert line(result, block.REVENUE) == pytest.approx([12_750, 7_000, caused, caused - half, caused + half])
    returns = [amount / 10_000 for amount in (caused, caused - half, caused + half)]
    assert line(result, block.ROC, "JKL") == pytest.approx(returns)
    assert line(result, block.NET, "JKL") == pytest.approx([each - 1 for each in returns])
    assert line(result, block.SHARE, "JM") == pytest.approx([130 / 330] * 2)
    assert line(result, block.REST, "JM") == pytest.approx([200 / 330] * 2)
    low, high = (round(each * 100, 1) for each in returns[1:])
    assert result["Start!B5"].endswith(f"127.5% in all; 57.5% beyond a control group ({low:g}% to {high:g}%).")


def test_with_a_margin_the_headline_compares_the_net_return(opened, calculate, set_input):
    type_campaign(opened, 5, {"Control": 4_000, "ControlBuyers": 40, "ControlRevenue": 1_400})
    set_input(opened, "in_Margin", 0.5)
    assert "; -71.3% beyond a control group (" in calculate(opened)["Start!B5"]  # 5,750 / 2 less 10,000


@pytest.mark.thorough
def test_a_like_period_is_as_long_as_the_campaign_and_less_what_came_beside_it(opened, calculate, set_input):
    """Orders of nobody's campaign, before it and while it ran, as pandas counts them."""
    rng = random.Random(7)
    sheet = opened["d_Transactions"]
    orders = []
    for row in range(5, 430):
        day = dt.datetime(2023, 6, 1) + dt.timedelta(days=rng.randrange(930))
        campaign = "C01" if rng.random() < 0.4 and day > dt.datetime(2025, 1, 2) else None
        price = rng.randrange(100, 9_000) / 100
        for column, value in zip("CDEFH", (day, f"K{row}", campaign, None, price), strict=True):
            sheet[f"{column}{row}"].value = value
        orders.append((day, campaign, price))
    type_campaign(opened, 5, {"LikeFrom": dt.datetime(2023, 7, 3)})
    set_input(opened, "in_Source", "Transactions")
    set_input(opened, "in_Until", dt.datetime(2025, 10, 31))
    result = calculate(opened)
    frame = pd.DataFrame(orders, columns=["day", "campaign", "price"])
    frame = frame[frame.day < "2025-11-01"]
    own = frame[frame.campaign == "C01"].price
    usual = frame[frame.campaign.isna()].set_index("day").sort_index().price
    like = usual["2023-07-03" : str(dt.date(2023, 7, 3) + (dt.date(2025, 10, 31) - dt.date(2025, 1, 2)))]
    beside = usual["2025-01-02":"2025-10-31"]
    base = like.sum() - beside.sum()
    assert line(result, block.REVENUE, "HIJ") == pytest.approx([own.sum(), base, own.sum() - base], rel=1e-9)
    half = Z * ((own**2).sum() / own.sum() * (own.sum() + like.sum() + beside.sum())) ** 0.5
    caused = own.sum() - base
    assert line(result, block.REVENUE, "KL") == pytest.approx([caused - half, caused + half], rel=1e-9)
    counts = [len(own), len(like) - len(beside), len(own) - len(like) + len(beside)]
    assert line(result, block.WON, "HIJ") == counts
    half = Z * (len(own) + len(like) + len(beside)) ** 0.5
    assert line(result, block.WON, "KL") == pytest.approx([counts[2] - half, counts[2] + half])
    assert "a like period" in result["Start!B5"]


def test_without_a_baseline_the_headline_says_so(as_shipped):
    assert as_shipped["Start!B5"].endswith("127.5% in all; not compared with a baseline.")
    assert line(as_shipped, block.REVENUE) == [12_750, "", "", "", ""]


@pytest.mark.thorough
def test_a_control_group_with_more_buyers_than_people_is_a_fault(opened, calculate):
    type_campaign(opened, 5, {"Control": 40, "ControlBuyers": 4_000, "ControlRevenue": 1_400})
    result = calculate(opened)
    outcome = {opened["Checks"][f"C{row}"].value: result[f"Checks!G{row}"] for row in range(6, 70)}
    assert outcome["No control group has more buyers than people"] == "CHECK"
