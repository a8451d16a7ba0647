"""The words of the template's tables: what may be picked in them, and what formulas look for."""

from __future__ import annotations

TYPES = ["Immediate sale", "Follow-up reorder", "New order", "Repeat order"]
FORMER_TYPES = {"Return order": "Repeat order"}
"""Types by the names that older books and files use."""
ORDER_SOURCES = ["Log", "Transactions"]
NO_CAMPAIGN = "No campaign"
"""What an order counts for that no campaign brought."""
WHOSE = ["Its own, else the customer's last", "Only its own"]
"""By which rule an order counts for a campaign."""
SCALES = ["0 to 10", "1 to 10"]
"""Not written 0-10 and 1-10: a spreadsheet turns a typed 1-10 into a date."""
BOTH_SCALES = "Both, pooled"
CHURNS = ["Last month", "Six months / 6", "All months"]
LEVELS = ["Telling others", "Giving feedback", "Buying again", "Just buying", "Just looking", "Total market"]
STAGES = ["Advocate", "Retain", "Develop", "Acquire", "Reach"]
"""Both from the top; a customer stands on the first for which there is evidence."""
CHANNELS = ["Ad campaign", "Search engine", "Social media", "E-mail", "Referral", "Unknown"]
TRACKED, REFERRAL, UNKNOWN = "tracked", "referral", "unknown"
CHANNEL_MARKS = (TRACKED, TRACKED, TRACKED, TRACKED, REFERRAL, UNKNOWN)
"""What each channel is; the mark stays with its channel when the channels are renamed or stand in another order."""
ACTIVE, GONE = "Active", "Lost"
YES, NO = "Yes", "No"
OK, CHECK, NO_DATA, ERROR = "OK", "CHECK", "no data", "ERROR"
"""What a line of Checks comes to."""
KINDS = ["Partner", "Sponsorship", "Association", "Agent"]
OUTCOMES = ["None", "Conversation", "Meeting", "Business"]
