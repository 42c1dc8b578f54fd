"""Whether a text names somebody beside a noun: "the judge, Raymond Succar", "Walid al-Chami, chef de la cellule"."""

import re
from collections.abc import Callable

from assistant.facts.naming import is_name_in, names
from index.concepts import concept_terms
from index.lexical import STOP_WORDS

WORD = re.compile(r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*")
_ARABIC = re.compile(r"[\u0620-\u064a]")
_NAMING = (
    r"(?:known as|called|named|nicknamed|dubbed|identified as|nommée?|surnommée?|appel\w+|dite?|"
    r"connue? sous le nom d\w*|المعروفة? ب|الملقبة? ب|يدعى|تدعى|اسمه|اسمها|يسمى|باسم)"
)
# Between the noun and its name: nothing, a naming word, or a clause that ends in a comma and perhaps a title.
_NOUN_TO_NAME = re.compile(
    rf"\s*|(?!['’]s)[^.;:?!«»“”\"]{{0,45}}{_NAMING}\s?['’]?|(?!['’]s)[^,،.;:?!()«»“”\"]{{0,45}}[,،(]\s*(?:[^\W\d_]+[.'’]?\s?){{0,3}}",
    re.I,
)
# Between the name and its noun: a comma, perhaps an age, an article or pronoun and at most two more words.
_NAME_TO_NOUN = re.compile(
    r"\s*[,،(]\s*(?:\d{1,3},?\s*)?(?:(?:the|an?|his|her|its|their|le|la|les|l['’]|un|une|son|sa|leur|former|ancien(?:ne)?)\s?)?"
    r"(?:[^\W\d_]+(?:[-'’][^\W\d_]+)*\s){0,2}",
    re.I,
)


def named_beside(text: str, language: str, is_noun: Callable[[str], bool] | None, known: str) -> bool:
    """Whether a name that `known` does not have stands beside a word for which `is_noun` holds; any such name without
    `is_noun`."""
    found = [(m.start(), m.end()) for name in names(text, language) for m in re.finditer(re.escape(name), text)
             if not is_name_in(name, known)]  # fmt: skip
    words = list(WORD.finditer(text))
    if is_noun is None:
        naming = (m.start() for m in re.finditer(rf"\s{_NAMING}\s", text) if _ARABIC.match(m.group().strip()))
        return bool(found) or any(_is_arabic_name_after(text, at, words, known) for at in naming)
    nouns = [word for word in words if is_noun(word.group())]
    for noun in nouns:
        if _ARABIC.match(noun.group()) and _is_arabic_name_after(text, noun.end(), words, known):
            return True
        for start, end in found:
            if noun.end() <= start and _NOUN_TO_NAME.fullmatch(text[noun.end() : start]):
                return True
            if end <= noun.start() and _NAME_TO_NOUN.fullmatch(text[end : noun.start()]):
                return True
    return False


def _is_arabic_name_after(text: str, at: int, words: list[re.Match[str]], known: str) -> bool:
    """Arabic has no capitals: two words that no table knows, right after the noun or a word for naming, are a name."""
    gap = re.match(rf"(?:\s[^\s،.]+){{0,3}}?\s{_NAMING}\s?|\s", text[at:])
    if gap is None:
        return False
    following = [word.group() for word in words if word.start() >= at + gap.end()][:2]
    return len(following) == 2 and all(_is_unknown(word) for word in following) and not is_name_in(following[0], known)


def _is_unknown(word: str) -> bool:
    return bool(_ARABIC.match(word)) and word not in STOP_WORDS["ar"] and not concept_terms(word, "ar")
