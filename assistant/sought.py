"""What a question asks for: a name, a count of something, a price, an age, a cause …, and the word for what was done.

Patterns over the question words of English, French and Arabic. Reads questions only; whether a sentence offers what is
sought is `assistant.offers`'. A question may ask for several things; one that fits no pattern asks for none of them.
"""

import re
from typing import Literal, NamedTuple

from index.lexical import STOP_WORDS, telling_words

Kind = Literal["name", "count", "money", "duration", "age", "clock", "length", "volume", "country", "cause"]


class Slot(NamedTuple):
    """One thing asked for."""

    kind: Kind
    head: tuple[str, ...] = ()
    """For "name" and "count": the telling words of what is named or counted ("trucks"); empty when not said."""


def find_slots(question: str, language: str) -> tuple[Slot, ...]:
    """What `question` (as typed) asks for, in the order of the patterns; () for none of the kinds above."""
    found: list[Slot] = []
    for kind, patterns in _PATTERNS.items():
        match = next((m for pattern in patterns if (m := pattern.search(question))), None)
        if match is None or (kind == "count" and any(slot.kind in ("duration", "volume") for slot in found)):
            continue
        found.append(Slot(kind, _head(match.groupdict().get("head") or "", language)))
    return tuple(found)


def find_deed(question: str, language: str) -> str | None:
    """The word of a "how many" or "who" question that says what was done; None when no pattern finds it."""
    for pattern in _DEEDS.get(language, ()):
        match = pattern.search(question)
        if match and telling_words(match.group("deed")) and match.group("deed").casefold() not in _NO_DEEDS:
            return match.group("deed")
    return None


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace("HEAD", r"(?P<head>[^?؟,،;؛:]*)"), re.I) for pattern in patterns)


_PATTERNS: dict[Kind, tuple[re.Pattern[str], ...]] = {
    "duration": _compiled(
        r"\b(?:for )?how long (?:did|has|have|had|was|were|is|are|before|will|do|does)\b(?!.*\blie\b)",
        r"\bcombien de temps\b|\bquelle durée\b|\bpendant combien\b",
        r"(?:^|\s)(?:لأي مدة|كم من الوقت|كم (?:دام|دامت|استمر|استمرت|استغرق|استغرقت)|ما مدة)",
    ),
    "age": _compiled(
        r"\bhow old\b|\bwhat age\b", r"\bquel âge\b", r"(?:^|\s)(?:كم عمر|ما عمر|كم يبلغ .{1,40} من العمر)"
    ),
    "clock": _compiled(r"\b(?:at )?what (?:time|hour)\b", r"\bà quelle heure\b", r"(?:^|\s)(?:في )?أي ساعة"),
    "length": _compiled(
        r"\bhow (?:far|deep|high|wide|tall)\b",
        r"\bà quelle distance\b|\bquelle (?:profondeur|hauteur|largeur|longueur)\b",
        r"(?:^|\s)(?:ما عمق|ما ارتفاع|ما طول|كم يبعد|كم تبعد|على أي بعد|على أي مسافة)",
    ),
    "volume": _compiled(
        r"\bwhat volume\b|\bhow much water\b|\bhow many (?:lit(?:re|er)s?|cubic)\b",
        r"\bquel volume\b|\bquelle quantité d['’]eau\b|\bcombien de (?:litres?|mètres cubes)\b",
        r"كم لترا|ما كمية المياه|ما حجم المياه",
    ),
    "money": _compiled(
        r"\bhow much (?:money|did|does|do|was|were|is|are|will|would)\b|\bwhat did (?:it|they|.{1,40}) cost\b",
        r"\b(?:what|which) (?:is|was|were|are) the (?:\w+ ){0,2}(?:price|costs?|value|sum|amount)\b",
        r"\bcombien (?:\w+(?: \w+)? )?(?:coût\w*|coûté|vaut|valait|paie\w*|payé|payait)",
        r"\bcombien (?:a|ont|avait|est|sera) .{0,30}(?:coûté|payé)",
        r"\bquel(?:le)?s? (?:est|était|fut|sera|étaient|sont) (?:le|la|les) (?:prix|montant|coût|somme|valeur)",
        r"(?:^|\s)(?:ما|كم|كم بلغ|كم بلغت) (?:هو |هي )?(?:ثمن|سعر|كلفة|تكلفة|تكاليف|قيمة|مبلغ)",
        r"(?:^|\s)كم (?:دفع|دفعت|كلف|كلفت|يكلف|تكلف|ستكلف|يدفع)",
    ),
    "country": _compiled(
        r"\b(?:which|what) (?:countr(?:y|ies)|nationalit\w+)\b",
        r"\bquel(?:le)?s? (?:pays|nationalités?)\b",
        r"(?:^|\s)(?:أي|ما) (?:ال)?(?:دولة|دول|بلدان|جنسية|جنسيات)",
    ),
    "cause": _compiled(
        r"^\W*(?:why|pourquoi|و?لماذا)\b|\b(?:and|et) (?:why|pourquoi)\b|\sو?لماذا\s",
        r"\bfor what reason\b|\bpour quelle raison\b|لأي سبب",
    ),
    "name": _compiled(
        r"\bnames? (?:of|had) (?:the |a |an |its |their |his |her )?HEAD",
        r"\b(?P<head>(?:the )?\w+)['’]s names?\b",
        r"^\W*who (?:is|was|are|were) (?:the|its|their) HEAD",
        r"\bnoms? (?:de la |de l['’]|du |des |de |d['’])HEAD",
        r"\bappel(?:lent|le|ait|aient)(?:-\w+)?(?: (?:le |la |les |l['’]))?HEAD",
        r"^\W*qui (?:est|était|sont|étaient) (?:le |la |les |l['’])HEAD",
        r"(?:^|\s)(?:و?ما (?:هو |هي |هم )?)?(?:اسم|أسماء) HEAD",
        r"^\W*من (?:هو|هي) HEAD",
    ),
    "count": _compiled(
        r"\bhow many HEAD",
        r"\bcombien (?:de |d['’])HEAD",
        r"(?:^|\s)و?ب?كم (?:عدد |من )HEAD",
        r"(?:^|\s)و?ما عدد HEAD",
        # The counted noun stands in the accusative: "كم شخصا", "كم شاحنة", but not the verb of "كم بلغ".
        r"(?:^|\s)و?ب?كم (?P<head>\w+(?:ا|ة|اء))(?=\s|[؟?])",
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


def _head(phrase: str, language: str) -> tuple[str, ...]:
    """The telling words that open `phrase`, numerals left out."""
    kept: list[str] = []
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", phrase):
        lowered = word.casefold()
        if lowered in _NO_THING or (kept and lowered in STOP_WORDS.get(language, frozenset())):
            break
        kept += [part for part in telling_words(word.replace("-", " ")) if not _NUMERAL.search(part.casefold())]
        if len(kept) >= _HEAD_WORDS.get(language, 4):
            break
    return tuple(kept)


# "How many … were burned", "qui a payé", "من دفع".
_DEEDS: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": _compiled(
        r"\bhow many [^?,]*?\b(?:were|was|have been|has been|had been|are being) (?P<deed>\w+)",
        r"^\W*(?:who|which \w+) (?:was |were |has |have |had |has been )?(?P<deed>\w+(?:ed|t|n|w|ld|ve|k|id))\b",
    ),
    "fr": _compiled(
        r"\bcombien d[^?,]*?\b(?:ont|a|sont|est)(?:-\w+)*(?: (?:été|encore|déjà))* (?P<deed>\w+)",
        r"^\W*(?:qui|quel(?:le)?s? \w+) (?:s['’]est |se sont |a |ont |est |sont )(?:été )?(?P<deed>\w+)",
    ),
    "ar": _compiled(
        r"(?:^|\s)و?كم \w+(?:ا|ة|اء) (?P<deed>\w{3,})",
        r"^\W*من (?!هو|هي|هم|بين)(?P<deed>\w{3,})",
    ),
}
_NO_DEEDS = frozenset(
    "le la les un une des du de dans en au aux que qui held went got not من في على كان كانت the".split()
)
