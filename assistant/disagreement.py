"""Where outlets tell different things: the sentences that contradict those chosen, and a line that names the figures.

Adds to what was chosen; does not judge who is right. Only what other outlets say counts, copies of one text as one.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from assistant.contrast import says_not, sets_itself_against, tells_of_denial
from assistant.evidence import Evidence
from assistant.facts import is_name_in
from assistant.forms import forms_heard, terms_heard
from assistant.sought import asks_whether
from assistant.speaker import find_speaker
from assistant.tally import deed_forms, figures_asked
from assistant.types import Query
from assistant.words import say
from index.embed import Embedder
from index.lexical import telling_words
from index.types import TimeSpan

MAX_OUTLETS = 5
# Chances set on the development questions: a contradiction may be told in few words of the question, ...
_CONTRADICTS_FROM = 0.1
# ... but what a denial denies is told nearly in those of the question.
_DENIED_FROM = 0.3
_APART = timedelta(days=2)
# A sentence that sets itself against another account is of this one from this chance and share of the question's words.
_AGAINST_FROM, _AGAINST_WORDS = 0.15, 0.1
_STILL_TOLD = timedelta(days=14)
# Cosine of two sentences that tell one thing in two languages, "nine houses fell", "31 collapsed houses": .3 to .5.
_ALIKE_FROM = 0.3
# Of the question's words, by which two sentences are of one matter; one is enough where a short question itself doubts.
_SHARED_WORDS = 2
_FEW_WORDS = 5
_DIFFERING = 2

_VERSIONS = re.compile(
    r"\b(?:every|each|all the|both|which|other|same|different|conflicting)\s+(?:\w+ )?"
    r"(?:counts?|figures?|versions?|(?:death )?tolls?|accounts?|numbers?)\b|"
    r"\bwho (?:den(?:ies|ied)|disputes?|contests?)\b|\b(?:dis)?agree\b|\bdiffer\b|"
    r"\baccording to .* and (?:according )?to\b|\b(?:different|various|several|all) (?:sources|outlets)\b|"
    r"\b(?:chaque|toutes les|tous les|quels|quelles|autres|mêmes?)\s+(?:versions?|chiffres?|bilans?|décomptes?)\b|"
    r"\bqui (?:le |la |l['’]|les )?(?:nie|nient|dément|contest\w+|réfute)\b|\bs['’]accordent|\bdivergent\b|"
    r"\bd['’]accord\b|\b(?:différentes|diverses|plusieurs|autres) sources\b|"
    r"\b(?:selon|d['’]après) .*\b(?:et|puis) (?:selon|d['’]après)\b|"
    r"(?:كل|جميع|نفس) (?:ال)?(?:رواية|روايات|رقم|أرقام|حصيلة)|ومن (?:ينفي|ينكر|يعارض)|تتفق|تختلف|تتضارب|"
    r"(?:مختلف|جميع|كل) (?:ال)?(?:مصادر|وسائل)|بحسب .* وبحسب",
    re.I,
)


def asks_for_versions(query: Query) -> bool:
    """Whether it asks what several say: "Who denies it?", "Donnez chaque version"."""
    return bool(_VERSIONS.search(query.asking))


def with_other_versions(
    query: Query, chosen: Sequence[Evidence], evidence: Sequence[Evidence], embedder: Embedder
) -> list[Evidence]:
    """The chosen sentences, each followed by those of others that contradict it; no more than make `MAX_OUTLETS` sides.

    A side is whoever is named as saying so, else the outlet: one report may hold both. A sentence contradicts another
    of the same matter if it gives another figure for what is asked to be counted, of the same days and place, if one of
    the two denies, or if it sets itself against another account. Without contradiction the chosen come back as they
    were.
    """
    told = {e.id: e for e in chosen}
    arranged: list[Evidence] = []
    for e in chosen:
        arranged.append(e)
        for other in evidence:
            if other.id in told or len(told) - len(chosen) >= MAX_OUTLETS - 1:
                continue
            if _contradicts(query, e, other, evidence, told.values(), embedder):
                arranged.append(other)
                told[other.id] = other
    return arranged


def _contradicts(
    query: Query,
    one: Evidence,
    other: Evidence,
    evidence: Sequence[Evidence],
    told: Iterable[Evidence],
    embedder: Embedder,
) -> bool:
    """Whether the other contradicts the first, and tells what none of those told does."""
    if _sets_itself_against(query, one, other):
        return True
    if _side(one) == _side(other):
        return False
    if _denies(query, one, other, embedder) and all(_side(other) != _side(known) for known in told):
        return True
    return _counts_otherwise(query, one, other, evidence, embedder) and _is_new_figure(query, other, told)


def _sets_itself_against(query: Query, one: Evidence, other: Evidence) -> bool:
    """Whether the other marks itself as another account, and may be one of what the first tells: of a figure if it has
    another figure, else where yes or no is asked, or who says what.

    Of 20 such sentences that the development questions bring 9 are gold; asked otherwise 8 of 121 would be.
    """
    if not sets_itself_against(other.text) or not _may_be_of_one_event(query, one, other):
        return False
    if figures := figures_asked(query, one):
        return _differ(figures, figures_asked(query, other))
    is_doubted = asks_whether(query.asking) or asks_for_versions(query)
    return is_doubted and other.chance >= _AGAINST_FROM and other.features.words >= _AGAINST_WORDS


def _may_be_of_one_event(query: Query, one: Evidence, other: Evidence) -> bool:
    """As `_is_of_one_event`; but a sentence without a time of its own may tell of something some days old."""
    if not _same_place(query, one, other):
        return False
    is_assumed = any(all(span.assumed for span in e.sentence.times) for e in (one, other))
    return _same_days(one, other) or (is_assumed and abs(one.report.day - other.report.day) <= _STILL_TOLD)


def _is_new_figure(query: Query, evidence: Evidence, told: Iterable[Evidence]) -> bool:
    return not any(figures_asked(query, evidence) <= figures_asked(query, known) for known in told)


def differing_note(query: Query, cited: Sequence[Evidence], embedder: Embedder) -> tuple[str, ...]:
    """One line that names whoever is cited with a figure, the outlet and whom it quotes, newest first, if two of them
    contradict each other; else (). What one speaker says, if that is asked, is held against nobody."""
    if find_speaker(query.asking, query.language) and not asks_for_versions(query):
        return ()
    differing = [e for e in cited if any(_is_counted_otherwise(query, e, other, cited, embedder) for other in cited)]
    has_days = len({e.report.day for e in differing}) > 1  # a toll that rises is no dispute: days say so
    figures: dict[str, list[str]] = {}
    for e in sorted(differing, key=lambda e: e.report.day, reverse=True):
        who = _told_by(query, e)
        if has_days:
            who = say("on day", query.language, who=who, day=e.report.day.isoformat())
        written = [_written(value, query.language) for value in sorted(figures_asked(query, e))]
        figures.setdefault(who, []).extend(written)
    if len({figure for written in figures.values() for figure in written}) < _DIFFERING:
        return ()
    listed = [f"{who}: {' / '.join(dict.fromkeys(values))}" for who, values in figures.items()]
    return (say("outlets differ", query.language, figures=" · ".join(listed[:MAX_OUTLETS])),)


def _told_by(query: Query, evidence: Evidence) -> str:
    outlet = evidence.report.source or say("unknown outlet", query.language)
    said_by = evidence.sentence.attributed_to
    return say("quoting", query.language, outlet=outlet, who=said_by) if said_by else outlet


def _is_counted_otherwise(
    query: Query, one: Evidence, other: Evidence, told: Sequence[Evidence], embedder: Embedder
) -> bool:
    """Whether the two sides give different figures, by what either of them says of the other or by what both count."""
    if _side(one) == _side(other) or not _differ(figures_asked(query, one), figures_asked(query, other)):
        return False
    is_marked = _sets_itself_against(query, one, other) or _sets_itself_against(query, other, one)
    return is_marked or _counts_otherwise(query, one, other, told, embedder)


def _differ(figures: set[float], others: set[float]) -> bool:
    return bool(figures) and bool(others) and figures.isdisjoint(others)


def _counts_otherwise(
    query: Query, one: Evidence, other: Evidence, evidence: Iterable[Evidence], embedder: Embedder
) -> bool:
    """Whether the two give different figures; not where either's side or outlet gives the other's figure too, as who
    counts 44 trucks, five of them looted, does not contradict who counts 44."""
    if min(one.chance, other.chance) < _CONTRADICTS_FROM or not _may_be_of_one_event(query, one, other):
        return False
    figures, others = figures_asked(query, one), figures_asked(query, other)
    if not _differ(figures, others):
        return False
    is_one_outlet = _outlet(one) == _outlet(other)
    if is_one_outlet and not all(_tells_deed(query, e) for e in (one, other)):
        return False
    are_named = all(e.sentence.attributed_to for e in (one, other))
    whose = _side if is_one_outlet or are_named else _outlet
    against = {whose(one): (other, others), whose(other): (one, figures)}
    for e in evidence:
        if e.chance < _CONTRADICTS_FROM or whose(e) not in against:
            continue
        told, values = against[whose(e)]
        if _is_of_one_event(query, e, told) and figures_asked(query, e) & values:
            return False
    return _are_of_one_matter(query, one, other, embedder)


def _tells_deed(query: Query, evidence: Evidence) -> bool:
    """Whether it tells what the question asks about; true of one without a deed."""
    done = deed_forms(query)
    return not done or bool(done & terms_heard(f"{evidence.goes_on_from} {evidence.text}", evidence.report.language))


def _denies(query: Query, one: Evidence, other: Evidence, embedder: Embedder) -> bool:
    if query.wants not in ("facts", "source", "who"):
        return False
    is_denial, denies_back = _is_denial(query, one), _is_denial(query, other)
    likely_from = _DENIED_FROM if is_denial else _CONTRADICTS_FROM
    is_likely = is_denial != denies_back and other.chance >= likely_from
    return is_likely and _are_of_one_matter(query, one, other, embedder)


def _is_denial(query: Query, evidence: Evidence) -> bool:
    """Whether it denies, or, where yes or no would answer, says that something is not so."""
    if tells_of_denial(evidence.text):
        return True
    return asks_whether(query.asking) and evidence.chance >= _DENIED_FROM and says_not(evidence.text)


def _are_of_one_matter(query: Query, one: Evidence, other: Evidence, embedder: Embedder) -> bool:
    """Whether enough of the question's words stand in both passages, by stem, concept or sound, and one in both
    sentences; or these say much the same, in whatever words and language."""
    words = {word: forms_heard([word], query.language) for word in telling_words(query.topic)}

    def shared(*texts: str) -> int:
        held = [terms_heard(text, e.report.language) for text, e in zip(texts, (one, other), strict=True)]
        return sum(all(forms & terms for terms in held) for forms in words.values())

    is_doubted = asks_for_versions(query) or asks_whether(query.asking)
    enough = 1 if len(words) <= (_FEW_WORDS if is_doubted else _SHARED_WORDS) else _SHARED_WORDS
    near = (f"{e.report.title} {e.hit.passage.text}" for e in (one, other))
    if shared(f"{one.goes_on_from} {one.text}", f"{other.goes_on_from} {other.text}") >= 1 and shared(*near) >= enough:
        return True
    vectors = embedder.embed([one.text, other.text])
    return float(vectors[0] @ vectors[1]) >= _ALIKE_FROM


def _is_of_one_event(query: Query, one: Evidence, other: Evidence) -> bool:
    return _same_days(one, other) and _same_place(query, one, other)


def _same_days(one: Evidence, other: Evidence) -> bool:
    return any(_is_near(a, b) for a in one.sentence.times for b in other.sentence.times)


def _is_near(one: TimeSpan, other: TimeSpan) -> bool:
    if date.min in (one.start, other.start) or date.max in (one.end, other.end):
        return True
    return one.start - _APART < other.end and other.start - _APART < one.end


def _same_place(query: Query, one: Evidence, other: Evidence) -> bool:
    """Whether they name a place in common; one that names another must have the first's in its passage or title, one
    that names none in its report or the question."""
    places = [{place.key for place in e.sentence.places} for e in (one, other)]
    if places[0] & places[1] or not any(places):
        return True
    named, silent = (one, other) if places[0] else (other, one)
    near = silent.hit.passage.text if all(places) else f"{query.asked} {silent.report.body}"
    return any(is_name_in(place.name, f"{silent.report.title} {near}") for place in named.sentence.places)


def _side(evidence: Evidence) -> str:
    return evidence.sentence.attributed_to or _outlet(evidence)


def _outlet(evidence: Evidence) -> str:
    return evidence.report.source or evidence.report.copy_of or evidence.report.id


def _written(value: float, language: str) -> str:
    grouped = f"{int(value):,}" if value == int(value) else str(value)
    return grouped.replace(",", "\u202f") if language == "fr" else grouped
