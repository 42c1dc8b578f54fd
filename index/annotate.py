"""Report to sentences that know their time, place and source. Puts the finders together; finds nothing itself."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from index.attribution import continues_attribution, find_attribution
from index.dates import find_times
from index.dates.narrative import place_steps
from index.places import PlaceMention, find_places
from index.places.gazetteer import Gazetteer
from index.places.geometry import distance_km
from index.sentences import Span, split_sentences
from index.types import Place, Report, Sentence, TimeSpan

# A town named once is meant for the sentences that follow, but not for ever: wire stories move on.
_CARRIED_SENTENCES = 6
# From this share of its towns within so many kilometres of one that title, first or last sentences name, a report is of
# that one.
_MOSTLY, _STAGE_KM, _LEAD = 0.5, 30.0, 4
_TOWNS = ("settlement", "approximate")
# "The next day" counts from a day told a few sentences ago, not at the other end of the report.
_TOLD_SENTENCES = 4
# "The governor of Van said" is told wherever the story is.
_OFFICE = re.compile(
    r"(?:\b(?:governor|mayor|prefect|(?:arch)?bishop|mufti|commander|chief|head|deputy|senator) (?:of|for) (?:the )?|"
    r"\b(?:gouverneur|maire|préfet|sous-préfet|(?:arch)?évêque|mufti|commandant|chef|député|sénateur)e?s? "
    r"(?:de |d['’]|du )(?:la |l['’])?|"
    r"(?<!\w)[وبل]?(?:والي|محافظ|قائمقام|رئيس بلدية|عمدة|أسقف|مطران|مفتي|نائب) )\Z",
    re.I,
)
# "41 of the 62 trucks that left Kaya", « les déplacés venus de Gao »: told of where they are now.
_ORIGIN = re.compile(
    r"(?:\b(?:(?:that|who)(?: had| have| has)? (?:left|fled(?: from)?|set out from|come from)|"
    r"which (?:had|have|has) (?:left|fled)|having (?:left|fled)|fleeing|"
    r"(?:coming|arriving|fleeing|returning|refugees|evacuees) from|"
    r"(?<!was )(?<!were )(?<!been )(?:displaced|evacuated|transferred) from) (?:the )?|"
    r"(?<!est )(?<!sont )(?<!été )(?<!était )(?<!étaient )(?<!a )(?<!ont )"
    r"\b(?:parti|venu|arrivé|évacué|déplacé|réfugié|rapatrié|transféré|originaire)e?s? "
    r"(?:(?:hier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(?:de |d['’]|du )(?:la (?:ville de )?|l['’])?|"
    r"\ben provenance (?:de |d['’]|du )(?:la |l['’])?|"
    r"\b(?:(?:qui (?:a|ont|avait|avaient)|ayant) (?:fui|quitté)|fuyant) (?:la |le |l['’])?|"
    r"(?<!\w)(?:غادر\w* (?:من )?|"
    r"(?:انطلق\w*|[وال]*قادم\w*|[وال]*نازح\w*|[وال]*فار(?:ين|ون|ة)|[وال]*مهجر\w*|الآتي\w*) من )"
    r"(?:مدينة |بلدة |قرية )?)\Z",
    re.I,
)
_LONGEST_BEFORE = 40
# "In Iraq meanwhile, …" leaves the town of the sentence before, "Iraq said …" does not.
_OPENS_IN = re.compile(
    r"\W*(?:(?:meanwhile|elsewhere|also|and|but|further|pendant ce temps|par ailleurs|et|mais|à l['’]étranger),? )?"
    r"(?:(?:in|across|inside) (?:the )?(?:neighbou?ring )?|en |aux? |à travers l[ea] |dans l[ea] |[وف]?(?:أما )?في )\Z",
    re.I,
)
# What was told of an earlier day is background, from which a story comes back without a word.
_NEWS = timedelta(days=14)


class _Told(NamedTuple):
    """The sentence that told of a time last."""

    ordinal: int
    last: TimeSpan
    """What steps count from."""
    times: tuple[TimeSpan, ...]


def annotate(report: Report, gazetteer: Gazetteer) -> list[Sentence]:
    """The sentences of `report` in order.

    Times are resolved against the report's own day, and "the next day" against the day told last. With no such day it
    spans all time, so that it lies in no window. A sentence without any time gets the report's day and, where a few
    sentences before told of a day in the news, that too: both marked as assumed.
    One without a place takes over those of a sentence before it, or of the title, or the one town whose report it is,
    or the country that it is mostly about, marked too. One that names only a country, or the place that somebody holds
    office in or has left, or where somebody abroad spoke ("a Britain-based group said"), has both its own and those of
    a sentence before it: marked.
    """
    spans = split_sentences(report.body, report.language)
    mentions = find_places(report.body, report.language, gazetteer)
    day, language = report.day, report.language
    assumed = TimeSpan(start=day, end=day + timedelta(days=1), phrase="", precision="day", assumed=True)
    begins = [mention.start for mention in mentions]
    mentioned = [mentions[bisect_left(begins, span.start) : bisect_left(begins, span.end)] for span in spans]
    named_places = [_distinct(mention.place for mention in here) for here in mentioned]
    titled_places = _distinct(found.place for found in find_places(report.title, report.language, gazetteer))
    at_least = _country([place for places in named_places for place in places])
    home = at_least[0].country if at_least else None
    lead = [*titled_places, *(place for places in (*named_places[:_LEAD], *named_places[-1:]) for place in places)]
    stage = _stage(lead, [*titled_places, *(m.place for m in mentions)])
    scenes: list[tuple[Place, ...]] = []
    sentences: list[Sentence] = []
    told: _Told | None = None
    for ordinal, span in enumerate(spans):
        text = report.body[span.start : span.end]
        near = told if told is not None and ordinal - told.ordinal <= _TOLD_SENTENCES else None
        last_told = near and near.last
        told_here = place_steps(text, language, find_times(text, day, language), last_told, day)
        times = tuple(found.span for found in told_here.mentions)
        if told_here.left_open and not times:
            times = (TimeSpan(start=date.min, end=date.max, phrase=told_here.left_open, precision="span"),)
        if told_here.last is not last_told:
            told = _Told(ordinal, told_here.last, times) if told_here.last is not None else None
        source = _source(text, language, sentences, span)
        named = named_places[ordinal]
        scene = _carried(scenes) or titled_places
        is_elsewhere = all(
            (m.place.kind == "country" and not _leaves(scene, m, report.body[span.start : m.start]))
            or (source is not None and m.place.country != home)
            or _is_aside(report.body, span.start, m.start)
            for m in mentioned[ordinal]
        )
        scenes.append(() if is_elsewhere else named)
        places = _distinct((*scene, *named)) if is_elsewhere else named
        carried = _carried(named_places[max(0, ordinal - _CARRIED_SENTENCES) : ordinal])
        places = places or carried
        if not named:  # the scene may have come back to where the story is
            places = _distinct((*places, *stage)) or at_least
        sentences.append(
            Sentence(
                ordinal=ordinal,
                start=span.start,
                end=span.end,
                times=times or _assumed(assumed, near),
                places=places,
                places_assumed=places != named,
                attributed_to=source,
            )
        )
    return sentences


def _is_aside(body: str, start: int, end: int) -> bool:
    """Whether the place named at `end`, in the sentence that begins at `start`, is one somebody rules or has left."""
    begin = max(start, end - _LONGEST_BEFORE)
    return bool(_OFFICE.search(body, begin, end) or _ORIGIN.search(body, begin, end))


def _leaves(scene: Sequence[Place], country: PlaceMention, before: str) -> bool:
    """Whether a sentence that opens so tells of a country that none of the places told of before lies in."""
    return bool(_OPENS_IN.match(before)) and all(place.country != country.place.country for place in scene)


def _assumed(report_day: TimeSpan, told: _Told | None) -> tuple[TimeSpan, ...]:
    """The times of a sentence that tells none: "Sunday night" of the sentence before, or since then, and the others of
    that sentence: "on Saturday, against the verdict of the day before"."""
    if told is None or not _is_news(told.last, report_day):
        return (report_day,)
    in_the_news = (span for span in (told.last, *told.times) if _is_news(span, report_day))
    carried = [span.model_copy(update={"phrase": "", "assumed": True}) for span in in_the_news]
    return tuple({(span.start, span.end): span for span in (*carried, report_day)}.values())[::-1]


def _is_news(span: TimeSpan, report_day: TimeSpan) -> bool:
    return span.end <= report_day.end and span.start >= report_day.start - _NEWS


def _stage(lead: Sequence[Place], named: Sequence[Place]) -> tuple[Place, ...]:
    """Of the towns that title, first and last sentences name the one that most towns of the report are or lie near; ()
    where too few do."""
    towns = [place for place in named if place.kind in _TOWNS]
    often = Counter(place.key for place in towns)
    town = max((place for place in lead if place.kind in _TOWNS), key=lambda place: often[place.key], default=None)
    if town is None:
        return ()
    near = sum(distance_km(town.lat, town.lon, place.lat, place.lon) <= _STAGE_KM for place in towns)
    return (town,) if near >= _MOSTLY * len(towns) else ()


def _distinct(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple({place.key: place for place in places}.values())


def _country(named: Sequence[Place]) -> tuple[Place, ...]:
    """The country most places of the report lie in, as far as one of them says which point stands for it."""
    counted = Counter(place.country for place in named if place.country)
    if not counted:
        return ()
    country = counted.most_common(1)[0][0]
    point = next(place for place in named if place.country == country)
    return (
        Place(
            name=point.within[-1] if point.within else country,
            key=f"country:{country}",
            kind="country",
            lat=point.lat,
            lon=point.lon,
            country=country,
        ),
    )


def _carried(before: Sequence[tuple[Place, ...]]) -> tuple[Place, ...]:
    """What the last of the few sentences before that named places named."""
    return next((places for places in reversed(before[-_CARRIED_SENTENCES:]) if places), ())


def _source(text: str, language: str, before: list[Sentence], span: Span) -> str | None:
    named = find_attribution(text, language)
    is_continued = named is None and before and continues_attribution(text, language)
    return before[-1].attributed_to if is_continued and before[-1].end <= span.start else named
