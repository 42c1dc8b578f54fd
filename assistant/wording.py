"""What a model's wording adds to the sentences that it points at, leaves out, or turns round: by words, not by meaning.

Strict on purpose: a statement that fails costs the reader nothing, as the verbatim sentence stands in its place. Of 200
labelled pairs of the development sets these checks let .39 of the supported statements pass, .55 before, and .07 of the
unsupported ones, .36 before.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from assistant.evidence import Evidence
from assistant.facts import numbers
from assistant.likeness import likest
from assistant.marks import PLANNED
from index.concepts import concept_terms
from index.embed import Embedder
from index.lexical import name_keys, question_terms, telling_words, terms
from index.sentences import is_question

_LANGUAGES = ("en", "fr", "ar")
# Cosine of two words from which one may stand for the other in a statement.
_SAME_WORD_FROM = 0.57
# Across languages some words are not recognised though they are there.
_UNREAD_SHARE = 0.2
# Share of the words in common that stand in the same order; one in seven may be moved.
_IN_ORDER = 0.85
# Words that add nothing, or that other checks look at.
_LIGHT = re.compile(
    r"\b(?:some|about|around|nearly|almost|also|not|never|quelque|environ|près|presque|aussi|jamais|aucune?|vers|"
    r"people|personnes?)\b|(?:^|\s)(?:نحو|حوالي|قرابة|نحوا|أيضا|لم|لا)(?=\s)",
    re.I,
)

_NEGATION = re.compile(
    r"n['’]t\b|\b(?:not|cannot|no|never|none|nobody|denie[sd]|deny|ne|n['’]|aucun\w*|jamais|dément\w*|démenti\w*|nie|nié)\b|"
    r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|نفى|نفت|ينفي|تنفي|عدم)(?=\s)",
    re.I,
)
_INTENT = re.compile(
    PLANNED.pattern + r"|\b(?:would|threaten\w*|may|might|could|\w+rai(?:en)?t|menace\w*)\b|"
    r"(?:^|\s)[وف]?(?:قد ي\w+|يهدد|تهدد)(?=\s|$)",
    re.I,
)
# Sets what the sentence tells against something that it does not vouch for.
_CONTRAST = re.compile(
    r"\b(?:contrary to|rather than|instead of|unlike|and not|but not|contrairement|au contraire|et non|au lieu d[eu])\b"
    r"|(?:^|\s)(?:خلافا|بدلا من|وليس|وليست|لا كما)(?=\s)",
    re.I,
)
_LOADED = re.compile(
    r"\b(?:terroris\w+|martyr\w*|takfir\w*|mercenar\w+|mercenaire\w*|regime|régime|liberat\w+|libér\w+|purg\w+|cleans\w+|"
    r"vermin|infidel\w*|mécréant\w*)\b|إرهاب\w*|شهيد|شهداء|تكفير\w*|مرتزق\w*|تطهير|النظام",
    re.I,
)


_SAYS_WHO = re.compile(
    r"\b(?:according to|said|says|reported|announced|selon|d['’]après|a déclaré|a annoncé|a indiqué|affirme)\b|"
    r"(?:^|\s)(?:بحسب|وفق|وفقا|قال|قالت|أعلن|أعلنت|أفاد|أفادت|ذكرت)\s",
    re.I,
)

# "According to the reports": what the model was given to read is nobody who says so.
_NOBODY = re.compile(
    r"\b(?:according to|in|per) (?:the |these |those )?(?:reports?|sentences?|passages?|texts?|articles?)\b|"
    r"\b(?:selon|d['’]après|dans) (?:[lcd]es |l[ea] |cet? |l['’])?"
    r"(?:rapports?|phrases?|passages?|textes?|articles?)\b"
    r"|(?:بحسب|وفقا ل|وفق|حسب|في) ?(?:ال|لل)?(?:تقارير|تقرير|جمل|جملة|نص|نصوص|مقال|مقالات)(?=\s|،|$)",
    re.I,
)


def wrong_form(text: str) -> str | None:
    """Why a text is no statement to show, whatever it rests on; None when nothing is wrong."""
    if is_question(text):
        return "a question, no statement"
    if _NOBODY.search(text):
        return "does not tell who says so"
    return "takes over a loaded word" if _LOADED.search(text) else None


def says_who(text: str) -> bool:
    """Whether it names somebody who says so, by a word for saying."""
    return bool(_SAYS_WHO.search(text))


def turned_round(text: str, pointed: Sequence[Evidence]) -> str | None:
    """How it differs from its sentences in what it affirms; None if it does not."""
    denials = [bool(_NEGATION.search(e.text)) for e in pointed]
    is_denial = bool(_NEGATION.search(text))
    if (is_denial and not any(denials)) or (not is_denial and all(denials)):
        return "one denies what the other affirms"
    if not _INTENT.search(text) and all(_INTENT.search(e.text) for e in pointed):
        return "a plan or possibility told as a fact"
    if not _CONTRAST.search(text) and all(_CONTRAST.search(e.text) for e in pointed):
        return "what the evidence contrasts is told as one"
    return None


# Who is most readily put in as the doer of what a report tells in the passive: "four houses were burned".
_DOERS = re.compile(r"\bthe (army|police|rebels|navy|government|militants|opposition|militia|coalition)\b", re.I)


def added_doer(text: str, evidence: str) -> str | None:
    """A collective doer that opens the statement and has no word in its sentences, by stem or concept."""
    found = _DOERS.match(text.strip())
    if found is None:
        return None
    doer = found.group(1)
    told = {term for code in ("en", "fr", "ar") for term in (*concept_terms(evidence, code), *terms(evidence, code))}
    return None if {*concept_terms(doer, "en"), *terms(doer, "en")} & told else found.group()


def own_word(
    text: str, language: str, pointed: Sequence[Evidence], named: Sequence[str], embedder: Embedder
) -> str | None:
    """A word of the statement that its sentences have neither as it is, nor by concept, nor by meaning; None if all are
    there. `named`: its names and places, which are looked for apart.

    Of 46 statements that a 1.5B model worded and that passed the checks of names, numbers and closeness, ten said
    something else than their sentences; most of them by a word of the model's own.
    """
    said = " ".join(f"{e.text} {e.report.source} {e.sentence.attributed_to or ''}" for e in pointed)
    held = {t for e in pointed for t in (*terms(said, e.report.language), *concept_terms(said, e.report.language))}
    words = [word.casefold() for word in telling_words(said)]
    apart = " ".join(named)
    own = [
        word
        for word in telling_words(_LIGHT.sub(" ", _SAYS_WHO.sub(" ", text)))
        if word not in apart
        and not {*question_terms(word, _LANGUAGES), *concept_terms(word, language)} & held
        and not numbers(word, language)
        and not _sounds(word) & _sounds(said)
        and likest(word.casefold(), words, embedder) < _SAME_WORD_FROM
    ]
    is_translated = all(e.report.language != language for e in pointed)
    allowed = len(telling_words(text)) * _UNREAD_SHARE if is_translated else 0
    return own[0] if len(own) > allowed else None


def is_reordered(text: str, language: str, pointed: Sequence[Evidence]) -> bool:
    """Whether too few of the words that a statement shares with its sentences stand in the same order there: "the
    emperor ennobled Drogo" does not bear out "Drogo ennobled the emperor". Who says so may stand anywhere. False across
    languages.
    """
    if any(e.report.language != language for e in pointed):
        return False
    said_by = {*terms(" ".join(f"{e.sentence.attributed_to or ''} {e.report.source}" for e in pointed), language)}
    places: dict[str, list[int]] = {}
    for at, term in enumerate(terms(" ".join(e.text for e in pointed), language)):
        places.setdefault(term, []).append(at)
    shared = [places[term] for term in terms(_SAYS_WHO.sub(" ", text), language) if term in places.keys() - said_by]
    # The longest rising run: for each length, the earliest place at which a run of it can end.
    ends: list[int] = []
    for each in shared:
        for place in reversed(each):
            at = bisect_left(ends, place)
            ends[at : at + 1] = [place]
    return len(ends) < _IN_ORDER * len(shared)


@lru_cache(maxsize=64)
def _sounds(text: str) -> frozenset[str]:
    return frozenset(name_keys(text, every_word=True))
