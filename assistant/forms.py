"""The forms in which words of a question may appear in a report: stems, concepts of three languages, sounds of names.

Two sides: `forms_of` and `forms_heard` read words of a question, `terms_of` and `terms_heard` a report's text; what
both have stands in both.
"""

from collections.abc import Sequence, Set
from functools import lru_cache

from index.concepts import concept_terms
from index.lexical import name_keys, question_terms, terms

_LANGUAGES = ("en", "fr", "ar")
# What one outlet calls so and another otherwise.
_SAME_THING = (
    frozenset(("#fighter", "#gunman", "#terrorist")),
    frozenset(("#body", "#corpse")),
    frozenset(("#dead", "#kill", "#martyr")),
    frozenset(("#arrest", "#detain", "#custody", "#detention")),
    frozenset(("#flee", "#leave", "#displaced")),
    frozenset(("#patient", "#case", "#infection")),
    # Whether something is over is answered by any of these.
    frozenset(("#end", "#finish", "#stop", "#suspend", "#continue", "#resume")),
)


def forms_of(words: Sequence[str], language: str) -> frozenset[str]:
    """The stems and concepts that words of a question may appear as in a report of any language."""
    return _forms_of(tuple(words), language)


# The same few words of a question are held against every sentence.
@lru_cache(maxsize=1_000)
def _forms_of(words: tuple[str, ...], language: str) -> frozenset[str]:
    forms = {form for word in words for form in (*question_terms(word, _LANGUAGES), *concept_terms(word, language))}
    return frozenset(forms | kin_of(forms))


def kin_of(forms: Set[str]) -> set[str]:
    """The concepts of what another outlet would call the same: the killed and the dead."""
    return set[str]().union(*(kin for kin in _SAME_THING if kin & forms))


@lru_cache(maxsize=4_000)
def terms_of(text: str, language: str) -> frozenset[str]:
    """The stems and concepts of a report's text; a word of `forms_of` among them stands in it."""
    return frozenset((*terms(text, language), *concept_terms(text, language)))


def forms_heard(words: Sequence[str], language: str) -> frozenset[str]:
    """`forms_of`, and the sounds that the words, as names, have in any script; to be looked for in `terms_heard`."""
    return forms_of(words, language) | set(name_keys(" ".join(words), every_word=True))


# One answer asks for a sentence, its passage and its report several times.
@lru_cache(maxsize=4_000)
def terms_heard(text: str, language: str) -> frozenset[str]:
    """The stems, concepts and sounds of names of a report's text."""
    return frozenset((*terms(text, language), *name_keys(text), *concept_terms(text, language)))
