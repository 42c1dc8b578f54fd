"""What a model's first word could have been tells more than what it is: linear probes, a logistic regression each.

A small model often "knows" what it does not say. Asked whether a passage answers, it weighs yes against no; how likely
it finds a few hundred other first words shows the rest of its state, of which each is a linear image. (On probes: Alain
and Bengio 2016, "Understanding intermediate layers using linear classifier probes"; on what models know and do not say:
Azaria and Mitchell 2023, "The internal state of an LLM knows when it's lying".)

A probe holds for the very weights that it was learned with, by `python -m evals probe`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

PROBES = "probes"
"""The folder of the probes beside this file: `NAME-DIGEST.json`, with the first of the digest of the weights."""
FIRST_WORDS = 1000
"""How many of the likeliest first words a probe is given: nearly all of those it knows are among them."""
_DIGITS = 12


class Probe(NamedTuple):
    """Log odds from the likeliest first words."""

    weights: Mapping[str, float]
    """Of the words known; by how much each one's log probability lies above their mean."""
    bias: float

    def of(self, likeliest: Iterable[tuple[str, float]]) -> float:
        """Log odds, natural logarithm, from words and their log probabilities."""
        heights = self.heights(likeliest)
        return sum(w * height for w, height in zip(self.weights.values(), heights, strict=True)) + self.bias

    def heights(self, likeliest: Iterable[tuple[str, float]]) -> list[float]:
        """By how much the log probability of each word known lies above their mean; one that is missing counts as the
        least likely given, and of one given twice the likelier counts."""
        shares: dict[str, float] = {}
        least = 0.0
        for word, log_share in likeliest:
            least = min(least, log_share)
            if word in self.weights:
                shares[word] = max(log_share, shares.get(word, log_share))
        held = [shares.get(word, least) for word in self.weights]
        mean = sum(held) / len(held)
        return [share - mean for share in held]


@cache
def find_probe(name: str, digest: str) -> Probe | None:
    """The probe of that name for the weights with that SHA-256; None if none was learned for these."""
    file = files("assistant").joinpath(PROBES, file_name(name, digest))
    if not name or not digest or not file.is_file():
        return None
    held = json.loads(file.read_text(encoding="utf-8"))
    return Probe(held["weights"], held["bias"])


def file_name(name: str, digest: str) -> str:
    """Of a probe for the weights with that SHA-256."""
    return f"{name}-{digest[:_DIGITS]}.json"


def as_file(probe: Probe) -> str:
    """JSON for `find_probe`, a word a line."""
    weights = {word: float(f"{weight:.4g}") for word, weight in probe.weights.items()}
    return json.dumps({"bias": round(probe.bias, 4), "weights": weights}, ensure_ascii=False, indent=0) + "\n"
