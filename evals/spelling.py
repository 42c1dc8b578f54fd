"""Whether a name in Latin letters may be one that a text in Arabic letters holds: plain rules, for checking answers.

On purpose not the program's own keys (`index.lexical.name_keys`): two readings seldom share a mistake. Both sides are
taken to their consonants, in eight classes wide enough for French and English spellings alike.
"""

import re
from functools import lru_cache

from evals.printed import plain

# More than one letter first. What is in none (vowels, h, w, y, ع, ح) is left out: spellings differ in it most.
_LATIN = (
    ("ph", "f"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("dh", "t"), ("kh", "k"), ("gh", "k"),
    ("ce", "s"), ("ci", "s"), ("cy", "s"), ("x", "ks"), ("ł", "l"),
    *((letter, letters[0]) for letters in ("bp", "fv", "td", "sz", "kgqcj", "m", "n", "r", "l") for letter in letters),
)  # fmt: skip
_ARABIC = {
    letter: letters[0]
    for letters in ("bب", "fف", "tتطدضثذظ", "sسصزش", "kجغكقخ", "mم", "nن", "rر", "lل")
    for letter in letters[1:]
}
_LATIN_SOUND = re.compile("|".join(spelt for spelt, _ in _LATIN))
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC_WORD = re.compile("[\u0621-\u064a]+")
_PREFIX = re.compile("^(?:[وف]?[بكل]?(?:ال)?|لل)(?=..)")
_FEWEST = 2


def arabic_sounds(text: str) -> frozenset[str]:
    """The consonants of each Arabic word in `text`, also without what may be a conjunction or an article before it."""
    words = _ARABIC_WORD.findall(plain(text))
    return frozenset(_arabic_sound(form) for word in words for form in (word, _PREFIX.sub("", word)))


def sounds_like_one(name: str, sounds: frozenset[str]) -> bool:
    """Whether the Latin `name`, two consonants or more, sounds like one of them; a last s or t may be an ending."""
    sound = _latin_sound(name)
    forms = {sound, sound.removesuffix("s"), sound.removesuffix("t")}
    return any(len(form) >= _FEWEST and form in sounds for form in forms)


@lru_cache(maxsize=10_000)
def _latin_sound(name: str) -> str:
    values = dict(_LATIN)
    bare = re.sub(r"['’]s$", "", plain(name))
    return _DOUBLED.sub(r"\1", "".join(values[spelt] for spelt in _LATIN_SOUND.findall(_DOUBLED.sub(r"\1", bare))))


@lru_cache(maxsize=100_000)
def _arabic_sound(word: str) -> str:
    return _DOUBLED.sub(r"\1", "".join(_ARABIC.get(letter, "") for letter in word))
