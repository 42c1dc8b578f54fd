"""Places in a report: names in its text resolved to points on the map.

The whole body is read at once, so that its places help to tell each other apart (Tripoli beside Beirut is in Lebanon).
The place a *question* asks about (`find_area`) is in `questions.py`, distances in `geometry.py`; both are
offered here as well, so that the rest of the program knows one module of places.
"""

from typing import NamedTuple

from index.places.finding import as_place, read_places
from index.places.gazetteer import Candidate, Gazetteer
from index.places.geometry import contains, describe_area, distance_km
from index.places.questions import AreaMention, find_area
from index.places.spans import words_of
from index.places.unknown import place_unknown
from index.types import Place

__all__ = ["AreaMention", "PlaceMention", "contains", "describe_area", "distance_km", "find_area", "find_places"]


class PlaceMention(NamedTuple):
    """A place named in a text; offsets in code points, without a preposition or article glued to it."""

    start: int
    end: int
    place: Place


def find_places(text: str, language: str, gazetteer: Gazetteer) -> list[PlaceMention]:  # noqa: ARG001 - see below
    """The places a report names, in order, none overlapping.

    `text` is the whole body. `language` (ISO 639-1) is asked for but not needed so far: the script tells Arabic, and
    English and French get by with one set of rules, as reports quote across languages.
    """
    words = words_of(text)
    reading = read_places(words, gazetteer)
    called: dict[tuple[str, Candidate], Place] = {}  # a report repeats its names
    known: list[PlaceMention] = []
    for span, candidate, *_ in reading.decided:
        name = text[span.start : span.end]
        if (name, candidate) not in called:
            called[name, candidate] = as_place(candidate, name, gazetteer)
        known.append(PlaceMention(span.start, span.end, called[name, candidate]))
    unknown = [PlaceMention(*found) for found in place_unknown(text, reading, gazetteer)]
    return sorted([*known, *unknown])
