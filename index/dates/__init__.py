"""Time expressions of French, English and Arabic to `TimeSpan`s, resolved against a given day.

The public face of `index.dates.reading`. Finds only what the words say: an undated sentence yields nothing, and
assuming the report's own day is left to the caller.
"""

import re
from datetime import date
from functools import lru_cache, reduce
from typing import NamedTuple

from index.dates.grammar import read_atom
from index.dates.meanings import Clock
from index.dates.reading import Found, is_about_the_future, read_times
from index.dates.spans import Stretch, add_months, shifted
from index.dates.tokens import Token, kinds_of, may_tell_time, read_tokens
from index.types import TimeSpan


class TimeMention(NamedTuple):
    start: int
    """Code-point offset in the text given: `text[start:end]` are the words."""
    end: int
    span: TimeSpan


class PartialDate(NamedTuple):
    weekday: int | None
    """0 is Monday; none when the text names no weekday."""
    day: int
    month: int


_DATELINE_CHARACTERS = 200
_OPENING_CHARACTERS = 80
_CUE = re.compile(
    r"(?:publi|posted|updated|date|mis(?:e)? à jour|modifié|le\s*:|نشر|تاريخ|تحديث)[^\n]{0,30}$", re.IGNORECASE
)
_DAY_WITHOUT_YEAR = re.compile(
    r"c?(?:(?P<weekday>W),?)?z?(?:(?P<day>N)v?z?(?P<month>M)|(?P<month2>M)z?(?P<day2>N))(?!v?,?Y)"
)


def find_times(text: str, anchor: date, language: str) -> list[TimeMention]:
    """What a sentence of a report says of time, in order, not overlapping; `anchor` is the report's own day.

    A language other than French and Arabic is read as English, which knows numeric dates at least.
    """
    known = _known(language)
    if not may_tell_time(text, known):
        return []
    tokens = read_tokens(text, known)
    return [_mention(text, tokens, found) for found in read_times(tokens, Clock(_sane(anchor)))]


def find_window(question: str, as_of: date, language: str) -> TimeMention | None:
    """The time a question asks about. The mention covers the preposition too, so that it can be cut out whole.

    Ends with `as_of` unless the question is about what is to come. Expressions side by side are joined ("on 3 and 4
    May"); of two that lie one within the other the narrower counts; else the window spans them all.
    """
    tokens = read_tokens(question, _known(language))
    found = read_times(tokens, Clock(_sane(as_of), near_days=0, is_question=True))
    if not found:
        return None
    kinds = kinds_of(tokens)
    since = [_since_its_event(kinds, each, as_of) for each in found]
    asked = reduce(
        lambda one, two: _combined(one, two, kinds), [_with_preposition(tokens, kinds, each) for each in since]
    )
    if is_about_the_future(tokens):
        return _mention(question, tokens, asked)
    return _mention(question, tokens, asked._replace(stretch=_up_to(asked.stretch, shifted(as_of, 1))))


def find_dateline(text: str, language: str) -> date | None:
    """The full date that a report opens with; none without a year, or when the date is part of what it tells."""
    head = text[: _DATELINE_CHARACTERS + 40]
    tokens = read_tokens(head, _known(language))
    kinds = kinds_of(tokens)
    index = 0
    while index < len(tokens) and tokens[index].start < _DATELINE_CHARACTERS:
        atom = read_atom(tokens, kinds, index, Clock(date(2000, 1, 1)))
        if atom is None:
            index += 1
            continue
        read = kinds[index : atom.stop]
        is_full_date = atom.stretch.grain == "day" and ("Y" in read or "T" in read)
        if is_full_date and _is_dateline(head, tokens, kinds, index, atom.stop):
            return atom.stretch.start
        index = atom.stop
    return None


def find_partial_dateline(text: str, language: str) -> PartialDate | None:
    """Day and month without a year at the very beginning: "Ce dimanche 22 octobre", "DAMASCUS, Oct. 22 (SANA)"."""
    tokens = [token for token in read_tokens(text[:200], _known(language)) if token.start < _OPENING_CHARACTERS]
    kinds = kinds_of(tokens)
    for index in range(len(tokens)):
        match = _DAY_WITHOUT_YEAR.match(kinds, index)
        if not match:
            continue
        weekday = tokens[match.start("weekday")].value if match["weekday"] else None
        # "On October 8, …", "Le 3 mai, …" may tell of another day; a weekday or a bare date is the report's own.
        if weekday is None and kinds[index - 1 : index] in tuple("izsJuCfBghd") and index > 0:
            return None
        day, month = (tokens[match.start(group + ("" if match["day"] else "2"))].value for group in ("day", "month"))
        return PartialDate(weekday, day, month) if 1 <= day <= 31 else None
    return None


def describe_span(span: TimeSpan, language: str) -> str:
    """In words: "16–22 October 2017", "since 3 May 2016", "2014"."""
    known = _known(language)
    words = _WORDS[known]
    last = shifted(span.end, -1)
    if span.start == date.min and span.end == date.max:
        return words["always"]
    if span.start == date.min:
        return f"{words['before']} {_day(span.end, known)}"
    if span.end == date.max:
        return f"{words['since']} {_day(span.start, known)}"
    if span.start == last:
        return _day(last, known)
    if span.start.day == 1 and span.end.day == 1:
        return _whole_months(span.start, last, known)
    if (span.start.year, span.start.month) == (last.year, last.month):
        return f"{_ordinal(span.start, known)}–{_day(last, known)}"
    first = _day(span.start, known, has_year=span.start.year != last.year)
    return f"{first} – {_day(last, known)}"


_WORDS = {
    "en": {"before": "before", "since": "since", "always": "at any time"},
    "fr": {"before": "avant le", "since": "depuis le", "always": "sans limite de temps"},
    "ar": {"before": "قبل", "since": "منذ", "always": "في أي وقت"},
}


def _whole_months(first: date, last: date, language: str) -> str:
    if first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    end = f"{_month(last.month, language)} {last.year}"
    if add_months(first, 1) > last:
        return end
    start = _month(first.month, language)
    return f"{start}–{end}" if first.year == last.year else f"{start} {first.year} – {end}"


def _day(day: date, language: str, has_year: bool = True) -> str:
    return f"{_ordinal(day, language)} {_month(day.month, language)}" + (f" {day.year}" if has_year else "")


def _ordinal(day: date, language: str) -> str:
    return "1er" if language == "fr" and day.day == 1 else str(day.day)


@lru_cache(maxsize=64)
def _month(month: int, language: str) -> str:
    from babel.dates import get_month_names  # here, because loading it takes longer than reading a report

    return str(get_month_names("wide", locale=language)[month])


def _known(language: str) -> str:
    return language if language in ("fr", "ar") else "en"


def _sane(day: date) -> date:
    """Kept off the two ends of the calendar, where the year before or after cannot be said."""
    return min(max(day, date(100, 1, 1)), date(9900, 1, 1))


def _mention(text: str, tokens: list[Token], found: Found) -> TimeMention:
    start, end = tokens[found.first].start, tokens[found.stop - 1].end
    stretch = found.stretch
    span = TimeSpan(start=stretch.start, end=stretch.end, phrase=text[start:end], precision=stretch.grain)
    return TimeMention(start, end, span)


def _with_preposition(tokens: list[Token], kinds: str, found: Found) -> Found:
    first = found.first
    while first > 0 and kinds[first - 1] in "izv>AtG" and tokens[first].start - tokens[first - 1].end <= 1:
        first -= 1
    return found._replace(first=first)


def _since_its_event(kinds: str, found: Found, as_of: date) -> Found:
    """In "since the market closed on 7 May" the day is that of the event, and the question asks what came after."""
    between = re.search(r"[sJ][^.,TMWSY]{1,8}$", kinds[: found.first])
    if between is None or found.stretch.grain != "day" or found.stretch.start > as_of:
        return found
    return found._replace(stretch=Stretch(found.stretch.start, shifted(as_of, 1), "span"))


def _combined(one: Found, two: Found, kinds: str) -> Found:
    start, end = max(one.stretch.start, two.stretch.start), min(one.stretch.end, two.stretch.end)
    is_adjacent = not set(kinds[one.stop : two.first]) - set("&,izv>(")
    if start < end:  # one lies within the other, or they overlap: both hold
        stretch = Stretch(start, end, "span")
        narrower = min(one, two, key=lambda found: found.stretch.end - found.stretch.start)
        if narrower.stretch[:2] == (start, end):
            stretch = narrower.stretch
        return Found(one.first, two.stop, stretch) if is_adjacent else narrower._replace(stretch=stretch)
    hull = Stretch(min(one.stretch.start, two.stretch.start), max(one.stretch.end, two.stretch.end), "span")
    return Found(one.first, two.stop if is_adjacent else one.stop, hull)


def _up_to(stretch: Stretch, limit: date) -> Stretch:
    """Cut off at `limit`, unless all of it lies beyond: the question names such a day in so many words."""
    return stretch._replace(end=limit) if stretch.start < limit < stretch.end else stretch


def _is_dateline(head: str, tokens: list[Token], kinds: str, first: int, stop: int) -> bool:
    """A date that stands for the report: after "published", alone on its line, or before the telling begins."""
    start, end = tokens[first].start, tokens[stop - 1].end
    if _CUE.search(head[:start]):
        return True
    before, lead = head[:start], kinds[first - 1 : first] if first else ""
    line = before.rpartition("\n")[2] + head[end:].partition("\n")[0]
    if len(line.split()) <= 6 and "\n" in head:
        return True
    if lead and lead in "isJuCfBghd":
        return False
    if lead == "z":  # "Paris, le 3 mai 2016" but not "Le 11 septembre 2001, les tours…"
        follows = head[end : end + 2].strip()
        return kinds[first - 2 : first - 1] == "," or follows[:1] in ("", "\n", "(", "-", "–", "—", ".", ":")
    # A bare date in front of a capital, as where a page's headline and date have run together, is not told either.
    stands_apart = lead == "x" and head[end : end + 2].strip()[:1].isupper()
    return (
        "W" in kinds[first:stop]
        or stands_apart
        or (start <= _OPENING_CHARACTERS and not set(kinds[:first]) & set("PF"))
    )
