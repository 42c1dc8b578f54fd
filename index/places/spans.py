"""Text to words, and words to the stretches that could be a place name. Knows spelling, not places."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from index.places.names import ARTICLES, fold, level

LONGEST_NAME = 5  # words: "Al Qāmishlī" has two, "Saint-Germain-en-Laye" four

_WORD = re.compile(r"((?:[A-Z]\.){2,}|[^\W\d_]+(?:[\u0300-\u036f\u064b-\u0652\u0670]+[^\W\d_]*)*)")
_APOSTROPHES = "'’‘ʼ`´"
_JOINERS = frozenset({" ", "-", "‐", "‑", "–", "\n", "\u00a0", "\u202f", ". "})
_INNER = frozenset(
    "al el ez as es ash ech az ad at et ar en de d du des la l le les lès sur sous the of and der am an bin da do dos"
    " das di del los las".split()
)
_MAY_BEGIN = ARTICLES | {"rural"}
_SURE_ARTICLES = frozenset({"al", "el", "ez", "az", "ash", "ul", "ech"})
_OPENING_MARKS = frozenset('.!?:؟\n“"«')
_NEVER_FIRST = frozenset("at in on as by and from ne nw se sw to for of".split())
_NEVER_LAST = frozenset("at a an in on the as by and from le la les un une en au et ou or".split())
_PREFIXES = ("ول", "وب", "فب", "فل", "وك", "و", "ف", "ب", "ل", "ك")


class Word(NamedTuple):
    """A word of the text."""

    start: int
    end: int
    text: str
    folded: str
    gap: str
    """What stands between the word before and this one."""
    is_capital: bool
    is_arabic: bool
    opens_sentence: bool


class Span(NamedTuple):
    """Words `first` to `last`, inclusive, that might be a name."""

    first: int
    last: int
    start: int
    end: int
    key: str
    """Folded."""
    bare_key: str
    """Folded without Latin articles; empty when that is nothing new."""
    level_key: str
    """"~" and the levelled spelling (`names.level`); empty when too short."""
    had_article: bool
    prefix: str = ""
    """The Arabic conjunction or preposition cut off its front: "ب" in "بحلب"."""


# The same as `Word(...)` and `Span(...)`, in half the time: a report has a thousand of each.
_word: Callable[[tuple[int, int, str, str, str, bool, bool, bool]], Word] = partial(tuple.__new__, Word)
_span: Callable[[tuple[int, int, int, int, str, str, str, bool, str]], Span] = partial(tuple.__new__, Span)


def words_of(text: str) -> list[Word]:
    """All words of a text with their offsets; "U.S." is one, "Dar'a" two joined by an apostrophe."""
    words: list[Word] = []
    gap, end, opens = "", 0, True
    pieces = _WORD.split(text)  # what stands between, a word, what stands between, ...
    every = pieces[1::2]
    spelt = map(_spelt, every)
    for between, printed, (folded, is_capital, is_arabic) in zip(pieces[:-1:2], every, spelt, strict=True):
        gap += between
        start = end + len(between)
        end = start + len(printed)
        if folded:
            opens = opens or (gap != " " and not _OPENING_MARKS.isdisjoint(gap))
            words.append(_word((start, end, printed, folded, gap, is_capital, is_arabic, opens)))
            gap, opens = "", False
        else:
            gap += printed
    return words


@lru_cache(maxsize=50_000)
def _spelt(printed: str) -> tuple[str, bool, bool]:
    """Folded; whether it begins with a capital; whether it is Arabic."""
    # "على" (on) and "علي" (Ali) fold alike; only one of them goes before a place.
    folded = printed if printed == "على" else fold(printed)
    return folded, printed[0].isupper(), "\u0600" <= printed[0] <= "\u06ff"


def spans_of(words: list[Word], may_name: Callable[[str], bool]) -> dict[int, list[Span]]:
    """By the number of a word what `spans_from` finds there, where it finds anything.

    Of those that begin with an Arabic word, as any may, only what `may_name` something.
    """
    spans: dict[int, list[Span]] = {}
    for number, word in enumerate(words):
        if word.is_arabic:
            here = list(_arabic_spans(words, number, may_name))
        elif word.is_capital or word.folded in _MAY_BEGIN:
            here = list(spans_from(words, number))
        else:
            continue
        if here:
            spans[number] = here
    return spans


def spans_from(words: list[Word], first: int, any_case: bool = False) -> Iterator[Span]:
    """Possible names that begin at a word, longest first. With `any_case` small letters will do (typed questions)."""
    word = words[first]
    if word.is_arabic:
        yield from _arabic_spans(words, first)
        return
    if word.folded in _NEVER_FIRST and first + 1 < len(words) and words[first + 1].gap == " ":
        return  # "At Cairo", "NE Syria"
    if not (word.is_capital or any_case or _begins_small(words, first)):
        return
    last = first
    while last + 1 < len(words) and last + 1 - first < LONGEST_NAME + 2 and _continues(words, last + 1, any_case):
        last += 1
    for end in range(last, first - 1, -1):
        if end > first and not (words[end].is_capital or any_case or words[end].gap in ("-", *_APOSTROPHES)):
            continue
        if end == first and not word.is_capital and not any_case:
            return
        if end > first and words[end].gap == " " and (len(words[end].text) == 1 or words[end].folded in _NEVER_LAST):
            continue  # "BEIRUT At least ten": a dateline and the sentence after it
        yield _latin_span(words, first, end)


def _latin_span(words: list[Word], first: int, last: int) -> Span:
    if first == last:
        word = words[first]
        return _span((first, last, word.start, word.end, word.folded, "", _levelled(word.folded), False, ""))
    part = words[first : last + 1]
    folded = [word.folded for word in part]
    key = "".join(folded)
    if ARTICLES.isdisjoint(folded):
        return _span((first, last, part[0].start, part[-1].end, key, "", _levelled(" ".join(folded)), False, ""))
    kept = [word for number, word in enumerate(part, start=first) if not _is_article(words, number, last)]
    bare = "".join(word.folded for word in kept)
    levelled = _levelled(" ".join(word.folded for word in kept))
    starts_with_article = _is_article(words, first, last)
    return Span(
        first, last, part[0].start, part[-1].end, key, bare if bare != key else "", levelled, starts_with_article
    )


@lru_cache(maxsize=20_000)
def _levelled(name: str) -> str:
    levelled = level(name)
    return f"~{levelled}" if len(levelled) >= 5 else ""


def _is_article(words: list[Word], number: int, last: int) -> bool:
    """Whether a word is an Arabic article before another word of the name; "at Cairo" and "en Syrie" have none."""
    if words[number].folded not in ARTICLES or number >= last:
        return False
    return words[number + 1].gap == "-" or words[number].folded in _SURE_ARTICLES


def _begins_small(words: list[Word], first: int) -> bool:
    """ "the al-Bab road", "in rural Damascus": a name may begin with a small letter."""
    if first + 1 >= len(words) or not words[first + 1].is_capital:
        return False
    return words[first].folded == "rural" or _is_article(words, first, first + 1)


def _continues(words: list[Word], number: int, any_case: bool) -> bool:
    word = words[number]
    if word.is_arabic:
        return False
    if word.gap in _APOSTROPHES:
        # Possessive "Aleppo's" ends the name; "Dar'a" and "N'Djamena" go on.
        return word.folded != "s"
    if word.gap == ". " and words[number - 1].folded not in ("st", "ste", "mt", "ft"):
        return False
    if words[number - 1].text.endswith("."):
        return False
    return word.gap in _JOINERS and (any_case or word.is_capital or word.folded in _INNER or word.gap == "-")


def _arabic_spans(words: list[Word], first: int, may_name: Callable[[str], bool] = lambda _: True) -> Iterator[Span]:
    last = first
    while (
        last + 1 < len(words)
        and last + 1 - first < 4
        and words[last + 1].is_arabic
        and words[last + 1].gap in (" ", "-", "\n")
    ):
        last += 1
    word = words[first]
    starts = [("", word.folded)]
    if word.folded.startswith(("لل", "ولل")):
        starts.append((word.folded[: word.folded.index("لل")] + "ل", "ال" + word.folded[word.folded.index("لل") + 2 :]))
    starts += [
        (p, word.folded[len(p) :]) for p in _PREFIXES if word.folded.startswith(p) and len(word.folded) > len(p) + 1
    ]
    for end in range(last, first - 1, -1):
        tail = "".join([other.folded for other in words[first + 1 : end + 1]])
        for prefix, head in starts:
            if may_name(key := head + tail):
                # Offsets count printed letters; a prefix is printed as it is folded.
                start = word.start + len(prefix)
                yield _span((first, end, start, words[end].end, key, "", "", False, prefix))
