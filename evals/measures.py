"""What makes an answer good: one function per measure, each from a case and a reply to a score in [0, 1].

1 is best everywhere, also where the usual name counts faults (`supported_statements` is 1 minus the unsupported rate).
Nothing here shares code with `assistant`: a checker's mistake must not hide itself. What the reports say and when and
where it happened comes from the index (`evals.archive`). Retrieval is in `evals.ranking`, entailment in
`evals.support`.
"""

# Every measure takes the same three, whether it needs them or not.
# ruff: noqa: ARG001

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from evals.archive import Archive
from evals.cases import Case
from evals.ranking import (
    gold_in_hits,
    gold_spans,
    mean_reciprocal_rank,
    ndcg_at_10,
    recall_at_10,
    success_at_5,
    touches,
)
from evals.replies import Cited, Reply
from evals.scores import Outcome, Score, Unscored, share, yes_no
from evals.support import (
    citation_precision,
    citation_recall,
    dates_in_evidence,
    judged_precision,
    judged_recall,
    names_in_evidence,
    numbers_in_evidence,
    supported_statements,
)
from evals.toponyms import located, quoted_sentences, toponym_f1
from index.language import detect_language
from index.places import contains
from index.types import Area, Sentence

Measure = Callable[[Case, Reply, Archive], Outcome]


def status_right(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Whether the reply's status is the expected one; "partial" and "answered" are told apart."""
    return yes_no(reply.status == case.status, f"status is {reply.status!r}, expected {case.status!r}")


def refused_rightly(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of unanswerable questions, whether it was refused. Read beside `answered_rightly`: either alone is easy."""
    if case.is_answerable:
        return Unscored(reason="the question can be answered")
    return yes_no(reply.is_refusal, "answered the unanswerable")


def answered_rightly(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of answerable questions, whether it was not refused: 1 minus over-refusal."""
    if not case.is_answerable:
        return Unscored(reason="the question cannot be answered")
    return yes_no(reply.status in ("answered", "partial"), "refused the answerable")


def citation_validity(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of citations whose quote is exactly `body[start:end]` of the report named, and not empty. A hard gate."""
    if not reply.citations:
        return Unscored(reason="no citations")
    faults = tuple(fault for cited in reply.citations if (fault := _citation_fault(cited, archive)))
    return share(len(reply.citations) - len(faults), len(reply.citations), faults)


def _citation_fault(cited: Cited, archive: Archive) -> str:
    report = archive.report(cited.report_id)
    if report is None:
        return f"[{cited.number}] cites the unknown report {cited.report_id!r}"
    if not 0 <= cited.start < cited.end <= len(report.body):
        return f"[{cited.number}] cites {cited.start}-{cited.end}, outside report {cited.report_id!r}"
    if report.body[cited.start : cited.end] != cited.quote:
        return f"[{cited.number}] is not what report {cited.report_id!r} says at {cited.start}-{cited.end}"
    return ""


def gold_cited(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of answerable questions, whether some citation overlaps a gold sentence; 0 for a refusal."""
    if not case.is_answerable:
        return Unscored(reason="the question cannot be answered")
    spans = gold_spans(case.gold, archive)
    is_hit = any(touches(cited, spans) for cited in reply.citations)
    return yes_no(is_hit, f"no citation touches a gold sentence, as {_words_of(spans[0], archive)}")


def _words_of(span: tuple[str, int, int], archive: Archive) -> str:
    report = archive.report(span[0])
    return f"“{' '.join(report.body[span[1] : span[2]].split())[:120]}” in {span[0]}" if report else span[0]


def gold_share_of_citations(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of answered answerable questions, the share of citations that overlap gold: a lower bound of relevance."""
    if not case.is_answerable or not reply.citations:
        return Unscored(reason="no citations, or no gold")
    spans = gold_spans(case.gold, archive)
    others = tuple(f"[{c.number}] not gold: {c.quote[:80]!r}" for c in reply.citations if not touches(c, spans))
    return share(len(reply.citations) - len(others), len(reply.citations), others)


def gold_share_of_quotes(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of answered answerable questions, the share of the quoted characters that are gold: how little else to read."""
    if not case.is_answerable or not reply.citations:
        return Unscored(reason="no citations, or no gold")
    gold = {(r, at) for r, start, end in gold_spans(case.gold, archive) for at in range(start, end)}
    quoted = {
        (c.report_id, at) for c in reply.citations for at in range(max(0, c.start), min(c.end, c.start + 100_000))
    }
    if not quoted:
        return Score(value=0.0, faults=("no quote is a slice of its report",))
    on_gold = len(quoted & gold)
    faults = () if on_gold == len(quoted) else (f"{len(quoted) - on_gold} of {len(quoted)} characters are not gold",)
    return share(on_gold, len(quoted), faults)


def required_facts(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the required groups of which one string occurs in the answer or its quotes; 0 for a refusal."""
    if not case.required:
        return Unscored(reason="no facts are required")
    said = _said(reply)
    lacking = tuple(group for group in case.required if not any(folded(words) in said for words in group))
    faults = tuple(f"lacks {' / '.join(group)}" for group in lacking)
    return share(len(case.required) - len(lacking), len(case.required), faults)


def conflict_complete(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Of questions on which outlets disagree, whether every version is told: all required groups or nothing."""
    if "conflict" not in case.tags or not case.required:
        return Unscored(reason="the outlets do not disagree")
    told = required_facts(case, reply, archive)
    assert isinstance(told, Score)
    return yes_no(told.value == 1.0, "; ".join(told.faults))


def forbidden_absent(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Whether none of the forbidden strings (corrected figures, planted text) occurs in the answer or its quotes."""
    if not case.forbidden:
        return Unscored(reason="nothing is forbidden")
    said = _said(reply)
    present = tuple(words for words in case.forbidden if folded(words) in said)
    return Score(value=0.0, faults=tuple(f"says {words!r}" for words in present)) if present else Score(value=1.0)


def _said(reply: Reply) -> str:
    """Text and quotes; of a refusal nothing, as what it offers is marked as not answering."""
    if reply.is_refusal or reply.status == "error":
        return ""
    return folded(" ".join([reply.text, *(cited.quote for cited in reply.citations)]))


def in_window(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of citations that tell of something inside the asked window: of a sentence quoted, some time lies in it."""
    if case.window is None or not reply.citations:
        return Unscored(reason="no window was asked for, or no citations")
    first, after = case.window

    def is_inside(sentence: Sentence) -> bool:
        return any(first <= span.start and span.end <= after for span in sentence.times)

    outside = _citations_outside(case, reply, archive, is_inside)
    faults = tuple(f"[{cited.number}] not within {first} to {after}: {cited.quote[:80]!r}" for cited in outside)
    return share(len(reply.citations) - len(outside), len(reply.citations), faults)


def in_area(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of citations that tell of a place inside the asked area, by the gazetteer's coordinates."""
    if case.area is None or not reply.citations:
        return Unscored(reason="no area was asked for, or no citations")
    area = asked_area(case, archive)
    if area is None:
        return Unscored(reason=f"the gazetteer does not have {case.area.place!r}")

    def is_inside(sentence: Sentence) -> bool:
        return any(contains(area, place) for place in sentence.places)

    outside = _citations_outside(case, reply, archive, is_inside)
    where = f"{case.area.relation} {case.area.place}"
    faults = tuple(f"[{cited.number}] not {where}: {cited.quote[:80]!r}" for cited in outside)
    return share(len(reply.citations) - len(outside), len(reply.citations), faults)


def asked_area(case: Case, archive: Archive) -> Area | None:
    """The labelled area on the map, of several namesakes the one in the country that the reports tell of most."""
    if case.area is None:
        return None
    # Only the name is looked up, the relation and distance are the labeller's.
    places = located(case.area.place, archive)
    if not places:
        return None
    return Area(places=places, relation=case.area.relation, radius_km=case.area.radius_km or 50.0)


def _citations_outside(
    case: Case, reply: Reply, archive: Archive, is_inside: Callable[[Sentence], bool]
) -> list[Cited]:
    # A gold sentence is inside: the labeller read it so, and what the index misread in it must not undo that.
    gold = gold_spans(case.gold, archive)
    return [
        cited
        for cited in reply.citations
        if not touches(cited, gold) and not any(is_inside(s) for s in quoted_sentences(cited, archive))
    ]


def answer_language(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Whether what the answer says itself, quotes and names of outlets left out, is in the question's language."""
    own = reply.text
    for quote in sorted((cited.quote for cited in reply.citations), key=len, reverse=True):
        own = own.replace(quote, " ")
    # A refusal offers the nearest sentences in quotation marks, without citing them.
    own = re.sub(r"“[^”]*”|«[^»]*»", " ", own)
    for outlet in sorted({cited.source for cited in reply.citations if cited.source}, key=len, reverse=True):
        own = own.replace(outlet, " ")
    own = re.sub(r"[\d\W_]+", " ", own)
    if not own.strip():
        return Unscored(reason="the answer is quotes only")
    found = detect_language(own)
    return yes_no(found in (case.language, "und"), f"in {found!r}, asked in {case.language!r}")


def folded(text: str) -> str:
    """Without case, diacritics and kinds of space, and with ASCII digits."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    western = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)
    return " ".join(western.casefold().split())


class Gauge(NamedTuple):
    """A measure and how it is read."""

    measure: Measure
    is_gate: bool = False
    """Any case below 1 fails the run."""
    is_judged: bool = False
    """By a model: a drop fails a run only when that model is known to agree with people."""


GAUGES: dict[str, Gauge] = {
    "status_right": Gauge(status_right),
    "answered_rightly": Gauge(answered_rightly),
    "refused_rightly": Gauge(refused_rightly),
    "required_facts": Gauge(required_facts),
    "forbidden_absent": Gauge(forbidden_absent),
    "conflict_complete": Gauge(conflict_complete),
    "gold_cited": Gauge(gold_cited),
    "gold_share_of_citations": Gauge(gold_share_of_citations),
    "gold_share_of_quotes": Gauge(gold_share_of_quotes),
    "in_window": Gauge(in_window),
    "in_area": Gauge(in_area),
    "toponym_f1": Gauge(toponym_f1),
    "answer_language": Gauge(answer_language),
    "citation_validity": Gauge(citation_validity, is_gate=True),
    "numbers_in_evidence": Gauge(numbers_in_evidence, is_gate=True),
    "dates_in_evidence": Gauge(dates_in_evidence, is_gate=True),
    "names_in_evidence": Gauge(names_in_evidence, is_gate=True),
    "citation_recall": Gauge(citation_recall),
    "citation_precision": Gauge(citation_precision),
    "supported_statements": Gauge(supported_statements),
    "judged_recall": Gauge(judged_recall, is_judged=True),
    "judged_precision": Gauge(judged_precision, is_judged=True),
    "success_at_5": Gauge(success_at_5),
    "recall_at_10": Gauge(recall_at_10),
    "ndcg_at_10": Gauge(ndcg_at_10),
    "reciprocal_rank": Gauge(mean_reciprocal_rank),
    "gold_in_hits": Gauge(gold_in_hits),
}


def measure(case: Case, reply: Reply, archive: Archive) -> dict[str, Outcome]:
    """Every measure of one reply; a reply that is an error scores 0 wherever another could have scored."""
    outcomes = {name: gauge.measure(case, reply, archive) for name, gauge in GAUGES.items()}
    if reply.status != "error":
        return outcomes
    return {
        name: Score(value=0.0, faults=(f"error: {reply.error}",)) if isinstance(outcome, Score) else outcome
        for name, outcome in outcomes.items()
    }
