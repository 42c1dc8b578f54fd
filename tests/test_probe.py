"""A probe reads what a model's first word could have been: kept for the very weights it was learned with, and it learns
what is there."""

import random
from pathlib import Path

import pytest

from assistant.probe import FIRST_WORDS, PROBES, Probe, as_file, file_name, find_probe
from assistant.reader import PROBE
from assistant.weights import QWEN
from evals.learn_probe import Likeliest, Pair, area_under_curve, fit, held_out

WORDS = ["yes", "no", "\u0646\u0639\u0645", '"quoted"', "oui", " the"]


def made(rng: random.Random, **heights: float) -> Likeliest:
    """A list of first words, by chance but for some."""
    return [(word, heights.get(word, rng.gauss(-9, 1)) - 2.0) for word in WORDS]


def test_a_probe_is_found_for_the_weights_it_was_learned_with_alone():
    found = find_probe(PROBE, QWEN.sha256)
    assert found is not None
    assert 100 < len(found.weights) < FIRST_WORDS
    assert {"yes", "no"} <= found.weights.keys()
    assert find_probe(PROBE, "0" * 64) is None
    assert find_probe(PROBE, "") is None
    assert find_probe("", QWEN.sha256) is None


def test_a_probe_reads_from_its_file_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rng = random.Random(1)
    probe = Probe({word: rng.gauss(0, 1) for word in WORDS}, -0.5)
    (tmp_path / PROBES).mkdir()
    (tmp_path / PROBES / file_name("toy", "a" * 64)).write_text(as_file(probe), encoding="utf-8")

    def here(package: str) -> Path:
        assert package == "assistant"
        return tmp_path

    monkeypatch.setattr("assistant.probe.files", here)
    kept = find_probe("toy", "a" * 64)
    assert kept is not None
    likeliest = made(rng)
    assert kept.of(likeliest) == pytest.approx(probe.of(likeliest), abs=0.01)
    assert kept.of([*likeliest, ("unknown", -99.0)]) == pytest.approx(kept.of(likeliest)), (
        "none of its words is missing"
    )


def test_a_word_that_is_missing_is_the_least_likely_and_the_likelier_of_two_counts():
    probe = Probe({"yes": 1.0, "no": -1.0}, 0.25)
    assert probe.of([("yes", -1.0), ("no", -3.0)]) == 2.25
    assert probe.of([("yes", -1.0), ("perhaps", -3.0)]) == 2.25
    assert probe.of([("yes", -1.0), ("yes", -2.0), ("no", -3.0)]) == 2.25
    assert probe.of([("yes", -11.0), ("no", -13.0)]) == 2.25, "how likely all of them are tells nothing"


def test_what_first_words_tell_is_learned_and_held_out_story_by_story():
    rng = random.Random(2)
    answers = [rng.random() < 0.6 for _ in range(300)]
    told = [made(rng, oui=-8.0 if answer else -10.0) for answer in answers]
    pairs = [Pair(f"story {at % 20}", (), answer, 0.5) for at, answer in enumerate(answers)]

    probe = fit(told, answers)
    assert max(probe.weights, key=lambda word: abs(probe.weights[word])) == "oui"
    assert area_under_curve(held_out(pairs, told), answers) > 0.9
    assert 0.4 < area_under_curve(held_out(pairs, [made(rng) for _ in pairs]), answers) < 0.6
