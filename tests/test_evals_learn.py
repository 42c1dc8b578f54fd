"""What is learned from made-up sentences is what they were made with."""

import itertools
import math
import random

import pytest

from assistant.evidence import Features, Weights
from evals.learn import Asked, BadTraining, Judged, cross_validated, fit, weights_text

NOTHING = Features(*[0.0] * len(Features._fields))


def questions_where_words_answer_and_missing_names_do_not(count: int) -> list[Asked]:
    """Of 20 sentences, drawn: gold by a chance that grows with `words` and falls with `names_missing`, nothing else."""
    rng = random.Random(5)

    def sentence() -> Judged:
        features = Features(*(rng.random() for _ in Features._fields))
        likely = 1 / (1 + math.exp(-(8 * features.words - 8 * features.names_missing)))
        is_gold = rng.random() < likely
        return Judged(features, is_gold, is_gold)

    return [Asked(True, tuple(sentence() for _ in range(20))) for _ in range(count)]


def test_the_fit_recovers_the_signs_of_the_weights_the_sentences_were_made_with():
    learned = fit(questions_where_words_answer_and_missing_names_do_not(60)).features

    assert learned.words > 4
    assert learned.names_missing < -4
    others = learned._replace(words=0.0, names_missing=0.0)
    assert all(abs(weight) < 1.5 for weight in others)


def test_a_feature_that_never_varies_gets_no_weight():
    flat = [
        one._replace(sentences=tuple(s._replace(features=s.features._replace(kind=0.0)) for s in one.sentences))
        for one in questions_where_words_answer_and_missing_names_do_not(10)
    ]

    assert fit(flat).features.kind == 0.0


def test_without_gold_there_is_nothing_to_learn():
    with pytest.raises(BadTraining, match="1 sentences, 0 of them gold"):
        fit([Asked(True, (Judged(NOTHING, False, False),))])


def test_thresholds_tell_answered_from_refused_on_questions_that_are_easy_to_tell_apart():
    gold, other = NOTHING._replace(words=1.0), NOTHING
    answerable = Asked(True, (Judged(gold, True, True), Judged(other, False, False)))
    unanswerable = Asked(False, (Judged(other, False, False),))

    [line] = cross_validated([answerable] * 40 + [unanswerable] * 10, thresholds=(0.5,))

    assert line == (0.5, 1.0, 1.0, 1.0)


def test_a_higher_threshold_never_answers_more_or_refuses_less():
    drawn = questions_where_words_answer_and_missing_names_do_not(25)
    unanswerable = [Asked(False, tuple(s for s in one.sentences if not s.is_gold)) for one in drawn[:5]]

    lines = cross_validated([*drawn[5:], *unanswerable])

    for lower, higher in itertools.pairwise(lines):
        assert higher.answered <= lower.answered
        assert higher.refused >= lower.refused
        assert higher.refused_without_gold >= lower.refused_without_gold


def test_the_weights_are_printed_as_python_that_gives_them_back():
    weights = Weights(-4.42, Features(*(number + 0.25 for number in range(len(Features._fields)))))
    names = {"Weights": Weights, "Features": Features}

    exec(weights_text(weights), names)

    assert names["WEIGHTS"] == weights
