"""The functions of Excel that the engine is trusted with: each gives Excel's values in the battery of the tests.

A function stands here with its arguments, one letter each; what follows ``+`` may be repeated.

    v  one value                               V  values: a cell, a range, or an array
    t  one value, read as text                 T  values, read as text
    n  one value, read as a number             N  values, read as numbers
    d  one value, read as a date               D  values, read as dates
    c  a criterion: one value                  a  one value; in an array formula also a range or an array
    E  values that are calculated element by element in a plain formula too
    L  cells or an array written out, nothing calculated
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Result(Enum):
    """What a function gives, as far as trust depends on it."""

    WHOLE = auto()
    """A whole number."""
    NUMBER = auto()
    """A number that may need more than the 15 digits that Excel keeps in texts and comparisons."""
    ARGUMENT = auto()
    """One of its arguments."""
    OTHER = auto()
    """A text, a logical value, an error, or what a cell holds."""
    ARRAY = auto()
    """Perhaps more than one value."""


@dataclass(frozen=True, slots=True)
class Signature:
    """How a trusted function may be called, and what it gives."""

    arguments: str
    repeated: str
    result: Result

    def kinds(self, count: int) -> str | None:
        """The kinds of so many arguments, or None where the function is not trusted with so many."""
        kinds = self.arguments
        if self.repeated:
            kinds += self.repeated * -(-max(count - len(kinds), 0) // len(self.repeated))
        return kinds[:count] if count <= len(kinds) else None


_FUNCTIONS: Final = {
    Result.WHOLE: """
        LEN(t) FIND(ttv) SEARCH(ttv) CODE(t) UNICODE(t) ROW(v) ROWS(V) COLUMN(v) COLUMNS(V)
        MATCH(vVv) XMATCH(vVvv) COUNT(+V) COUNTA(+V) COUNTBLANK(V) COUNTIF(Vc) COUNTIFS(+Vc)
        INT(v) SIGN(v) EVEN(v) ODD(v) QUOTIENT(vv) GCD(+v) LCM(+v) FACTDOUBLE(v) MULTINOMIAL(+v) RANDBETWEEN(vv)
        DATE(vvv) YEAR(d) MONTH(d) DAY(d) HOUR(d) MINUTE(d) SECOND(d) WEEKDAY(dd) WEEKNUM(dd)
        ISOWEEKNUM(d) EDATE(dd) EOMONTH(dd) DAYS(dd) DAYS360(ddd) DATEDIF(ddd) TODAY()
        NETWORKDAYS(ddD) NETWORKDAYS.INTL(ddvD) WORKDAY(ddD) WORKDAY.INTL(ddvD)
        DELTA(vv) GESTEP(vv) BITAND(vv) BITOR(vv) BITXOR(vv) ERROR.TYPE(v) TYPE(v)
        """,
    Result.NUMBER: """
        SUM(+N) AVERAGE(+N) AVERAGEA(+V) PRODUCT(+N) SUMSQ(+V) SUMPRODUCT(+E) SUMIF(VcV) SUMIFS(V+Vc)
        AVERAGEIF(VcV) AVERAGEIFS(V+Vc) SUBTOTAL(v+V) AGGREGATE(vv+V)
        SUMX2MY2(VV) SUMX2PY2(VV) SUMXMY2(VV)
        SQRT(v) EXP(v) LN(v) LOG(vv) LOG10(v) POWER(vv) MOD(vv) FACT(v) COMBIN(vv) COMBINA(vv) PERMUT(vv) PI() SQRTPI(v)
        RADIANS(v) DEGREES(v) SIN(v) COS(v) TAN(v) ASIN(v) ACOS(v) ATAN(v) ATAN2(vv)
        SINH(v) COSH(v) TANH(v) ASINH(v) ACOSH(v) ATANH(v)
        VALUE(n) NUMBERVALUE(ttt) N(v) DATEVALUE(t) TIMEVALUE(t) TIME(vvv) YEARFRAC(ddd) NOW() RAND()
        MEDIAN(+V) STDEV(+V) STDEV.S(+V) STDEV.P(+V) STDEVP(+V) VAR(+V) VAR.S(+V) VAR.P(+V) VARP(+V)
        AVEDEV(+V) DEVSQ(+V) GEOMEAN(+V) HARMEAN(+V) SKEW(+V) KURT(+V) TRIMMEAN(Vv)
        PERCENTILE(Vv) PERCENTILE.INC(Vv) PERCENTILE.EXC(Vv) QUARTILE(Vv) QUARTILE.INC(Vv) QUARTILE.EXC(Vv)
        PERCENTRANK(Vvv) PERCENTRANK.INC(Vvv) PERCENTRANK.EXC(Vvv) RANK(vVv) RANK.EQ(vVv) RANK.AVG(vVv)
        CORREL(EE) RSQ(EE) SLOPE(EE) INTERCEPT(EE) COVARIANCE.S(VV) COVARIANCE.P(VV) FORECAST(vVV)
        FORECAST.LINEAR(vVV) STANDARDIZE(vvv) PEARSON(VV) STEYX(VV)
        T.TEST(VVvv) TTEST(VVvv) F.TEST(VV) Z.TEST(Vv) CHISQ.TEST(VV) CHITEST(VV)
        NORM.DIST(vvvv) NORMDIST(vvvv) NORM.INV(vvv) NORMINV(vvv) NORM.S.DIST(vv) NORMSDIST(v) NORM.S.INV(v)
        NORMSINV(v) PHI(v) GAUSS(v) ERF(vv) ERFC(v) CONFIDENCE(vvv) CONFIDENCE.NORM(vvv) CONFIDENCE.T(vvv)
        T.DIST(vvv) T.DIST.RT(vv) T.DIST.2T(vv) TDIST(vvv) T.INV(vv) T.INV.2T(vv) TINV(vv)
        CHISQ.DIST(vvv) CHISQ.DIST.RT(vv) CHIDIST(vv) CHISQ.INV(vv) CHISQ.INV.RT(vv) CHIINV(vv)
        F.DIST(vvvv) F.DIST.RT(vvv) FDIST(vvv) F.INV(vvv) F.INV.RT(vvv) FINV(vvv)
        BINOM.DIST(vvvv) BINOMDIST(vvvv) BINOM.INV(vvv) CRITBINOM(vvv) NEGBINOM.DIST(vvvv) HYPGEOM.DIST(vvvvv)
        POISSON.DIST(vvv) POISSON(vvv) EXPON.DIST(vvv) EXPONDIST(vvv) WEIBULL.DIST(vvvv) WEIBULL(vvvv)
        LOGNORM.DIST(vvvv) LOGNORM.INV(vvv) GAMMA(v) GAMMALN(v) GAMMA.DIST(vvvv) GAMMA.INV(vvv)
        BETA.DIST(vvvvvv) BETADIST(vvvvv) BETA.INV(vvvvv) BETAINV(vvvvv) FISHER(v) FISHERINV(v)
        PV(vvvvv) FV(vvvvv) PMT(vvvvv) IPMT(vvvv) PPMT(vvvv) NPER(vvvvv) RATE(vvvvvv) NPV(v+V) XNPV(vVV)
        IRR(Vv) XIRR(VVv) MIRR(Vvv) CUMIPMT(vvvvvv) CUMPRINC(vvvvvv) EFFECT(vv) NOMINAL(vv) SLN(vvv) SYD(vvvv)
        DB(vvvvv) DDB(vvvvv) RRI(vvv) PDURATION(vvv)
        """,
    Result.ARGUMENT: "IF(aVV) IFERROR(aV) IFNA(aV) CHOOSE(v+V) MAX(+N) MIN(+N) ABS(v)",
    Result.OTHER: """
        IFS(+vv) SWITCH(vvv+v) AND(+V) OR(+V) XOR(+V) NOT(v) TRUE() FALSE() NA()
        ISBLANK(v) ISERR(v) ISERROR(v) ISEVEN(v) ISODD(v) ISLOGICAL(v) ISNA(v) ISNUMBER(v) ISTEXT(v) ISNONTEXT(v)
        EXACT(tt)
        INDEX(Evv) VLOOKUP(vVvv) HLOOKUP(vVvv) LOOKUP(vLL) XLOOKUP(vEEvvv) OFFSET(Vvvvv) INDIRECT(v)
        ADDRESS(vvvvt) HYPERLINK(tv)
        MAXA(+V) MINA(+V) MAXIFS(V+Vc) MINIFS(V+Vc) LARGE(Vv) SMALL(Vv)
        ROUND(vv) ROUNDUP(vv) ROUNDDOWN(vv) TRUNC(vv) MROUND(vv) CEILING(vv) FLOOR(vv)
        CEILING.MATH(vv) FLOOR.MATH(vv) CEILING.PRECISE(vv) FLOOR.PRECISE(vv) ISO.CEILING(vv)
        LEFT(tv) RIGHT(tv) MID(tvv) SUBSTITUTE(tttv) REPLACE(tvvt) REPT(tv) TRIM(t) CLEAN(t) UPPER(t) LOWER(t)
        CHAR(v) UNICHAR(v) T(v) TEXT(vv) FIXED(vvv) DOLLAR(vv) CONCATENATE(+t) CONCAT(+T) TEXTJOIN(tv+T)
        TEXTBEFORE(tt) TEXTAFTER(tt)
        DEC2BIN(v) DEC2OCT(v) DEC2HEX(v)
        LET(+E)
        """,
    Result.ARRAY: """
        FILTER(EEv) SORT(Evv) SORTBY(EEv) SEQUENCE(vvvv) TRANSPOSE(E) FREQUENCY(EE) LINEST(EEvv)
        TREND(EEE) GROWTH(EEE) VSTACK(+V) HSTACK(+V) TAKE(Vv) DROP(Vv) TOCOL(V) TOROW(V)
        CHOOSECOLS(V+v) CHOOSEROWS(V+v) TEXTSPLIT(tt)
        """,
}

PROVEN: Final = {
    name: Signature(arguments, repeated, result)
    for result, functions in _FUNCTIONS.items()
    for name, arguments, repeated in re.findall(r"([A-Z][A-Z0-9.]*)\((\w*)\+?(\w*)\)", functions)
}
