"""Which places an answer tells of: a set of map points, held against the set that a reader of the reports wrote down.

Places are compared by what they are on the map, not by their spelling: "Khasham", "Khushām" and "خشام" are one.
"""

from collections.abc import Iterable
from typing import NamedTuple

from evals.archive import Archive
from evals.cases import Case
from evals.replies import Cited, Reply
from evals.scores import Outcome, Score, Unscored
from index.lexical import name_keys
from index.places import find_area, find_places
from index.types import Place, Sentence


class _Point(NamedTuple):
    """A settlement, or a spot that only a report puts on the map."""

    name: str
    keys: frozenset[str]
    """Of the gazetteer where it has the place, and of its sounds; any in common makes two one."""


def toponym_f1(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """F1 of the set of places told, in statements and the sentences quoted, against the labelled set. [0, 1].

    Twice the places in both over the sum of the sizes, as for sets of entities (van Rijsbergen, "Information
    Retrieval", 1979). Countries and regions are left out on both sides: that a town lies in Syria is no error. 0 for a
    refusal; a place that a quoted sentence only took over from the one before is not told.
    """
    if not case.places:
        return Unscored(reason="no places are labelled")
    labelled = [_labelled(name, archive) for name in case.places]
    told = [] if reply.is_refusal else _told(reply, archive)
    lacking = [point for point in labelled if not _is_among(point, told)]
    beside = [point for point in told if not _is_among(point, labelled)]
    shared = len(labelled) - len(lacking)
    faults = [f"does not tell of {point.name}" for point in lacking] + [f"tells of {point.name}" for point in beside]
    return Score(value=2 * shared / (2 * shared + len(lacking) + len(beside)), faults=tuple(faults))


def located(name: str, archive: Archive) -> tuple[Place, ...]:
    """What the gazetteer has under `name`; of namesakes the one in the country that the reports tell of most."""
    found = find_area(f"in {name}", "en", archive.gazetteer, archive.countries)
    return found.area.places if found is not None and found.area is not None else ()


def quoted_sentences(cited: Cited, archive: Archive) -> Iterable[Sentence]:
    """The sentences of the report that the citation overlaps."""
    return (s for s in archive.sentences(cited.report_id) if s.start < cited.end and cited.start < s.end)


def _labelled(name: str, archive: Archive) -> _Point:
    towns = [place.key for place in located(name, archive) if place.kind == "settlement"]
    return _Point(name, frozenset([*towns, _sound(name)]))


def _told(reply: Reply, archive: Archive) -> list[_Point]:
    quoted = [
        place
        for cited in reply.citations
        for sentence in quoted_sentences(cited, archive)
        if not sentence.places_assumed
        for place in sentence.places
    ]
    worded = [m.place for claim in reply.shown for m in find_places(claim.text, "en", archive.gazetteer)]
    points: list[_Point] = []
    for place in [*quoted, *worded]:
        point = _Point(place.name, frozenset([place.key, _sound(place.name)]))
        if place.kind in ("settlement", "approximate") and not _is_among(point, points):
            points.append(point)
    return points


def _sound(name: str) -> str:
    return " ".join(sorted(name_keys(name, every_word=True))) or name.casefold()


def _is_among(point: _Point, points: Iterable[_Point]) -> bool:
    return any(point.keys & other.keys for other in points)
