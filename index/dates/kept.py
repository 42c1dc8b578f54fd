"""What is said of feasts and of months of the moon, against a clock: which of the years is meant.

`index.dates.feasts` knows when they are; the rest of the grammar has its meanings in `index.dates.meanings`.
"""

from collections.abc import Sequence
from datetime import date

from index.dates import feasts
from index.dates.meanings import Clock, Meaning, Said
from index.dates.spans import Part, Stretch, part_of, shifted
from index.dates.words import DAY_OF

_SOON_DAYS = 14
"""How far ahead a feast may lie without words that say so: the shops are open for it."""
_RAMADAN = 9
"""The month that is told without the word "month"; the others' names are words and names as well."""
_MOON_YEARS = range(1300, 1600)
_PARTS: dict[str, Part] = {"b": "early", "m": "mid", "e": "late"}
_LEADS = frozenset("ivzsuJCfBghd>&nlcAK")
"""What stands before it then: people bear its name too, "Tariq Ramadan", "رمضان عبد الله"."""


def feast(said: Said, clock: Clock) -> Meaning:
    """For "Christmas Day", "la veille de l'Aïd", "أول أيام عيد الفطر"."""
    if said.value("day_of") not in (None, DAY_OF):
        return None
    number, year = said.value("feast") or 0, said.value("year")
    nth = said.value("nth") or (1 if "j" in said.match.group() and feasts.is_of_moon(number) else None)
    is_eve = bool(said.kinds("eve"))
    if year is not None and not feasts.is_of_moon(number):
        return feasts.feast_in(number, year, nth, is_eve=is_eve), False
    every = [
        feasts.feast_in(number, each, nth, is_eve=is_eve) for each in feasts.years_of(number, _within(clock, year))
    ]
    if year is not None:
        return next(((one, False) for one in every if one.start.year == year), None)
    return _nearest(every, said.kinds("side"), clock), False


def moon_day(said: Said, clock: Clock) -> Meaning:
    """For "15 رمضان 1445", "the 10th of Muharram"."""
    month, day = said.value("month") or 1, said.value("day") or 0
    years = _moon_years(said, clock)
    if years is None or not 1 <= day <= 30:
        return None
    every = [feasts.with_doubt(feasts.moon_day(year, month, day), 1, True) for year in years]
    return _nearest(every, "", clock), False


def moon_month(said: Said, clock: Clock) -> Meaning:
    """For "ramadan", "the start of Ramadan", "شهر شعبان 1445"."""
    before = said.match.string[: said.match.start()]
    part, years = said.kinds("part")[:1], _moon_years(said, clock)
    is_told = said.kinds("is_named") or said.value("year") is not None
    is_sure = said.value("month") == _RAMADAN and (part or before[-1:] in _LEADS)
    if years is None or not (is_told or is_sure):
        return None
    spans = [feasts.moon_month(year, said.value("month") or 1) for year in years]
    every = [Stretch(shifted(start, -1), shifted(end, 1), "month") for start, end in spans]
    whole = _nearest(every, "", clock)
    return (part_of(whole, _PARTS[part]) if part else whole), False


def _moon_years(said: Said, clock: Clock) -> Sequence[int] | None:
    """The year said, or those near; none when the word behind is no year."""
    year = said.value("year")
    if year is None:
        return feasts.moon_years_near(clock.today)
    return (year,) if year in _MOON_YEARS else None


def _within(clock: Clock, year: int | None) -> date:
    return clock.today if year is None else date(year, 7, 1)


def _nearest(every: Sequence[Stretch], side: str, clock: Clock) -> Stretch:
    if len(every) == 1:
        return every[0]
    if side == "n" or (clock.is_future and side != "l"):
        return next(one for one in every if one.end > clock.today)
    latest = clock.today if side == "l" or clock.is_question else shifted(clock.today, _SOON_DAYS)
    return [one for one in every if one.start <= latest][-1]
