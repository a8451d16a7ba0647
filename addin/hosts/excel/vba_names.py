"""What the parts of this host call each other, on both sides of the way from VBA to Python."""

from __future__ import annotations

from addin.catalogue import Param

TITLE = "Customer Value"
"""The ribbon's tab, the category of the functions, the title of messages."""
PROJECT = "customer_value"
"""The file name of the add-in without its ending, and of the configuration."""
ADD_IN = f"{PROJECT}.xlam"
XLWINGS_VERSION = "0.37.8"
"""The xlwings whose module is in our files, and whose DLL that module loads: no other will do."""

RESERVED = frozenset({
    "abs", "array", "ask", "cbool", "circle", "doevents", "inputb", "lbound", "lenb", "pset", "scale", "sgn", "spc",
    "tab", "ubound",
})  # fmt: skip
"""Words with a meaning of their own in VBA beyond its keywords, or in our modules;
an argument of that name would not compile."""


def vba_name(param: Param) -> str:
    """An argument's name as VBA accepts it."""
    return f"{param.name}_" if param.name.lower() in RESERVED else param.name
