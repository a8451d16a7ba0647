"""Formulas that read other books, servers or programs, or run something: in cells, names, rules and charts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from addin.our_calls import without_prefixes
from addin.values import LONGEST_FORMULA
from addin.xlsx.package import Package, children
from addin.xlsx.scanner import plain_text

OTHER_BOOK = re.compile(r"(?<![\w\]\[.])\[[^\[\]]+\](?=[^\[\]]*!)")
"""As in [1]Sheet1!A1 and 'C:\\folder\\[book.xlsx]Sheet1'!A1; a column of a table, such as t[2024], is none."""
NAMED_BOOK = re.compile(r"\[[^\[\]]*\.(?:xl\w*|ods|csv)\]|\.xl\w+'?\]?'?!", re.IGNORECASE)
"""As in [book.xlsx]Sheet1!A1 and book.xlsx!name, in texts as well, from which INDIRECT reads them."""
SERVERS = re.compile(
    r"(?<![\w.])(?:_xl\w+\.)*(?:WEBSERVICE|IMAGE|RTD|STOCKHISTORY|TRANSLATE|DETECTLANGUAGE|COPILOT|PY|CUBE[A-Z]+)"
    r"\s*[(,)]",
    re.IGNORECASE,
)
"""Functions that ask a server, called or handed over to another, as in MAP(A1,WEBSERVICE)."""
COMMANDS = re.compile(
    r"(?<![\w.])(?:DDE|SQL\.REQUEST|CALL|REGISTER(?:\.ID)?|UNREGISTER|EVALUATE|EXEC|EXECUTE|RUN|INITIATE|REQUEST|POKE"
    r"|TERMINATE|SEND\.KEYS|OPEN|FOPEN|FREAD\w*|FWRITE\w*|FILES|FILE\.DELETE|DIRECTORY|DOCUMENTS|LINKS|OPEN\.LINKS"
    r"|CHANGE\.LINK|ALERT|HALT|GOTO|FORMULA|APP\.\w+|ON\.\w+|GET\.[A-Z.]+)\s*\(",
    re.IGNORECASE,
)
"""Calls of programs, libraries and the commands of Excel 4.0."""
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_FORMULAS = re.compile(rb""">([^<]+)<|\sval\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RUNS = ("function", "xlm", "vbProcedure", "macro")
_RUNS_BY_ITSELF = re.compile(r"(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outward:
    """Tells which formulas of a book read elsewhere."""

    sheets: Collection[str]
    gone: Collection[str]
    """Sheets of macros, without which what reads them means nothing."""
    names: frozenset[str] = frozenset()
    """The names, in lower case, that read elsewhere or run something."""

    @classmethod
    def of(cls, package: Package, gone: Collection[str]) -> Outward:
        """Of a book that loses some sheets, with the names that read elsewhere by way of other names."""
        sheets = package.sheets.keys() - gone
        texts: dict[str, list[str]] = {}
        found: set[str] = set()
        for name in children(package.workbook, "definedNames"):
            called = name.get("name", "").casefold()
            texts.setdefault(called, []).append(name.text or "")
            runs = any(name.get(attribute) in ("1", "true") for attribute in _RUNS)
            if runs or _RUNS_BY_ITSELF.match(called):
                found.add(called)
        while True:
            outward = cls(sheets, gone, frozenset(found))
            more = {name for name in texts.keys() - found if any(map(outward.reads, texts[name]))}
            if not more:
                return outward
            found |= more

    def reads(self, formula: str) -> bool:
        """Whether a formula reads elsewhere; one that is longer than any that Excel takes may."""
        if len(formula) > LONGEST_FORMULA:
            return True
        formula = without_prefixes(formula)
        bare = _TEXT.sub("", formula)
        return (
            OTHER_BOOK.search(bare) is not None
            or NAMED_BOOK.search(formula) is not None
            or SERVERS.search(bare) is not None
            or COMMANDS.search(bare) is not None
            or self._names_a_file(bare)
            or any(_names_sheet(bare, sheet) for sheet in self.gone)
            or bool(self.names and self.names & {word.casefold() for word in re.findall(r"[\w.\\?]+", bare)})
        )

    def _names_a_file(self, bare: str) -> bool:
        """Whether it names a path, or a program (DDE) as in =program|topic!item, where a sheet would be named."""
        quoted = {match[1].replace("''", "'") for match in _QUOTED.finditer(bare)}
        return "|" in _QUOTED.sub("", bare) or any(set("|/\\") & set(name) for name in quoted - set(self.sheets))

    def in_markup(self, xml: bytes) -> bool:
        """Whether a formula somewhere in an element reads elsewhere."""
        return any(self.reads(plain_text(b"".join(texts))) for texts in _FORMULAS.findall(xml))


def _names_sheet(formula: str, sheet: str) -> bool:
    quoted = re.escape(sheet.replace("'", "''"))
    return re.search(rf"(?<![\w.])(?:{re.escape(sheet)}|{quoted}')!", formula, re.IGNORECASE) is not None
