"""From the tokens of a sentence to its time expressions: ranges, lists, "since", "until", and past or future.

Atoms themselves are read by `index.dates.grammar`.
"""

import re
from datetime import date
from typing import NamedTuple

from index.dates.grammar import Atom, next_that_may_begin, read_atom
from index.dates.meanings import UNITS, Clock
from index.dates.spans import Stretch, add_months, ahead_of, back_from, one_day, shifted
from index.dates.tokens import TELLING, Token, kinds_of
from index.dates.words import LASTING, MANY, MAY_BEGIN, PAST_FORM


class Found(NamedTuple):
    """Tokens `first` to before `stop`, and the days they mean."""

    first: int
    stop: int
    stretch: Stretch


_OPERATORS = "sJuCfBg"
_DAYS = r"N(?:(?:-|,?&|,|>|C|u)>?z?(?:W,?)?N)+"
_DAY_LIST = re.compile(rf"(?P<open>[hdv]?)i?z?j?(?:W,?)?(?P<days>{_DAYS})(?=v?z?o?v?M)")
_MONTH_FIRST_LIST = re.compile(rf"(?P<open>[hdv]?)i?(?:W,?)?(?P<month>M)z?(?P<days>{_DAYS})(?=[,.Y)iPF(s]|$)")
_NIGHT_BETWEEN = re.compile(r"t(?P<one>W)-?(?P<two>W)")
_COUNTED_FROM = re.compile(r"(?P<count>[Na])(?P<unit>[jwor])(?P<way>[fgB])>?z?")
_COUNTED_FROM_AR = re.compile(r"(?P<way>[gB])(?P<count>N)(?P<unit>[jwor])v")
_REACH = 16
"""How many tokens away a verb may stand and still say whether a date is past or to come."""


def read_times(tokens: list[Token], clock: Clock) -> list[Found]:
    """All time expressions, in order, not overlapping."""
    kinds = kinds_of(tokens)
    if not set(TELLING) & set(kinds):
        return []
    found: list[Found] = []
    index = 0
    while (index := next_that_may_begin(kinds, index)) < len(tokens):
        if kinds[index] == "K":  # "every Friday" is no day
            habit = read_atom(tokens, kinds, index + 1, clock) if index + 1 < len(tokens) else None
            index = habit.stop if habit else index + 1
            continue
        here = _read_at(tokens, kinds, index, _clock_at(tokens, kinds, index, clock))
        found += here
        index = here[-1].stop if here else index + 1
    return _sharing_what_ends_a_list(tokens, kinds, found, clock) if len(found) > 1 else found


def _sharing_what_ends_a_list(tokens: list[Token], kinds: str, found: list[Found], clock: Clock) -> list[Found]:
    """In "April and May 2023" the year, in "الخميس والجمعة المقبلين" the "next" is said of all that is listed."""
    shared = _in_the_month_told(tokens, kinds, found)
    ending = ""
    for place in range(len(found) - 2, -1, -1):
        one, two = found[place], found[place + 1]
        said, behind = kinds[one.first : one.stop], kinds[two.first : two.stop]
        if set(kinds[one.stop : two.first]) - set("&,iz"):
            ending = ""
            continue
        last = tokens[two.stop - 1]
        ending = "Y" if behind[-1] == "Y" else last.kind if last.value == MANY and last.kind in "ln" else ending
        again = None
        if ending == "Y" and "M" in said and "Y" not in said:
            again = read_atom(tokens, kinds, one.first, Clock(shared[place + 1].stretch.start, near_days=0))
        elif ending and ending in "ln" and said[-1] == "W":
            named = [*tokens[: one.stop], last]
            again = read_atom(named, kinds[: one.stop] + last.kind, one.first, clock)
        if again is not None:
            shared[place] = one._replace(stretch=again.stretch)
    return shared


def _in_the_month_told(tokens: list[Token], kinds: str, found: list[Found]) -> list[Found]:
    """ "In a letter of 16 June 1917, … for the 24th": a day without a month is one of the month told before it."""
    placed = found[:1]
    for one in found[1:]:
        number, before = kinds.find("O", one.first, one.stop), placed[-1].stretch
        if number >= 0 and one.stretch.grain == "day" and before.grain == "day":
            days = _back_to(add_months(before.start.replace(day=1), 1), [tokens[number].value, 1])
            one = one._replace(stretch=one_day(days[0])) if days else one
        placed.append(one)
    return placed


def is_about_the_future(tokens: list[Token]) -> bool:
    return any(token.kind == "F" for token in tokens)


def _read_at(tokens: list[Token], kinds: str, index: int, clock: Clock) -> list[Found]:
    days = _days_of_one_month(tokens, kinds, index, clock)
    if days:
        return days
    atom = read_atom(tokens, kinds, index, clock)
    joined = (
        _counted_from(tokens, kinds, index, clock)
        or _range(tokens, kinds, index, clock, atom)
        or _with_operator(tokens, kinds, index, clock)
    )
    if joined:
        return [joined]
    return [Found(index, atom.stop, atom.stretch)] if atom else []


def _clock_at(tokens: list[Token], kinds: str, index: int, clock: Clock) -> Clock:
    """Future when the nearest verb before says so, or, with none before, the first one after."""
    if "F" not in kinds:
        return clock
    opening = max(kinds.rfind(".", 0, index) + 1, index - _REACH, 0)
    for place in range(index - 1, opening - 1, -1):
        if kinds[place] == "F":
            return clock._replace(is_future=True)
        is_past_form = kinds[place] == "x" and tokens[place].value == PAST_FORM
        if kinds[place] == "P" or is_past_form:  # unless it belongs to the future itself: "will be announced"
            return clock._replace(is_future="F" in kinds[max(opening, place - 2) : place])
    for token in tokens[index : index + _REACH]:
        if token.kind in "FP." or (token.value in (PAST_FORM, LASTING) and token.kind == "x"):
            return clock._replace(is_future=token.kind == "F")
    return clock


def _days_of_one_month(tokens: list[Token], kinds: str, index: int, clock: Clock) -> list[Found]:
    """Here "3-9 May", "from 3 to 9 May", "May 3-9": one range; "3, 4 and 6 May": a mention for each day."""
    match = _DAY_LIST.match(kinds, index) or _MONTH_FIRST_LIST.match(kinds, index)
    if not match:
        return []
    start, stop = match.span("days")
    last = stop - 1
    if match.re is _DAY_LIST:
        atom = read_atom(tokens, kinds, last, clock)
        end = atom.stop if atom else last
    else:  # as if only the last day stood behind the month
        month = match.start("month")
        atom = read_atom(tokens[: month + 1] + tokens[last:], kinds[: month + 1] + kinds[last:], month, clock)
        end = atom.stop + last - month - 1 if atom else last
    if atom is None or atom.stretch.grain != "day":
        return []
    places = [place for place in range(start, stop) if kinds[place] == "N"]
    days = _back_to(atom.stretch.start, [tokens[place].value for place in places])
    if not days:
        return []
    is_list = match["open"] != "h" and not set(match["days"]) & set("->Cu")
    if not is_list:
        first = start if match["open"] == "v" and "-" in match["days"] else index  # "of 21-22 October"
        return [Found(first, end, Stretch(days[0], shifted(days[-1], 1), "span"))]
    stops = [place + 1 for place in places]
    firsts = [place - 1 if kinds[place - 1 : place] == "W" else place for place in places]
    if match.re is _DAY_LIST:
        stops[-1] = end
    else:
        firsts[0] = match.start("month")
        stops[-1] = max(end, stops[-1])
    return [Found(first, stop, one_day(day)) for first, stop, day in zip(firsts, stops, days, strict=True)]


def _back_to(last: date, numbers: list[int]) -> list[date]:
    """The days numbered so, the last being `last`; empty when they do not fit: "28 to 3 May" begins in April."""
    days = [last]
    for number in reversed(numbers[:-1]):
        month = days[0] if number < days[0].day else add_months(days[0].replace(day=1), -1)
        try:
            days.insert(0, month.replace(day=number))
        except ValueError:
            return []
    return days


def _counted_from(tokens: list[Token], kinds: str, index: int, clock: Clock) -> Found | None:
    """For "two days after 7 May" that day; for "in the two days after 7 May", "the 48 hours before" it all of them."""
    match = _COUNTED_FROM.match(kinds, index) or _COUNTED_FROM_AR.match(kinds, index)
    base = read_atom(tokens, kinds, match.end(), clock) if match and match.end() < len(kinds) else None
    if match is None or base is None or base.stretch.grain != "day":
        return None
    count = tokens[match.start("count")].value if match["count"] == "N" else 1
    day, unit = base.stretch.start, UNITS[match["unit"]]
    is_before = match["way"] in "fB"
    counted = back_from(shifted(day, -1), count, unit) if is_before else ahead_of(day, count, unit)
    if match["unit"] != "r" and kinds[index - 1 : index] not in ("z", "i"):
        counted = one_day(counted.start if is_before else shifted(counted.end, -1))
    return Found(index, base.stop, counted)


def _range(tokens: list[Token], kinds: str, index: int, clock: Clock, alone: Atom | None) -> Found | None:
    """For "from A to B", "between A and B", "A to B"; B included. `alone`: the atom that begins at `index`."""
    night = _NIGHT_BETWEEN.match(kinds, index)
    opener = kinds[index] if kinds[index] in "hdv" else ""
    start = night.start("one") if night else _skip(kinds, index + len(opener), "zi")
    first = alone
    if start != index:
        led = clock._replace(takes_bare_year=bool(opener))
        first = read_atom(tokens, kinds, start, led) if start < len(kinds) else None
    if first is None or first.stop >= len(kinds):
        return None
    if night:
        second_start = night.start("two")
        first = first._replace(stop=night.end("one"))
    else:
        joiners = "&" if opener == "h" else ">Cu-" if opener else ">C-"
        if kinds[first.stop] not in joiners:
            return None
        second_start = _skip(kinds, first.stop + 1, ">ziv")
    second = _second_of_range(tokens, kinds, second_start, clock)
    if second is None or not (opener or night or _are_alike(kinds, start, first, second_start)):
        return None
    if first.is_open:  # "from Monday to Wednesday": the Monday before that Wednesday
        earlier = Clock(shifted(second.stretch.end, -1), near_days=0, takes_bare_year=bool(opener))
        first = read_atom(tokens, kinds, start, earlier) or first
    if second.stretch.end <= first.stretch.start:
        return None
    return Found(index, second.stop, Stretch(first.stretch.start, second.stretch.end, "span"))


def _second_of_range(tokens: list[Token], kinds: str, index: int, clock: Clock) -> Atom | None:
    return read_atom(tokens, kinds, index, clock._replace(takes_bare_year=True)) if index < len(kinds) else None


def _are_alike(kinds: str, start: int, first: Atom, second_start: int) -> bool:
    """Without "from", only like joins with like: two weekdays, two months, two years, two full dates."""
    one, two = kinds[start : first.stop], kinds[second_start]
    return one[:1] == two or {one[:1], two} <= {"j", "W"}


def _with_operator(tokens: list[Token], kinds: str, index: int, clock: Clock) -> Found | None:
    """Since, until, before, after."""
    operator = kinds[index]
    if operator not in _OPERATORS:
        return None
    start = _skip(kinds, index + 1, ">zvi")
    if operator in "fB" and kinds[start : start + 1] == "e":  # "before the end of May" is until it
        operator = "u"
    is_past = operator in "sJ" and not (clock.is_future and tokens[index].value == MAY_BEGIN)
    is_future = not is_past and (clock.is_future or (operator in "uC" and _is_lasting(tokens, kinds, index)))
    near = clock._replace(takes_bare_year=True, is_future=is_future)
    atom = (
        read_atom(tokens, kinds, start, near._replace(near_days=0) if is_past else near) if start < len(kinds) else None
    )
    if atom is None:
        return None
    is_event = _names_an_event(tokens, kinds, atom)
    is_feast = kinds[atom.stop - 1] in "DL"  # "killed by the Ramadan attack"
    if (operator in "fg" and (kinds[start] == "t" or is_event)) or (operator == "u" and is_event and is_feast):
        return Found(start, atom.stop, atom.stretch)
    stretch = _bounded(operator, atom.stretch, clock)
    return Found(index, atom.stop, stretch) if stretch else None


def _is_lasting(tokens: list[Token], kinds: str, index: int) -> bool:
    """Whether a future verb anywhere, or "extended", "suspendu" before it, makes the end at `index` one to come."""
    clause = max(kinds.rfind(".", 0, index), index - _REACH, 0)
    return "F" in kinds or any(token.kind == "x" and token.value == LASTING for token in tokens[clause:index])


def _bounded(operator: str, stretch: Stretch, clock: Clock) -> Stretch | None:
    today, tomorrow = clock.today, shifted(clock.today, 1)
    if operator in "sJ":
        return Stretch(stretch.start, tomorrow, "span") if stretch.start <= today else stretch
    if operator == "g":
        return Stretch(stretch.end, tomorrow if stretch.end < tomorrow else date.max, "span")
    end = stretch.end if operator in "uC" else stretch.start
    # What lasts until a day to come lasts from now; what lasted until a day gone by began who knows when.
    start = today if end > tomorrow and not clock.is_question else date.min
    return Stretch(start, end, "span") if end > start else None


def _names_an_event(tokens: list[Token], kinds: str, atom: Atom) -> bool:
    """As "after Friday's attack", "after Friday prayers": the day itself, not the days after."""
    if kinds[atom.stop : atom.stop + 1] != "x" or kinds[atom.stop - 1] not in "WRDL":
        return False
    return tokens[atom.stop].start - tokens[atom.stop - 1].end <= 1


def _skip(kinds: str, index: int, skipped: str) -> int:
    while index < len(kinds) and kinds[index] in skipped:
        index += 1
    return index
