"""Calendar arithmetic on half-open stretches of days. Knows no words and no text."""

from datetime import date
from typing import Literal, NamedTuple

Grain = Literal["day", "week", "month", "season", "year", "span"]
Part = Literal["early", "mid", "late"]
Unit = Literal["hour", "day", "week", "weekend", "month", "year", "decade"]


class Stretch(NamedTuple):
    start: date
    end: date
    """The day after the last."""
    grain: Grain


_MONTHS = {"month": 1, "year": 12, "decade": 120}
VAGUE = {"hour": 1, "day": 7, "week": 4, "month": 3, "year": 3, "weekend": 1, "decade": 3}
"""What "recent days", "the past few weeks" is taken to mean."""


def one_day(day: date) -> Stretch:
    return Stretch(day, shifted(day, 1), "day")


def week_of(day: date) -> Stretch:
    """Monday to Sunday."""
    monday = shifted(day, -day.weekday())
    return Stretch(monday, shifted(monday, 7), "week")


def weekend_of(day: date) -> Stretch:
    """Saturday and Sunday of the week of `day`, in every language: sources of several countries are read together."""
    saturday = shifted(day, 5 - day.weekday())
    return Stretch(saturday, shifted(saturday, 2), "span")


def month_of(year: int, month: int) -> Stretch:
    first = date(year, month, 1)
    return Stretch(first, add_months(first, 1), "month")


def year_of(year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year + 1, 1, 1), "year")


def season_of(season: int, year: int) -> Stretch:
    """0 spring (March to May) … 3 winter, of the northern half of the earth; a winter has the year of its January."""
    first = date(year - 1, 12, 1) if season == 3 else date(year, 3 + 3 * season, 1)
    return Stretch(first, add_months(first, 3), "season")


def part_of(stretch: Stretch, part: Part) -> Stretch:
    """Early, mid, late: a third. Of a month the days 1-10, 11-20, 21 to the end; of a year four months each."""
    if stretch.grain == "month":
        cuts = [stretch.start, shifted(stretch.start, 10), shifted(stretch.start, 20), stretch.end]
    elif stretch.grain == "year":
        cuts = [stretch.start, add_months(stretch.start, 4), add_months(stretch.start, 8), stretch.end]
    elif stretch.grain == "season":
        cuts = [add_months(stretch.start, months) for months in (0, 1, 2, 3)]
    else:
        days = (stretch.end - stretch.start).days
        cuts = [shifted(stretch.start, round(days * third / 3)) for third in (0, 1, 2, 3)]
    index = ("early", "mid", "late").index(part)
    if cuts[index] >= cuts[index + 1]:
        return stretch
    return Stretch(cuts[index], cuts[index + 1], "span")


def back_from(day: date, count: int, unit: Unit) -> Stretch:
    """The last `count` units, `day` being the last of them; hours reach back over midnight."""
    end = shifted(day, 1)
    return Stretch(_before(end, count, unit) if unit != "hour" else shifted(day, -max(1, -(-count // 24))), end, "span")


def ahead_of(day: date, count: int, unit: Unit) -> Stretch:
    """The next `count` units, beginning the day after `day`."""
    start = shifted(day, 1)
    days = {"hour": max(1, -(-count // 24)), "day": count, "week": 7 * count, "weekend": 7 * count}.get(unit)
    return Stretch(start, shifted(start, days) if days else add_months(start, count * _MONTHS[unit]), "span")


def ago(day: date, count: int, unit: Unit) -> Stretch:
    """The day, week, month or year `count` units before (negative: after) that of `day`, in its own grain."""
    if unit == "hour":
        return one_day(shifted(day, -(count // 24) if count > 0 else -count // 24))
    if unit in ("week", "weekend"):
        then = shifted(day, -7 * count)
        return week_of(then) if unit == "week" else weekend_of(then)
    if unit == "month":
        then = add_months(day.replace(day=1), -count)
        return month_of(then.year, then.month)
    if unit in ("year", "decade"):
        return year_of(max(1, day.year - count * (10 if unit == "decade" else 1)))
    return one_day(shifted(day, -count))


def some_time_ago(day: date, unit: Unit) -> Stretch | None:
    """For "a few days ago", "weeks ago"; none for years, which say nothing."""
    if unit == "hour":
        return one_day(day)
    if unit == "day":
        return Stretch(shifted(day, -7), day, "span")
    if unit == "week":
        return Stretch(shifted(day, -42), shifted(day, -7), "span")
    return Stretch(add_months(day, -6), add_months(day, -1), "span") if unit == "month" else None


def this_unit(day: date, unit: Unit) -> Stretch:
    """The whole day, week, month or year that holds `day`."""
    return ago(day, 0, unit)


def _before(day: date, count: int, unit: Unit) -> date:
    if unit in _MONTHS:
        return add_months(day, -count * _MONTHS[unit])
    return shifted(day, -count * (7 if unit in ("week", "weekend") else 1))


def shifted(day: date, days: int) -> date:
    """`day` and so many days more, held inside what `date` can say."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month when it is shorter."""
    index = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
