"""Notices of correction and withdrawal: the sentences in which an outlet puts right, or takes back, what it published.

Recognised by their formulas in English, French and Arabic, when a report comes in, and marked in the lexical index by
what they put right: from a report found, the notices about it are looked up like any word, however many there are.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

from index.types import Report, Sentence

MARK = "@corrects:"
"""How the terms begin that mark a passage with such a sentence."""

_OPENING = re.compile(
    r"\W*(?:corrections?|correcting|clarification|retraction|erratum|errata|rectificatifs?|rectification|"
    r"mise au point|annulation|تصحيح|تصويب|استدراك|توضيح|سحب خبر|إلغاء خبر)\b",
    re.I,
)
_WITHDRAWAL = re.compile(
    r"\b(?:retracts?|retracted|withdraws?|withdrew|withdrawn|annul\w+|retire (?:sa|notre|son|cette)|retirons)\b|"
    r"(?:^|\s)(?:تسحب|نسحب|سحبت|تلغي|ألغت)\s",
    re.I,
)
_WITHDRAWAL_CUES = ("retract", "withdr", "annul", "retir", "سحب", "تلغي", "ألغت")
_OWN_WORDS = re.compile(
    r"\b(?:our|its) (?:report|edition|issue|dispatch|article|story|update|bulletin|statement|toll)\b|"
    r"\b(?:notre|son|sa|nos) (?:édition|dépêche|article|numéro|bulletin|bilan|rapport|communiqué)\b|"
    r"عددنا|عددها|خبرنا|تقريرنا|بياننا|حصيلتنا|نشرنا|نشرتنا|أوردنا|ذكرنا",
    re.I,
)


def notice_sentences(report: Report, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those of the report's sentences, given in order, that say so; () for nearly every report.

    Where a field alone says that it corrects another (`Report.corrects`), its first three.
    """
    is_titled = bool(report.corrects or _OPENING.match(report.title))
    said = [s for s in sentences if _says_so(report.body[s.start : s.end], is_titled)]
    return said or (list(sentences[:3]) if report.corrects else [])


def marks_of(report: Report, said: Sequence[Sentence]) -> list[str]:
    """The terms that mark the notice `report`, by its sentences that say so; [] where they do not say which."""
    if report.corrects:
        return [_mark(report.corrects)]
    return [_mark(report.source, day) for day in sorted(days_put_right(said))] if report.source else []


def marks_about(report: Report) -> list[str]:
    """The terms that mark a notice about `report`: they name it, or its outlet and its day."""
    named = [_mark(report.id)]
    return [*named, _mark(report.source, report.day.isoformat())] if report.source else named


def days_put_right(said: Sequence[Sentence]) -> frozenset[str]:
    """When what a notice puts right was published, as far as its sentences say (ISO dates)."""
    return frozenset(
        span.start.isoformat() for s in said for span in s.times if not span.assumed and span.precision == "day"
    )


def _mark(*named: str) -> str:
    return MARK + blake2b("\n".join(named).encode(), digest_size=8).hexdigest()


def takes_back(text: str) -> bool:
    """Whether a notice's sentence takes back the whole report rather than put it right."""
    return bool(_WITHDRAWAL.search(text))


def _says_so(text: str, is_titled: bool) -> bool:
    """Nearly no sentence does, and nearly all are told by letters that they lack."""
    if _OPENING.match(text):
        return True
    # "ı" matches "i" in the patterns.
    folded = text.casefold().replace("ı", "i").replace("\u0307", "")
    may_take_back = any(cue in folded for cue in _WITHDRAWAL_CUES)
    return (is_titled or (may_take_back and takes_back(text))) and bool(_OWN_WORDS.search(text))
