"""Which place, if any, a possible name means: candidates weighed against the words around and the whole report."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from index.places.evidence import Evidence
from index.places.gazetteer import Candidate, Gazetteer
from index.places.names import ARABIC_COUNTRIES, SOUNDED_COUNTRIES
from index.places.spans import Span
from index.places.words import LANDFORMS
from index.types import Place

ACCEPTED = 3.0
"""The score a mention needs. A town of 100,000 people in plain running text just reaches it."""


class Possible(NamedTuple):
    """A span with the places its letters can mean."""

    span: Span
    candidates: tuple[Candidate, ...]
    evidence: Evidence
    is_common_word: bool
    is_arabic: bool
    follows_place: bool
    """In a list or after a comma behind another possible place: "in Homs and X"."""
    within: frozenset[str]
    """Country or region codes of the area named right after: "Cairo, Illinois" → "US.IL"."""


class Context(NamedTuple):
    """What a report is about, as far as its plainest names tell."""

    countries: Mapping[str, float]
    """Weight of each country, the heaviest 1.0."""
    neighbours: frozenset[str]
    """Of the heaviest country."""
    points: tuple[tuple[str, float, float], ...]
    """Key, latitude and longitude of its plainest places."""
    votes: Mapping[str, tuple[str, float]] = {}
    """Folded name → the country it was taken for and how much of that country's weight comes from it; the heaviest
    country's weight being 1.0."""
    leanings: frozenset[str] = frozenset()
    """Countries that words other than place names hint at; they decide between towns of one name, no more."""
    is_index: bool = False
    """It is that of all reports together: the weights say where a question looks, not what a text is about."""
    told: Mapping[str, Place] = {}
    """By key, the places that some report tells of: a question means these before others of the name."""


class Choice(NamedTuple):
    candidate: Candidate
    score: float


_LARGE = 100_000
"""People; a smaller town abroad, or any region there, is seldom what a report on another country means."""

_LONG_NAME = 8
"""Letters of a name that, where names reach Latin letters by ear, is hardly a person's as well."""

_AS_ONE = frozenset({"IL", "PS"})

_SEAT = 20_000
"""People of a district's seat, where they are not known."""

_COUNTED_ROUGHLY = frozenset({"CN", "ID"})
"""Countries in which 21,000 places have no population: villages and wards nearly all of them."""

_AS_LARGE_AS_IT_GETS = 100_000
"""People; that a question means the larger of two cities follows only from where the reports are from."""

_TOLD_FIT, _TOLD = 0.7, 1.0
"""What a place that some report tells of has at least for its country, and for itself."""

NO_CONTEXT = Context({}, frozenset(), ())


def choose(possible: Possible, context: Context) -> Choice:
    """The likeliest candidate and how likely it is a place at all (see `ACCEPTED`)."""
    running = _in_the_running(possible, context)
    contested = len(running) > 1 and is_contested(running)
    # A name that several countries have is no evidence of its own country, however often it is repeated.
    light = _without(context, possible.span.key) if contested else context
    leanings = context.leanings if contested else frozenset()
    best = max([Choice(c, _fit(c, possible, light, leanings)) for c in running], key=_score_of)
    return Choice(best.candidate, best.score + _sense(best.candidate, possible, context))


def _score_of(choice: Choice) -> float:
    return choice.score


def is_contested(candidates: Iterable[Candidate]) -> bool:
    """Whether towns of comparable size in two countries have the name."""
    largest: dict[str | None, int] = {}
    for candidate in candidates:
        if candidate.kind == "settlement":
            largest[candidate.country] = max(largest.get(candidate.country, 0), candidate.population)
    sizes = sorted(largest.values())
    return len(sizes) > 1 and sizes[-2] * 20 > sizes[-1]


def _without(context: Context, name: str) -> Context:
    """The context with what a name itself contributed taken out."""
    if name not in context.votes:
        return context
    country, weight = context.votes[name]
    left = {**context.countries, country: context.countries.get(country, 0.0) - weight}
    heaviest = max(left.values())
    if heaviest < 0.01:
        return context._replace(countries={}, neighbours=frozenset())
    return context._replace(countries={code: share / heaviest for code, share in left.items() if share > 0.01})


def _in_the_running(possible: Possible, context: Context) -> list[Candidate]:
    """Without the small namesakes of a great city, unless the text says which, "Paris, Texas", or is about the country
    of one that is called so first: Mora in Cameroon, though Bilimora is called Mora too.
    """
    if len(possible.candidates) == 1:
        return list(possible.candidates)
    most = max((c.population for c in possible.candidates if c.kind == "settlement"), default=0)
    if most < 500_000 or possible.within:
        return list(possible.candidates)
    great = [c for c in possible.candidates if c.kind != "settlement" or c.population * 8 >= most]
    if any(c.form == 0 for c in great):
        return great
    return great + [c for c in possible.candidates if c not in great and c.form == 0 and _is_about(c, context)]


def context_of(
    choices: Iterable[tuple[Possible, Choice]],
    demonyms: Mapping[str, int],
    gazetteer: Gazetteer,
    leanings: frozenset[str] = frozenset(),
) -> Context:
    """What the confident first choices, and adjectives such as "Syrian", say the report is about."""
    weights: defaultdict[str, float] = defaultdict(float)
    for country, times in demonyms.items():
        weights[country] += times
    points: dict[str, tuple[str, float, float]] = {}
    votes: dict[str, tuple[str, float]] = {}
    for possible, choice in choices:
        place = choice.candidate
        if choice.score < ACCEPTED or place.country is None:
            continue
        weight = 2.0 if place.kind == "country" else 1.0
        weights[place.country] += weight
        # Two mentions of one name read differently keep the later country: rare, and one of the two is wrong anyway.
        so_far = votes.get(possible.span.key, (place.country, 0.0))
        votes[possible.span.key] = (place.country, weight + (so_far[1] if so_far[0] == place.country else 0.0))
        if place.kind == "settlement" and not possible.is_common_word:
            points[place.key] = (place.key, place.lat, place.lon)
    if not weights:
        return NO_CONTEXT._replace(leanings=leanings)
    heaviest = max(weights, key=lambda country: weights[country])
    shares = {country: weight / weights[heaviest] for country, weight in weights.items()}
    voted = {name: (country, weight / weights[heaviest]) for name, (country, weight) in votes.items()}
    return Context(shares, gazetteer.neighbours(heaviest), tuple(points.values()), voted, leanings)


def _fit(place: Candidate, possible: Possible, context: Context, leanings: frozenset[str]) -> float:
    """How well this candidate, rather than another of the same name, fits."""
    if place.kind == "country":
        score = 5.0
    elif place.kind == "region":
        score = 3.0
    else:
        # GeoNames writes 0 for "unknown", which of the places kept here only seats of a district have: Tal Afar.
        is_seat = place.country not in _COUNTED_ROUGHLY and (_is_placed(possible) or _is_long_and_led(possible))
        people = place.population or (_SEAT if is_seat else 1_000)
        if context.is_index and context.countries.get(place.country or "", 0.0) > 0:
            people = min(people, _AS_LARGE_AS_IT_GETS)
        score = 0.6 * math.log10(people + 1)
    score -= (0.0, 0.2, 0.5, 0.5)[place.form]
    fit = _country_fit(place, context)
    score += (max(fit, _TOLD_FIT) + _TOLD if place.key in context.told else fit) + _nearness(place, context)
    if place.country in leanings:
        score += 1.0
    if possible.evidence.is_region and place.kind == "region":
        score += 1.0
    if possible.within and place.kind != "country":
        score += 5.0 if possible.within & {place.country, place.region} else -1.0
    if place.form == 2 and not possible.span.had_article and len(possible.span.key) < 4:
        score -= 3.0  # "bab" is a door; only "al-Bab" is the town
    if place.form == 3 and context.countries.get(place.country or "", 0.0) == 0:
        score -= 2.0  # only the vowels levelled agree, and the report is about somewhere else
    return score


def _is_placed(possible: Possible) -> bool:
    """Whether the words around say that it is some place."""
    evidence = possible.evidence
    return evidence.has_head or evidence.is_located or possible.follows_place or bool(possible.within)


def _is_long_and_led(possible: Possible) -> bool:
    return possible.evidence.is_weakly_located and possible.span.last > possible.span.first


def _country_fit(place: Candidate, context: Context) -> float:
    if place.country is None:
        return 0.0
    weight = context.countries.get(place.country, 0.0)
    if weight > 0:
        return 0.7 + 1.3 * weight
    population = max(place.population, 500_000) if place.kind == "region" else place.population
    if place.country in _AS_ONE and any(context.countries.get(country, 0.0) == 1.0 for country in _AS_ONE):
        return 0.7  # what the Israeli army does, it does as often in the Palestinian territories
    if place.country in context.neighbours:
        return -0.6 if population < _LARGE else 0.4
    if not context.countries or place.kind == "country":
        return 0.0
    return -2.5 if population < _LARGE else -0.3 if population < 1_000_000 else 0.0


def _nearness(place: Candidate, context: Context) -> float:
    if place.kind == "country":
        return 0.0
    nearest = _nearest_km(place, context)
    return 1.0 if nearest < 150 else 0.5 if nearest < 400 else 0.0


def _nearest_km(place: Candidate, context: Context) -> float:
    """To the nearest other place that the report plainly names; infinite when there is none within 440 km."""
    nearest = math.inf
    own, here, east_here = place.key, place.lat, place.lon
    for key, lat, lon in context.points:
        if -4 < here - lat < 4 and key != own:
            # Flat-earth distance: only compared with 40, 150 and 400 km.
            east = abs(east_here - lon)
            narrowing = math.cos(math.radians(here))
            nearest = min(nearest, 111.0 * math.hypot(here - lat, min(east, 360 - east) * narrowing))
    return nearest


def _sense(place: Candidate, possible: Possible, context: Context) -> float:
    """How much the words around speak for a place, whichever it is."""
    evidence = possible.evidence
    score = 0.0
    has_place_word = _is_placed(possible)
    if evidence.has_head:
        # "the town of X" says that X is a place, not that it is this one abroad.
        score += 2.0 if _country_fit(place, context) >= 0 else 1.0
    if evidence.is_located:
        score += 1.3
    elif evidence.is_weakly_located:
        score += 0.6
    if possible.follows_place:
        score += 1.2
    if possible.within & {place.country, place.region}:
        score += 2.0
    if possible.span.last > possible.span.first:
        score += 0.7
    if place.kind == "settlement" and not has_place_word and not _is_distinctive(place, possible):
        small = 0.5 if _is_one_of_a_kind(place, possible, context) else 2.5
        score -= small if place.population < 20_000 else min(small, 1.0) if place.population < 50_000 else 0.0
    if possible.is_arabic:
        score -= _arabic_doubt(place, possible, context, has_place_word)
    if possible.is_common_word:
        # "في الوادي" is El Oued only in a report on Algeria.
        is_large = place.population >= _LARGE and not possible.span.prefix and possible.span.key not in LANDFORMS
        is_plain = (evidence.is_located and is_large) or _is_about(place, context)
        if has_place_word:
            score -= 1.0 if is_plain else 2.0
        else:
            # "le tribunal de Nice" in a report on France
            is_named_so = is_large and place.form == 0 and evidence.is_weakly_located
            score -= 1.0 if is_named_so and _is_about(place, context) else 5.0
    if evidence.is_partial:
        score -= 6.0
    if evidence.is_person and not evidence.has_head:
        score -= 4.0
    if evidence.is_continued and (
        place.population < _LARGE or place.form == 2 or len(possible.span.key) <= 3 or _country_fit(place, context) <= 0
    ):
        score -= 6.0
    if evidence.is_street and place.population < 150_000:
        score -= 4.0
    is_city_itself = evidence.is_quartered and place.population >= _LARGE
    if (
        evidence.is_quarter
        and not is_city_itself
        and (_country_fit(place, context) <= 0 or _nearest_km(place, context) > 40)
    ):
        score -= 6.0
    if evidence.is_water:
        score -= 6.0
    if evidence.opens_sentence and possible.span.first == possible.span.last:
        score -= 0.4
    if len(possible.span.key) <= 3 and place.kind == "settlement":
        score -= 1.2
    return score


def _arabic_doubt(place: Candidate, possible: Possible, context: Context, has_place_word: bool) -> float:
    """Arabic has no capitals: a word that is also a small town's name is most often just the word."""
    if place.kind != "settlement":
        return 0.0
    evidence = possible.evidence
    weight = context.countries.get(place.country or "", 0.0)
    is_long = possible.span.last > possible.span.first
    is_from_arabic = place.country in ARABIC_COUNTRIES
    if possible.span.prefix not in ("", "و") and not is_from_arabic and place.population < 300_000:
        return 4.0  # "بايدن" is Biden, not "in" a place called ايدن
    if _is_distinctive(place, possible):
        return 0.0
    if place.population < _LARGE and not (evidence.has_head or possible.within):
        is_placed = evidence.is_located or possible.follows_place or evidence.is_weakly_located
        if weight >= 0.3 and (is_placed or is_long):
            return 0.0 if evidence.is_located or possible.follows_place else 0.5
        if weight >= 0.5 and place.population >= 50_000:
            return 1.0
        return 0.3 if evidence.is_located and not context.countries else 4.0
    if is_long:
        return 0.0
    is_abroad = weight == 0 and place.country not in context.neighbours
    if not is_from_arabic and is_abroad and place.population < 500_000 and not evidence.has_head:
        return 1.2
    doubt = 0.0 if place.population >= 300_000 else 0.3 if place.population >= 100_000 else 1.0
    if evidence.is_located:
        doubt *= 0.5
    if possible.span.prefix and not possible.evidence.is_located and not possible.follows_place:
        doubt += 0.8
    return doubt if has_place_word else doubt + 0.3


def _is_distinctive(place: Candidate, possible: Possible) -> bool:
    """Two words that hardly stand together by chance: "Khan Shaykhun", "تل أبيض"."""
    span = possible.span
    return span.last > span.first and len(span.key) >= 6 and place.country in ARABIC_COUNTRIES


def _is_one_of_a_kind(place: Candidate, possible: Possible, context: Context) -> bool:
    """A long name that only one place has, in the country that the text is about: "from Anderamboukane"."""
    is_rare = len(possible.candidates) == 1 and len(possible.span.key) >= _LONG_NAME and not possible.is_arabic
    is_led = possible.evidence.is_weakly_located and place.country in SOUNDED_COUNTRIES
    return is_rare and is_led and _is_about(place, context)


def _is_about(place: Candidate, context: Context) -> bool:
    return place.country is not None and context.countries.get(place.country, 0.0) >= 0.5
