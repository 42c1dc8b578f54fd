"""Whether two words are the same name by sound: between Latin and Arabic script, or between two Latin spellings.

For one word at a time, and made to be strict where `index.lexical.name_keys` is generous: keys find candidates for a
search, this settles whether a name in an answer stands in its evidence.
"""

import re
from functools import lru_cache

from assistant.facts.number_words import fold_word
from index.lexical import STOP_WORDS, name_keys

# What a Latin letter or group may be in Arabic newswire; the longest group first. English and French habits together:
# "ch" is خ, ش or ك, "g" is غ, ج, ق or ك.
_SPELLED = (
    ("sch", "ش"), ("tch", "تش"), ("tsh", "تش"), ("kh", "خ|ك"), ("gh", "غ|ق|ج|"), ("sh", "ش|سه"),
    ("ch", "ش|تش|خ|ك|ج"), ("th", "ث|ت|ذ|د|ط"), ("dh", "ذ|ض|ظ|د"), ("dj", "ج"), ("dg", "ج"), ("ph", "ف"),
    ("ck", "ك"), ("qu", "ك|كو|ق|كي"), ("gn", "ن|غن|جن|ني"), ("ll", "ل|ي"), ("ng", "نغ|نج|نق|ن"),
    ("zz", "تز|ز|تس|زز"), ("cc", "ك|تش|كس"), ("tz", "تز|تس|ز"), ("ts", "تس|ت"), ("sc", "سك|س|ش"),
    ("wh", "و|ه"), ("b", "ب"), ("c", "ك|س|ق|تش|تس|ص|ش"), ("d", "د|ض|ظ|ذ"), ("f", "ف"),
    ("g", "غ|ج|ق|ك|خ"), ("h", "ه|ح|خ|ه?"), ("j", "ج|خ|ي|ه|ش|غ"), ("k", "ك|ق|خ"), ("l", "ل"), ("m", "م"),
    ("n", "ن"), ("p", "ب|پ|(?<=م)"), ("q", "ق|ك"), ("r", "ر"), ("s", "س|ص|ز|ث|ش"), ("t", "ت|ط|ث"),
    ("v", "ف|ڤ|و|پ"), ("w", "و|ف|"), ("x", "كس|ك|س|ش|خ|اكس|"), ("z", "ز|ذ|ظ|ض|تس|س"),
)  # fmt: skip
_VOWELS = "[اأإآىيوءؤئع]"
_VOWEL_RUN = re.compile(r"[aeiouy]+")
_SILENT_AT_END = frozenset("tdsxzp")
# Prefixes; names of two consonants are easily hit by chance, so they take fewer.
_BEFORE = r"^(?:[وف]?[بلك]?(?:ال|لل)?)?"
_BEFORE_SHORT = r"^(?:[وف]?[بل]?|ال)"
# Frequent words of news that short names would be heard in.
_ORDINARY = frozenset(
    fold_word(word)
    for word in STOP_WORDS["ar"]
    | set(
        "وقت وسط رأي عاما عام بيان بعيد وفي حتى أنها أنه كما لها له لهم منها منه يوم بعد قبل أمام أول الأولى دون "
        "عدد عدة كبير كثير قريب جديد يعد أيضا إذا هنا نحو سنة سنويا شيء مرة حالة حاليا أداء أعضاء عضو معينة بهذا "
        "الشمس ليس لو ولو ولي وله ولا وما وهو وهي وهم مع معه معها حي حين حال بلا بلد باب بيت بين بينها دار دور رد "
        "سد سن شأن صف ضد طن عدو عن عند عين فوق كي كون كيف لدى لن ليل مال مدى مدن مدينة مدة من مئة نار ناس نص نوع "
        "هام هل يد يرى".split()
    )
)


def sounds_like_arabic(latin: str, arabic: str) -> bool:
    """Whether the Arabic word may write the Latin name; both folded, `arabic` with or without prefixes.

    A name of one consonant ("Ri") must be the whole Arabic word, for it is easily hit by chance.
    """
    pattern = _arabic_spellings(latin)
    return pattern is not None and arabic not in _ORDINARY and bool(pattern.match(arabic))


@lru_cache(maxsize=10_000)
def _arabic_spellings(latin: str) -> re.Pattern[str] | None:
    if not latin.isascii() or not latin.isalpha():
        return None
    # استرلينغ: Arabic opens no word with two consonants.
    pieces = ["ا?"] if re.match(r"s[^aeiouyhw]", latin) else []
    consonants = at = 0
    word = re.sub(r"([bdfghjkmnpqrstv])\1", r"\1", latin)
    while at < len(word):
        if vowels := _VOWEL_RUN.match(word, at):
            # A vowel that opens the word is written; others may be.
            pieces.append(_VOWELS + ("{1,4}" if at == 0 else "{0,3}"))
            at = vowels.end()
            continue
        written, spelled = next((group, arabic) for group, arabic in _SPELLED if word.startswith(group, at))
        is_silent = word[at] in _SILENT_AT_END and at + len(written) == len(word) and consonants >= 2 and len(word) >= 5
        if at == 0:
            spelled = spelled.removesuffix("?").rstrip("|")  # no first letter is silent
        pieces.append(f"(?:{spelled})" + ("?" if is_silent else "") + (_VOWELS + "?"))
        consonants += 2 if written == "ng" else 1
        at += len(written)
    if consonants == 0:
        return None
    before = {1: "^(?=..)", 2: _BEFORE_SHORT}.get(consonants, _BEFORE)
    return re.compile(before + "".join(pieces) + "[اأيىوه]{0,2}$")


def sounds_like_latin(one: str, other: str) -> bool:
    """Whether two folded Latin words spell one name: the same consonants by sound, and vowels that do not contradict.

    "Douhour" and "Duhur", "Mohammed" and "Muhamad"; not "Hassan" and "Hussein". Under three consonants, False.
    """
    keys = name_keys(one, every_word=True)
    if not keys or keys != name_keys(other, every_word=True) or _starts_with_vowel(one) != _starts_with_vowel(other):
        return False
    slots, others = _vowel_slots(one), _vowel_slots(other)
    return len(slots) != len(others) or all(_agree(a, b) for a, b in zip(slots, others, strict=True))


def _starts_with_vowel(word: str) -> bool:
    return bool(_VOWEL_RUN.match(word))


def _vowel_slots(word: str) -> list[frozenset[str]]:
    """The vowels between consonants, "ou" as u, "y" as i; what ends the word is left out."""
    plain = (
        re.sub(r"([^aeiouy])\1", r"\1", word.rstrip("aeiouyhst"))
        .replace("ou", "u")
        .replace("oo", "u")
        .replace("y", "i")
    )
    inner = re.findall(r"[^aeiou]+([aeiou]+)(?=[^aeiou])", plain)
    return [frozenset(run.replace("o", "u")) for run in inner]


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    # "e" stands for a or i in one spelling or the other; "a" and "u", "a" and "i" tell names apart (Karim, Karam).
    return bool(one & other) or ("e" in one and bool(other & {"a", "i"})) or ("e" in other and bool(one & {"a", "i"}))
