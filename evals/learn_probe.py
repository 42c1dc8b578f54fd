"""Learns the probe by which `assistant.reader` reads passages with the embedded model.

Learns on development halves only, and says how well it tells stories that it has not seen. Two seconds a pair on two
cores; what the model told is kept, so that a run that was interrupted goes on where it was.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.corrections import find_notices, heed, with_notices
from assistant.deadlines import Deadlines
from assistant.embedded import EmbeddedLLM
from assistant.evidence import Evidence, select_evidence
from assistant.interpret import settle_area
from assistant.llm import Message
from assistant.offers import hold
from assistant.probe import PROBES, Probe, as_file, file_name
from assistant.reader import PROBE, YES, reading_messages
from assistant.retrieve import is_spelled, retrieve_inside
from assistant.settings import Settings
from evals.cases import SetAbsent
from evals.learn import DevQuestion, newton, questions_of
from evals.ranking import gold_spans, touches
from evals.recordings import digest_of

# Not the demo's and those on its reports: what the probe does is measured there.
SETS = ("crises", "newsroom", "wires", "desk", "xquad", "piaf", "ntrex", "syria", "syria-hard")
_PATIENCE = Deadlines(connect_s=600, first_token_s=600, gap_s=600, total_s=600)
_SENTENCES = 100  # weighed for each question: all that its passages have
_MOST_PASSAGES = 2  # of each question
_READ_FROM = 0.08
# Words that so many of the lists have.
_IN_SHARE = 0.9
_L2 = 100.0
_FOLDS = 10


Likeliest = list[tuple[str, float]]
"""First words of a reply and their log probabilities."""


class Pair(NamedTuple):
    """A question and a passage that was found for it."""

    story: str
    """What the ids of its reports begin with: pairs of one story are held out together, whatever their set."""
    messages: tuple[Message, ...]
    answers: bool
    """Whether the passage holds a gold sentence; false for the passages of a question that cannot be answered."""
    chance: float
    """Of its likeliest sentence, without a model."""


def pairs_of(question: DevQuestion, settings: Settings) -> Iterator[Pair]:
    """Passages found for it: those with gold, wherever they stand; of a question that cannot be answered the likeliest.

    Of an answerable question no other, as another may answer too.
    """
    case, understood, index, archive = question
    query = settle_area(understood, index.snapshot().places.values(), partial(is_spelled, index=index))
    retrieved = retrieve_inside(query, index, settings.retrieve)
    notices = find_notices([hit.report for hit in retrieved], query, index)
    weighed = select_evidence(query, with_notices(retrieved, notices, query, index), index, limit=_SENTENCES)
    spans = gold_spans(case.gold, archive)
    likeliest = {e.hit.passage.id: e for e in reversed(heed(hold(query, weighed, index.embedder), weighed, notices))}

    def is_wanted(e: Evidence) -> bool:
        return touches(e.hit.passage, spans) if case.is_answerable else e.chance >= _READ_FROM

    for e in sorted(filter(is_wanted, likeliest.values()), key=lambda e: -e.chance)[:_MOST_PASSAGES]:
        messages = tuple(reading_messages(query.text, e.hit.passage.text))
        yield Pair(e.report.id.rsplit("-", 1)[0], messages, case.is_answerable, e.chance)


def likeliest_of(pairs: Sequence[Pair], llm: EmbeddedLLM, kept: Path) -> Iterator[Likeliest]:
    """What the model's first word could have been, for each pair; those in the file `kept` are not asked for again,
    others are added to it."""
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    known: dict[str, Likeliest] = dict(map(json.loads, lines))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as file:
        for pair in pairs:
            digest = digest_of(pair.messages, None)
            if digest not in known:
                asked = llm.likeliest(pair.messages, _PATIENCE)
                known[digest] = [(word, round(log_share, 3)) for word, log_share in asked]
                file.write(json.dumps([digest, known[digest]], ensure_ascii=False) + "\n")
                file.flush()
            yield known[digest]


def learn_probe(settings: Settings, llm: EmbeddedLLM, kept: Path, *, is_old_fine: bool = False) -> Iterator[str]:
    """The lines to print; the last names the file of the probe, which is written beside `assistant/probe.py`.

    A set that is not on this machine is named and skipped.
    """
    pairs: list[Pair] = []
    for name in SETS:
        try:
            asked = questions_of(name, settings, is_old_fine=is_old_fine)
            of_set = [pair for question in asked for pair in pairs_of(question, settings)]
        except SetAbsent as error:
            yield f"skipped: {error}"
            continue
        yield f"{name}: {len(of_set)} pairs, {sum(pair.answers for pair in of_set)} of them answer"
        pairs += of_set
    likeliest = list(likeliest_of(pairs, llm, kept))
    answers = [pair.answers for pair in pairs]
    judged = {
        "without a model": [pair.chance for pair in pairs],
        "by yes and no": [YES.of(of_pair) for of_pair in likeliest],
        "by the probe, held out story by story": held_out(pairs, likeliest),
    }
    for how, odds in judged.items():
        yield f"area under the curve, {how}: {area_under_curve(odds, answers):.3f}"
    folder = Path(str(files("assistant"))) / PROBES
    folder.mkdir(exist_ok=True)
    written = folder / file_name(PROBE, llm.digest)
    written.write_text(as_file(fit(likeliest, answers)), encoding="utf-8")
    yield f"written: {written}"


def fit(likeliest: Sequence[Likeliest], answers: Sequence[bool]) -> Probe:
    """Logistic regression on how far each word's log probability lies above the mean of all, standardised, with an L2
    penalty, both classes counted the same; of the words that nearly all lists have."""
    held = Counter(word for of_pair in likeliest for word in dict(of_pair))
    words = sorted(word for word, count in held.items() if count >= _IN_SHARE * len(likeliest))
    none = Probe(dict.fromkeys(words, 0.0), 0.0)
    heights = np.array([none.heights(of_pair) for of_pair in likeliest])
    is_answer = np.array(answers)
    mean, spread = heights.mean(axis=0), heights.std(axis=0) + 1e-9
    rows = np.hstack([np.ones((len(heights), 1)), (heights - mean) / spread])
    counts = np.where(is_answer, 0.5 / is_answer.mean(), 0.5 / (1 - is_answer.mean()))
    learned = newton(rows, is_answer.astype(np.float64), counts, _L2)
    weights = learned[1:] / spread
    return Probe(dict(zip(words, weights.tolist(), strict=True)), float(learned[0] - weights @ mean))


def held_out(pairs: Sequence[Pair], likeliest: Sequence[Likeliest]) -> list[float]:
    """The log odds of each pair by a probe that was learned without any pair of its story."""
    stories = sorted({pair.story for pair in pairs})
    fold_of = {story: at % _FOLDS for at, story in enumerate(stories)}
    folds = [fold_of[pair.story] for pair in pairs]
    probes: dict[int, Probe] = {}
    for fold in set(folds):
        others = [at for at, of_pair in enumerate(folds) if of_pair != fold]
        probes[fold] = fit([likeliest[at] for at in others], [pairs[at].answers for at in others])
    return [probes[fold].of(of_pair) for fold, of_pair in zip(folds, likeliest, strict=True)]


def area_under_curve(odds: Sequence[float], answers: Sequence[bool]) -> float:
    """The chance that a pair that answers has higher odds than one that does not; .5 by guessing."""
    yes, no = (np.array([o for o, a in zip(odds, answers, strict=True) if a == which]) for which in (True, False))
    return float(((yes[:, None] > no) + 0.5 * (yes[:, None] == no)).mean())
