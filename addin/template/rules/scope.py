"""Sheets that some rules treat apart."""

EXAMPLES = ("Functions", "Metrics")
"""The sheets that are made of the add-in's functions."""
LIVE = (*EXAMPLES, "Campaigns")
"""The sheets that may call them."""
TESTS = ("Checks", "Functions")
"""The sheets whose formulas may hold any number: tests compare with one, examples are made of them."""
LEGEND = "Start"
"""The sheet that shows what an input looks like, without being one."""
