"""From a question to a checked answer: the straight line. Read this first.

    for event in ask("Which towns were retaken near Deir ez-Zor this week?", index=index, settings=settings): ...

The command line, the batch runner, the page and the evaluation all consume `ask`; there is no second path to an
answer.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

from assistant.compose import ANSWERS_FROM, SURE_FROM, Draft, Statement, completed, compose_extractive, compose_worded
from assistant.corrections import Notice, find_notices, heed, notices_on, with_notices
from assistant.deadlines import Deadlines
from assistant.disagreement import differing_note
from assistant.errors import ModelMissing, ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.evidence import Evidence, select_evidence
from assistant.interpret import interpret, settle_area
from assistant.llm import LLM
from assistant.offers import hold, unanswered
from assistant.planted import is_planted, paragraph_at
from assistant.premise import premise_note
from assistant.present import answer_text, missing, nothing_found
from assistant.reader import read_closely
from assistant.retrieve import is_spelled, rest_of_reports, retrieve_inside, retrieve_outside
from assistant.settings import Settings
from assistant.sought import is_open
from assistant.tally import asks_for_a_count, figures_asked
from assistant.types import Answer, Claim, Event, Finished, Hit, Interpreted, Query, Retrieved, Settled, Token, Turn
from assistant.verify import Checker, check_statements, verify
from assistant.words import say
from index.errors import NoIndex
from index.store import Index

_MODEL_FAILURES = (ModelUnavailable, ModelMissing, ModelTooSlow, ModelReplyInvalid)


def ask(
    question: str,
    *,
    index: Index,
    settings: Settings,
    llm: LLM | None = None,
    history: Sequence[Turn] = (),
    as_of: date | None = None,
) -> Iterator[Event]:
    """Events in order: `Interpreted`, `Retrieved`, `Finished`; before the last, if there is a model, `Token`s of its
    draft and, at the end of each of its statements, `Settled`.

    `as_of`: "today" for the question; default: the newest report's day. Closing the generator stops the model. A model
    that fails is replaced by verbatim quotes and a note; a failed search raises.
    """
    coverage = index.coverage()
    if coverage.newest is None:
        raise NoIndex(f"the index at {index.folder} holds no report. Run: briefing ingest PATH…")
    asked = interpret(
        question,
        as_of=as_of or coverage.newest,
        gazetteer=index.gazetteer,
        history=history,
        language=settings.language,
        countries=index.snapshot().countries,
        told=index.snapshot().told(),
        radius_km=settings.retrieve.radius_km,
    )
    query = settle_area(asked, index.snapshot().places.values(), partial(is_spelled, index=index))
    yield Interpreted(query=query)
    retrieved = retrieve_inside(query, index, settings.retrieve)
    notices = find_notices([hit.report for hit in retrieved], query, index)
    found = with_notices(retrieved, notices, query, index)
    yield Retrieved(query=query, hits=found)
    found, gathered = _gathered(query, found, index)
    weighed = [e for e in gathered if not _is_planted(e)]
    held = heed(hold(query, weighed, index.embedder), weighed, notices)
    checker = Checker(index.embedder, index.gazetteer)
    draft, evidence, notes = yield from _compose(query, held, llm, settings, checker)
    claims = verify(query, draft, evidence, checker)
    shown = [claim for claim in claims if claim.citations]
    is_sure = is_open(query) or any(e.chance >= ANSWERS_FROM for e in evidence)
    quoted = {(citation.report_id, citation.start) for claim in shown for citation in claim.citations}
    cited = [e for e in evidence if (e.report.id, e.sentence.start) in quoted]
    lacking = missing(query, shown, is_sure, unanswered(query, cited))
    outside = () if shown else retrieve_outside(query, found, index, settings.retrieve)
    likely_from = 0.0 if is_open(query) else ANSWERS_FROM
    nearest = [e for e in select_evidence(query, outside, index) if e.chance >= likely_from and not _is_planted(e)]
    answer = Answer(
        query=query,
        status="no_evidence" if not shown else "partial" if lacking else "answered",
        text=answer_text(query, shown) if shown else nothing_found(query, coverage, nearest),
        claims=tuple(claims),
        hits=(*found, *outside),
        coverage=coverage,
        notes=(
            *query.notes,
            *notes,
            *premise_note(query, shown),
            *lacking,
            *differing_note(query, cited, index.embedder),
            *_warnings(query, found, shown, notices),
        ),
        model=draft.model,
    )
    yield Finished(answer=answer)


def answer(
    question: str,
    *,
    index: Index,
    settings: Settings,
    llm: LLM | None = None,
    history: Sequence[Turn] = (),
    as_of: date | None = None,
) -> Answer:
    """The last event's answer, for callers that need nothing in between."""
    for event in ask(question, index=index, settings=settings, llm=llm, history=history, as_of=as_of):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("ask() always ends with Finished")


def _gathered(query: Query, found: tuple[Hit, ...], index: Index) -> tuple[tuple[Hit, ...], list[Evidence]]:
    """The likeliest sentences found; where a count is asked for also those elsewhere in the same reports that give one,
    and their passages among the hits."""
    evidence = select_evidence(query, found, index)
    if not asks_for_a_count(query):
        return found, evidence
    rest = select_evidence(query, rest_of_reports(query, found, index), index)
    counting = [e for e in rest if figures_asked(query, e)]
    passages = {e.hit.passage.id: e.hit for e in counting}
    numbered = [e._replace(id=f"s{number}") for number, e in enumerate([*evidence, *counting], start=1)]
    return (*found, *passages.values()), numbered


def _is_planted(evidence: Evidence) -> bool:
    sentence = evidence.sentence
    return is_planted(evidence.text, paragraph_at(evidence.report.body, sentence.start, sentence.end))


class _Composed(NamedTuple):
    draft: Draft
    evidence: list[Evidence]
    """What the draft points at."""
    notes: tuple[str, ...] = ()


def _compose(
    query: Query, held: list[Evidence], llm: LLM | None, settings: Settings, checker: Checker
) -> Generator[Token | Settled, None, _Composed]:
    """The model's draft over the evidence as it read it, or the extractive one with a note why."""
    without = _Composed(compose_extractive(query, held, checker.embedder), held)
    if llm is None or not held:
        return without
    limits = settings.llm
    began = time.monotonic()
    deadlines = Deadlines(
        connect_s=limits.connect_s, first_token_s=limits.first_token_s, gap_s=limits.gap_s, total_s=limits.total_s
    )
    try:
        # Of "what happened to the bridge?" no passage states all that is asked for; a small model then says no to each.
        is_broad = is_open(query) or query.wants == "overview"
        evidence = held if is_broad else read_closely(query, held, llm, deadlines)
        extractive = compose_extractive(query, evidence, checker.embedder)
        if not extractive.statements:
            return _Composed(extractive, evidence)

        def settle(statements: Sequence[Statement]) -> Settled:
            claims = check_statements(query, statements, evidence, checker)
            return Settled(claims=tuple(claim for claim in claims if claim.citations))

        left = replace(deadlines, total_s=max(0.001, limits.total_s - (time.monotonic() - began)))
        draft = yield from compose_worded(
            query, evidence, llm, deadlines=left, max_tokens=limits.max_tokens, settle=settle
        )
    except _MODEL_FAILURES as error:
        return without._replace(notes=(say("without model", query.language, reason=error),))
    if not draft.statements and evidence[0].chance >= SURE_FROM:
        # Small models say too easily that nothing answers; the reader should see what nearly surely does.
        return _Composed(extractive, evidence, (say("model found nothing", query.language),))
    return _Composed(completed(draft, extractive) if draft.statements else draft, evidence)


def _warnings(query: Query, hits: Sequence[Hit], shown: Sequence[Claim], notices: Sequence[Notice]) -> tuple[str, ...]:
    """Which of the reports found were corrected or taken back, as far as the answer rests on them or on the notice."""
    cited = {citation.report_id for claim in shown for citation in claim.citations}
    marked = sorted({hit.report.id for hit in hits if hit.report.status != "usable"})
    warnings = [say("withdrawn", query.language, report=name) for name in marked]
    for report, notice in notices_on((hit.report for hit in hits), notices):
        if {report.id, notice.report.id} & cited and report.id not in marked:
            key = "taken back by" if notice.withdraws else "corrected by"
            warnings.append(say(key, query.language, report=report.id, notice=notice.report.id, day=notice.report.day))
    return tuple(warnings)
