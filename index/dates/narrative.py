"""Days counted from a day told before: "the next day", "la veille", "بعد ذلك بيومين". Knows only how far and which way.

What such a phrase means hangs on the telling, not on the report's date: `index.annotate` gives it the day that the
report told of last, and leaves it open when there is none.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from index.dates import TimeMention
from index.dates.spans import shifted
from index.dates.tokens import read_tokens
from index.types import TimeSpan


class Step(NamedTuple):
    """A phrase that counts from a day told before."""

    start: int
    """Code-point offsets in the text given."""
    end: int
    days: int | None
    """How many days after that day; negative: before. None for a leap of weeks or months, behind which no day told
    before can be counted from."""


class Told(NamedTuple):
    """What a sentence tells of time."""

    mentions: list[TimeMention]
    last: TimeSpan | None
    """The time told last, in it or before it; none when it leapt away from that."""
    left_open: str
    """The words of the last phrase that counts from a day which is not told; empty when there is none."""


# Not before "of" or a noun: "the day before the attack", "le lendemain de l'accord" count from an event.
_EN_ENDS = r"(?=\s*(?:[,.;:!?)»”\"]|$|and\b|but\b|in\b|at\b|near\b|when\b|as\b|by\b))"
_FR_ENDS = r"(?!\s+(?:de|du|des)\b|\s+d['’])"
_COUNT = r"(?P<count>\w+(?:[- ]\w+)?)"
_PHRASES: dict[str, tuple[tuple[int, str], ...]] = {
    "en": (
        (1, r"(?:the\s+)?(?:next|following)\s+(?:day|morning|afternoon|evening)\b|a\s+day\s+later\b(?!\s+than\b)"),
        (1, rf"the\s+day\s+after{_EN_ENDS}"),
        (-1, r"(?:the\s+)?previous\s+day\b|a\s+day\s+earlier\b(?!\s+than\b)"),
        (-1, rf"the\s+day\s+before{_EN_ENDS}"),
        (0, r"(?:that|the)\s+same\s+day\b|that\s+(?:same\s+)?(?:day|morning|afternoon|evening|night)\b"),
        (1, rf"{_COUNT}\s+days\s+later\b(?!\s+than\b)"),
        (-1, rf"{_COUNT}\s+days\s+earlier\b(?!\s+than\b)"),
    ),
    "fr": (
        (1, rf"(?:le|au|du)\s+lendemain(?:\s+(?:matin|soir))?\b{_FR_ENDS}|le\s+jour\s+(?:suivant|d['’]après)\b"),
        (1, r"un\s+jour\s+plus\s+tard\b"),
        (2, rf"le\s+surlendemain\b{_FR_ENDS}"),
        (-1, rf"la\s+veille(?:\s+au\s+soir)?\b{_FR_ENDS}|le\s+jour\s+(?:précédent|d['’]avant)\b"),
        (-1, r"un\s+jour\s+(?:plus\s+tôt|auparavant)\b"),
        (-2, rf"l['’]avant-veille\b{_FR_ENDS}"),
        (0, r"(?:le\s+même\s+jour|ce\s+jour-là|ce\s+(?:matin|soir)-là|cette\s+nuit-là)\b"),
        (1, rf"{_COUNT}\s+jours\s+(?:plus\s+tard(?!\s+que\b)|après(?=\s*[,.;]))"),
        (-1, rf"{_COUNT}\s+jours\s+(?:plus\s+tôt(?!\s+que\b)|auparavant|avant(?=\s*[,.;]))"),
    ),
    "ar": (
        (1, r"[وف]?(?:في\s+)?(?:صباح\s+|مساء\s+)?اليوم\s+التالي\b"),
        (-1, r"[وف]?(?:في\s+)?(?:صباح\s+|مساء\s+)?اليوم\s+السابق\b"),
        (0, r"[وف]?(?:في\s+)?(?:اليوم\s+(?:نفسه|ذاته)|(?:نفس|ذات)\s+اليوم|ذلك\s+اليوم|تلك\s+الليلة)\b"),
        (1, r"[وف]?بعد\s*(?:ذلك|ها)\s+بيوم(?:\s+واحد)?\b"),
        (2, r"[وف]?بعد\s*(?:ذلك|ها)\s+بيومين\b"),
        (-1, r"[وف]?قبل\s*(?:ذلك|ها)\s+بيوم(?:\s+واحد)?\b"),
        (-2, r"[وف]?قبل\s*(?:ذلك|ها)\s+بيومين\b"),
        (1, rf"[وف]?بعد\s*(?:ذلك|ها)\s+ب{_COUNT}\s+أيام\b"),
        (-1, rf"[وف]?قبل\s*(?:ذلك|ها)\s+ب{_COUNT}\s+أيام\b"),
    ),
}
_LEAPS = {
    "en": r"(?:(?:\w+\s+)?(?:weeks?|months?|years?)|days|hours)\s+(?:later|earlier)\b(?!\s+than\b)|"
    r"(?:the\s+)?(?:following|next|previous)\s+(?:week|month|year)\b",
    "fr": r"(?:\w+\s+)?(?:semaines?|mois|ans?|années?)\s+(?:plus\s+t(?:ard|ôt)|auparavant)\b|"
    r"jours\s+plus\s+t(?:ard|ôt)\b|(?:la\s+semaine|le\s+mois|l['’]année)\s+(?:suivante?|précédente?)\b",
    "ar": r"(?:بعد|قبل)\s*(?:ذلك|ها)\s+ب(?:أسبوع|شهر|عام|سنة|أسابيع|أشهر)\w*|"
    r"(?:الأسبوع|الشهر|العام)\s+(?:التالي|السابق)\b",
}
_PATTERNS = {
    language: [
        (days, re.compile(rf"(?<!\w)(?:{phrase})", re.IGNORECASE))
        for days, phrase in (*phrases, (None, _LEAPS[language]))
    ]
    for language, phrases in _PHRASES.items()
}
# The heart of each phrase above, in small letters: most sentences have none, and to look for the whole phrases takes
# ten times as long.
_HEARTS = {
    "en": re.compile(
        r"\b(?:(?:next|following|previous|same|that)\s+(?:same\s+)?(?:day|morning|afternoon|evening|night|week|month|year)|"
        r"(?:days?|hours|weeks?|months?|years?)\s+(?:later|earlier|after|before))"
    ),
    "fr": re.compile(
        r"\b(?:lendemain|surlendemain|veille|(?:jour|matin|soir|nuit)-là|même\s+jour|"
        r"(?:jours?|semaines?|mois|ans?|années?)\s+(?:plus|auparavant|après|avant|d['’]a|suivant|précédent))"
    ),
    "ar": re.compile(
        r"اليوم\s+(?:التالي|السابق|نفسه|ذاته)|(?:نفس|ذات)\s+اليوم|ذلك\s+اليوم|تلك\s+الليلة|"
        r"(?:بعد|قبل)\s*(?:ذلك|ها)\s+ب|(?:الأسبوع|الشهر|العام)\s+(?:التالي|السابق)"
    ),
}
# "The next day, Sunday": the day itself stands beside the phrase.
_BESIDE = 4
_MOST_DAYS = 60


def find_steps(text: str, language: str) -> list[Step]:
    """The phrases of a sentence that count from a day told before, in order; English ones for unknown languages."""
    # "ı" and "i" with its dot apart match "i" in the patterns.
    small = text.casefold().replace("ı", "i").replace("\u0307", "")
    if _HEARTS.get(language, _HEARTS["en"]).search(small) is None:
        return []
    found: dict[int, Step] = {}
    for days, pattern in _PATTERNS.get(language, _PATTERNS["en"]):
        for match in pattern.finditer(text):
            count = _count(match["count"], language) if "count" in pattern.groupindex else 1
            is_within = any(step.start <= match.start() < step.end for step in found.values())
            if count is not None and not is_within:
                found[match.start()] = Step(match.start(), match.end(), days * count if days is not None else None)
    return [found[start] for start in sorted(found)]


def place_steps(text: str, language: str, mentions: Sequence[TimeMention], told: TimeSpan | None, latest: date) -> Told:
    """The mentions of a sentence, with those added that count from a day told before.

    `mentions`: what `find_times` read in it; `told`: the time that the report told of last before it. A phrase counts
    from the nearest mention before it, and only if that is one day; with no such day, or when it would come out after
    `latest` (the report's own day), it is left open: no date is better than a wrong one.
    """
    read = list(mentions)
    leap_end, left_open = -1, ""
    for step in find_steps(text, language):
        before = max((m for m in read if m.end <= step.start), key=lambda m: m.end, default=None)
        base = before.span if before is not None and before.end > leap_end else told if leap_end < 0 else None
        day = None if base is None or step.days is None else _counted(base, step.days, latest)
        is_named = any(0 <= m.start - step.end <= _BESIDE for m in read)
        if day is not None and not is_named:
            span = TimeSpan(start=day, end=shifted(day, 1), phrase=text[step.start : step.end], precision="day")
            kept = [m for m in read if m.end <= step.start or step.end <= m.start]
            read = sorted([*kept, TimeMention(step.start, step.end, span)], key=lambda m: m.start)
        elif not is_named:
            leap_end, left_open = step.end, text[step.start : step.end]
    last = read[-1] if read and read[-1].end > leap_end else None
    return Told(read, last.span if last is not None else told if leap_end < 0 else None, left_open)


def _counted(base: TimeSpan, days: int, latest: date) -> date | None:
    if base.precision != "day" or base.assumed:
        return None
    day = shifted(base.start, days)
    return day if day <= max(latest, base.start) else None


def _count(words: str, language: str) -> int | None:
    """What a number in words or figures says; none when it is no number, or too many days to be counted so."""
    tokens = read_tokens(words, language if language in ("fr", "ar") else "en")
    if not tokens or tokens[-1].kind != "N" or tokens[-1].end != len(words):
        return None
    return tokens[-1].value if 1 <= tokens[-1].value <= _MOST_DAYS else None
