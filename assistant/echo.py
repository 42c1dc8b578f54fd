"""Passages that repeat the question: written to be found, they need tell nothing. Lowers what the repetition gained.

Text that holds a question word for word is the nearest thing to it there is, so that whoever can add five reports with
the question in them fills the first five places (Zou et al., "PoisonedRAG", USENIX Security 2025). Such passages count
by what else they tell. One that holds the question and goes on ("Asked how many families were displaced, the governor
…") may be honest all the same: where it is the only one and nothing else matches well, it stays.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.forms import terms_heard
from assistant.types import Query
from index.lexical import telling_words, terms
from index.reading import SearchTerms
from index.search import Match
from index.sentences import is_question

# Share of the question's words, in order, from which a sentence repeats it: "640 families were displaced in Gao" has .7
# of "How many families were displaced in Gao?".
_REPEATS_FROM = 0.8
_FEWEST_WORDS = 4
# Share of the words asked for below which a passage of the same language cannot repeat the question.
_SUSPECT_FROM = 0.5
# What is left beside the question that tells something.
_TELLS_FROM = 3

# Words that make a question of a statement, wherever they stand ...
_ASKING = {
    "en": "what which who whom whose when where why how did does do",
    "fr": "qu que qui quoi quel quelle quels quelles quand où comment pourquoi combien lequel il ils elle elles",
    "ar": "هل كم متى أين اين كيف لماذا ماذا ما من أي اي أية",
}
# ... and only in front.
_IN_FRONT = frozenset("is are was were has have had can could will would should may must".split())


def is_echoed(query: Query, matches: Sequence[Match]) -> bool:
    """Whether any of the passages, or its title, repeats the question."""
    return any(_is_suspect(match) and (_echoes(query, match) or _is_titled(query, match)) for match in matches)


def _is_suspect(match: Match) -> bool:
    """Whether it is worth a closer look, which costs 40 µs a passage: nearly every passage has fewer of the words."""
    return match.candidate.lexical >= _SUSPECT_FROM or _asks(match.passage.text) or _asks(match.report.title)


def _asks(text: str) -> bool:
    return "?" in text or "؟" in text


def _is_titled(query: Query, match: Match) -> bool:
    return _repeats(query, match.report.title)


def told_besides(query: Query, matches: Sequence[Match], looked_for: SearchTerms) -> list[Match]:
    """The passages with the scores that they have without their repetitions of the question, which are not allowed as
    evidence either. Those that tell nothing else are left out."""
    told: list[Match] = []
    for match in matches:
        echoes = _echoes(query, match)
        kept = match._replace(allowed=match.allowed - set(echoes))
        if kept.allowed:
            is_echo = bool(echoes) or _repeats(query, match.report.title)
            told.append(_without(kept, set(echoes), looked_for) if is_echo else kept)
    return told


def may_be_honest(query: Query, matches: Sequence[Match]) -> Match | None:
    """The passage that repeats the question within a sentence that tells something too, if it alone repeats it."""
    repeating = [(match, echoes) for match in matches if (echoes := _echoes(query, match))]
    if len({match.candidate.cluster for match, _ in repeating}) != 1:
        return None
    return next((match for match, echoes in repeating if not any(echoes.values())), None)


def _without(match: Match, echoes: set[int], looked_for: SearchTerms) -> Match:
    """The passage as it would have been found without these sentences and without its title."""
    sentences = list(zip(match.passage.sentences, match.cosines, strict=True))
    rest = " ".join(match.report.body[s.start : s.end] for s, _ in sentences if s.ordinal not in echoes)
    asked = {*looked_for.words, *looked_for.shared}
    language = match.candidate.language
    held = asked & terms_heard(f"{match.report.title} {match.passage.text}", language)
    share = len(asked & terms_heard(rest, language)) / len(held) if held else 0.0
    cosine = max((cosine for s, cosine in sentences if s.ordinal not in echoes), default=0.0)
    candidate = match.candidate._replace(lexical=match.candidate.lexical * min(1.0, share), vector=cosine)
    return match._replace(candidate=candidate)


def _echoes(query: Query, match: Match) -> dict[int, bool]:
    """The sentences that repeat the question, by ordinal: whether it asks and tells nothing."""
    found: dict[int, bool] = {}
    for sentence in match.passage.sentences:
        text = match.report.body[sentence.start : sentence.end]
        if _repeats(query, text):
            beside = set(map(str.casefold, telling_words(text))) - set(map(str.casefold, telling_words(query.asked)))
            found[sentence.ordinal] = is_question(text) or len(beside) < _TELLS_FROM
    return found


def _repeats(query: Query, text: str) -> bool:
    """Whether the text has nearly all words of the question in its order, those that make it a question among them."""
    told = _words(text, query.language)
    questions = [_words(part, query.language) for part in _parts(query.asked) + _parts(query.text)]
    return any(_is_in(asked, told, query.language) for asked in questions if len(asked) >= _FEWEST_WORDS)


def _parts(question: str) -> list[str]:
    """Its sentences: a visitor may ask twice in a row."""
    return [part for part in re.split(r"(?<=[?؟.!])\s+", question) if part]


def _is_in(asked: list[str], told: list[str], language: str) -> bool:
    least = _REPEATS_FROM * len(asked)
    if len(told) < least or len({*asked} & {*told}) < _REPEATS_FROM * len({*asked}):
        return False
    *blocks, _ = SequenceMatcher(None, asked, told, autojunk=False).get_matching_blocks()
    repeated = [word for block in blocks for word in asked[block.a : block.a + block.size]]
    if len(repeated) < least:
        return False
    is_inverted = asked[0] in _IN_FRONT and repeated[0] == asked[0]
    return is_inverted or not _asking(language).isdisjoint(repeated)


@lru_cache
def _asking(language: str) -> frozenset[str]:
    return frozenset(terms(_ASKING.get(language, ""), language))


def _words(text: str, language: str) -> list[str]:
    """Stems, small words too; invisible characters left out, elided words apart: "qu'", "l'"."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return terms(visible.replace("’", " ").replace("'", " "), language)
