"""What each button and field of the page does: plain values in, what is to be shown out, by the name of its part.

Free of the web toolkit: `ui.py` knows which component a name stands for.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant.page.asking import Progress, asked_again, drawn, follow
from assistant.page.desk import Added, Desk, add_files, add_text, keep_opinion, stop_asking, with_index
from assistant.page.export import Format, export_answer, export_conversation
from assistant.page.names import language_name
from assistant.page.query import Chips, read_day
from assistant.page.refusals import refusal
from assistant.page.reports import LISTED, added_html, coverage_html, list_html, report_html
from assistant.page.session import Conversation
from assistant.page.text import escape
from assistant.page.words import direction, word
from index.errors import BriefingError
from index.listing import Filters, list_reports, places_meant
from index.readers import FORMATS
from index.store import Index
from index.types import Report

MAX_UPLOAD_MB = 50

CHIPS = ("as_of", "since", "until", "places", "radius")
"""The scope fields, as those of `Chips`."""
FILTERS = ("filter_words", "filter_outlet", "filter_language", "filter_since", "filter_until", "filter_place")
"""The fields above the list of reports, as those of `Filters`."""
PASTED = ("paste_text", "paste_title", "paste_outlet", "paste_published")
MARKS = {"withdraw": "withdrawn", "correct": "corrected", "restore": "usable"}
"""Buttons that mark a report, and the status each gives."""


# Often enough to follow, seldom enough that a long list of files is not sent for each of them.
_RETELL_S = 0.3


class Props(NamedTuple):
    """Properties of a part other than its value: whether it can be used, what can be chosen in it."""

    values: dict[str, Any]


Shown = dict[str, Any]
"""What is to be shown, by the name of the part: HTML, a value, or `Props`."""


# Asking


def ask(
    desk: Desk, session: str, question: str, conversation: Conversation, language: str, chips: tuple[str, ...]
) -> Iterator[Shown]:
    for step in follow(desk, session, question, Chips(*chips), conversation, language):
        shown = _step(step)
        # The field is emptied once its question is taken up; one that is refused stays, to be mended.
        yield {**shown, "question": ""} if "running" in shown else shown


def ask_again(
    desk: Desk, session: str, conversation: Conversation, language: str, chips: tuple[str, ...]
) -> Iterator[Shown]:
    yield from map(_step, asked_again(desk, session, Chips(*chips), conversation, language))


def stop(desk: Desk, session: str) -> None:
    stop_asking(desk, session)


def clear(desk: Desk, language: str) -> Shown:
    blank = dict.fromkeys((*CHIPS[1:], "running", "message"), "")
    fresh = Conversation()
    return {"conversation": fresh, **blank, **as_of_newest(desk), **_step(drawn(desk, fresh, language))}


def save(kind: Format, conversation: Conversation, language: str, *, is_whole: bool) -> Shown:
    """The last answer as a file, or the whole conversation."""
    last = conversation.last_answered
    if last is None:
        return {"saved": "", "message": message_html(word("nothing yet", language))}
    saved = export_conversation(conversation, kind, language) if is_whole else export_answer(last, kind, language)
    # The time makes each press a new value: the same value twice would not be handed to the browser.
    return {"saved": json.dumps({**saved._asdict(), "at": time.time()})}


def judge(desk: Desk, is_useful: bool, reason: str, conversation: Conversation, language: str) -> Shown:
    last = conversation.last_answered
    if last is None:
        return {"message": message_html(word("nothing yet", language))}
    keep_opinion(desk.index.folder, last, is_useful=is_useful, reason=reason)
    return {"reason": "", "message": message_html(word("thanks", language))}


def _step(step: Progress) -> Shown:
    shown: Shown = {
        "talk": step.talk,
        "running": step.running,
        "sources": step.sources,
        "conversation": step.conversation,
    }
    if step.message is not None:
        shown["message"] = message_html(step.message)
    if step.chips is not None:
        shown |= dict(zip(CHIPS, step.chips, strict=True))
    return {name: value for name, value in shown.items() if value is not None}


# Reports


def narrow(desk: Desk, language: str, filters: tuple[str | None, ...], shown: int = LISTED) -> Shown:
    """The newest `shown` of the reports that pass the filters."""
    words, source, spoken, since, until, place = (text or "" for text in filters)
    try:
        wanted = Filters(words, source, spoken, read_day(since, language), read_day(until, language), place)
    except BriefingError as error:
        return {"listed": message_html(str(error))}

    def read(index: Index) -> str:
        languages = index.coverage().languages
        places = places_meant(place, index.snapshot().places.items(), index.gazetteer) if place.strip() else None
        found = list_reports(index.catalog.connection, wanted, languages=languages, places=places, limit=shown)
        return list_html(found, language)

    return {"listed": with_index(desk, read)}


def follow_link(
    desk: Desk, given: object, conversation: Conversation, language: str, filters: tuple[str | None, ...]
) -> Shown:
    """What page.js asks for: a `report` whole, the sources of a `turn`, more of the `list`; nothing for all else."""
    match given:
        case {"report": str(report_id), "quoted": str(quoted)}:
            return open_report(desk, report_id, language, quoted)
        case {"turn": int(turn)}:
            return {"sources": drawn(desk, conversation, language, turn).sources}
        case {"list": int(shown)}:
            return narrow(desk, language, filters, shown)
        case _:
            return {}


def open_report(desk: Desk, report_id: str, language: str, quoted: str = "") -> Shown:
    """A report whole. `quoted`: slices of its body to mark, as "start-end start-end"."""
    slices = [(int(start), int(end)) for start, end in _SLICE.findall(quoted[:2000])]
    return {**_whole(desk, report_id[:200], language, slices), "tabs": Props({"selected": "reports"})}


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
        **grown(desk, language, conversation, filters),
    }


def add_uploaded(
    desk: Desk, paths: list[str] | None, conversation: Conversation, language: str, filters: tuple[str | None, ...]
) -> Iterator[Shown]:
    if not paths:
        yield {"added": message_html(word("no files", language))}
        return
    yield {"added": message_html(word("reading", language, count=len(paths)))}
    read = add_files(desk, [Path(path) for path in paths])
    yield from _add(desk, read, {"upload": None}, conversation, language, filters)


def add_pasted(
    desk: Desk, pasted: Sequence[str], conversation: Conversation, language: str, filters: tuple[str | None, ...]
) -> Iterator[Shown]:
    """`pasted`: what the fields of `PASTED` hold."""
    text, title, source, published = pasted
    read = add_text(desk, text, title=title, source=source, published=published)
    yield from _add(desk, read, dict.fromkeys(PASTED, ""), conversation, language, filters)


def _add(
    desk: Desk,
    results: Iterator[Added],
    emptied: Shown,
    conversation: Conversation,
    language: str,
    filters: tuple[str | None, ...],
) -> Iterator[Shown]:
    """Tells of each result as it comes; at the end, `emptied` are the fields that are done with."""
    done: list[Added] = []
    drawn_at = 0.0
    try:
        for result in results:
            done.append(result)
            if time.perf_counter() - drawn_at > _RETELL_S:
                drawn_at = time.perf_counter()
                yield {"added": added_html(done, language, is_done=False)}
    except BriefingError as error:
        yield {"added": message_html(refusal(str(error), language))}
        return
    told = added_html(done, language, is_done=True)
    yield {"added": told, **emptied, **grown(desk, language, conversation, filters)}


_SLICE = re.compile(r"\b(\d{1,9})-(\d{1,9})\b")


def _whole(desk: Desk, report_id: str, language: str, quoted: Sequence[tuple[int, int]] = ()) -> Shown:
    def read(index: Index) -> Report | None:
        return index.report(report_id)

    report = with_index(desk, read)
    status = report.status if report is not None else None
    usable = {name: Props({"interactive": status not in (None, given)}) for name, given in MARKS.items()}
    if report is None:
        return {**usable, "whole": message_html(word("no such report", language, report=report_id)), "opened": ""}
    return {**usable, "whole": report_html(report, language, quoted), "opened": report_id}


# The frame


def worded(
    desk: Desk, language: str, opened: str, conversation: Conversation, filters: tuple[str | None, ...]
) -> Shown:
    """All that is shown in words of the page's language, but for labels."""
    nothing_read = {"whole": f'<p class="welcome">{escape(word("choose report", language))}</p>'}
    return {
        "header": header_html(language),
        "language": language,
        "limits": limits_html(language),
        **(_whole(desk, opened, language) if opened else nothing_read),
        **covered(desk, language),
        **narrow(desk, language, filters),
        **_step(drawn(desk, conversation, language)),
    }


def grown(desk: Desk, language: str, conversation: Conversation, filters: tuple[str | None, ...]) -> Shown:
    """All that depends on which reports there are."""
    told = _step(drawn(desk, conversation, language))
    return {**covered(desk, language), **as_of_newest(desk), **narrow(desk, language, filters), **told}


def as_of_newest(desk: Desk) -> Shown:
    """The as-of day that is usual: that of the newest report."""
    newest = with_index(desk, lambda index: index.coverage().newest)
    return {"as_of": newest.isoformat() if newest is not None else ""}


def covered(desk: Desk, language: str) -> Shown:
    """What shows the coverage of the index: the line at the top, the filters' choices."""
    coverage = with_index(desk, lambda index: index.coverage())
    anything = (word("any", language), "")
    outlets = [(source, source) for source in coverage.sources if source]
    languages = [(language_name(code, language), code) for code in coverage.languages]
    return {
        "coverage": coverage_html(coverage, language),
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
