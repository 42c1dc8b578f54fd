"""The reports tab → HTML: the list with its filters, one report whole, and what became of added files."""

from collections.abc import Sequence

from assistant.page.desk import Added
from assistant.page.names import language_name
from assistant.page.refusals import refusal
from assistant.page.text import escape, exact, foreign, prose
from assistant.page.words import word, word_html
from index.listing import Listed, Row
from index.types import Coverage, Report

LISTED = 100
"""Reports shown at first, and with each press of the button below them."""


def list_html(listed: Listed, language: str) -> str:
    """A list that goes on ends with a button for more."""
    rows = "".join(_row(row, language) for row in listed.rows)
    key = "listed" if len(listed.rows) == listed.passing else "listed first"
    count = word(key, language, shown=len(listed.rows), passing=listed.passing, total=listed.held)
    return f'<p class="count" role="status">{escape(count)}</p><ul class="reports">{rows}</ul>{_more(listed, language)}'


def _more(listed: Listed, language: str) -> str:
    left = listed.passing - len(listed.rows)
    if left <= 0:
        return ""
    said = escape(word("list more", language, count=min(left, LISTED)))
    return f'<button type="button" class="more-reports" data-list="{len(listed.rows) + LISTED}">{said}</button>'


def _row(row: Row, language: str) -> str:
    return (
        f'<li><button type="button" class="report-row" data-report="{exact(row.id)}">'
        f'<span class="headline" dir="auto">{escape(row.title)}</span>'
        f'<span class="facts">{row.day} · {foreign(row.source or word("unknown outlet", language))} · '
        f"{escape(language_name(row.language, language))}{badges_html(row.status, None, language)}</span>"
        "</button></li>"
    )


def badges_html(status: str, copy_of: str | None, language: str) -> str:
    """What a reader must know of a report before trusting it."""
    marked = f'<span class="badge">{escape(word(status, language))}</span>' if status != "usable" else ""
    said = escape(word("copy", language, report=copy_of or ""))
    return f'{marked}<span class="badge copy">{said}</span>' if copy_of else marked


def report_html(report: Report, language: str, quoted: Sequence[tuple[int, int]] = ()) -> str:
    """One report whole, as text; the slices `quoted` of its body are marked."""
    facts = [
        f"<b>{foreign(report.source or word('unknown outlet', language))}</b>",
        f"{report.day}",
        escape(language_name(report.language, language)),
        escape(word("dated by", language, how=word(report.dated_by, language))),
    ]
    if report.revision > 1:
        facts.append(escape(word("revision", language, number=report.revision)))
    facts.append(foreign(report.id))
    badges = badges_html(report.status, report.copy_of, language)
    paragraphs = "".join(
        f'<p dir="auto">{paragraph}</p>' for paragraph in _marked(report.body, quoted).split("\n") if paragraph.strip()
    )
    # The address is text, not a link: a report's link could lead anywhere.
    url = f'<p class="facts">{foreign(report.url)}</p>' if report.url else ""
    return (
        f'<article class="whole" lang="{escape(report.language)}" data-opened="{exact(report.id)}">'
        f'<p class="facts">{" · ".join(facts)}{badges}</p>'
        f'<h2 dir="auto">{escape(report.title)}</h2>{url}{paragraphs}</article>'
    )


def _marked(body: str, quoted: Sequence[tuple[int, int]]) -> str:
    """The body escaped, with marks around slices; a mark ends with its line and begins again on the next."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(quoted):
        if not at <= start < end <= len(body):  # ids and slices come back from the browser: anything may be in them
            continue
        lines = (f"<mark>{escape(line)}</mark>" if line else "" for line in body[start:end].split("\n"))
        parts += [escape(body[at:start]), "\n".join(lines)]
        at = end
    return "".join([*parts, escape(body[at:])])


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
    reason = f" — {foreign(refusal(each.reason, language))}" if each.reason else ""
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
        languages=word("comma", language).join(escape(language_name(code, language)) for code in coverage.languages),
    )
    return f'<p class="coverage" title="{escape(", ".join(coverage.sources))}">{line}</p>'
