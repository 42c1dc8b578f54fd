"""How many sentences have their time expressions resolved exactly; which do not.

    python -m evals.time_expressions [SET.jsonl ...]

A sentence counts when the days found equal the labelled ones, in order, each from words that overlap the labelled
words; a sentence without time counts when nothing is found. "The next day" behind a day in the same sentence is
counted from it, as when a report is ingested.
"""

import json
import math
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

from index.dates import TimeMention, find_times
from index.dates.narrative import place_steps

SETS = Path(__file__).parent / "sets" / "time"


class Miss(NamedTuple):
    id: str
    text: str
    expected: list[str]
    found: list[str]


class Score(NamedTuple):
    right: int
    total: int
    low: float
    """Wilson 95 % interval of right / total."""
    high: float
    by_language: dict[str, str]
    misses: list[Miss]


class _Label(NamedTuple):
    start: int
    end: int
    days: tuple[date, date]


def measure(path: Path) -> Score:
    """Reads a labelled set: `{"id", "text", "anchor", "language", "spans": [{"phrase", "start", "end"}]}` a line."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses: list[Miss] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text, language, anchor = case["text"], case["language"], date.fromisoformat(case["anchor"])
        found = place_steps(text, language, find_times(text, anchor, language), None, anchor).mentions
        total[language] += 1
        if _agree(_labels(text, case["spans"]), found):
            right[language] += 1
            continue
        expected = [f"{span['phrase']}={span['start']}/{span['end']}" for span in case["spans"]]
        shown = [f"{mention.span.phrase}={mention.span.start}/{mention.span.end}" for mention in found]
        misses.append(Miss(case["id"], case["text"], expected, shown))
    low, high = wilson(right.total(), total.total())
    by_language = {language: f"{right[language]}/{total[language]}" for language in sorted(total)}
    return Score(right.total(), total.total(), low, high, by_language, misses)


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share; (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share = right / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (middle - reach) / scale, (middle + reach) / scale


def _labels(text: str, spans: list[dict[str, str]]) -> list[_Label]:
    labels: list[_Label] = []
    place = 0
    for span in spans:
        place = text.index(span["phrase"], place)
        days = (date.fromisoformat(span["start"]), date.fromisoformat(span["end"]))
        labels.append(_Label(place, place + len(span["phrase"]), days))
        place += len(span["phrase"])
    return labels


def _agree(labels: list[_Label], found: list[TimeMention]) -> bool:
    return len(labels) == len(found) and all(
        label.days == (mention.span.start, mention.span.end) and label.start < mention.end and mention.start < label.end
        for label, mention in zip(labels, found, strict=True)
    )


def main(paths: list[Path]) -> None:
    for path in paths:
        score = measure(path)
        share = score.right / score.total if score.total else math.nan
        print(
            f"{path.name}: {score.right}/{score.total} = {share:.3f} [{score.low:.3f}, {score.high:.3f}]",
            score.by_language,
        )
        for miss in score.misses:
            print(f"  {miss.id}: {miss.text}\n    expected {miss.expected}\n    found    {miss.found}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or sorted(SETS.glob("*.jsonl")))
