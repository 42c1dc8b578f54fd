"""What each rule of the grammar means: the days, against a clock. Knows no patterns.

One function for one kind of expression; each takes what was said and returns the stretch and whether the clock had to
choose a year or a week for it, or nothing when the words turn out not to speak of time.
"""

import re
from datetime import date
from typing import NamedTuple

from index.dates.spans import (
    VAGUE,
    Stretch,
    Unit,
    add_months,
    ago,
    ahead_of,
    back_from,
    month_of,
    one_day,
    part_of,
    season_of,
    shifted,
    some_time_ago,
    this_unit,
    week_of,
    weekend_of,
    year_of,
)
from index.dates.tokens import Token
from index.dates.words import AT, IN, LATER, MANY, OVERNIGHT, PLURAL, ROLLING, SINGULAR, WITHIN


class Clock(NamedTuple):
    """Against what a phrase is read."""

    today: date
    is_future: bool = False
    """The clause speaks of what is to come: an unmarked Friday is the next one."""
    near_days: int = 60
    """How far ahead of today a date without a year may lie without words that say so."""
    takes_bare_year: bool = False
    """A preposition before it has made a four-digit number a year."""
    is_question: bool = False


class Said(NamedTuple):
    """A match, with the values of its tokens."""

    match: re.Match[str]
    tokens: list[Token]

    def value(self, group: str) -> int | None:
        """Value of the first token of `group`; none when the group is absent."""
        place = self.match.start(group) if group in self.match.re.groupindex else -1
        return self.tokens[place].value if place >= 0 else None

    def kinds(self, group: str) -> str:
        return (self.match.groupdict().get(group) or "").strip()


Meaning = tuple[Stretch, bool] | None

UNITS: dict[str, Unit] = {
    "j": "day",
    "w": "week",
    "o": "month",
    "y": "year",
    "r": "hour",
    "k": "weekend",
    "X": "decade",
}
_PARTS = {"b": "early", "m": "mid", "e": "late"}


def numeric(said: Said, _clock: Clock) -> Meaning:
    return one_day(date.fromordinal(said.value("full") or 1)), False


def full_day(said: Said, clock: Clock) -> Meaning:
    day, month = said.value("day") or 0, said.value("month") or 0
    if (short := said.value("short_year")) is not None:
        exact = _valid(2000 + short, month, day) if short < 100 else None
        return (one_day(exact), False) if exact else None
    if not said.value("year") and _is_count_after_month(said):
        return None
    year = _year_said(said, clock)
    if year is not None:
        exact = _valid(year, month, day)
        return (one_day(exact), False) if exact else None
    near = said.kinds("near")
    chosen = _choose_day(clock, month, day, said.value("weekday"), near)
    return (one_day(chosen), not near) if chosen else None


def _is_count_after_month(said: Said) -> bool:
    """As in "In October 8 people": English "in" stands before a month, "on" before a day."""
    match, tokens = said
    start = match.start()
    is_in = start > 0 and tokens[start - 1].kind == "i" and tokens[start - 1].value == IN
    return is_in and tokens[start].kind == "M" and match.string[match.end() : match.end() + 1] == "x"


def numbered_weekday(said: Said, clock: Clock) -> Meaning:
    """For "Monday the 6th", "jeudi 9": the nearest day of that number, within six weeks, that is such a weekday."""
    near = (shifted(clock.today, ahead) for distance in range(43) for ahead in (-distance, distance))
    asked = said.value("weekday"), said.value("day")
    exact = next((day for day in near if (day.weekday(), day.day) == asked), None)
    return (one_day(exact), True) if exact else None


def ordinal_weekday(said: Said, clock: Clock) -> Meaning:
    """For "the first Monday of May", "le dernier vendredi d'avril"."""
    whole = _whole_period(said, clock)
    if whole is None:
        return None
    month, is_open = whole
    days = [shifted(month.start, step) for step in range((month.end - month.start).days)]
    such = [day for day in days if day.weekday() == said.value("weekday")]
    number = len(such) if said.kinds("number") == "l" else said.value("number") or 0
    return (one_day(such[number - 1]), is_open) if 1 <= number <= len(such) else None


def day_of_this_month(said: Said, clock: Clock) -> Meaning:
    if said.value("unit") == PLURAL or said.value("side") == MANY:  # "the five months past"
        return None
    month = ago(clock.today, _steps(said.kinds("side")), "month").start
    exact = _valid(month.year, month.month, said.value("day") or 0)
    return (one_day(exact), False) if exact else None


def day_by_number(said: Said, clock: Clock) -> Meaning:
    """For "on the 15th", "le 15", "يوم 15": the last such day, or the next in a clause about the future."""
    months = [add_months(clock.today.replace(day=1), step) for step in (-2, -1, 0, 1, 2)]
    days = [day for month in months if (day := _valid(month.year, month.month, said.value("day") or 0))]
    if clock.is_future:
        return one_day(next(day for day in days if day >= clock.today)), True
    return one_day([day for day in days if day <= clock.today][-1]), True


def period(said: Said, clock: Clock) -> Meaning:
    """A month, year or season, whole or its early, middle or late part."""
    part = said.kinds("part")[:1]
    whole = _whole_period(said, clock)
    if whole is None:
        return None
    stretch, is_open = whole
    return (part_of(stretch, _PARTS[part]) if part else stretch), is_open  # type: ignore[arg-type]  # three known letters


def _whole_period(said: Said, clock: Clock) -> Meaning:
    month, season, year = said.value("month"), said.value("season"), _year_said(said, clock)
    if month is not None:
        if year is not None:
            return month_of(year, month), False
        near = said.kinds("near")
        return _choose_month(clock, month, near), not near
    if season is not None:
        if said.value("second_year") is not None and year is not None:
            return season_of(season, year + 1), False
        return (season_of(season, year), False) if year is not None else None
    return (year_of(year), False) if year is not None else None


def season_near(said: Said, clock: Clock) -> Meaning:
    season, side = said.value("season") or 0, said.kinds("side")
    seasons = [season_of(season, clock.today.year + step) for step in (-1, 0, 1, 2)]
    if side == "n" or (not side and clock.is_future):
        return next(found for found in seasons if found.start > clock.today), False
    if side == "l":
        return [found for found in seasons if found.end <= clock.today][-1], False
    ahead = 60 if side == "c" else 0
    return [found for found in seasons if found.start <= shifted(clock.today, ahead)][-1], not side


def season_led(said: Said, clock: Clock) -> Meaning:
    """For "in the spring", "au printemps", "à l'été"; but "to spring" and "to fall" are verbs."""
    before = said.match.string[: said.match.start()].rstrip("z")
    is_verb = before[-1:] == ">" and said.tokens[len(before) - 1].value != AT
    return None if is_verb else season_near(said, clock)


def numbered_week(said: Said, _clock: Clock) -> Meaning:
    """For "week 32 of 2021", as ISO 8601 and epidemiologists outside America count; from Monday to Sunday."""
    number, year = said.value("number") or 0, said.value("year") or 1
    if said.value("unit") == PLURAL or not 1 <= number <= date(year, 12, 28).isocalendar().week:
        return None
    return week_of(date.fromisocalendar(year, number, 1)), False


def ordinal_week(said: Said, clock: Clock) -> Meaning:
    """For "the first week of July": seven days counted from the first of the month."""
    whole = _whole_period(said, clock)
    if whole is None or whole[0].grain != "month":
        return None
    month, number = whole[0], said.value("number")
    if number is None:
        return Stretch(shifted(month.end, -7), month.end, "week"), whole[1]
    start = shifted(month.start, 7 * (number - 1))
    return (Stretch(start, min(shifted(start, 7), month.end), "week"), whole[1]) if start < month.end else None


def share(said: Said, clock: Clock) -> Meaning:
    """For "the second half of May", "the last quarter of 2023"; "the first quarter" without more is the latest."""
    shares = said.value("share") or said.value("share2") or 0
    is_last = "l" in (said.kinds("number"), said.kinds("number2"))
    number = shares if is_last else said.value("number") or said.value("number2") or 0
    whole = _whole_period(said, clock)
    if whole is None:
        return _quarter_near(clock, 0 if is_last else number) if shares == 4 else None
    stretch, is_open = whole
    if not 1 <= number <= shares:
        return None
    if stretch.grain == "year":
        start, end = (add_months(stretch.start, 12 // shares * step) for step in (number - 1, number))
        return Stretch(start, end, "span"), is_open
    middle = shifted(stretch.start, 15)
    halves = Stretch(stretch.start, middle, "span"), Stretch(middle, stretch.end, "span")
    return (halves[number - 1], is_open) if shares == 2 else None


def _quarter_near(clock: Clock, number: int) -> Meaning:
    """Quarter 1 to 4 of the running year, or of the last when it has not begun; 0: the one before the running."""
    if number > 4:
        return None
    first_month = 3 * number - 2 if number else clock.today.month - (clock.today.month - 1) % 3
    start = date(clock.today.year, first_month, 1)
    if not number:
        start = add_months(start, -3)
    elif start > clock.today and not clock.is_future:
        start = add_months(start, -12)
    return Stretch(start, add_months(start, 3), "span"), True


def edge(said: Said, clock: Clock) -> Meaning:
    """For "the first three months of 2024", "les derniers jours de mai", "الأيام الأولى من العام"."""
    whole = _whole_period(said, clock)
    if whole is None:
        return None
    stretch, is_open = whole
    groups = ("edge", "count", "count2", "edge2")
    numbers = [said.value(group) or 0 for group in groups if said.kinds(group) == "N"]
    is_last = "l" in [said.kinds(group) for group in groups]
    if not is_last and 1 not in numbers:  # "the second week of July" is counted elsewhere
        return None
    if not is_last:
        numbers.remove(1)
    unit = UNITS[said.kinds("unit") or said.kinds("unit2")]
    is_many = PLURAL in (said.value("unit"), said.value("unit2")) or said.value("edge") == MANY
    count = numbers[0] if numbers else VAGUE[unit] if is_many else 1
    if is_last:
        first = back_from(shifted(stretch.end, -1), count, unit).start
        return Stretch(max(stretch.start, first), stretch.end, "span"), is_open
    end = ahead_of(shifted(stretch.start, -1), count, unit).end
    return Stretch(stretch.start, min(stretch.end, end), "span"), is_open


def week_of_day(said: Said, clock: Clock) -> Meaning:
    found = full_day(said, clock)
    return (week_of(found[0].start), found[1]) if found else None


def year_after_its_word(said: Said, clock: Clock) -> Meaning:
    """For "l'année 2014", "عام 2014"; in the plural a decade: "les années 1980"."""
    return decade(said, clock) if said.value("unit") == PLURAL else (year_of(said.value("year") or 1), False)


def this_day(said: Said, clock: Clock) -> Meaning:
    return (one_day(clock.today), False) if said.value("unit") != PLURAL else None


def two_years(said: Said, _clock: Clock) -> Meaning:
    """For "2023-24", "2023/2024": both years."""
    year, second = said.value("year") or 0, said.value("second_year") or 0
    if second not in (year + 1, (year + 1) % 100):
        return None
    return Stretch(date(year, 1, 1), date(year + 2, 1, 1), "span"), False


def decade(said: Said, _clock: Clock) -> Meaning:
    year = said.value("decade") or said.value("year") or 0
    if said.kinds("unit") and year < 100:  # "les années 90"
        year = 1900 + year if said.value("unit") == PLURAL and year >= 20 else 1
    if year % 10:
        return None
    return Stretch(date(year, 1, 1), date(year + 10, 1, 1), "span"), False


def relative_day(said: Said, clock: Clock) -> Meaning:
    offset = said.value("relative") or 0
    weekday = said.value("weekday")
    if offset == OVERNIGHT and weekday is not None:  # "overnight Wednesday": from that day into the next
        day = shifted(clock.today, -((clock.today.weekday() - weekday) % 7))
        return Stretch(day, shifted(day, 2), "span"), False
    if offset == OVERNIGHT:
        return Stretch(shifted(clock.today, -1), shifted(clock.today, 1), "span"), False
    is_last_night = said.kinds("side") == "l" and offset == 0
    return one_day(shifted(clock.today, -1 if is_last_night else offset)), False


def part_of_day(said: Said, clock: Clock) -> Meaning:
    """For "this morning", "last night", "cette nuit"."""
    return one_day(shifted(clock.today, -_steps(said.kinds("side")))), False


def weekday(said: Said, clock: Clock) -> Meaning:
    weekday, side, week = said.value("weekday") or 0, said.kinds("side"), said.kinds("week")
    if week:
        side_of_week = next((letter for letter in week if letter in "lnc"), "c")
        return one_day(shifted(week_of(ago(clock.today, _steps(side_of_week), "week").start).start, weekday)), False
    ahead = (weekday - clock.today.weekday()) % 7
    if side == "n":
        return one_day(shifted(clock.today, ahead or 7)), False
    if side == "l":
        return one_day(shifted(clock.today, ahead - 7)), False
    return one_day(shifted(clock.today, ahead if clock.is_future or ahead == 0 else ahead - 7)), not side


def unit_near(said: Said, clock: Clock) -> Meaning:
    """Of the calendar: "last week", "cette année", "الشهر المقبل"; counted back: "the past week"."""
    unit_kind, side = said.kinds("unit"), said.kinds("side")
    unit = UNITS[unit_kind]
    part = said.kinds("part")[:1]
    if said.value("unit") == PLURAL or unit in ("hour", "day"):
        return None
    is_rolling = side == "l" and (said.value("side") == ROLLING or bool(said.kinds("rolling")))
    if is_rolling and not part:
        return back_from(clock.today, 1, unit), False
    if unit == "weekend":
        return _weekend(side, clock), False
    whole = ago(clock.today, _steps(side), unit)
    if part and said.kinds("is_earlier") != "G":
        return part_of(whole, _PARTS[part]), False  # type: ignore[arg-type]  # three known letters
    if said.value("side") == LATER and shifted(clock.today, 1) < whole.end:
        return Stretch(shifted(clock.today, 1), whole.end, "span"), False
    if side in ("c", "") and not part and not clock.is_future:
        return Stretch(whole.start, min(whole.end, shifted(clock.today, 1)), whole.grain), False
    return whole, False


def _weekend(side: str, clock: Clock) -> Stretch:
    this = weekend_of(clock.today)
    if side == "n":
        return this if this.start > clock.today else weekend_of(shifted(clock.today, 7))
    if side == "l":
        return weekend_of(shifted(clock.today, -7))
    is_ahead = this.start > clock.today
    return weekend_of(shifted(clock.today, -7)) if is_ahead and not clock.is_future else this


def stretch_back(said: Said, clock: Clock) -> Meaning:
    """For "the last ten days", "ces dix derniers jours", "الأيام العشرة الماضية", "recent weeks"."""
    unit = UNITS[said.kinds("unit")]
    count = said.value("count") if said.kinds("count") in ("N", "a") else None
    if count is None and not _is_many(said):
        return None
    return back_from(clock.today, count or VAGUE[unit], unit), False


def counted_last(said: Said, clock: Clock) -> Meaning:
    """For "ces dix derniers jours", but not for "up from 21 last week"."""
    has_plural = UNITS[said.kinds("unit")] != "month"  # « trois derniers mois »
    return None if has_plural and said.value("unit") != PLURAL else stretch_back(said, clock)


def _is_many(said: Said) -> bool:
    return said.value("unit") == PLURAL or said.value("side") == MANY


def stretch_ahead(said: Said, clock: Clock) -> Meaning:
    unit = UNITS[said.kinds("unit")]
    count = said.value("count") if said.kinds("count") in ("N", "a") else None
    if count is None and not _is_many(said):
        return None
    return ahead_of(clock.today, count or VAGUE[unit], unit), False


def units_ago(said: Said, clock: Clock) -> Meaning:
    unit = UNITS[said.kinds("unit")]
    count = said.value("count") if said.kinds("count") in ("N", "a") else None
    if count is None and (said.kinds("count") == "q" or said.value("unit") == PLURAL):
        vague = some_time_ago(clock.today, unit)
        return (vague, False) if vague else None
    then = ago(clock.today, 1 if count is None else count, unit)
    is_since = clock.is_question and said.match.group().startswith("J")  # a question has "منذ أسبوعين" for "since"
    return (Stretch(then.start, shifted(clock.today, 1), "span") if is_since else then), False


def day_of_units_ago(said: Said, clock: Clock) -> Meaning:
    """For "a week ago today", "il y a un an jour pour jour", "two weeks ago on Monday", "three days ago, Friday"."""
    unit, count = UNITS[said.kinds("unit")], 1 if said.kinds("count") == "a" else said.value("count") or 0
    if not count or unit == "hour":
        return None
    if said.kinds("day") == "R":
        base = shifted(clock.today, said.value("day") or 0)
        return one_day(back_from(shifted(base, -1), count, unit).start), False
    then = ago(clock.today, count, unit)
    named = shifted(week_of(then.start).start, said.value("weekday") or 0)
    return (one_day(named), False) if then.start <= named < then.end else None


def for_so_long(said: Said, clock: Clock) -> Meaning:
    """French "depuis trois jours": from three days ago until now."""
    unit = UNITS[said.kinds("unit")]
    count = said.value("count") if said.kinds("count") in ("N", "a") else VAGUE[unit]
    if unit == "hour":
        return back_from(clock.today, count or 1, unit), False
    start = back_from(shifted(clock.today, -1), count or 1, unit).start
    return Stretch(start, shifted(clock.today, 1), "span"), False


def in_so_long(said: Said, clock: Clock) -> Meaning:
    """For "dans trois jours"; in English only in a clause about the future: "killed in three days" is a duration."""
    if said.kinds("lead") != "A" and not clock.is_future:
        return None
    return ago(clock.today, -(said.value("count") or 1), UNITS[said.kinds("unit")]), False


def within_so_long(said: Said, clock: Clock) -> Meaning:
    """French "d'ici trois jours": from today on."""
    if said.value("until") != WITHIN:
        return None
    ahead = ahead_of(clock.today, said.value("count") or 1, UNITS[said.kinds("unit")])
    return ahead._replace(start=clock.today), False


def this_one(said: Said, clock: Clock) -> Meaning:
    """In a question only: "les nouvelles de la semaine", "أحداث الشهر"."""
    if not clock.is_question or said.value("unit") == PLURAL:
        return None
    whole = this_unit(clock.today, UNITS[said.kinds("unit")])
    return Stretch(whole.start, min(whole.end, shifted(clock.today, 1)), whole.grain), False


def part_of_this(said: Said, clock: Clock) -> Meaning:
    """For "the end of the year", "début de l'année", without more: of the running one."""
    if said.value("unit") == PLURAL or said.kinds("unit") not in ("w", "o", "y"):
        return None
    whole = this_unit(clock.today, UNITS[said.kinds("unit")])
    return part_of(whole, _PARTS[said.kinds("part")[:1]]), False  # type: ignore[arg-type]  # three known letters


def bare_year(said: Said, clock: Clock) -> Meaning:
    """2014 alone is a number; a preposition, "(2014)" or "2009:" at the beginning make it a year."""
    match = said.match
    kinds, place, stop = match.string, match.start("year"), match.end()
    before, after = kinds[:place], kinds[stop : stop + 1]
    is_led = clock.takes_bare_year or before[-1:] in ("i", "A") or before[-2:] == "iz"
    is_led = is_led or (before[-1:] in ("v", "&", ",") and after in ("", ".", ",", ")", "P", "F", "&", ":"))
    is_led = is_led and (before[-1:] not in ("&", ",") or "Y" in before[-3:])
    is_enclosed = (before[-1:] == "(" and after in (")", "-")) or (place == 0 and after in (":", "-"))
    follower = said.tokens[stop] if stop < len(kinds) else None
    is_adjective = before[-1:] == "z" and follower is not None and (follower.kind, follower.value) == ("x", SINGULAR)
    year = said.value("year")
    return (year_of(year), False) if year and (is_led or is_enclosed or is_adjective) else None


def _year_said(said: Said, clock: Clock) -> int | None:
    year = said.value("year")
    if year is not None:
        return year
    that_year = said.kinds("that_year")
    return clock.today.year - _steps(that_year.replace("y", "")) if that_year else None


def _steps(side: str) -> int:
    """How many units back: last 1, this 0, next -1."""
    return {"l": 1, "c": 0, "n": -1}.get(side[:1], 0)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _choose_day(clock: Clock, month: int, day: int, weekday: int | None, near: str) -> date | None:
    years = range(clock.today.year - 8, clock.today.year + 9)
    every = [found for year in years if (found := _valid(year, month, day))]
    on_weekday = [found for found in every if found.weekday() == weekday]
    close = [found for found in on_weekday if abs((found - clock.today).days) < 200]
    if close and not near:  # the weekday settles it: "Friday 27 October" said on 22 October 2017
        return min(close, key=lambda found: abs((found - clock.today).days))
    if near == "c":
        return _valid(clock.today.year, month, day)
    ahead = next((found for found in every if found >= clock.today), None)
    is_soon = ahead is not None and (ahead - clock.today).days <= 270  # else a past day that something will come of
    if near == "n" or (clock.is_future and not near and is_soon):
        return ahead
    latest = shifted(clock.today, -1 if near == "l" else 0 if clock.is_question else clock.near_days)
    return next((found for found in reversed(every) if found <= latest), None)


def _choose_month(clock: Clock, month: int, near: str) -> Stretch:
    years = range(clock.today.year - 1, clock.today.year + 2)
    every = [month_of(year, month) for year in years]
    if near == "n":
        return next(found for found in every if found.start > clock.today)
    if near == "l":
        return [found for found in every if found.end <= clock.today][-1]
    if near == "c":
        return every[1]
    if clock.is_future:
        return next(found for found in every if found.end > clock.today)
    return [found for found in every if found.start <= clock.today][-1]
