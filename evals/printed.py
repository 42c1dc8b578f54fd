"""Numbers and calendar dates as printed in French, English or Arabic: read by plain rules, for checking answers.

On purpose not the program's own reading (`assistant.facts`, `index.dates`): two readings seldom share a mistake.
Number words come from num2words 0.5.14 (2 to 99, with hundreds and a scale after them).
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from num2words import num2words

# An Arabic letter may stand before a digit: "and" is written on to the next word.
_DIGITS = re.compile(
    r"(?<![^\W\u0621-\u064a])(?<![.,])\d{1,3}(?:[ .,٬'’]\d{3})+(?![\d])|(?<![^\W\u0621-\u064a])\d+(?:[.,٫]\d+)?"
)
_MONEY = re.compile(r"[£$€] ?(?P<amount>\d+(?:[.,]\d+)?) ?(?P<scale>m|bn)(?!\w)")
"""£125m; without a currency an m may be metres."""
_SCALES = {
    "thousand": 1e3, "mille": 1e3, "الف": 1e3, "الاف": 1e3, "million": 1e6, "millions": 1e6, "مليون": 1e6,
    "ملايين": 1e6, "billion": 1e9, "milliard": 1e9, "milliards": 1e9, "مليار": 1e9, "hundred": 1e2, "مئه": 1e2,
}  # fmt: skip
_ABOUT_FR = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
# Both genders, as numerals agree inversely; folded as `plain` folds.
_AR = {
    "ثلاثه": 3, "ثلاث": 3, "اربعه": 4, "اربع": 4, "خمسه": 5, "خمس": 5, "سته": 6, "ست": 6, "سبعه": 7, "سبع": 7,
    "ثمانيه": 8, "ثماني": 8, "تسعه": 9, "تسع": 9, "عشره": 10, "عشر": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30,
    "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60, "سبعون": 70,
    "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90,
}  # fmt: skip
# Eleven to nineteen, as they stand in running text; 11 and 12 have forms of their own.
_AR.update({f"{unit} {ten}": 10 + value for unit, value in list(_AR.items()) if value < 10 for ten in ("عشر", "عشره")})
_AR.update({"احد عشر": 11, "احدي عشره": 11, "اثنا عشر": 12, "اثني عشر": 12, "اثنتا عشره": 12, "اثنتي عشره": 12})
# Also words of another meaning, in one of the languages: no evidence that a number was told.
_NOT_NUMBERS = frozenset(["neuf", "un", "one", "une"])
_MONTHS = (
    "january janvier يناير", "february fevrier فبراير شباط", "march mars مارس اذار", "april avril ابريل نيسان",
    "may mai مايو ايار", "june juin يونيو حزيران", "july juillet يوليو تموز", "august aout اغسطس اب",
    "september septembre سبتمبر ايلول", "october octobre اكتوبر", "november novembre نوفمبر",
    "december decembre ديسمبر",
)  # fmt: skip
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_TWO_WORD_MONTHS = {"تشرين الاول": 10, "تشرين الثاني": 11, "كانون الاول": 12, "كانون الثاني": 1}
_MONTH = "|".join(sorted([*_MONTH_OF, *_TWO_WORD_MONTHS], key=len, reverse=True))
_DATES = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of)? (?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?(?!\w)"
    ),
    re.compile(rf"(?<!\w)(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?(?!\w)"),
)


class Printed(NamedTuple):
    """A day as printed."""

    day: int
    month: int
    year: int | None


def numbers_in(text: str) -> set[float]:
    """Every quantity in `text` but those that are part of a calendar date; "one" is not counted."""
    bare = plain(text)
    for pattern in _DATES:
        bare = pattern.sub(" ", bare)
    found: set[float] = set()
    for pattern, value_of in ((_MONEY, _money), (_DIGITS, _digits), (_hundreds(), _hundred), (_single(), _word)):
        for match in pattern.finditer(bare):
            following = re.match(r"\s*(?:de )?([^\W\d_]+)", bare[match.end() :])
            found.add(value_of(match) * (_SCALES.get(following.group(1), 1) if following else 1))
        bare = pattern.sub(" ", bare)
    return found - {1.0}


def dates_in(text: str) -> list[Printed]:
    """Every calendar date in `text` that names a day and a month."""
    bare = plain(text)
    found: list[Printed] = []
    for pattern in _DATES:
        for match in pattern.finditer(bare):
            parts = match.groupdict()
            name = parts.get("month")
            month = int(parts["number"]) if name is None else _MONTH_OF.get(name) or _TWO_WORD_MONTHS[name]
            found.append(Printed(int(parts["day"]), month, int(parts["year"]) if parts["year"] else None))
    return found


def plain(text: str, *, keep_lines: bool = False) -> str:
    """Without case, diacritics, Arabic letter variants and kinds of space, and with ASCII digits."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter != "\u0640")
    western = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in letters)
    folded = western.casefold().translate(str.maketrans("ةىأإآ", "هياا" + "ا"))
    if keep_lines:
        return "\n".join(" ".join(line.split()) for line in folded.split("\n"))
    return " ".join(folded.split())


def _money(match: re.Match[str]) -> float:
    return _value(match["amount"]) * (1e6 if match["scale"] == "m" else 1e9)


def _digits(match: re.Match[str]) -> float:
    return _value(match.group())


def _hundred(match: re.Match[str]) -> float:
    return 100.0 * _words().get(match["times"] or "", 1) + _words().get(match["rest"] or "", 0)


def _word(match: re.Match[str]) -> float:
    return float(_words()[match.group(1)])


def _value(printed: str) -> float:
    bare = re.sub(r"[ ٬'’]", "", printed)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare):
        return float(re.sub(r"[.,]", "", bare))
    return float(bare.replace(",", ".").replace("٫", "."))


@cache
def _words() -> dict[str, int]:
    """Number words, folded, with their values."""
    known: dict[str, int] = {**_AR, **_ABOUT_FR}
    for value in range(2, 100):
        for language in ("en", "fr"):
            word = plain(str(num2words(value, lang=language)))
            known[word] = value
            known[word.replace("-", " ")] = value
    return {word: value for word, value in known.items() if word not in _NOT_NUMBERS}


@cache
def _hundreds() -> re.Pattern[str]:
    """Three hundred and twenty, trois cent vingt."""
    below = "|".join(map(re.escape, sorted((w for w, v in _words().items() if v < 100), key=len, reverse=True)))
    return re.compile(
        rf"(?<![\w-])(?<!per )(?<!pour )(?:(?P<times>{below}|a|one)[ -])?(?:cents?|hundred)"
        rf"(?:(?: and)?[ -](?P<rest>{below}))?(?![\w-])"
    )


@cache
def _single() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:ال|و|ب|ل)?({'|'.join(map(re.escape, longest_first))})(?![\w-])")
