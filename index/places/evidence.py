"""What the words around a possible name say for and against its being a place. Knows words only, no candidates."""

from typing import NamedTuple

from index.places.names import ARTICLES
from index.places.spans import Span, Word
from index.places.words import (
    ANY_TOWNS_THINGS,
    DIRECTIONS,
    DISTANCES,
    FIRST_NAMES,
    GENERIC,
    HEADS,
    LINKS,
    LOCATIVES,
    NOT_PLACES,
    ORGANISATION_TAILS,
    QUARTER_HEADS,
    QUARTERS_HEADS,
    REGION_HEADS,
    RIVER_NAMESAKES,
    RIVERSIDE,
    STREETS,
    TITLES,
    TOWN_THINGS,
    WATER_HEADS,
    WEAK_LOCATIVES,
)

_NEAR_GAPS = frozenset({" ", "-", "\n", "'", "’", "\u00a0"})
_ARABIC_LOCATIVE_PREFIXES = frozenset({"ب", "وب", "فب"})


class Evidence(NamedTuple):
    has_head: bool
    """A noun such as "town of" goes before, or "province" follows."""
    is_region: bool
    """That noun names a first-level region, or the countryside around a seat."""
    is_located: bool
    """A preposition of place goes before."""
    is_weakly_located: bool
    """Only "of", "de", "from" and the like do."""
    is_partial: bool
    """Part of a longer capitalised name: "Paris Hilton", "Lake Chad"."""
    is_person: bool
    """After a title or a given name."""
    is_water: bool
    is_continued: bool
    """An Arabic article and another word follow: "Bab al-Nayrab"."""
    is_street: bool
    """A street, square or the like follows: "Thawra Street"."""
    is_quarter: bool
    """The noun names a part of a city."""
    is_quartered: bool
    """The noun names several: a city's name may follow as well as theirs."""
    opens_sentence: bool


def evidence_of(words: list[Word], span: Span, placelike: frozenset[int] = frozenset()) -> Evidence:
    """The signs around a span. `placelike`: numbers of words that are likely places or adjectives of countries."""
    back = _words_before(words, span.first)
    ahead = _words_after(words, span.last)
    head = _head_before(back)
    tail = ahead[0].folded if ahead else ""
    arabic = words[span.first].is_arabic
    nearest = back[-1].folded if back else ""
    located = _locative_before(back) or (span.prefix if span.prefix in _ARABIC_LOCATIVE_PREFIXES else "")
    # "Borno State", but "the Aleppo state broadcaster".
    tail_is_head = not arabic and (tail in HEADS or (tail == "state" and ahead[0].is_capital))
    return Evidence(
        has_head=bool(head) or tail_is_head,
        is_region=head in REGION_HEADS or (tail_is_head and tail in REGION_HEADS),
        is_located=(bool(located) and located not in WEAK_LOCATIVES) or _owns_the_thing_before(nearest, span),
        is_weakly_located=bool(located),
        is_partial=not arabic and _is_partial(words, span, placelike),
        is_person=nearest in TITLES and not span.prefix,
        is_water=nearest in WATER_HEADS or (tail in WATER_HEADS and not arabic) or _is_river(back, span),
        is_continued=_is_continued(words, span),
        is_street=tail in STREETS and not arabic,
        is_quarter=head in QUARTER_HEADS or (tail in QUARTER_HEADS and not arabic),
        is_quartered=head in QUARTERS_HEADS,
        opens_sentence=words[span.first].opens_sentence,
    )


def _owns_the_thing_before(nearest: str, span: Span) -> bool:
    if span.prefix:
        return False
    return nearest in ANY_TOWNS_THINGS or (nearest in TOWN_THINGS and span.key.startswith("ال"))


def _words_before(words: list[Word], first: int) -> list[Word]:
    """Up to four words before, as long as nothing but space or an elision stands between."""
    back: list[Word] = []
    number = first
    while number > 0 and len(back) < 4 and words[number].gap in _NEAR_GAPS:
        number -= 1
        back.insert(0, words[number])
    return back


def _words_after(words: list[Word], last: int) -> list[Word]:
    ahead: list[Word] = []
    number = last + 1
    while number < len(words) and len(ahead) < 2 and words[number].gap in _NEAR_GAPS:
        ahead.append(words[number])
        number += 1
    return ahead


def _head_before(back: list[Word]) -> str:
    """The noun that announces the name: "village" in "village of X", "the northern town X"."""
    for word in reversed(back):
        if word.folded in HEADS:
            # "Hama Province WASHINGTON (Agency)" is a headline and a dateline; "rural Aleppo" is one name.
            is_loose = not word.is_arabic and word is back[-1] and word.folded in REGION_HEADS - {"rural"}
            return "" if is_loose else word.folded
        if word.folded not in LINKS:
            return ""
    return ""


def _locative_before(back: list[Word]) -> str:
    """The preposition before, looking past articles, compass words and "rebel-held"."""
    found = ""
    for word in reversed(back):
        if word.folded in LOCATIVES:
            found = word.folded
            if found not in WEAK_LOCATIVES:
                return found
        elif found and (word.folded in DIRECTIONS or word.folded in DISTANCES):
            return word.folded  # "12 km west of X" says more than "of X"
        elif word.folded not in DIRECTIONS and word.folded not in (
            "the",
            "la",
            "le",
            "l",
            "central",
            "greater",
            "held",
        ):
            return found
    return found


def _is_river(back: list[Word], span: Span) -> bool:
    """ "la boucle du Niger", "the bend of the Niger": the river, not the country."""
    if span.key not in RIVER_NAMESAKES:
        return False
    before = next((word for word in reversed(back) if word.folded not in LINKS), None)
    return before is not None and (before.folded in RIVERSIDE or before.folded in WATER_HEADS)


def _is_continued(words: list[Word], span: Span) -> bool:
    rest = words[span.last + 1 : span.last + 3]
    return len(rest) == 2 and rest[0].folded in ARTICLES and rest[0].gap in (" ", "-") and rest[1].gap == "-"


def _is_partial(words: list[Word], span: Span, placelike: frozenset[int]) -> bool:
    """Whether a capitalised neighbour, not itself a common noun, makes the span a part of another name."""
    after = words[span.last + 1] if span.last + 1 < len(words) else None
    if after is not None and after.gap in (" ", "-") and (after.is_capital or after.folded == "held"):
        if after.folded in ORGANISATION_TAILS:
            return True
        is_explained = after.folded in GENERIC or span.last + 1 in placelike or after.opens_sentence
        if after.is_capital and not is_explained:
            return True
    if span.first == 0 or words[span.first].gap not in (" ", "-"):
        return False
    before = words[span.first - 1]
    if before.folded in ARTICLES and words[span.first].gap == "-" and span.first > 1 and before.gap == " ":
        before = words[span.first - 2]  # "Tahrir al-Sham" is one name
    if before.folded in FIRST_NAMES and before.is_capital:
        return True
    is_explained = before.folded in GENERIC or before.folded in LOCATIVES or span.first - 1 in placelike
    if not before.is_capital or is_explained:
        return False
    # At the start of a sentence any word has a capital: "Rebel Aleppo" is no name, "Jean Reading" is.
    return not before.opens_sentence or before.folded in NOT_PLACES
