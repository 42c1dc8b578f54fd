"""Answer → text, Markdown, JSON. Words the frame around quotes and claims; decides nothing about them."""

from collections.abc import Sequence
from typing import Any

from assistant.evidence import Evidence
from assistant.facts import numbers
from assistant.tally import counts_none
from assistant.types import Answer, Citation, Claim, Query
from assistant.words import say
from index.dates import describe_span
from index.places import describe_area
from index.types import Coverage


def answer_text(query: Query, shown: Sequence[Claim]) -> str:
    """The claims as plain text, one a line, each with its [n] markers."""
    head = f"({scope(query)})"
    return "\n".join([head, *(f"- {claim.text} {_markers(claim)}{_counted(claim, query)}" for claim in shown)])


def scope(query: Query) -> str:
    """The day, time window and place that the question was understood to mean."""
    parts = [say("as of", query.language, day=query.as_of)]
    if query.window is not None:
        parts.append(describe_span(query.window, query.language))
    if query.area is not None:
        parts.append(describe_area(query.area, query.language))
    return ("؛ " if query.language == "ar" else "; ").join(parts)


def nothing_found(query: Query, coverage: Coverage, nearest: Sequence[Evidence]) -> str:
    """That the reports do not say, what the index covers, and the nearest evidence, labelled as such."""
    lines = [
        say("no evidence", query.language),
        say("looked in", query.language, scope=scope(query)),
        say("coverage", query.language, reports=coverage.reports, oldest=coverage.oldest, newest=coverage.newest),
    ]
    lines += [say("nearest", query.language, quote=_nearest_quote(query, e)) for e in nearest[:2]]
    return "\n".join(lines)


def missing(query: Query, shown: Sequence[Claim], is_sure: bool, unanswered: Sequence[str]) -> tuple[str, ...]:
    """What the question wants and no shown claim has; `is_sure`: some sentence found is likely to answer; `unanswered`:
    the parts of the question that none does."""
    if shown and not is_sure:
        return (say("only close", query.language),)
    quotes = [citation for claim in shown for citation in claim.citations]
    has_figure = any(numbers(c.quote, c.language) or counts_none(c.quote) for c in quotes)
    if query.wants == "number" and quotes and not has_figure:
        return (say("missing number", query.language),)
    return tuple(say("missing part", query.language, part=part) for part in unanswered if shown)


def to_json(answer: Answer, *, seconds: float, item_id: str | None = None) -> dict[str, Any]:
    """The object that `briefing ask --json` prints and `briefing batch` writes; other people's scripts read it."""
    query = answer.query
    return {
        **({"id": item_id} if item_id is not None else {}),
        "question": query.asked,
        "status": answer.status,
        "text": answer.text,
        "claims": [
            {
                "text": claim.text,
                "verdict": claim.verdict,
                "reason": claim.reason,
                "attributed_to": claim.attributed_to,
                "citations": [citation_json(citation) for citation in claim.citations],
            }
            for claim in answer.claims
        ],
        "hits": [
            {
                "passage_id": hit.passage.id,
                "report_id": hit.report.id,
                "text": hit.passage.text,
                "score": round(hit.score, 4),
            }
            for hit in answer.hits
        ],
        "query": {
            "as_of": query.as_of.isoformat(),
            "window": [query.window.start.isoformat(), query.window.end.isoformat()] if query.window else None,
            "places": [place.name for place in query.area.places] if query.area else [],
        },
        "notes": list(answer.notes),
        "model": answer.model,
        "seconds": round(seconds, 3),
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A quotation with where it stands, as in all JSON of ours."""
    return {
        "number": citation.number,
        "report_id": citation.report_id,
        "passage_id": citation.passage_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "source": citation.source,
        "published": citation.published.isoformat(),
    }


def to_plain(answer: Answer) -> str:
    """For the terminal: the answer, then its sources, then its notes."""
    language = answer.query.language
    unsaid = say("unknown outlet", language)
    cited = {c.number: c for claim in answer.claims for c in claim.citations}
    sources = [
        f"[{number}] {c.source or unsaid}, {c.published}{f', {c.title}' if c.title else ''} "
        f"({c.report_id} {c.start}–{c.end})\n    {c.quote}"
        for number, c in sorted(cited.items())
    ]
    notes = [f"* {note}" for note in answer.notes]
    return "\n\n".join(part for part in (answer.text, "\n".join(sources), "\n".join(notes)) if part)


def _markers(claim: Claim) -> str:
    return "".join(f"[{citation.number}]" for citation in claim.citations)


def _counted(claim: Claim, query: Query) -> str:
    return f" ({say('sources', query.language, count=claim.sources)})" if claim.sources > 1 else ""


def _nearest_quote(query: Query, evidence: Evidence) -> str:
    outlet = evidence.report.source or say("unknown outlet", query.language)
    return say("quote", query.language, outlet=outlet, day=evidence.report.day, quote=evidence.text)
