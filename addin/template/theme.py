"""The look of the template: colours, and the kinds of cells every sheet is made of."""

from __future__ import annotations

from typing import Any, TypeAlias

from addin.schema import formats

Style: TypeAlias = dict[str, Any]
"""XlsxWriter format properties."""

FONT = "Arial"
"""Arial has a stand-in of the same width everywhere; Calibri and Aptos do not."""

NAVY = "#1F3A5F"
TEAL = "#1B7F79"
AMBER = "#D98E04"
AMBER_TEXT = "#8A5300"
BRICK = "#B4472E"
GREY = "#6B7280"
SKY = "#7FA6C9"
PURPLE = "#5B2A86"
INK = "#1F2933"
LINE = "#D5DAE1"
BAND = "#EAF0F6"
STRIPE = "#F4F6F9"
CREAM = "#FFF7DB"
BLUE = "#1F4E9E"
LINK_GREEN = "#1E6B3A"
PALE_GREEN = "#E3F3E6"
LILAC = "#F1EAFA"
STEEL = "#2F6FA8"
MIST = "#C9D1DA"
PALE_BLUES = ["#B8C4D2", "#93B3D0", "#5F93BF"]
HEAT = ["#FFFFFF", "#BFE0DC", "#6FBDB5"]
"""From none to many; the darkest still carries dark text."""
PALE_RED = "#F6D9CF"
PALE_TEAL = "#9CCFC9"
SLATE = "#4B5B70"
WHITE = "#FFFFFF"

AT_ONCE, RETURN, LATER, LOSS, NEUTRAL, PEOPLE = AMBER, TEAL, SKY, BRICK, MIST, STEEL
"""What colours mean in every chart: sold at once; what comes back or is worth it, in all; what comes later or is
expected; what is lost or speaks against; what is neither; and counts of people and orders."""
COMPARED = [NAVY, STEEL, SKY]
"""Campaigns side by side, the best the darkest."""
PEOPLE_RAMP = [STEEL, "#4F8ABB", PALE_BLUES[2], *reversed(PALE_BLUES)]
"""From few to many."""

TAB_LOOK, TAB_WORK, TAB_DATA = TEAL, AMBER, GREY
"""The three groups of sheets: what is read, what is worked with, the rows."""

_BOX = {"border": 1, "border_color": LINE}
_LEFT = {"align": "left", "indent": 1}
_RIGHT = {"align": "right", "num_format": formats.ANY}

LABEL: Style = {**_LEFT}
STRONG: Style = {"bold": True, **_LEFT}
UNIT: Style = {"font_color": GREY, "font_size": 9, **_LEFT}
NOTE: Style = {"font_color": GREY, "font_size": 9, **_LEFT}
CODE: Style = {"font_color": SLATE, "font_size": 9, "quote_prefix": True, **_LEFT}
LINK: Style = {"font_color": BLUE, "underline": 1, **_LEFT}
INPUT: Style = {"font_color": BLUE, "bg_color": CREAM, "locked": False, **_BOX, **_RIGHT}
CALC: Style = {"bottom": 7, "bottom_color": LINE, **_RIGHT}
NOT_RULED: Style = {"bottom": 0}
"""A row that may stay empty shows no line; `Sheet.ruled` draws it for the others."""
LINKED: Style = {**CALC, "font_color": LINK_GREEN}
_LINES = {"top": 1, "top_color": LINE, "bottom": 1, "bottom_color": LINE}
RESULT: Style = {"bold": True, "bg_color": BAND, **_LINES, **_RIGHT}
FUNCTION: Style = {"font_color": PURPLE, "bg_color": LILAC, **_BOX, **_RIGHT}
SAVED: Style = {"font_color": GREY, "locked": False, **_RIGHT}
TYPED: Style = {"font_color": BLUE, "locked": False, **_RIGHT}
FILLED: Style = {**_RIGHT}

TITLE: Style = {"bold": True, "font_size": 16, "font_color": WHITE, "bg_color": NAVY}
FLAG: Style = {"bold": True, "font_color": WHITE, "bg_color": NAVY, **_LEFT}
QUESTION: Style = {"bg_color": BAND}
BANNER: Style = {"bold": True, "font_color": AMBER_TEXT, **_LEFT}
BLOCK: Style = {"bold": True, "font_size": 11, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY}
HEADER_NUMBER: Style = {"bold": True, "font_size": 9, "font_color": WHITE, "bg_color": NAVY, **_RIGHT}
HEADER: Style = {**HEADER_NUMBER, "text_wrap": True}
CALCULATED_HEAD: Style = {"bg_color": SLATE}

_TILE: Style = {"bg_color": STRIPE, "left": 5, "left_color": NAVY, **_LEFT}
TILE_LABEL: Style = {**_TILE, "bold": True, "font_color": SLATE}
TILE_VALUE: Style = {**_TILE, "bold": True, "font_size": 22, "font_color": NAVY}
TILE_NOTE: Style = {**_TILE, "font_size": 8, "font_color": SLATE}
EMPHASIS: Style = {"bg_color": TEAL, "left_color": TEAL, "font_color": WHITE}

EXAMPLE: Style = {"italic": True, "font_color": AMBER_TEXT}
"""An input of the user's that still holds what the template came with."""
MARK: Style = {**EXAMPLE, "font_size": 9, **_LEFT}

LEFT: Style = {**_LEFT, "num_format": "General"}
CENTRE: Style = {"align": "center", "indent": 0, "num_format": "General"}
