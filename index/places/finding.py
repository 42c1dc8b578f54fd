"""Names found in a text and decided: words → spans → candidates → the likeliest place, or none.

The text is gone over twice: the plain cases first, which tell what the report is about, then all of it in that light.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from index.concepts import is_listed
from index.places.areas import country_name
from index.places.choice import ACCEPTED, Choice, Context, Possible, choose, context_of, is_contested
from index.places.evidence import Evidence, evidence_of
from index.places.gazetteer import Candidate, Gazetteer
from index.places.geometry import distance_km
from index.places.names import ARABIC_COUNTRIES, level
from index.places.spans import Span, Word, spans_of
from index.places.words import (
    ARABIC_LANDMARKS,
    DEMONYMS,
    GENERIC,
    HINTS,
    NEVER_PLACES,
    NOT_PLACES,
    REGION_HEADS,
    RIVERS_AND_SUCH,
)
from index.types import Place

COMPANY_KM = 150
CITIES_KM = 400

FOREIGN_LETTERS = 6
"""Arabic letters of a foreign town's name that hardly spell a word by chance: خيرسون."""

_LEADS_TO_AREA = frozenset({"in", "en", "au", "aux", "dans", "في"})
_LISTS = frozenset({"and", "et", "or", "ou", "و", "to", "à", "a", "الى"})

_OPENS_A_HINT = frozenset(pair.partition(" ")[0] for pair in HINTS if " " in pair)

_NEVER = RIVERS_AND_SUCH | NEVER_PLACES | GENERIC | frozenset(DEMONYMS)


class Decided(NamedTuple):
    """A span and the place it means."""

    span: Span
    candidate: Candidate
    evidence: Evidence
    score: float


_NUMERAL = re.compile(r"[IVXLC]+(?:e|er|ème)?")

_Rows = Mapping[int, Sequence[tuple[Span, tuple[Candidate, ...]]]]
"""By the number of a word the spans that begin there and the places of each; words without any are left out."""

_Weighed = dict[tuple[Span, bool], Choice]
"""What was chosen in one light for a span, behind a place or not."""


class Reading(NamedTuple):
    """A text gone over: what was decided, and in which light."""

    words: list[Word]
    spans: dict[int, list[Span]]
    """Those that begin at a word, by its number (`spans.spans_of`)."""
    decided: list[Decided]
    context: Context


def read_places(words: list[Word], gazetteer: Gazetteer) -> Reading:
    """All known places of a text, in order."""
    spans = spans_of(words, gazetteer.may_name)
    every = [span for row in spans.values() for span in row]
    keys = {span.key for span in every} | {span.bare_key for span in every} | {span.level_key for span in every}
    found = gazetteer.named(keys - {""})
    rows = {
        number: hits
        for number, row in spans.items()
        if (
            hits := [
                (span, candidates)
                for span in row
                if (candidates := candidates_of(span, found)) and not _is_whole_word(words[span.first], span)
            ]
        )
    }
    folded = [word.folded for word in words]
    adjectives = {number: DEMONYMS[word] for number, word in enumerate(folded) if word in DEMONYMS}
    countries = {n for n, row in rows.items() if any(hit.kind == "country" for _, hits in row for hit in hits)}
    placelike = frozenset(countries | adjectives.keys())
    possibles = {
        number: [_possible(words, span, hits, rows, placelike, gazetteer) for span, hits in row]
        for number, row in rows.items()
    }
    demonyms = Counter(adjectives.values())
    hints = _hints(folded)
    first = _pass(words, possibles, context_of([], demonyms, gazetteer, hints))
    first += _in_company(possible for row in possibles.values() for possible in row)
    in_a_row = _in_a_row(words, possibles)
    first += in_a_row
    settled = {possible.span.key: choice for possible, choice in in_a_row}
    context = context_of(first, demonyms, gazetteer, hints)
    weighed: _Weighed = {}
    second = _pass(words, possibles, context, settled, weighed)
    before, context = context, context_of(second, demonyms, gazetteer, hints)
    if context != before:  # of three reports in one it has changed
        weighed = {}
    final = _pass(words, possibles, context, settled | {p.span.key: c for p, c in second if _is_settled(p, c)}, weighed)
    decided = [
        Decided(
            possible.span,
            seat_or_region(choice.candidate, possible.evidence, gazetteer),
            possible.evidence,
            choice.score,
        )
        for possible, choice in final
    ]
    return Reading(words, spans, decided, context)


def countries_named(words: list[Word], gazetteer: Gazetteer) -> frozenset[str]:
    """Countries that a text names outright, by an adjective, or by a town that only they have."""
    adjectives = {code for word in words if (code := DEMONYMS.get(word.folded)) is not None}
    decided = read_places(words, gazetteer).decided
    called = gazetteer.named(d.span.key for d in decided)
    # A name that is only like the town's is no sure sign of its country.
    sure = {
        decision.candidate.country or ""
        for decision in decided
        if (namesakes := called.get(decision.span.key)) and not is_contested(namesakes)
    }
    return frozenset(adjectives | sure) - {""}


def _hints(folded: Sequence[str]) -> frozenset[str]:
    """Countries hinted at by words that are neither names nor adjectives of them."""
    told = [HINTS[word] for word in folded if word in HINTS]
    pairs = (f"{one} {other}" for one, other in pairwise(folded) if one in _OPENS_A_HINT)
    return frozenset(chain(*told, *(HINTS.get(pair, ()) for pair in pairs)))


def _in_company(possibles: Iterable[Possible]) -> list[tuple[Possible, Choice]]:
    """Small towns with a name of their own that are neighbours: each alone could be a surname, together they are not.

    Only to learn what the text is about; whether each is a place is decided afterwards.
    """
    rare = {
        possible.span.key: (possible, possible.candidates[0])
        for possible in possibles
        if len(possible.candidates) == 1 and _may_be_in_company(possible)
    }
    kept: list[tuple[Possible, Choice]] = []
    for possible, place in rare.values():
        others = (other for _, other in rare.values() if other.country == place.country and other.key != place.key)
        if any(_are_neighbours(place, other) for other in others):
            kept.append((possible, Choice(place, ACCEPTED)))
    return kept


def _in_a_row(words: list[Word], possibles: Mapping[int, Sequence[Possible]]) -> list[tuple[Possible, Choice]]:
    """Three Arabic words listed, each the name of a town near the others: what one word leaves open, three settle.

    "طوباس وقلقيلية وسلفيت".
    """
    kept: list[tuple[Possible, Choice]] = []
    row: list[Possible] = []
    for possible in (each for begun in possibles.values() for each in begun if _may_be_in_a_row(each)):
        is_next = bool(row) and possible.span.prefix == "و" and row[-1].span.last + 1 == possible.span.first
        row = [*row, possible] if is_next and _is_listed(words, row[-1].span, possible.span) else [possible]
        if len(row) >= 3:
            kept += _all_near_one_another(row)
    return kept


def _may_be_in_a_row(possible: Possible) -> bool:
    return possible.is_arabic and possible.span.prefix in ("", "و") and not possible.evidence.is_person


def _all_near_one_another(row: Sequence[Possible]) -> list[tuple[Possible, Choice]]:
    towns = [[c for c in possible.candidates if c.kind == "settlement" and c.form < 2] for possible in row]
    for start in towns[0]:
        near = [
            next((c for c in each if _are_neighbours(start, c) and c.country == start.country), None) for each in towns
        ]
        if all(near) and len({c.key for c in near if c}) == len(row):
            return [(possible, Choice(c, ACCEPTED)) for possible, c in zip(row, near, strict=True) if c]
    return []


def _are_neighbours(one: Candidate, other: Candidate) -> bool:
    are_cities = min(one.population, other.population) >= 100_000
    reach_km = CITIES_KM if are_cities else COMPANY_KM
    return distance_km(one.lat, one.lon, other.lat, other.lon) < reach_km


def _may_be_in_company(possible: Possible) -> bool:
    evidence = possible.evidence
    is_doubtful = evidence.is_partial or evidence.is_person or evidence.is_water or evidence.is_street
    place = possible.candidates[0]
    is_plain = place.kind == "settlement" and place.form < 2 and len(possible.span.key) >= 5
    # One Arabic word is as often just a word; two that are a name together seldom are, nor is a long foreign name.
    is_short = len(possible.span.key) < FOREIGN_LETTERS or place.country in ARABIC_COUNTRIES
    is_one_word = possible.is_arabic and possible.span.first == possible.span.last
    is_just_a_word = possible.is_common_word or (is_one_word and is_short)
    return is_plain and not (is_doubtful or is_just_a_word)


def _is_settled(possible: Possible, choice: Choice) -> bool:
    """Whether one mention is sure enough to carry the bare name elsewhere in the text."""
    evidence = possible.evidence
    is_sure = evidence.has_head or evidence.is_located or bool(possible.within) or choice.candidate.population >= 50_000
    return is_sure and not possible.is_common_word


def _is_whole_word(word: Word, span: Span) -> bool:
    """ "وزيرة" (a minister) is not "and" with a town called زيرة."""
    return span.prefix != "" and span.first == span.last and is_listed(word.text, "ar")


def candidates_of(span: Span, found: Mapping[str, tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
    """The candidates of a span; without its article only where names come through Arabic."""
    if span.key not in found and span.bare_key not in found and span.level_key not in found:
        return ()
    merged = {candidate.key: candidate for candidate in found.get(span.level_key, ())}
    merged.update({c.key: c for c in found.get(span.bare_key, ()) if c.form == 2 or c.country in ARABIC_COUNTRIES})
    merged.update({candidate.key: candidate for candidate in found.get(span.key, ())})
    return tuple(merged.values())


def seat_or_region(candidate: Candidate, evidence: Evidence, gazetteer: Gazetteer) -> Candidate:
    """ "Homs province": the region, when the town is its seat or bears its name."""
    if not evidence.is_region or candidate.kind != "settlement" or candidate.region is None:
        return candidate
    region = gazetteer.region(candidate.region)
    if region is None:
        return candidate
    # Singa is the seat of Sennar State, and Sennar a town in it.
    bears_its_name = gazetteer.seat_of(candidate.region) == candidate.key or level(region.name) == level(candidate.name)
    return region if bears_its_name else candidate


def as_place(candidate: Candidate, name: str, gazetteer: Gazetteer) -> Place:
    """A candidate as the value the index keeps, under the name as printed."""
    return Place(
        name=name,
        key=candidate.key,
        kind=candidate.kind,
        lat=candidate.lat,
        lon=candidate.lon,
        country=candidate.country,
        region=candidate.region,
        within=candidate.within or areas_around(candidate, gazetteer),
    )


def areas_around(candidate: Candidate, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Names of the region and country around a place, smallest first."""
    names: list[str] = []
    if candidate.kind == "settlement" and (region := gazetteer.region(candidate.region)) is not None:
        names.append(region.name)
    if candidate.kind != "country" and candidate.country is not None:
        names.append(country_name(candidate.country, "en"))
    return tuple(names)


def _possible(
    words: list[Word],
    span: Span,
    hits: tuple[Candidate, ...],
    rows: _Rows,
    placelike: frozenset[int],
    gazetteer: Gazetteer,
) -> Possible:
    evidence = evidence_of(words, span, placelike)
    return Possible(
        span=span,
        candidates=_sensible(words, span, hits, evidence, gazetteer),
        evidence=evidence,
        is_common_word=_is_common(words, span),
        is_arabic=words[span.first].is_arabic,
        follows_place=False,
        within=_area_named_after(words, span, hits, rows, is_part=evidence.is_partial),
    )


def _sensible(
    words: list[Word], span: Span, hits: tuple[Candidate, ...], evidence: Evidence, gazetteer: Gazetteer
) -> tuple[Candidate, ...]:
    """Without the region where its town is meant, and without the country where "us" is."""
    printed = words[span.first].text
    if not evidence.is_region:
        towns = {hit.key for hit in hits if hit.kind == "settlement"}
        hits = tuple(hit for hit in hits if hit.kind != "region" or gazetteer.seat_of(hit.region or "") not in towns)
    if _is_acronym(words, span):
        hits = tuple(hit for hit in hits if hit.kind == "country")
    if span.key in ("us", "uk", "uae", "drc", "car", "rca", "eau") and not printed.isupper():
        return tuple(hit for hit in hits if hit.kind != "country")
    return hits


def _is_common(words: list[Word], span: Span) -> bool:
    if {span.key, span.bare_key, span.key.removesuffix("s"), span.key.removeprefix("the")} & NOT_PLACES:
        return True
    # Two Arabic words that happen to spell a far town: "قبل أن", "سي إن".
    part = words[span.first : span.last + 1]
    is_by_chance = part[0].is_arabic and len(part) > 1 and part[0].folded[len(span.prefix) :] not in ARABIC_LANDMARKS
    return is_by_chance and all(len(w.folded) <= 3 or w.folded in NOT_PLACES for w in part)


def _is_acronym(words: list[Word], span: Span) -> bool:
    """ "OTAN", "XIXe": a town is printed so only in a dateline, at the start of a line or sentence."""
    word = words[span.first]
    if span.last > span.first or word.is_arabic:
        return False
    return _NUMERAL.fullmatch(word.text) is not None or (
        word.text.isupper() and len(word.text) <= 5 and not word.opens_sentence
    )


def _area_named_after(
    words: list[Word],
    span: Span,
    hits: tuple[Candidate, ...],
    rows: _Rows,
    *,
    is_part: bool,
) -> frozenset[str]:
    """Codes of the country or region named right behind: "Cairo, Illinois", "Sido, in Chad", "زنجبار بمحافظة أبين".

    Without a comma or bracket only of one in which such a place lies: in "a family from Homs in Lebanon" none does.
    """
    after = span.last + 1
    if after >= len(words) or words[after].gap not in (", ", " (", "، ", " "):
        return frozenset()
    is_apart = words[after].gap != " "
    if words[after].folded in _LEADS_TO_AREA:
        is_article = after + 2 < len(words) and words[after + 1].folded in ("the", "le", "la", "l")
        after = min(after + 1 + is_article, len(words) - 1)
    elif not is_apart and words[after].folded not in REGION_HEADS:
        return frozenset()
    if is_part and not is_apart:  # "Tareeq al-Bab in Aleppo" is not al-Bab
        return frozenset()
    if words[after].is_arabic and words[after].folded in REGION_HEADS:
        after = min(after + 1, len(words) - 1)
    codes = {code for _, areas in rows.get(after, ()) for area in areas if (code := _code_of_area(area)) is not None}
    return frozenset(codes if is_apart else codes & {code for hit in hits for code in (hit.country, hit.region)})


def _code_of_area(candidate: Candidate) -> str | None:
    return None if candidate.kind == "settlement" else candidate.region or candidate.country


def _pass(
    words: list[Word],
    possibles: Mapping[int, Sequence[Possible]],
    context: Context,
    settled: Mapping[str, Choice] = {},
    weighed: _Weighed | None = None,
) -> list[tuple[Possible, Choice]]:
    """Left to right, the longest acceptable name at each word; `settled` are names decided elsewhere in the text.

    `weighed` is added to and looked up: what an earlier pass chose in the same context.
    """
    chosen: list[tuple[Possible, Choice]] = []
    weighed = {} if weighed is None else weighed
    last = -1
    for number, here in possibles.items():
        if number <= last:
            continue
        best = _best_at(words, here, context, settled, chosen[-1][0].span if chosen else None, weighed)
        if best is not None:
            chosen.append(best)
            last = best[0].span.last
    return chosen


def _best_at(
    words: list[Word],
    possibles: Sequence[Possible],
    context: Context,
    settled: Mapping[str, Choice],
    before: Span | None,
    weighed: _Weighed,
) -> tuple[Possible, Choice] | None:
    for plain in possibles:
        if not plain.candidates or (plain.span.key in _NEVER and not _is_country_all_the_same(plain)):
            continue
        follows_place = before is not None and _is_listed(words, before, plain.span)
        possible = plain._replace(follows_place=True) if follows_place else plain
        choice = weighed.get((plain.span, follows_place))
        if choice is None:
            choice = weighed[plain.span, follows_place] = choose(possible, context)
        known = settled.get(possible.span.key)
        if choice.score >= ACCEPTED:
            return possible, choice
        evidence = possible.evidence
        if known is not None and not (
            evidence.is_partial or evidence.is_person or evidence.is_water or evidence.is_continued
        ):
            return possible, known
    return None


def _is_country_all_the_same(possible: Possible) -> bool:
    """ "في سورية", "في السعودية": in Arabic some adjectives are also the country's name."""
    is_placed = possible.is_arabic and possible.evidence.is_located
    return is_placed and possible.span.key in DEMONYMS and any(c.kind == "country" for c in possible.candidates)


def _is_listed(words: list[Word], before: Span, span: Span) -> bool:
    """Whether a span continues a list of places: "in Homs, Hama and X"."""
    between = words[before.last + 1 : span.first]
    gap = words[span.first].gap
    if not between:
        return gap in (", ", "، ", " - ") or (span.prefix == "و" and gap in (" ", "، "))
    return len(between) == 1 and between[0].folded in _LISTS and between[0].gap in (" ", ", ")
