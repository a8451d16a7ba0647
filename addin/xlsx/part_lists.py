"""The lists of a package's parts, once some of them are gone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

from addin.archive import TYPES
from addin.xlsx.package import Package, Part, relations_of
from addin.xlsx.scanner import attributes, element, plain_text

_OVERRIDE, _DEFAULT, _RELATION = element("Override"), element("Default"), element("Relationship")


def types_without(package: Package, gone: Collection[str], endings: Collection[str] = ()) -> bytes:
    """The list of content types without those of some parts, and of some endings."""
    names = {name.casefold() for name in gone}

    def part(found: re.Match[bytes]) -> bytes:
        named = plain_text(attributes(found[1]).get(b"PartName", b"")).lstrip("/").casefold()
        return b"" if named in names else found[0]

    def ending(found: re.Match[bytes]) -> bytes:
        return b"" if plain_text(attributes(found[1]).get(b"Extension", b"")).casefold() in endings else found[0]

    return _DEFAULT.sub(ending, _OVERRIDE.sub(part, package.xml(TYPES)))


def relations_without(package: Package, name: str, ids: Mapping[str, Collection[str]]) -> bytes:
    """A part of relations without some of them."""
    folder, file = posixpath.split(name)
    of = posixpath.join(posixpath.dirname(folder), file[: -len(".rels")]).casefold()
    gone = next((found for part, found in ids.items() if part.casefold() == of), ())

    def kept(found: re.Match[bytes]) -> bytes:
        return b"" if plain_text(attributes(found[1]).get(b"Id", b"")) in gone else found[0]

    return _RELATION.sub(kept, package.xml(name))


def without_order_of_formulas(package: Package) -> dict[str, Part]:
    """The parts without the list of formulas in their order, which Excel makes anew and must not be wrong."""
    chain = [name for name in package.parts if name.endswith("/calcChain.xml")]
    if not chain:
        return {}
    relations = relations_of(package.main_part)
    ids = {key for key, (_, part) in package.relations(package.main_part).items() if part in chain}
    return {
        **dict.fromkeys(chain),
        TYPES: types_without(package, chain),
        relations: relations_without(package, relations, {package.main_part: ids}),
    }
