"""What a passage found tells of time, and which of its sentences speak for it: shared by sources, timeline and map."""

from datetime import date

from assistant.types import Hit
from index.types import Sentence


def hit_days(hit: Hit) -> list[date]:
    """The days of what a passage's best sentences tell; the publication day when they tell none with an end."""
    days = [span.start for each in best_sentences(hit) for span in each.times if span.start > date.min]
    return list(dict.fromkeys(days)) or [hit.report.day]


def best_sentences(hit: Hit) -> list[Sentence]:
    return [each for each in hit.passage.sentences if each.ordinal in hit.sentences] or list(hit.passage.sentences)
