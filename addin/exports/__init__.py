"""Exports of shops, payment services, surveys and lists of contacts: what each one's headings mean, a TOML file each.

An export is recognised by headings that it alone has. Files of no known export are read by `orders.toml`, which holds
the words that orders use everywhere.
"""

from __future__ import annotations

from addin.exports.declaration import Export, Movements, export_of_text, fits, found_in, plain, written
from addin.exports.recognition import GENERAL, known_exports, recognised, two_sided

__all__ = ["GENERAL", "Export", "Movements", "export_of_text", "fits", "found_in", "known_exports", "plain",
           "recognised", "two_sided", "written"]  # fmt: skip
