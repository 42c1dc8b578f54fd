"""Why a report was refused, in the page's language: the commonest reasons; others stay in the index's own words."""

import re

from assistant.page.words import word

_PASTED = re.compile(r"pasted text: no date\b")
_REASONS = (
    (re.compile(r"no date\b"), "undated"),
    (re.compile(r"it is empty|it holds no text"), "holds no text"),
    (re.compile(r"expected one of \."), "unknown format"),
    (re.compile(r"lies in the future"), "in the future"),
    (re.compile(r"it is larger than|its text is [\d,]+ characters long"), "too large"),
)


def refusal(reason: str, language: str) -> str:
    """`reason`: of a `BadReport`, as the index words it."""
    if _PASTED.match(reason):
        return word("paste undated", language)
    known = next((key for pattern, key in _REASONS if pattern.search(reason)), None)
    # In English the reason itself is better: it tells what was found.
    return reason if known is None or language == "en" else word(known, language)
