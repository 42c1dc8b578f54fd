"""Feast days and the months of the moon: which days "Christmas", "lundi de Pâques", "15 رمضان" were. Knows no words.

When a month of the moon begins differs from country to country by a day. So a day of it, or a feast, is given with the
day before and after.
"""

import math
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from index.dates.spans import Stretch, shifted

_MOON_DAYS = 29.530588861
_LATEST_NEW_MOON = 13 / 24


class _Feast(NamedTuple):
    first_in: Callable[[int], date]
    """Its first day in a year of its calendar."""
    days: int
    is_of_moon: bool


def _fixed(month: int, day: int, days: int = 1) -> _Feast:
    def first_in(year: int) -> date:
        return date(year, month, day)

    return _Feast(first_in, days, False)


def _from_easter(offset: int) -> _Feast:
    def first_in(year: int) -> date:
        return shifted(easter(year), offset)

    return _Feast(first_in, 1, False)


def _of_moon(month: int, day: int, days: int) -> _Feast:
    def first_in(year: int) -> date:
        return moon_day(year, month, day)

    return _Feast(first_in, days, True)


_FEASTS: dict[str, _Feast] = {
    "christmas": _fixed(12, 25),
    "christmas eve": _fixed(12, 24),
    "boxing day": _fixed(12, 26),
    "new year": _fixed(1, 1),
    "new year's eve": _fixed(12, 31),
    "bastille day": _fixed(7, 14),
    "assumption": _fixed(8, 15),
    "all saints": _fixed(11, 1),
    "nowruz": _fixed(3, 20, 2),
    "easter": _from_easter(0),
    "easter monday": _from_easter(1),
    "good friday": _from_easter(-2),
    "palm sunday": _from_easter(-7),
    "ash wednesday": _from_easter(-46),
    "ascension": _from_easter(39),
    "pentecost": _from_easter(49),
    "whit monday": _from_easter(50),
    "eid al-fitr": _of_moon(10, 1, 3),
    "eid al-adha": _of_moon(12, 10, 4),
    "moon new year": _of_moon(1, 1, 1),
    "ashura": _of_moon(1, 10, 1),
    "mawlid": _of_moon(3, 12, 1),
}
NAMES = tuple(_FEASTS)
"""A word for a feast has its number in this list as its value."""


def easter(year: int) -> date:
    """Easter Sunday of the western churches (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def moon_day(year: int, month: int, day: int) -> date:
    """A day of the Hijri calendar as of Umm al-Qura: a month begins the day after a new moon of the early afternoon,
    Greenwich time, or before, else a day later."""
    new_moon = _new_moon(12 * (year - 1420) + month - 10)
    return date.fromordinal(math.floor(new_moon + 1 - _LATEST_NEW_MOON) + day)


def moon_month(year: int, month: int) -> tuple[date, date]:
    """First day, and the day after the last."""
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    return moon_day(year, month, 1), moon_day(*after, 1)


def moon_years_near(today: date) -> range:
    year = round(1420 + (today.toordinal() - _new_moon(0)) / (12 * _MOON_DAYS))
    return range(year - 2, year + 3)


def _new_moon(number: int) -> float:
    """When the moon was new, in days of `date.toordinal` and parts of them, Greenwich; number 0 is of January 2000.

    Meeus, Astronomical Algorithms, chapter 49, without the terms that move it by less than five minutes.
    """
    sun, moon, node = (
        math.radians(start + step * number)
        for start, step in ((2.5534, 29.1053567), (201.5643, 385.81693528), (160.7108, 390.67050284))
    )
    return (
        730125.59766
        + _MOON_DAYS * number
        - 0.4072 * math.sin(moon)
        + 0.17241 * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * node)
        + 0.00739 * math.sin(moon - sun)
        - 0.00514 * math.sin(moon + sun)
        + 0.00208 * math.sin(2 * sun)
    )


def feast_in(number: int, year: int, nth: int | None, *, is_eve: bool) -> Stretch:
    """The feast, its eve, or its nth day, in a year of the common calendar or, for a feast of the moon, of its own."""
    feast = _FEASTS[NAMES[number]]
    first = feast.first_in(year)
    if is_eve:
        return with_doubt(shifted(first, -1), 1, feast.is_of_moon)
    if nth is not None:
        return with_doubt(shifted(first, nth - 1), 1, feast.is_of_moon)
    return with_doubt(first, feast.days, feast.is_of_moon)


def years_of(number: int, today: date) -> range:
    """The years in which the feast last was and next will be."""
    return moon_years_near(today) if is_of_moon(number) else range(today.year - 2, today.year + 3)


def is_of_moon(number: int) -> bool:
    return _FEASTS[NAMES[number]].is_of_moon


def with_doubt(first: date, days: int, is_of_moon: bool) -> Stretch:
    """`days` from `first` on, for the moon's calendar with a day more on either side."""
    doubt = 1 if is_of_moon else 0
    grain = "day" if days + 2 * doubt == 1 else "span"
    return Stretch(shifted(first, -doubt), shifted(first, days + doubt), grain)
