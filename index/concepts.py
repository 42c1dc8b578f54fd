"""Words to concepts, the same in English, French and Arabic: "drowned", "noyade" and "غرقى" are all "#drown".

Words cannot match across languages and the sentence encoder blurs them; concept terms, indexed beside the words, can.
The table is `data/concepts.tsv`, a concept a line: its name, then its forms in each language. It holds no names of
persons or places (the gazetteer and the name keys join those) and no numbers. Knows nothing of storage.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from index.lexical import terms

LANGUAGES = ("en", "fr", "ar")
"""In the order of the table's columns."""
MOST_CONCEPTS = 3
"""A form or stem that would stand for more says too little, and stands for none."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu|quelqu)['’]|['’]s$")
_ARABIC_MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
_ARABIC_FOLD = str.maketrans("أإآٱى", "ااااي")
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)|[وف][بلك]?|[بلك])(?=\w\w)")
_ARABIC_SUFFIX = re.compile(r"(?<=\w\w)(?:ه|ها|هم|هن|هما|نا|ي|ا|ان|ين|ون|وا|ت|ات|ية|ة)$")
_ARABIC_FEMININE = re.compile(r"(?<=\w\w)(?:ت(?:ه|ها|هم|نا|ي|ين|ان)|ات)$")
_ARABIC_PERSON = re.compile(r"^س?[يتن](?=\w\w)")


class _Lookup(NamedTuple):
    by_form: dict[str, tuple[str, ...]]
    by_stem: dict[str, tuple[str, ...]]


def concept_terms(text: str, language: str) -> list[str]:
    """ "#name" of every concept that a word of `text` stands for, in order, repeats kept; [] for unknown languages."""
    if language not in LANGUAGES:
        return []
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return [name for word in words for name in _names(word, language)]


def read_table() -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Each concept's name and its forms per language, in the order of `LANGUAGES`."""
    lines = files("index").joinpath("data/concepts.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("# "))
    return [(name, tuple(tuple(cell.split()) for cell in cells)) for name, *cells in rows]


@lru_cache(maxsize=100_000)
def _names(word: str, language: str) -> tuple[str, ...]:
    """The form as listed decides: "armée" is an army though its stem is that of "arme". Only then the stem."""
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
    yield _ELISION.sub("", word)


def _arabic_forms(word: str) -> Iterator[str]:
    """The word, then what remains without particles, pronouns and endings, the longest first."""
    bare = _ARABIC_MARKS.sub("", word).translate(_ARABIC_FOLD)
    yield bare
    without_particle = _ARABIC_PREFIX.sub("", bare)
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
    for stem in terms(form, language):
        yield stem
        # The stemmer leaves "arrivent" whole.
        if language == "fr" and stem.endswith("ent") and len(stem) > 5:
            yield stem[:-3]


@cache
def _lookup(language: str) -> _Lookup:
    """One language at a time: a reader of one does not wait for the others."""
    column = LANGUAGES.index(language)
    by_form: dict[str, tuple[str, ...]] = {}
    by_stem: dict[str, tuple[str, ...]] = {}
    for name, columns in read_table():
        for form in columns[column]:
            listed = form.translate(_ARABIC_FOLD)
            by_form[listed] = (*by_form.get(listed, ()), "#" + name)
        for stem in set(terms(" ".join(columns[column]), language)):
            by_stem[stem] = (*by_stem.get(stem, ()), "#" + name)
    return _Lookup(by_form, {stem: names for stem, names in by_stem.items() if len(names) <= MOST_CONCEPTS})
