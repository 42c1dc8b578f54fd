"""How well places are found and resolved in labelled texts: precision and recall with 95 % intervals, and the misses.

    python -m evals.place_mentions [SET.jsonl ...]

A mention counts as right when it overlaps the labelled one and means the same place: the same key, or, where the label
is a point, one within 25 km of it. A label without key or point is not scored either way.
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from index.places import PlaceMention, distance_km, find_places
from index.places.gazetteer import Gazetteer

SETS = Path(__file__).parent / "sets" / "places"
SAME_POINT_KM = 25.0
RESAMPLES = 2_000


class TextScore(NamedTuple):
    """Counts for one text."""

    right: int
    found: int
    labelled: int
    misses: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET.jsonl")
    paths = parser.parse_args().sets or sorted(SETS.glob("*.jsonl"))
    with Gazetteer.open(user_cache_path("briefing-assistant")) as gazetteer:
        for path in paths:
            _measure(path, gazetteer)


def _measure(path: Path, gazetteer: Gazetteer) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    scores = [score_text(json.loads(line), gazetteer) for line in lines]
    for score in scores:
        for miss in score.misses:
            print(miss)
    for name, share in (("precision", precision), ("recall", recall)):
        low, high = interval(scores, name)
        print(f"{name:9} {share(scores):.3f}  [{low:.3f}, {high:.3f}]")
    print(f"{sum(score.labelled for score in scores)} mentions in {len(scores)} texts ({path.name})")


def score_text(case: dict[str, Any], gazetteer: Gazetteer) -> TextScore:
    """One labelled text against what is found in it."""
    found = find_places(case["text"], case["language"], gazetteer)
    scored = [label for label in case["mentions"] if _is_scored(label)]
    ignored = [label for label in case["mentions"] if not _is_scored(label)]
    counted = [mention for mention in found if not any(_overlap(mention, label) for label in ignored)]
    right = [mention for mention in counted if any(_agrees(mention, label) for label in scored)]
    unfound = [label for label in scored if not any(_agrees(mention, label) for mention in counted)]
    misses = [f"{case['id']} false   {m.place.name!r} {m.place.key}" for m in counted if m not in right]
    misses += [f"{case['id']} missing {label['name']!r} {label.get('key', 'by its point')}" for label in unfound]
    return TextScore(len(right), len(counted), len(scored), tuple(misses))


def precision(scores: list[TextScore]) -> float:
    return sum(score.right for score in scores) / max(1, sum(score.found for score in scores))


def recall(scores: list[TextScore]) -> float:
    return sum(score.right for score in scores) / max(1, sum(score.labelled for score in scores))


def interval(scores: list[TextScore], measure: str) -> tuple[float, float]:
    """The 95 % interval of a measure, by resampling whole texts: mentions in one text stand or fall together."""
    rng = random.Random(0)
    share = precision if measure == "precision" else recall
    drawn = sorted(share(rng.choices(scores, k=len(scores))) for _ in range(RESAMPLES))
    return drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]


def _is_scored(label: dict[str, Any]) -> bool:
    return label.get("key") is not None or "lat" in label


def _overlap(mention: PlaceMention, label: dict[str, Any]) -> bool:
    return mention.start < label["start"] + len(label["name"]) and label["start"] < mention.end


def _agrees(mention: PlaceMention, label: dict[str, Any]) -> bool:
    if not _overlap(mention, label):
        return False
    if "lat" in label:
        return distance_km(mention.place.lat, mention.place.lon, label["lat"], label["lon"]) <= SAME_POINT_KM
    return mention.place.key == label["key"]


if __name__ == "__main__":
    main()
