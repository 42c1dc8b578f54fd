"""The conversation → HTML: questions, statements with their verdicts and [n] marks, what was dropped.

Decides nothing about an answer; every foreign text goes through `assistant.page.text`.
"""

from collections.abc import Iterable, Mapping, Sequence

from assistant.page.session import Conversation, Exchange
from assistant.page.text import anchor, escape, foreign, prose
from assistant.page.words import word, word_html
from assistant.present import scope
from assistant.types import Answer, Citation, Claim, Query


def conversation_html(
    conversation: Conversation, language: str, *, marked: Mapping[str, str] | None = None, examples: Sequence[str] = ()
) -> str:
    """All exchanges; before the first, what can be asked: `examples` are questions, offered as buttons.

    `marked`: status of the reports that were corrected or withdrawn, by report id.
    """
    if conversation.exchanges:
        return "".join(exchange_html(exchange, language, marked or {}) for exchange in conversation.exchanges)
    return f'<p class="welcome">{escape(word("welcome", language))}</p>{_examples_html(examples, language)}'


def _examples_html(examples: Sequence[str], language: str) -> str:
    if not examples:
        return ""
    # page.js puts a button's text into the question field and asks it.
    buttons = "".join(
        f'<li><button type="button" class="example" dir="auto">{escape(each)}</button></li>' for each in examples
    )
    return f'<h2 class="heading">{escape(word("examples", language))}</h2><ul class="examples">{buttons}</ul>'


def exchange_html(exchange: Exchange, language: str, marked: Mapping[str, str]) -> str:
    body = (
        _answer_html(exchange, exchange.answer, language, marked)
        if exchange.answer is not None
        else f'<p class="problem" dir="auto">{escape(exchange.problem)}</p>'
    )
    return _turn(exchange.number, exchange.question, body, is_running=False)


def running_html(
    number: int,
    question: str,
    language: str,
    *,
    query: Query | None = None,
    found: int | None = None,
    draft: str = "",
    settled: Sequence[Claim] = (),
) -> str:
    """The exchange under way: how the question is understood, the statements checked so far, and the rest of the draft,
    labelled as not yet checked."""
    lines = [_scope_html(query)] if query is not None else []
    if settled:
        lines.append(_statements(settled, number, language))
    if draft:
        lines.append(f'<p class="state">{escape(word("checking", language))}</p>')
        lines.append(f'<div class="draft" dir="auto">{escape(draft)}</div>')
    elif found is not None:
        lines.append(f'<p class="state">{escape(word("writing", language, count=found))}</p>')
    else:
        lines.append(f'<p class="state">{escape(word("searching", language))}</p>')
    return _turn(number, question, "".join(lines), is_running=True)


def _turn(number: int, question: str, body: str, *, is_running: bool) -> str:
    return (
        f'<section class="turn{" running" if is_running else ""}" id="{anchor("t", number)}">'
        f'<h2 class="asked" dir="auto">{escape(question)}</h2>{body}</section>'
    )


def _answer_html(exchange: Exchange, answer: Answer, language: str, marked: Mapping[str, str]) -> str:
    shown = [claim for claim in answer.claims if claim.citations]
    dropped = [claim for claim in answer.claims if not claim.citations]
    return "".join(
        [
            _scope_html(answer.query),
            f'<p class="outcome {answer.status}">{escape(word(answer.status, language))}</p>',
            _statements(shown, exchange.number, language) if shown else _lines(answer.text),
            _since_marked(shown, language, marked),
            "".join(f'<p class="note" dir="auto">{prose(note)}</p>' for note in answer.notes),
            _dropped(dropped, language),
            _foot(exchange, answer, language),
        ]
    )


def _scope_html(query: Query) -> str:
    return f'<p class="scope" dir="auto">{prose(scope(query))}</p>'


def _lines(text: str) -> str:
    return "".join(f'<p class="said" dir="auto">{prose(line)}</p>' for line in text.splitlines() if line.strip())


def _statements(claims: Sequence[Claim], number: int, language: str) -> str:
    items = "".join(
        # The statement has its own direction; the verdict is in words of the page.
        f'<li class="claim {claim.verdict}"><p class="statement" dir="auto">{prose(claim.text)} '
        f"{marks(claim.citations, number)}</p>{_verdict(claim, language)}</li>"
        for claim in claims
    )
    return f'<ul class="claims">{items}</ul>'


def marks(citations: Iterable[Citation], number: int) -> str:
    """The [n] links of a statement; page.js shows the quote and its origin while one is hovered or focused."""
    return "".join(
        f'<a class="cite" href="#{anchor("t", number, "c", citation.number)}" data-quote="{escape(citation.quote)}" '
        f'data-outlet="{escape(citation.source)}" data-published="{citation.published}">[{citation.number}]</a>'
        for citation in citations
    )


def _verdict(claim: Claim, language: str) -> str:
    outlets = (
        word("one outlet", language) if claim.sources <= 1 else word("many outlets", language, count=claim.sources)
    )
    parts = [f'<b class="{claim.verdict}">{escape(word(claim.verdict, language))}</b>', escape(outlets)]
    if claim.attributed_to:
        parts.append(word_html("said by", language, who=foreign(claim.attributed_to)))
    if claim.reason:
        parts.append(foreign(claim.reason))
    return f'<small class="verdict">{" · ".join(parts)}</small>'


def _since_marked(claims: Sequence[Claim], language: str, marked: Mapping[str, str]) -> str:
    cited = dict.fromkeys(citation.report_id for claim in claims for citation in claim.citations)
    found = dict.fromkeys(marked[report_id] for report_id in cited if report_id in marked)
    return "".join(
        f'<p class="warning">{escape(word("since marked", language, status=word(status, language)))}</p>'
        for status in found
    )


def _dropped(claims: Sequence[Claim], language: str) -> str:
    if not claims:
        return ""
    items = "".join(f'<li dir="auto"><s>{escape(claim.text)}</s>{_reason(claim, language)}</li>' for claim in claims)
    summary = escape(word("dropped", language, count=len(claims)))
    return f'<details class="dropped"><summary>{summary}</summary><ul>{items}</ul></details>'


def _reason(claim: Claim, language: str) -> str:
    verdict = escape(word(claim.verdict, language))
    return f'<small class="verdict"><b class="{claim.verdict}">{verdict}</b> · {foreign(claim.reason)}</small>'


def _foot(exchange: Exchange, answer: Answer, language: str) -> str:
    model = word("no model", language) if answer.model == "none" else word("model", language, model=answer.model)
    seconds = word("seconds", language, seconds=f"{exchange.seconds:.1f}")
    return f'<p class="foot">{escape(model)} · {escape(seconds)}</p>'
