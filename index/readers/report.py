"""A text with its declared fields to a `Report`: the last step that all readers share.

Checks and cleans each field, finds the title, the date and the language where none is declared, and gives an id.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from index.dates import PartialDate, find_dateline, find_partial_dateline
from index.errors import BadReport
from index.language import UNDETERMINED, detect_language
from index.readers.clean import clean_line, clean_text
from index.readers.dating import Published, date_in_name, on_day, parse_published
from index.types import Report

FIELDS = ("title", "source", "url", "published", "language", "id", "fiction", "status", "corrects")
# A future date in a real report is a slip of the pen; invented reports are set there on purpose.
FAR_FUTURE = datetime(9000, 1, 1, tzinfo=UTC)
MAX_BODY_CHARS = 2_000_000
MAX_FIELD_CHARS = {"title": 1_000, "source": 300, "url": 2_000, "id": 200, "corrects": 200}
MAX_TITLE_LINE_CHARS = 120
LANGUAGE = re.compile(r"([a-z]{2}|und)(?:[-_][a-z0-9_-]*)?", re.IGNORECASE)
RUNNABLE_URL = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)

DatedBy = Literal["metadata", "dateline", "file name"]


class Dated(NamedTuple):
    published: Published
    by: DatedBy


def report_from_text(
    text: str,
    *,
    name: str,
    declared: Mapping[str, str],
    max_body_chars: int = MAX_BODY_CHARS,
    dated_by_name: bool = True,
    now: datetime | None = None,
) -> Report:
    """The report that `text` is, with what its file declares (keys: `FIELDS`).

    `name` is its file's; a date in it counts when nothing better is found, unless `dated_by_name` is False. `now` is
    for refusing dates in the future. Raises `BadReport`, naming the file.
    """
    try:
        return _resolve(text, name, declared, max_body_chars, dated_by_name, now or datetime.now(UTC))
    except BadReport as error:
        raise BadReport(f"{name}: {error}") from None


def content_hash(report: Report) -> str:
    """SHA-256, hexadecimal, of what a report says and where and when: equal for the same report under another id."""
    # Only when declared: the hashes of reports without them stay what they were.
    standing = (report.status, report.corrects or "") if report.status != "usable" or report.corrects else ()
    return _digest(
        report.source,
        report.title,
        report.language,
        report.body,
        report.published_at.astimezone(UTC).isoformat(),
        report.precision,
        report.url,
        *standing,
    )


def _resolve(
    text: str, name: str, declared: Mapping[str, str], max_body_chars: int, dated_by_name: bool, now: datetime
) -> Report:
    if len(text) > 4 * max_body_chars:  # before any work is done on it
        raise _too_long(len(text), max_body_chars)
    body = clean_text(text)
    if not any(character.isalnum() for character in body):
        raise BadReport("it holds no text")
    if len(body) > max_body_chars:
        raise _too_long(len(body), max_body_chars)
    fields = {key: _field(key, declared.get(key) or "") for key in FIELDS}
    language = _language(fields["language"], body)
    latest = FAR_FUTURE if fields["fiction"].casefold() == "true" else now
    dated = _date(fields["published"], body, language, name if dated_by_name else "", latest)
    title = fields["title"] or _title_line(body)
    report_id = fields["id"] or "r-" + _digest(fields["source"], title, dated.published.at.isoformat(), body)[:12]
    return Report(
        id=report_id,
        source=fields["source"],
        url=fields["url"],
        title=title,
        language=language,
        body=body,
        published_at=dated.published.at,
        precision=dated.published.precision,
        dated_by=dated.by,
        status=_status(fields["status"]),
        corrects=fields["corrects"] or None,
    )


def _too_long(found: int, most: int) -> BadReport:
    return BadReport(f"its text is {found:,} characters long, expected at most {most:,}; split it into several reports")


def _field(key: str, declared: str) -> str:
    value = clean_line(declared)
    most = MAX_FIELD_CHARS.get(key)
    if most is not None and len(value) > most:
        raise BadReport(f"{key} is {len(value):,} characters long, expected at most {most:,}")
    if key == "url" and RUNNABLE_URL.match(value):
        raise BadReport(f"url is {value[:40]!r}, expected an address that begins with https://")
    return value


def _status(declared: str) -> Literal["usable", "corrected", "withdrawn"]:
    status = declared.casefold() or "usable"
    if status not in ("usable", "corrected", "withdrawn"):
        raise BadReport(f"status is {declared[:40]!r}, expected 'usable', 'corrected' or 'withdrawn'")
    return status


def _language(declared: str, body: str) -> str:
    if not declared:
        return detect_language(body, among=None)
    code = LANGUAGE.fullmatch(declared)
    if code is None:
        raise BadReport(f"language is {declared[:40]!r}, expected an ISO 639-1 code such as 'fr'")
    primary = code.group(1).lower()
    return detect_language(body, among=None) if primary == UNDETERMINED else primary


def _title_line(body: str) -> str:
    """The first line, when it stands alone above the text and does not read like a sentence of it."""
    first, blank, rest = body.partition("\n\n")
    stands_alone = bool(blank and rest.strip()) and "\n" not in first and len(first) <= MAX_TITLE_LINE_CHARS
    return first.strip() if stands_alone and not first.rstrip().endswith((".", ":", ",", ";", "…")) else ""


def _date(declared: str, body: str, language: str, name: str, now: datetime) -> Dated:
    if declared:
        return Dated(parse_published(declared, now), "metadata")
    below_title = body.partition("\n\n")[2] if _title_line(body) else ""
    openings = [opening for opening in (body, below_title) if opening]
    for opening in openings:
        day = find_dateline(opening, language)
        if day is not None:
            return Dated(on_day(day, now, f"its dateline says {day}"), "dateline")
    named = date_in_name(name)
    if named is None:
        raise BadReport(
            "no date: give `published` (2017-10-22) in a front matter or as a JSON key, or put it in the file's name"
        )
    for opening in openings:
        partial = find_partial_dateline(opening, language)
        if partial is not None and _contradicts(partial, named):
            raise BadReport(
                f"its name says {named} ({named:%A}), its dateline another day; give `published` in a front matter"
            )
    return Dated(on_day(named, now, f"its name says {named}"), "file name")


def _contradicts(partial: PartialDate, named: date) -> bool:
    """Whether weekday, day or month, as far as the text gives them, differ from the date in the name."""
    pairs = ((partial.weekday, named.weekday()), (partial.day, named.day), (partial.month, named.month))
    return any(printed is not None and printed != own for printed, own in pairs)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode("ascii")).hexdigest()
