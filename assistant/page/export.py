"""An answer, or the whole conversation, to take away: Markdown, HTML in one file, or JSON, with its quotations."""

import json
from typing import Any, Literal, NamedTuple

from assistant import document
from assistant.document import Document, Footnotes, Section, Statement, footnote
from assistant.page.session import Conversation, Exchange
from assistant.page.words import word
from assistant.present import scope, to_json
from assistant.types import Answer
from assistant.words import say

Format = Literal["md", "html", "json"]
_MEDIA = {"md": "text/markdown", "html": "text/html", "json": "application/json"}


class Exported(NamedTuple):
    """A file to save."""

    name: str
    media_type: str
    text: str


def export_answer(exchange: Exchange, kind: Format, language: str) -> Exported:
    """The answer of an exchange that has one; words around it in the page's `language`. JSON: as `ask --json`."""
    answer = _answer(exchange)
    notes: Footnotes = {}
    section = _section(answer, notes)
    untitled = section._replace(scope="")
    laid_out = Document(language, answer.query.asked, section.scope, (untitled,), tuple(notes.values()))
    return _exported(f"briefing-{answer.query.as_of}-{exchange.number}", kind, laid_out, _json(exchange))


def export_conversation(conversation: Conversation, kind: Format, language: str) -> Exported:
    """All exchanges that have an answer, at least one; each quotation is one footnote, however often it is cited.

    JSON: `{"answers": [...]}`, each as `ask --json` prints it.
    """
    answered = [exchange for exchange in conversation.exchanges if exchange.answer is not None]
    last = _answer(answered[-1])
    notes: Footnotes = {}
    sections = tuple(_section(answer, notes)._replace(heading=answer.query.asked) for answer in map(_answer, answered))
    held = last.coverage
    covered = say("coverage", language, reports=held.reports, oldest=held.oldest, newest=held.newest)
    laid_out = Document(language, word("title", language), covered, sections, tuple(notes.values()))
    return _exported(f"briefing-{last.query.as_of}", kind, laid_out, {"answers": [_json(each) for each in answered]})


def _section(answer: Answer, notes: Footnotes) -> Section:
    """The answer's statements, or what it says when it has none; then its notes."""
    shown = [claim for claim in answer.claims if claim.citations]
    # The numbers of a single answer stay those it has on the page.
    footnote(sorted((c for claim in shown for c in claim.citations), key=lambda c: c.number), notes)
    said = () if shown else tuple(line for line in answer.text.splitlines() if line.strip())
    statements = tuple(Statement(claim.text, footnote(claim.citations, notes), claim.sources) for claim in shown)
    return Section("", scope(answer.query), statements, (*said, *answer.notes))


def _exported(name: str, kind: Format, laid_out: Document, as_json: dict[str, Any]) -> Exported:
    if kind == "json":
        text = json.dumps(as_json, ensure_ascii=False, indent=2) + "\n"
    else:
        text = document.to_markdown(laid_out) if kind == "md" else document.to_html(laid_out)
    return Exported(f"{name}.{kind}", _MEDIA[kind], text)


def _json(exchange: Exchange) -> dict[str, Any]:
    return to_json(_answer(exchange), seconds=exchange.seconds)


def _answer(exchange: Exchange) -> Answer:
    assert exchange.answer is not None
    return exchange.answer
