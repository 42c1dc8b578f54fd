"""Learns the weights by which `assistant.evidence` judges sentences, and measures what thresholds answer and refuse.

Learns on development halves only. Prints what it found; changes no code.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Features, Weights, chance, select_evidence
from assistant.interpret import interpret
from assistant.retrieve import retrieve_inside
from assistant.settings import Settings
from assistant.types import Query
from evals.archive import Archive, archive_of, prepared_index
from evals.cases import Case, SetAbsent, choose_cases, load_set
from evals.ranking import gold_spans
from index.errors import BriefingError
from index.prepare import Tools
from index.store import Index

SETS = ("demo", "syria")
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)

_FOLDS = 5
# More than an answer needs: what is likely but wrong teaches most, and it stands below the best dozen too.
_HITS = 24
_JUDGED = 60
_LEARNED_FROM = 30
# Gold sentences are few among thirty, and missing one is worse than showing a neighbour of it.
_GOLD_COUNTS = 3.0
_L2 = 1.0
_MOST_STEPS = 200


class BadTraining(BriefingError):
    """There is nothing to learn from: no sentences, or none of one of the two kinds."""


class Judged(NamedTuple):
    """A sentence found for a question."""

    features: Features
    is_gold: bool
    """Whether it overlaps a gold sentence."""
    is_of_gold_report: bool


class Asked(NamedTuple):
    """A question and the sentences found for it, those likeliest by the present weights first."""

    is_answerable: bool
    sentences: tuple[Judged, ...]


class Line(NamedTuple):
    """What a threshold does; shares in [0, 1], NaN where there is no such question."""

    threshold: float
    answered: float
    """Of the answerable questions, those with a sentence at or above it."""
    refused: float
    """Of the unanswerable questions, those without one."""
    refused_without_gold: float
    """Of the answerable questions, those without one once their gold reports are taken away."""


def learn(settings: Settings, *, is_old_fine: bool = False) -> Iterator[str]:
    """The lines to print: questions counted, weights as `assistant/evidence.py` writes them, the table of thresholds.

    A set that is not on this machine is named and skipped.
    """
    asked: list[Asked] = []
    for name in SETS:
        try:
            of_set = [_asked(question, settings) for question in questions_of(name, settings, is_old_fine=is_old_fine)]
        except SetAbsent as error:
            yield f"skipped: {error}"
            continue
        yield f"{name}: {len(of_set)} questions, {sum(one.is_answerable for one in of_set)} answerable"
        asked += of_set
    yield f"\n{weights_text(fit(asked))}\n"
    yield f"{'threshold':>9}  {'answered':>8}  {'refused':>8}  {'refused without gold':>20}"
    for line in cross_validated(asked):
        shares = f"{line.answered:8.3f}  {line.refused:8.3f}  {line.refused_without_gold:20.3f}"
        yield f"{line.threshold:9.2f}  {shares}"


def fit(asked: Sequence[Asked]) -> Weights:
    """Logistic regression, gold counted threefold."""
    judged = [sentence for one in asked for sentence in one.sentences[:_LEARNED_FROM]]
    is_gold = np.array([sentence.is_gold for sentence in judged], dtype=np.float64)
    if not 0 < is_gold.sum() < len(judged):
        found = f"{len(judged)} sentences, {int(is_gold.sum())} of them gold"
        raise BadTraining(f"cannot learn from {found}; give questions with gold sentences and others among those found")
    rows = np.array([(1.0, *sentence.features) for sentence in judged])
    learned = newton(rows, is_gold, np.where(is_gold == 1, _GOLD_COUNTS, 1.0), _L2)
    return Weights(float(learned[0]), Features(*(float(weight) for weight in learned[1:])))


def cross_validated(
    asked: Sequence[Asked], *, thresholds: Sequence[float] = THRESHOLDS, folds: int = _FOLDS, seed: int = 1
) -> list[Line]:
    """Each threshold over all questions, each question judged by weights learned without it."""
    order = list(range(len(asked)))
    random.Random(seed).shuffle(order)
    best: list[_Best] = []
    for fold in range(folds):
        held_out = set(order[fold::folds])
        weights = fit([one for at, one in enumerate(asked) if at not in held_out])
        best += [_best(asked[at], weights) for at in sorted(held_out)]
    return [_line(threshold, best) for threshold in thresholds]


def weights_text(weights: Weights) -> str:
    """Python as it stands in `assistant/evidence.py`."""
    named = zip(Features._fields, weights.features, strict=True)
    lines = [f"        {name}={round(weight, 2)}," for name, weight in named]
    bias = f"    bias={round(weights.bias, 2)},"
    return "\n".join(["WEIGHTS = Weights(", bias, "    features=Features(", *lines, "    ),", ")"])


class _Best(NamedTuple):
    """The highest chance of a question's sentences; 0 without any."""

    is_answerable: bool
    chance: float
    without_gold: float
    """Of those sentences that are of no gold report."""


def _best(asked: Asked, weights: Weights) -> _Best:
    chances = [(chance(sentence.features, weights), sentence.is_of_gold_report) for sentence in asked.sentences]
    return _Best(
        asked.is_answerable,
        max((likely for likely, _ in chances), default=0.0),
        max((likely for likely, is_of_gold_report in chances if not is_of_gold_report), default=0.0),
    )


def _line(threshold: float, best: Sequence[_Best]) -> Line:
    answerable = [one for one in best if one.is_answerable]
    return Line(
        threshold,
        answered=_share([one.chance >= threshold for one in answerable]),
        refused=_share([one.chance < threshold for one in best if not one.is_answerable]),
        refused_without_gold=_share([one.without_gold < threshold for one in answerable]),
    )


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else float("nan")


def newton(
    rows: NDArray[np.float64], is_gold: NDArray[np.float64], counts: NDArray[np.float64], l2: float
) -> NDArray[np.float64]:
    """Bias and weights of a logistic regression, by Newton's method, with an L2 penalty on all but the bias.

    rows: shape (n, 1 + d), beginning with a 1; is_gold, how much each row counts: shape (n,).
    """
    learned = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], l2)
    penalty[0] = 0.0
    for _ in range(_MOST_STEPS):
        expected = 1 / (1 + np.exp(-rows @ learned))
        slope = rows.T @ (counts * (expected - is_gold)) + penalty * learned
        curvature = (rows * (counts * expected * (1 - expected))[:, None]).T @ rows
        # The bias is damped here too, for a matrix that can always be inverted; where the steps end stays the same.
        step = np.linalg.solve(curvature + l2 * np.eye(len(learned)), slope)
        learned = learned - step
        if np.abs(step).max() < 1e-6:
            break
    return learned


# Questions to sentences


class DevQuestion(NamedTuple):
    """A question of a development half, understood, and where to look for its answer."""

    case: Case
    query: Query
    opened: Index
    archive: Archive


def questions_of(name: str, settings: Settings, *, is_old_fine: bool = False) -> Iterator[DevQuestion]:
    """Those of a set's development half; the index is open as long as they are asked for. Raises `SetAbsent`."""
    chosen_set = load_set(name)
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    with prepared_index(name, chosen_set.reports, tools, is_old_fine=is_old_fine) as index:
        archive = archive_of(index)
        newest = index.coverage().newest
        assert newest is not None
        for case in choose_cases(chosen_set.cases, split="dev"):
            query = interpret(
                case.question,
                as_of=case.as_of or newest,
                gazetteer=index.gazetteer,
                history=case.history,
                countries=archive.countries,
                told=index.snapshot().told(),
                radius_km=settings.retrieve.radius_km,
            )
            yield DevQuestion(case, query, index, archive)


def _asked(question: DevQuestion, settings: Settings) -> Asked:
    case, query, index, archive = question
    inside = retrieve_inside(query, index, settings.retrieve.model_copy(update={"hits": _HITS}))
    spans = gold_spans(case.gold, archive)
    evidence = select_evidence(query, inside, index, limit=_JUDGED)
    return Asked(case.is_answerable, tuple(_judged(sentence, spans) for sentence in evidence))


def _judged(evidence: Evidence, spans: Sequence[tuple[str, int, int]]) -> Judged:
    of_report = [(start, end) for report_id, start, end in spans if report_id == evidence.report.id]
    is_gold = any(evidence.sentence.start < end and start < evidence.sentence.end for start, end in of_report)
    return Judged(evidence.features, is_gold, bool(of_report))
