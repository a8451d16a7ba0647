"""Names of months and their short forms: English, Spanish, German, Finnish, Hungarian and Russian."""

from __future__ import annotations

import unicodedata

_NAMES = """
january jan enero ene januar jän jänner tammikuu tammikuuta tammi január январь января янв
february feb febrero februar feber helmikuu helmikuuta helmi február febr февраль февраля фев
march mar marzo märz mär mrz maaliskuu maaliskuuta maalis március márc márciusa март марта мар
april apr abril abr huhtikuu huhtikuuta huhti április ápr апрель апреля апр
may mayo mai toukokuu toukokuuta touko május máj май мая
june jun junio juni kesäkuu kesäkuuta kesä június jún июнь июня июн
july jul julio juli heinäkuu heinäkuuta heinä július júl июль июля июл
august aug agosto ago elokuu elokuuta elo augusztus август августа авг
september sep sept septiembre setiembre set syyskuu syyskuuta syys szeptember szept сентябрь сентября сен сент
october oct octubre oktober okt lokakuu lokakuuta loka október октябрь октября окт
november nov noviembre marraskuu marraskuuta marras november ноябрь ноября ноя нояб
december dec diciembre dic dezember dez joulukuu joulukuuta joulu декабрь декабря дек
"""


def _bare(word: str) -> str:
    """A word without capitals and accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_MONTHS = {
    _bare(name): number for number, names in enumerate(_NAMES.strip().splitlines(), start=1) for name in names.split()
}


def month_named(word: str) -> int | None:
    """The number of the month that a word names; None where it names none."""
    return _MONTHS.get(_bare(word))
