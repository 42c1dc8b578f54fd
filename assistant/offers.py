"""Whether a sentence offers what a question asks for: a name beside the noun asked about, a figure that counts it, a
price for "how much", a cause for "why".

Holds the likely sentences against the question once more, more strictly than `assistant.evidence`, which weighs how
much they have in common: "What is the captain's name?" and "The captain fled to Mersin" have much in common.
"""

import math
import re
from collections.abc import Sequence

from assistant.evidence import Evidence, is_question
from assistant.facts import is_name_in, names, numbers
from assistant.facts.beside import named_beside
from assistant.facts.counted import counted
from assistant.likeness import SAME_FROM, likest
from assistant.sought import Kind, Slot, find_deed, find_slots
from assistant.types import Query
from index.concepts import concept_terms
from index.embed import Embedder
from index.lexical import question_terms, telling_words, terms

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
# A cause may be told without any word for "because".
_NO_CAUSE_FACTOR = 0.65
# Cosines of the nearest word in the passage to the word for what was done, "burned": below the first nothing near tells
# of it, below the second it is doubtful.
_UNHEARD_BELOW = 0.57
_DOUBTFUL_BELOW = 0.64
_DOUBTFUL_COUNT = 0.6
_DOUBTFUL_WHERE = 0.4
_DOUBTFUL_WHO = 0.75
# A name stands beside its noun, so that the noun may be taken less exactly.
_NAMED_FROM = 0.57
_LANGUAGES = ("en", "fr", "ar")


def hold(query: Query, evidence: Sequence[Evidence], embedder: Embedder) -> list[Evidence]:
    """The evidence with the chance of each sentence raised or lowered by what it offers; best first, with new ids."""
    slots = find_slots(query.asked, query.language)
    deed = find_deed(query.asked, query.language)
    heard = [_heard(deed, slots, query, e, embedder) for e in evidence]
    offering = [_offers_any(slots, query, e, embedder) for e in evidence]
    lacking = [e for e, has_it in zip(evidence, offering, strict=True) if not has_it]
    held: list[Evidence] = []
    for e, factor, has_it in zip(evidence, heard, offering, strict=True):
        chance = e.chance * factor
        if slots:
            chance = _raised(e, chance, lacking, factor) if has_it else _lowered(chance, slots)
        may_answer = factor > 0 and not is_question(e.text)
        held.append(e._replace(chance=chance if may_answer else min(e.chance, _LACKING_CHANCE)))
    ranked = sorted(held, key=lambda e: -e.chance)
    return [e._replace(id=f"s{number}") for number, e in enumerate(ranked, start=1)]


def _raised(evidence: Evidence, chance: float, lacking: Sequence[Evidence], heard: float) -> float:
    elsewhere = max((e.chance for e in lacking if e.report.id != evidence.report.id), default=0.0)
    if chance < _ASIDE_BELOW * elsewhere:
        return _ASIDE_FACTOR * chance
    odds = chance / max(1e-9, 1 - chance) * (math.exp(_OFFERED) if heard == 1 else 1.0)
    return odds / (1 + odds)


def _lowered(chance: float, slots: Sequence[Slot]) -> float:
    return chance * _NO_CAUSE_FACTOR if any(slot.kind == "cause" for slot in slots) else min(chance, _LACKING_CHANCE)


def _heard(deed: str | None, slots: Sequence[Slot], query: Query, evidence: Evidence, embedder: Embedder) -> float:
    """1 if something near tells of the deed, by stem, concept or meaning; 0 if nothing does; between when in doubt."""
    if deed is None or (slots and denies(evidence)):
        return 1.0
    # What was counted may be told a sentence further; who did it stands beside the deed.
    is_beside = all(slot.kind in ("place", "which") for slot in slots)
    near = f"{evidence.report.title} {evidence.text if is_beside else evidence.hit.passage.text}"
    if forms_of([deed], query.language) & terms_of(near, evidence.report.language):
        return 1.0
    cosine = likest(deed.casefold(), [word.casefold() for word in telling_words(near)], embedder)
    if cosine < _UNHEARD_BELOW:
        return 0.0
    if cosine >= _DOUBTFUL_BELOW:
        return 1.0
    return _DOUBTFUL_WHO if not slots else _DOUBTFUL_WHERE if is_beside else _DOUBTFUL_COUNT


def _offers_any(slots: Sequence[Slot], query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    if is_question(evidence.text):
        return False
    if any(slot.kind in _DENIABLE for slot in slots) and denies(evidence):
        return True
    return any(offers(slot, query, evidence, embedder) for slot in slots)


def denies(evidence: Evidence) -> bool:
    """Whether it denies something of what the question is about, and so may answer one that takes it for granted."""
    return evidence.features.words >= _DENIES_FROM and bool(DENIAL.search(evidence.text))


def offers(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether the sentence has a thing of the kind sought. Generous where a reader could not be sure either."""
    text, language = evidence.text, evidence.report.language
    if slot.kind == "name":
        return _names_it(slot, query, evidence, embedder)
    if slot.kind == "count":
        return _counts_it(slot, query, evidence, embedder)
    if slot.kind == "which":
        return _names_which(slot, query, evidence, embedder)
    if slot.kind == "place":
        return _names_place(query, evidence)
    if slot.kind == "day":
        return any(not span.assumed for span in evidence.sentence.times)
    if slot.kind == "country":
        places = evidence.sentence.places
        return any(place.kind == "country" and not is_name_in(place.name, query.asked) for place in places)
    has_mark = bool(_MARKS[slot.kind].search(text))
    return has_mark and (slot.kind not in _MEASURED or bool(numbers(text, language)))


DENIAL = re.compile(
    r"\b(?:not|never|no|none|nobody|denie[sd]|deny|ne|aucune?|jamais|dément\w*|nie|inexacte?)\b|n['’]t\b|"
    r"\bn['’](?:a|est|ont|y|était|avait|étaient)\b|(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|نفى|نفت|عدم)(?=\s)",
    re.I,
)

_MEASURED: frozenset[Kind] = frozenset(("money", "length", "volume"))
_MARKS: dict[Kind, re.Pattern[str]] = {
    "money": re.compile(
        r"[$£€¥]|\b(?:dollars?|euros?|francs?|pounds|livres|lir[ae]s?|dinars?|rials?|riyals?|roubles?|rubles?|cents?|"
        r"millions? de|FCFA)\b|دولار|يورو|فرنك|ليرة|ليرات|دينار|دنانير|ريال|روبل|جنيه",
        re.I,
    ),
    "share": re.compile(
        r"%|٪|\bper ?cent\b|\bpercentage\b|\bpour cent\b|بالمئة|في المئة|بالمائة|في المائة|"
        r"\b(?:half|third|quarter|thirds|quarters|fifths?|tenths?|moitié|tiers|quart|cinquième|majority|majorité)\b|"
        r"نصف|ثلث|ربع|خمس |غالبية|أغلبية|\b\w+ (?:out of|in|sur) (?:\d+|ten|five|four|three|dix|cinq|quatre|trois)\b",
        re.I,
    ),
    "duration": re.compile(
        r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|secondes?|heures?|jours?|semaines?|mois|ans?|années?)\b|"
        r"ثاني[ةت]|ثوان|دقيق[ةت]|دقائق|ساع[ةات]|أسبوع|أسابيع|يوما?\b|يومين|أيام|شهر|أشهر|سن[ةوت]|عام|أعوام",
        re.I,
    ),
    "age": re.compile(
        r"\b\d{1,3}(?:-|\s)(?:years?|months?)(?:-|\s)olds?\b|\b(?:years?|months?)[ -]old\b|\baged? \w+|"
        r", \d{1,3}(?:,|\.|$)|"
        r"\b(?:\w+) ans\b|\bde \w+ mois\b|\bâgée?s?\b|من (?:ال)?عمر|عمره|عمرها|في ال\w+ة(?: و\w+)?(?:\s|،|$)|عاما|سنة",
        re.I,
    ),
    "clock": re.compile(
        r"\b\d{1,2}(?::\d\d|\.\d\d)\b|\b\d{1,2} ?(?:[ap]\.?m\.?)|\bo['’]clock\b|\b(?:mid)?noon\b|\bmidnight\b|\bdawn\b|"
        r"\b\w+ heures?\b|\b\d{1,2} ?h\b|\bmidi\b|\bminuit\b|\bà l['’]aube\b|\bavant l['’]aube\b|"
        r"الساعة|منتصف الليل|ظهرا|فجر",
        re.I,
    ),
    "length": re.compile(
        r"\b(?:kilomet(?:er|re)s?|met(?:er|re)s?|miles?|feet|foot|km|kilomètres?|mètres?|milles?)\b|متر|أمتار|ميل|أميال",
        re.I,
    ),
    "volume": re.compile(
        r"\b(?:lit(?:er|re)s?|cubic|cubes?|m3|m³|tonn?es?|barrels?|gallons?|hectolitres?)\b|لتر|مكعب|طن|برميل", re.I
    ),
    "cause": re.compile(
        r"\b(?:because|since|due to|owing to|caused? by|for (?:lack|want|fear|reasons?)|in order|so that|as a result|"
        r"after|result(?:ed|ing)|reasons?|blam\w+|over|accus\w+|contrary|to (?:avoid|prevent|protect|isolate|protest)|"
        r"parce qu\w*|car|puisqu\w*|faute d\w*|en raison|à cause|du fait|grâce|afin|pour|après|à la suite|raisons?|"
        r"s['’]expliqu\w+|expliqu\w+|provoqu\w+|suite à|accus\w+|manque|due?s? à)\b|faute d['’]|"
        r"بسبب|لأن|نتيجة|جراء|إثر|من أجل|نظرا|بعد|لكي|كي\s|بهدف|لأسباب|سبب|مطالب|احتجاج|خشية|خوف",
        re.I,
    ),
}

# Words for persons in general: a figure for any of them answers "how many people".
PERSONS = frozenset(("#people", "#person", "#human", "#victim", "#casualty", "#dead", "#kill", "#population"))
# What one outlet calls so and another otherwise.
_SAME_THING = (frozenset(("#fighter", "#gunman", "#terrorist")), frozenset(("#body", "#corpse")))
_OF_THEM = re.compile(r"^(?:of (?:them|those|these|whom)|d['’]entre (?:eux|elles)|منهم|منها|منهن)\b")


def _counts_it(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether a figure stands before (a word for) what is counted, or stands bare in a sentence about it."""
    text, language = evidence.text, evidence.report.language
    told = counted(text, evidence.report.day, language)
    asked = {number.value for number in numbers(query.asked, query.language)}
    fresh = [_OF_THEM.sub("", things).strip(" ,.;:،؛") for value, things in told if value not in asked]
    if not slot.head or not fresh:
        return bool(fresh)
    head = slot.head[-1:]
    forms = forms_of(head, query.language)
    if forms & PERSONS:
        return True
    if any(forms & terms_of(things, language) for things in fresh if things):
        return True
    if any(PERSONS & terms_of(things, language) for things in fresh) and forms & terms_of(text, language):
        return True  # "five of the victims were tourists"
    if any(not things for things in fresh) and forms & terms_of(
        f"{evidence.report.title} {evidence.hit.passage.text}", language
    ):
        return True
    near = [word.casefold() for things in fresh for word in telling_words(things)]
    return any(likest(word.casefold(), near, embedder) >= SAME_FROM for word in head)


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


def _names_place(query: Query, evidence: Evidence) -> bool:
    """Whether it says where: a place that the question does not name, or a name after a word for where."""
    known = f"{query.asked} {evidence.report.source}"
    if any(not is_name_in(place.name, known) for place in evidence.sentence.places):
        return not evidence.sentence.places_assumed
    return bool(_WHERE.search(evidence.text))


_WHERE = re.compile(
    r"\b(?:in|at|near|outside|inside|to|into|towards?|from) (?:(?:the|an?|his|her|its|their) \w+|[A-Z]\w+)|"
    r"\b(?:dans|chez|vers|près d[eu]|au|aux|à|en|sur) (?:l['’]|la |les? |une? |s(?:on|a|es) |leurs? )?\w+|"
    r"(?:^|\s)(?:في|إلى|قرب|من|نحو|داخل|خارج) \w+"
)
# Who acts is often named without a word for what he is: "which group", "quel joueur".
_ACTORS = frozenset(
    ("#group", "#player", "#official", "#person", "#organization", "#army", "#force", "#fighter", "#country", "#state",
     "#leader", "#minister", "#militia", "#team", "#club", "#party", "#faction")
)  # fmt: skip


def _names_it(slot: Slot, query: Query, evidence: Evidence, embedder: Embedder) -> bool:
    """Whether a new name of no place and no outlet stands beside (a word for) what is to be named."""
    text, language = evidence.text, evidence.report.language
    known = " ".join([query.asked, evidence.report.source, *(place.name for place in evidence.sentence.places)])
    forms = forms_of(slot.head, query.language)
    words = [word.casefold() for word in slot.head]

    def is_head(word: str) -> bool:
        if forms & terms_of(word, language):
            return True
        return any(likest(asked, [word.casefold()], embedder) >= _NAMED_FROM for asked in words)

    return named_beside(text, language, is_head if words else None, known)


def forms_of(words: Sequence[str], language: str) -> set[str]:
    """The stems and concepts that words of a question may appear as in a report of any language."""
    forms = {form for word in words for form in (*question_terms(word, _LANGUAGES), *concept_terms(word, language))}
    return forms.union(*(kin for kin in _SAME_THING if kin & forms))


def terms_of(text: str, language: str) -> set[str]:
    """The stems and concepts of a report's text; a word of `forms_of` among them stands in it."""
    return {*terms(text, language), *concept_terms(text, language)}
