"""Reports of advertising platforms, and what a book makes of them."""

from datetime import date

from addin.actions.load import load, preview
from addin.values import serial

META = """
Campaign name,Ad set name,Day,Reach,Impressions,Amount spent (EUR),Results,Reporting starts,Reporting ends
,,,2100,9000,301.50,12,2026-09-01,2026-09-02
Spring,Women,2026-09-01,1000,2000,100.25,3,2026-09-01,2026-09-01
Spring,Men,2026-09-01,900,2000,50.25,3,2026-09-01,2026-09-01
Spring,Men,2026-09-02,800,2000,101,3,2026-09-02,2026-09-02
Autumn,All,2026-09-02,777,2000,50,3,2026-09-02,2026-09-02
Paused,All,2026-09-02,0,0,0,,2026-09-02,2026-09-02
"""
META_DE = """
Kampagnenname;Tag;Reichweite;Impressionen;Ausgegebener Betrag (EUR);Berichtsstart;Berichtsende
Frühling;01.09.2026;1000;2.000;1.234,50;01.09.2026;01.09.2026
Frühling;02.09.2026;900;2.000;99,90;02.09.2026;02.09.2026
"""
GOOGLE = """
Campaign report
"September 1, 2026 - September 30, 2026"
Campaign status,Campaign,Campaign ID,Budget,Currency code,Impr.,Clicks,Cost
Enabled,Brand,21456789012,50.00,EUR,"40,000",900,"1,234.50"
Enabled,Shopping: all,21456789013,75.00,EUR,"12,000",80,99.95
Paused,Old,21456789014,10.00,EUR,--,--,--
Total: Campaigns,--,--,--,EUR,"52,000",980,"1,334.45"
Total: Account,--,--,--,EUR,"52,000",980,"1,334.45"
"""
GOOGLE_DE = """
Kampagnenbericht
"1. September 2026 - 2. September 2026"
Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks
2026-09-01,Dach,EUR,"1.234,56","12.345",120
2026-09-02,Dach,EUR,"99,90",900,9
Gesamt: Konto,--,EUR,"1.334,46","13.245",129
"""
DAY = date(2026, 9, 1)


def day(text):
    return float(serial(date.fromisoformat(text)))


def by_day(*rows, columns="Day,Campaign name,Amount spent (EUR)"):
    return "\n".join([f"{columns},Reach", *(f"{row},100" for row in rows)])


def campaigns(book):
    """What each campaign of the book cost."""
    return {row["Campaign"]: row["Budget"] for row in book.rows("tblCampaigns")}


def loaded(book, *paths, **options):
    plan = preview(book, list(paths), **options)
    load(book, plan)
    return plan
