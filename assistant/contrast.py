"""Sentences that set themselves against another account: "contrary to what the governor says", "the union, for its part,
counts 512", "نفى الجيش". Reads sentences only; whom or what they contradict is for `assistant.disagreement`.
"""

import re

# What somebody does to another's account.
_DENIES = (
    r"\b(?:den(?:y|ies|ied)|disput(?:es?|ed)|reject(?:s|ed)|contradict(?:s|ed)?|refut(?:es?|ed)|contest(?:s|ed)|"
    r"challeng(?:es?|ed)|dismiss(?:es|ed)|question(?:s|ed) (?:the|that|these)|insist(?:s|ed)?|maintain(?:s|ed)?|"
    r"démen(?:t|tent|ti|tait|ties?)|nient?|a nié|ont nié|contesten?t?|contesté|réfuten?t?|récusen?t?|rejetten?t?|"
    r"maintien(?:t|nent)|insisten?t?|persisten?t? et)\b|"
    r"(?<!\w)[وف]?(?:نفى|نفت|نفوا|نافيا|نافية|ينفي|تنفي|أنكر|أنكرت|كذب|كذبت|فند|فندت|رفض|رفضت|شكك|شككت|"
    r"زعم|زعمت|يزعم|تزعم|ادعى|ادعت|تمسك|تمسكت|أصر|أصرت|يصر|تصر|اعترض|اعترضت)(?=\s)"
)
# Words that hold one account against another.
_AGAINST = (
    r"\bcontrary to\b|\bunlike (?:the|what)\b|\bat odds with\b|\bon the contrary\b|\bby contrast\b|\bfor (?:its|his|her|their) part\b|"
    r"\bcontrairement (?:à|aux?)\b|\bà l['’]inverse\b|\bau contraire\b|\ben revanche\b|\bà rebours d|\bde (?:son|leur) côté\b|"
    r", (?:lui|elle|eux|elles)(?:-mêmes?)?,|\bpour (?:sa|leur) part\b|\bquant (?:à|aux?)\b|"
    r"(?<!\w)(?:خلاف[اً]+ ل\w*|على (?:عكس|خلاف)|بعكس|عكس ما|في المقابل|بالمقابل|من جهته|من جهتها|من جانبه|من جانبها|"
    r"في حين|بينما)(?!\w)|(?<!\w)أما [^،.]{2,60} ف"
)
# What is said of another's figure or account.
_OF_IT = (
    r"\b(?:official|government|ministry's|army's|initial|earlier|first|reported) "
    r"(?:counts?|tall(?:y|ies)|tolls?|figures?|versions?|accounts?|claims?|estimates?)\b|"
    r"\b(?:well|far|way) (?:above|below|more|less|higher|lower|over|under|short)\b|"
    r"\b(?:twice|double|three times|triple|half) (?:the|that|what|as)\b|"
    r"\b(?:later|earlier|higher|lower|more|fewer|less) than (?:\w+ ){0,4}"
    r"(?:said|reported|claimed|announced|stated|admitted|acknowledged|figures?|counts?|tall(?:y|ies)|tolls?|number)\b|"
    r"\band not (?:\w+ ){1,3}(?:as|like)\b|\bnot the \w+ (?:\w+ )?(?:announced|reported|claimed|cited|given)\b|"
    r"\b(?:absurd|exaggerat\w+|inflated|untrue|false|incorrect|baseless|unfounded|propaganda|rumou?rs?|fabricat\w+)\b|"
    r"\b(?:bilan|chiffre|version|décompte|récit|compte|estimation|nombre)s? "
    r"(?:officiel\w*|du gouvernement|du ministère|de l['’]armée|de la préfecture|avancée?s?|annoncée?s?|donnée?s?|citée?s?)\b|"
    r"\b(?:bien|nettement|beaucoup|très) (?:plus|moins|au-dessus|au-dessous|en deçà|au-delà|supérieur\w*|inférieur\w*)\b|"
    r"\b(?:le double|le triple|la moitié|(?:deux|trois|quatre) fois (?:plus|moins|le|la))\b|"
    r"\bet non (?:pas )?\w+|\bloin d(?:es|u|e la|e l['’])\b|\b(?:ce|que) qu(?:['’]|e )(?:\w+ ){0,3}"
    r"(?:annonc\w+|affirm\w+|prétend\w*|assur\w+|dit|déclar\w+|avanc\w+)\b|"
    r"\b(?:exagér\w+|fantaisistes?|faux|fausses?|mensong\w+|infondée?s?|rumeurs?|inexacte?s?|erronée?s?|mise en scène)\b|"
    r"\bne (?:reconnaît|reconnaissent|parle|compte|serait|seraient|retient|admet)\w* (?:\w+ )?que?\b|\bqu['’](?:un|une|en)\b.{0,20}\bseul|"
    r"(?<!\w)(?:غير صحيح\w*|لا (?:أساس|صحة)|مبالغ\w*|شائعات|كاذب\w*|مفبرك\w*|مزاعم|مضلل\w*|"
    r"(?:الحصيلة|الرواية|الأرقام|الرقم|التقدير|الإحصاء\w*) الرسمي\w*|(?:أكثر|أقل|أعلى|أدنى) (?:بكثير )?مما|"
    r"(?:أكثر|أقل|أعلى|أدنى) بكثير|(?:ثلاثة )?أضعاف|ضعف[اي]? (?:ما|ال\w+)|(?:لا|وليس) \w+ كما|كما (?:أعلن\w*|قال\w*|زعم\w*|ذكر\w*))(?!\w)"
)
_CONTRAST = re.compile(f"{_DENIES}|{_AGAINST}|{_OF_IT}", re.I)


def sets_itself_against(text: str) -> bool:
    """Whether the sentence marks itself as one of several accounts."""
    return bool(_CONTRAST.search(text))
