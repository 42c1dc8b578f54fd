"""A web page to its article: text and title by trafilatura, the date only from what the page itself declares."""

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import html
from lxml.etree import LxmlError

from index.errors import BadReport
from index.readers.clean import clean_line
from index.readers.dating import ISO_DATE
from index.readers.decode import decode
from index.readers.draft import Draft
from index.readers.markup import markup_text

# `name`, `property` or `itemprop` of the <meta> elements that carry a publication date; best first. Dates of change
# ("modified") are not among them: they say when somebody touched the page.
DATE_NAMES = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "article:published",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "publication_date",
    "publish_date",
    "pubdate",
    "date",
)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read(data: bytes, name: str) -> Iterator[Draft]:
    """One draft. trafilatura's own date is left aside: it also guesses from the text, the address and today."""
    page = XML_DECLARATION.sub("", decode(data))
    try:
        tree: Any = html.document_fromstring(page)
    except (LxmlError, ValueError):
        raise BadReport("it holds no web page that can be read") from None
    published = _published(tree)
    address = _address(tree)
    article = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    if isinstance(article, dict):
        raise TypeError(f"{name}: trafilatura returned a dict, expected a Document")
    text = (article.text if article else "") or ""
    title = (article.title if article else "") or clean_line(tree.findtext(".//title") or "")
    source = (article.sitename if article else "") or ""
    # Very short pages are no article to trafilatura.
    yield Draft(text=text or markup_text(page), title=title, source=source[:300], url=address, published=published)


def _published(tree: Any) -> str:
    declared: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            key = (meta.get(attribute) or "").strip().lower()
            if key in DATE_NAMES:
                declared.setdefault(key, (meta.get("content") or meta.get("datetime") or "").strip())
    candidates = [declared[key] for key in DATE_NAMES if key in declared]
    candidates += _linked_data_dates(tree)
    candidates += [
        element.get("datetime") or element.get("content") or ""
        for element in tree.xpath("//*[@itemprop='datePublished' or (self::time and @pubdate)]")
    ]
    return next((found for found in map(str.strip, candidates) if ISO_DATE.match(found)), "")


def _linked_data_dates(tree: Any) -> list[str]:
    """`datePublished` of the article in the page's JSON-LD."""
    dates: list[str] = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            pending: list[Any] = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending.extend(node)
            elif isinstance(node, dict):
                if isinstance(node.get("datePublished"), str):
                    dates.append(node["datePublished"])
                pending.extend(
                    value for key, value in node.items() if key in ("@graph", "mainEntity", "mainEntityOfPage")
                )
    return dates


def _address(tree: Any) -> str:
    for element in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        address = str(element).strip()
        if address.startswith(("http://", "https://")):
            return address[:2_000]
    return ""
