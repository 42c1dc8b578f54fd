"""Figures that count what a question asks to have counted, or measure it.

`counts` asks generously whether a sentence may answer "how many"; `figures_asked` reads strictly which figures it
gives, to hold them against those of others.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from assistant.evidence import Evidence
from assistant.facts import is_name_in, numbers
from assistant.facts.counted import located_and_counted
from assistant.forms import forms_of, terms_of
from assistant.kinds import fates_of, general_terms
from assistant.likeness import SAME_FROM, likest
from assistant.marks import MEASURES, is_measure
from assistant.sought import COUNTERS, Kind, Slot, find_deed, find_slots
from assistant.speaker import find_speaker
from assistant.types import Query
from index.embed import Embedder
from index.lexical import ARABIC_MARKS, telling_words

# Words for persons in general: a figure for any of them answers "how many people".
_PERSONS = frozenset(("#people", "#human", "#victim", "#casualty", "#dead", "#kill", "#population"))
# Words that any figure of people has.
_ANYBODY = frozenset(("#people", "#human"))
_CARED_FOR = frozenset(("#patient",))
_FORCES = frozenset(("#soldier", "#fighter", "#force", "#police", "#guard", "#gunman", "#rebel", "#officer"))
_GROUPS = _FORCES | {"#woman", "#civilian"}
_OF_THEIRS = re.compile(
    r"^(?:(?:of|among) )?(?:its|their|his|our) (?:own )?(?:men|members)\b|"
    r"^(?:de )?(?:ses|leurs|nos) (?:hommes|éléments|membres)\b|"
    r"^(?:من )?(?:رجال|عناصر|أفراد)(?:ه|ها|هم|نا)\b",
    re.I,
)
_VICTIMS = frozenset(("#victim", "#casualty"))
# "Nine burned granaries" are no nine people wounded.
_NO_PERSONS = frozenset(
    f"#{name}"
    for name in (
        "vehicle truck car bus house building warehouse silo shop school mosque church bridge tent bag case "
        "village locality city neighborhood camp animal livestock sheep rocket missile round shell weapon ammunition "
        "hectare expanse ton kilometer meter liter percent year month week day hour dollar currency franc money"
    ).split()
)
# Before a figure, "killing at least 14".
_WORDS_BEFORE = 6
_CLAUSE_ENDS = re.compile(r"[.;:،؛,]\s")
_BACKGROUND, _LASTING = timedelta(days=90), timedelta(days=300)
# "The attackers, fifteen according to a survivor": it stands bare.
_SAYS_WHO = re.compile(r"(?:selon|d['’]après|according to|بحسب|حسب|وفق)\b")
# "4,200 tonnes" is how much grain, whatever the sentence calls it.
_HOW_MUCH = re.compile(r"\bhow much\b|\bquelle quantité\b|(?:كمية|حجم)\s", re.I)
_AMOUNTS: tuple[Kind, ...] = ("volume", "length")
_OF_THEM = re.compile(r"^(?:of (?:them|those|these|whom)|d['’]entre (?:eux|elles)|منهم|منها|منهن)\b")


class _Figure(NamedTuple):
    """A figure of a sentence and what it counts."""

    start: int
    value: float
    things: str
    """The words after it; "" where it stands bare."""
    terms: frozenset[str]
    """Of these words."""
    fates: frozenset[int]
    """What befell those counted, by these words, by those before, or, where it stands bare, by the sentence before."""
    may_be_persons: bool
    is_version: bool
    """Not a part of the figure before it, "14 dead, including 9 soldiers", nor what it is set against, "not 14"."""


# What begins a part of what the figure before counts.
_PART = re.compile(
    r"\b(?:including|among (?:them|whom|those)|of (?:them|whom|which|these)|dont|parmi (?:eux|elles|lesquel\w+)|"
    r"y compris)\b|(?:^|\s)(?:من )?(?:بين|ضمن)(?:هم|هن|ها)\b|(?:^|\s)منه(?:م|ن|ا)\b|بما في ذلك",
    re.I,
)
_PART_GOES_ON = re.compile(r"^(?:\W|\w+\W){0,3}(?:and|et)\W$|^(?:\W|\w+\W){0,3}و$", re.I)
_SET_AGAINST = re.compile(
    r"\b(?:not|rather than|instead of|against|up from|down from|compared (?:with|to)|non(?: plus| pas)?|au lieu de|"
    r"plutôt que|contre) (?:the |an? |about |d['’]|de |les |environ )?$|(?:^|\s)(?:وليس|مقابل|بدلا من|عوضا عن|لا) $",
    re.I,
)


@lru_cache(maxsize=1_000)
def _figures(text: str, day: date, language: str, goes_on_from: str) -> tuple[_Figure, ...]:
    told = located_and_counted(text, day, language)
    found: list[_Figure] = []
    end, was_part = 0, False
    for figure, following in told:
        between = text[end : figure.start]
        was_part = bool(found) and bool(_PART.search(between) or (was_part and _PART_GOES_ON.match(between)))
        things = _OF_THEM.sub("", following).strip(" ,.;:،؛")
        if _SAYS_WHO.match(things):
            things = ""
        terms = terms_of(things, language) if things else set[str]()
        before = terms_of(" ".join(_CLAUSE_ENDS.split(between)[-1].split()[-_WORDS_BEFORE:]), language)
        # "Nine burned granaries": English has the noun second.
        noun = " ".join(telling_words(things)[: 2 if language == "en" else 1])
        may_be_persons = not _NO_PERSONS & terms_of(noun, language)
        fates = (fates_of(terms) or fates_of(before)) if may_be_persons else set[int]()
        if not fates and not things and goes_on_from:
            fates = fates_of(terms_of(goes_on_from, language))
        is_version = not was_part and not _SET_AGAINST.search(text[: figure.start])
        if was_part:  # "14 dead, 12 of them in Hama": of the dead
            terms, fates = terms | found[-1].terms, fates or found[-1].fates
        found.append(
            _Figure(
                figure.start,
                figure.number.value,
                things,
                frozenset(terms),
                frozenset(fates),
                may_be_persons,
                is_version,
            )
        )
        end = figure.end
    return tuple(found)


def _figures_of(evidence: Evidence) -> tuple[_Figure, ...]:
    report, said_by = evidence.report, evidence.sentence.attributed_to or ""
    named = evidence.text.find(said_by) if said_by else -1
    figures = _figures(evidence.text, report.day, report.language, evidence.goes_on_from)
    return tuple(f for f in figures if f.start != named)  # "according to two shipping agents"


def counts_otherwise(evidence: Evidence) -> bool:
    """Whether it sets a figure against another: "nine, not five"."""
    return any(_SET_AGAINST.search(evidence.text[: figure.start]) for figure in _figures_of(evidence))


def _fates_asked(query: Query, head: Sequence[str]) -> set[int]:
    forms = forms_of(head, query.language) | deed_forms(query)
    return fates_of(forms) or ({0, 1} if forms & _VICTIMS else set())


def is_background(query: Query, evidence: Evidence) -> bool:
    """Whether it tells, of its own account, only of what was long past when it was written, where something done is
    counted and no time is asked for: "In 2036 a mine on the same road killed 31". Of 14 such sentences chosen none was
    gold."""
    asks_of_done = deed_forms(query) or fates_of(forms_of(telling_words(query.topic), query.language))
    if query.window is not None or not asks_of_done or not any(slot.kind == "count" for slot in _slots(query)):
        return False
    day = evidence.report.day
    told = [span for span in evidence.sentence.times if not span.assumed]
    past = [span for span in told if span.end < day - _BACKGROUND]
    # "Nobody has answered for it to this day" is no news.
    lasting = [span for span in told if span.end >= day and (span.start == date.min or day - span.start > _LASTING)]
    return bool(past) and len(past) + len(lasting) == len(told)


def _is_amount(things: str) -> bool:
    units = (word.casefold() in COUNTERS for word in things.split()[:1])
    return any(units) or any(is_measure(kind, things) for kind in _AMOUNTS)


def counts(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether a figure stands before (a word for) what is counted, or stands bare in a sentence about it. Generous."""
    if is_background(query, evidence):
        return False
    text, language = evidence.text, evidence.report.language
    asked = {number.value for number in numbers(query.asked, query.language)}
    fresh = [figure for figure in _figures_of(evidence) if figure.value not in asked]
    fated = _fates_asked(query, slot.head)
    if fated:
        fresh = [figure for figure in fresh if not figure.fates or figure.fates & fated]
    if not slot.head or not fresh:
        return bool(fresh)
    counter = [word for word in slot.head if word.casefold() in COUNTERS]
    if counter and len(slot.head) > 1:  # "46 measles cases" are no cases of cholera
        of_what = [word for word in slot.head if word not in counter]
        named = forms_of(of_what, query.language)
        if not (named - general_terms() or named) & terms_of(f"{text} {evidence.goes_on_from}", language):
            return False
        if any(named & figure.terms for figure in fresh):  # "300 sacks of blood" for bags
            return True
    if _HOW_MUCH.search(query.asking) and any(_is_amount(figure.things) for figure in fresh):
        return True
    head = counter[:1] or slot.head[-1:]
    forms = forms_of(head, query.language)
    if forms & _PERSONS:
        return any(
            figure.may_be_persons and not any(is_measure(kind, figure.things) for kind in MEASURES) for figure in fresh
        )
    if any(forms & figure.terms for figure in fresh):
        return True
    done = deed_forms(query)  # "180 releases" of prisoners
    if any(done & terms_of(first, language) for figure in fresh for first in telling_words(figure.things)[:1]):
        return True
    near = terms_of(f"{text} {evidence.goes_on_from}", language)
    if any(_PERSONS & figure.terms for figure in fresh) and forms & (near | _CARED_FOR):
        return True  # "five of the victims were tourists"; patients are whoever a hospital treats
    if forms & _FORCES and any(_OF_THEIRS.match(figure.things) for figure in fresh):
        return True  # "two of its men"
    if any(not figure.things for figure in fresh):
        # Whose figure is put otherwise here is told in the sentence before.
        before = _figures(evidence.goes_on_from, evidence.report.day, language, "")
        is_told = any(figure.things for figure in before)
        around = "" if is_told else f"{evidence.report.title} {evidence.hit.passage.text}"
        if forms & (near | terms_of(around, language)):
            return True
    words = [word.casefold() for figure in fresh for word in telling_words(figure.things)]
    return any(likest(word.casefold(), words, embedder) >= SAME_FROM for word in head)


_NONE = re.compile(
    r"\b(?:no|not a single|none of (?:the|its|their)|aucune?(?: des?| de (?:ses|leurs))?|pas une? seule?)\s"
    r"(?P<things>(?:\w+\s?){1,2})|"
    r"\b(?:nobody|no one|personne n['’e]\s?)(?P<nobody>\s?(?:\w+\s?){1,3})|"
    r"(?:^|\s)[وف]?(?:لا|لم|لن)\s(?:\w+\s){0,2}أي(?:ة)?\s(?P<arabic>\w+)|"
    r"أحدا?\s(?:من\s\w+\s)?(?:لم|لا)\s(?P<none>\w+)|(?:لم|لا)\s(?P<done>\w+)\sأحد",
    re.I,
)
_NO_FIGURE = re.compile(r"(?:figures?|numbers?|counts?|tolls?|chiffres?|bilans?|nombres?|رقم|حصيلة|عدد)\b", re.I)


def counts_none(text: str) -> bool:
    """Whether it says that there is none of something: "No case was confirmed"; but not "It gave no figure"."""
    return bool(_UNHARMED.search(text)) or any(not _NO_FIGURE.match(things.strip()) for things in _denied(text))


def _denied(text: str) -> list[str]:
    """The words for what there is said to be none of."""
    return [next(filter(None, none.groups()), "") for none in _NONE.finditer(ARABIC_MARKS.sub("", text))]


_UNHARMED = re.compile(
    r"\bsans (?:faire |causer )?(?:de |d['’])?(?:victimes?|blessée?s?|morts?|dégâts?)|"
    r"\bwithout (?:any )?(?:casualties|injur\w+|loss)|\b(?:unhurt|indemnes?)\b|"
    r"(?<!\w)(?:من )?دون (?:وقوع |تسجيل )?(?:إصابات|ضحايا|خسائر)",
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

_OF_SOMETHING = re.compile(r"number of|nombre|عدد", re.I)


def asks_for_figures(query: Query) -> bool:
    """Whether it asks for a count of something, or a measure, by name."""
    return any(
        slot.kind in MEASURES or (slot.kind == "count" and (slot.head or deed_forms(query))) for slot in _slots(query)
    )


def asks_for_a_count(query: Query) -> bool:
    """Whether it asks how many of something, and neither for more than that nor for what one speaker says."""
    slots = _slots(query)
    return len(slots) == 1 and slots[0].kind == "count" and not find_speaker(query.asking, query.language)


def _slots(query: Query) -> tuple[Slot, ...]:
    return find_slots(query.asking, query.language)


def figures_asked(query: Query, evidence: Evidence) -> set[float]:
    """Its figures that stand before what the question asks to have counted, in any of the languages, or before the
    measure it asks for: "per cent"."""
    slots = _slots(query)
    heads = [slot.head for slot in slots if slot.kind == "count"]
    measures: list[Kind] = [kind for kind in MEASURES if any(slot.kind == kind for slot in slots)]
    figures = _figures_of(evidence)
    if measures:
        return {f.value for f in figures if any(is_measure(kind, f.things) for kind in measures)}
    if (not heads and query.wants != "number") or is_background(query, evidence):
        return set()
    head = heads[0] if heads else ()
    role, done = forms_of(head, query.language), deed_forms(query)
    wanted = set(role)
    fated = _fates_asked(query, head)
    is_of_persons = not wanted or bool(wanted & _PERSONS) or bool(fates_of(wanted))
    if is_of_persons and done:
        wanted = done  # "how many people died", as any figure may be one of people
    elif is_of_persons:  # "the toll of the shipwreck"
        forms = (forms_of([word], query.language) for word in telling_words(query.topic))
        wanted = set[str]().union(*(of_word for of_word in forms if not of_word & _ANYBODY))
    else:
        wanted |= done  # "180 releases" of prisoners
    text, language = evidence.text, evidence.report.language
    from_before = terms_of(evidence.goes_on_from, language)
    terms_told = terms_of(text, language)
    fates_told = fates_of(terms_told)
    if not fated and not is_of_persons and done and not done & (terms_told | from_before):
        return set()  # "44 trucks arrived" counts none looted
    # Whose figure is put otherwise is told in the sentence before.
    before_it = [f for f in _figures(evidence.goes_on_from, evidence.report.day, language, "") if f.things]
    is_of_others = (
        bool(before_it) and not wanted & terms_told and not any(wanted & f.terms or fated & f.fates for f in before_it)
    )
    # "The number of cattle stolen" is no number of the dead.
    tolls = [toll.end() for toll in _TOLL.finditer(text) if not (fated and _OF_SOMETHING.search(toll.group()))]
    found: list[_Figure] = []
    before = 0
    for figure in figures:
        is_toll = not is_of_others and any(before <= toll <= figure.start for toll in tolls)
        is_toll = is_toll and (not figure.fates or bool(figure.fates & fated))
        before = figure.start
        if fated:  # of "how many soldiers died" no dead goats, nor dead gunmen
            may_be_those = is_of_persons or not figure.things or bool((role | _PERSONS) & figure.terms)
            if not is_of_persons and _GROUPS & figure.terms and not role & figure.terms:
                may_be_those = False  # "60 rebels had been killed" tells of no children
            is_so_fated = fated & figure.fates or (not figure.fates and role & figure.terms and fated & fates_told)
            is_asked = may_be_those and bool(is_so_fated)
        else:
            is_asked = bool(wanted & figure.terms) or (not figure.things and bool(wanted & from_before))
        if is_asked or is_toll:
            found.append(figure)
    if not is_of_persons:  # "14 people, nine of them soldiers"
        found = [figure for figure in found if role & figure.terms] or found
    values = {figure.value for figure in _versions(query, found)}
    has_none = any(wanted & terms_of(words, language) for words in _denied(text))
    return values | {0.0} if has_none else values


def _versions(query: Query, figures: Sequence[_Figure]) -> Sequence[_Figure]:
    """Of the figures asked for those of the place asked about, where some are: "14 dead, 12 of them in Farchana"; else
    those that are neither a part of another nor what that is set against, where there are any."""
    places = query.area.places if query.area is not None else ()
    there = [figure for figure in figures if any(is_name_in(place.name, figure.things) for place in places)]
    return there or [figure for figure in figures if figure.is_version] or figures


def deed_forms(query: Query) -> frozenset[str]:
    """Of what the question asks about, "reached", in any of the languages; empty for one without a deed."""
    deed = find_deed(query.asking, query.language)
    return forms_of([deed], query.language) if deed else frozenset()
