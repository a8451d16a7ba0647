"""From an export to what the workbook shows: each file is loaded by one command, and pandas says what must come out."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from addin.files import template

EXPORTS = Path(__file__).parent / "exports"
CAMPAIGN = ["--map", "Campaign==C01", "--map", "Type==New order"]


def roc(*arguments, folder=None):
    """One command, as a user types it."""
    command = [sys.executable, "-m", "addin", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=250, check=False, stdin=subprocess.DEVNULL, cwd=folder
    )


def frame(name, **options):
    return pd.read_csv(EXPORTS / f"{name}.csv", **options)


def shopify():
    rows = frame("shopify").dropna(subset="Total")
    rows = rows[(rows["Currency"] == "EUR") & rows["Financial Status"].isin(["paid", "partially_refunded"])]
    rows = rows[rows["Cancelled at"].isna()]
    return (rows["Total"] - rows["Refunded Amount"]).sum()


def stripe():
    rows = frame("stripe_payments")
    rows = rows[(rows["Status"] == "Paid") & rows["Captured"]]
    return (rows["Amount"] - rows["Amount Refunded"]).sum()


def woocommerce():
    rows = frame("woocommerce").drop_duplicates("Order Number")
    rows = rows[rows["Order Status"].isin(["Completed", "Processing"])]
    return (rows["Order Total Amount"] - rows["Order Refund Amount"]).sum()


def hubspot():
    rows = frame("hubspot_deals")
    return rows.loc[rows["Deal Stage"] == "Closed won", "Amount"].sum()


def lines():
    rows = frame("lines")
    return (rows["Quantity"] * rows["Price"]).sum()


def thorough(*values):
    return pytest.param(*values, marks=pytest.mark.thorough)


@pytest.mark.parametrize(("export", "options", "revenue"), [
    ("shopify", ["--where", "Currency=EUR"], shopify), thorough("stripe_payments", [], stripe),
    thorough("woocommerce", [], woocommerce), thorough("hubspot_deals", [], hubspot), thorough("lines", [], lines),
])  # fmt: skip
def test_an_order_export_comes_to_the_return(path, shown, export, options, revenue):
    done = roc("load", path, EXPORTS / f"{export}.csv", *options, *CAMPAIGN, "--yes")
    assert done.returncode == 0, done.stderr
    assert shown(path, "out_FromOrders3") == pytest.approx(revenue() / shown(path, "out_Budget"))


@pytest.mark.thorough
@pytest.mark.parametrize("export", ["google_forms", "surveymonkey", "typeform"])
def test_a_survey_export_comes_to_the_nps(path, shown, export):
    done = roc("load", path, EXPORTS / f"{export}.csv", "--yes")
    assert done.returncode == 0, done.stderr
    table = frame(export)
    texts = table[next(name for name in table if name.startswith("How likely"))]
    scores = texts.astype(str).str.extract(r"(\d+)")[0].dropna().astype(int)
    assert shown(path, "out_NPS") == pytest.approx(((scores >= 9).sum() - (scores <= 6).sum()) / len(scores) * 100)


@pytest.mark.thorough
def test_subscriptions_come_to_churn(path, shown):
    done = roc("load", path, EXPORTS / "subscriptions.csv", "--yes")
    assert done.returncode == 0, done.stderr
    lost, at_start = 0 + 1 + 1, 0 + 2 + 3  # in January, February and March
    assert shown(path, "out_Churn") == pytest.approx(lost / at_start)


@pytest.mark.thorough
def test_contacts_come_to_customers(path, rows_of):
    assert roc("load", path, EXPORTS / "mailchimp.csv", "--yes").returncode == 0
    assert [row["Customer"] for row in rows_of(path, "tblCustomers")] == frame("mailchimp")["Email Address"].tolist()


def test_a_preview_changes_nothing_and_refuses_what_cannot_be_added_up(tmp_path):
    book = tmp_path / "plan.xlsm"
    book.write_bytes(template().read_bytes())
    refused = roc("load", book, EXPORTS / "shopify.csv", "--preview")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Total is in EUR (3) and USD (1)" in " ".join(refused.stderr.split())
    rejected = tmp_path / "rejected.csv"
    seen = roc("load", book, EXPORTS / "ledger_de.csv", "--preview", "--rejected", rejected)
    assert seen.returncode == 0, seen.stderr
    assert "1 Zahlung" in seen.stdout
    assert rejected.exists()
    assert book.read_bytes() == template().read_bytes()


STALL = "Order ID,Ordered on,Customer ID,Amount\n1,2025-03-05,A,10\n2,2025-03-06,B,20\n"


@pytest.mark.thorough
def test_the_commands_of_the_page_do_what_it_says(tmp_path):
    files = {"orders.csv": STALL.encode(), "stall.csv": STALL.encode()}
    files |= {f"{name}.csv": (EXPORTS / f"{own}.csv").read_bytes() for name, own in NAMED.items()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    page = (Path(__file__).parents[2] / "docs" / "own-data.md").read_text(encoding="utf-8")
    commands = [shlex.split(line)[1:] for line in re.findall(r"^ {4}(roc .+)$", page, re.MULTILINE)]
    assert len(commands) == 6
    for command in commands:
        done = roc(*command, folder=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
    assert (tmp_path / "rejected.csv").exists()


NAMED = {"shopify": "shopify", "ledger": "ledger_de"}
"""Files of the page to those of the tests."""
