"""What a question asks for: a name, a count of something, a price, an age, a cause …, and the word for what was done.

Patterns over the question words of English, French and Arabic. Reads questions only; whether a sentence offers what is
sought is `assistant.offers`'. A question may ask for several things; one that fits no pattern asks for none of them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.typed import bare, compiled, plain, spelled
from assistant.types import Query
from index.lexical import STOP_WORDS, telling_words

Kind = Literal[
    "name", "which", "count", "share", "money", "duration", "age", "clock", "day", "length", "volume", "place",
    "country", "cause",
]  # fmt: skip


class Slot(NamedTuple):
    """One thing asked for."""

    kind: Kind
    head: tuple[str, ...] = ()
    """For "name", "which", "count" and "place": the telling words of what is named or counted, "village"; empty when
    not said."""


def is_open(query: Query) -> bool:
    """Whether it asks what happened, or for the news, and no more: all that is inside its time and place answers."""
    return not telling_words(subject(query))


def subject(query: Query) -> str:
    """Its topic without the words that ask for news, for a number, or whether sources agree: "du convoi" of "les
    dernières nouvelles du convoi"."""
    return _NUMBER.sub(" ", _AGREEING.sub(" ", _NEWS.sub(" ", query.topic)))


_NUMBER = re.compile(
    r"\b(?:total )?(?:number|count)s? of\b|\bnombre (?:total )?(?=d[eu]s?\b|d['’])|(?<!\w)[وب]?عدد(?=\s)", re.I
)


_NEWS = re.compile(
    r"\b(?:news|new|latest|updates?|happening|(?:dernières )?nouvelles?|actualités?|nouveau|neuf|(?:آخر )?(?:ال)?أخبار|"
    r"(?:ال)?جديد|(?:ال)?مستجدات|(?:آخر )?(?:ال)?تطورات)\b",
    re.I,
)


_AGREEING = re.compile(
    r"\b(?:and )?do (?:the |all |these )*(?:sources|outlets|reports|figures|numbers|accounts|tolls) "
    r"(?:agree|differ|match)\b|"
    r"\b(?:according to|by|per|across) (?:the |all |its )*(?:different |various |several |other )(?:sources|outlets)\b|"
    r"\b(?:et )?(?:les |tous les |toutes les |ces )?(?:sources|chiffres|bilans|versions|médias) "
    r"(?:sont-(?:elles|ils) d['’]accord|(?:s['’]accordent|concordent|divergent)(?:-(?:elles|ils))?)|"
    r"\b(?:selon|d['’]après) (?:les |toutes les )?(?:différentes |diverses |autres )sources\b|"
    r"و?هل (?:تتفق|تختلف|تتطابق|تتضارب) (?:ال)?(?:أرقام|مصادر|روايات|حصائل)(?: حول ذلك)?|"
    r"(?:وفق|بحسب|حسب|لدى) (?:مختلف |جميع |كل )(?:ال)?(?:مصادر|وسائل الإعلام)",
    re.I,
)


@lru_cache(maxsize=1_000)
def find_slots(question: str, language: str) -> tuple[Slot, ...]:
    """What `question` (as typed) asks for, in the order of the patterns; () for none of the kinds above."""
    typed = _asking(question)
    letters = plain(typed)
    found: list[Slot] = []
    said: list[tuple[Kind, int, int]] = []
    for kind, patterns in _PATTERNS.items():
        if kind == "name" and _WHY.match(letters):
            continue  # "Why does Greece object to the name of Macedonia?"
        elsewhere = [(start, end) for other, start, end in said if other in _SAID_BY.get(kind, ())]
        match = next((m for pattern in patterns if (m := _apart(pattern, letters, elsewhere))), None)
        if match is None:
            continue
        start, end = match.span("head") if "head" in match.re.groupindex else (0, 0)
        head = _head(typed[start:end], language, kind)
        sought = _which(head) if kind == "which" else kind
        if sought is not None and all(slot.kind != sought for slot in found):
            found.append(Slot(sought, head if sought in _WITH_HEAD else ()))
            said.append((sought, *match.span()))
    return tuple(found)


def _asking(question: str) -> str:
    """Without asking whether sources agree: "how many died" of "do the sources agree on how many died?"."""
    typed = bare(question)
    without = _AGREEING.sub(" ", typed)
    return _ON.sub("", without) if without != typed else typed


_ON = re.compile(r"^\W*(?:on|about|over|sur|quant (?:à|au|aux)|على|حول|بشأن)\s+", re.I)
_WHY = re.compile(r"\W*(?:why|pourquoi|و?لماذا)\b", re.I)


def _apart(pattern: re.Pattern[str], text: str, taken: Sequence[tuple[int, int]]) -> re.Match[str] | None:
    """The first match that begins in none of the stretches taken."""
    match = pattern.search(text)
    while match is not None and any(start <= match.start() < end for start, end in taken):
        match = pattern.search(text, match.start() + 1)
    return match


def _which(head: Sequence[str]) -> Kind | None:
    """What "which HEAD" asks for; None when the answer need be neither a name nor a time."""
    words = {word.casefold().removeprefix("ال") for word in head}
    return next((kind for kind, nouns in _HEADS.items() if words & nouns), None)


def asks_whether(question: str) -> bool:
    """Whether yes or no would answer it."""
    return bool(_YES_OR_NO.search(bare(question)))


# A French question word before the verb asks for more: "À quelle heure l'armée est-elle entrée ?"
_YES_OR_NO = re.compile(
    r"^\W*(?:did|do|does|was|were|is|are|has|have|had)\b|^\W*(?:est-ce que|هل)\s|"
    r"^(?:(?!\b(?:combien|où|quand|comment|pourquoi|qui|quoi|qu['’]|que|quels?|quelles?|(?:du|des|au|aux|l[ea]s?)quel\w*)"
    r"\b).)*?-(?:t-)?(?:ils?|elles?|on)\b",
    re.I,
)


def asks_of_now(question: str) -> bool:
    """Whether it asks how things stand: "Is the strike over?", « Qui contrôle le barrage ? », "هل ما زال"."""
    return bool(_NOW.search(bare(question)))


_NOW = re.compile(
    r"^\W*(?:is|are)\b|\b(?:still|now|currently|at present|so far|to date)\b|\byet\?|"
    r"\bwho (?:controls?|holds?|runs?|leads?|commands?|owns?|governs?)\b|"
    r"\b(?:toujours|encore|actuellement|maintenant|à présent|désormais|en ce moment|à ce jour)\b|"
    r"\b(?:est|sont)-(?:ils?|elles?)\s(?!\w+[ée]e?s?\b)|"
    r"\bqui (?:contrôle|tient|dirige|détient|occupe|commande|gouverne)\b|"
    r"(?:ما|لا) (?:زال|يزال|تزال)|الآن|حاليا|حتى اليوم|(?:^|\s)من (?:يسيطر|يحكم|يقود|يدير|يتحكم)",
    re.I,
)


@lru_cache(maxsize=1_000)
def find_deed(question: str, language: str) -> str | None:
    """The word of a "how many", "who" or yes-or-no question that says what was done; None when no pattern finds it."""
    typed = _asking(question)
    for pattern in (_DONE_OR_NOT if asks_whether(question) else _DEEDS).get(language, ()):
        match = pattern.search(typed)
        if match and telling_words(match.group("deed")) and match.group("deed").casefold() not in _NO_DEEDS:
            deed = match.group("deed")
            return _done(typed[match.end("deed") :]) if deed.casefold() in _LIGHT else deed
    return None


def _done(after: str) -> str | None:
    """What was done, by a verb that does not say so: "présenté sa démission", "قدم المحافظ استقالته"."""
    words = telling_words(after)
    own = next((word for word in reversed(words) if re.search(r"\w{3}(?:ه|ها|هم)$", word)), None)
    return own or next(iter(words), None)


_LIGHT = frozenset(
    "make give take taken put submit submitted offer offered hold face lost lose suffered perdu subi فقد فقدت "
    "présenté présentée pris donné mis remis rendu posé déposé servi servait "
    "قدم قدمت وضع وضعت أجرى أجرت أجري أجريت اتخذ اتخذت أعطى تقدم تقدمت أطلق أطلقت أطلقوا".split()
)


_WITH_HEAD: frozenset[Kind] = frozenset(("name", "which", "count", "place"))
# Of a question that asks for one of these in other words, the pattern on the left says nothing new.
_SAID_BY: dict[Kind, tuple[Kind, ...]] = {
    "count": ("duration", "volume", "money", "share"),
    "which": ("name", "country", "share", "length", "duration", "volume", "age", "clock", "money", "cause"),
}


# "How much did it cost?", but "how much grain was lost?"
_NO_AMOUNT = (
    r"(?:did|do|does|has|have|had|is|are|was|were|will|would|could|should|must|more|of|in|per|"
    r"the|an?|it|they|we|he|she|each|every|this|that|its|their|his|her)\b"
)
_PATTERNS: dict[Kind, tuple[re.Pattern[str], ...]] = {
    "share": compiled(
        r"\b(?:what|which) (?:percent\w*|share|proportion|fraction)\b|\b(?:what|which) per cent\b|\bturnout\b",
        r"\bquel(?:le)? (?:pourcentage|part|proportion|taux)\b|\btaux de participation\b",
        r"(?:^|\s)(?:ما|كم|أي)(?: هي| بلغت| كانت| تبلغ)? (?:ال)?نسبة|نسبة (?:المشاركة|الإقبال)",
    ),
    "duration": compiled(
        r"\bhow many (?:seconds|minutes|hours|days|weeks|months|years)\b|"
        r"\b(?:for )?how long (?:did|has|have|had|was|were|is|are|before|will|do|does)\b(?!.*\blie\b)",
        r"\bcombien de (?:secondes|minutes|jours|semaines|mois)\b|\bcombien d['’](?:heures|années|ans)\b|"
        r"\bcombien de temps\b|\bquelle durée\b|\bpendant combien\b|\bquelle peine\b",
        r"\b(?:what|which) (?:prison |jail )(?:sentence|term)\b|(?:ما|أي) (?:هي )?(?:ال)?(?:عقوبة|مدة السجن)",
        r"(?:^|\s)(?:لأي مدة|كم من الوقت|ما مدة|كم (?:ساعة|دقيقة|يوما|أسبوعا|شهرا|سنة|عاما|دامت?|استمرت?|استغرقت?)\b)",
    ),
    "age": compiled(
        r"\bhow old\b|\bwhat age\b|^\W*age of\b",
        r"\bquel (?:est l['’])?âge\b|^\W*âge (?:de|du|des|d['’])",
        r"(?:^|\s)(?:كم عمر|ما (?:هو )?عمر|كم (?:[يت]بلغ|بلغت?|كان) .{1,40} من العمر)",
    ),
    "clock": compiled(r"\b(?:at )?what (?:time|hour)\b", r"\bà quelle heure\b", r"(?:^|\s)(?:في )?أي ساعة"),
    "length": compiled(
        r"\bhow (?:far|deep|high|wide|tall)\b|\b(?:what|which) (?:distance|length|height|depth)\b|"
        r"\bhow many (?:miles|kilomet\w+|met(?:er|re)s|acres|hectares)\b",
        r"\bà quelle distance\b|\bquelle (?:profondeur|hauteur|largeur|longueur|superficie|surface|étendue|distance)\b|"
        r"\bcombien de (?:kilomètres|mètres|hectares)\b",
        r"(?:^|\s)(?:ما (?:هي )?(?:مساحة|عمق|ارتفاع|طول)|كم (?:كيلومترا|مترا|هكتارا|[يت]بعد)|على أي (?:بعد|مسافة))",
        r"^\W*(?:the |la )?(?:superficie|surface|distance|area|extent|depth|height|profondeur|hauteur)\b|"
        r"^\W*(?:مساحة|عمق|ارتفاع|مسافة)\s",
    ),
    "volume": compiled(
        r"\bwhat volume\b|\bhow much water\b|\bhow many (?:lit(?:re|er)s?|cubic)\b",
        r"\bquel volume\b|\bquelle quantité d['’]eau\b|\bcombien de (?:litres?|mètres cubes)\b",
        r"كم لترا|ما كمية المياه|ما حجم المياه",
    ),
    "money": compiled(
        r"\bhow much (?:money|cash|ransom|compensation|funding)\b|\bwhat (?:did|does|do|will|would) .{1,60} cost\b|"
        rf"\bhow much (?={_NO_AMOUNT}).{{0,60}}"
        r"\b(?:costs?|pa(?:id|ys?)|spen[dt]|earn\w*|worth|owed?|fetch\w*|sold|stolen|raised|lost|"
        r"demand\w*|ask(?:s|ed|ing)? for|offer\w*|claim\w*)\b",
        r"\b(?:what|which) (?:is|was|were|are) the (?:\w+ ){0,2}(?:price|costs?|value|sum|amount)\b",
        r"\bcombien (?:\w+(?: \w+)? )?(?:coût\w*|coûté|vaut|valait|paie\w*|payé|payait)",
        r"\bcombien (?:a|ont|avait|est|sera) .{0,30}(?:coûté|payé)",
        r"\bquel(?:le)?s? (?:est|était|fut|sera|étaient|sont) (?:le|la|les) (?:prix|montant|coût|somme|valeur)",
        r"(?:^|\s)كم (?:دفع|دفعت|كلف|كلفت|يكلف|تكلف|ستكلف|يدفع)",
        r"(?:^|\s)كم (?:ملي\w+ |ألف )?(?:دولار|يورو|ليرة|دينار|جنيه|ريال)|(?:^|\s)و?بكم\s",
        r"(?:^|\s)(?:كم|ما) (?:(?:هو|هي|بلغت?|ستبلغ|كانت?|[يت]بلغ) )?"
        r"(?:ال)?(?:قيمة|ميزانية|تكلفة|كلفة|ثمن|سعر|مبلغ|راتب|أجر|فدية|غرامة)",
        r"\bwhat (?:ransom|sum|amount|fine|budget|salary)\b",
        r"\bquel(?:le)? (?:somme|montant|budget|rançon|amende|salaire|prix)\b",
        r"\bhow (?:big|large|high|much) (?:is|was|are|were|an?) (?:the )?(?:\w+ )?"
        r"(?:ransom|sum|reward|bonus|bill|costs?|debts?|fine|damages?|loss(?:es)?)\b",
        r"\bà combien\b.{0,40}\b(?:estim|évalu|chiffr)\w+.{0,30}\b(?:coûts?|réparations?|dégâts|dommages|pertes|"
        r"facture|travaux|reconstruction)\b",
        r"\bà combien (?:est|sont|était|étaient|a|ont) (?:\w+ )?(?:mont|pass|vend|descend|tomb|augment|baiss)\w+|"
        r"\bà combien se vend\w*|\bcombien se vend\w*",
        r"\bat what (?:cost|price)\b|\bà quel (?:prix|coût)\b|\bpour (?:combien|quel prix)\b|بأي (?:ثمن|سعر)",
        r"^\W*(?:the )?(?:price|cost|ransom)s? (?:of|for|paid)\b",
        r"^\W*(?:le )?(?:prix|coût|tarif|rançon)s? (?:de|du|des|d['’])|^\W*(?:سعر|أسعار|ثمن|كلفة|تكلفة)\s",
    ),
    "country": compiled(
        r"\b(?:which|what) (?:countr(?:y|ies)|nationalit\w+)\b",
        r"\bquel(?:le)?s? (?:pays|nationalités?)\b",
        r"(?:^|\s)(?:أي|ما) (?:ال)?(?:دولة|دول|بلدان|جنسية|جنسيات)",
    ),
    "cause": compiled(
        r"^\W*(?:why|pourquoi|و?لماذا)\b|\b(?:and|et) (?:why|pourquoi)\b|\sو?لماذا\s",
        r"\b(?:what|which) (?:reason|motive|explanation)s?\b|\bquel(?:le)?s? (?:raison|motif|explication)s?\b|"
        r"(?:لأي|أي) (?:سبب|دافع|غرض)|\bhow come\b",
        r"^\W*what (?:caused|triggered|provoked|explains)\b",
        r"^\W*(?:the )?(?:reason|cause)s? (?:for|of|why|behind)\b",
        r"\bwhat (?:was|were|is|are) the (?:reason|cause|purpose|motive)s?\b",
        r"^\W*(?:la |les )?(?:raison|cause|motif)s? (?:de|du|des|d['’]|pour)",
        r"\bquelles? (?:est|sont|était) (?:la|les|le) (?:raison|cause|motif|but)s?\b",
        r"\bqu['’]est-ce qui a (?:causé|provoqué|déclenché|entraîné)|(?:^|\s)(?:ما )?(?:هو |هي )?(?:سبب|أسباب)\s",
    ),
    "day": compiled(
        r"(?:^\W*|, | and |(?:since|until|from) )when (?:did|was|were|is|are|will|does|do|has|had)\b|"
        r"\b(?:on )?(?:what|which) (?:day|date|month|year)\b",
        r"^\W*(?:depuis |jusqu['’]à )?quand\b|\b(?:à|de) quelle date\b|\bquel(?:le)? (?:jour|mois|année|date)\b",
        r"(?:^|\s)(?:و|منذ |حتى )?متى\b|(?:^|\s)(?:في )?أي (?:يوم|شهر|عام|سنة|تاريخ)",
    ),
    "place": compiled(
        r"(?:^\W*|, | and |from )where (?:did|was|were|is|are|will|does|do|has|had)\b",
        r"(?:^\W*|, )(?:d['’])?où\b",
        r"(?:^|\s)(?:و?أين|من أين|إلى أين)\s",
    ),
    "name": compiled(
        r"\bnames? (?:of|had) (?:the |a |an |its |their |his |her )?HEAD",
        r"\b(?P<head>(?:the )?\w+)['’]s names?\b",
        r"^\W*who (?:is|was|are|were) (?:the|its|their) HEAD",
        r"\bnoms? (?:de la |de l['’]|du |des |de |d['’])HEAD",
        r"\bappel(?:lent|le|ait|aient)(?:-\w+)?(?: (?:le |la |les |l['’]))?HEAD",
        r"^\W*qui (?:est|était|sont|étaient) (?:le |la |les |l['’])HEAD",
        # Whom an office was given to has a name.
        r"^\W*who (?:was|were|is|has been|got) (?:finally )?(?:appointed|named|elected|nominated|chosen)"
        r"(?: as| to be)? (?!to|for|by|in|at|on)HEAD",
        r"^\W*qui (?:a été|ont été|est|sera) (?:finalement )?(?:nommé|élu|désigné|choisi)(?:e?s?)"
        r"(?: comme)? (?!pour|par|à|dans|en)HEAD",
        r"(?:^|\s)(?:و?ما (?:هو |هي |هم )?)?(?:اسم|أسماء) HEAD",
        r"^\W*من (?:هو|هي) HEAD",
    ),
    "count": compiled(
        r"\bhow many HEAD",
        rf"\bhow much (?!{_NO_AMOUNT})HEAD",
        r"\bcombien (?:de |d['’])HEAD",
        r"\bquelle quantité (?:de |d['’])HEAD",
        r"(?:^|\s)(?:ما|كم) (?:هي )?(?:كمية|حجم) HEAD",
        r"(?:^|\s)و?ب?كم (?:عدد |من )HEAD",
        r"(?:^|\s)و?ما عدد HEAD",
        r"(?:^|\s)و?كم (?:بلغ|كان|يبلغ) (?:عدد |إجمالي )HEAD",
        # As typed into a search box.
        r"^\W*(?:the )?(?:number|count|total) of HEAD",
        r"^\W*(?:le )?nombre (?:de |d['’]|des |du )HEAD",
        r"^\W*ب?عدد HEAD",
        r"\btolls?\b|\bbilans?\b|حصيلة|حصائل",
        # The counted noun stands in the accusative: "كم شخصا", "كم شاحنة", but not the verb of "كم بلغ".
        r"(?:^|\s)و?ب?كم (?P<head>(?:حالة|إصابة|جرعة) \w+|\w+(?:ا|ة|اء))(?=\s|[؟?])",
    ),
    "which": compiled(
        # "What happened to the bridge?" asks for no bridge's name.
        r"(?:^\W*|, |: | and )(?:(?:in|on|at|from|to|by|for|with|against|under|of) )?"
        r"(?:which|what(?! (?:\w+(?:ed|ens?)|is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|made|"
        r"led|struck|hit|went|became|about)\b)) HEAD",
        r"(?:^\W*|, | et )(?:(?:dans|sur|à|de|par|pour|avec|contre|sous|en|vers) )?quel(?:le)?s? HEAD",
        r"(?:^|\s)ب?أية? HEAD",
        r"^\W*و?ما (?:هي |هو )?HEAD(?=\s(?:التي|الذي)\s)",
    ),
}

# Nouns after "which" and the kind of thing they ask for. "which": what has a name of its own.
_HEADS: dict[Kind, frozenset[str]] = {
    "place": frozenset(
        "city cities town towns village villages district districts neighbourhood neighbourhoods neighborhood area "
        "areas place places province provinces region regions suburb suburbs "
        "ville villes quartier quartiers région régions localité localités lieu lieux endroit endroits "
        "مدينة مدن بلدة بلدات قرية قرى حي أحياء منطقة مناطق محافظة محافظات مكان".split()
    ),
    "day": frozenset("day date month year jour mois année date يوم شهر عام سنة تاريخ".split()),
    "clock": frozenset("time hour heure ساعة".split()),
    "which": frozenset(
        "hospital clinic prison jail bridge theatre theater stadium base airport airbase school university hotel "
        "restaurant company firm house publisher newspaper agency channel station group party club team army militia "
        "brigade unit player minister official officer general commander captain engineer judge journalist "
        "organisation organization charity street road river camp court mosque church ship vessel "
        "hôpital clinique prison pont théâtre stade aéroport école université hôtel société entreprise éditeur journal "
        "agence chaîne groupe parti équipe armée milice brigade unité joueur ministre responsable officier général "
        "commandant capitaine ingénieur juge journaliste organisation association rue route fleuve rivière "
        "camp tribunal mosquée église navire "
        "مستشفى سجن جسر مسرح ملعب قاعدة مطار مدرسة جامعة فندق مطعم شركة صحيفة وكالة قناة جماعة مجموعة حزب ناد نادي "
        "فريق جيش ميليشيا لواء وحدة لاعب وزير مسؤول ضابط قائد مهندس قاض صحفي منظمة جمعية شارع طريق "
        "نهر مخيم محكمة مسجد كنيسة سفينة".split()
    ),
}

# How many telling words of what follows belong to the thing asked for: English puts its adjectives before the noun.
_HEAD_WORDS = {"en": 4, "fr": 1, "ar": 1}
_NUMERAL = re.compile(
    r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|deux|trois|quatre|cinq|sept|huit|neuf|dix)$"
)
_NO_THING = frozenset(
    "did do does have has had were was are is will died gone others other else autres autre y each every".split()
)


def _head(phrase: str, language: str, kind: Kind) -> tuple[str, ...]:
    """The telling words that open `phrase`, numerals left out."""
    kept: list[str] = []
    if re.match(r"(?:الذين|اللواتي|اللاتي|من)\s", phrase):  # "those who"
        return ("الأشخاص",)
    if language == "en":
        phrase = re.sub(r"^(?:\w+ ){0,2}\w+['’]s? (?=\w)", "", phrase)  # "the ferry's captain"
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", phrase):
        lowered = word.casefold()
        if lowered in _OF and _is_bare_counter(kept, kind):
            continue
        if lowered in _NO_THING or (kept and lowered in STOP_WORDS.get(language, frozenset())):
            break
        kept += [part for part in telling_words(word.replace("-", " ")) if not _NUMERAL.search(part.casefold())]
        if len(kept) >= _HEAD_WORDS.get(language, 4) and not _is_bare_counter(kept, kind):
            break
    return tuple(kept[:2] if kind == "name" else _english_noun(kept) if language == "en" else kept)


COUNTERS = frozenset(
    "case cases cas dose doses bag bags sack sacks pack packs box boxes carton cartons poche poches sac sacs unité "
    "unités "
    "حالة حالات إصابة إصابات جرعة جرعات كيسا أكياس كيس علبة علب صندوقا صندوق صناديق".split()
)
"""Words that say nothing without what is counted: "cases of measles", "bags of blood"."""
_OF = ("de", "d", "of", "من")


def _is_bare_counter(kept: Sequence[str], kind: Kind) -> bool:
    return kind == "count" and len(kept) == 1 and kept[0].casefold() in COUNTERS


def _english_noun(words: Sequence[str]) -> tuple[str, ...]:
    """Up to the first plural, else up to the first word that is no adjective: "aid trucks" of "aid trucks left"."""
    plural = next((at for at, word in enumerate(words) if _PLURAL.search(word)), None)
    if plural is not None:
        return tuple(words[: plural + 1])
    noun = next((at for at, word in enumerate(words) if not _ADJECTIVE.search(word)), len(words) - 1)
    return tuple(words[: noun + 1])


_PLURAL = re.compile(r"(?<![sui])s$|^(?:people|men|women|children|police|troops|dead|wounded|injured|missing)$", re.I)
_ADJECTIVE = re.compile(r"(?:ing|al|ic|ish|ian|ese|ous|ful|ary|ive|ed|qi|ni|ji)$", re.I)


# "How many … were burned", "qui a payé", "من دفع".
_DEEDS: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": spelled(
        r"\bhow many [^?,]*?\b"
        r"(?:were|was|have been|has been|had been|are being|(?:have|has|had) (?:since|already|now)) (?P<deed>\w+)",
        # "How many people died", but not "how many wounded soldiers".
        r"\bhow many (?:(?:\w+s|people|men|women|children) )?(?P<deed>\w+ed|fled|fell|left|lost|sank)\b(?! \w+s\b)",
        r"\bwhy (?:was|were|has|have|had) [^?,]*?\b(?P<deed>\w+ed)\b",
        # The word before "after", "in", … or the end, at which the verb mostly stands.
        r"\bwhy did (?:the |an? |its |their |his |her )?\w[^?]*?\b(?P<deed>\w+)"
        r"(?= (?:after|before|when|in|on|at|from|to|with|for|against|the|an?|its|their|his|her|so|and)\b|\W*$)",
        r"^\W*(?:who|which \w+) (?:was |were |has |have |had |has been )?(?P<deed>\w+(?:ed|t|n|w|ld|ve|k|id))\b",
    ),
    "fr": spelled(
        r"\bcombien d[^?,]*?\b(?:ont|a|sont|est)(?:-\w+)*(?: (?:été|encore|déjà|actuellement|maintenant))* "
        r"(?P<deed>\w+)",
        r"\b(?:pourquoi|motif|raison)\b[^?,]*?\b(?:a|ont|est|sont|avait|avaient)-(?:t-)?(?:ils?|elles?|on)(?: été)? "
        r"(?P<deed>\w+)",
        r"^\W*(?:qui|quel(?:le)?s? \w+) (?:s['’]est |se sont |a |ont |est |sont )(?:été )?(?P<deed>\w+)",
    ),
    "ar": spelled(
        r"(?:^|\s)و?كم (?:(?:حالة|إصابة|جرعة) )?\w+(?:ا|ة|اء) "
        r"(?P<deed>\w{3,})",
        # Behind "in the town" only what looks like a verb: not "كم سريرا في وحدة غسيل الكلى".
        r"(?:^|\s)و?كم (?:(?:حالة|إصابة|جرعة) )?\w+(?:ا|ة|اء) "
        r"(?:(?:من|في|على|إلى|بين) \S+ |(?:بال|لل|من|في|على)\S+ )+(?P<deed>\w{3}|[يتأ]\w{3,}|\w{2,}(?:ت|وا))(?!\w)",
        r"^\W*من (?!هو|هي|هم|بين|ال)(?P<deed>\w{3,})",
    ),
}
# What stands behind an English verb.
_BEHIND = (
    r"(?= (?:after|before|when|in|on|at|from|to|with|for|by|against|during|over|as|and|or|so|that|the|an?|any|its|"
    r"their|his|her|out|up|off|down|away|back)\b|\W*$|[?,])"
)
# "Did the captain resign?", « Le capitaine a-t-il démissionné ? », "هل استقال القبطان؟"
_DONE_OR_NOT: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": spelled(
        r"^\W*(?:was|were|is|are|has|have|had)\b[^?,]*?\b(?P<deed>\w+(?:ed|en|wn|lt|ught))" + _BEHIND,
        r"^\W*(?:did|does|do)\b \w[^?,]*?(?<!\bthe)(?<!\ban)(?<!\ba)(?<!\bhis)(?<!\bher)(?<!\bits)(?<!\btheir)"
        r" (?P<deed>(?!(?:from|with|for|and|the|any|its|their|his|her)\b)\w{3,})" + _BEHIND,
    ),
    "fr": spelled(
        r"\b(?:a|ont|est|sont|avait|avaient|était|étaient|aurait|va|vont|sera|seront|fut|furent)"
        r"-(?:t-)?(?:ils?|elles?|on)(?: (?:été|pas|déjà|bien|encore|vraiment))* (?P<deed>\w+)",
        r"^\W*est-ce que\b[^?,]*?\b(?:a|ont|est|sont|avait|avaient|va|vont)(?: (?:été|pas|déjà|bien|encore))* "
        r"(?P<deed>\w+)",
        r"\b(?P<deed>\w{4,})-(?:t-)?(?:ils?|elles?|on)\b",
    ),
    "ar": spelled(r"^\W*هل (?:تم |تمت |قد |جرى |سبق أن )?(?!ال)(?P<deed>\w{3,})"),
}
_NO_DEEDS = frozenset(
    "eu pu dû voulu était étaient avait avaient يوجد توجد هناك كانوا لدى صحيح سبق مازال يزال تزال ثمة بدأ بدأت "
    "responsable responsables responsible behind accountable blame يقف وراء مسؤول المسؤول "
    "le la les un une des du de dans en au aux que qui held went got not من في على كان كانت the among recorded "
    "reported counted given get got go come inside outside there true vrai "
    "count list listed register registered record say says claim claimed أحصت أحصى سجلت سجل رصدت أعلنت تقول يقول "
    "سقط سقطت سقطوا enregistré dénombré dénombre compte recense recensé recensés recensées compté comptés signalés "
    "signalé used "
    "utilisé utilisée utilisés utilisées utilisait made fait faite faits "
    "happen happened occur occurred taken place produit produite produits survenu survenue survenus "
    "receive receives reçoit reçoivent obtient obtiennent تحصل يحصل يحصلون ينال تنال "
    "وقع وقعت حدث حدثت جرى جرت حصل حصلت".split()
)
