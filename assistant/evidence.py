"""Hits to numbered sentences: what a composer may point at, best first. Ranks; does not judge whether it answers."""

from typing import NamedTuple

from assistant.types import Hit, Query
from index.concepts import concept_terms
from index.lexical import name_keys, question_terms, telling_words, terms
from index.types import Report, Sentence

MAX_SENTENCES = 12


class Evidence(NamedTuple):
    """One sentence that a statement may rest on."""

    id: str
    """What the model points with: "s1"."""
    hit: Hit
    sentence: Sentence
    text: str
    cosine: float
    """To the question, [-1, 1]."""
    overlap: float
    """Share of the question's telling terms that the sentence has, [0, 1]."""

    @property
    def report(self) -> Report:
        return self.hit.report

    @property
    def relevance(self) -> float:
        """Meaning and words together; about 0 for an unrelated sentence, above 1 for one that says the same."""
        return self.cosine + _OVERLAP_WEIGHT * self.overlap


# Learned on the development questions: words count about half as much as meaning within a passage already found.
_OVERLAP_WEIGHT = 0.5


def select_evidence(query: Query, hits: tuple[Hit, ...], limit: int = MAX_SENTENCES) -> list[Evidence]:
    """The sentences inside the asked time and place, best first, near-repeats left out; ids in that order."""
    candidates = [evidence for hit in hits for evidence in _of_hit(query, hit)]
    ranked = sorted(candidates, key=lambda e: (-e.relevance, e.report.id, e.sentence.ordinal))
    distinct: list[Evidence] = []
    seen: set[str] = set()
    for evidence in ranked:
        wording = " ".join(terms(evidence.text, evidence.report.language))
        if wording not in seen:
            seen.add(wording)
            distinct.append(evidence)
    return [evidence._replace(id=f"s{number}") for number, evidence in enumerate(distinct[:limit], start=1)]


def _of_hit(query: Query, hit: Hit) -> list[Evidence]:
    passage = hit.passage
    asked = _telling(query, hit.report.language)
    found: list[Evidence] = []
    for sentence, cosine in zip(passage.sentences, hit.sentence_scores, strict=True):
        if sentence.ordinal not in hit.sentences:
            continue
        text = hit.report.body[sentence.start : sentence.end]
        language = hit.report.language
        held = {*terms(text, language), *name_keys(text), *concept_terms(text, language)}
        overlap = sum(bool(options & held) for options in asked) / len(asked) if asked else 0.0
        found.append(Evidence("", hit, sentence, text, cosine, overlap))
    return found


def _telling(query: Query, language: str) -> list[set[str]]:
    """For each telling word of the question, the forms in which a sentence in `language` may have it."""
    asked: list[set[str]] = []
    for word in telling_words(query.topic):
        asked.append({*question_terms(word, (language,)), *name_keys(word), *concept_terms(word, query.language)})
    return [options for options in asked if options]
