"""Names the gazetteer does not have as written: found by their sound, or put on the map by the text itself.

"le village de X, dans la banlieue nord-est de Y" and "X, a village 20 km north of Y" place X by Y; "the quarter of X"
is one of the town told of last.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from index.dates.tokens import read_tokens
from index.places.evidence import Evidence, evidence_of
from index.places.finding import Decided, Reading, areas_around, as_place
from index.places.gazetteer import Candidate, Gazetteer
from index.places.geometry import moved
from index.places.names import (
    ARTICLES,
    HEARD_COUNTRIES,
    SOUNDED_COUNTRIES,
    fold,
    is_arabic,
    long_vowels_heard,
    skeleton,
    vowels_agree,
    vowels_written,
)
from index.places.spans import Span, Word, spans_from
from index.places.words import (
    CAMPS,
    DEMONYMS,
    DIRECTIONS,
    GENERIC,
    HEADS,
    LINKS,
    LOCATIVES,
    NOT_PLACES,
    QUARTER_HEADS,
    QUARTERS_HEADS,
    RIVERS_AND_SUCH,
    UNKNOWN_HEADS,
    WEAK_LOCATIVES,
)
from index.types import Place

MILE_KM = 1.609344
REACH_BACK = 400  # characters before a quarter within which the text must name its town
REACH = 110  # characters after a name within which the text must say by what it lies

_UNIT = re.compile(
    r"(?:(?P<figure>\d+(?:[.,]\d+)?)\s*-?\s*|\b)"
    r"(?P<unit>kms?|kilomet(?:er|re)s?|kilomètres?|كم|كيلومتر\w*|كلم|miles?|mi|ميلا?|أميال)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(near|close to|outside|outskirts|edge|north|south|east|west|northern|southern|eastern|western|suburbs?|"
    r"countryside|province|"
    r"governorate|region|km|kilom\w+|miles?|in|of|près|proche|banlieue|périphérie|nord|sud|est|ouest|province|gouvernorat|"
    r"région|dans|entrée|sortie|lisière|non loin|à proximité|aux environs|"
    r"aux portes)\b|قرب|بالقرب|ريف|شمال|جنوب|شرق|غرب|محافظة|ضواحي|في|كم",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r"\s*[,،]\s*(?:an?|une?|the|le|la|petit|small|eastern|western|northern|southern|\s)*"
    r"(?:village|town|hamlet|locality|localité|hameau|bourgade|قرية|بلدة)\b",
    re.IGNORECASE,
)

_ELSEWHERE = re.compile(
    r"[,،;]\s*(?:while|whereas|and (?:in|at)|tandis qu|alors qu|pendant qu|بينما|فيما|في حين)", re.IGNORECASE
)
"""Behind it the sentence tells of something else."""

_MEASURED = re.compile(
    r"\s*[,،(]?\s*(?:(?:some|about|around|roughly|nearly|just|located|lying|à|situé\w*|distant\w*|près|environ|une?|de|"
    r"على بعد|على مسافة|نحو)\s+)*(?:\d+(?:[.,]\d+)?|\w+)\s*-?\s*(?:de\s+)?"
    r"(?:kms?|kilomet(?:er|re)s?|kilomètres?|miles?|كم|كلم|كيلومتر\w*)\b",
    re.IGNORECASE,
)

_LISTING = LINKS | ARTICLES | {"and", "et"}


class Unknown(NamedTuple):
    start: int
    end: int
    place: Place


def place_unknown(text: str, reading: Reading, gazetteer: Gazetteer) -> list[Unknown]:
    """The names of a text that are no spelling of the gazetteer's but can be placed all the same, in order."""
    taken = {number for d in reading.decided for number in range(d.span.first, d.span.last + 1)}
    named: dict[str, Place] = {}
    found: list[Unknown] = []
    about = reading.context.countries
    hears = any(about.get(country, 0.0) >= 0.5 for country in HEARD_COUNTRIES)
    spans = list(_unread_names(reading, taken, hears))
    for span in spans:
        if span.key not in named:
            place = _placed(text, span, reading, gazetteer)
            if place is not None:
                named[span.key] = place
    for span in spans:
        if (place := named.get(span.key)) is not None:
            printed = text[span.start : span.end]
            found.append(Unknown(span.start, span.end, place.model_copy(update={"name": printed})))
    return found


def _unread_names(reading: Reading, taken: set[int], hears: bool) -> Iterator[Span]:
    """Longest runs of capitalised words, or Arabic words after a head, that no decision covers.

    `hears`: also Arabic words after a preposition, for the report is about a country that Arabic spells by ear.
    """
    words, last = reading.words, -1
    for number, word in enumerate(words):
        if not (word.is_arabic or number in reading.spans) or number <= last or number in taken:
            continue
        span = _unread_at(words, number, reading.spans.get(number, []), taken, hears)
        if span is not None:
            yield span
            last = span.last


def _unread_at(words: list[Word], number: int, begun: list[Span], taken: set[int], hears: bool) -> Span | None:
    word = words[number]
    if word.is_arabic:
        before = words[number - 1] if number else None
        if before is None or word.gap != " ":
            return None
        is_quarter = _is_quarter_named(before, word)
        is_headed = is_quarter or before.folded in UNKNOWN_HEADS
        length = 2 if _has_two_words(words, number) else 1
        if word.folded in NOT_PLACES and not (is_quarter or (is_headed and length == 2)):  # "أم" alone is "or"
            return None
        if not (is_headed or (hears and _may_be_heard(before, word))):
            return None
        spans = (s for s in spans_from(words, number) if s.last - s.first < length and not s.prefix)
        return next((s for s in spans if not taken & set(range(s.first, s.last + 1))), None)
    if word.folded in GENERIC and word.folded not in ("al", "el"):
        return None
    return next((span for span in begun if _may_be_unknown(words, span, taken)), None)


def _is_quarter_named(before: Word, word: Word) -> bool:
    """ "حي الشجاعية", but not "حي سكني", a residential one."""
    is_of_one = before.folded in QUARTER_HEADS and before.folded not in QUARTERS_HEADS
    return is_of_one and word.folded not in _OF_QUARTERS


_OF_QUARTERS = frozenset(fold(word) for word in "سكني شعبي قريب مجاور راق فقير كامل بأكمله آخر قديم صغير".split())


def _may_be_heard(before: Word, word: Word) -> bool:
    is_placed = before.folded in HEADS or (before.folded in LOCATIVES and before.folded not in WEAK_LOCATIVES)
    return is_placed and not word.folded.startswith("ال") and word.folded not in GENERIC


def _has_two_words(words: list[Word], number: int) -> bool:
    """Whether an Arabic name has a second word: behind it come a comma, "الواقعة" (which lies) or "غرب" (west of)."""
    if number + 2 >= len(words) or words[number + 1].gap != " " or not words[number + 1].is_arabic:
        return False
    second, behind = words[number + 1].folded, words[number + 2].folded
    is_led_on = behind in DIRECTIONS and second not in LOCATIVES and second not in NOT_PLACES
    return "،" in words[number + 2].gap or behind.startswith("الواقع") or is_led_on


def _may_be_unknown(words: list[Word], span: Span, taken: set[int]) -> bool:
    numbers = range(span.first, span.last + 1)
    part = [words[number] for number in numbers if words[number].folded not in ARTICLES]
    # More words than two are mostly a list that lost its commas.
    if taken & set(numbers) or len(part) > 2:
        return False
    return all(word.is_capital and word.folded not in GENERIC and word.folded not in DEMONYMS for word in part)


def _placed(text: str, span: Span, reading: Reading, gazetteer: Gazetteer) -> Place | None:
    words = reading.words
    if span.key in RIVERS_AND_SUCH or span.key in DEMONYMS or len(span.key) < 3:
        return None
    evidence = evidence_of(words, span)
    is_quarter = evidence.is_quarter and not evidence.is_quartered
    if evidence.is_person or evidence.is_water or evidence.is_partial or (span.key in NOT_PLACES and not is_quarter):
        return None
    name = text[span.start : span.end]
    is_village = _is_announced(words, span) or any(p.match(text, span.end) for p in (_APPOSITION, _MEASURED))
    if not (is_village or is_quarter or evidence.has_head or _is_led(evidence, span, name)):
        return None
    about = [country for country, weight in reading.context.countries.items() if weight >= 0.5]
    known = _known_after_all(span, about, gazetteer) if is_village else None
    if (heard := known or sounding_alike(name, about, gazetteer)) is not None:
        return as_place(heard, name, gazetteer)
    if not (is_village or is_quarter):
        return None
    anchored = _by_anchor(text, span, reading, gazetteer)
    is_part = is_quarter or words[max(0, span.first - 1)].folded in CAMPS
    return anchored if anchored or not is_part else _in_town_told_of(text, span, reading, gazetteer)


def _is_led(evidence: Evidence, span: Span, name: str) -> bool:
    """ "in Shigour", "raids on Jisr al-Shigour": the more of a name, the less the words before it need to say."""
    if not evidence.is_weakly_located:  # as where it is located firmly
        return False
    consonants = len(skeleton(name))
    return (evidence.is_located and consonants >= 4) or (consonants >= 5 and span.last > span.first)


def _is_announced(words: list[Word], span: Span) -> bool:
    """ "village of X", "village de X", "قرية X", "X village"; but not "three villages Reuters reported"."""
    after = words[span.last + 1] if span.last + 1 < len(words) else None
    if after is not None and after.gap == " " and after.folded in ("village", "town", "villages", "camp"):
        return True
    number = span.first
    while number > 0 and span.first - number < 8 and words[number].gap in (" ", "'", "’", "-", ", "):
        number -= 1
        if words[number].folded in UNKNOWN_HEADS:
            return words[span.first].is_arabic or number < span.first - 1
        # Past the names before it in a list: "the villages of Zaytan and Khalasa".
        if not (words[number].folded in _LISTING or words[number].is_capital):
            return False
    return False


def _known_after_all(span: Span, about: Collection[str], gazetteer: Gazetteer) -> Candidate | None:
    """A village too small to be taken for one on its name alone, now that the text calls it a village."""
    found = gazetteer.named(key for key in (span.key, span.bare_key) if key)
    alike = [place for places in found.values() for place in places if place.kind == "settlement"]
    return next((place for place in alike if place.country in about), None)


_FEWEST_CONSONANTS = 2


def sounding_alike(name: str, countries: Iterable[str], gazetteer: Gazetteer) -> Candidate | None:
    """A town with the same consonants and like vowels in the countries, when there is just one or one is large."""
    alike: dict[str, Candidate] = {}
    for country in set(countries) & SOUNDED_COUNTRIES:
        is_by_ear = country in HEARD_COUNTRIES
        if len(sound := skeleton(name, country)) < 3:
            continue
        for candidate, spelling in gazetteer.sounding_like(sound, country):
            if _vowels_fit(name, spelling, is_by_ear):
                alike[candidate.key] = candidate
    if not alike:
        return None
    best = max(alike.values(), key=lambda candidate: candidate.population)
    # Of several hamlets of one sound none is better than another.
    return best if len(alike) == 1 or best.population >= 10_000 else None


def told_alike(name: str, told: Iterable[Place]) -> Place | None:
    """The town among those told of that is spelled so, or, where names go by ear, has the same consonants and like
    vowels; None where several have."""
    towns = [place for place in told if place.kind in ("settlement", "approximate")]
    spelled = fold(name)
    alike = [place for place in towns if _heard(place.name, place.country or "")[0] == spelled] or [
        place for place in towns if _sounds_so(name, place)
    ]
    return alike[0] if len({place.key for place in alike}) == 1 else None


@lru_cache(maxsize=50_000)
def _heard(name: str, country: str) -> tuple[str, str]:
    """Its letters and its consonants; kept, as each question asks for those of all places told of."""
    return fold(name), skeleton(name, country)


def _sounds_so(name: str, place: Place) -> bool:
    country = place.country or ""
    if country not in SOUNDED_COUNTRIES or len(sound := _heard(name, country)[1]) < _FEWEST_CONSONANTS:
        return False
    return sound == _heard(place.name, country)[1] and _vowels_fit(name, place.name, country in HEARD_COUNTRIES)


def _vowels_fit(name: str, spelling: str, is_by_ear: bool) -> bool:
    if not is_arabic(fold(name)):
        return not is_arabic(spelling) and vowels_agree(name, spelling)
    if is_arabic(spelling):
        return not is_by_ear
    return vowels_written(name, spelling) if is_by_ear else long_vowels_heard(name, spelling)


def _by_anchor(text: str, span: Span, reading: Reading, gazetteer: Gazetteer) -> Place | None:
    """The place by the known one that the same sentence puts it by."""
    end_of_sentence = re.search(r"[.!?؟\n](?:\s|$)", text[span.end :])
    limit = span.end + min(REACH, end_of_sentence.start() if end_of_sentence else REACH)
    if (turn := _ELSEWHERE.search(text, span.end, limit)) is not None:
        limit = turn.start()
    for anchor in reading.decided:
        if anchor.span.start < span.end or anchor.span.start > limit or anchor.candidate.kind == "country":
            continue
        between = text[span.end : anchor.span.start]
        if not _LINK.search(between):
            return None
        return _approximate(text[span.start : span.end], between, anchor, gazetteer)
    return None


def _in_town_told_of(text: str, span: Span, reading: Reading, gazetteer: Gazetteer) -> Place | None:
    """A quarter or camp in the last town named before."""
    towns = [
        d
        for d in reading.decided
        if d.candidate.kind == "settlement" and d.span.end <= span.start <= d.span.end + REACH_BACK
    ]
    return _approximate(text[span.start : span.end], "", towns[-1], gazetteer) if towns else None


def _approximate(name: str, between: str, anchor: Decided, gazetteer: Gazetteer) -> Place:
    at = anchor.candidate
    lat, lon = at.lat, at.lon
    unit = _UNIT.search(between)
    distance = _distance_km(between, unit) if unit is not None else None
    bearing = _bearing(between[unit.end() :]) if unit is not None else None
    if distance is not None and bearing is not None:
        lat, lon = moved(lat, lon, min(distance, 500.0), bearing)
    return Place(
        name=name,
        key=f"text:{fold(name)}",
        kind="approximate",
        lat=lat,
        lon=lon,
        country=at.country,
        region=at.region,
        within=areas_around(at, gazetteer),
        near=at.name,
    )


def _distance_km(text: str, unit: re.Match[str]) -> float | None:
    """In figures, in words ("seven", "سبعة"), or as the Arabic dual of the unit."""
    name = unit.group("unit").casefold()
    km = MILE_KM if name.startswith(("mi", "ميل", "أميال")) else 1.0
    if unit.group("figure"):
        return float(unit.group("figure").replace(",", ".")) * km
    if name.endswith("ين"):
        return 2 * km
    for language in ("ar",) if is_arabic(name) else ("en", "fr"):
        told = [token.value for token in read_tokens(text[: unit.start("unit")], language) if token.kind == "N"]
        if told:
            return told[-1] * km
    return None


def _bearing(words: str) -> float | None:
    """The first direction named; of two in a row ("شمال غرب", "north-west") the one between them."""
    folded = [fold(word) for word in re.split(r"[\s,'’-]+", words)]
    at = next((at for at, word in enumerate(folded) if word in DIRECTIONS), None)
    if at is None:
        return None
    first = float(DIRECTIONS[folded[at]])
    second = DIRECTIONS.get(folded[at + 1]) if at + 1 < len(folded) else None
    if second is None or abs(first - second) % 180 != 90:
        return first
    return (first + second) / 2 if abs(first - second) == 90 else (first + second + 360) / 2 % 360
