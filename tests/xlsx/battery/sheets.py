"""The cells that the formulas of the battery read."""

from typing import Final

SHEETS: Final[dict[str, tuple[tuple[object, ...], ...]]] = {
    "Orders": (
        (
            "Id",
            "Customer",
            "Channel",
            "Day",
            "Amount",
            "Score",
            "Mixed",
            "Paid",
            "Errors",
            "Texts",
            "Codes",
            "Numerals",
        ),
        (1, "Ann", "Email", 46023, 120.5, 10, "x", True, 1, '=""', "A-1", "1"),
        (2, "Bob", "Search", 46037, 80, 9, 5, False, "#N/A", None, "A-2", 1),
        (3, "ann", "email", 46054, 45.25, None, "5", True, "#DIV/0!", "a", "B*1", "01"),
        (2, "Cy", "Direct", 46082, 200, 6, None, False, 4, "  two  words ", "B?2", "1.0"),
        (5, "Dee*", "E?mail", 46112, -30, 0, True, True, None, None, "~C", 2),
        (5, "Eve", "Search", 46113, 80, 8, 0, False, None, None, "B-1", "x"),
        (),
        (1, 2, 3),
    ),
    "Prices": (
        (0, "none", None, 0, 50, 100, None, 100, None, 1),
        (10, "bronze", None, "low", "mid", "high", None, 50, None, 2),
        (50, "silver", None, None, None, None, None, 10, None, "=SUBTOTAL(9,J1:J2)"),
        (100, "gold", None, None, None, None, None, 0),
        (500, "platinum"),
    ),
    "Sales": (("Region", "Units", "Net price"), ("North", 3, 10), ("South", 5, 20), ("East", 2, 7.5)),
    "Month 1": ((1,), (10,), (100,)),
    "Month 2": ((2,), (20,), (200,)),
    "Month 3": ((3,), (30,), (300,)),
}

HIDDEN_ROW: Final = ("Month 2", 2)

NAMES: Final = {"amounts": "Orders!$E$2:$E$7", "uplift": "0.1", "first_amount": "Orders!$E$2"}
