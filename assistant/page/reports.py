"""The reports tab → HTML: the list with its filters, one report whole, and what became of added files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from assistant.page.desk import Added
from assistant.page.text import escape, exact, foreign, prose
from assistant.page.words import LANGUAGES, word, word_html
from index.places.names import fold
from index.types import Coverage, Passage, Report

LISTED = 200
"""Reports shown at once; the filters narrow a longer list."""


class Filters(NamedTuple):
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    source: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    """Included."""
    place: str = ""


class Listed(NamedTuple):
    reports: tuple[Report, ...]
    total: int
    """How many passed the filters."""


def filtered(reports: Iterable[Report], filters: Filters, passages: Callable[[str], Sequence[Passage]]) -> Listed:
    """The reports that pass, in the order given; `passages` gives those of a report id, for the places named."""
    passing = _passing(reports, filters, passages)
    shown = tuple(islice(passing, LISTED))
    return Listed(shown, len(shown) + sum(1 for _ in passing))


def _passing(
    reports: Iterable[Report], filters: Filters, passages: Callable[[str], Sequence[Passage]]
) -> Iterator[Report]:
    words = filters.words.casefold().split()
    place = fold(filters.place.strip())
    for report in reports:
        if filters.source and report.source != filters.source:
            continue
        if filters.language and report.language != filters.language:
            continue
        if (filters.since and report.day < filters.since) or (filters.until and report.day > filters.until):
            continue
        text = f"{report.title}\n{report.body}".casefold()
        if not all(each in text for each in words):
            continue
        if place and not _names(passages(report.id), place):
            continue
        yield report


def _names(passages: Sequence[Passage], place: str) -> bool:
    """Whether a sentence names the place, or one that lies in it; `place` is folded."""
    named = {place.name for passage in passages for sentence in passage.sentences for place in sentence.places}
    around = {
        area
        for passage in passages
        for sentence in passage.sentences
        for each in sentence.places
        for area in each.within
    }
    return any(place in fold(name) for name in named | around)


def list_html(listed: Listed, total: int, language: str, chosen: str = "") -> str:
    rows = "".join(_row(report, language, is_chosen=report.id == chosen) for report in listed.reports)
    count = word("listed", language, shown=min(listed.total, len(listed.reports)), total=total)
    return f'<p class="count">{escape(count)}</p><ul class="reports">{rows}</ul>'


def _row(report: Report, language: str, *, is_chosen: bool) -> str:
    status = f'<span class="badge">{escape(word(report.status, language))}</span>' if report.status != "usable" else ""
    return (
        f'<li><button type="button" class="report-row{" is-chosen" if is_chosen else ""}" '
        f'data-report="{exact(report.id)}"><span class="headline" dir="auto">{escape(report.title)}</span>'
        f'<span class="facts">{report.day} · {foreign(report.source or word("unknown outlet", language))} · '
        f"{escape(LANGUAGES.get(report.language, report.language))}{status}</span></button></li>"
    )


def report_html(report: Report, language: str) -> str:
    """One report whole, as text."""
    facts = [
        f"<b>{foreign(report.source or word('unknown outlet', language))}</b>",
        f"{report.day}",
        escape(LANGUAGES.get(report.language, report.language)),
        escape(word("dated by", language, how=word(report.dated_by, language))),
    ]
    if report.revision > 1:
        facts.append(escape(word("revision", language, number=report.revision)))
    facts.append(foreign(report.id))
    badges = [word(report.status, language)] if report.status != "usable" else []
    if report.copy_of:
        badges.append(word("copy", language, report=report.copy_of))
    shown = "".join(f'<span class="badge">{escape(badge)}</span>' for badge in badges)
    paragraphs = "".join(
        f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in report.body.split("\n") if paragraph.strip()
    )
    # The address is text, not a link: a report's link could lead anywhere.
    url = f'<p class="facts">{foreign(report.url)}</p>' if report.url else ""
    return (
        f'<article class="whole" lang="{escape(report.language)}"><p class="facts">{" · ".join(facts)}{shown}</p>'
        f'<h2 dir="auto">{escape(report.title)}</h2>{url}{paragraphs}</article>'
    )


def added_html(results: Sequence[Added], language: str, *, is_done: bool) -> str:
    """What became of each file so far, rejections first."""
    rejected = [each for each in results if each.outcome is None]
    stored = [each for each in results if each.outcome is not None]
    summary = word(
        "add summary",
        language,
        added=sum(each.outcome in ("added", "revised") for each in stored),
        unchanged=sum(each.outcome == "unchanged" for each in stored),
        rejected=len(rejected),
    )
    items = "".join(_result(each, language) for each in [*rejected, *stored[-LISTED:]])
    state = "done" if is_done else "working"
    return f'<div class="added {state}"><p class="count">{escape(summary)}</p><ul>{items}</ul></div>'


def _result(each: Added, language: str) -> str:
    outcome = each.outcome or "rejected"
    text = f"{foreign(each.title)} " if each.title else ""
    reason = f" — {foreign(each.reason)}" if each.reason else ""
    return (
        f'<li class="{outcome}"><b>{escape(word(outcome, language))}</b> {text}'
        f'<span class="facts">{foreign(each.name)}</span>{reason}</li>'
    )


def coverage_html(coverage: Coverage, language: str) -> str:
    """The line that says what can be asked about; hovering names the outlets."""
    if not coverage.reports:
        return f'<p class="coverage">{escape(word("coverage empty", language))}</p>'
    line = word_html(
        "coverage",
        language,
        reports=str(coverage.reports),
        oldest=prose(coverage.oldest),
        newest=prose(coverage.newest),
        outlets=str(len(coverage.sources)),
        languages=", ".join(foreign(LANGUAGES.get(code, code)) for code in coverage.languages),
    )
    return f'<p class="coverage" title="{escape(", ".join(coverage.sources))}">{line}</p>'
