"""Corrections and withdrawals: which reports a later one of the same outlet puts right, and what must not be told any
more.

Found by a report's `corrects` field or by the formulas of such notices ("Correction : dans notre édition du 24 mars …",
"retire sa dépêche du 26 mars"). A sentence that was taken back is no evidence; the notice stands in its place.
"""

import re
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from assistant.evidence import Evidence
from assistant.facts import numbers
from assistant.facts.counted import without_dates
from assistant.facts.quantities import blanked, located_numbers
from assistant.forms import terms_of
from assistant.types import Hit, Query
from index.lexical import telling_words
from index.notices import days_put_right, notice_sentences, takes_back
from index.store import Index
from index.types import Passage, Report, Sentence

# The figure that was wrong: after "and not", or in the clause that repeats what was written.
_AND_NOT = re.compile(
    r"(?:\b(?:and not|not|rather than|instead of|et non(?: pas)?|au lieu d[eu]|non)\b|"
    r"(?:^|\s)(?:وليس|وليست|لا|بدلا من))\s+"
    r"(?:de |d['’])?(?P<figure>[^,.;:؛،]{1,25})",
    re.I,
)
_WROTE = re.compile(
    r"\b(?:(?:we|our (?:\w+ ){0,2}(?:report|update|story|dispatch|bulletin|edition|article|statement)"
    r"(?: [^,.;]{1,30})?) (?:had )?(?:reported|said|wrote|stated|put|gave|given|listed|cited|counted|announced)|"
    r"nous av(?:i)?ons (?:fait état|écrit|annoncé|indiqué|donné|publié|avancé)|nous (?:écrivions|annoncions|donnions)|"
    r"(?:notre|nos|le|son) (?:bulletin|bilan|dépêche|article|rapport|communiqué)(?: [^,.;]{1,30})? "
    r"(?:faisait état|annonçait|indiquait|donnait|évoquait|parlait))\b"
    r"(?P<clause>[^.;؛]*)|"
    r"(?:كنا قد|ذكرنا|أوردنا|أعلنا|نشرنا|(?:تقريرنا|خبرنا|نشرتنا|بياننا)[^.،؛]{0,30}(?:ذكر|أورد|أفاد|تحدث))"
    r"(?P<clause_ar>[^.;؛]*)",
    re.I,
)
# What stands in for a sentence taken back is a little less sure to answer than that was.
_IN_ITS_PLACE = 0.95


class Notice(NamedTuple):
    """A report that corrects or takes back another."""

    report: Report
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    """Those that say so, and the one after each."""
    withdraws: bool
    days: frozenset[str]
    """When what it puts right was published, as far as it says."""
    texts: tuple[str, ...]
    """Of the sentences."""


def find_notices(reports: Sequence[Report], query: Query, index: Index) -> list[Notice]:
    """The notices about these reports, and those about the notices, that were published by the question's day."""
    direct = _notices_about(reports, query, index)
    known = {notice.report.id for notice in direct}
    return [*direct, *_notices_about([notice.report for notice in direct], query, index, known)]


def _notices_about(reports: Sequence[Report], query: Query, index: Index, known: Collection[str] = ()) -> list[Notice]:
    """`known`: ids of the notices that are read already."""
    notices = (
        _notice(report, passages, index)
        for report, passages in index.notices_about(reports)
        if report.day <= query.as_of and report.id not in known
    )
    return [notice for notice in notices if notice and any(is_about(notice, report) for report in reports)]


def is_about(notice: Notice, report: Report) -> bool:
    """Whether `notice` corrects or takes back `report`."""
    if notice.report.id == report.id or report.published_at > notice.report.published_at:
        return False
    if notice.report.corrects:
        return notice.report.corrects == report.id
    return bool(report.source) and notice.report.source == report.source and report.day.isoformat() in notice.days


def with_notices(hits: Sequence[Hit], notices: Sequence[Notice], query: Query, index: Index) -> tuple[Hit, ...]:
    """The hits, and after them the passages of the notices that are about any of their reports; what a notice says is
    of the time and place of what it puts right."""
    if not notices:
        return tuple(hits)
    found = {hit.passage.id for hit in hits}
    known = [_with_what_it_says(hit, hits, notices) for hit in hits]
    added: list[Hit] = []
    question = index.embedder.embed([query.topic or query.text])[0]
    for notice in notices:
        about = [hit for hit in hits if is_about(notice, hit.report)]
        fresh = [passage for passage in notice.passages if passage.id not in found]
        if not about:
            continue
        for passage in fresh:
            scores = tuple((index.sentence_vectors(passage) @ question).tolist())
            added.append(
                Hit(
                    passage=passage,
                    report=notice.report,
                    sentences=tuple(s.ordinal for s in passage.sentences if s in notice.sentences),
                    sentence_scores=scores,
                    score=max(hit.score for hit in about),
                    in_window=any(hit.in_window for hit in about),
                    in_area=any(hit.in_area for hit in about),
                    why=f"corrects {about[0].report.id}",
                )
            )
    return (*known, *added)


def _with_what_it_says(hit: Hit, hits: Sequence[Hit], notices: Sequence[Notice]) -> Hit:
    """A hit in a notice about others, found inside the asked time and place, with all sentences of the notice."""
    said = {
        sentence.ordinal
        for notice in notices
        if notice.report.id == hit.report.id
        and any(is_about(notice, other.report) and other.in_window and other.in_area for other in hits)
        for sentence in notice.sentences
    }
    more = [s.ordinal for s in hit.passage.sentences if s.ordinal in said and s.ordinal not in hit.sentences]
    return hit.model_copy(update={"sentences": (*hit.sentences, *more)}) if more else hit


def heed(evidence: Sequence[Evidence], weighed: Sequence[Evidence], notices: Sequence[Notice]) -> list[Evidence]:
    """The evidence without what was taken back, the notices in its place; best first, with new ids.

    `weighed`: the same evidence before it was held against what is asked for. That a report was withdrawn answers also
    where the sentence taken back lacked what is asked for.
    """
    before = {(e.report.id, e.sentence.ordinal): e.chance for e in weighed}
    wrong = {n.report.id: _wrong_figures(n) for n in notices if not n.withdraws}
    dropped = {
        e.id: [n for n in notices if is_about(n, e.report) and (n.withdraws or _is_put_right(e, n, wrong[n.report.id]))]
        for e in evidence
    }
    kept: list[Evidence] = []
    for e in evidence:
        if dropped[e.id]:
            continue
        replaced = [
            before[other.report.id, other.sentence.ordinal] if dropped[other.id][0].withdraws else other.chance
            for other in evidence
            if any(n.report.id == e.report.id and e.sentence in n.sentences for n in dropped[other.id])
        ]
        kept.append(e._replace(chance=max(e.chance, _IN_ITS_PLACE * max(replaced, default=0.0))))
    ranked = sorted(kept, key=lambda e: -e.chance)
    return [e._replace(id=f"s{number}") for number, e in enumerate(ranked, start=1)]


def notices_on(reports: Iterable[Report], notices: Sequence[Notice]) -> list[tuple[Report, Notice]]:
    """Each of the reports with the notice about it, if any, ordered by id."""
    distinct = {report.id: report for report in reports}
    return [(report, n) for _, report in sorted(distinct.items()) for n in notices if is_about(n, report)]


def _is_put_right(evidence: Evidence, notice: Notice, wrong: frozenset[float]) -> bool:
    """Whether the sentence tells a figure that the notice calls wrong, and of its matter: a girl of nine, not a depth
    of nine kilometres."""
    language = evidence.report.language
    told = numbers(without_dates(evidence.text, evidence.report.day, language), language) if wrong else []
    if not any(number.value in wrong for number in told):
        return False
    return bool(_matter(evidence.text, language) & _matter(" ".join(notice.texts), notice.report.language))


def _matter(text: str, language: str) -> Set[str]:
    uncounted = blanked(text, located_numbers(text, language))
    words = (word for word in telling_words(uncounted) if word[:1].islower() or language == "ar")
    return terms_of(" ".join(words), language)


def _notice(report: Report, passages: Sequence[Passage], index: Index) -> Notice | None:
    """`passages`: of the report, those that say so."""
    sentences = _sentences(passages)
    said = notice_sentences(report, sentences)
    if not said:
        return None
    if any(passage.sentences[-1] in said for passage in passages):  # the sentence after it is in another
        passages = index.passages(report.id)
        sentences = _sentences(passages)
    after = [later for sentence, later in pairwise(sentences) if sentence in said]
    texts = [report.body[s.start : s.end] for s in (*said, *after)]
    own = [report.body[s.start : s.end] for s in said]
    noted = {s.ordinal: s for s in (*said, *after)}
    return Notice(
        report=report,
        passages=tuple(p for p in passages if any(s.ordinal in noted for s in p.sentences)),
        sentences=tuple(noted.values()),
        withdraws=any(takes_back(text) for text in own),
        days=days_put_right(said),
        texts=tuple(texts),
    )


def _sentences(passages: Sequence[Passage]) -> list[Sentence]:
    return [sentence for _, sentence in sorted({s.ordinal: s for p in passages for s in p.sentences}.items())]


def _wrong_figures(notice: Notice) -> frozenset[float]:
    """The figures that it says were wrong."""
    day, language = notice.report.day, notice.report.language
    clauses: list[str] = []
    for text in notice.texts:
        plain = without_dates(text, day, language)
        clauses += [match.group("figure") for match in _AND_NOT.finditer(plain)]
        clauses += [match.group("clause") or match.group("clause_ar") or "" for match in _WROTE.finditer(plain)]
    # French "neuf" is nine here, not "new".
    return frozenset(n.value for clause in clauses for n in numbers(re.sub(r"\bneuf\b", "9", clause), language))
