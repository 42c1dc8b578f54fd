"""A question from the page to its answer, as steps to show. Consumes the pipeline's events; decides nothing itself."""

import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from assistant.page.conversation import conversation_html, running_html
from assistant.page.desk import Desk, asked_events, understood, with_index
from assistant.page.names import place_names
from assistant.page.query import Chips, chips_of, edited, read_day, reworded
from assistant.page.session import Conversation, Exchange
from assistant.page.sources import evidence_html, sources_html
from assistant.page.words import word
from assistant.types import Answer, Claim, Hit, Interpreted, Query, Retrieved, Settled, Token
from index.errors import BriefingError
from index.listing import places_in_the_news
from index.store import Index

MAX_QUESTION_CHARS = 2_000
LATELY, SUGGESTED = 40, 3
"""Example questions are about the places that the newest reports name most: so many reports, so many places."""
# Often enough to read along, seldom enough not to send the page for every token.
_REDRAW_S = 0.2
_DRAFTED = re.compile(r'"text"\s*:\s*("(?:[^"\\]|\\.)*"?)')


class Progress(NamedTuple):
    """What is to be shown now; None leaves a part as it is."""

    talk: str | None = None
    running: str | None = None
    """The exchange under way, below the others; empty when there is none."""
    sources: str | None = None
    chips: Chips | None = None
    message: str | None = None
    """Plain text; empty takes away what stood there."""
    conversation: Conversation | None = None
    """As it is from now on."""


def follow(
    desk: Desk, session: str, question: str, chips: Chips, conversation: Conversation, language: str
) -> Iterator[Progress]:
    """The steps from a typed question to its answer; the last carries the conversation with it.

    Scope fields that the reader has edited since they were last filled bound the question, whatever its own words
    say. No question, but an edited scope, asks the last one again. Problems are shown, not raised: one that the
    reader can mend in its own words, any other in the log.
    """
    typed = question.strip()
    if not typed and conversation.last_answered is not None and chips != conversation.scope:
        yield from asked_again(desk, session, chips, conversation, language)
        return
    try:
        day = _checked(typed, chips.as_of, language)
        asked = typed
        changed = edited(chips, conversation.scope)
        if changed:
            query = understood(desk, typed, as_of=day, conversation=conversation)
            asked = reworded(query, chips_of(query)._replace(**changed), language)
    except BriefingError as error:
        yield Progress(message=str(error))
        return
    yield from _follow(desk, session, asked, day, conversation, language)


def asked_again(
    desk: Desk, session: str, chips: Chips, conversation: Conversation, language: str
) -> Iterator[Progress]:
    """The last question once more, in the scope of the fields; as if its first asking had not been."""
    last = conversation.last_answered
    if last is None or last.answer is None:
        yield Progress(message=word("nothing to ask again", language))
        return
    try:
        # Another day alone leaves the words as they are: "this week" is then that day's.
        is_same = chips._replace(as_of="") == conversation.scope._replace(as_of="")
        question = last.question if is_same else reworded(last.answer.query, chips, language)
        day = read_day(chips.as_of, language)
    except BriefingError as error:
        yield Progress(message=str(error))
        return
    yield from _follow(desk, session, question, day, conversation, language, without=last.number)


def _checked(question: str, as_of: str, language: str) -> date | None:
    if not question:
        raise BriefingError(word("no question", language))
    # The field has a limit of its own, but requests need not come from the field.
    if len(question) > MAX_QUESTION_CHARS:
        raise BriefingError(word("question too long", language, count=len(question), most=MAX_QUESTION_CHARS))
    return read_day(as_of, language)


def _follow(
    desk: Desk,
    session: str,
    question: str,
    as_of: date | None,
    conversation: Conversation,
    language: str,
    *,
    without: int | None = None,
) -> Iterator[Progress]:
    number = conversation.next_number
    start = time.perf_counter()

    def running(
        query: Query | None = None, found: int | None = None, draft: str = "", settled: Sequence[Claim] = ()
    ) -> str:
        return running_html(number, question, language, query=query, found=found, draft=draft, settled=settled)

    # The exchanges before stay as they are; only what an empty page says makes room.
    talk = None if conversation.exchanges else ""
    message = "" if desk.warm.is_set() else word("warming", language)
    yield Progress(talk=talk, running=running(), message=message)
    query: Query | None = None
    found, draft, drawn_at = 0, "", start
    settled: tuple[Claim, ...] = ()
    answer: Answer | None = None
    problem = word("stopped", language)
    history = Conversation(tuple(each for each in conversation.exchanges if each.number != without))
    scope = conversation.scope
    try:
        for event in asked_events(desk, session, question, as_of=as_of, conversation=history):
            if isinstance(event, Interpreted):
                # Shown with the evidence, which is a moment away: each step costs the server as much as finding it.
                scope = chips_of(event.query)
            elif isinstance(event, Retrieved):
                query, found = event.query, sum(hit.in_window and hit.in_area for hit in event.hits)
                evidence = evidence_html(query, event.hits, number, language, called(desk, event.hits, language))
                yield Progress(running=running(query, found), sources=evidence, chips=scope, message="")
            elif isinstance(event, Token):
                draft += event.text
                if time.perf_counter() - drawn_at > _REDRAW_S:
                    drawn_at = time.perf_counter()
                    yield Progress(running=running(query, found, drafted(draft), settled))
            elif isinstance(event, Settled):
                settled, draft = event.claims, draft.rpartition("}")[2]
                yield Progress(running=running(query, found, settled=settled))
            else:
                answer = event.answer
    except BriefingError as error:
        problem = str(error)
    except Exception:  # the page goes on; the log has the traceback
        logging.getLogger(__name__).exception("a question failed")
        problem = word("failed", language)
    exchange = Exchange(number, question, answer, time.perf_counter() - start, problem if answer is None else "")
    whole = conversation.with_exchange(exchange)._replace(scope=scope)
    last = drawn(desk, whole, language)._replace(running="", conversation=whole, message="")
    # What was found before a question was stopped stays.
    yield last if answer is not None else last._replace(sources=None)


def drawn(desk: Desk, conversation: Conversation, language: str, selected: int | None = None) -> Progress:
    """A conversation as it stands, its answers marked whose reports have been since; `selected`: whose sources."""
    marked = marked_reports(desk, conversation)
    examples = () if conversation.exchanges else suggested(desk, language)
    shown = conversation.answered(selected)
    names = called(desk, shown.answer.hits, language) if shown is not None and shown.answer is not None else {}
    return Progress(
        talk=conversation_html(conversation, language, marked=marked, examples=examples),
        sources=sources_html(conversation, language, selected=selected, marked=marked, names=names),
    )


def called(desk: Desk, hits: Sequence[Hit], language: str) -> dict[str, str]:
    """What the places of the hits are called in the page's language, by key."""
    return with_index(desk, lambda index: place_names(index, hits, language))


def suggested(desk: Desk, language: str) -> tuple[str, ...]:
    """Questions that the newest reports could answer, for a reader who has asked none."""
    if not with_index(desk, lambda index: index.coverage().reports):
        return ()
    named = with_index(
        desk, lambda index: places_in_the_news(index.catalog.connection, language, reports=LATELY, limit=SUGGESTED)
    )
    return (*(word("ask of place", language, place=name) for name in named), word("ask of week", language))


def drafted(reply: str) -> str:
    """The statements in a model's unfinished reply, one a line, without the JSON around them."""
    lines: list[str] = []
    for found in _DRAFTED.finditer(reply):
        text = found[1] if len(found[1]) > 1 and found[1].endswith('"') else found[1] + '"'
        try:
            lines.append(str(json.loads(text)))
        except ValueError:  # cut within an escape; the next piece completes it
            continue
    return "\n".join(lines)


def marked_reports(desk: Desk, conversation: Conversation) -> dict[str, str]:
    """Reports whose status has changed since an answer was given from them: id → status now."""
    known = {
        hit.report.id: hit.report.status
        for exchange in conversation.exchanges
        if exchange.answer is not None
        for hit in exchange.answer.hits
    }

    def changed(index: Index) -> dict[str, str]:
        now = {report_id: index.report(report_id) for report_id in known}
        return {
            report_id: report.status if report is not None else "withdrawn"
            for report_id, report in now.items()
            if report is None or report.status not in ("usable", known[report_id])
        }

    return with_index(desk, changed)
