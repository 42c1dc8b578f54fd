"""A sentence as time-words: what each word is to a date, as one letter. Knows words, not calendars.

Offsets are those of the text given: folding is done word by word, so nothing shifts.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from index.dates.words import (
    ABBREVIATIONS,
    AFTER_ITS_UNIT,
    COMPOUNDS,
    DATED,
    ENGLISH_PAST,
    NOT_FUTURE,
    PAST_FORM,
    PLURAL,
    SINGULAR,
    UNSURE_MONTHS,
    WORDS,
    Meaning,
)


class Token(NamedTuple):
    kind: str
    """See `index.dates.words`; the marks , . - / ( ) : stand for themselves."""
    value: int
    start: int
    end: int
    is_unsure: bool = False
    """An abbreviation or an ordinary word as well: kept as time only when its neighbours say so."""


# The same as `Token(...)`, in half the time: most words of a report become one.
_token: Callable[[tuple[str, int, int, int, bool]], Token] = partial(tuple.__new__, Token)


class _Reading(NamedTuple):
    """One way to take an Arabic word apart: wa-, fa-, bi-, li-, ka- and the article are written onto it."""

    skip: int
    base: str
    before: str
    """Kinds of what was taken off: "&" for and, "i" for a preposition."""


# Combining marks (tashkeel, decomposed accents) do not end a word, though \w leaves them out.
_MARK = "\u0300-\u036f\u064b-\u065f\u0670\u0640"
# What a piece begins with tells its kind, so that of the kinds the most frequent can be tried first.
_PIECES = r"""
    (?P<word>[^\W\d_]+(?:[MARK]+[^\W\d_]*)*)
    |(?P<date>(?<![\w.,/-])(?:\d{4}(?P<iso>[-/.])\d{1,2}(?P=iso)\d{1,2}|\d{1,2}(?P<sep>[-/.])\d{1,2}(?P=sep)\d{4})
        (?!\d|[-/.,]\d))
    |(?P<glued>\d{1,2}(?:19|20)\d\d)(?!\w)
    |(?P<number>\d+(?:[.,:٫٬]\d+|[SPACE]\d{3}(?!\d))*)(?P<suffix>(?:st|nd|rd|th|er|[eè]me|e)\b)?(?P<tail>[^\W\d]\w*)?
    |(?P<mark>[-–—‑/.,،()!?؟;؛:…%٪])"""
_SPACED = re.compile(_PIECES.replace("SPACE", " \u00a0\u202f").replace("MARK", _MARK), re.VERBOSE)
_UNSPACED = re.compile(_PIECES.replace("SPACE", "\u00a0\u202f").replace("MARK", _MARK), re.VERBOSE)
_WORDS = re.compile("[^\\W\\d_]+(?:[MARK]+[^\\W\\d_]*)*".replace("MARK", _MARK))
_MAY_BE_DATE = re.compile(r"\d(?:\d{3}|(?<!\w\d)\d?(?:st|nd|rd|th)\b|(?<=\b(?:le|au) \d)\d?\b)", re.I)
"""Figures that may be a year, a date or a day of the month; other numbers are none by themselves. What comes before
them is looked back for: a pattern that begins with a figure is through a text without any in no time."""
TELLING = "TMWSYZRtjwoyrkXHDLO"
"""Kinds of which every expression of time has one: dates, their parts, and the units they are counted in."""
_DAYS_IN_HOURS = ("24", "36", "48", "72", "96")
"""Hours that are a stretch of time when written "48h"; "18h" is a time of the day."""
_MARKS = {"–": "-", "—": "-", "‑": "-", "،": ",", "!": ".", "?": ".", "؟": ".", "…": ".", ";": ".", "؛": "."}
_ARABIC_FORMS = str.maketrans("أإآٱىةؤئیکگ", "اااايهوييكك", "ء\u0640")
_HAS_ARABIC = re.compile("[\u0600-\u06ff]")
_FRENCH_FUTURE = re.compile(r"\w*(?:er|ir|dr|aur|rr|vr|ttr|[iî]tr)(?:a|ont)$")
_NOT_FRENCH_FUTURE = re.compile(r"\w*(?:tira|mira|spira|vira|camera|sierra|sahara)$")


def read_tokens(text: str, language: str) -> list[Token]:
    """The tokens of `text`. Words that mean nothing for time are kept as kind "x": what stands between matters."""
    pattern = _SPACED if language == "fr" else _UNSPACED
    pieces = list(pattern.finditer(text))
    tokens: list[Token] = []
    index = 0
    while index < len(pieces):
        match = pieces[index]
        if match.lastgroup != "word":
            tokens += _tokens_of_figures(text, match, language)
            index += 1
        elif (alone := _alone(match[0], language)) is not None:
            kind, value, is_unsure = alone
            tokens.append(_token((kind, value, match.start(), match.end(), is_unsure)))
            index += 1
        else:
            index = _add_word(tokens, pieces, index, language)
    is_french = language == "fr"
    settled = [
        # Only of these may the neighbours make something else.
        _settled(text, tokens, place, language)
        if token.is_unsure or token.kind == "l" or (is_french and token.kind == "N")
        else token
        for place, token in enumerate(tokens)
    ]
    kinds = kinds_of(settled)
    if "N" not in kinds:
        return settled
    return [
        token._replace(kind="O") if token.kind == "N" and _is_day_of_month(text, settled, kinds, place) else token
        for place, token in enumerate(settled)
    ]


def kinds_of(tokens: list[Token]) -> str:
    """The letters of the tokens, which the grammar's patterns are over."""
    return "".join([token.kind for token in tokens])


def _is_day_of_month(text: str, tokens: list[Token], kinds: str, place: int) -> bool:
    """ "On the 15th", "le 15", "يوم 15" with nothing behind that the number could belong to, nor a further day."""
    token, before = tokens[place], tokens[place - 1] if place else None
    if before is None or not 1 <= token.value <= 31 or not text[token.start].isdigit():
        return False
    has_weekday = kinds[place - 2 : place - 1] == "W"  # "Monday the 9th" is read whole
    is_ordinal = before.kind == "z" and text[token.end - 1].isalpha() and not has_weekday
    is_led = before.value == DATED and before.kind in "zj"
    is_end = before.kind == ">" and kinds[place - 2 : place - 1] == "u"
    if not (is_ordinal or is_led or is_end):
        return False
    # "واستمر": of words that say nothing of time the "and" is not taken off.
    is_joined = kinds[place + 1 : place + 2] == "x" and text[tokens[place + 1].start] == "و"
    return is_joined or _NOTHING_COUNTED.match(kinds, place + 1) is not None


_NOTHING_COUNTED = re.compile(r"$|(?![&>,-]+z?(?:W,?)?N)[.,):;&>PFaizt-]")


def may_tell_time(text: str, language: str) -> bool:
    """False only for a text without a token that `index.dates.grammar` needs: one kind of `TELLING` at least.

    Much cheaper than reading the tokens, and true of hardly half of the sentences of a report.
    """
    if _MAY_BE_DATE.search(text) is not None:
        return True
    silent = _silent[language]
    for word in set(_WORDS.findall(text)) - silent:  # words met before are set aside all at once
        if _may_be_telling(word, language):
            return True
        if len(silent) >= _MOST_SILENT:
            silent.clear()
        silent.add(word)
    return False


_silent: dict[str, set[str]] = {language: set() for language in WORDS}
"""By language, words met before of which none begins an expression of time."""
_MOST_SILENT = 20_000


@lru_cache(maxsize=2_000)
def _may_be_telling(word: str, language: str) -> bool:
    telling = _telling_words(language)
    return any(reading.base in telling for reading in _readings(fold(word), language))


@lru_cache(maxsize=8)
def _telling_words(language: str) -> frozenset[str]:
    """Folded words that a token of such a kind can begin with; French "sept" may be September, "48h" are hours."""
    phrases = {fold(phrase[0]) for phrase, meaning in WORDS[language].items() if meaning.kind in TELLING}
    return frozenset({*phrases, *(word for (word,) in ABBREVIATIONS[language]), *COMPOUNDS[language], "sept", "h"})


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case, no accents or tashkeel, one alef: "Août" → "aout", "الأحدُ" → "الاحد"."""
    if word.isascii():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word.translate(_ARABIC_FORMS).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _folded(match: re.Match[str]) -> str:
    return fold(match.group()) if match.lastgroup == "word" else _MARKS.get(match.group(), match.group())


def _add_word(tokens: list[Token], pieces: list[re.Match[str]], index: int, language: str) -> int:
    """Appends the tokens of the longest phrase that starts at `index`; returns the index after it."""
    match, folded = pieces[index], _folded(pieces[index])
    start, end = match.span()
    for reading in _readings(folded, language):
        if (compound := COMPOUNDS[language].get(reading.base)) is not None:
            number, unit = compound
            tokens += [*_prefixes(reading, start), Token(*number, start + reading.skip, end), Token(*unit, end, end)]
            return index + 1
        for length in _phrase_lengths(language).get(reading.base, ()):
            phrase = (reading.base, *map(_folded, pieces[index + 1 : index + length]))
            meaning = _with_accents(match.group(), length, language) or WORDS[language].get(phrase)
            if meaning is None or len(phrase) < length or not _fits(meaning, reading.base, tokens, language):
                continue
            last = pieces[index + length - 1]
            is_unsure = meaning.kind in "MW" and _is_unsure(match.group(), folded, reading.base, meaning, language)
            tokens += [*_prefixes(reading, start)]
            tokens.append(Token(meaning.kind, meaning.value, start + reading.skip, last.end(), is_unsure))
            return index + length
    abbreviation = ABBREVIATIONS[language].get((folded,))
    if abbreviation and (language == "fr" or match.group()[0].isupper()):
        has_stop = index + 1 < len(pieces) and _folded(pieces[index + 1]) == "." and pieces[index + 1].start() == end
        tokens.append(Token(abbreviation.kind, abbreviation.value, start, end + has_stop, True))
        return index + 1 + has_stop
    if folded != "ال":  # the article written apart from a number, "الـ 15", would stand between it and its preposition
        tokens.append(Token(*_plain(match.group(), language), start, end))
    return index + 1


@lru_cache(maxsize=20_000)
def _alone(word: str, language: str) -> tuple[str, int, bool] | None:
    """Kind, value and `is_unsure` of a word that is one token whatever its neighbours are, as most are; else none."""
    folded = fold(word)
    if folded == "ال":
        return None
    longest = {r.base: max(_phrase_lengths(language).get(r.base, [0])) for r in _readings(folded, language)}
    if any(longest.values()) or not COMPOUNDS[language].keys().isdisjoint(longest):
        if language == "ar" or longest[folded] != 1 or folded in COMPOUNDS[language]:
            return None
        meaning = _with_accents(word, 1, language) or WORDS[language][folded,]
        return meaning.kind, meaning.value, meaning.kind in "MW" and _is_unsure(word, folded, folded, meaning, language)
    return None if (folded,) in ABBREVIATIONS[language] else (*_plain(word, language), False)


@lru_cache(maxsize=20_000)
def _plain(word: str, language: str) -> tuple[str, int]:
    """Kind and value of a word that stands for itself."""
    folded = fold(word)
    is_past = language == "en" and (folded in ENGLISH_PAST or (folded.endswith("ed") and word.islower()))
    is_singular = language == "en" and word.islower() and not folded.endswith("s")
    kind = "F" if _is_future(word, folded, language) else "x"
    return kind, PAST_FORM if is_past else SINGULAR if is_singular else 0


@lru_cache(maxsize=20_000)
def _readings(folded: str, language: str) -> tuple[_Reading, ...]:
    if language != "ar":
        return (_Reading(0, folded, ""),)
    return tuple(_take_apart(folded))


def _take_apart(folded: str) -> Iterator[_Reading]:
    """Least taken off first, so that "واحد" (one) is not read as "and a Sunday"."""
    for conjunction in ("", "و", "ف"):
        if not folded.startswith(conjunction):
            continue
        rest = folded[len(conjunction) :]
        joined = "&" if conjunction else ""
        yield _Reading(len(conjunction), rest, joined)
        if rest.startswith("ال"):
            yield _Reading(len(conjunction), rest[2:], joined)
        if rest.startswith("لل"):
            yield _Reading(len(conjunction) + 1, "ال" + rest[2:], joined + "i")
            yield _Reading(len(conjunction) + 1, rest[2:], joined + "i")
        elif rest[:1] in ("ب", "ل", "ك") and len(rest) > 3:
            yield _Reading(len(conjunction) + 1, rest[1:], joined + "i")
            if rest[1:3] == "ال":
                yield _Reading(len(conjunction) + 1, rest[3:], joined + "i")


def _prefixes(reading: _Reading, start: int) -> list[Token]:
    return [Token(kind, 0, start + place, start + place + 1) for place, kind in enumerate(reading.before)]


@lru_cache(maxsize=8)
def _phrase_lengths(language: str) -> dict[str, list[int]]:
    """First word of a phrase → how many words its phrases have, longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in WORDS[language]:
        lengths.setdefault(fold(phrase[0]), set()).add(len(phrase))
    return {first: sorted(found, reverse=True) for first, found in lengths.items()}


def _with_accents(word: str, length: int, language: str) -> Meaning | None:
    """French "à" and "a", "dès" and "des" differ by their accent alone."""
    return WORDS["fr"].get((word.lower(),)) if language == "fr" and length == 1 else None


def _fits(meaning: Meaning, base: str, tokens: list[Token], language: str) -> bool:
    """Arabic names of days are trusted with their article, or after "day": أحد is also "someone"."""
    if language != "ar" or meaning.kind != "W" or base.startswith("ال"):
        return True
    return bool(tokens) and tokens[-1].kind == "j"


def _is_unsure(word: str, folded: str, base: str, meaning: Meaning, language: str) -> bool:
    if language == "fr":  # in French only names are capitalised: "la planète Mars", "Robinson et Vendredi"
        return word[0].isupper()
    if meaning.kind == "W":  # "Mondays raid", its apostrophe lost on the way, or "on Mondays"
        return folded.endswith("days")
    return meaning.kind == "M" and (base if language == "ar" else folded) in UNSURE_MONTHS[language]


def _is_future(word: str, folded: str, language: str) -> bool:
    if language == "fr":
        lower = word.lower()
        return word[0].islower() and bool(_FRENCH_FUTURE.match(lower)) and not _NOT_FRENCH_FUTURE.match(folded)
    if language == "ar":
        bare = folded[1:] if folded[:2] in ("وس", "فس") else folded
        has_future_letter = bare[:1] == "س" and (bare[1:2] in ("ي", "ت", "ن") or "سأ" in word[:3])
        return has_future_letter and len(bare) > 3 and not bare.startswith(tuple(NOT_FUTURE))
    return False


def _tokens_of_figures(text: str, match: re.Match[str], language: str) -> list[Token]:
    start, end = match.span()
    if match["date"]:
        day = _numeric_date(match["date"], match["sep"], language)
        return [Token("T", day.toordinal(), start, end) if day else Token("x", 0, start, end)]
    if match["glued"]:  # "Jul 172015", as some web pages lose the comma and the space
        return [
            Token("N", int(match["glued"][:-4]), start, end - 4),
            Token("Y", int(match["glued"][-4:]), end - 4, end),
        ]
    if match["mark"]:
        mark = _folded(match)
        ends_sentence = mark != "." or text[end : end + 1] in ("", " ", "\n", "\u00a0")
        return [Token(mark if ends_sentence else "x", 0, start, end)]
    if match["number"] in _DAYS_IN_HOURS and match["tail"] == "h":
        return [Token("N", int(match["number"]), start, end), Token("r", PLURAL, end, end)]
    return [_number(text, match)]


def _number(text: str, match: re.Match[str]) -> Token:
    digits = match["number"]
    span = match.span()
    is_amount = text[span[0] - 1 : span[0]] in ("$", "€", "£") or text[span[1] : span[1] + 1] in (
        "%",
        "٪",
        "$",
        "€",
        "£",
    )
    if not digits.isdigit() or len(digits) > 4 or is_amount:
        return Token("x", 0, *span)
    value = int(digits)
    if len(digits) == 4:
        is_decade = match["tail"] == "s" and value % 10 == 0
        is_year = 1500 <= value < 2100
        return Token("Z" if is_year and is_decade else "Y" if is_year and not match["tail"] else "x", value, *span)
    return Token("x" if match["tail"] else "N", value, *span)


def _numeric_date(figures: str, separator: str | None, language: str) -> date | None:
    """Year first as in ISO; else day first, but English with slashes month first unless that is no month."""
    first, second, third = (int(part) for part in re.split(r"[-/.]", figures))
    if separator is None:
        orders = [(first, second, third)]
    elif language == "en" and separator == "/":
        orders = [(third, first, second), (third, second, first)]
    else:
        orders = [(third, second, first), (third, first, second)]
    for year, month, day in orders:
        if 1 <= year <= 9998 and 1 <= month <= 12:
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


_ENDS_A_DATE = re.compile(r"\s*(?:[?.,;:!)]|$|\d{4}\b|(?:and|or|to|in|at|near|until)\b)", re.I)


def _settled(text: str, tokens: list[Token], place: int, language: str) -> Token:
    """The token, or the same as an ordinary word when its neighbours do not make it a date."""
    token = tokens[place]
    kinds = "".join(near.kind for near in tokens[max(0, place - 3) : place + 4])
    here = min(place, 3)
    before, after = kinds[:here], kinds[here + 1 :]
    if language == "fr" and token.kind == "N" and text[token.start : token.end].lower() == "sept":
        is_month = before[-1:] == "N" and after[:1] in (".", "Y")
        return Token("M", 9, token.start, token.end) if is_month else token
    if token.kind == "l" and token.value == AFTER_ITS_UNIT and before[-1:] not in tuple("jwoyktSMW"):
        return Token("x", 0, token.start, token.end)
    if not token.is_unsure:
        return token
    beside_number = (
        before[-1:] in ("N", "Y") or before[-2:] in ("N-", "Nv") or after[:1] in ("N", "Y") or after[:2] in (",N", "-Y")
    )
    word = text[token.start : token.end]
    if token.kind == "W" and language == "en" and word.endswith("days"):
        is_time = before[-1:] != "i" and after[:1] in ("x", "N", "F", "P")
    elif token.kind == "W":
        starts_sentence = before[-1:] in ("", ".", ",", ":", ")", "-", "c", "z", "i")
        is_name_of_day = language == "fr" and len(word) > 4 and starts_sentence
        is_time = is_name_of_day or after[:1] in ("N", "M") or after[:2] in (",N", ",M", "zN")
    elif language == "fr":
        is_time = beside_number or (
            len(word) > 3 and fold(word) != "mars" and before[-1:] in ("", ".", "i", "v", "b", "m", "e")
        )
    else:
        is_capital = word[0].isupper() or bool(_HAS_ARABIC.match(word))
        is_short = language == "en" and len(word.rstrip(".")) < 5 and fold(word) not in UNSURE_MONTHS["en"]
        is_owner = text[token.end : token.end + 2] in ("'s", "’s")
        is_led = before[-1:] in tuple("ivsufgdClncbmeJBho/(") or before[-2:] in ("m-", "b-", "e-") or "M" in before
        is_followed = after[:1] in tuple("lncM") or after[:2] in ("/M", "(M", "-M", ">M")
        # As typed in haste: "on 8 march", "3 may?"; but not "8 may have died".
        is_small_date = before[-1:] == "N" and _ENDS_A_DATE.match(text, token.end) is not None
        is_time = not is_owner and (
            is_small_date
            or (is_capital and (beside_number or (is_led and (not is_short or word[-1] == ".")) or is_followed))
        )
    return token if is_time else Token("x", 0, token.start, token.end)
