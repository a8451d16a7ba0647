"""Names of months and their short forms in twelve languages."""

from __future__ import annotations

import unicodedata

_NAMES = """
january jan enero ene januar jän jänner tammikuu tammikuuta tammi január январь января янв janvier janv
    gennaio gen janeiro januari styczeń stycznia sty
february feb febrero februar feber helmikuu helmikuuta helmi február febr февраль февраля фев février févr fév
    febbraio fevereiro fev februari luty lutego lut
march mar marzo märz mär mrz maaliskuu maaliskuuta maalis március márc márciusa март марта мар mars maart mrt
    março marzec marca
april apr abril abr huhtikuu huhtikuuta huhti április ápr апрель апреля апр avril avr aprile kwiecień kwietnia
    kwi
may mayo mai toukokuu toukokuuta touko május máj май мая maggio mag maio mei maj maja
june jun junio juni kesäkuu kesäkuuta kesä június jún июнь июня июн juin giugno giu junho czerwiec czerwca cze
july jul julio juli heinäkuu heinäkuuta heinä július júl июль июля июл juillet juil luglio lug julho lipiec
    lipca lip
august aug agosto ago elokuu elokuuta elo augusztus август августа авг août aout augustus augusti sierpień
    sierpnia sie
september sep sept septiembre setiembre set syyskuu syyskuuta syys szeptember szept сентябрь сентября сен сент
    septembre settembre setembro wrzesień wrzesnia września wrz
october oct octubre oktober okt lokakuu lokakuuta loka október октябрь октября окт octobre ottobre ott outubro
    out październik października paź
november nov noviembre marraskuu marraskuuta marras november ноябрь ноября ноя нояб novembre novembro listopad
    listopada lis
december dec diciembre dic dezember dez joulukuu joulukuuta joulu декабрь декабря дек décembre déc dicembre
    dezembro grudzień grudnia gru
"""


def _bare(word: str) -> str:
    """A word without capitals and accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_MONTHS = {
    _bare(name): number
    for number, names in enumerate(_NAMES.strip().replace("\n    ", " ").splitlines(), start=1)
    for name in names.split()
}


def month_named(word: str) -> int | None:
    """The number of the month that a word names; None where it names none."""
    return _MONTHS.get(_bare(word))
