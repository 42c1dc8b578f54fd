"""Who says so: the source that a sentence names for what it tells, as printed.

Patterns over the reporting formulas of French, English and Arabic newswire ("according to X", "selon X", "قال X");
no parser. It prefers silence to a wrong name: a formula whose source cannot be bounded gives nothing.
"""

import re

from index.lexical import ARABIC_MARKS

_MAX_NAME_CHARS = 90

# A capitalised run with the small words that names contain: "Syrian Observatory for Human Rights". Bounded a little
# above what counts as a name: without a bound, a list of a thousand capitals takes time in the square of its length.
_NAME = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*)(?:[ ](?:(?:of|for|the|and|de|du|des|la|le|les|et|pour|al|el|bin|abu)[ ]){0,4}"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]*){0,14}"
)
# Nouns for sources that stay unnamed or are named by office.
_EN_SOURCE = (
    r"(?:sources?|officials?|witness(?:es)?|activists?|residents?|monitors?|observers?|statement|spokes(?:man|woman|person)|"
    r"agency|agencies|media|reports?|television|TV|radio|ministry|minister|group|army|military|command|commander|"
    r"observatory|envoy|diplomats?|analysts?|experts?|doctors?|medics?|rescuers?|police|authorities|government|"
    r"committee|opposition|coalition|network|organi[sz]ation|aid workers?)"
)
_EN_VERBS = (
    "said says told reported announced announces claimed stated confirmed denied denies added adds "
    "warned accused declared acknowledged noted wrote insisted estimated estimates"
).split()
_FR_VERBS = (
    "déclaré annoncé affirmé indiqué rapporté précisé confirmé démenti ajouté "
    r"assuré souligné dit fait\s+savoir estimé averti accusé signalé"
).split()
_AR_VERBS = "قال قالت أفاد أفادت أوضح أوضحت أضاف أضافت صرح صرحت حذر حذرت أشار أشارت".split()
# These take what is said as an object too, "أكد الشامي وفاة ثلاثة": only before "that" is it sure where the name ends.
_AR_VERBS_WITH_OBJECT = "أعلن أعلنت ذكر ذكرت أكد أكدت نفى نفت اتهم اتهمت نقل نقلت زعم زعمت".split()
_AR_THAT = r"إن|أن|بأن|إنه|أنه|إنها|أنها"
_EN_VERB = rf"(?:{'|'.join(_EN_VERBS)})"
_FR_VERB = rf"(?:a|ont|avait|avaient)\s+(?:\w+ment\s+)?(?:{'|'.join(_FR_VERBS)})"
_AR_VERB = rf"[وف]?(?:{'|'.join(_AR_VERBS)})"
_AR_VERB_WITH_OBJECT = rf"[وف]?(?:{'|'.join(_AR_VERBS_WITH_OBJECT)})"

# Up to three words of office before the noun: "the pro-regime website", "a Britain-based monitoring group".
_EN_WHO = (
    rf"(?:[Tt]he |[Aa]n? |[Ss]ome |[Ss]everal |[Tt]wo )?(?:(?:[\w'’.-]+ ){{0,4}}?{_EN_SOURCE}(?: {_NAME})?|{_NAME})"
)

# Who counts so: "Police put it at 14", « La préfecture n'en reconnaît que neuf »; where the sentence begins so.
_FIGURE = (
    r"(?=[^.;:]{0,40}?(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|"
    r"un|une|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|"
    r"cinquante|soixante|cent|mille)\b))"
)
_EN_COUNTS = (
    r"(?:still |now |only )?(?:(?:puts?|has put) (?=(?:it|the|its|their|that|losses|turnout)\b)|admits?(?: to)?|says?|"
    r"acknowledges?|keeps? to|stays? at|stands? by|speaks? of|spoke of|sticks? to)"
)
_EN_RECORDS = r"(?:has |have )?(?:counts?|counted|recorded|listed|registered)"
_FR_COUNTS = (
    r"(?:(?:n['’]|s['’])?en (?:comptent?|compte|tient|tiennent)|(?:n['’]en |en |ne )?(?:reconnaît|reconnaissent|admet|"
    r"admettent|dénombre(?:nt)?|recense(?:nt)?|parle(?:nt)? d[e'’]|fait état|font état|évoque(?:nt)?|avance(?:nt)?|"
    r"chiffre(?:nt)?|maintient|maintiennent))"
)
_AR_COUNTS = r"(?:[يت]قول|يقولون|[يت]تحدث|يتحدثون|ما زالت?|لا [يت]عترف|[يت]صر|[يت]ؤكد)"


_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        # "according to a toll released late on Sunday by the governor"
        re.compile(
            r"\b[Aa]ccording to (?:an?|the|its|their) [^,.;:()\"“”\n]{0,60}?\b(?:released|issued|published|given|"
            r"provided|compiled|announced) (?:[^,.;:\n]{0,25} )?by (?P<who>[^,.;:()\"“”\n]+)"
        ),
        re.compile(r"\b[Aa]ccording to (?P<who>[^,.;:()\"“”\n]+)"),
        re.compile(rf"(?P<who>[Tt]he {_NAME})(?: an? [\w -]{{3,60}})? {_EN_VERB}\b"),
        re.compile(rf"\bsaid (?P<who>the {_NAME})"),
        re.compile(rf"(?:^|[\s\"”,])(?P<who>{_EN_WHO})(?:,[^,\n]{{2,60}},)? {_EN_VERB}\b"),
        re.compile(rf"[\"”,] ?(?:said|reported|announced|added) (?P<who>(?:the )?{_NAME})\b"),
    ),
    "fr": (
        re.compile(
            r"\b(?:[Ss]elon|[Dd]['’]après) (?:une?|le|la|les|des|son|leur) [^,.;:()«»\"\n]{0,60}?\b(?:communiqué|"
            r"publié|diffusé|donné|fourni|établi|transmis|dressé|annoncé)e?s? (?:[^,.;:\n]{0,25} )?par "
            r"(?P<who>[^,.;:()«»\"\n]+)"
        ),
        re.compile(
            r"\b(?:[Ss]elon|[Dd]['’]après|[Dd]e source|[Aa]u dire de|[Cc]ité par|[Rr]apporté par) "
            r"(?P<who>[^,.;:()«»\"\n]+)"
        ),
        re.compile(
            r"[»\"”,]\s*,?\s*(?:a|ont) (?:déclaré|annoncé|affirmé|indiqué|rapporté|précisé|ajouté|dit|assuré) "
            rf"(?P<who>(?!qu)(?:l['’]|le |la |les |un |une |des )?[^,.;:()«»\"\n]{{0,40}}{_NAME})"
        ),
        re.compile(
            rf"(?:^|[,;:«»]\s*|\b(?:et|que|mais|où) )(?P<who>(?:[Ll]es? |[Ll]a |[Ll]['’]|[Uu]ne? |[Dd]es |[A-ZÀ-Ü])"
            rf"[^,.;:()«»\"\n]{{2,70}}?)"
            rf"(?:,[^,\n]{{2,60}},)?\s+{_FR_VERB}\b"
        ),
    ),
    "ar": (
        re.compile(
            r"(?:^|[\s،(])و?(?:بحسب|حسب|وفق[اًـ]{0,3} ?ل?)\s*(?:حصيلة|بيان|إحصاء|أرقام|تقرير)\w*\s(?:\w+\s){0,3}?"
            r"(?:أعلن|نشر|أصدر|قدم|أورد|وزع)\w*\s(?P<who>[^،,.؛:()«»\"\n]+)"
        ),
        re.compile(
            r"(?:^|[\s،(])و?(?:بحسب|وفق[اًـ]{1,3} ل|نقل[اًـ]{1,3} عن|حسب|وفق)\s*"
            r"(?:ما (?:ذكر|أعلن|أفاد|نقل|قال)(?:ته|ت|ه)?\s*)?(?P<who>[^،,.؛:()«»\"\n]+)"
        ),
        re.compile(
            rf"(?:^|[\s،])(?:{_AR_VERB})\s+(?P<who>[^،,.؛:()«»\"\n]+?)"
            rf"(?=\s+(?:{_AR_THAT}|إلى|عن|في|قائلا|قائلًا|قائلة|ل\w+)(?:\s|:)|[،,:؛.]|$)"
        ),
        re.compile(rf"(?:^|[\s،])(?:{_AR_VERB_WITH_OBJECT})\s+(?P<who>[^،,.؛:()«»\"\n]+?)(?=\s+(?:{_AR_THAT})\s|\s*:)"),
    ),
}
# Every pattern needs one of these: to look for them takes a tenth of the time, and half of the sentences have none.
_CUES: dict[str, tuple[str, ...]] = {
    "en": ("ccording to ", *_EN_VERBS),
    "fr": ("elon ", "après ", "source ", "dire de ", "té par ", "savoir", *_FR_VERBS),
    "ar": ("حسب", "وفق", *_AR_VERBS, *_AR_VERBS_WITH_OBJECT),
}
_COUNTING: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(rf"^(?P<who>(?:The |An? )?[\w'’ -]{{2,50}}?) {_EN_COUNTS}{_FIGURE}"),
        re.compile(rf"^(?P<who>{_EN_WHO}) {_EN_RECORDS}\b{_FIGURE}"),
    ),
    "fr": (
        re.compile(rf"^(?P<who>(?:L['’]|Les? |La )[\w'’ -]{{2,60}}?)(?:, [^,]{{2,40}},)? {_FR_COUNTS}(?!\w){_FIGURE}"),
    ),
    "ar": (
        re.compile(r"^و?(?P<who>[^،,.؛:()«»\"\n]{3,40}?) (?:[يت]قول|يقولون) (?:إن|أن)"),
        re.compile(rf"^و?أما (?P<who>[^،,.؛:()«»\"\n]{{3,40}}?) ف{_AR_COUNTS}"),
    ),
}
_COUNTING_CUES: dict[str, tuple[str, ...]] = {
    "en": tuple(
        " put, count, admit, acknowledge, keep, stay, stand, speak, spoke, stick, record, list, regist, say".split(",")
    ),
    "fr": tuple("reconna,admet,compte,en tien,dénombre,recense,parle,état,évoque,avance,chiffre,maint".split(",")),
    "ar": ("قول", "أما "),
}
_CUT = re.compile(
    r"\s+(?:that|which|who|whose|on|in|at|as|when|where|after|before|since|during|by|from|"
    r"que|qui|dont|dans|lors|après|avant|à|ce|hier|mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"today|yesterday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b.*$"
)
_NOT_A_SOURCE = frozenset(
    (
        "also later meanwhile earlier however separately he she it they we i you who which that this "
        "seuls seul il elle ils elles on nous vous je ce cela qui إلى عن في من على قائلا قائلًا قائلة هو هي هم نحن "
        "أن إن بأن أنه إنه بأنه أنها إنها بأنها أنهم إنهم أنهما إنهما أننا إننا أنني إنني"
    ).split()
)
_LIES_THERE = re.compile(r"\b(?:off|in|of|at|near|outside)\s\Z")
_LEADING = re.compile(
    r"^(?:(?:and|but|while|as|that|et|mais|alors que|tandis que|however|meanwhile|"
    r"hier|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s+)+",
    re.I,
)


def find_attribution(sentence: str, language: str) -> str | None:
    """The source the sentence names ("SANA", "certaines sources"), an exact slice of it; None when it names none."""
    if language == "ar" and ARABIC_MARKS.search(sentence):
        return _found_without_marks(sentence)
    for cues, patterns in ((_CUES, _PATTERNS), (_COUNTING_CUES, _COUNTING)):
        if not any(cue in sentence for cue in cues.get(language, cues["en"])):
            continue
        for pattern in patterns.get(language, patterns["en"]):
            for match in pattern.finditer(sentence):
                name = _bounded(match.group("who"), language)
                # "A survivor of the shipwreck off Tripoli said": no town says it.
                if name and not _LIES_THERE.search(sentence, 0, match.start("who")):
                    return name
    return None


def _found_without_marks(sentence: str) -> str | None:
    kept = [at for at, letter in enumerate(sentence) if not ARABIC_MARKS.match(letter)]
    bare = "".join(sentence[at] for at in kept)
    name = find_attribution(bare, "ar")
    if name is None:
        return None
    first = bare.index(name)
    after = first + len(name)
    return sentence[kept[first] : kept[after] if after < len(kept) else len(sentence)].strip()


def _bounded(found: str, language: str) -> str | None:
    name = _LEADING.sub("", found.strip())
    if language != "ar":
        name = _CUT.sub("", name).strip()
    words = name.split()
    if not words or len(name) > _MAX_NAME_CHARS or len(words) > 12:
        return None
    if words[0].casefold() in _NOT_A_SOURCE or words[-1].casefold() in _NOT_A_SOURCE:
        return None
    return name


_CONTINUES = {
    "en": re.compile(rf"^[\"“]?(?:It|He|She|They)(?: also)? {_EN_VERB}\b"),
    "fr": re.compile(rf"^[«\"]?\s*(?:Il|Elle|Ils|Elles)\s+{_FR_VERB}\b"),
    "ar": re.compile(r"^(?:و)?(?:أضاف|أضافت|تابع|تابعت|أوضح|أوضحت|أشار|أشارت)\b(?=\s+(?:أن|إن|إلى|أنه|أنها|:))"),
}


def continues_attribution(sentence: str, language: str) -> bool:
    """Whether the sentence goes on quoting the source of the one before: "It said …", "Il a ajouté …"."""
    pattern = _CONTINUES.get(language)
    return bool(pattern and pattern.match(sentence))
