"""The quantities a text names, in figures of any script and in English, French and Arabic words.

Dates are cut out by the caller, and figures that belong to a name ("F-16", "Division 30") are left to the names.
Words that count nobody ("one", "dozens", "several thousand") and ordinals give nothing.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from assistant.facts.figures import mask_no_quantities, western_digits
from assistant.facts.number_reading import Reading, is_ordinal, read_number, read_tokens
from assistant.facts.number_words import ABOUT_AFTER, ABOUT_BEFORE, ARABIC, ARABIC_AGE_UNITS, ENGLISH, FRENCH, fold_word
from index.dates import TimeMention


class Number(NamedTuple):
    """A quantity named in a text."""

    value: float
    is_about: bool
    """The text itself says it is approximate ("some 50", "une cinquantaine", "more than 100")."""


class Located(NamedTuple):
    """A quantity and where it stands."""

    start: int
    end: int
    number: Number


def numbers(text: str, language: str) -> list[Number]:
    """Every quantity in `text`, in order. `language` (ISO 639-1) chooses the words of Latin script;
    any code but "en", "fr", "ar" means both.

    Call it on text without its dates: it takes the 22 of "22 October" for a quantity. A year standing alone is
    returned too. Never raises.
    """
    return [located.number for located in located_numbers(text, language)]


# One answer reads the numbers of some hundred sentences, several times each.
@lru_cache(maxsize=2_000)
def located_numbers(text: str, language: str) -> tuple[Located, ...]:
    """As `numbers`, with where each stands: code-point offsets in `text`."""
    plain = western_digits(text)
    phrases = _phrases(plain)
    masked = mask_no_quantities(blanked(plain, phrases, fill="|"))
    tokens = read_tokens(masked, language)
    readings: list[Reading] = []
    at = 0
    while at < len(tokens):
        reading = read_number(tokens, at)
        if reading is None:
            at += 1
            continue
        at = reading.next
        if not is_ordinal(tokens, reading):
            readings.append(_with_half(reading, masked))
            while at < len(tokens) and tokens[at].start < readings[-1].end:
                at += 1
    found = [Located(r.start, r.end, Number(r.value, _is_about(masked, r))) for r in _spread_scales(readings, masked)]
    return tuple(sorted(found + phrases))


def is_number_in(number: Number, others: list[Number]) -> bool:
    """Whether a text that names `others` bears out `number`: equal, or, if `number` is "about", within a twentieth.

    That the evidence says "about" is no licence: "some 50" does not bear out 52.
    """
    return any(
        math.isclose(number.value, other.value, rel_tol=1e-9)
        or (number.is_about and abs(number.value - other.value) <= 0.05 * other.value)
        for other in others
    )


_HALF = re.compile(
    r"(?P<direct>\s+and\s+a\s+half\b(?:\s(?P<scale>million|billion))?|[\s-]+et[\s-]+demie?\b|\s+ونصف(?:\s(?:ال)?(?:مليون|مليار))?\b)"
    r"|\s+[^\W\d_]+\s+(?:et\s+demie?|ونصف)\b"
)


def _with_half(reading: Reading, text: str) -> Reading:
    """ "two and a half million", "deux heures et demie", "مليونين ونصف"."""
    half = _HALF.match(text, reading.end)
    if half is None:
        return reading
    if scale := half.group("scale"):
        factor = ENGLISH[scale].value
        return reading._replace(value=(reading.value + 0.5) * factor, scale=float(factor), end=half.end())
    unit = reading.scale if half.group("direct") else 1.0
    if unit in (2000.0, 2e6, 2e9):
        unit /= 2  # مليونين is one word for two millions
    end = half.end() if half.group("direct") else reading.end
    return reading._replace(value=reading.value + unit / 2, end=end)


_RANGE = re.compile(r"\s*(?:to|or|and|et|à|ou|-|–|—|إلى|الى|أو|او|و)\s*[$£€]?")
_BETWEEN = re.compile(r"(?:between|entre|بين)\s+[$£€]?$", re.I)


def _spread_scales(readings: list[Reading], text: str) -> list[Reading]:
    """ "2 to 3 million" names two million: the scale at the end holds for both ends of a range."""
    spread: list[Reading] = []
    for reading, following in zip_longest(readings, readings[1:]):
        if following and reading.scale == 1 and following.scale >= 1000 and reading.end < following.start:
            connector = text[reading.end : following.start]
            is_range = _RANGE.fullmatch(connector) and (
                connector.strip() not in ("and", "et", "و") or _BETWEEN.search(text[: reading.start])
            )
            if is_range and reading.value < following.value / following.scale:
                spread.append(reading._replace(value=reading.value * following.scale))
                continue
        spread.append(reading)
    return spread


def _is_about(text: str, reading: Reading) -> bool:
    before = text[max(0, reading.start - 40) : reading.start]
    return reading.is_rough or bool(
        ABOUT_BEFORE.search(before) or ABOUT_AFTER.match(text[reading.end : reading.end + 40])
    )


# --- phrases that count without a number ---------------------------------------------------------------------------

_PHRASES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(pattern, re.I), value)
    for pattern, value in (
        (
            r"\btwice\b|\bboth (?:of )?(?:the |these |those |their )?(?!was\b|has\b|is\b)"
            r"\w+(?:s|men|women|children)\b(?!,? and\b)",
            2,
        ),
        (r"(?<!\w)[وفبل]?(?:كلا|كلتا|كلاهما|كلتاهما|كليهما|كلتيهما)(?=\s[اوج])", 2),
        (r"\btwo[ -]thirds\b|\bdeux[ -]tiers\b|(?<!\w)[وفبل]?(?:ثلثا|ثلثي|الثلثين|ثلثين)(?!\w)", 2 / 3),
        (r"\bthree[ -]quarters\b|\btrois[ -]quarts\b|(?<!\w)[وفبل]?ثلاثة أرباع(?!\w)", 0.75),
        (r"\bhalf (?:a|an|of a) dozen\b|\bhalf-(?:a-)?dozen\b|\bdemi-douzaine\b", 6),
        (r"\bhalf a million\b|\bhalf-million\b|\bdemi-million\b|(?<!\w)[بل]?نصف مليون", 500_000),
        (r"\bhalf a billion\b|\bdemi-milliard\b|(?<!\w)[بل]?نصف مليار", 500_000_000),
    )
)
_AGE = re.compile(r"(?:^|\s)(?:[وف]?في|سن)\s(?P<unit>ال\w+)\s(?:وال(?P<tens>\w+ين)|(?P<teen>عشرة?))(?=\s|[.,،]|$)")


_DECADE = re.compile(
    r"\b[Tt]he ['’]?(?P<en>[2-9]0)s\b|\b[Aa]nnées (?:(?P<fr>[2-9]0)|(?P<word>\w+e))(?!\w)"
    r"|(?<!\w)[وفبل]?(?:ال)?(?P<arabic>(?:عشر|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع)ين)ي?ات(?: القرن (?:العشرين|الماضي))?(?!\w)"
)


def _phrases(text: str) -> list[Located]:
    found = [
        Located(match.start(), match.end(), Number(float(value), bool(ABOUT_BEFORE.search(text[: match.start()]))))
        for pattern, value in _PHRASES
        for match in pattern.finditer(text)
    ]
    for match in _AGE.finditer(text):
        unit = ARABIC_AGE_UNITS.get(fold_word(match.group("unit")).removeprefix("ال"))
        tens = ARABIC.get(fold_word(match.group("tens") or "عشره"))
        if unit and tens and (match.group("tens") or "من" in text[match.end() : match.end() + 4]):
            found.append(Located(match.start(), match.end(), Number(float(unit + tens.value), False)))
    for match in _DECADE.finditer(text):
        tens = (ENGLISH | FRENCH | ARABIC).get(fold_word(match.group("word") or match.group("arabic") or ""))
        decade = tens.value if tens else int(match.group("en") or match.group("fr") or 0)
        if 20 <= decade <= 90:
            found.append(Located(match.start(), match.end(), Number(1900.0 + decade, False)))
    return found


def blanked(text: str, stretches: Iterable[TimeMention | Located], fill: str = " ") -> str:
    """The text with these blanked out; offsets stay."""
    for stretch in stretches:
        text = text[: stretch.start] + fill * (stretch.end - stretch.start) + text[stretch.end :]
    return text
