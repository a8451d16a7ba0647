"""What a copy without personal data may hold: what the schema says of its columns, and what headings say of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, product

from addin.schema import SAMPLE_MARK, ColumnKind, OneOf, schemas
from addin.schema.preset_samples import RETAIL, SAMPLES, sample_rows
from addin.template.texts import languages, texts

PERSONAL_HEADING = re.compile(
    r"e-?mail|phone|mobile|\bcell\b|\bfax\b|birth|name|address|street|\bzip\b|post ?code|passport|\biban\b"
    r"|(?:tax|account|insurance|licen[cs]e|security) ?(?:id|no|nr|number)|\bssn\b|telefon|handy|geburt|geboren"
    r"|anschrift|adresse|stra(?:ß|ss)e|\bplz\b|ausweis|(?:steuer|konto|versicherungs?)-?(?:id|nr|nummer)"
    r"|t[eé]l[eé]phone|naissance|courriel|passeport|tel[eé]fono|m[oó]vil|nacimiento|correo"
    r"|direcci[oó]n|pasaporte|\bdni\b|sz[uü]let|c[ií]m\b|lakc[ií]m|ad[oó]sz[aá]m|\btaj\b|sz[aá]mlasz[aá]m|puhelin"
    r"|syntym|osoite|hetu|henkil|телефон|рожд|адрес|паспорт|\bинн\b|снилс|сч[её]т",
    re.IGNORECASE,
)
"""Above numbers: such as telephone numbers and days of birth, which are numbers in a cell and still name somebody."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What becomes of a column's texts, and of its numbers if they are no amounts."""

    stays: bool = False
    numbered: str = ""
    """The word that stands before their running number; where there is none, they are cleared."""


@cache
def handled_columns(table: str) -> dict[str, Handling]:
    """The typed columns of a table of the template that hold text, and what becomes of text that is not known."""
    schema = schemas().get(table)
    return {} if schema is None else {
        name: Handling(column.impersonal, column.numbered)
        for name, column in schema.typed.items()
        if column.kind in (ColumnKind.TEXT, ColumnKind.ANY)
    }  # fmt: skip


def our_tables() -> frozenset[str]:
    """The tables of the template."""
    return frozenset(schemas())


@cache
def our_words() -> frozenset[str]:
    """What the schema itself says in a book: headings, pick lists, and the marks of sample rows."""
    return frozenset(_words())


def _words() -> Iterator[str]:
    yield from ("yes", "no")
    for schema in schemas().values():
        yield from (schema.name, schema.sheet)
        mark = list(schema.typed).index(schema.sample_mark) if schema.sample_mark in schema.typed else None
        if mark is not None:
            editions = product(map(texts, languages()), (RETAIL, *SAMPLES))
            samples = (words.of_sample(sample_rows(schema, preset)) for words, preset in editions)
            rows = chain.from_iterable(map(schema.as_cells, samples))
            yield from (str(row[mark]) for row in rows if SAMPLE_MARK in str(row[mark]).casefold())
        for column in schema.columns:
            yield column.name
            if isinstance(column.rule, OneOf):
                yield from (*column.rule.former, *column.rule.former.values())
                yield from column.rule.items if not isinstance(column.rule.items, str) else ()


def pick_lists() -> frozenset[str]:
    """The names of the lists whose items stay: those that columns of impersonal text are chosen from."""
    return frozenset(
        column.rule.items
        for schema in schemas().values()
        for column in schema.columns
        if isinstance(column.rule, OneOf) and isinstance(column.rule.items, str) and not column.numbered
    )
