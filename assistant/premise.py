"""Whether a question has the roles the wrong way round: "When did Daech retake Khasham?", of a village taken from it.

Reads questions about who took what, and only against the quotes already shown; what is shown does not change.
"""

import re
from collections.abc import Iterable

from assistant.facts import is_name_in, names
from assistant.facts.beside import WORD
from assistant.types import Claim, Query
from assistant.words import say
from index.concepts import concept_terms

_TAKEN = frozenset(("#takeover", "#retake", "#capture", "#seize", "#liberate"))
# What stands behind it did the deed, although it comes last: "retaken by Daech".
_BY = re.compile(r"(?:\bby|\bpar|على يد|من قبل)\s+(?:the |l['’]|la |les |le )?$")
_FROM = re.compile(
    r"(?:\bfrom|\bà|\baux?|\bdes mains d(?:e|u|es)|(?:^|\s)من(?: (?:يد|أيدي|قبضة|سيطرة))?)\s+(?:the |l['’]|la |les )?"
    r"(?P<loser>[\w’'-]+)"
)


def premise_note(query: Query, shown: Iterable[Claim]) -> tuple[str, ...]:
    """One line that says so, if a quote has it that the taker of the question lost what was taken; else ()."""
    taker = find_taker(query.asking, query.language)
    if taker is None:
        return ()
    for quote in (citation.quote for claim in shown for citation in claim.citations):
        tells_of_it = any(_TAKEN & {*concept_terms(quote, language)} for language in ("en", "fr", "ar"))
        if tells_of_it and any(is_name_in(taker, match.group("loser")) for match in _FROM.finditer(quote)):
            return (say("roles swapped", query.language, name=taker),)
    return ()


def find_taker(question: str, language: str) -> str | None:
    """The name that the question takes for the one who took: before the verb, behind it in Arabic, or after "by"."""
    words = list(WORD.finditer(question))
    at = next((n for n, word in enumerate(words) if _TAKEN & {*concept_terms(word.group(), language)}), None)
    if at is None:
        return None
    verb = words[at]
    if language == "ar":
        following = words[at + 1].group() if at + 1 < len(words) else ""
        return following.removeprefix("ال") if names(following, "ar") else None
    named = [(question.find(name), name) for name in names(question, language)]
    doers = [name for place, name in named if _BY.search(question[:place])]
    return next(iter(doers or [name for place, name in named if place < verb.start()]), None)
