"""The words that mark a thing of a kind: units of money, of length, of time, words for a cause.

A table for `assistant.offers`, which asks whether a sentence has what is sought; knows no questions.
"""

import re

from assistant.sought import Kind

# "After 23 days at anchor" is no cause.
_NO_WHILE = r"\b(?! (?:\d|\w+ (?:minutes?|hours?|days?|weeks?|months?|years?|heures?|jours?|semaines?|mois|ans?)\b))"
MEASURED: frozenset[Kind] = frozenset(("money", "length", "volume"))
"""Kinds of which a mark without a figure says nothing."""
MEASURES: tuple[Kind, ...] = ("money", "length", "volume", "duration", "share")
"""Kinds that a figure before a unit is of."""
_SHARE_WORDS = 3
MARKS: dict[Kind, re.Pattern[str]] = {
    # Not those that are common words besides: "won", "sols", "سيدي".
    "money": re.compile(
        r"[$£€¥]|\b(?:dollars?|euros?|francs?|pounds|livres|lir[ae]s?|dinars?|dirhams?|rials?|riyals?|riels?|roubles?|"
        r"rubles?|cents?|afghanis?|ariar(?:y|is?)|bahts?|birrs?|bolivars?|cedis?|couronnes|dalasis?|drams?|escudos?|"
        r"forints?|gourdes?|hryvnias?|kron(?:a|e|er|or)|kwachas?|kwanzas?|kyats?|laris?|leones?|manats?|metica(?:is|ls?)|"
        r"nairas?|nakfas?|ouguiyas?|pesos?|pulas?|quetzals?|rands?|reais|ringgits?|roupies?|rupees?|rupiahs?|shekels?|"
        r"shillings?|somonis?|takas?|tenges?|tomans?|yens?|yuans?|zlotys?|millions? de|FCFA)\b|"
        r"دولار|يورو|فرنك|ليرة|ليرات|دينار|دنانير|درهم|دراهم|ريال|روبل|جنيه|شلن|شيكل|شيقل|نايرا|[أآ]رياري|بيزو|روبي[ةا]|"
        r"يوان|غورد|أوقية|كرون|زلوتي|هريفنيا|تومان|راند|كواشا",
        re.I,
    ),
    "share": re.compile(
        r"%|٪|\bper ?cent\b|\bpercentage\b|\bpour cent\b|بالمئة|في المئة|بالمائة|في المائة|"
        r"\b(?:half|third|quarter|thirds|quarters|fifths?|tenths?|moitié|tiers|quart|cinquième|majority|majorité)\b|"
        r"نصف|ثلث|ربع|خمس |غالبية|أغلبية|\b\w+ (?:out of|in|sur) (?:\d+|ten|five|four|three|dix|cinq|quatre|trois)\b",
        re.I,
    ),
    "duration": re.compile(
        r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|secondes?|heures?|jours?|semaines?|mois|ans?|années?)\b|"
        r"ثاني[ةت]|ثوان|دقيق[ةت]|دقائق|ساع[ةات]|أسبوع|أسابيع|يوما?\b|يومين|أيام|شهر|أشهر|سن[ةوت]|عام|أعوام",
        re.I,
    ),
    "age": re.compile(
        r"\b\d{1,3}(?:-|\s)(?:years?|months?)(?:-|\s)olds?\b|\b(?:years?|months?)[ -]old\b|\baged? \w+|"
        r", \d{1,3}(?:,|\.|$)|"
        r"\b(?:\w+) ans\b|\bde \w+ mois\b|\bâgée?s?\b|من (?:ال)?عمر|عمره|عمرها|في ال\w+ة(?: و\w+)?(?:\s|،|$)|عاما|سنة",
        re.I,
    ),
    "clock": re.compile(
        r"\b\d{1,2}(?::\d\d|\.\d\d)\b|\b\d{1,2} ?(?:[ap]\.?m\.?)|\bo['’]clock\b|\b(?:mid)?noon\b|\bmidnight\b|\bdawn\b|"
        r"\b\w+ heures?\b|\b\d{1,2} ?h\b|\bmidi\b|\bminuit\b|\bà l['’]aube\b|\bavant l['’]aube\b|"
        r"الساعة|منتصف الليل|ظهرا|فجر",
        re.I,
    ),
    "length": re.compile(
        r"\b(?:kilomet(?:er|re)s?|met(?:er|re)s?|miles?|feet|foot|km²?|m²|kilomètres?|mètres?|milles?|hectares?|ha|acres?|"
        r"feddans?|dun[ua]ms?)\b|متر|أمتار|ميل|أميال|هكتار|فدان|دونم",
        re.I,
    ),
    "volume": re.compile(
        r"\b(?:lit(?:er|re)s?|cubic|cubes?|m3|m³|tonn?es?|barrels?|gallons?|hectolitres?)\b|لتر|مكعب|طن|برميل", re.I
    ),
    "cause": re.compile(
        rf"\b(?:after|après(?!-midi)){_NO_WHILE}|"
        r"\b(?:because|since|due to|owing to|caused? by|for (?:lack|want|fear|reasons?)|in order|so that|as a result|"
        r"result(?:ed|ing)|reasons?|blam\w+|over|accus\w+|contrary|to (?:avoid|prevent|protect|isolate|protest)|"
        r"parce qu\w*|car|puisqu\w*|faute d\w*|en raison|à cause|du fait|grâce|afin|pour|à la suite|raisons?|"
        r"s['’]expliqu\w+|expliqu\w+|provoqu\w+|suite à|accus\w+|manque|due?s? à)\b|faute d['’]|"
        r"بسبب|لأن|نتيجة|جراء|إثر|من أجل|نظرا|بعد|لكي|كي\s|بهدف|لأسباب|سبب|مطالب|احتجاج|خشية|خوف",
        re.I,
    ),
}


def is_measure(kind: Kind, things: str) -> bool:
    """Whether a figure before these words is of that kind: "dollars had been paid", "agents sur dix"."""
    return bool(MARKS[kind].search(" ".join(things.split()[: _SHARE_WORDS if kind == "share" else 1])))


PLANNED = re.compile(
    r"\b(?:will|plans?|planned|planning|intends?|vow(?:s|ed)|pledge[sd]?|promise[sd]?|about to|due to|set to|scheduled|"
    r"expected|va|vont|prévoi\w+|prévue?s?|compte|comptent|envisage\w*|attendue?s?|prom(?:is|et|ettent)|"
    r"s['’]apprête\w*)\b|"
    r"(?:^|\s)[وف]?(?:سوف|س(?:ي|ت|ن)\w+|يعتزم|تعتزم|يستعد|تستعد|يخطط|تخطط|من (?:المتوقع|المقرر|المنتظر)|"
    r"وعد|وعدت|تعهد|تعهدت)(?=\s|$)",
    re.I,
)
"""What tells, or asks, of something that is still to be done."""
