"""Whether the first row of a range is its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from addin.catalogue import ONE_CELL, Kind, Metric
from addin.month_names import month_named
from addin.scores import number_in

_LETTER = re.compile(r"[^\W\d_]")
_AMOUNT = re.compile(
    r"(?:[A-Z]{3}|[^\w\s]{1,3})?\s*[-+(]?[0-9][0-9.,'’\s]*[)]?\s*(?:[A-Za-z]{1,3}|[^\w\s]{1,3})?", re.IGNORECASE
)
"""A number with its currency or unit, which somebody typed as text."""
_DAY = re.compile(r"[0-9].*|.*[0-9]", re.DOTALL)

NOUNS = frozenset(
    """
    customer customers client clients user users buyer buyers account member subscriber name names email mail id ids
    answer answers source sources channel channels referral referrals
    cliente clientes nombre correo usuario respuesta respuestas fuente origen canal
    kunde kunden kundin kundennummer kundennr kundenname nutzer antwort antworten quelle herkunft kanal
    nom utilisateur courriel reponse reponses origine
    vevo vevok ugyfel ugyfelek ugyfelszam ugyfelazonosito vasarlo vasarlok azonosito nev valasz valaszok forras csatorna
    asiakas asiakkaat asiakasnumero asiakastunnus nimi sahkoposti kayttaja vastaus vastaukset lahde kanava
    клиент клиента клиенты покупатель покупателя имя почта ответ ответы источник канал
""".split()
)
"""What columns of names, ids and answers are called, in the languages of the guides; without case and accents."""
BESIDE = frozenset(
    """
    no n nr number num code address of the list e at start end de del la du le numero codigo nummer adresse id
    szam kod numero tunnus номер код идентификатор адрес
""".split()
)
"""What may stand beside such a word."""
_QUESTION_WORDS = 4
_PLAIN = str.maketrans("áàâäãåéèêëíìîïóòôöõőúùûüűñçё", "aaaaaaeeeeiiiioooooouuuuunce")


def headings(metric: Metric, raw: Sequence[object]) -> dict[int, str]:
    """The headings that first rows of arguments hold, by the argument's position.

    Above numbers and dates any text is a heading that could not itself be a value, unless a range of the same
    height has a value in its first row, with which it would pair. Where a function takes nothing but text, a heading is
    a word that columns of text are called by.
    """
    found: dict[int, str] = {}
    heights_of_values = set()
    for index, (param, cells) in enumerate(zip(metric.params, raw, strict=False)):
        if not isinstance(cells, (list, tuple)) or len(cells) < 2 or param.kind in ONE_CELL:
            continue
        first = cells[0] if isinstance(cells[0], (list, tuple)) else ()
        texts = [cell for cell in first if cell is not None and cell != ""]
        if texts and all(isinstance(t, str) and _is_heading(t.strip(), param.kind, metric) for t in texts):
            found[index] = str(texts[0]).strip()
        elif texts and param.kind is not Kind.LABELS:
            heights_of_values.add(len(cells))
    return {index: text for index, text in found.items() if len(raw[index]) not in heights_of_values}  # type: ignore[arg-type]  # a range


def _is_heading(text: str, kind: Kind, metric: Metric) -> bool:
    if kind is Kind.LABELS:
        return metric.takes_text_alone and _names_a_column(text)
    if not _LETTER.search(text):
        return False
    if kind is Kind.DATES:
        return not _may_be_a_day(text)
    if kind is Kind.FLAGS:
        return text.lower() not in ("true", "false", "yes", "no")
    return not _AMOUNT.fullmatch(text) and not (kind is Kind.SCORES and number_in(text) is not None)


def _may_be_a_day(text: str) -> bool:
    """Whether text begins or ends in a digit, and has a second number or a month, as 5 January and 1.2.2026 have."""
    return bool(_DAY.fullmatch(text)) and (
        len(re.findall("[0-9]+", text)) > 1 or any(map(month_named, re.findall(r"[^\W\d_]+", text)))
    )


def _names_a_column(text: str) -> bool:
    """Whether text is what a column of text is called, or the question that its answers are to."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().translate(_PLAIN))
    if text.endswith("?") and len(words) >= _QUESTION_WORDS:
        return True
    return any(word in NOUNS for word in words) and all(word in NOUNS | BESIDE for word in words)


def without_heading(raw: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    """The range with blanks in place of its heading, so that columns still pair up and rows keep their numbers."""
    return [(None,) * len(raw[0]), *raw[1:]]
