"""The ribbon's functions under the name by which the macros of workbooks made by version 0.1 call them."""

from __future__ import annotations

from addin.hosts.excel.ribbon import *  # noqa: F403  # the same functions
