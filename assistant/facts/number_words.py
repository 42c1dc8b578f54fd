"""The words that English, French and Arabic count with, and the marks around figures that make them no quantity.

Tables only; `assistant.facts.quantities` reads numbers with them. Keys are folded by `fold_word`: lower case, no
accents, no Arabic vowel signs, one form of alef, final ة as ه.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

from index.lexical import ARABIC_MARKS

Kind = Literal["article", "small", "ten_ar", "hundred", "hundreds", "scale", "several", "group"]


class NumberWord(NamedTuple):
    """What a word does in a number: "three" is added, "hundred" multiplies, "a" only opens "a dozen"."""

    kind: Kind
    """"small": below 100. "ten_ar": عشر, ten alone and +10 after a unit. "hundreds": 200 … 900 in one Arabic word.
    "scale": a thousand and up. "several": a scale that needs a number before it ("dozens", "آلاف"), else it is vague.
    "group": "dozen", "centaine"."""
    value: int


_ARABIC_FOLD = str.maketrans("أإآٱىة", "اااايه")


def fold_word(word: str) -> str:
    """Lower case without accents; Arabic without vowel signs, one alef, ى as ي, ة as ه."""
    bare = ARABIC_MARKS.sub("", word.casefold()).replace("œ", "oe").translate(_ARABIC_FOLD)
    if bare.isascii():
        return bare
    if "\u0600" <= bare[:1] <= "\u06ff":
        return bare  # Decomposed, ئ would become ي: ميتا, "dead", is not مئتا, "200".
    letters = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _small(words: str, values: str) -> dict[str, NumberWord]:
    pairs = zip(words.split(), (int(value) for value in values.split()), strict=True)
    return {word: NumberWord("small", value) for word, value in pairs}


def _all(kind: Kind, value: int, words: str) -> dict[str, NumberWord]:
    return {fold_word(word): NumberWord(kind, value) for word in words.split()}


ENGLISH: dict[str, NumberWord] = {
    **_small(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety",
        "2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 30 40 40 50 60 70 80 90",
    ),
    **_all("article", 1, "a an one"),
    **_all("hundred", 100, "hundred"),
    **_all("several", 100, "hundreds"),
    **_all("group", 12, "dozen"),
    **_all("scale", 1000, "thousand"),
    **_all("several", 1000, "thousands"),
    **_all("scale", 10**6, "million mn"),
    **_all("several", 10**6, "millions"),
    **_all("scale", 10**9, "billion bn"),
    **_all("several", 10**9, "billions"),
    **_all("scale", 10**12, "trillion"),
    **_all("several", 10**12, "trillions"),
}

FRENCH: dict[str, NumberWord] = {
    **_small(
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts "
        "trente quarante cinquante soixante septante huitante octante nonante",
        "2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 20 20 30 40 50 60 70 80 80 90",
    ),
    **_all("article", 1, "un une"),
    **_all("hundred", 100, "cent cents"),
    **_all("scale", 1000, "mille"),
    **_all("group", 1000, "millier"),
    **_all("several", 1000, "milliers"),
    **_all("scale", 10**6, "million"),
    **_all("several", 10**6, "millions"),
    **_all("scale", 10**9, "milliard"),
    **_all("several", 10**9, "milliards"),
    **_all("scale", 10**12, "billion"),
    **{
        word + ending: NumberWord("several" if ending else "group", value)
        for word, value in {
            "huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
            "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
        }.items()
        for ending in ("", "s")
    },
}  # fmt: skip

_ARABIC_UNITS = {
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي", 3: "ثلاث ثلاثة", 4: "أربع أربعة", 5: "خمس خمسة",
    6: "ست ستة", 7: "سبع سبعة", 8: "ثمان ثماني ثمانية", 9: "تسع تسعة", 20: "عشرون عشرين", 30: "ثلاثون ثلاثين",
    40: "أربعون أربعين", 50: "خمسون خمسين", 60: "ستون ستين", 70: "سبعون سبعين", 80: "ثمانون ثمانين",
    90: "تسعون تسعين",
}  # fmt: skip
_ARABIC_HUNDREDS = {3: "ثلاث", 4: "أربع", 5: "خمس", 6: "ست", 7: "سبع", 8: "ثمان ثماني", 9: "تسع"}

ARABIC: dict[str, NumberWord] = {
    **{word: entry for value, words in _ARABIC_UNITS.items() for word, entry in _all("small", value, words).items()},
    **_all("article", 1, "واحد واحدا واحدة أحد إحدى"),
    **_all("ten_ar", 10, "عشر عشرة"),
    **_all("hundred", 100, "مئة مائة مية مأة"),
    **_all("hundreds", 200, "مئتان مئتين مائتان مائتين مئتا مائتا مئتي مائتي"),
    **{
        fold_word(stem + hundred): NumberWord("hundreds", unit * 100)
        for unit, stems in _ARABIC_HUNDREDS.items()
        for stem in stems.split()
        for hundred in ("مئة", "مائة", "مية")
    },
    **_all("several", 100, "مئات"),
    **_all("scale", 1000, "ألف ألفا"),
    **_all("several", 1000, "آلاف"),
    **_all("scale", 2000, "ألفان ألفين ألفي"),
    **_all("scale", 10**6, "مليون مليونا"),
    **_all("several", 10**6, "ملايين"),
    **_all("scale", 2 * 10**6, "مليونان مليونين مليوني"),
    **_all("scale", 10**9, "مليار مليارا بليون"),
    **_all("several", 10**9, "مليارات"),
    **_all("scale", 2 * 10**9, "ملياران مليارين ملياري"),
    **_all("scale", 10**12, "تريليون"),
    **_all("several", 10**12, "تريليونات"),
}

# Nouns whose dual in -ين cannot be read as a plural, because their plural is a broken one; both endings count as 2.
_BROKEN_PLURAL = (
    "قتيل جريح شهيد جندي ضابط قائد رجل طفل شاب شخص عنصر عضو فرد أجنبي حفيد يوم أسبوع شهر عام قرن عقد نائب أسير "
    "ولد ابن أخ شرطي حارس راكب طبيب وزير رئيس زعيم شيخ أمير حزب فريق طرف جانب فصيل جيش لواء فوج صاروخ برميل لغم "
    "مبنى منزل بيت مسجد جامع مستشفى مركز مخيم معبر جسر طريق مقر موقع مصنع مطار ميناء قارب زورق مركب هدف هجوم "
    "تفجير انفجار حادث لقاء اجتماع مشروع قرار بيان طن كيلومتر متر ميل دولار يورو شرط سبب أمر ملف اتجاه سؤال قسم "
    "جزء نوع عنوان هاتف كلب حصان كتاب فيلم ألبوم صف صديق شقيق توأم كاتب شاهد تاجر مطلب بند تقرير مقال بلد سجين "
    "مقعد احتمال خيار جيل دور مستوى متجر منعطف فوز عمود نفق سد بئر خط حاجز"
)
# Plurals in -ين: only the nominative -ان tells the dual.
_SOUND_PLURAL = (
    "مدني مسلح مسؤول مصدر مقاتل متظاهر ناشط مهاجر لاجئ مراسل صحفي صحافي مسعف متطوع مواطن إرهابي معتقل مصاب عامل "
    "موظف مرشح مهندس لاعب فنان سائق محام مشتبه دبلوماسي مراهق انتحاري أميركي أمريكي سوري فرنسي بريطاني روسي تركي "
    "إسرائيلي فلسطيني"
)
# Feminine nouns too short for the general rule on -تان and -تين (`Putin` is written with the same ending).
_SHORT_FEMININE = "جث مر سن فئ قو كر مد قم حص خط جه لغ شق قص ضف سل قار امرا"
ARABIC_DUALS: frozenset[str] = frozenset(
    [fold_word(noun) + ending for noun in _BROKEN_PLURAL.split() for ending in ("ين", "ان")]
    + [fold_word(noun) + "ان" for noun in _SOUND_PLURAL.split()]
    + [fold_word(noun) + ending for noun in _SHORT_FEMININE.split() for ending in ("تين", "تان")]
) - {"بلدان"}  # "countries" is written like "two countries"
FEMININE_DUAL = re.compile(r"^\w{3,}(?:تين|تان)$")
NOT_DUAL = re.compile(
    r"ستان$|(?:ارجنتين|مارتين|كريستين|جاستين|جوستين|كوينتين|بساتين|كونستانتين|فالنتين|فلنتين|اوغستين|سانتين|مصوتين|موقتين|صامتين|"
    r"ثابتين|متفاوتين|مشتتين|بروتين|كيراتين|جيلاتين|نيكوتين|متعنتين|لافتين|ساكتين|بوتين|لاتين|روتين|ملتفتين)$"
)
ARABIC_ORDINAL = re.compile(
    r"^[وفبلك]?ال(?:اول|اولي|حادي|حاديه|ثاني|ثانيه|ثالثه?|رابعه?|خامسه?|سادسه?|سابعه?|ثامنه?|تاسعه?|عاشره?)$"
)
# In the feminine, an age: في الرابعة والثلاثين.
ARABIC_AGE_UNITS = {
    "حاديه": 1, "ثانيه": 2, "ثالثه": 3, "رابعه": 4, "خامسه": 5, "سادسه": 6, "سابعه": 7, "ثامنه": 8, "تاسعه": 9,
}  # fmt: skip

VAGUE = frozenset("several few many multi countless plusieurs quelques nombreux بضع بضعة بضعه عده عدة عشرات".split())

ABOUT_BEFORE = re.compile(
    r"(?:\b(?:about|around|some|nearly|almost|roughly|approximately|circa|more than|over|at least|up to|fewer than|"
    r"less than|under|an estimated|estimated|as many as|as much as|close to|nearing|"
    r"environ|quelque|près de|presque|plus de|plus d['’]|au moins|moins de|jusqu['’]à|autour de|aux alentours de|"
    r"à peu près|approximativement|pas moins de|une petite|une bonne)|"
    r"(?:نحو|بنحو|حوالي|حوالى|قرابة|زهاء|أكثر من|اكثر من|ما لا يقل عن|لا يقل عن|أقل من|ما يقرب من|ما يقارب|يقارب|"
    r"تقريبا|تقترب من|كثر من|على الأقل|ما يزيد عن|ما يزيد على|يزيد عن|تزيد عن|يفوق|بحوالي|لنحو|لأكثر من|بأكثر من|قارب))"
    r"(?:\s+(?:the|a|an|les|un|une))?\s*[~≈<>]?[$£€]?\s*$",
    re.I,
)
ABOUT_AFTER = re.compile(
    r"^[\s-]*(?:odd\b|or so\b|or more\b|plus\b(?! de)|ou plus\b|environ\b|au moins\b|at least\b|تقريبا|"
    r"على الأقل|أو أكثر|\+)",
    re.I,
)
