"""A package written anew: parts under names of this program's own, with their types and relations."""

from __future__ import annotations

import io
import zipfile

from addin.archive import TYPES
from addin.xlsx.impersonal.markup import HEAD
from addin.xlsx.package import ZIP_DATE, relations_of

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = {
    "officeDocument": f"{_SHEET_ML}.sheet.main+xml", "worksheet": f"{_SHEET_ML}.worksheet+xml",
    "styles": f"{_SHEET_ML}.styles+xml", "table": f"{_SHEET_ML}.table+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}  # fmt: skip
"""The kinds of relations by which a part may come into the package, and its content type."""


class NewPackage:
    """Parts that are put together."""

    def __init__(self) -> None:
        self._parts: dict[str, str | bytes] = {}
        self._types: dict[str, str] = {}
        self._relations: dict[str, list[tuple[str, str]]] = {}

    def add(self, name: str, content: str | bytes, kind: str, of: str) -> str:
        """Add a part; gives the id by which another part refers to it."""
        self._parts[name] = content
        self._types[name] = CONTENT_TYPES[kind]
        return self.relation(of, kind, f"/{name}")

    def relation(self, of: str, kind: str, target: str) -> str:
        """The id by which a part refers to another."""
        said = self._relations.setdefault(of, [])
        if (kind, target) not in said:
            said.append((kind, target))
        return f"rId{said.index((kind, target)) + 1}"

    def count(self, folder: str) -> int:
        """How many parts there are in a folder."""
        return sum(name.startswith(folder) for name in self._parts)

    def data(self) -> bytes:
        """The file."""
        overrides = "".join(f'<Override PartName="/{n}" ContentType="{kind}"/>' for n, kind in self._types.items())
        parts: dict[str, str | bytes] = {
            TYPES: f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
        }
        for part, said in self._relations.items():
            inside = "".join(
                f'<Relationship Id="rId{n}" Type="{KIND}/{kind}" Target="{target}"/>'
                for n, (kind, target) in enumerate(said, 1)
            )
            parts[relations_of(part)] = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            for name, content in (parts | self._parts).items():
                out.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()
