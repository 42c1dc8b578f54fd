"""RSS and Atom to one draft per entry, by feedparser. Only what the feed itself carries: links are not followed."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from time import struct_time
from typing import Any

import feedparser

from index.errors import BadReport
from index.readers.clean import clean_line
from index.readers.dating import ISO_DATE
from index.readers.decode import decode
from index.readers.draft import Draft, Unusable
from index.readers.markup import markup_text

ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HEAD_CHARS = 20_000
MAX_ID_CHARS = 200


def read(data: bytes, name: str) -> Iterator[Draft | Unusable]:  # noqa: ARG001 - every reader takes the name
    """A draft per entry; its id is the entry's guid, else its link."""
    xml = XML_DECLARATION.sub("", decode(data))
    if ENTITY.search(xml):
        raise BadReport(
            "its XML declares entities, which can pull in other files or swell without end; remove the DOCTYPE"
        )
    if not ROOT.search(xml[:HEAD_CHARS]):
        raise BadReport("it is XML, but neither RSS nor Atom; expected a feed")
    # As a stream: a string could be taken for an address and fetched. Nothing is shown as HTML, so neither the
    # sanitizer nor the resolving of relative links is needed.
    parsed = feedparser.parse(
        io.BytesIO(xml.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.entries:
        raise BadReport("the feed has no entries")
    outlet = clean_line(markup_text(parsed.feed.get("title", "")))
    for number, entry in enumerate(parsed.entries, start=1):
        yield _entry(entry, outlet, f" entry {number}")


def _entry(entry: Mapping[str, Any], outlet: str, place: str) -> Draft | Unusable:
    contents = [content.get("value", "") for content in entry.get("content", [])]
    text = markup_text(max([*contents, entry.get("summary", "")], key=len))
    title = clean_line(markup_text(entry.get("title", "")))
    if not text:
        return Unusable(place, "it has a title or a link but no text; links are not followed")
    address = str(entry.get("link", ""))
    origin = entry.get("source")
    named = clean_line(str(origin.get("title", ""))) if isinstance(origin, Mapping) else ""
    return Draft(
        text=text,
        title=title[:1_000],
        source=(named or outlet)[:300],
        url=address[:2_000] if address.startswith(("http://", "https://")) else "",
        published=_published(entry),
        id=_short_id(clean_line(str(entry.get("id") or address))),
        entry=place,
    )


def _published(entry: Mapping[str, Any]) -> str:
    """Publication, else (in Atom often the only date) the last update; ISO, UTC."""
    for key in ("published", "updated"):
        written, parsed = str(entry.get(key, "")).strip(), entry.get(f"{key}_parsed")
        if ISO_DATE.fullmatch(written):
            return written
        if isinstance(parsed, struct_time):
            try:
                return datetime(*parsed[:6], tzinfo=UTC).isoformat()
            except ValueError:  # second 60, year 0
                continue
    return ""


def _short_id(given: str) -> str:
    return given if len(given) <= MAX_ID_CHARS else "r-" + sha256(given.encode()).hexdigest()[:32]
