"""Words to concepts, the same in English, French and Arabic: "drowned", "noyade" and "غرقى" are all "#drown".

Words cannot match across languages and the sentence encoder blurs them; concept terms, indexed beside the words, can.
The table is `concepts.tsv`, a concept a line: its name, then its forms in English, French and Arabic. The line
named "-" holds words that stand for nothing, although their letters or stem look like some form's. No names of
persons or places (the gazetteer and the name keys join those) and no numbers. Knows nothing of storage.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from index.lexical import ARABIC_MARKS, STOP_WORDS, terms, terms_of_words

LANGUAGES = ("en", "fr", "ar")
"""In the order of the table's columns."""
MOST_CONCEPTS = 3
"""A form or stem that would stand for more says too little, and stands for none."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu|quelqu)['’]|['’]s$")
_ARABIC_FOLD = str.maketrans("أإآٱى", "ااااي")
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)(?=\w\w)|[وف][بلك](?=\w{3})|[وبلك](?=\w{3})|ف(?=\w{4}))")
_ARABIC_SUFFIX = re.compile(r"(?<=\w\w)(?:ه|ها|هم|هن|هما|نا|ي|ا|ان|ين|ون|وا|ت|ات|ية|ة)$")
_ARABIC_FEMININE = re.compile(r"(?<=\w\w)(?:ت(?:ه|ها|هم|نا|ي|ين|ان)|ات)$")
_ARABIC_PERSON = re.compile(r"^س?[يتن](?=\w{3})")
# Shorter stems join strangers: the French stemmer makes one of "été", "étais" and "étés", of "sera" and "série".
_SHORTEST_STEM = {"en": 3, "fr": 4, "ar": 3}


class _Lookup(NamedTuple):
    by_form: dict[str, tuple[str, ...]]
    """Form as listed, and without its hamzas → names; none at all for words that stand for nothing. So "أمام" (ahead)
    is not "إمام" (imam), but "امام" may be either."""
    by_stem: dict[str, tuple[str, ...]]


def concept_terms(text: str, language: str) -> list[str]:
    """ "#name" of every concept that a word of `text` stands for, in order, repeats kept; [] for unknown languages."""
    if language not in LANGUAGES:
        return []
    words = _WORD.findall(ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text).casefold()))
    return [name for word in words for name in _names(word, language)]


def is_listed(word: str, language: str) -> bool:
    """Whether the table has the word as it is written, or its masculine, whatever it stands for."""
    by_form = _lookup(language).by_form  # not `isdisjoint`, which walks through all of it
    return word in by_form or word.removesuffix("ة") in by_form


def stands_for_nothing(word: str, language: str) -> bool:
    """Whether the table has the word and no concept for it: "still", "actuellement"."""
    return language in LANGUAGES and is_listed(word.casefold(), language) and not concept_terms(word, language)


def read_table() -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Each concept's name and its forms per language, in the order of `LANGUAGES`; the line of name "-" among them."""
    rows = (line.split("\t") for line in _lines())
    return [(name, tuple(tuple(cell.split()) for cell in cells)) for name, *cells in rows]


@lru_cache(maxsize=50_000)
def _names(word: str, language: str) -> tuple[str, ...]:
    """A form as listed decides: "armée" is an army though its stem is that of "arme". Only then the stem."""
    lookup = _lookup(language)
    forms = list(_arabic_forms(word) if language == "ar" else _latin_forms(word))
    for form in forms:
        if form in lookup.by_form:
            return lookup.by_form[form]
    for stem in _stems(forms[0], language):
        if stem in lookup.by_stem:
            return lookup.by_stem[stem]
    return ()


def _latin_forms(word: str) -> Iterator[str]:
    bare = _ELISION.sub("", word)
    yield bare
    for ending in ("s", "es", "x"):
        if bare.endswith(ending):
            yield bare.removesuffix(ending)


def _arabic_forms(word: str) -> Iterator[str]:
    """The word, then what remains without particles, pronouns and endings."""
    bare = word.translate(_ARABIC_FOLD)
    without_particle = _ARABIC_PREFIX.sub("", bare)
    yield word
    yield _ARABIC_PREFIX.sub("", word)
    for form in (bare, without_particle):
        yield form
        yield _ARABIC_FEMININE.sub("ة", form)
        yield _ARABIC_SUFFIX.sub("", form)
    # "يعلن" → "اعلن", "ستهدم" → "هدم": the present tense, from the past that is listed.
    if _ARABIC_PERSON.match(without_particle):
        past = _ARABIC_PERSON.sub("", without_particle)
        for form in (past, _ARABIC_SUFFIX.sub("", past)):
            yield form
            yield "ا" + form


def _stems(form: str, language: str) -> Iterator[str]:
    # Apostrophes inside English words leave only grammar: "don't", "i'll".
    if language == "en" and ("'" in form or "’" in form):
        return
    for stem in terms(form, language):
        yield stem
        # The stemmer leaves "arrivent" whole.
        if language == "fr" and stem.endswith("ent"):
            yield stem[:-3]


@cache
def _lookup(language: str) -> _Lookup:
    """One language at a time: a reader of one does not wait for the others."""
    column = 1 + LANGUAGES.index(language)
    uses: list[tuple[str, tuple[str, ...]]] = []
    for line in _lines():
        cells = line.split("\t")
        names = () if cells[0] == "-" else ("#" + cells[0],)  # one for all its forms, for memory's sake
        uses += [(form, names) for form in cells[column].split()]
    by_form: dict[str, tuple[str, ...]] = {}
    by_stem: dict[str, tuple[str, ...]] = {}
    for (form, names), stem in zip(uses, terms_of_words((form for form, _ in uses), language), strict=True):
        for spelling in {form, form.translate(_ARABIC_FOLD)} if language == "ar" else (form,):
            by_form[spelling] = _joined(by_form.get(spelling, ()), names)
        if _stem_is_telling(stem, form, language):
            by_stem[stem] = _joined(by_stem.get(stem, ()), names)
    by_form.update((word, ()) for word in STOP_WORDS[language])
    return _Lookup(
        {form: names if len(names) <= MOST_CONCEPTS else () for form, names in by_form.items()},
        {stem: names for stem, names in by_stem.items() if 0 < len(names) <= MOST_CONCEPTS},
    )


def _joined(known: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return known if set(names) <= set(known) else known + names


def _stem_is_telling(stem: str, form: str, language: str) -> bool:
    # The normalisation takes any leading "ال" for the article, also that of "ألبان" (dairy).
    is_mistaken_article = language == "ar" and form.translate(_ARABIC_FOLD).startswith("ال")
    return len(stem) >= _SHORTEST_STEM[language] and not is_mistaken_article


def _lines() -> list[str]:
    return files("index").joinpath("concepts.tsv").read_text(encoding="utf-8").splitlines()
