"""Which place, if any, a possible name means: candidates weighed against the words around and the whole report."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from index.gazetteer import Candidate, Gazetteer
from index.place_evidence import Evidence
from index.place_spans import Span

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


class Choice(NamedTuple):
    candidate: Candidate
    score: float


NO_CONTEXT = Context({}, frozenset(), ())


def choose(possible: Possible, context: Context) -> Choice:
    """The likeliest candidate and how likely it is a place at all (see `ACCEPTED`)."""
    scored = [Choice(candidate, _fit(candidate, possible, context)) for candidate in possible.candidates]
    best = max(scored, key=lambda choice: choice.score)
    return Choice(best.candidate, best.score + _sense(best.candidate, possible, context))


def context_of(
    choices: Iterable[tuple[Possible, Choice]], demonyms: Mapping[str, int], gazetteer: Gazetteer
) -> Context:
    """What the confident first choices, and adjectives such as "Syrian", say the report is about."""
    weights: defaultdict[str, float] = defaultdict(float)
    for country, times in demonyms.items():
        weights[country] += times
    points: dict[str, tuple[str, float, float]] = {}
    for possible, choice in choices:
        place = choice.candidate
        if choice.score < ACCEPTED or place.country is None:
            continue
        weights[place.country] += 2.0 if place.kind == "country" else 1.0
        if place.kind == "settlement" and not possible.is_common_word:
            points[place.key] = (place.key, place.lat, place.lon)
    if not weights:
        return NO_CONTEXT
    heaviest = max(weights, key=lambda country: weights[country])
    shares = {country: weight / weights[heaviest] for country, weight in weights.items()}
    return Context(shares, gazetteer.neighbours(heaviest), tuple(points.values()))


def _fit(place: Candidate, possible: Possible, context: Context) -> float:
    """How well this candidate, rather than another of the same name, fits."""
    if place.kind == "country":
        score = 5.0
    elif place.kind == "region":
        score = 3.0
    else:
        # GeoNames writes 0 for "unknown".
        score = 0.6 * math.log10((place.population or 1_000) + 1)
    score -= (0.0, 0.2, 0.5, 0.5)[place.form]
    score += _country_fit(place, context) + _nearness(place, context)
    if possible.evidence.is_region and place.kind == "region":
        score += 1.0
    if possible.within and place.kind != "country":
        score += 5.0 if possible.within & {place.country, place.region} else -1.0
    if place.form == 2 and not possible.span.had_article and len(possible.span.key) < 4:
        score -= 3.0  # "bab" is a door; only "al-Bab" is the town
    if place.form == 3 and context.countries.get(place.country or "", 0.0) == 0:
        score -= 2.0  # only the vowels levelled agree, and the report is about somewhere else
    return score


def _country_fit(place: Candidate, context: Context) -> float:
    if place.country is None:
        return 0.0
    weight = context.countries.get(place.country, 0.0)
    if weight > 0:
        return 0.7 + 1.3 * weight
    return 0.4 if place.country in context.neighbours else 0.0


def _nearness(place: Candidate, context: Context) -> float:
    if place.kind == "country":
        return 0.0
    nearest = min(
        (_rough_km(place.lat, place.lon, lat, lon) for key, lat, lon in context.points if key != place.key), default=1e9
    )
    return 1.0 if nearest < 150 else 0.5 if nearest < 400 else 0.0


def _rough_km(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    # Flat-earth distance: only compared with 150 and 400 km.
    east = abs(a_lon - b_lon)
    return 111.0 * math.hypot(a_lat - b_lat, min(east, 360 - east) * math.cos(math.radians(a_lat)))


def _sense(place: Candidate, possible: Possible, context: Context) -> float:
    """How much the words around speak for a place, whichever it is."""
    evidence = possible.evidence
    score = 0.0
    has_place_word = evidence.has_head or evidence.is_located or possible.follows_place or bool(possible.within)
    if evidence.has_head:
        score += 2.0
    if evidence.is_located:
        score += 1.3
    elif evidence.is_weakly_located:
        score += 0.6
    if possible.follows_place:
        score += 1.2
    if possible.within:
        score += 2.0
    if possible.span.last > possible.span.first:
        score += 0.7
    if place.kind == "settlement" and place.population < 20_000 and not has_place_word:
        score -= 1.2
    if possible.is_arabic:
        score -= _arabic_doubt(place, possible, has_place_word)
    if possible.is_common_word:
        is_plain = (evidence.is_located and place.population >= 100_000) or _is_about(place, context)
        score -= 5.0 if not has_place_word else 1.0 if is_plain else 2.0
    if evidence.is_partial:
        score -= 6.0
    if evidence.is_person and not evidence.has_head:
        score -= 4.0
    if evidence.is_water:
        score -= 6.0
    if evidence.opens_sentence and possible.span.first == possible.span.last:
        score -= 0.4
    if len(possible.span.key) <= 3 and place.kind == "settlement":
        score -= 1.2
    return score


def _arabic_doubt(place: Candidate, possible: Possible, has_place_word: bool) -> float:
    """Arabic has no capitals: a word that is also a small town's name is most often just the word."""
    if place.kind != "settlement" or possible.span.last > possible.span.first:
        return 0.0
    doubt = 0.0 if place.population >= 500_000 else 0.3 if place.population >= 100_000 else 1.0
    if possible.evidence.is_located:
        doubt *= 0.5
    if possible.span.prefix and not possible.evidence.is_located and not possible.follows_place:
        doubt += 0.8
    return doubt if has_place_word else doubt + 0.3


def _is_about(place: Candidate, context: Context) -> bool:
    return place.country is not None and context.countries.get(place.country, 0.0) >= 0.5
