"""Hits to numbered sentences: what a composer may point at, best first, each with the chance that it answers.

The chance comes from a logistic regression over a handful of readable features, learned on the development questions
(`python -m evals learn` prints the weights). Ranks and weighs; does not decide what is shown.
"""

import math
import re
from collections.abc import Sequence, Set
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import NamedTuple

from assistant.contrast import sets_itself_against
from assistant.ellipsis import answers_back, is_heading, leaves_out_what_it_counts, points_back
from assistant.facts import is_name_in, names, numbers
from assistant.forms import kin_of, terms_heard, terms_of
from assistant.kinds import fates_of, kinds_of
from assistant.sought import is_open, subject
from assistant.types import Hit, Query
from index.concepts import LANGUAGES, concept_terms, read_table, stands_for_nothing
from index.lexical import name_keys, question_terms, telling_words, terms
from index.places import find_places
from index.reading import KnownWeights
from index.sentences import is_question, split_sentences
from index.store import Index
from index.types import Passage, Place, Report, Sentence

MAX_SENTENCES = 12
# Of the others, those that set themselves against another account come along: what they contradict may be chosen.
_MOST_AGAINST, _AGAINST_FROM = 8, 0.05
# And for a question that asks for a figure those right beside the likeliest: "Police put the dead at 11."
_BESIDE = 2

# Across languages words are found by concepts and names by sound alone, and some are not found though they are there.
# On eight development sets: answerable questions answered .822 without, .843 with; unanswerable refused .743, .738.
_FOREIGN_WORDS = 1.3
_FOREIGN_NAMES = 0.5
# What happened is told in no fewer words; less is a byline or a photo's number.
_FEWEST_WORDS = 5
_OLD_NEWS_DAYS = 30.0
# Letters of a name's key, its mark among them: shorter ones join strangers.
_SHORTEST_SOUND = 4
# Share of letters in common (`difflib`): "shaddadi" and "shadadi" have .93.
_SPELLED_ALIKE = 0.85
_FEWEST_LETTERS = 5
_LONGEST_SENTENCE = 400

# "[Fiction: …]", "[Photo: …]": said about the report, not by it.
_EDITORIAL_NOTE = re.compile(r"\[[^\]]*\]", re.DOTALL)


# What a ministry is for has a capital and is no name.
_MINISTRY = re.compile(
    r"\b(?:[A-Z]\w+ ){1,2}(?=Minist(?:ry|er))|"
    r"\b[Mm]inist(?:ry|er|ère|re)s? (?:of |de |des |du |d['’])(?:the |la |l['’])?"
    r"[A-ZÉ]\w+(?: (?:and|et)(?: de la| des| du| of)? [A-Z]\w+)?"
)


class AskedWord(NamedTuple):
    """A telling word of the question."""

    forms: frozenset[str]
    """The terms it may appear as, in any language."""
    weight: float
    """How rare it is in the index (idf)."""


class Asked(NamedTuple):
    """What a sentence is held against: the question's telling words, names and places."""

    query: Query
    words: tuple[AskedWord, ...]
    names: tuple[str, ...]
    places: frozenset[str]
    """Keys of the places named, those of the area included."""
    is_open: bool
    """Whether it asks what happened and no more."""


class Features(NamedTuple):
    """What speaks for a sentence, each about in [0, 1]."""

    cosine: float
    """Of question and sentence; for a sentence that asks, of what follows it."""
    words: float
    """Weighted share of the question's telling words that the sentence has."""
    words_near: float
    """The same for its passage and title."""
    words_missing: float
    """Weighted share of them that its whole report lacks."""
    passage: float
    """How well its passage was found."""
    names_missing: float
    """Share of the question's names that its report lacks."""
    places_missing: float
    """Share of the question's places that its passage is not about."""
    kind: float
    """1 if it has what is asked for (a figure, a time, a place, a name that the question does not have), 0 if not,
    1/2 if the question does not say."""
    is_foreign: float
    """1 if it is in another language than the question."""
    is_vague: float
    """1 if its time or place had to be assumed and the question sets one."""


class Weights(NamedTuple):
    """Of the logistic regression; one per feature."""

    bias: float
    features: Features


# Learned by `python -m evals learn` on the development halves of the demo and Syria sets; the bias then .08 lower by
# hand, for the words that the concept table has gained since.
WEIGHTS = Weights(
    bias=-4.5,
    features=Features(
        cosine=4.14,
        words=2.73,
        words_near=0.9,
        words_missing=-0.88,
        passage=2.97,
        names_missing=-3.63,
        places_missing=-0.5,
        kind=1.02,
        is_foreign=-0.22,
        is_vague=0.53,
    ),
)


class Evidence(NamedTuple):
    """One sentence that a statement may rest on."""

    id: str
    """What the model points with: "s1"."""
    hit: Hit
    sentence: Sentence
    text: str
    features: Features
    chance: float
    """That it answers the question, [0, 1]."""
    answers: tuple[bool, ...] = ()
    """Of a question of several parts, whether it has what each asks for; empty for others."""
    goes_on_from: str = ""
    """The sentence that says what its figure counts, where it leaves that out itself."""

    @property
    def report(self) -> Report:
        return self.hit.report


def select_evidence(
    query: Query, hits: Sequence[Hit], index: Index, limit: int = MAX_SENTENCES, weights: Weights = WEIGHTS
) -> list[Evidence]:
    """The sentences inside the asked time and place, best first, near-repeats left out; ids in that order.

    The best `limit`, and of the others a few that set themselves against another account; for a question that asks for
    a figure also those right beside the likeliest.
    """
    asked = _as_spelled(read_question(query, index), hits, index)
    candidates = [evidence for hit in hits for evidence in _of_hit(asked, hit, weights)]
    ranked = sorted(candidates, key=lambda e: (-e.chance, e.report.id, e.sentence.ordinal))
    distinct: dict[str, Evidence] = {}
    for evidence in ranked:
        distinct.setdefault(" ".join(terms(evidence.text, evidence.report.language)), evidence)
    ordered = list(distinct.values())
    further = ordered[limit:]
    against = (e for e in further if e.chance >= _AGAINST_FROM and sets_itself_against(e.text))
    beside = [e for e in further if query.wants == "number" and is_beside(e, ordered[0])]
    chosen = [*ordered[:limit], *islice(against, _MOST_AGAINST), *beside]
    best = {(e.report.id, e.sentence.ordinal): e for e in chosen}.values()
    return [evidence._replace(id=f"s{number}") for number, evidence in enumerate(best, start=1)]


def is_beside(one: Evidence, other: Evidence) -> bool:
    """Whether they stand in one report, no more than two sentences apart."""
    return one.report.id == other.report.id and abs(one.sentence.ordinal - other.sentence.ordinal) <= _BESIDE


def read_question(query: Query, index: Index) -> Asked:
    """The question's words with their weights in this index, its names and its places."""
    languages = index.coverage().languages
    forms = [
        frozenset([*question_terms(word, languages), *name_keys(word), *concept_terms(word, query.language)])
        for word in telling_words(subject(query))
        if not stands_for_nothing(word, query.language)
    ]
    rarity = index.term_weights([term for of_word in forms for term in of_word])
    mentioned = [mention.place for mention in find_places(query.text, query.language, index.gazetteer)]
    in_area = {place.key for place in query.area.places} if query.area else set[str]()
    return Asked(
        query=query,
        # A word is as common as its commonest form; its rarer forms are only other ways to find it.
        words=tuple(
            AskedWord(
                of_word | kinds_of(of_word) | kin_of(of_word),
                min((rarity.known[t] for t in of_word if t in rarity.known), default=rarity.unknown),
            )
            for of_word in forms
            if of_word
        ),
        names=_asked_names(query, mentioned, rarity),
        places=frozenset({place.key for place in mentioned} | in_area),
        is_open=is_open(query),
    )


def _as_spelled(asked: Asked, hits: Sequence[Hit], index: Index) -> Asked:
    """With the words that no report has taken for those of the passages found that are spelled nearly so: "minster"."""
    unknown = index.term_weights([]).unknown
    if all(word.weight != unknown for word in asked.words):
        return asked
    found = {term for hit in hits for term in terms(hit.passage.text, hit.report.language)}
    written = sorted(term for term in found if term.isalpha())
    spelled = (_respelled(word, written, index) if word.weight == unknown else word for word in asked.words)
    return asked._replace(words=tuple(spelled))


def _respelled(word: AskedWord, written: Sequence[str], index: Index) -> AskedWord:
    """With the terms `written` that are spelled nearly as its longest form, if any."""
    forms = sorted(form for form in word.forms if form.isalpha() and len(form) >= _FEWEST_LETTERS)
    longest = max(reversed(forms), key=len, default="")
    close = get_close_matches(longest, written, n=2, cutoff=_SPELLED_ALIKE)
    meant = [other for other in close if other[0] == longest[0] and len(other) >= _FEWEST_LETTERS]
    weights = index.term_weights(meant).known.values()
    return AskedWord(word.forms.union(meant), min(weights, default=word.weight))


def _asked_names(query: Query, mentioned: Sequence[Place], rarity: KnownWeights) -> tuple[str, ...]:
    """The names of its topic. Arabic has no capitals: there also the places it mentions, and the words that stand for
    no concept and sound like more words of the reports than are spelled so: "كانيابايونغا", Kanyabayonga."""
    found = names(_MINISTRY.sub(" ", query.topic), query.language)
    if query.language == "ar":
        found += [place.name for place in mentioned if place.name in query.topic and telling_words(place.name)]
        found += [word for word in telling_words(query.topic) if _is_heard_elsewhere(word, rarity)]
    return tuple(name for at, name in enumerate(found) if not any(name in other for other in found[:at]))


def _is_heard_elsewhere(word: str, rarity: KnownWeights) -> bool:
    key = next((key for key in name_keys(word) if len(key) > _SHORTEST_SOUND), None)
    if key is None or key not in rarity.known or key in _roots() or concept_terms(word, "ar"):
        return False
    return all(rarity.known[key] < rarity.known.get(stem, rarity.unknown) for stem in terms(word, "ar"))


@cache
def _roots() -> frozenset[str]:
    """The keys of Arabic words: "مقابل" sounds like "مقابلة", and is no name."""
    arabic = LANGUAGES.index("ar")
    return frozenset(key for _, forms in read_table() for form in forms[arabic] for key in name_keys(form))


def chance(features: Features, weights: Weights = WEIGHTS) -> float:
    """That a sentence with these features answers, [0, 1]."""
    total = weights.bias + sum(w * x for w, x in zip(weights.features, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def tell_the_same_figures(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences hold the same numbers."""
    values, others = ({n.value for n in numbers(e.text, e.report.language)} for e in (one, other))
    return values == others


def _of_hit(asked: Asked, hit: Hit, weights: Weights) -> list[Evidence]:
    passage, report = hit.passage, hit.report
    # Its outlet too: "our teams handed out" is told of whoever publishes it.
    outlet = set(name_keys(report.source))
    near = terms_heard(f"{report.title}\n{passage.text}", report.language) | outlet
    whole = terms_heard(f"{report.title}\n{report.body}", report.language) | outlet
    about = {place.key for sentence in passage.sentences for place in sentence.places}
    if asked.query.area is not None and hit.in_area:  # by a place in it, or by its name in other letters
        about |= {place.key for place in asked.query.area.places}
    missing = _missing_names(asked.names, report)
    seen, unread = (_FOREIGN_WORDS, _FOREIGN_NAMES) if report.language != asked.query.language else (1.0, 1.0)
    found: list[Evidence] = []
    begins, text_before = _sentence_before(report, passage)
    before = terms_heard(text_before, report.language)
    cosine_before, follows_question, ended = 0.0, False, passage.sentences[0].start
    heading = before if _is_heading(report, begins, text_before) else frozenset[str]()
    for sentence, cosine in zip(passage.sentences, hit.sentence_scores, strict=True):
        text = report.body[sentence.start : sentence.end]
        own = terms_heard(text, report.language)
        if _is_heading(report, sentence.start, text):
            heading, before, text_before, cosine_before = own, own, text, cosine
            ended = sentence.end + _blank(report.body, sentence.end)  # a line of its own, or the first of a paragraph
            continue
        if "\n" in report.body[ended : sentence.start]:
            heading = frozenset[str]()
        ended = sentence.end
        leaves_out = leaves_out_what_it_counts(text, report.day, report.language)
        is_elliptic = leaves_out or answers_back(text)
        goes_on = is_elliptic or follows_question or points_back(text)
        held = (own | before if goes_on else own) | heading
        before = held if leaves_out else own
        follows_question = is_question(text)
        like, cosine_before = (max(cosine, cosine_before) if is_elliptic else cosine), cosine
        told_before, text_before = (text_before if leaves_out else ""), text_before if leaves_out else text
        if sentence.ordinal not in hit.sentences or _EDITORIAL_NOTE.fullmatch(text):
            continue
        features = Features(
            cosine=like,
            words=min(1.0, seen * _share(asked, held)),
            words_near=min(1.0, seen * _share(asked, near)),
            words_missing=1 - _share(asked, whole) if asked.words else 0.0,
            passage=_how_found(hit, is_foreign=report.language != asked.query.language),
            names_missing=unread * len(missing) / len(asked.names) if asked.names else 0.0,
            places_missing=len(asked.places - about) / len(asked.places) if asked.places else 0.0,
            kind=_kind(asked, sentence, text, report),
            is_foreign=float(report.language != asked.query.language),
            is_vague=_vagueness(asked.query, sentence),
        )
        if asked.is_open:
            likely = _STANDS_ALONE**goes_on * _newsworthiness(asked, hit, sentence, text, cosine)
        else:
            likely = chance(features, weights)
        found.append(Evidence("", hit, sentence, text, features, likely, goes_on_from=told_before))
    return found


def _blank(body: str, start: int) -> int:
    """How many blanks and line breaks follow."""
    return len(body[start:]) - len(body[start:].lstrip())


def _is_heading(report: Report, start: int, text: str) -> bool:
    """Whether it opens a paragraph and only names what that is about."""
    if not is_heading(text, report.day, report.language):
        return False
    return "\n" in report.body[max(0, start - 2) : start] or not report.body[:start].strip()


def _sentence_before(report: Report, passage: Passage) -> tuple[int, str]:
    """The last sentence of the passage before, and where it starts; "" for the first passage."""
    start = passage.sentences[0].start
    first = max(0, start - _LONGEST_SENTENCE)
    spans = split_sentences(report.body[first:start], report.language)
    return (first + spans[-1].start, report.body[first:start][spans[-1].start : spans[-1].end]) if spans else (0, "")


def _missing_names(asked: Sequence[str], report: Report) -> list[str]:
    """Those that the report has neither as written, nor by sound, nor nearly so: for finding, "Ikrima" is "Akrameh" and
    "Shaddadi" is "Shadadi"."""
    whole = f"{report.title}\n{report.body}\n{report.source}"
    unread = [name for name in asked if not is_name_in(name, whole)]
    if not unread:
        return unread
    sounds = set(name_keys(whole))
    written = {word.casefold() for word in re.findall(r"[A-Z]\w{3,}", whole)}
    return [
        name
        for name in unread
        if not sounds & set(name_keys(name, every_word=True))
        and not get_close_matches(name.casefold(), written, n=1, cutoff=_SPELLED_ALIKE)
    ]


# "Thirty-nine still wait in Abéché" says little to who has not read the sentence before.
_STANDS_ALONE = 0.6


def _newsworthiness(asked: Asked, hit: Hit, sentence: Sentence, text: str, cosine: float) -> float:
    """How well a sentence tells what happened, [0, 1], for a question that asks no more: a whole sentence from the top
    of a report, that names its place and day itself and tells what befell people, the newer the better. Weights set by
    hand on the Syria reports."""
    if len(text.split()) < _FEWEST_WORDS or is_question(text) or text.strip() == hit.report.title:
        return 0.0
    age_days = max(0, (asked.query.as_of - hit.report.day).days)
    worth = (
        0.3 * (1.0 if sentence.ordinal == 0 else 0.7 if sentence.ordinal <= 2 else 0.0)
        + 0.2 * (not sentence.places_assumed)
        + 0.1 * any(not span.assumed for span in sentence.times)
        + 0.2 * math.exp(-age_days / _OLD_NEWS_DAYS)
        + 0.2 * max(0.0, cosine)
        + 0.15 * bool(fates_of(terms_of(text, hit.report.language)))
    )
    return min(1.0, worth)


def _how_found(hit: Hit, *, is_foreign: bool) -> float:
    """Words and meaning of its passage, about [0, 1]: on a scale of its own, so that a new ranking does not move it."""
    return 0.5 * hit.lexical_score + (1.25 if is_foreign else 1.0) * hit.vector_score


def _share(asked: Asked, held: Set[str]) -> float:
    total = sum(word.weight for word in asked.words)
    return sum(word.weight for word in asked.words if word.forms & held) / total if total else 0.0


def _kind(asked: Asked, sentence: Sentence, text: str, report: Report) -> float:
    """Whether the sentence has the kind of thing that is asked for."""
    wants = asked.query.wants
    if wants == "number":
        told = {n.value for n in numbers(text, report.language)}
        return float(bool(told - {n.value for n in numbers(asked.query.text, asked.query.language)}))
    if wants == "when":
        return float(any(not span.assumed for span in sentence.times))
    if wants == "where":
        return float(any(place.key not in asked.places for place in sentence.places) and not sentence.places_assumed)
    if wants in ("who", "source"):
        known = f"{asked.query.text} {' '.join(place.name for place in sentence.places)}"
        has_name = any(not is_name_in(name, known) for name in names(text, report.language))
        # Without capitals most names of Arabic sentences pass unseen.
        return 1.0 if has_name else 0.5 if report.language == "ar" else 0.0
    return 0.5


def _vagueness(query: Query, sentence: Sentence) -> float:
    by_time = query.window is not None and all(span.assumed for span in sentence.times)
    by_place = query.area is not None and sentence.places_assumed
    return (by_time + by_place) / 2
