"""The names a text mentions, and whether an evidence text has them in its own language and spelling.

A name is checked three ways: by the table of names that differ by language, by the letters, by the sound.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from assistant.facts.figures import CODE, NOT_A_CODE, western_digits
from assistant.facts.name_table import Span, Word, find_known, read_words
from assistant.facts.number_words import ARABIC, ENGLISH, FRENCH, fold_word
from assistant.facts.transliteration import sounds_like_arabic, sounds_like_latin
from assistant.facts.word_lists import (
    ARABIC_NAME_ENDS,
    ARABIC_TITLES,
    OPENERS,
    ORDINARY_ENDING,
    PARTICLES,
    SURNAMES,
    TITLES,
)
from index.lexical import STOP_WORDS, name_keys

_COMMON_WORDS = frozenset().union(*STOP_WORDS.values(), OPENERS)
_CAPITALISED = re.compile(r"(?<![\w])[^\W\d_][\w\u0300-\u036f]*(?:[-‑'’][^\W\d_]\w*)*")
_ELISION = re.compile(r"^(?:[dlcjmnstDLCJMNST]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu)['’](?=\w)")
_PARTICLE_PREFIX = re.compile(r"^(?:al|el|as|az|ad|ar|at|an|ash|ez|es|ed|et|er|en)[-‑'’](?=\w)", re.I)
_POSSESSIVE = re.compile(r"['’]s?$")
# "US-led", "Assad-held": the name is what stands before; "pro-Assad": what stands behind.
_TAIL = re.compile(
    r"[-‑](?:led|held|backed|affiliated|linked|language|run|era|based|controlled|owned|born|allied|occupied|made|"
    r"funded|sponsored|speaking|style|dominated|majority|wide|inspired|elect|area)$"
)
_HEAD = re.compile(r"^(?:pro|anti|ex|non|post|pre|ultra|trans|vice|mi|co)[-‑](?=\w)", re.I)
_ROMAN = re.compile(r"[IVXL]+e?$")
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?…:;•|\n][\"”»)\]]*\s+|[\"“«»(\[–—*]\s*|^\s*[-–—]\s*)$")
_ARABIC = re.compile(r"[\u0620-\u064a]")


def names(text: str, language: str) -> list[str]:
    """The names in `text`, in order, each once: persons, organisations, places, codes such as "F-16".

    Names the table knows are given whole ("United Nations"), others word by word. Latin script: capitalised words, less
    titles, days, months and words that are merely the first of a sentence. Arabic script has no capitals: only names
    of the table and the words after a title.
    """
    plain = unicodedata.normalize("NFC", western_digits(text))
    known = find_known(plain, is_statement=True)
    found = [
        *_codes(plain),
        *((span.start, plain[span.start : span.end]) for span in known),
        *_capitalised(plain, known, language),
        *_after_arabic_titles(plain),
    ]
    return list(dict.fromkeys(name for _, name in sorted(found)))


def is_name_in(name: str, evidence: str) -> bool:
    """Whether `evidence`, in any of the three languages, has the name: the same words (case, accents, hyphens and
    possessives aside), the same thing by the table (Damas = دمشق), or words of the same sound (Khasham = خشام)."""
    facts = _read_evidence(evidence)
    if re.search(r"\d", name):
        return _is_code_in(western_digits(name), facts)
    spans = find_known(name, is_statement=False)
    rest = name
    for span in reversed(spans):
        if span.things & facts.things:
            rest = rest[: span.start] + " " + rest[span.end :]
        elif re.search(r"\W", name[span.start : span.end]):
            return False  # "North Korea" is not borne out by a North and a Korea; nor "U.S." by letters
    left = [word for word in read_words(rest) if word.folded not in PARTICLES and len(word.folded) > 1]
    if not left:
        return bool(spans) or "".join(word.folded for word in read_words(name)) in facts.words
    is_settled = any(span.is_settled for span in spans)
    joined = "".join(word.folded for word in left)
    if len(left) > 1 and joined in facts.words:
        return True
    return all(_is_word_in(word, facts, is_settled) for word in left)


# --- taking names out of a statement ---------------------------------------------------------------------------------


def _codes(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m.group()) for m in CODE.finditer(text) if not NOT_A_CODE.fullmatch(m.group())]


def _capitalised(text: str, known: list[Span], language: str) -> list[tuple[int, str]]:
    letters = [c for c in text if c.isalpha() and c.isascii()]
    if len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        return []  # A title in capitals tells no name from a word.
    found: list[tuple[int, str]] = []
    for match in _CAPITALISED.finditer(text):
        start, word = match.start(), match.group()
        for prefix in (_ELISION, _HEAD, _PARTICLE_PREFIX):
            if cut := prefix.match(word):
                start, word = start + cut.end(), word[cut.end() :]
        word = _TAIL.sub("", _POSSESSIVE.sub("", word))
        if not word[:1].isupper() or len(word) < 2 or _ROMAN.match(word) or _ARABIC.search(word):
            continue
        if any(span.start <= start < span.end for span in known) or re.match(r"[-‑]?\d", text[match.end() :]):
            continue
        folded = fold_word(word)
        # In the titles of works and groups ordinary words have capitals, too ("This Morning", "Nusra Front").
        if folded in TITLES or folded in PARTICLES or (folded in OPENERS - SURNAMES and not word.isupper()):
            continue
        if word.isupper() and len(word) > 7:
            continue  # shouted, not an acronym
        if _OPENS_SENTENCE.search(text[: match.start()]) and not _is_name_at_opening(word, language):
            continue
        found.append((start, word))
    return found


def _is_name_at_opening(word: str, language: str) -> bool:
    folded = fold_word(word)
    if folded in OPENERS or _TAIL.search(word) or re.split(r"[-‑]", folded)[0] in ENGLISH | FRENCH:
        return False
    if word.isupper() or (re.search(r"[A-Z]", word[1:]) and word[1:].upper() != word[1:]):
        return True
    is_like_a_word = bool(ORDINARY_ENDING[language if language in ORDINARY_ENDING else "en"].search(folded))
    return not is_like_a_word


def _after_arabic_titles(text: str) -> list[tuple[int, str]]:
    """The one or two words after a title that only names follow: "العقيد سليمان ديارا"."""
    found: list[tuple[int, str]] = []
    # Tanwin (ً) ends adverbs and objects, not names: such a word is no match, and stops the search.
    words = list(re.finditer(r"[\u0620-\u064a\u064c-\u065f\u0670]+(?!\u064b)(?![\u0620-\u064a])", text))
    for place, match in enumerate(words):
        if fold_word(match.group()) not in ARABIC_TITLES:
            continue
        last_end, taken = match.end(), 0
        for following in words[place + 1 : place + 6]:
            folded = fold_word(following.group())
            if text[last_end : following.start()] != " ":
                break
            last_end = following.end()
            if taken == 0 and folded.startswith("ال") and folded.endswith(("ي", "يه", "سابق", "اسبق")):
                continue  # "الرئيس السوري …": an adjective
            if ARABIC_NAME_ENDS.search(folded) or folded in ARABIC or len(folded) < 3 or taken == 2:
                break
            found.append((following.start(), following.group()))
            taken += 1
    return found


# --- looking a name up in the evidence -------------------------------------------------------------------------------


class _Evidence(NamedTuple):
    text: str
    things: frozenset[int]
    """What of the table it mentions."""
    words: frozenset[str]
    """Folded, apostrophes and hyphens both cut and closed; Arabic also without prefixes."""
    capitalised: tuple[str, ...]
    """Latin words with a capital, folded."""
    arabic: tuple[str, ...]


@lru_cache(maxsize=256)
def _read_evidence(evidence: str) -> _Evidence:
    plain = unicodedata.normalize("NFC", western_digits(evidence))
    things = frozenset(thing for span in find_known(plain, is_statement=False, every=True) for thing in span.things)
    words = read_words(plain)
    closed = (fold_word(re.sub(r"[-‑'’]", "", match.group())) for match in _CAPITALISED.finditer(plain))
    return _Evidence(
        plain,
        things,
        frozenset([form for word in words for form in word.forms] + list(closed)),
        tuple({word.folded for word in words if word.is_capitalised}),
        tuple({word.folded for word in words if _ARABIC.search(word.folded)}),
    )


def _is_word_in(printed: Word, facts: _Evidence, is_settled: bool) -> bool:
    word = printed.folded
    if printed.forms[-1].isupper() and (len(word) == 2 or word in _COMMON_WORDS) and word.isascii():
        return printed.forms[1] in facts.words  # WHO, UN, IS: in capitals or not at all
    if word in facts.words or word.removesuffix("s") in facts.words or word + "s" in facts.words:
        return True
    if _ARABIC.search(word):
        return any(form in facts.words for form in printed.forms if len(form) > 2) or (
            not is_settled and any(sounds_like_arabic(latin, word) for latin in facts.capitalised)
        )
    if is_settled and len("".join(name_keys(word, every_word=True))) < 5:
        return False
    if len(word) > 5 and any(other.startswith(word) for other in facts.capitalised):
        return True  # "Hollywoodien", "Assadists"
    return any(sounds_like_latin(word, other) for other in facts.capitalised) or any(
        sounds_like_arabic(word, other) for other in facts.arabic
    )


def _is_code_in(code: str, facts: _Evidence) -> bool:
    """The digits must stand there as a figure of their own, and the letters, if Latin, beside them."""
    digits = re.findall(r"\d+", code)
    if not all(re.search(rf"(?<!\d){figure}(?!\d)", facts.text) for figure in digits):
        return False
    letters = re.sub(r"[\W\d_]", "", code).casefold()
    closed = re.sub(r"[\W_]", "", facts.text).casefold()
    is_same = re.sub(r"[\W_]", "", code).casefold() in closed
    return is_same or bool(_ARABIC.search(facts.text)) or len(letters) > 3
