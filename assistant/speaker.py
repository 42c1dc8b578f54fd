"""Whom a question asks about as saying something: "What did the mayor say of the dam?". Reads questions only."""

import re

from assistant.typed import bare, spelled
from index.lexical import telling_words


def find_speaker(question: str, language: str) -> tuple[str, ...]:
    """The telling words for whoever is asked about as saying something: "What did the mayor say of the dam?"; ()
    when nobody is."""
    typed = bare(question)
    match = next((m for pattern in _SAYING.get(language, ()) if (m := pattern.search(typed))), None)
    return tuple(telling_words(match.group("speaker"))) if match else ()


_EN_SAID = (
    r"(?:say|said|think|promise|claim|deny|demand|want|ask|announce|recommend|warn|accuse|suggest|declare|explain|reply|"
    r"answer|propose|offer|blame|describe|believe|call)\b"
)
_FR_SAID = (
    r"(?:dit|disent|pense|pensent|promet|promis|affirm\w+|déclar\w+|demand\w+|réclam\w+|annonc\w+|recommand\w+|répon\w+|"
    r"accus\w+|expliqu\w+|propos\w+|reproch\w+|attribu\w+|estim\w+|craint|craignent|juge|jugent)\b"
)
# Who is asked about as saying something.
_SAYING: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": spelled(
        rf"\b(?:what|how|whom) (?:did|does|do|has|have|is|was) (?P<speaker>[^?,]{{3,60}}?) {_EN_SAID}",
        r"(?P<speaker>[^?,]{3,60}?)['’]s? "
        r"(?:view|opinion|reaction|response|answer|reply|position|explanation|version)\b",
        r"\b(?:view|opinion|reaction|response|position|stance|explanation|version) of (?P<speaker>[^?,]{3,60}?)"
        r"(?: (?:on|about|to|regarding|towards?)\b|[?,]|$)",
        r"\baccording to (?P<speaker>(?!whom\b)[^?,]{3,60})",
    ),
    "fr": spelled(
        rf"(?:qu['’]|que |quoi )(?:a|ont) (?:{_FR_SAID}) (?P<speaker>[^?,]{{3,60}}?)"
        r"(?: (?:de|des|du|sur|à|au|aux)\b|[?,]|$)",
        rf"\bque (?:{_FR_SAID}) (?P<speaker>[^?,]{{3,60}}?)(?: (?:des|du|sur|à|au|aux)\b|[?,]|$)",
        rf"\b(?:ce que|quoi|qu['’]est-ce que) (?P<speaker>[^?,]{{3,60}}?) (?:a |ont |en )?{_FR_SAID}",
        rf"\b(?P<speaker>(?:l['’]|le |la |les )[^?,]{{3,40}}?) (?:a|ont|en)?-?t?-?(?:il|elle|ils|elles) {_FR_SAID}",
        r"\b(?:selon|d['’]après) (?P<speaker>(?!qui\b)[^?,]{3,60})",
    ),
    "ar": spelled(
        r"(?:^|\s)(?:ماذا|ما الذي|بماذا|بم) "
        r"(?:قال|قالت|يقول|تقول|ذكر|ذكرت|وعد|وعدت|تعهد|رد|ردت|برر|بررت|طلب|طلبت|طالب|طالبت|"
        r"أعلن|أعلنت|اتهم|اتهمت|يرى|ترى|أوصى|أوصت|وصف|وصفت)(?: به| بها)? (?P<speaker>[^؟?،]{3,60}?)"
        r"(?: (?:عن|حول|بشأن|على|في|من|لل?\w+)(?=\s|$)|[؟?،]|$)",
        r"(?:^|\s)(?:ما|ماهو) (?:هو |هي )?(?:رأي|موقف|رد|تعليق|تفسير) (?P<speaker>[^؟?،]{3,60}?)"
        r"(?: (?:عن|حول|بشأن|على|من|في)(?=\s)|[؟?،]|$)",
        r"(?:^|\s)(?:بحسب|حسب|وفق|وفقا ل) ?(?P<speaker>[^؟?،]{3,60})",
    ),
}
