"""From an export to what the workbook shows: each file is loaded by one command, and pandas says what must come out."""

import io
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


def undone(path, before):
    """Whether Undo makes the file again what it was before the load."""
    return roc("undo", path).returncode == 0 and path.read_bytes() == before


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


def paypal():
    rows = frame("paypal", decimal=",")
    return rows.loc[(rows["Status"] == "Completed") & (rows["Balance Impact"] == "Credit"), "Gross"].sum()


def ledger():
    rows = frame("ledger_de", sep=";", skiprows=2, encoding="latin-1")
    paid = rows["Betrag"].str.replace(".", "").str.replace(",", ".").str.extract(r"([0-9.]+)")[0].astype(float)
    back = rows["Betrag"].str.contains(r"[-(]") | rows["Belegart"].isin(["Gutschrift", "Storno"])
    return paid.where(~back, -paid)[rows["Belegart"] != "Zahlung"].sum()


def analytics():
    rows = frame("woocommerce_analytics")
    return rows.loc[rows["Status"] != "refunded", "N. Revenue"].sum()


def lines():
    rows = frame("lines")
    return (rows["Quantity"] * rows["Price"]).sum()


def thorough(*values):
    return pytest.param(*values, marks=pytest.mark.thorough)


@pytest.mark.parametrize(("export", "options", "revenue"), [
    ("shopify", ["--where", "Currency=EUR"], shopify), thorough("stripe_payments", [], stripe),
    thorough("woocommerce", [], woocommerce), thorough("hubspot_deals", [], hubspot), thorough("lines", [], lines),
    thorough("paypal", [], paypal), thorough("ledger_de", [], ledger),
    thorough("woocommerce_analytics", [], analytics),
])  # fmt: skip
def test_an_order_export_comes_to_the_return(tmp_path, shown, export, options, revenue):
    plan = tmp_path / "plan.xlsm"
    assert roc("new", plan).returncode == 0
    before = plan.read_bytes()
    done = roc("load", plan, EXPORTS / f"{export}.csv", *options, *CAMPAIGN, "--yes")
    assert done.returncode == 0, done.stderr
    assert shown(plan, "out_Lead3") == pytest.approx(revenue() / shown(plan, "out_Budget"))
    assert undone(plan, before)


@pytest.mark.thorough
@pytest.mark.parametrize("export", ["google_forms", "surveymonkey", "typeform"])
def test_a_survey_export_comes_to_the_nps(path, shown, export):
    before = path.read_bytes()
    done = roc("load", path, EXPORTS / f"{export}.csv", "--yes")
    assert done.returncode == 0, done.stderr
    table = frame(export)
    texts = table[next(name for name in table if name.startswith("How likely"))]
    scores = texts.astype(str).str.extract(r"(\d+)")[0].dropna().astype(int)
    assert shown(path, "out_NPS") == pytest.approx(((scores >= 9).sum() - (scores <= 6).sum()) / len(scores) * 100)
    assert undone(path, before)


@pytest.mark.thorough
def test_subscriptions_come_to_churn(path, shown):
    before = path.read_bytes()
    done = roc("load", path, EXPORTS / "subscriptions.csv", "--yes")
    assert done.returncode == 0, done.stderr
    lost, at_start = 0 + 1 + 1, 0 + 2 + 3  # in January, February and March
    assert shown(path, "out_Churn") == pytest.approx(lost / at_start)
    assert undone(path, before)


@pytest.mark.thorough
def test_contacts_come_to_customers(path, rows_of):
    before = path.read_bytes()
    assert roc("load", path, EXPORTS / "mailchimp.csv", "--yes").returncode == 0
    assert [row["Customer"] for row in rows_of(path, "tblCustomers")] == frame("mailchimp")["Email Address"].tolist()
    assert undone(path, before)


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


def own_export():
    """What a newcomer has: a German shop's orders with a title, in Windows' letters."""
    lines = (
        f"B{number:03};{1 + number % 28:02}.{3 + number % 5:02}.2025;k{number % 40}@x.org;1.{100 + number},50;"
        f"{'Storniert' if number % 7 == 0 else 'Abgeschlossen'};{'5,00' if number % 11 == 1 else ''}"
        for number in range(60)
    )
    head = "Bestellnummer;Bestelldatum;E-Mail;Gesamtbetrag;Bestellstatus;Erstattet"
    return "\n".join(["Rosengarten Köln;Bestellungen", "", head, *lines]).encode("cp1252")


@pytest.mark.thorough
def test_the_commands_of_the_page_do_what_it_says(tmp_path):
    files = {"orders.csv": STALL.encode(), "stall.csv": STALL.encode(), "export.csv": own_export()}
    files |= {"meta.csv": b"Campaign name,Day,Amount spent (EUR)\nAutumn,2025-04-01,50\n"}
    files |= {"google.csv": b"Campaign,Day,Currency code,Cost\nBrand,2025-04-01,EUR,50\n"}
    files |= {f"{name}.csv": (EXPORTS / f"{own}.csv").read_bytes() for name, own in NAMED.items()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    page = (Path(__file__).parents[2] / "docs" / "own-data.md").read_text(encoding="utf-8")
    commands = [shlex.split(line)[1:] for line in re.findall(r"^ {4}(roc .+)$", page, re.MULTILINE)]
    assert len(commands) == 12
    said = []
    for command in commands:
        done = roc(*command, folder=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
        said.append(done.stdout)
    rows = pd.read_csv(io.BytesIO(own_export()), sep=";", skiprows=2, encoding="cp1252", decimal=",", thousands=".")
    kept = rows["Bestellstatus"] != "Storniert"
    sold = (rows["Gesamtbetrag"] - rows["Erstattet"].fillna(0))[kept].sum()
    assert f"{sold / 1500:.1%} so far, month 4" in said[3]
    assert (tmp_path / "rejected.csv").exists()


NAMED = {"shopify": "shopify", "ledger": "ledger_de"}
"""Files of the page to those of the tests."""
