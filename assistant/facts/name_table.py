"""Finds the names of `name_variants.txt` and the countries of babel in a text, whatever the language."""

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from assistant.facts.number_words import fold_word


class Word(NamedTuple):
    """One word of a text."""

    start: int
    end: int
    folded: str
    forms: tuple[str, ...]
    """What it may be looked up as: folded; Arabic also without its prefixes; in capitals, if printed so."""
    is_capitalised: bool


class Span(NamedTuple):
    """A stretch of text that names something of the table."""

    start: int
    end: int
    things: frozenset[int]
    """What it may be; more than one when the spelling is shared (الجزائر is Algeria and Algiers)."""
    is_settled: bool
    """A place or person whose spellings the table has: a likeness of sound is another name (Hassan, Hussein)."""


class _Variant(NamedTuple):
    words: tuple[str, ...]
    is_open: bool
    """The last word may have any ending."""
    thing: int
    is_unsure: bool
    """Bears a name out, but is not taken for one."""
    section: str


_NAMES = Path(__file__).with_name("name_variants.txt")
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670])+")
_ARABIC_PREFIX = re.compile(r"^(?P<and>[وف])?(?:(?P<to>لل)|(?P<prep>[بكل])?(?P<article>ال)?)(?=..)")
_SHORTEST_STEM = 2
# A persons' name or an office alone says too little in a script without capitals, or with one capital at its head.
_PROPER = frozenset(["places", "organisations"])


def find_known(text: str, is_statement: bool, every: bool = False) -> list[Span]:
    """The names of the table in `text`; the longest at each place, or with `every` all of them.

    For a statement, only what is surely meant as a name: capitalised in Latin script, unmistakable in Arabic.
    """
    words = read_words(text)
    found: list[Span] = []
    at = 0
    while at < len(words):
        matches = [m for m in _matches_at(words, at) if not is_statement or _is_name(m[1], words[at], m[0])]
        if not matches:
            at += 1
            continue
        longest = max(length for length, _ in matches)
        things = frozenset(variant.thing for length, variant in matches if every or length == longest)
        is_settled = any(length == longest and variant.section in ("places", "persons") for length, variant in matches)
        found.append(Span(words[at].start, words[at + longest - 1].end, things, is_settled))
        at += 1 if every else longest
    return found


def read_words(text: str) -> list[Word]:
    """The words of `text`, cut at apostrophes and hyphens; a stray accent alone is none."""
    return [
        Word(m.start(), m.end(), folded, _forms(m.group()), m.group()[0].isupper())
        for m in _WORD.finditer(text)
        if (folded := fold_word(m.group()))
    ]


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, ...]:
    folded = fold_word(word)
    if word.isupper():
        return (folded, unicodedata.normalize("NFC", word))
    if not "\u0600" <= folded[0] <= "\u06ff":
        # Feeds lose apostrophes: "Russias".
        return (folded, folded[:-1]) if word[0].isupper() and len(word) > 5 and word.endswith("s") else (folded,)
    prefix = _ARABIC_PREFIX.match(folded)
    forms = [folded]
    if prefix:
        if prefix.group("and"):
            forms.append(folded[1:])
        if prefix.group("to"):
            forms.append("ال" + folded[prefix.end() :])
        if prefix.group("article"):
            forms.append(folded[prefix.start("article") :])
        forms.append(folded[prefix.end() :])
        if prefix.group("prep") and len(folded) > 4:
            forms.append(folded[prefix.end("prep") :])
    return tuple(dict.fromkeys(forms))


def _matches_at(words: list[Word], at: int) -> list[tuple[int, _Variant]]:
    exact, openings = _table()
    matches: list[tuple[int, _Variant]] = []
    for form in words[at].forms:
        candidates = list(exact.get(form, ()))
        for length in range(_SHORTEST_STEM, len(form) + 1):
            candidates += openings.get(form[:length], ())
        for variant in candidates:
            length = len(variant.words)
            if length > 1 and not _goes_on(words, at, variant):
                continue
            matches.append((length, variant))
    return matches


def _goes_on(words: list[Word], at: int, variant: _Variant) -> bool:
    following = words[at + 1 : at + len(variant.words)]
    if len(following) < len(variant.words) - 1:
        return False
    gaps = (b.start - a.end for a, b in zip(words[at : at + len(variant.words)], following, strict=False))
    if any(gap > 2 for gap in gaps):
        return False
    return all(
        wanted in word.forms
        or (variant.is_open and wanted == variant.words[-1] and any(form.startswith(wanted) for form in word.forms))
        for wanted, word in zip(variant.words[1:], following, strict=True)
    )


def _is_name(variant: _Variant, word: Word, length: int) -> bool:
    if variant.is_unsure:
        return False
    if "\u0600" <= word.folded[0] <= "\u06ff":
        return variant.section in _PROPER
    # One word is left to the rules on capitals; here only what those would tear apart.
    return word.is_capitalised and (length > 1 or variant.section in _PROPER)


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, list[_Variant]], dict[str, list[_Variant]]]:
    """Variants by their first word, and those of one open word by their stem."""
    exact: dict[str, list[_Variant]] = defaultdict(list)
    openings: dict[str, list[_Variant]] = defaultdict(list)
    thing, section = 0, ""
    known: set[str] = set()
    for line in _NAMES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            thing += 1
            for printed in line.split(" | "):
                variant = _variant(printed, thing, section)
                (openings if variant.is_open and len(variant.words) == 1 else exact)[variant.words[0]].append(variant)
                known.add(" ".join(variant.words))
    for country in _countries():
        variants = [_variant(name, thing := thing + 1, "places") for name in country[:1]]
        variants += [_variant(name, thing, "places") for name in country[1:]]
        if not any(" ".join(variant.words) in known for variant in variants):
            for variant in variants:
                exact[variant.words[0]].append(variant)
    return dict(exact), dict(openings)


def _variant(printed: str, thing: int, section: str) -> _Variant:
    bare = printed.strip().removeprefix("?").removesuffix("*")
    fold = str if bare.isupper() and bare.isascii() else fold_word
    words = tuple(fold(word) for word in _WORD.findall(bare))
    return _Variant(words, printed.strip().endswith("*"), thing, printed.strip().startswith("?"), section)


def _countries() -> list[tuple[str, ...]]:
    by_language = [dict(Locale(code).territories) for code in ("en", "fr", "ar")]
    codes = [c for c in by_language[0] if len(c) == 2 and c.isalpha() and all(c in names for names in by_language)]
    return [tuple(dict.fromkeys(str(names[code]) for names in by_language)) for code in codes]
