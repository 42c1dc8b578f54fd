"""Sentences that go on from the one before and say only half themselves: "He denied it", "Police put it at 14", "Le
syndicat en compte 16", "أما الوزارة فعند تسعة".

Reads sentences only; what the one before tells is for the caller.
"""

import re
from datetime import date

from assistant.contrast import sets_itself_against
from assistant.facts.counted import counted, located_and_counted

# "He was vaccinated …" is told of whom the sentence before names.
_POINTS_BACK = re.compile(
    r"[\"“«(\s]*(?:(?:He|She|They|It|Its|His|Her|Their|Il|Elle|Ils|Elles|Son|Sa|Ses|Leurs?|Celui-ci|Celle-ci|Ceux-ci|"
    r"Celles-ci|Ce dernier|Cette dernière|Ces derniers|Ces dernières)\b(?!\s+(?:y a|faut|est (?:à|vrai|possible))\b)|"
    r"(?:كما|و(?:هو|هي|هم|كان|كانت|كانوا|أضاف|أضافت|أوضح|أوضحت|تابع|تابعت|أشار|أشارت|أكد|أكدت))\s)"
)
# "The director denied it." answers what the sentence before does.
_ANSWERS_BACK = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|disput(?:es?|ed)|dismiss(?:es|ed)?|contest(?:s|ed)?|confirm(?:s|ed)?) "
    r"(?:it|this|that(?! \w)|them|(?:the|these|those|such) (?:\w+ )?"
    r"(?:claims?|accusations?|allegations?|reports?|figures?))\b|"
    r"\b(?:le|la|les|l['’]a|l['’]ont|l['’]avait) "
    r"(?:dément\w*|nie|nient|nié\w*|conteste\w*|contesté\w*|rejett\w+|rejeté\w*|confirm\w+)\b|"
    r"\b(?:dément\w*|nie|nient|nié|conteste\w*|contesté|rejett\w+|rejeté) "
    r"(?:cela|ceci|cette \w+|ces \w+|l['’]information|l['’]accusation)\b|"
    r"(?<!\w)[وف]?(?:نفى|نفت|نفوا|ينفي|تنفي|أكد|أكدت)\s(?:[^\s.،]+\s){0,4}"
    r"(?:ذلك|الأمر|الخبر|النبأ|(?:هذه |هذا )?(?:الاتهام|الاتهامات|الرواية|المعلومات))"
)
_ANSWERS_BACK_WORDS = 12
_LEAVES_OUT_WORDS = 22
_LEAVES_OUT_AGAINST_WORDS = 14
# "said Bilal, 29, who lost two sisters": an age counts nothing.
_AGE = re.compile(r", \d{1,3},|\baged? (?:of )?\d|\b(?:man|woman|boy|girl) of \d|-year-old|\bans\b|عاما")

# "Put it at 14", « n'en reconnaît que neuf », but not "lies at berth four".
_LEADS_TO_A_COUNT = re.compile(
    r"\b(?:at|to|of|by|is|are|was|were|be|sa(?:y|ys|id)|claim(?:s|ed)?|counts?|counted|list(?:s|ed)?|records?|recorded|"
    r"reports?|reported|gives?|gave|admits?|only|own|still|now|just|nearly|about|around|some|over|under|than|least|most|"
    r"que|à|en|sont|est|étaient|dit|disent|répond\w*|compt\w+|dénombr\w+|recens\w+|avanc\w+|évoqu\w+|annonc\w+|"
    r"toujours|encore|désormais|quelque|environ|près de|plus de|moins de|parl\w+ de|fait état de|tient à|bilan de)\s+"
    r"(?:l['’]|d['’]|its |their |a )?\W*\Z|\bd['’]\Z",
    re.I,
)
_HEADING_WORDS = 5
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|did|does|do|will|would|can|could|said|says|fell|went|came|left|put|"
    r"est|sont|ont|était|fut|sera|nie|dit|va|fait|\w+ed|\w{2,}(?:ait|aient|èrent|irent|ent))\b|\ba \w+é|"
    r"['’](?:a|ont|en)\b",
    re.I,
)


def is_heading(sentence: str, day: date, language: str) -> bool:
    """Whether it only names what the sentences after it are about: "Clinic fire at Bouhraoua"; not in Arabic."""
    if language == "ar" or len(sentence.split()) > _HEADING_WORDS or counted(sentence, day, language):
        return False
    return not (points_back(sentence) or _VERB.search(sentence) or sentence.rstrip()[-1:] in '?!:»”"')


def points_back(sentence: str) -> bool:
    """Whether it begins with a word for whom or what the sentence before names."""
    return bool(_POINTS_BACK.match(sentence))


def answers_back(sentence: str) -> bool:
    """Whether it denies or confirms in a few words what the sentence before says."""
    return len(sentence.split()) <= _ANSWERS_BACK_WORDS and bool(_ANSWERS_BACK.search(sentence))


def leaves_out_what_it_counts(sentence: str, day: date, language: str) -> bool:
    """Whether it gives a figure and leaves to the sentence before what that counts. `day` is its report's."""
    length = len(sentence.split())
    if length > _LEAVES_OUT_WORDS:
        return False
    figures = located_and_counted(sentence, day, language)
    if not figures or _AGE.search(sentence):
        return False
    if length <= _LEAVES_OUT_AGAINST_WORDS and sets_itself_against(sentence):
        return True
    first, things = figures[0]
    return not things and (language == "ar" or bool(_LEADS_TO_A_COUNT.search(sentence[: first.start])))
