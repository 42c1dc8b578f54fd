"""What each button and field of the page does: plain values in, what is to be shown out, by the name of its part.

Free of the web toolkit: `ui.py` knows which component a name stands for.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from assistant.page.asking import Progress, asked_again, drawn, follow
from assistant.page.desk import Added, Desk, add_files, add_text, keep_opinion, stop_asking, with_index
from assistant.page.export import Format, export
from assistant.page.query import Chips, read_day
from assistant.page.reports import Filters, added_html, coverage_html, filtered, list_html, report_html
from assistant.page.session import Conversation
from assistant.page.text import escape
from assistant.page.words import LANGUAGES, direction, word
from index.errors import BriefingError
from index.readers import FORMATS
from index.store import Index
from index.types import Report

MAX_UPLOAD_MB = 50

CHIPS = ("as_of", "since", "until", "places", "radius")
"""The scope fields, as those of `Chips`."""
FILTERS = ("filter_words", "filter_outlet", "filter_language", "filter_since", "filter_until", "filter_place")
"""The fields above the list of reports, as those of `Filters`."""
MARKS = {"withdraw": "withdrawn", "correct": "corrected", "restore": "usable"}
"""Buttons that mark a report, and the status each gives."""


class Props(NamedTuple):
    """Properties of a part other than its value: whether it can be used, what can be chosen in it."""

    values: dict[str, Any]


Shown = dict[str, Any]
"""What is to be shown, by the name of the part: HTML, a value, or `Props`."""


# Asking


def ask(
    desk: Desk, session: str, question: str, as_of: str, conversation: Conversation, language: str
) -> Iterator[Shown]:
    for shown in _while_busy(follow(desk, session, question, as_of, conversation, language)):
        # The field is emptied once its question is taken up; one that is refused stays, to be mended.
        yield {**shown, "question": ""} if "talk" in shown else shown


def ask_again(
    desk: Desk, session: str, conversation: Conversation, language: str, chips: tuple[str, ...]
) -> Iterator[Shown]:
    yield from _while_busy(asked_again(desk, session, Chips(*chips), conversation, language))


def stop(desk: Desk, session: str) -> None:
    stop_asking(desk, session)


def clear(desk: Desk, language: str) -> Shown:
    return {"conversation": Conversation(), **_step(drawn(desk, Conversation(), language))}


def save(kind: Format, conversation: Conversation, language: str) -> Shown:
    last = conversation.last_answered
    if last is None:
        return {"saved": "", "message": message_html(word("nothing yet", language))}
    # The time makes each press a new value: the same value twice would not be handed to the browser.
    return {"saved": json.dumps({**export(last, kind, language)._asdict(), "at": time.time()})}


def judge(desk: Desk, is_useful: bool, reason: str, conversation: Conversation, language: str) -> Shown:
    last = conversation.last_answered
    if last is None:
        return {"message": message_html(word("nothing yet", language))}
    keep_opinion(desk.index.folder, last, is_useful=is_useful, reason=reason)
    return {"reason": "", "message": message_html(word("thanks", language))}


def _while_busy(steps: Iterator[Progress]) -> Iterator[Shown]:
    """The steps, with Stop instead of Ask while there are more to come."""
    busy: Shown = {"stop": Props({"interactive": True}), "ask": Props({"interactive": False})}
    done: Shown = {"stop": Props({"interactive": False}), "ask": Props({"interactive": True})}
    for step in steps:
        yield {**_step(step), **(done if step.is_last else busy)}


def _step(step: Progress) -> Shown:
    shown: Shown = {"talk": step.talk, "sources": step.sources, "conversation": step.conversation}
    if step.message is not None:
        shown["message"] = message_html(step.message)
    if step.chips is not None:
        shown |= dict(zip(CHIPS, step.chips, strict=True))
    return {name: value for name, value in shown.items() if value is not None}


# Reports


def narrow(desk: Desk, language: str, opened: str, filters: tuple[str | None, ...]) -> Shown:
    """The list of reports that pass the filters."""
    words, source, spoken, since, until, place = (text or "" for text in filters)
    try:
        wanted = Filters(words, source, spoken, read_day(since, language), read_day(until, language), place)
    except BriefingError as error:
        return {"listed": message_html(str(error))}

    def read(index: Index) -> str:
        found = filtered(index.reports(), wanted, index.passages)
        return list_html(found, index.coverage().reports, language, opened)

    return {"listed": with_index(desk, read)}


def open_report(desk: Desk, report_id: str, language: str, filters: tuple[str | None, ...]) -> Shown:
    whole = _whole(desk, report_id[:200], language)
    usable = {name: Props({"interactive": bool(whole["opened"])}) for name in MARKS}
    return {**whole, **usable, "tabs": Props({"selected": "reports"}), **narrow(desk, language, report_id, filters)}


def mark(
    desk: Desk,
    status: Any,
    language: str,
    opened: str,
    conversation: Conversation,
    filters: tuple[str | None, ...],
) -> Shown:
    """Gives the opened report a status, and marks the answers that were given from it."""
    try:
        is_known = with_index(desk, lambda index: index.set_status(opened, status))
    except BriefingError as error:
        return {"added": message_html(str(error))}
    said = word("marked", language, report=opened, status=word(status, language))
    told = said if is_known else word("no such report", language, report=opened)
    return {
        "added": message_html(told),
        **_whole(desk, opened, language),
        **narrow(desk, language, opened, filters),
        **_step(drawn(desk, conversation, language)),
    }


def add_uploaded(
    desk: Desk, paths: list[str] | None, language: str, opened: str, filters: tuple[str | None, ...]
) -> Iterator[Shown]:
    if not paths:
        yield {"added": message_html(word("no files", language))}
        return
    yield {"added": message_html(word("reading", language, count=len(paths)))}
    yield from _add(desk, lambda: add_files(desk, [Path(path) for path in paths]), language, opened, filters)
    yield {"upload": None}


def add_pasted(
    desk: Desk, pasted: tuple[str, str, str, str], language: str, opened: str, filters: tuple[str | None, ...]
) -> Iterator[Shown]:
    """`pasted`: text, title, outlet, day."""
    text, title, source, published = pasted
    yield from _add(
        desk, lambda: add_text(desk, text, title=title, source=source, published=published), language, opened, filters
    )


def _add(
    desk: Desk, work: Callable[[], Iterator[Added]], language: str, opened: str, filters: tuple[str | None, ...]
) -> Iterator[Shown]:
    done: list[Added] = []
    try:
        for result in work():
            done.append(result)
            yield {"added": added_html(done, language, is_done=False)}
    except BriefingError as error:
        yield {"added": message_html(str(error))}
        return
    yield {
        "added": added_html(done, language, is_done=True),
        **covered(desk, language),
        **narrow(desk, language, opened, filters),
    }


def _whole(desk: Desk, report_id: str, language: str) -> Shown:
    def read(index: Index) -> Report | None:
        return index.report(report_id)

    report = with_index(desk, read)
    if report is None:
        return {"whole": message_html(word("no such report", language, report=report_id)), "opened": ""}
    return {"whole": report_html(report, language), "opened": report_id}


# The frame


def worded(desk: Desk, language: str, conversation: Conversation) -> Shown:
    """All that is shown in words of the page's language, but for labels."""
    return {
        "header": header_html(language),
        "language": language,
        "limits": limits_html(language),
        "whole": f'<p class="welcome">{escape(word("choose report", language))}</p>',
        **covered(desk, language),
        **narrow(desk, language, "", ("",) * len(FILTERS)),
        **_step(drawn(desk, conversation, language)),
    }


def covered(desk: Desk, language: str) -> Shown:
    """What shows the coverage of the index: the line at the top, the as-of day, the filters' choices."""
    coverage = with_index(desk, lambda index: index.coverage())
    anything = (word("any", language), "")
    outlets = [(source, source) for source in coverage.sources if source]
    languages = [(LANGUAGES.get(code, code), code) for code in coverage.languages]
    return {
        "coverage": coverage_html(coverage, language),
        "as_of": coverage.newest.isoformat() if coverage.newest else "",
        "filter_outlet": Props({"choices": [anything, *outlets]}),
        "filter_language": Props({"choices": [anything, *languages]}),
    }


def message_html(text: str) -> str:
    return f'<p class="message" role="status" dir="auto">{escape(text)}</p>' if text else ""


def header_html(language: str) -> str:
    return (
        f'<div class="brand" data-language="{language}" data-direction="{direction(language)}">'
        f"<h1>{escape(word('title', language))}</h1><span>{escape(word('tagline', language))}</span></div>"
    )


def limits_html(language: str) -> str:
    return escape(word("limits", language, types=" ".join(sorted(FORMATS)), megabytes=MAX_UPLOAD_MB))
