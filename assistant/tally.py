"""Figures that count what a question asks to have counted, or measure it.

`counts` asks generously whether a sentence may answer "how many"; `figures_asked` reads strictly which figures it
gives, to hold them against those of others.
"""

import re

from assistant.evidence import Evidence
from assistant.facts import numbers
from assistant.facts.counted import counted
from assistant.forms import forms_of, terms_of
from assistant.kinds import general_terms
from assistant.likeness import SAME_FROM, likest
from assistant.marks import MEASURES, is_measure
from assistant.sought import COUNTERS, Kind, Slot, find_deed, find_slots
from assistant.types import Query
from index.embed import Embedder
from index.lexical import ARABIC_MARKS, telling_words

# Words for persons in general: a figure for any of them answers "how many people".
_PERSONS = frozenset(("#people", "#person", "#human", "#victim", "#casualty", "#dead", "#kill", "#population"))
# Words that any figure of people has.
_ANYBODY = frozenset(("#people", "#person", "#human"))
_CARED_FOR = frozenset(("#patient",))
_FORCES = frozenset(("#soldier", "#fighter", "#force", "#police", "#guard", "#gunman", "#rebel", "#officer"))
_OF_THEIRS = re.compile(
    r"^(?:(?:of|among) )?(?:its|their|his|our) (?:own )?(?:men|members)\b|"
    r"^(?:de )?(?:ses|leurs|nos) (?:hommes|éléments|membres)\b|"
    r"^(?:من )?(?:رجال|عناصر|أفراد)(?:ه|ها|هم|نا)\b",
    re.I,
)
# What befalls people. A figure of those killed is none of those evacuated.
_FATES = (
    frozenset(("#dead", "#kill", "#drown", "#murder", "#execute", "#massacre")),
    frozenset(("#wound",)),
    frozenset(("#arrest", "#detain", "#capture", "#prisoner")),
    frozenset(("#kidnap", "#hostage")),
    frozenset(("#missing",)),
    frozenset(("#displaced", "#flee", "#evacuate", "#refugee")),
    frozenset(("#rescue", "#survivor")),
    frozenset(("#free", "#release")),
)
# "The attackers, fifteen according to a survivor": it stands bare.
_SAYS_WHO = re.compile(r"(?:selon|d['’]après|according to|بحسب|حسب|وفق)\b")
_OF_THEM = re.compile(r"^(?:of (?:them|those|these|whom)|d['’]entre (?:eux|elles)|منهم|منها|منهن)\b")


def counts(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether a figure stands before (a word for) what is counted, or stands bare in a sentence about it. Generous."""
    text, language = evidence.text, evidence.report.language
    told = counted(text, evidence.report.day, language)
    asked = {number.value for number in numbers(query.asked, query.language)}
    fresh = [_OF_THEM.sub("", things).strip(" ,.;:،؛") for value, things in told if value not in asked]
    fresh = ["" if _SAYS_WHO.match(things) else things for things in fresh]
    deed = find_deed(query.asked, query.language)
    fated = _fates(forms_of([*slot.head, *([deed] if deed else [])], query.language))
    if fated:
        fresh = [things for things in fresh if not (told_of := _fates(terms_of(things, language))) or told_of & fated]
    if not slot.head or not fresh:
        return bool(fresh)
    counter = [word for word in slot.head if word.casefold() in COUNTERS]
    if counter and len(slot.head) > 1:  # "46 measles cases" are no cases of cholera
        of_what = [word for word in slot.head if word not in counter]
        named = forms_of(of_what, query.language)
        if not (named - general_terms() or named) & terms_of(text, language):
            return False
    head = counter[:1] or slot.head[-1:]
    forms = forms_of(head, query.language)
    if forms & _PERSONS:
        return any(not any(is_measure(kind, things) for kind in MEASURES) for things in fresh)
    if any(forms & terms_of(things, language) for things in fresh if things):
        return True
    if deed is not None:  # "180 releases" of prisoners
        done = forms_of([deed], query.language)
        if any(done & terms_of(first, language) for things in fresh for first in telling_words(things)[:1]):
            return True
    if any(_PERSONS & terms_of(things, language) for things in fresh) and forms & (
        terms_of(text, language) | _CARED_FOR
    ):
        return True  # "five of the victims were tourists"; patients are whoever a hospital treats
    if forms & _FORCES and any(_OF_THEIRS.match(things) for things in fresh):
        return True  # "two of its men"
    if any(not things for things in fresh) and forms & terms_of(
        f"{evidence.report.title} {evidence.hit.passage.text}", language
    ):
        return True
    near = [word.casefold() for things in fresh for word in telling_words(things)]
    return any(likest(word.casefold(), near, embedder) >= SAME_FROM for word in head)


def _fates(terms: set[str]) -> set[int]:
    """Which of `_FATES` the words are of, by number."""
    return {number for number, fate in enumerate(_FATES) if fate & terms}


_NONE = re.compile(
    r"\b(?:no|not a single|none of (?:the|its|their)|aucune?(?: des?| de (?:ses|leurs))?|pas une? seule?)\s"
    r"(?P<things>(?:\w+\s?){1,2})|"
    r"\b(?:nobody|no one|personne n['’e]\s?)(?P<nobody>\s?(?:\w+\s?){1,3})|"
    r"(?:^|\s)[وف]?(?:لا|لم|لن)\s(?:\w+\s){0,2}أي(?:ة)?\s(?P<arabic>\w+)|"
    r"أحدا?\s(?:من\s\w+\s)?(?:لم|لا)\s(?P<none>\w+)|(?:لم|لا)\s(?P<done>\w+)\sأحد",
    re.I,
)
# "The figure of 52,000", "put the number at 49": a figure of what is talked about.
_TOLL = re.compile(
    r"\b(?:figures?|tolls?|numbers?|counts?|total) (?:of|at|to|was|is|stands at|stood at|rose to)\s(?=\D{0,12}\d)|"
    r"\bnumber of (?:\w+ ){1,10}(?:at|to|was|is|reached)\s(?=\d)|"
    r"\b(?:bilan|chiffre|nombre|total) (?:\w+ )?(?:de|à|s['’]établit à|est de|s['’]élève à)\s|"
    r"(?:حصيلة|عدد|رقم|مجموع)\w* (?:\w+ ){0,4}(?:قدره?ا?|إلى|بلغت?|هي)\s",
    re.I,
)


def asks_for_figures(query: Query) -> bool:
    """Whether it asks for a count of something, or a measure, by name."""
    return any(
        slot.kind in MEASURES or (slot.kind == "count" and (slot.head or deed_forms(query))) for slot in _slots(query)
    )


def _slots(query: Query) -> tuple[Slot, ...]:
    return find_slots(query.asked, query.language)


def figures_asked(query: Query, evidence: Evidence) -> set[float]:
    """Its figures that stand before what the question asks to have counted, in any of the languages, or before the
    measure it asks for: "per cent"."""
    slots = _slots(query)
    heads = [slot.head for slot in slots if slot.kind == "count"]
    measures: list[Kind] = [kind for kind in MEASURES if any(slot.kind == kind for slot in slots)]
    if measures:
        told = counted(evidence.text, evidence.report.day, evidence.report.language)
        return {value for value, things in told if any(is_measure(kind, things) for kind in measures)}
    if not heads and query.wants != "number":
        return set()
    wanted = forms_of(heads[0], query.language) if heads and heads[0] else set[str]()
    done = deed_forms(query)
    is_of_persons = not wanted or bool(wanted & _PERSONS)
    if is_of_persons and done:
        wanted = done  # "how many people died", as any figure may be one of people
    elif is_of_persons:  # "the toll of the shipwreck"
        forms = (forms_of([word], query.language) for word in telling_words(query.topic))
        wanted = set[str]().union(*(of_word for of_word in forms if not of_word & _ANYBODY))
    else:
        wanted |= done  # "180 releases" of prisoners
    text, language = evidence.text, evidence.report.language
    told = counted(text, evidence.report.day, language)
    figures = {value for value, things in told if things and wanted & terms_of(things, language)}
    figures |= {
        value
        for toll in _TOLL.finditer(text)
        for value, _ in counted(text[toll.end() :], evidence.report.day, language)[:1]
    }
    denied = (next(filter(None, none.groups()), "") for none in _NONE.finditer(ARABIC_MARKS.sub("", text)))
    has_none = any(wanted & terms_of(words, language) for words in denied)
    return figures | {0.0} if has_none else figures


def deed_forms(query: Query) -> set[str]:
    """Of what the question asks about, "reached", in any of the languages; empty for one without a deed."""
    deed = find_deed(query.asked, query.language)
    return forms_of([deed], query.language) if deed else set()
