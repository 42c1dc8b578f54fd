"""Atoms of time: patterns over token kinds. What each one means is `index.dates.meanings`.

An atom is one expression without operators: a date, a weekday, "last week", "three days ago". Joining them
("from … to", "since …") is `index.dates.reading`. The letters are those of `index.dates.words`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from index.dates import meanings
from index.dates.kept import feast, moon_day, moon_month
from index.dates.meanings import Clock, Meaning, Said
from index.dates.spans import Stretch
from index.dates.tokens import TELLING, Token


class Atom(NamedTuple):
    stop: int
    """Index of the token after it."""
    stretch: Stretch
    is_open: bool
    """The words leave the year or the week open, and the clock chose."""


def read_atom(tokens: list[Token], kinds: str, index: int, clock: Clock) -> Atom | None:
    """What the first rule that fits reads from token `index` on; none when nothing there is time."""
    if kinds[index] not in _STARTS or _LEADS_TO_TIME.match(kinds, index) is None:
        return None
    fits = _FIRST_THAT_FITS.match(kinds, index)
    if fits is None:
        return None
    for pattern, mean in _ALL_RULES[(fits.lastindex or 1) - 1 :]:
        match = pattern.match(kinds, index)
        if not match:
            continue
        meaning = mean(Said(match, tokens), clock)
        if meaning is not None:
            stretch, is_open = meaning
            return Atom(match.end(), stretch, is_open)
    return None


def next_that_may_begin(kinds: str, index: int) -> int:
    """From `index` on the first token that an atom, list or range, or "every", may begin at; their number when none.

    Before a kind that tells time none has two words or a verb.
    """
    match = _MAY_BEGIN.search(kinds, index)
    return match.start() if match is not None else len(kinds)


_MONTH = r"(?:ov?)?(?P<month>M)(?:/?M|\(M\))?"  # "تشرين الأول/أكتوبر", "نيسان أبريل", "شهر مارس", "mois de mars"
_YEAR = r"(?:[,-]?v?z?(?:y(?!a))?v?(?P<year>Y)|v?z?(?P<that_year>ly|yl|cy|yc|ny|yn)|(?P<near>[lnc])(?![Naqwjoyrk]))?"
_WEEKDAY = r"(?:(?:[tbe][iv]?z?)?c?(?:j?(?P<weekday>W)|Rj?W),?t?[,.]?(?:>z|[zi])?)?"
_COUNT = r"(?P<count>[Naq])"
_UNIT = r"(?P<unit>[jwoyrkX])"
# Not "cette année-là", and not "the last week of April".
_CALENDAR_UNIT = r"(?P<unit>[woyk])(?!-z|vz?(?:yv?)?[MYS])"
# "the second half", "النصف الثاني", "Q2", "le dernier trimestre"; "the first three months", "les dix premiers jours".
_SHARE = r"(?:(?P<number>[Nl])(?P<share>H)|(?P<share2>H)z?(?P<number2>[Nl]))"
_EDGE = r"(?:(?P<edge>[Nl])(?P<count>[Nlq])?(?P<unit>[jwo])|(?P<unit2>[jwo])(?P<count2>N)?(?P<edge2>[Nl]))v"
_PART = r"(?:(?P<part>[bme])[-,]?v?z?v?)?"

# Tried first; each needs a "D" or "L", a feast or a month of the moon.
_FEAST_RULES: list[tuple[re.Pattern[str], Callable[[Said, Clock], Meaning]]] = [
    (re.compile(pattern), mean)
    for pattern, mean in (
        (_WEEKDAY + r"j?(?P<day>N)v?z?o?v?(?P<month>L)(?P<year>x)", moon_day),
        (_WEEKDAY + r"j?(?P<day>N)v?z?o?v?(?P<month>L)", moon_day),
        (_PART + r"(?P<is_named>ov?)?(?P<month>L)(?P<year>x)", moon_month),
        (_PART + r"(?P<is_named>ov?)?(?P<month>L)", moon_month),
        (r"(?P<eve>E)z?(?P<feast>D)(?P<year>Y)?", feast),
        (r"(?:(?P<nth>N)(?:j|(?P<day_of>x)))?j?v?z?(?P<feast>D)v?(?P<year>Y)", feast),
        (r"(?:(?P<nth>N)(?:j|(?P<day_of>x)))?j?v?z?(?P<side>[lnc])?(?P<feast>D)", feast),
        (r"(?P<feast>D)(?P<side>[lnc])(?![Naqwjoyrk])", feast),
    )
]
# Tried in this order: a rule that reads more of the same words comes first.
_RULES: list[tuple[re.Pattern[str], Callable[[Said, Clock], Meaning]]] = [
    (re.compile(pattern), mean)
    for pattern, mean in (
        (_WEEKDAY + r"(?P<full>T)", meanings.numeric),
        (r"j?(?P<day>O)", meanings.day_by_number),
        (r"(?P<day>N)-(?P<month>M)-(?P<short_year>N)", meanings.full_day),
        (_WEEKDAY + r"(?P<day>N)-?v?z?" + _MONTH + _YEAR, meanings.full_day),
        (_WEEKDAY + r"(?P<month>M)-?,?z?(?P<day>N)(?![jwoyrk]|-[jwoyrk])" + _YEAR, meanings.full_day),
        (r"(?:[tbe][iv]?z?)?c?j?(?P<weekday>W),?z?(?P<day>N)(?![jwoyrkMHNlv:&-])", meanings.numbered_weekday),
        (_WEEKDAY + r"(?P<day>N)v?z?(?P<side>[lcn])(?P<unit>o)", meanings.day_of_this_month),
        (_WEEKDAY + r"(?P<day>N)v?z?(?P<unit>o)(?P<side>[lcn])", meanings.day_of_this_month),
        (r"w[vi]z?" + _WEEKDAY + r"(?P<day>N)v?z?" + _MONTH + _YEAR, meanings.week_of_day),
        (r"w[vi]z?(?P<month>M)z?(?P<day>N)" + _YEAR, meanings.week_of_day),
        (r"(?:(?P<number>N)w|lw|wl)v?z?" + _MONTH + _YEAR, meanings.ordinal_week),
        (r"(?P<number>[Nl])(?P<weekday>W)[vi]z?" + _MONTH + _YEAR, meanings.ordinal_weekday),
        (r"(?P<weekday>W)(?P<number>[Nl])[vi]z?" + _MONTH + _YEAR, meanings.ordinal_weekday),
        (r"(?P<unit>w)(?P<number>N)[v,]?z?(?:yv?)?(?P<year>Y)", meanings.numbered_week),
        (_SHARE + r"v?z?" + _MONTH + _YEAR, meanings.share),
        (_SHARE + r"v?z?(?:yv?)?(?P<year>Y)", meanings.share),
        (_SHARE + r"v?z?(?P<that_year>ly|yl|cy|yc|ny|yn|y)(?!Y)", meanings.share),
        (_SHARE + r"(?![vHN])", meanings.share),
        (_EDGE + r"z?" + _MONTH + _YEAR, meanings.edge),
        (_EDGE + r"z?(?:yv?)?(?P<year>Y)", meanings.edge),
        (_EDGE + r"z?(?P<that_year>ly|yl|cy|yc|ny|yn|y)(?!Y)", meanings.edge),
        (_PART + r"(?P<near>[lnc])(?P<month>M)(?!z?[NY])", meanings.period),
        (_PART + _MONTH + _YEAR, meanings.period),
        (_PART + r"(?P<season>S)v?z?y?v?(?P<year>Y)(?:[-/](?P<second_year>[YN]))?", meanings.period),
        (r"(?P<part>[bme])[-,]?v?z?(?:yv?)?(?P<year>Y)", meanings.period),
        (r"(?P<decade>Z)", meanings.decade),
        (r"(?P<unit>y)(?P<decade>N)", meanings.decade),
        (r"(?P<year>Y)[-/](?P<second_year>[YN])", meanings.two_years),
        (r"(?P<unit>y)(?P<year>Y)[-/](?P<second_year>[YN])", meanings.two_years),
        (r"(?P<unit>y)(?P<year>Y)", meanings.year_after_its_word),
        (r"(?P<side>[lnc])(?P<season>S)", meanings.season_near),
        (r"(?P<season>S)(?P<side>[lnc])", meanings.season_near),
        (r"(?:(?<=[iA]z)|(?<=>)|(?<=>z))(?P<season>S)", meanings.season_led),
        (r"(?P<weekday>W)t?(?P<side>)v?z?(?P<week>[lcn]w|w[lnc])", meanings.weekday),
        (r"[tbe]?v?j?(?P<side>[lnc])(?P<weekday>W)t?", meanings.weekday),
        (r"[tbe]?v?j?(?P<weekday>W)t?(?P<side>[lnc])(?![Naqjwoyrk])t?", meanings.weekday),
        (r"(?:[tbe]i?)?j?(?P<weekday>W)t?", meanings.weekday),
        (r"[tbej]?i?j?(?P<relative>R)(?P<side>l)?(?:t|,?j?(?P<weekday>W)(?!,?N)|\(W\))?", meanings.relative_day),
        (r"(?P<side>[cl])t(?!-z)", meanings.part_of_day),
        (r"t(?P<side>[cl])(?![jwoyrkNW])", meanings.part_of_day),
        (r"c(?P<unit>j)(?!-z)", meanings.this_day),
        (r"c?(?P<side>l)" + _COUNT + _UNIT, meanings.stretch_back),
        (r"c?" + _COUNT + "(?P<side>l)" + _UNIT, meanings.counted_last),
        (r"c?" + _UNIT + _COUNT + "?q?(?P<side>l)(?![jwoykMWNS])", meanings.stretch_back),
        (r"c?" + _COUNT + _UNIT + "(?P<side>l)(?![jwoykMWNS])", meanings.stretch_back),
        (r"A?z?c?(?P<side>n)" + _COUNT + "?" + _UNIT, meanings.stretch_ahead),
        (r"A?z?" + _COUNT + "(?P<side>n)" + _UNIT, meanings.stretch_ahead),
        (r"A?z?" + _UNIT + _COUNT + "?(?P<side>n)", meanings.stretch_ahead),
        (r"c?(?P<side>l)" + _UNIT, meanings.stretch_back),
        (r"(?P<rolling>c)(?P<side>l)" + _CALENDAR_UNIT, meanings.unit_near),
        (r"(?P<is_earlier>G)?" + _PART + r"(?P<rolling>z)?(?P<side>[lnc])" + _CALENDAR_UNIT, meanings.unit_near),
        (_PART + _CALENDAR_UNIT + r"(?P<side>[lnc])", meanings.unit_near),
        (r"G[iA]z(?P<unit>[woy])(?P<side>)", meanings.unit_near),
        (r"(?P<unit>k)", meanings.unit_near),
        (_COUNT + _UNIT + "G(?:(?P<day>R)|,?i?j?(?P<weekday>W))", meanings.day_of_units_ago),
        (r"Ix?v?z?" + _COUNT + _UNIT + "(?P<day>R)", meanings.day_of_units_ago),
        (_COUNT + _UNIT + "G", meanings.units_ago),
        (_UNIT + "G", meanings.units_ago),
        (r"Ix?v?z?" + _COUNT + _UNIT, meanings.units_ago),
        (r"[BJ]x?v?" + _COUNT + _UNIT + "(?!v)", meanings.units_ago),
        (r"[BJ](?P<unit>[jwoyX])(?P<count>q)?(?![vWNMYlnc])", meanings.units_ago),
        (r"s(?:xv|z)?" + _COUNT + _UNIT, meanings.for_so_long),
        (r"(?P<until>u)(?P<count>[Na])" + _UNIT, meanings.within_so_long),
        (r"(?P<lead>A)(?P<count>[Na])" + _UNIT, meanings.in_so_long),
        (r"(?P<lead>i)(?P<count>[Na])" + _UNIT, meanings.in_so_long),
        (r"(?P<part>[bme])v?z?" + _UNIT, meanings.part_of_this),
        (r"(?<=v)z?" + _UNIT + r"(?![vlncYN])", meanings.this_one),
        (r"(?P<year>Y)", meanings.bare_year),
    )
]
# What every rule needs, looked for first because most words begin none: a kind that tells time, and before it nothing
# but what the rules above let stand there, one "x" at most.
_LEADS_TO_TIME = re.compile(rf"[^xPF{TELLING}]*+x?[^xPF{TELLING}]*+[{TELLING}]")
_MAY_BEGIN = re.compile(rf"K|(?![x.PF]){_LEADS_TO_TIME.pattern}")
_STARTS = frozenset("TWRjNMwlSbmeZyctqanAGIBJsikoYrzXHuDELO")
_ALL_RULES = (*_FEAST_RULES, *_RULES)
# All rules in one, each a group without a name: which is the first to fit takes longest to find out one by one.
_FIRST_THAT_FITS = re.compile(
    "|".join(f"({re.sub(r'[(][?]P<[a-z_0-9]+>', '(?:', pattern.pattern)})" for pattern, _ in _ALL_RULES)
)
