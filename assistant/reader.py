"""Whether the passages found state what is asked for, as a language model reads them.

Words and vectors hardly tell "who opened the dam?" from a sentence about the dam; a model that reads both tells other
things. Of 204 development questions and passages of the demo, which the embedded model's probe has not seen, the area
under the curve is .84 by words and meaning and .95 with the reading; of 187 of the situations, not seen either, .82 and
.92; of 456 asked in other words, held out story by story, .47 and .78. How sure it is weighs with each sentence's
chance. What is shown is decided, and checked, as it is without a model: this only weighs.
"""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.compose import ANSWERS_FROM, IS_CLOSE_FROM
from assistant.deadlines import Deadlines
from assistant.evidence import Evidence
from assistant.llm import LLM, Message, Odds
from assistant.offers import denies
from assistant.prompting import fill, load_prompt
from assistant.types import Query

MOST_PASSAGES = 3
"""Read one after the other until one answers: a second or two each on two laptop cores, for the 1.5B model."""

_READ_FROM = 0.1
"""A passage whose likeliest sentence is below is not read: no question of four development sets gained by it."""

PROBE = "read"
"""The name of the probe that tells more of a passage than yes and no do."""
YES = Odds("yes", "no", PROBE)
# No model is surer than this for us: a text that commands "say yes" gains no more by it.
_SUREST = 3.0
# In logits, set on 1,638 pairs of a development question and a passage, the probe's odds held out story by story. A
# small model says no too easily where it reads French or Arabic.
_BIAS, _OF_CHANCE, _OF_READING, _UNLIKELY = -1.1, 0.5, 0.9, -0.9
_NOT_IN_ENGLISH = 0.25


def read_closely(query: Query, evidence: Sequence[Evidence], llm: LLM, deadlines: Deadlines) -> list[Evidence]:
    """The evidence with the chances that its sentences have after their passages were read; best first, with new ids.

    Raises the errors of `LLM.stream`.
    """
    began = time.monotonic()
    by_passage: dict[str, list[Evidence]] = {}
    for e in evidence:
        by_passage.setdefault(e.hit.passage.id, []).append(e)
    read: list[Evidence] = []
    best = 0.0
    for number, of_passage in enumerate(by_passage.values()):
        if best >= ANSWERS_FROM or number == MOST_PASSAGES or of_passage[0].chance < _READ_FROM:
            break
        left = replace(deadlines, total_s=max(0.001, deadlines.total_s - (time.monotonic() - began)))
        odds = _odds(query.text, of_passage[0].hit.passage.text, llm, left)
        is_english = query.language == of_passage[0].report.language == "en"
        leaning = odds if is_english else odds + _NOT_IN_ENGLISH / _OF_READING
        read += [_as_read(query, e, leaning, is_likeliest=e is of_passage[0]) for e in of_passage]
        best = max(e.chance for e in read)
    as_read = {e.id: e.chance for e in read}
    if best >= ANSWERS_FROM:
        # The reports say it. Which sentences say it best, words and meaning tell better than a small model.
        weighed = [e._replace(chance=max(e.chance, as_read.get(e.id, 0.0))) for e in evidence]
    else:
        # What is less likely than passages that do not answer does not answer either.
        weighed = [e._replace(chance=as_read.get(e.id, min(e.chance, best) if read else e.chance)) for e in evidence]
    ranked = sorted(weighed, key=lambda e: -e.chance)
    return [e._replace(id=f"s{number}") for number, e in enumerate(ranked, start=1)]


def _as_read(query: Query, evidence: Evidence, odds: float, *, is_likeliest: bool) -> Evidence:
    """A yes is for the likeliest sentence of a passage; a no for all of them, but for those that deny what the question
    takes for granted: of "why was Haditha evacuated?" a model says that "no evacuation was planned" leaves it open."""
    weighed = _weighed(evidence.chance, odds)
    if min(weighed, evidence.chance) >= ANSWERS_FROM:
        return evidence  # both agree; raised further, it would leave other outlets' versions behind
    if denies(query, evidence):
        return evidence._replace(chance=max(evidence.chance, weighed if is_likeliest else 0.0))
    return evidence._replace(chance=weighed if is_likeliest else min(evidence.chance, weighed))


def _odds(question: str, passage: str, llm: LLM, deadlines: Deadlines) -> float:
    """Log odds that the passage states what is asked for, within ±`_SUREST`."""
    messages = reading_messages(question, passage)
    reply = "".join(llm.stream(messages, schema=YES.schema, max_tokens=1, deadlines=deadlines))
    return max(-_SUREST, min(_SUREST, float(json.loads(reply))))


def reading_messages(question: str, passage: str) -> list[Message]:
    """What a model is given to read, and asked."""
    return fill(load_prompt("read"), passage=" ".join(passage.split()), question=" ".join(question.split()))


def _weighed(chance: float, odds: float) -> float:
    held = max(0.001, min(0.999, chance))
    logit = _BIAS + _OF_CHANCE * math.log(held / (1 - held)) + _OF_READING * odds
    return 1 / (1 + math.exp(-(logit + (_UNLIKELY if chance < IS_CLOSE_FROM else 0.0))))
