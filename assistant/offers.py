"""Whether a sentence offers what a question asks for: a name beside the noun asked about, a figure that counts it, a
price for "how much", a cause for "why".

Holds the likely sentences against the question once more, more strictly than `assistant.evidence`, which weighs how
much they have in common: "What is the captain's name?" and "The captain fled to Mersin" have much in common.
"""

import math
import re
from collections.abc import Sequence, Set

from assistant.contrast import says_not, tells_of_denial
from assistant.evidence import Evidence
from assistant.facts import is_name_in, names, numbers
from assistant.facts.beside import WORD, named_beside
from assistant.forms import forms_heard, forms_of, terms_heard, terms_of
from assistant.likeness import SAME_FROM, likest
from assistant.marks import MARKS, MEASURED, PLANNED
from assistant.parts import Part, parts_of
from assistant.sought import Kind, Slot, asks_whether, find_slots
from assistant.speaker import find_speaker
from assistant.tally import counts, counts_none, counts_otherwise, is_background
from assistant.types import Query
from index.dates import find_times
from index.embed import Embedder
from index.lexical import telling_words
from index.sentences import is_question

# Set on the development questions. A sentence that has nothing of what is asked for is no answer, however much else it
# has in common with the question, ...
_LACKING_CHANCE = 0.29
# ... unless it denies what the question takes for granted and shares at least this much of its words.
_DENIES_FROM = 0.5
_DENIABLE: frozenset[Kind] = frozenset(("count", "clock", "cause", "duration"))
# One that has it is the likelier for it (in logits) ...
_OFFERED = 0.7
# ... unless another report has a sentence so much closer to the question that lacks it: then this is another matter.
_ASIDE_BELOW = 0.5
_ASIDE_FACTOR = 0.6
# What somebody says who is asked about as saying something is likelier too (in logits).
_SAID_BY = 1.2
# Below this cosine a figure or name is one of something else: of 40 such sentences of middling chance 2 were gold, of
# 331 others 68. But in a passage with a likely sentence it goes on telling of that.
_FAR_BELOW = 0.1
# What has this share of the question's words tells of it whatever its cosine.
_MOST_WORDS = 0.7
_LIKELY = 0.45
# A cause may be told without any word for "because".
_NO_CAUSE_FACTOR = 0.65
# A plan is a doubtful answer to what was done: "promises power for Friday" to "when did the power return?".
_PLANNED_FACTOR = 0.5
# Cosines of the nearest word in the passage to the word for what was done, "burned": below the first nothing near tells
# of it, below the second it is doubtful.
_UNHEARD_BELOW = 0.57
_DOUBTFUL_BELOW = 0.64
_DOUBTFUL_COUNT = 0.6
_DOUBTFUL_WHERE = 0.4
_DOUBTFUL_WHO = 0.75
# A name stands beside its noun, so that the noun may be taken less exactly.
_NAMED_FROM = 0.57


def hold(query: Query, evidence: Sequence[Evidence], embedder: Embedder) -> list[Evidence]:
    """The evidence with the chance of each sentence raised or lowered by what it offers; best first, with new ids."""
    parts = parts_of(query)
    offering = [[_offers_any(part.slots, query, e, embedder) for part in parts] for e in evidence]
    heard = [[_heard(part, query, e, embedder) for part in parts] for e in evidence]
    lacking = [e for e, has in zip(evidence, offering, strict=True) if not any(has)]
    likely = frozenset(e.hit.passage.id for e in evidence if e.chance >= _LIKELY and e.features.cosine >= _FAR_BELOW)
    held: list[Evidence] = []
    for e, has, factors in zip(evidence, offering, heard, strict=True):
        by_part = [
            _weighed(query, e, part, has_it, factor, lacking, likely)
            for part, has_it, factor in zip(parts, has, factors, strict=True)
        ]
        answers = (_answers(part, has_it, query, e, embedder) for part, has_it in zip(parts, has, strict=True))
        held.append(e._replace(chance=max(by_part), answers=tuple(answers) if len(parts) > 1 else ()))
    speaker = forms_heard(find_speaker(query.asking, query.language), query.language)
    ranked = sorted((_if_said_by(speaker, e) for e in held), key=lambda e: -e.chance)
    return [e._replace(id=f"s{number}") for number, e in enumerate(ranked, start=1)]


def _if_said_by(speaker: Set[str], evidence: Evidence) -> Evidence:
    """Likelier if it is what the question asks about somebody as saying, and that is who says it."""
    said_by = evidence.sentence.attributed_to
    if not speaker or not said_by or not speaker & terms_heard(said_by, evidence.report.language):
        return evidence
    odds = evidence.chance / max(1e-9, 1 - evidence.chance) * math.exp(_SAID_BY)
    return evidence._replace(chance=odds / (1 + odds))


def unanswered(query: Query, cited: Sequence[Evidence]) -> tuple[str, ...]:
    """The parts of a question of several that no sentence cited has an answer to, as typed."""
    parts = parts_of(query)
    return tuple(
        part.text for at, part in enumerate(parts) if len(parts) > 1 and cited and not any(e.answers[at] for e in cited)
    )


def leaves_out(query: Query, text: str, pointed: Sequence[Evidence], embedder: Embedder) -> str | None:
    """What is asked for that the sentences have and a statement on them, in the question's language, has not: the day
    of "when", the figure of "how many". None when nothing is, or it cannot be told."""
    slots = [slot for part in parts_of(query) for slot in part.slots]
    offered: list[Kind] = [slot.kind for slot in slots if any(offers(slot, query, e, embedder) for e in pointed)]
    if not offered or any(_has_kind(kind, query, text) for kind in offered):
        return None
    return offered[0]


def _has_kind(kind: Kind, query: Query, text: str) -> bool:
    if kind == "day":
        return bool(find_times(text, query.as_of, query.language))
    if kind == "count" or kind in MEASURED:
        return bool(numbers(text, query.language))
    return kind not in MARKS or kind == "cause" or bool(MARKS[kind].search(text))


def _weighed(
    query: Query,
    evidence: Evidence,
    part: Part,
    has_it: bool,
    heard: float,
    lacking: Sequence[Evidence],
    likely: frozenset[str],
) -> float:
    """The chance that it answers that part."""
    if heard == 0 or is_question(evidence.text):
        return min(evidence.chance, _LACKING_CHANCE)
    chance = evidence.chance * heard * (_PLANNED_FACTOR if _asks_done(part) and PLANNED.search(evidence.text) else 1.0)
    if not part.slots:
        return chance
    if not has_it or _is_told_elsewhere(query, part.slots, evidence):
        return _lowered(chance, part.slots)
    has_little = evidence.features.cosine < _FAR_BELOW and evidence.features.words < _MOST_WORDS
    is_far = has_little and evidence.hit.passage.id not in likely
    return _ASIDE_FACTOR * chance if is_far else _raised(evidence, chance, lacking, heard)


def _is_told_elsewhere(query: Query, slots: Sequence[Slot], evidence: Evidence) -> bool:
    """Whether a figure asked for is that of a place named in its sentence, and none of those asked about is named in
    its passage: "2,600 hectares around Tahoua" for "How many hectares at Tin-Wazzan?"."""
    if not any(slot.kind in _COUNTED for slot in slots):
        return False
    sentence = evidence.sentence
    if sentence.places_assumed or all(place.kind == "country" for place in sentence.places):
        return False
    if evidence.features.places_missing == 1:
        return True
    near = f"{evidence.report.title} {evidence.hit.passage.text}"
    asked = [match.group("name") for match in _AT.finditer(query.asked)] if query.area is None else []
    return bool(asked) and not any(is_name_in(name, near) for name in asked)


_COUNTED: frozenset[Kind] = frozenset(("count", "share", "money", "volume"))
# What is asked about lies there: "à Tin-Wazzan", "in Halfaya".
_AT = re.compile(
    r"\b(?:in|at|near|around|à|près de|autour de)\s(?P<name>[A-ZÉÎ][\w'’]+(?:[ -](?:[ae]l-)?[A-ZÉÎ][\w'’]+)*)"
)


def _answers(part: Part, has_it: bool, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether the sentence itself may answer that part; a cause may be told without any word for "because"."""
    may_have_it = has_it or any(slot.kind == "cause" for slot in part.slots)
    return may_have_it and _heard(part, query, evidence, embedder, is_beside=True) > 0


def _raised(evidence: Evidence, chance: float, lacking: Sequence[Evidence], heard: float) -> float:
    elsewhere = max((e.chance for e in lacking if e.report.id != evidence.report.id), default=0.0)
    if chance < _ASIDE_BELOW * elsewhere:
        return _ASIDE_FACTOR * chance
    odds = chance / max(1e-9, 1 - chance) * (math.exp(_OFFERED) if heard == 1 else 1.0)
    return odds / (1 + odds)


def _lowered(chance: float, slots: Sequence[Slot]) -> float:
    return chance * _NO_CAUSE_FACTOR if any(slot.kind == "cause" for slot in slots) else min(chance, _LACKING_CHANCE)


def _heard(part: Part, query: Query, evidence: Evidence, embedder: Embedder, *, is_beside: bool = False) -> float:
    """1 if something near tells of the part's deed, by stem, concept or meaning; 0 if nothing does; between when in
    doubt."""
    deed, slots = part.deed, part.slots
    if deed is None or (slots and denies(query, evidence)):
        return 1.0
    # What was counted, or whether it was done, may be told a sentence further; who did it stands beside the deed.
    is_of_who = all(slot.kind in ("place", "which") for slot in slots) and not asks_whether(part.text)
    is_beside = is_beside or is_of_who
    near = f"{evidence.report.title} {evidence.text if is_beside else evidence.hit.passage.text}"
    if forms_of([deed], query.language) & terms_of(near, evidence.report.language):
        return 1.0
    words = [word.casefold() for word in telling_words(near)]
    cosine = likest(deed.casefold(), [word for word in words if word not in _PARTICLES], embedder)
    if cosine < _UNHEARD_BELOW:
        return 0.0
    if cosine >= _DOUBTFUL_BELOW:
        return 1.0
    return _DOUBTFUL_WHO if not slots else _DOUBTFUL_WHERE if is_beside else _DOUBTFUL_COUNT


# The encoder finds these near any verb: "over" .66 to "coulé".
_PARTICLES = frozenset("over out put off up down on away back around".split())


def _offers_any(slots: Sequence[Slot], query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    if is_question(evidence.text):
        return False
    if not slots:
        return True
    if is_background(query, evidence):
        return False
    if any(slot.kind in _DENIABLE for slot in slots) and denies(query, evidence):
        return True
    return any(offers(slot, query, evidence, embedder) for slot in slots)


def denies(query: Query, evidence: Evidence) -> bool:
    """Whether it denies something of what the question is about, or of what it takes for granted, and so may answer."""
    if not says_not(evidence.text):
        return False
    if _has_the_granted(query, evidence):
        return True
    # "We call on the dockers not to receive the ships" is no number of ships.
    is_denial = counts_none(evidence.text) or tells_of_denial(evidence.text) or counts_otherwise(evidence)
    may_deny = is_denial or any(slot.kind != "count" for slot in find_slots(query.asking, query.language))
    return may_deny and evidence.features.words >= _DENIES_FROM


def _has_the_granted(query: Query, evidence: Evidence) -> bool:
    """Whether it tells of the event that a question hangs on: "when the tanker exploded"."""
    clause = _GRANTED.search(query.asking)
    words = telling_words(clause.group("event") or clause.group("arabic")) if clause else []
    if len(words) < _GRANTED_WORDS:
        return False
    held = terms_of(evidence.text, evidence.report.language)
    return sum(bool(forms_of([word], query.language) & held) for word in words) >= max(
        _GRANTED_WORDS, _DENIES_FROM * len(words)
    )


_GRANTED_WORDS = 2
_GRANTED = re.compile(
    r"\b(?:when|after|during|following|lorsqu[e'’]|quand|lors d[eu]|après|pendant)\s(?P<event>[^,?]+)|"
    r"(?:^|\s)(?:عندما|حين|حينما|خلال|أثناء|بعد|إثر)\s(?P<arabic>[^،؟]+)",
    re.I,
)


def offers(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether the sentence has a thing of the kind sought. Generous where a reader could not be sure either."""
    text, language = evidence.text, evidence.report.language
    if slot.kind == "name":
        return _names_it(slot, query, evidence, embedder)
    if slot.kind == "count":
        return counts(slot, query, evidence, embedder)
    if slot.kind == "which":
        return _names_which(slot, query, evidence, embedder)
    if slot.kind == "place":
        return _names_place(slot, query, evidence)
    if slot.kind == "day":
        return any(not span.assumed for span in evidence.sentence.times)
    if slot.kind == "country":
        places = evidence.sentence.places
        return any(place.kind == "country" and not is_name_in(place.name, query.asked) for place in places)
    has_mark = bool(MARKS[slot.kind].search(text))
    return has_mark and (slot.kind not in MEASURED or bool(numbers(text, language)))


def _asks_done(part: Part) -> bool:
    """Whether it asks if or when something was done, and not what is to be done."""
    asks = asks_whether(part.text) or any(slot.kind in ("day", "clock") for slot in part.slots)
    return asks and bool(_PAST.search(part.text)) and not PLANNED.search(part.text)


# Arabic verbs are of the past unless they begin with a letter of the present.
_PAST = re.compile(
    r"\b(?:did|was|were|has|have|had|a|ont|est|sont|avait|avaient|était|étaient|fut|furent)\b|"
    r"(?:متى|هل|ساعة|يوم|تاريخ)\s(?![يتن]\w{3})",
    re.I,
)


def _names_which(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether there is a new name and the noun asked about, or a word for it. Who acts needs no noun."""
    text, language = evidence.text, evidence.report.language
    known = f"{query.asked} {evidence.report.source}"
    fresh = [name for name in names(text, language) if not is_name_in(name, known)]
    forms = forms_of(slot.head, query.language)
    if forms & _ACTORS:
        return bool(fresh) or language == "ar"
    # Without capitals most names of Arabic sentences pass unseen.
    if not fresh and language != "ar":
        return False
    if forms & terms_of(text, language):
        return True
    words = [word.casefold() for word in telling_words(text)]
    return any(likest(word.casefold(), words, embedder) >= SAME_FROM for word in slot.head)


def _names_place(slot: Slot, query: Query, evidence: Evidence) -> bool:
    """Whether it says where: a place that the question does not name, a name after a word for where, or "villages"
    where these are asked for, as hamlets are on no map."""
    asked = _SETTLEMENTS & forms_of(slot.head, query.language)
    if asked & terms_of(evidence.text, evidence.report.language):
        return True
    known = f"{query.asked} {evidence.report.source}"
    is_told = not evidence.sentence.places_assumed
    if is_told and any(not is_name_in(place.name, known) for place in evidence.sentence.places):
        return True
    return bool(_WHERE.search(evidence.text))


_SETTLEMENTS = frozenset(("#village", "#city", "#neighborhood", "#locality", "#district", "#camp"))
_WHERE = re.compile(
    r"\b(?:in|at|near|outside|inside|to|into|towards?|from) (?:(?:the|an?|his|her|its|their) \w+|[A-Z]\w+)|"
    r"\b(?:dans|chez|vers|près d[eu]|au|aux|à|en|sur) (?:l['’]|la |les? |une? |s(?:on|a|es) |leurs? )?\w+|"
    r"(?:^|\s)(?:في|إلى|قرب|من|نحو|داخل|خارج) \w+|"
    # How far from where: a name behind it may be on no map.
    r"\b(?:at|near|outside|around) (?:the )?[A-Z]\w+|\b(?:km|kilomet(?:er|re)s?|miles?) (?:\w+ )?(?:of|from)\b|"
    r"\b(?:km|kilomètres?) (?:au |à l['’])(?:nord|sud|est|ouest)|\b(?:km|kilomètres?) d[e'’]|"
    r"\bà (?:hauteur|proximité|l['’]entrée|la sortie) d[e'’u]|\baux abords d[e'’u]|\bprès d[e'’u]|"
    r"(?:كيلومتر\w*|كلم|كم|أميال) (?:إلى )?(?:من|عن|شمال|جنوب|شرق|غرب)|(?:^|\s)(?:قرب|بمحاذاة|عند مدخل) \w"
)
# Who acts is often named without a word for what he is: "which group", "quel joueur".
_ACTORS = frozenset(
    ("#group", "#player", "#official", "#organization", "#army", "#force", "#fighter", "#country", "#state",
     "#leader", "#minister", "#militia", "#team", "#club", "#party", "#faction")
)  # fmt: skip


def _names_it(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether a new name of no place and no outlet stands beside (a word for) what is to be named."""
    text, language = evidence.text, evidence.report.language
    known = " ".join([query.asked, evidence.report.source, *(place.name for place in evidence.sentence.places)])
    forms = forms_of(slot.head, query.language)
    words = [word.casefold() for word in slot.head]
    for asked in words:  # all at once, as each call of the encoder costs as much as several words
        likest(asked, [word.casefold() for word in WORD.findall(text)], embedder)

    def is_head(word: str) -> bool:
        if forms & terms_of(word, language):
            return True
        return any(likest(asked, [word.casefold()], embedder) >= _NAMED_FROM for asked in words)

    return named_beside(text, language, is_head if words else None, known)
