"""Notices of correction and withdrawal: the sentences in which an outlet puts right, or takes back, what it published.

Recognised by their formulas in English, French and Arabic, when a report comes in, and marked by a term of their own in
the lexical index: a question then reads the few notices there are, not every report.
"""

import re
from collections.abc import Sequence

from index.types import Report, Sentence

NOTICE = "@notice"
"""The term that marks a passage with such a sentence."""

_OPENING = re.compile(
    r"^\W*(?:corrections?|correcting|clarification|retraction|erratum|errata|rectificatifs?|rectification|"
    r"mise au point|annulation|تصحيح|تصويب|استدراك|توضيح|سحب خبر|إلغاء خبر)\b",
    re.I,
)
_WITHDRAWAL = re.compile(
    r"\b(?:retracts?|retracted|withdraws?|withdrew|withdrawn|annul\w+|retire (?:sa|notre|son|cette)|retirons)\b|"
    r"(?:^|\s)(?:تسحب|نسحب|سحبت|تلغي|ألغت)\s",
    re.I,
)
_OWN_WORDS = re.compile(
    r"\b(?:our|its) (?:report|edition|issue|dispatch|article|story)\b|"
    r"\b(?:notre|son|sa|nos) (?:édition|dépêche|article|numéro)\b|عددنا|عددها|خبرنا|تقريرنا|نشرنا|نشرتنا|أوردنا|ذكرنا",
    re.I,
)


def notice_sentences(report: Report, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those of the report's sentences, given in order, that say so; () for nearly every report.

    Where a field alone says that it corrects another (`Report.corrects`), its first three.
    """
    is_titled = bool(report.corrects or _OPENING.search(report.title))
    said = [s for s in sentences if _says_so(report.body[s.start : s.end], is_titled)]
    return said or (list(sentences[:3]) if report.corrects else [])


def takes_back(text: str) -> bool:
    """Whether a notice's sentence takes back the whole report rather than put it right."""
    return bool(_WITHDRAWAL.search(text))


def _says_so(text: str, is_titled: bool) -> bool:
    if _OPENING.search(text):
        return True
    return (is_titled or takes_back(text)) and bool(_OWN_WORDS.search(text))
