"""The area a question asks about: "near Homs", "dans la province d'Idleb", "على بعد 30 كم من حلب".

Only a place that a preposition locates something by is an area. "What did Russia say?" and "the Syrian army" name a
subject, and stay words to search for.
"""

import re
from collections.abc import Mapping, Sequence
from math import ceil, log1p
from typing import NamedTuple

from index.concepts import concept_terms
from index.places.areas import LANDS, country_name
from index.places.choice import NO_CONTEXT, Choice, Context, Possible, choose
from index.places.evidence import evidence_of
from index.places.finding import as_place, candidates_of, countries_named, seat_or_region
from index.places.gazetteer import Candidate, Gazetteer
from index.places.geometry import distance_km
from index.places.locatives import (
    AFTER_PLACE,
    BARE_FOLLOW_UP,
    CLOSES_BETWEEN,
    LISTED,
    QUARTER_OF,
    REGIONS_BEHIND,
    SURROUNDINGS,
    Located,
    Relation,
    locate_before,
)
from index.places.spans import Span, Word, spans_from, words_of
from index.places.unknown import sounding_alike, told_alike
from index.places.words import (
    DEMONYMS,
    DIRECTIONS,
    GENERIC,
    HEADS,
    NEVER_PLACES,
    NOT_PLACES,
    RIVERS_AND_SUCH,
    WATER_HEADS,
)
from index.types import Area, Place

_TYPED_SMALL = 15_000
"""People a town needs to be seen in a question typed without capitals, unless the index is about its country."""

_SAME_TOWN_KM = 60.0

_LONGEST_STRETCH_KM = 400.0
"""Two places farther apart are hardly the ends of a road; they are looked for by their names."""

_RIVAL = 50_000
"""People of a namesake worth mentioning."""

_QUALIFIES = re.compile(r"\s*[,،(]\s*|\s+(?:(?:du|au|en|in)\s+)?", re.IGNORECASE)

_NO_WATER = {
    "en": "The gazetteer has no rivers, seas or mountains; searched for the name {name!r} only.",
    "fr": "Le répertoire des lieux n'a ni fleuves, ni mers, ni montagnes ; seul le nom « {name} » est cherché.",
    "ar": "لا يضم معجم الأماكن أنهارا ولا بحارا ولا جبالا؛ جرى البحث عن الاسم «{name}» فقط.",
}
_NO_SUCH = {
    "en": "No place called {name!r} in the gazetteer; searched for the name only. A gazetteer.csv can add it.",
    "fr": "Aucun lieu nommé « {name} » dans le répertoire ; seul le nom est cherché. Un gazetteer.csv peut l'ajouter.",
    "ar": "لا يوجد مكان باسم «{name}» في معجم الأماكن؛ جرى البحث عن الاسم فقط.",
}
_ALSO = {
    "en": "Read as {place}, {country}; there is also one in {other}.",
    "fr": "Compris comme {place} ({country}) ; il y en a un autre : {other}.",
    "ar": "فُهم على أنه {place}، {country}؛ وهناك آخر في {other}.",
}
_WHOLE = {
    "en": "Searched all of {place}: the gazetteer does not divide it by compass.",
    "fr": "Recherche dans tout le territoire : {place} ; le répertoire ne le divise pas par points cardinaux.",
    "ar": "شمل البحث {place} كله: المعجم لا يقسمه بحسب الجهات.",
}


# "In the Toamasina port affair": what is told of it is told anywhere.
_AFFAIR = re.compile(
    r"(?:\s+\w+){0,2}\s+(?:affair|case|trial|scandal|probe|inquiry|investigation|lawsuit|peace talks|deal)\b",
    re.IGNORECASE,
)


_JOINING = frozenset("et and but mais a au aux en in at dans".split())


class AreaMention(NamedTuple):
    """The words of a question that say where; `start` to `end` cover the preposition too."""

    start: int
    end: int
    area: Area | None
    """None when the place is known to be none the gazetteer has: then leave the words in the question."""
    note: str
    """What the reader should know of how it was understood; empty when there is nothing to say."""


class _Found(NamedTuple):
    place: Place
    end: int
    last: int
    note: str


def find_area(
    question: str,
    language: str,
    gazetteer: Gazetteer,
    countries: Mapping[str, int] = {},
    radius_km: float = 50.0,
    told: Mapping[str, Place] = {},
) -> AreaMention | None:
    """The first area a question asks about, or None when it names none; with a note on what is not on the map.

    `countries` counts the reports of the index by ISO country: it decides between places of one name. `told`: by key,
    the places that the reports tell of, which come before others. `radius_km` holds where the question gives no
    distance of its own.
    """
    words = words_of(question)
    context = _context(countries, gazetteer)._replace(leanings=countries_named(words, gazetteer), told=told)
    lacking: AreaMention | None = None
    for number, word in enumerate(words):
        if word.folded in _JOINING and (number == 0 or not word.is_capital):  # "Et à Am Dam ?" is of Am Dam
            continue
        located = locate_before(question, words[number].start, words[number].text)
        if located is None and not BARE_FOLLOW_UP.fullmatch(question[: words[number].start]):
            continue
        how = located or Located(words[number].start, 0, "in", None, False, False)
        if located is None and not _is_bare(question, words, number, context, language, gazetteer):
            continue
        water = _water_at(words, number, how)
        if water is not None:
            name = question[words[number].start : water]
            lacking = lacking or AreaMention(how.start, water, None, _say(_NO_WATER, language).format(name=name))
            continue
        found = _place_or_its_town(question, words, number, how, context, language, gazetteer)
        if found is not None and how.is_between:
            stretch = _stretch(question, words, how, found, context, language, gazetteer, radius_km)
            if stretch is not None:
                return _with_note_of(lacking, stretch)
            continue
        if found is not None and _AFFAIR.match(question, found.end):
            continue
        if found is not None:
            area = _area(question, words, how, found, context, language, gazetteer, radius_km)
            return _with_note_of(lacking, area)
        if (unknown := _unknown_at(question, words, number, how, language)) is not None:
            name = question[unknown.start : unknown.end]
            note = _say(_NO_SUCH, language).format(name=name)
            lacking = lacking or AreaMention(how.start, unknown.end, None, note)
    return lacking


def _with_note_of(lacking: AreaMention | None, found: AreaMention) -> AreaMention:
    return found if lacking is None else found._replace(note=f"{lacking.note} {found.note}".strip())


def _area(
    question: str,
    words: list[Word],
    how: Located,
    first: _Found,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
    radius_km: float,
) -> AreaMention:
    """The area of a place and of those listed behind it."""
    found = [first]
    while (joined := LISTED.match(question, found[-1].end)) is not None:
        following = _place_behind(joined, question, words, how, context, language, gazetteer)
        if following is None:
            break
        found.append(following)
    end, relation = found[-1].end, how.relation
    if (regions := REGIONS_BEHIND.match(question, end)) is not None:
        end, found = regions.end(), [_as_region(one, gazetteer) for one in found]
    if (around := SURROUNDINGS.match(question, end)) is not None:
        end, relation = around.end(), "near" if relation == "in" else relation
    note = " ".join(dict.fromkeys(one.note for one in found if one.note))
    is_wide = first.place.kind in ("country", "region") or first.place.key in LANDS
    if is_wide and (how.is_part or relation not in ("near", "in")):
        relation, note = "in", _say(_WHOLE, language).format(place=_shown(first.place, language))
    places = tuple(each for one in found for each in _with_its_regions(one.place, relation, gazetteer))
    area = Area(places=places, relation=relation, radius_km=how.km or radius_km)
    return AreaMention(how.start, end, area, note)


def _with_its_regions(place: Place, relation: Relation, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Darfur is all that lies in its five regions; any other place is itself."""
    codes = LANDS.get(place.key, ()) if relation == "in" else ()
    regions = [region for code in codes if (region := gazetteer.region(code)) is not None]
    return (place, *(as_place(region, region.name, gazetteer) for region in regions))


def _as_region(found: _Found, gazetteer: Gazetteer) -> _Found:
    """The region whose seat was found; any other place as it is."""
    region = gazetteer.region(found.place.region)
    if region is None or gazetteer.seat_of(found.place.region or "") != found.place.key:
        return found
    return found._replace(place=as_place(region, found.place.name, gazetteer))


def _stretch(
    question: str,
    words: list[Word],
    how: Located,
    first: _Found,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
    radius_km: float,
) -> AreaMention | None:
    """The area of "between X and Y": around both, wide enough to meet half way. None when no second place follows."""
    joined = CLOSES_BETWEEN.match(question, first.end)
    second = joined and _place_behind(joined, question, words, how, context, language, gazetteer)
    if second is None:
        return None
    apart = distance_km(first.place.lat, first.place.lon, second.place.lat, second.place.lon)
    if apart > _LONGEST_STRETCH_KM or {first.place.kind, second.place.kind} & {"country", "region"}:
        return None
    area = Area(places=(first.place, second.place), relation="near", radius_km=max(radius_km, ceil(apart / 2)))
    return AreaMention(how.start, second.end, area, first.note or second.note)


def _place_behind(
    joined: re.Match[str],
    question: str,
    words: list[Word],
    how: Located,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
) -> _Found | None:
    """The place whose name begins right behind "and" or a comma."""
    number = next((n for n, word in enumerate(words) if word.end > joined.end()), None)
    return None if number is None else _place_at(question, words, number, how, context, language, gazetteer)


def _place_or_its_town(
    question: str,
    words: list[Word],
    number: int,
    how: Located,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
) -> _Found | None:
    """The place at a word; of "the Zahraa district of Homs" Homs, unless the quarter is a place there itself."""
    found = _place_at(question, words, number, how, context, language, gazetteer)
    quarter = QUARTER_OF.match(question, words[number].start)
    if quarter is None:
        return found
    town_at = next((n for n, word in enumerate(words) if word.start == quarter.end()), None)
    town = town_at and _place_at(question, words, town_at, how, context, language, gazetteer)
    if not town or town.place.kind != "settlement":
        return found
    is_there = found is not None and _are_close(found.place, town.place)
    return found._replace(end=town.end, last=town.last) if found is not None and is_there else town


def _are_close(one: Place, other: Place) -> bool:
    return distance_km(one.lat, one.lon, other.lat, other.lon) < _SAME_TOWN_KM


def _place_at(
    question: str,
    words: list[Word],
    number: int,
    how: Located,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
) -> _Found | None:
    """The place whose name begins at a word, the longest that will do."""
    spans = [span for span in spans_from(words, number, any_case=True) if span.start >= words[number].start + how.glued]
    found = gazetteer.named(key for span in spans for key in (span.key, span.bare_key, span.level_key) if key)
    for span in spans:
        candidates = candidates_of(span, found)
        choice = _chosen(words, span, candidates, how, context, language) if candidates else None
        if choice is not None:
            after = AFTER_PLACE.match(question, span.end)
            return _resolved(question, words, span, choice, candidates, how, after, context, language, gazetteer)
    capital = next((span for span in spans if words[span.first].is_capital or words[span.first].is_arabic), None)
    if capital is not None and capital.key not in NOT_PLACES:
        name = question[capital.start : capital.end]
        if (place := told_alike(name, context.told.values())) is not None:
            return _Found(place.model_copy(update={"name": name}), capital.end, capital.last, "")
        about = [country for country, weight in context.countries.items() if weight >= 0.4]
        if (heard := sounding_alike(name, about, gazetteer)) is not None:
            return _Found(as_place(heard, name, gazetteer), capital.end, capital.last, "")
    return None


def _chosen(
    words: list[Word], span: Span, candidates: tuple[Candidate, ...], how: Located, context: Context, language: str
) -> Choice | None:
    behind = words[span.last + 1].folded if span.last + 1 < len(words) else ""
    if span.key in HEADS | NEVER_PLACES or (span.key in DIRECTIONS and behind in ("de", "du", "d", "des", "of")):
        return None
    part = words[span.first : span.last + 1]
    is_typed_small = not any(word.is_capital or word.is_arabic for word in part)
    without_the = span.key.removeprefix("the")
    is_common = bool({span.key, without_the} & NOT_PLACES) or (without_the != span.key and without_the in GENERIC)
    if is_typed_small:
        if any(word.is_capital for word in words[1:]):  # who writes other names with capitals means no name here
            return None
        if is_common or (how.is_weak and len(span.key) < 4):
            return None
        if concept_terms(" ".join(word.text for word in part), language):  # "autour du barrage"
            return None
        candidates = tuple(c for c in candidates if _is_likely(c, context))
        if not candidates:
            return None
    evidence = evidence_of(words, span)
    if evidence.is_partial and not is_typed_small:
        return None
    seen = evidence._replace(is_located=True, is_partial=False, is_person=False, is_region=how.is_region)
    possible = Possible(span, candidates, seen, is_common, part[0].is_arabic, False, frozenset())
    choice = choose(possible, context)
    return choice if choice.score >= 2.6 else None


def _is_likely(candidate: Candidate, context: Context) -> bool:
    known = candidate.country is not None and context.countries.get(candidate.country, 0) > 0
    known = known or candidate.key in context.told
    return candidate.kind != "settlement" or candidate.population >= _TYPED_SMALL or known


def _resolved(
    question: str,
    words: list[Word],
    span: Span,
    choice: Choice,
    candidates: tuple[Candidate, ...],
    how: Located,
    after: re.Match[str] | None,
    context: Context,
    language: str,
    gazetteer: Gazetteer,
) -> _Found:
    is_region = how.is_region or bool(after and after.group("region"))
    evidence = evidence_of(words, span)._replace(is_region=is_region)
    best = choice.candidate
    if not is_region and best.kind == "region":
        # The town of the same name, unless only the region has it.
        seat = gazetteer.seat_of(best.region or "")
        best = next((c for c in candidates if c.key == seat), best)
    best = seat_or_region(best, evidence, gazetteer)
    place = as_place(best, question[span.start : span.end], gazetteer)
    end = after.end() if after else span.end
    note = _ambiguity(best, place.name, candidates, context, language)
    qualified = _qualifier(question, words, span, end, candidates, gazetteer)
    if qualified is not None:
        return _Found(as_place(qualified[0], place.name, gazetteer), qualified[1], span.last, "")
    return _Found(place, end, span.last, note)


def _qualifier(
    question: str,
    words: list[Word],
    span: Span,
    end: int,
    candidates: Sequence[Candidate],
    gazetteer: Gazetteer,
) -> tuple[Candidate, int] | None:
    """ "Tripoli, Lebanon": the candidate in the area named behind the comma, and where that area's name ends."""
    number = span.last + 1
    if number < len(words) and words[number].folded in ("du", "au", "en", "in"):
        number += 1
    if number >= len(words) or not _QUALIFIES.fullmatch(question[end : words[number].start]):
        return None
    for further in spans_from(words, number, any_case=True):
        for area in gazetteer.named([further.key]).get(further.key, ()):
            inside = [c for c in candidates if c.kind == "settlement" and area.key in _areas_of(c)]
            if inside:
                closing = 1 if question[further.end : further.end + 1] == ")" else 0
                return inside[0], further.end + closing
    return None


def _areas_of(candidate: Candidate) -> tuple[str, str]:
    return (f"country:{candidate.country}", f"region:{candidate.region}")


def _ambiguity(best: Candidate, name: str, candidates: Sequence[Candidate], context: Context, language: str) -> str:
    """Told when the question leaves open which of two towns it means, and the reports do not settle it either."""
    if best.kind != "settlement" or best.country is None or best.country in context.leanings:
        return ""
    rivals = [c for c in candidates if c.kind == "settlement" and c.country not in (None, best.country)]
    if context.countries.get(best.country, 0.0) > 0:
        # Reports on both countries leave it open; a small namesake is hardly ever meant.
        rivals = [c for c in rivals if c.population >= _RIVAL and context.countries.get(c.country or "", 0.0) > 0]
    rival = next((c for c in rivals if c.population * 20 > best.population), None)
    if rival is None or rival.country is None:
        return ""
    country, other = country_name(best.country, language), country_name(rival.country, language)
    return _say(_ALSO, language).format(place=name, country=country, other=other)


def _water_at(words: list[Word], number: int, how: Located) -> int | None:
    """The end of a river's, sea's or mountain's name that begins at a word."""
    for span in spans_from(words, number, any_case=True):
        after = words[span.last + 1] if span.last + 1 < len(words) else None
        if span.key in RIVERS_AND_SUCH and span.start >= words[number].start + how.glued:
            has_head = after is not None and after.folded in WATER_HEADS
            return after.end if after is not None and has_head else span.end
    if words[number].folded in WATER_HEADS and number + 1 < len(words):
        last = number + 1
        if words[last].folded in ("de", "du", "d", "of") and last + 1 < len(words):
            last += 1
        return words[last].end if words[last].is_capital or words[last].is_arabic else None
    after = words[number + 1] if number + 1 < len(words) else None
    if after is not None and words[number].is_capital and after.folded in WATER_HEADS and after.gap == " ":
        return after.end
    return None


def _unknown_at(question: str, words: list[Word], number: int, how: Located, language: str) -> Span | None:
    """A name that no gazetteer has, as far as the question tells that it is a place's."""
    word = words[number]
    if how.is_between or word.folded in NOT_PLACES | DEMONYMS.keys() or not (word.is_arabic or word.is_capital):
        return None
    # "in Parliament", "à Noël": after a mere "in" a name only when it ends the question and is no common word. Arabic
    # has no capitals: there the noun "town" has to say it.
    is_last = not re.search(r"\w", question[word.end :])
    is_name = word.is_capital and is_last and not concept_terms(question[word.start : word.end], language)
    if how.is_headed or (word.is_capital and how.relation != "in") or is_name:
        return next(spans_from(words, number), None)
    return None


def _is_bare(
    question: str, words: list[Word], number: int, context: Context, language: str, gazetteer: Gazetteer
) -> bool:
    """Whether from this word on the question is a place and no more: "And Hama?"."""
    how = Located(words[number].start, 0, "in", None, False, False)
    found = _place_at(question, words, number, how, context, language, gazetteer)
    return found is not None and not re.search(r"\w", question[found.end :])


def _context(countries: Mapping[str, int], gazetteer: Gazetteer) -> Context:
    most = max(countries.values(), default=0)
    if most <= 0:
        return NO_CONTEXT
    heaviest = max(countries, key=lambda country: countries[country])
    # Logarithms: with 118 reports on one country and 70 on the next, a city of the next comes before a village here.
    weights = {country: log1p(times) / log1p(most) for country, times in countries.items() if times > 0}
    return Context(weights, gazetteer.neighbours(heaviest), (), is_index=True)


def _shown(place: Place, language: str) -> str:
    return country_name(place.country, language) if place.kind == "country" and place.country else place.name


def _say(wordings: Mapping[str, str], language: str) -> str:
    return wordings.get(language, wordings["en"])
