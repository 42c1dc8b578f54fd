"""Sentences that say that something is not so, deny it, or set themselves against another account: "contrary to
what the governor says", "La préfecture, elle, ne reconnaît que cinq arrestations", "نفى الجيش".

Reads sentences only; whom or what they contradict is for `assistant.disagreement`. Of the gold sentences of the
development questions on which outlets differ .28 to .47 are marked so, of those of other questions .04 to .15.
"""

import re

from index.lexical import ARABIC_MARKS

_ENGLISH = (
    # What is done to an account,
    r"den(?:y|ies|ied)|(?:disput|refut|challeng)(?:es?|ed)|(?:reject|contradict|contest|insist|maintain)(?:s|ed)?|"
    r"dismiss(?:es|ed)|question(?:s|ed) (?:the|that|these)",
    # what holds one against another,
    r"contrary to|unlike (?:the|what)|at odds with|on the contrary|by contrast|for (?:its|his|her|their) part",
    # and what is said of another's: "the official tally", "well above", "fewer than the ministry announced".
    r"(?:official|government|ministry's|army's|initial|earlier|first|reported) "
    r"(?:counts?|tall(?:y|ies)|tolls?|figures?|versions?|accounts?|claims?|estimates?)",
    r"(?:well|far|way) (?:above|below|more|less|higher|lower|over|under|short)|"
    r"(?:twice|double|three times|triple|half) (?:the|that|what|as)",
    r"(?:later|earlier|higher|lower|more|fewer|less) than (?:\w+ ){0,4}"
    r"(?:said|reported|claimed|announced|stated|admitted|acknowledged|figures?|counts?|tall(?:y|ies)|tolls?|number)",
    r"and not (?:\w+ ){1,3}(?:as|like)|not the \w+ (?:\w+ )?(?:announced|reported|claimed|cited|given)",
    r"absurd|exaggerat\w+|inflated|untrue|false|incorrect|baseless|unfounded|propaganda|rumou?rs?|fabricat\w+",
)
_FRENCH = (
    r"démen(?:t|tent|ti|tait|ties?)|nient?|(?:a|ont) nié|contest(?:e|ent|é)|(?:réfut|récus|rejett)ent?|"
    r"maintien(?:t|nent)|insistent?|persistent? et",
    r"contrairement (?:à|aux?)|à l['’]inverse|au contraire|en revanche|à rebours d|de (?:son|leur) côté|"
    r"pour (?:sa|leur) part|quant (?:à|aux?)",
    r"(?:bilan|chiffre|version|décompte|récit|compte|estimation|nombre)s? "
    r"(?:officiel\w*|du gouvernement|du ministère|de l['’]armée|de la préfecture|(?:avanc|annonc|donn|cit)ée?s?)",
    r"(?:bien|nettement|beaucoup|très) (?:plus|moins|au-dess(?:us|ous)|en deçà|au-delà|(?:supéri|inféri)eur\w*)|"
    r"le double|le triple|la moitié|(?:deux|trois|quatre) fois (?:plus|moins|le|la)",
    r"et non (?:pas )?\w+|loin d(?:es|u|e la|e l['’])",
    r"(?:ce|que) qu(?:['’]|e )(?:\w+ ){0,3}(?:annonc|affirm|prétend|assur|déclar|avanc)\w+",
    r"ne (?:reconnaît|reconnaissent|parle|compte|serait|seraient|retient|admet)\w* (?:\w+ )?que?",
    r"exagér\w+|fantaisistes?|faux|fausses?|mensong\w+|infondée?s?|rumeurs?|inexacte?s?|erronée?s?|mise en scène",
)
_ARABIC = (
    r"[وف]?(?:نفى|نفت|نفوا|نافيا|نافية|ينفي|تنفي|أنكرت?|كذبت?|فندت?|رفضت?|شككت?|[يت]?زعمت?|ادعى|ادعت|تمسكت?|أصرت?|"
    r"[يت]صر|اعترضت?)(?=\s)",
    r"خلافا ل\w*|على (?:عكس|خلاف)|بعكس|عكس ما|في المقابل|بالمقابل|من (?:جهته|جهتها|جانبه|جانبها)|في حين|بينما",
    r"غير صحيح\w*|لا (?:أساس|صحة)|مبالغ\w*|شائعات|كاذب\w*|مفبرك\w*|مزاعم|مضلل\w*",
    r"(?:الحصيلة|الرواية|الأرقام|الرقم|التقدير|الإحصاء\w*) الرسمي\w*",
    r"(?:أكثر|أقل|أعلى|أدنى) (?:بكثير(?: مما)?|مما)|أضعاف|ضعف[اي]? (?:ما|ال\w+)",
    r"(?:لا|وليس) \w+ كما|كما (?:أعلن|قال|زعم|ذكر)\w*",
)
_CONTRAST = re.compile(
    rf"\b(?:{'|'.join((*_ENGLISH, *_FRENCH))})\b|, (?:lui|elle|eux|elles)(?:-mêmes?)?,|"
    rf"(?<!\w)(?:{'|'.join(_ARABIC)})(?!\w)|(?<!\w)أما [^،.]{{2,60}} ف",
    re.I,
)
# That it is not so.
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|denie[sd]|deny|untrue|false|unfounded|baseless|"
    r"ne|aucune?|jamais|dément\w*|nie|inexacte?s?|infondée?s?|mensong\w+)\b|n['’]t\b|"
    r"\bn['’](?:a|est|ont|y|était|avait|étaient)\b|(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|نفى|نفت|عدم)(?=\s)|"
    r"لا صحة|غير صحيح|لا أساس|كاذب|"
    r"\bsans (?:faire|causer|blessée?s?|victimes?|dégâts?)\b|\bwithout (?:casualties|injur\w+|causing|loss)\b|"
    r"\b(?:unhurt|indemnes?)\b|(?<!\w)(?:من )?دون (?:وقوع |تسجيل )?(?:إصابات|ضحايا|خسائر|أضرار)",
    re.I,
)

# That somebody denies it, not that it did not happen.
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied)|disput(?:es?|ed)|rejected|"
    r"démen(?:t|tent|ti|tait|ties?)|nient?|a nié|ont nié|contesten?t?|récuse)\b|"
    r"(?:^|\s)[وف]?(?:نفى|نفت|نفوا|ينفي|تنفي|أنكر|أنكرت)(?=\s)",
    re.I,
)


def sets_itself_against(sentence: str) -> bool:
    """Whether it marks itself as one of several accounts, in any of the three languages."""
    return bool(_CONTRAST.search(ARABIC_MARKS.sub("", sentence)))


def says_not(sentence: str) -> bool:
    """Whether it says that something is not so or was not done, by whomever."""
    return bool(_NEGATION.search(sentence))


def tells_of_denial(sentence: str) -> bool:
    """Whether it says that somebody denies or disputes something; more narrowly than `says_not`."""
    return bool(_DENIES.search(sentence))
