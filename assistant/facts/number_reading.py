"""One number in a run of words and figures: "deux cent mille", "3.5 million", "ثلاثة وعشرون".

Tokens first, then the rules that the three languages share for joining them.
"""

import math
import re
from typing import NamedTuple

from assistant.facts.figures import FIGURE, figure_value
from assistant.facts.number_words import (
    ARABIC,
    ARABIC_DUALS,
    ARABIC_ORDINAL,
    ENGLISH,
    FEMININE_DUAL,
    FRENCH,
    NOT_DUAL,
    VAGUE,
    NumberWord,
    fold_word,
)


class Token(NamedTuple):
    start: int
    end: int
    folded: str
    """The word folded, without the Arabic prefixes when it is a number; "" for figures."""
    figure: float | None
    word: NumberWord | None
    link: str
    """How it hangs on the token before: "space", "hyphen", "and" (a joiner between, or the Arabic و), "break"."""
    is_definite: bool = False


_PIECE = re.compile(
    rf"(?P<figure>(?<![\d.,٬٫]){FIGURE}|\d+)|(?P<word>(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670])+)"
)
_JOINERS = frozenset(["and", "et", "و"])
_ARABIC_PREFIX = re.compile(r"^(?P<and>[وف])?(?P<prep>[بكل])?(?P<article>ال|(?<=ل)ل)?(?=\w{2})")
_AFTERFIGURE = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12, "md": 10**9, "mds": 10**9}
_CURRENCY_BEFORE = re.compile(r"(?:[$£€¥]|USD|EUR|GBP)\s?$")
_CURRENCY_AFTER = re.compile(
    r"\s?[$£€¥]|\s(?:people|refugees|displaced|users|barrels|tonnes|tons|dollars|euros|d['’]euros)"
)


def read_tokens(text: str, language: str) -> list[Token]:
    table = _table(language)
    tokens: list[Token] = []
    last_end, is_joined = 0, False
    for match in _PIECE.finditer(text):
        gap = text[last_end : match.start()]
        link = "space" if not gap.strip() else "hyphen" if gap in ("-", "‐", "‑") else "break"
        last_end = match.end()
        word = match.group("word")
        if word and fold_word(word) in _JOINERS and link != "break":
            is_joined = True
            continue
        if is_joined and link != "break":
            link = "and"
        is_joined = False
        if word:
            tokens.append(_word_token(match, word, link, table))
        else:
            tokens.append(Token(match.start(), match.end(), "", figure_value(match.group()), None, link))
    return [_marked(token, tokens, place, text) for place, token in enumerate(tokens)]


def _table(language: str) -> dict[str, NumberWord]:
    if language in ("en", "ar"):
        return _ENGLISH_TABLE
    return _FRENCH_TABLE if language == "fr" else _EITHER_TABLE


_ENGLISH_TABLE = {**ARABIC, **ENGLISH}
_FRENCH_TABLE = {**ARABIC, **FRENCH}
_EITHER_TABLE = {**ARABIC, **FRENCH, **ENGLISH}


def _word_token(match: re.Match[str], word: str, link: str, table: dict[str, NumberWord]) -> Token:
    folded = fold_word(word)
    entry = table.get(folded)
    is_definite = False
    # Nothing is left of a vowel mark that stands alone.
    if entry is None and "\u0600" <= folded[:1] <= "\u06ff":
        prefix = _ARABIC_PREFIX.match(folded)
        bare = folded[prefix.end() :] if prefix else folded
        is_definite = bool(prefix and prefix.group("article"))
        entry = table.get(bare) or (NumberWord("small", 2) if _is_dual(folded, bare) else None)
        # لست is "I am not", ألست "am I not"; الاثنين is Monday.
        if folded in ("لست", "لسته", "الاثنين", "والاثنين", "بست", "وسته"):
            entry = None
        if entry is not None and prefix and prefix.group("and") and link == "space":
            link = "and"
        folded = bare if entry else folded
    return Token(match.start(), match.end(), folded, None, entry, link, is_definite)


def _is_dual(folded: str, bare: str) -> bool:
    if NOT_DUAL.search(folded) or NOT_DUAL.search(bare):
        return False
    return any(word in ARABIC_DUALS or FEMININE_DUAL.search(word) for word in (folded, bare))


def _marked(token: Token, tokens: list[Token], place: int, text: str) -> Token:
    """Settles the words that count only beside others."""
    previous = tokens[place - 1] if place else None
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if token.folded in _AFTERFIGURE and previous and previous.figure is not None and token.start - previous.end <= 1:
        is_money = _CURRENCY_BEFORE.search(text[: previous.start]) or _CURRENCY_AFTER.match(text[token.end :])
        if token.folded not in ("m", "k") or is_money or text[token.start] in "KM":
            return token._replace(word=NumberWord("scale", _AFTERFIGURE[token.folded]), link="space")
    if token.folded == "neuf" and token.word and not _is_nine(previous, following):
        return token._replace(word=None)
    if token.word and text[token.start].isupper() and following and following.link == "hyphen":
        # Deux-Sèvres, Trois-Rivières: a place; "Vingt-trois" goes on in lower case.
        return token._replace(word=None) if text[following.start].isupper() and not following.word else token
    return token


def _is_nine(previous: Token | None, following: Token | None) -> bool:
    """French "neuf" is nine before a plural and inside a number, "new" after a noun."""
    if previous and previous.word and previous.word.value >= 10:
        return True
    if following is None or following.link == "break":
        return previous is not None and previous.folded in _LEADS_TO_A_FIGURE  # "n'en reconnaît que neuf."
    return bool(following.word) or following.folded[-1:] in ("s", "x") or following.folded in ("sur", "d")


_LEADS_TO_A_FIGURE = frozenset(("que", "compte", "comptent", "sont", "etaient", "denombre", "recense"))


class Reading(NamedTuple):
    start: int
    end: int
    value: float
    scale: float
    """The scale that ends it (1,000,000 in "3 million"), 1 when none."""
    first: int
    next: int
    """Token positions, half-open."""
    is_rough: bool
    """Its own words are approximate: "une cinquantaine"."""


def read_number(tokens: list[Token], first: int) -> Reading | None:
    """The longest number that starts at token `first`, by the rules all three languages share: units join tens, a
    hundred multiplies what stands before it, a scale closes the group."""
    if not _can_start(tokens, first):
        return None
    total, group, floor, scale, is_rough, is_figure = 0.0, None, math.inf, 1.0, False, False
    at = first
    closed: tuple[float, int] | None = None
    while at < len(tokens):
        token = tokens[at]
        link = "start" if at == first else token.link
        # "de" may stand between: "une centaine de milliers".
        skipped = at
        if at > first and token.folded in ("de", "d") and link == "space" and is_rough and at + 1 < len(tokens):
            skipped, token = at + 1, tokens[at + 1]
            if token.word is None or token.word.kind != "several":
                break
        if link == "break":
            break
        if token.figure is not None:
            if at != first and not _continues_with_figure(tokens, at, group, floor, link):
                break
            group, is_figure = token.figure, True
        elif token.word is None or (tokens[first].figure is not None and total and not _is_multiplied(tokens, at)):
            break  # "1.7 million four years ago": two numbers
        else:
            kind, value = token.word
            if kind in ("scale", "several") or (kind == "group" and value == 1000):
                if group is not None and (value < floor or total == 0) and link != "and":
                    total, group = total + group * value, None
                elif group is None and total and value > floor and link == "space":
                    total *= value  # mille milliards
                elif group is None and (at == first or (link == "and" and value < floor)):
                    total += value
                else:
                    if total and closed and group is not None:  # "between two million and three million"
                        (total, at), group = closed, None
                    break
                # مليونين is two and a scale in one word.
                floor, scale, is_figure = value / 2 if str(value)[0] == "2" else value, float(value), False
                closed = (total, skipped + 1)
                is_rough = is_rough or kind == "group"
            elif kind == "group":
                if group is not None and (group >= 20 or link == "and"):
                    break
                group, is_figure = (group or 1) * value, False
                is_rough = is_rough or value != 12
            else:
                joined = (
                    None if is_figure and kind != "hundred" else _joined(group, token, link, at == first or total > 0)
                )
                if joined is None:
                    break
                group, is_figure = joined, False
        at = skipped + 1
    value = round(total + (group or 0), 6)
    if at == first or (value == 1 and tokens[first].figure is None):
        return None
    closing = scale if group is None else 1.0
    return Reading(tokens[first].start, tokens[at - 1].end, value, closing, first, at, is_rough)


def _can_start(tokens: list[Token], first: int) -> bool:
    token = tokens[first]
    if token.figure is not None:
        return True
    if token.word is None:
        return False
    previous = tokens[first - 1] if first and token.link != "break" else None
    kind, value = token.word
    is_arabic = "\u0600" <= token.folded[0] <= "\u06ff"
    if kind == "several":
        return False
    if kind == "article":
        following = tokens[first + 1] if first + 1 < len(tokens) else None
        if following is None or following.word is None or following.link == "break":
            return False
        if is_arabic:
            return following.word.kind == "ten_ar" or (following.link == "and" and following.word.value >= 20)
        return following.link != "and" and following.word.kind in ("hundred", "scale", "group")
    if previous and previous.folded in VAGUE and kind in ("hundred", "scale", "group"):
        return False
    if kind == "scale" and not is_arabic and value >= 10**6:
        return False  # "million" needs its number or article
    # Parts of an Arabic ordinal: الحادي والعشرين, الثاني عشر.
    return not (previous and ARABIC_ORDINAL.match(previous.folded) and (token.link == "and" or kind == "ten_ar"))


def _is_multiplied(tokens: list[Token], at: int) -> bool:
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    is_multiple = bool(following and following.word and following.word.kind in ("hundred", "scale", "several"))
    return is_multiple and following is not None and following.link == "space"


def _continues_with_figure(tokens: list[Token], at: int, group: float | None, floor: float, link: str) -> bool:
    """Whether a figure goes on a number already begun: "مليون و200 ألف", "1 million 200 000"; not "2015 300"."""
    figure = tokens[at].figure or 0.0
    if group is not None or floor == math.inf or figure >= floor or link == "hyphen":
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    is_scaled = (
        following and following.word and following.link == "space" and following.word.kind in ("scale", "several")
    )
    return bool(is_scaled and following.word.value < floor) or (  # pyright: ignore[reportOptionalMemberAccess]
        link == "space" and figure >= 1000 and figure % 1000 == 0
    )


def _joined(group: float | None, token: Token, link: str, is_open: bool) -> float | None:
    """`group` (below 1000) with one more word, or none when the word starts another number."""
    assert token.word is not None
    kind, value = token.word
    is_arabic = "\u0600" <= token.folded[0] <= "\u06ff"
    if group is None:
        return float(value) if is_open and (link == "start" or token.folded not in ("a", "an")) else None
    if token.folded in ("a", "an"):
        return None  # "twenty a day"
    rest = group % 100
    if kind == "hundred":
        return group * 100 if 0 < group < 100 and link != "and" else None
    if kind == "hundreds":
        return None
    if kind == "ten_ar":
        return group + 10 if 0 < rest < 10 and link == "space" else group + 10 if rest == 0 and link == "and" else None
    if is_arabic:
        if rest == 0:
            return group + value if link == "and" else None
        return group + value if rest < 10 and value >= 20 and link == "and" else None
    if rest == 0:
        return group + value
    if rest == 4 and token.folded.startswith("vingt") and link != "and":
        return group + 76  # quatre-vingts
    if rest >= 20 and rest % 10 == 0 and value < 10:
        return group + value if link != "and" or token.folded in ("un", "une") else None
    if rest == 10 and value in (7, 8, 9) and token.folded not in ENGLISH and link != "and":
        return group + value  # dix-sept
    if rest in (60, 80) and 10 <= value < 20 and token.folded not in ENGLISH:
        return group + value if link != "and" or value == 11 else None
    return None


_ORDINAL = re.compile(
    r"first|(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|\w+tieth|hundredth|"
    r"thousandth|millionth)|\w+iemes?"
)


def is_ordinal(tokens: list[Token], reading: Reading) -> bool:
    """ "twenty-first", "vingt et unième", "cent-cinquantième": the number only begins an ordinal."""
    if reading.next >= len(tokens) or tokens[reading.first].figure is not None:
        return False
    following = tokens[reading.next]
    is_ordinal = bool(_ORDINAL.fullmatch(following.folded))
    return is_ordinal and (following.link in ("hyphen", "and") or following.folded.endswith(("ieme", "iemes")))
