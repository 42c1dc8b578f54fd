"""How well the passages found hold the gold evidence. A report counts where its best passage stands.

Through `ir-measures` 0.4.3. Scores are handed to it as minus the rank, so the order shown to the reader is the order
measured, and there are no ties for a tool to break its own way.
"""

# Every measure takes the same three, whether it needs them or not.
# ruff: noqa: ARG001

import hashlib
from collections.abc import Iterable
from typing import Protocol

import ir_measures
from ir_measures import RR, R, Success, nDCG

from evals.archive import Archive
from evals.cases import BadSet, Case, Gold
from evals.replies import Reply
from evals.scores import Outcome, Score, Unscored, yes_no


class Stretch(Protocol):
    """A part of a report's body, as a citation or a passage is."""

    @property
    def report_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def success_at_5(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Whether a gold report is among the first five. {0, 1}."""
    return _of_reports(case, reply, Success @ 5)


def recall_at_10(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Share of the gold reports among the first ten. Any one may suffice, so below 1 is no failure by itself."""
    return _of_reports(case, reply, R @ 10)


def ndcg_at_10(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Normalised discounted cumulative gain of the first ten, binary gains. Järvelin & Kekäläinen, TOIS 2002."""
    return _of_reports(case, reply, nDCG @ 10)


def mean_reciprocal_rank(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """1 / rank of the first gold report, 0 when there is none."""
    return _of_reports(case, reply, RR)


def gold_in_hits(case: Case, reply: Reply, archive: Archive) -> Outcome:
    """Whether some passage found overlaps a gold sentence: what an answer could have quoted."""
    if not case.is_answerable:
        return Unscored(reason="nothing is relevant")
    spans = gold_spans(case.gold, archive)
    for hit in reply.hits:
        report = archive.report(hit.report_id)
        at = report.body.find(hit.text) if report is not None else -1
        if at >= 0 and any(r == hit.report_id and at < end and start < at + len(hit.text) for r, start, end in spans):
            return Score(value=1.0)
    return yes_no(False, f"no passage found holds gold ({', '.join(sorted({s[0] for s in spans}))})")


def ranked_reports(report_ids: Iterable[str]) -> list[str]:
    """Each report once, where it stands first."""
    return list(dict.fromkeys(report_ids))


def score_ranking(ranked: list[str], relevant: Iterable[str], measure: ir_measures.Measure) -> float:
    """`measure` of one ranking, best first, each id once. In [0, 1]."""
    if not ranked:
        return 0.0
    judged = [ir_measures.Qrel("q", name, 1) for name in sorted(set(relevant))]
    found = [ir_measures.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranked)]
    return min(1.0, max(0.0, float(ir_measures.calc_aggregate([measure], judged, found)[measure])))


def gold_spans(gold: Iterable[Gold], archive: Archive) -> list[tuple[str, int, int]]:
    """Where the gold sentences stand: (report id, start, end). Raises `BadSet` when one is not in its report."""
    return [(g.report_id, *_span(g, archive)) for g in gold]


def touches(one: Stretch, spans: Iterable[tuple[str, int, int]]) -> bool:
    """Whether it overlaps one of the stretches (report id, start, end)."""
    return any(one.report_id == r and one.start < end and start < one.end for r, start, end in spans)


def _span(gold: Gold, archive: Archive) -> tuple[int, int]:
    report = archive.report(gold.report_id)
    if report is None:
        raise BadSet(f"gold names the report {gold.report_id!r}, which is not in the index")
    if gold.quote is not None:
        at = report.body.find(gold.quote)
        if at < 0:
            raise BadSet(f"gold {gold.quote[:60]!r} is not in report {gold.report_id!r}")
        return at, at + len(gold.quote)
    assert gold.start is not None
    assert gold.end is not None
    if hashlib.sha256(report.body[gold.start : gold.end].encode()).hexdigest() != gold.sha256:
        raise BadSet(f"gold at {gold.start}-{gold.end} of report {gold.report_id!r} has another digest than labelled")
    return gold.start, gold.end


def _of_reports(case: Case, reply: Reply, measure: ir_measures.Measure) -> Outcome:
    if not case.is_answerable:
        return Unscored(reason="nothing is relevant")
    relevant = {gold.report_id for gold in case.gold}
    value = score_ranking(ranked_reports(hit.report_id for hit in reply.hits), relevant, measure)
    found = [hit.report_id for hit in reply.hits]
    faults = (
        () if value == 1.0 else (f"gold {', '.join(sorted(relevant))}; found {', '.join(ranked_reports(found)[:5])}",)
    )
    return Score(value=value, faults=faults)
