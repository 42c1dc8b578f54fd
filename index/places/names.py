"""Spellings of place names made comparable: Latin and Arabic letters, articles, transliteration.

Only strings; knows neither the gazetteer nor the text around a name. Three grains, finest first: `fold` (same letters),
`without_articles` (same letters but for al-, el-, ez-…), `skeleton` (same consonants, for names written from Arabic).
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

# Countries whose names reach Latin script through Arabic, in as many ways as there are writers.
ARABIC_COUNTRIES = frozenset("AE BH DJ DZ EG EH ER IL IQ JO KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE".split())

# Countries whose names Arabic writes by ear from their Latin spelling: "ch" is sh, "dj" is j, "g" is hard.
HEARD_COUNTRIES = frozenset(
    "AM AZ BF BI BJ CD CF CG CI CM ET GA GE GH GN GW HT KE LR ML NE NG RW SL SN SS TG TR UA UG".split()
)

SOUNDED_COUNTRIES = ARABIC_COUNTRIES | HEARD_COUNTRIES

# Of them, where "c" is j.
_TURKISH_SPELLED = frozenset(("AZ", "TR"))
_TURKISH_SOUNDS = str.maketrans({"ş": "sh", "Ş": "sh", "ç": "ch", "Ç": "ch", "ğ": "", "Ğ": "", "c": "j", "C": "j"})

ARTICLES = frozenset("al el ul ez az as es ash esh ach ech ad ed at et ath ar er ur an en edh adh il".split())

_SPECIAL = {
    **{
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ə": "e",
        "ħ": "h",
    },
    **dict.fromkeys("أإآٱ", "ا"),
    **{"ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "گ": "ك", "ء": "", "ـ": ""},
}
_WORDS = re.compile(r"[\s\-‐‑–]+")
_LATIN = re.compile(r"[a-z]+")
_ARABIC = re.compile(r"[\u0621-\u064a]+")


class _LetterTable(dict[int, str]):
    """For `str.translate`: a code point to its plain letters, "" for everything that is no letter; filled as needed."""

    def __missing__(self, code: int) -> str:
        letter = chr(code).lower()
        plain = _SPECIAL.get(letter)
        if plain is None:
            parts = unicodedata.normalize("NFKD", letter)
            plain = "".join(
                _SPECIAL.get(part, part) for part in parts if part.isalpha() and not unicodedata.combining(part)
            )
            # ʿ ʾ ʻ ˌ are letters to Unicode, apostrophes to a reader.
            plain = re.sub(r"[\u02b0-\u02ff]", "", plain)
        self[code] = plain
        return plain


_LETTERS = _LetterTable()


def fold(name: str) -> str:
    """Plain lower-case letters of a name without marks, spaces, hyphens or apostrophes: "Dar‘ā" → "dara"."""
    return name.translate(_LETTERS)


def is_latin(folded: str) -> bool:
    return _LATIN.fullmatch(folded) is not None


def is_arabic(folded: str) -> bool:
    return _ARABIC.fullmatch(folded) is not None


def without_articles(name: str) -> tuple[str, bool]:
    """The folded name without its Arabic articles in Latin letters, and whether it began with one.

    "Deir ez-Zor" → ("deirzor", False); "al-Bab" → ("bab", True). A name that is all article stays whole.
    """
    words = [fold(word) for word in _WORDS.split(name.strip())]
    kept = [word for word in words if word not in ARTICLES]
    if not kept or len(words) == 1:
        return "".join(words), False
    return "".join(kept), words[0] in ARTICLES


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("sch|sh|ch", "S"),
        ("kh", "X"),
        ("gh", "G"),
        ("th", "t"),
        ("dh", "d"),
        ("ph|v", "f"),
        ("dj|g", "j"),
        ("q|ck|c", "k"),
        ("x", "ks"),
        ("p", "b"),
        ("[aeiouyw]+", ""),
        ("h$", ""),
    )
]
_DOUBLE = re.compile(r"(.)\1+")
# The article swallowed by its noun: "ezzor", "assuwayda", "errastan"; and before b: "albukamal".
_GLUED = re.compile(r"^(?:[aeu](?=([sztdnr])\1)|al(?=bu))")

_ARABIC_SOUNDS = str.maketrans(
    dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhXddrzsSsdtzGfkklmnh", strict=True)) | dict.fromkeys("اويع", None)
)


_LATIN_VOWELS = str.maketrans("owey", "uuii")
_ARABIC_VOWELS = str.maketrans({"ا": "a", "و": "u", "ي": "i", "ه": "a"})


def skeleton(name: str, country: str = "") -> str:
    """The consonants of a name as an Arabic ear sorts them: Khasham, Khushām and خشام are all "XSm".

    Vowels and doubled letters go; sounds that transliterations confuse fall together (q and k, sh and ch, j and g).
    By `country` "g" sounds like غ, not like ج (Bourzanga is بورزانغا), and "c" like ج (Erciş is أرجيش).
    """
    if country in _TURKISH_SPELLED:
        name = name.translate(_TURKISH_SOUNDS)
    folded, _ = without_articles(name)
    if is_arabic(folded):
        bare = re.sub(r"(^|\s)ال", r"\1", name)
        opening = "'" if re.match("[اأإآعء](?!بو)", bare) else ""
        return opening + _DOUBLE.sub(r"\1", re.sub("ه$", "", fold(bare)).translate(_ARABIC_SOUNDS))
    sounds = _GLUED.sub("", folded)
    # ‘Ayn al-‘Arab and Nayrab differ in how they begin; Abu, Albu and Bu do not.
    opening = "'" if re.match("[aeiou](?!b[ou])", sounds) else ""
    if country in HEARD_COUNTRIES:
        sounds = sounds.replace("dj", "j").replace("gh", "G").replace("g", "G")
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    return opening + _DOUBLE.sub(r"\1", sounds)


def vowels_agree(one: str, other: str) -> bool:
    """Whether two Latin spellings with the same skeleton may be the same name: close once vowels are levelled.

    Khasham and Khushām agree; Maadan and Medina do not.
    """
    a, b = _without_end(one), _without_end(other)
    if len(skeleton(one).strip("'")) <= 3:
        # So few consonants are shared by many names: let one vowel differ, no more.
        return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    return abs(len(a) - len(b)) <= 1 and SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.72


_LIKE_U, _LIKE_I, _LIKE_SH = re.compile("ou|oo|w|o"), re.compile("ee|ei|ai|ay|ey|y|e"), re.compile("sh|sch|ch")
_MUTE_END = re.compile("(?<=[aiu])h$")


@lru_cache(maxsize=20_000)
def level(name: str) -> str:
    """A Latin spelling with the vowels and consonants levelled that transliterations most often swap.

    "Dayr az-Zor", "Deir Ezzor" → "dirzur"; "Qaryatain", "Qaryateyn" → "kariatin". Articles go.
    """
    words = [fold(word) for word in _WORDS.split(name.strip())]
    kept = "".join(_GLUED.sub("", word) for word in words if word not in ARTICLES or len(words) == 1)
    levelled = _LIKE_I.sub("i", _LIKE_U.sub("u", kept))
    levelled = _LIKE_SH.sub("S", levelled).replace("q", "k").replace("dj", "j").replace("ph", "f")
    return _MUTE_END.sub("", _DOUBLE.sub(r"\1", levelled))


def vowels_written(arabic: str, latin: str) -> bool:
    """Whether an Arabic spelling writes out the vowels of a Latin one, as it does for names foreign to it.

    أريبيندا is Aribinda; مدرسة (school) is no place called Madrassa.
    """
    heard = re.sub("[^aiu]", "", fold(arabic).translate(_ARABIC_VOWELS))
    spelled = re.sub("(?<=[aiu])w", "", level(latin))
    said = re.sub("[^aiu]", "", spelled)
    if fold(arabic).startswith("ا") and spelled[:1] in ("i", "u"):
        heard = spelled[0] + heard[1:]  # an alef opens with any vowel: أرجيش is Erciş
    return bool(said) and SequenceMatcher(None, heard, said, autojunk=False).ratio() >= 0.75


def long_vowels_heard(arabic: str, latin: str) -> bool:
    """Whether the long vowels inside an Arabic spelling are heard, in order, in a Latin one: بيكورو is no Baqubah."""
    inside = re.sub(r"^[اأإآعو]|[هةاى]$", "", re.sub(r"(^|\s)ال", r"\1", arabic.strip()))
    written = re.sub("[^aiu]", "", fold(inside).translate(_ARABIC_VOWELS))
    said = iter(fold(latin).translate(_LATIN_VOWELS))
    return all(vowel in said for vowel in written)


def _without_end(name: str) -> str:
    # The feminine ending is written -a, -ah, -eh, -é, -at or not at all.
    levelled = level(name)
    return re.sub("i?a?[ht]?$", "", levelled) or levelled
