"""Text to search terms, per language. Knows nothing of storage; the catalog keeps the terms in SQLite's FTS5.

FTS5 has no French or Arabic stemming and misses "œ", so text is normalised here before it is indexed and asked:
stems for words, and for names a key that is the same across scripts and transliterations.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import Stemmer

_LANGUAGES = {"fr": "french", "en": "english", "ar": "arabic"}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu)['’]", re.I)
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)|[وف](?=\w{4}))")
_ARABIC_FOLD = str.maketrans("أإآٱىة", "ااااهه")
ARABIC_MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
"""Vowel signs and the stroke that lengthens a word: printed or not, the word is the same."""

# Words of questions and of grammar: they say what is asked, not what it is about.
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an the of in on at by to from with for and or but not is are was were be been being has have had do does "
        "did will would can could should may might must what which who whom whose when where why how many much long "
        "far there their they them this that these those it its as into about near around between during after before "
        "since until any some no than then also other according report reports reported reporting say says said tell "
        "told happen happened happening take took taken place i me my we us our you your he she his her s t "
        "now currently presently really actually exactly already ever whether please yes so get gets getting got go "
        "goes going went know known anybody somebody someone something anyone anything everyone else away".split()
    ),
    "fr": frozenset(
        "le la les un une des du de d l en au aux à dans sur sous par pour avec sans et ou mais ne pas plus est sont "
        "était étaient être été a ont avait avaient avoir fait faire que qui quoi quel quelle quels quelles quand où "
        "comment pourquoi combien lequel laquelle lesquels lesquelles dont ce cet cette ces il elle ils elles on se "
        "sa son ses leur leurs y c s n qu t m j y-a-t-il près autour entre pendant après avant depuis jusqu selon "
        "rapport rapports dit disent disait passé eu lieu nous vous je tu mon ma mes notre votre "
        "peut peuvent pouvait pouvaient pourrait pourraient pu puisse puissent doit doivent devait devaient devrait "
        "devraient faut fallait aurait auraient ait aient serait seraient sera seront soit soient fut "
        "furent lui eux celui celle ceux celles si comme alors aussi vers chez ça "
        "actuellement maintenant désormais déjà finalement exactement précisément vraiment encore toujours environ "
        "svp stp oui non savoir sait dire dites".split()
    ),
    "ar": frozenset(
        "في من على إلى الى عن مع ما ماذا من الذي التي الذين هل كم متى أين اين كيف لماذا أي اي أية هو هي هم كان كانت "
        "يكون تكون قد لقد لم لن لا أن ان إن أو او و ثم بين بعد قبل منذ حتى عند خلال حول قرب هذا هذه ذلك تلك هناك كل "
        "غير بعض حسب بحسب وفق قال قالت تقارير تقرير تقول حدث حصل جرى تم "
        "يمكن يجب سوف كي لكي أنه أنها إنه إنها منه منها فيه فيها به بها له لها عنه عنها عليه عليها كما إذا حيث "
        "لدى اللذين اللتين اللواتي اللاتي "
        "حاليا الآن الان فعلا بالضبط تحديدا صار ليش مين شو وين رجاء نعم أرجو نرجو أود نود معرفة مؤخرا تقريبا "
        "أيضا".split()
    ),
}

_stemmers = threading.local()


def terms(text: str, language: str) -> list[str]:
    """Search terms of `text`, in order, repeats kept: stems folded to bare letters. Digits are kept as numbers."""
    return [term for word in _words(text) if (term := _term(word, language))]


def terms_of_words(words: Iterable[str], language: str) -> list[str]:
    """The term of each word, as `terms` has it. Not remembered: for a long list that is read once."""
    return [_term.__wrapped__(word, language) for word in words]


def question_terms(text: str, languages: tuple[str, ...]) -> list[str]:
    """Distinct terms to look for, stemmed once per language that the reports are in, question words left out."""
    found: dict[str, None] = {}
    for word in telling_words(text):
        for language in languages:
            if bool(_ARABIC.search(word)) == (language == "ar"):
                found.setdefault(_term(word, language))
    return [term for term in found if term]


def telling_words(text: str) -> list[str]:
    """The words of a question without those of grammar and asking, elisions and possessives cut off."""
    return [bare for word in _words(text) if (bare := _telling(word))]


def name_keys(text: str, every_word: bool = False) -> list[str]:
    """Keys of the names in `text`, equal across French, English and Arabic spellings: "Khasham" = "خشام".

    A key is the run of consonants, folded by sound. Latin script: capitalised words (all words with `every_word`, for
    questions typed in lower case); Arabic script, which has no capitals: all words of four letters and more.
    Short keys (under three consonants) are left out: they match by chance.
    """
    return [key for word in _words(text) if (key := _name_key(word, every_word))]


@lru_cache(maxsize=4)
def _words(text: str) -> tuple[str, ...]:
    """Of a passage: asked for its terms and its names, one after the other."""
    # Without its vowel signs, which would end a word: "مسيّرات" is one.
    return tuple(_WORD.findall(ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=50_000)
def _telling(word: str) -> str:
    """A word without elision and possessive; "" for one of grammar and asking."""
    bare = _ELISION.sub("", word).removesuffix("'s").removesuffix("’s")
    return "" if _is_stop_word(bare) else bare


@lru_cache(maxsize=50_000)
def _name_key(word: str, every_word: bool) -> str:
    bare = _telling(word)
    is_arabic = bool(_ARABIC.search(bare))
    if not (is_arabic or every_word or bare[:1].isupper()):
        return ""
    key = _arabic_key(bare) if is_arabic else _latin_key(bare)
    return "~" + key if len(key) >= 3 else ""


@lru_cache(maxsize=50_000)
def _term(word: str, language: str) -> str:
    lowered = _ELISION.sub("", word.casefold()).replace("’", "'").removesuffix("'s")
    if _ARABIC.search(lowered):
        bare = lowered.translate(_ARABIC_FOLD)
        return _stemmer("arabic").stemWord(_ARABIC_PREFIX.sub("", bare)).translate(_ARABIC_FOLD)
    return _fold(_stemmer(_LANGUAGES.get(language, "english")).stemWord(lowered))


def _fold(word: str) -> str:
    """Latin letters without accents; digits of any script as ASCII."""
    if word.isascii():
        return "".join(filter(str.isalnum, word))
    letters = unicodedata.normalize("NFKD", word.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss"))
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter
        for letter in letters
        if unicodedata.combining(letter) == 0 and (letter.isalnum())
    )


def _stemmer(algorithm: str) -> Any:
    # A Stemmer is not safe to share between threads (PyStemmer 3.1), so each thread has its own.
    known: dict[str, Any] = _stemmers.__dict__
    if algorithm not in known:
        # It would remember 10,000 words in each thread, which `_term` remembers for all.
        known[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return known[algorithm]


def _is_stop_word(word: str) -> bool:
    lowered = word.casefold()
    return any(lowered in words for words in STOP_WORDS.values())


_ARABIC_SOUNDS = str.maketrans(
    {
        **dict(zip("بتثجحخدذرزسشصضطظعغفقكلمنهپچڤگ", "btwjhxdzrzscsdtz_qfkklmnhbcfg", strict=True)),
        **dict.fromkeys("اأإآٱىئءؤةوي", ""),
    }
)
# Sounds written with two letters take the letters that no single sound needs (x, q, c, w); upper case keeps them apart
# from the written ones on the way.
_LATIN_SOUNDS = (
    ("kh", "X"), ("gh", "Q"), ("sch", "C"), ("sh", "C"), ("ch", "C"), ("th", "W"), ("dh", "z"), ("dj", "j"),
    ("ph", "f"), ("ck", "k"), ("qu", "k"),
)  # fmt: skip
_LATIN_LETTERS = str.maketrans(
    {**dict(zip("bcdfghjklmnpqrstvxz", "bkdfghjklmnbkrstfsz", strict=True)), **dict.fromkeys("aeiouwy'’", "")}
)


def _arabic_key(word: str) -> str:
    if len(word) < 4:
        return ""
    return _squeeze(_ARABIC_PREFIX.sub("", word).translate(_ARABIC_SOUNDS).replace("_", ""))


def _latin_key(word: str) -> str:
    folded = _fold(word.casefold())
    if not folded.isascii() or any(letter.isdigit() for letter in folded):
        return ""
    sounded = folded
    for written, sound in _LATIN_SOUNDS:
        sounded = sounded.replace(written, sound)
    return _squeeze("".join(c if c.isupper() else c.translate(_LATIN_LETTERS) for c in sounded).lower())


def _squeeze(key: str) -> str:
    """Doubled consonants once; a final h dropped (it writes the Arabic feminine ending)."""
    single = re.sub(r"(.)\1+", r"\1", key)
    return single[:-1] if len(single) > 3 and single.endswith("h") else single
