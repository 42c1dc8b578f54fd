"""JSON to drafts: one report object, a list of them, or a JSON Feed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from index.errors import BadReport
from index.readers.decode import decode
from index.readers.draft import Draft, Unusable
from index.readers.front_matter import ALIASES
from index.readers.markup import markup_text

KINDS = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
DECLARED = ("title", "source", "url", "published", "language", "id", "status", "corrects")


def read(data: bytes, name: str) -> Iterator[Draft | Unusable]:  # noqa: ARG001 - every reader takes the name
    """A draft per record. Raises `BadReport` when the file is no JSON, or holds neither an object nor a list."""
    content = parse_json(decode(data))
    if isinstance(content, dict):
        items = content.get("items")
        if isinstance(items, list) and str(content.get("version", "")).startswith("https://jsonfeed.org/"):
            yield from _feed_drafts(content, items)
        else:
            yield draft_of(content, "")
    elif isinstance(content, list):
        if not content:
            raise BadReport("its JSON list is empty, expected reports")
        for number, record in enumerate(content, start=1):
            yield draft_of(record, f" entry {number}")
    else:
        raise BadReport(f"its JSON is {_kind(content)}, expected an object with a `text`, or a list of them")


def parse_json(text: str) -> Any:
    """Raises `BadReport` that says where the JSON breaks off."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadReport(f"no valid JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BadReport("its JSON is nested too deeply; expected an object with a `text`") from None
    except ValueError:  # a number of more than 4,300 digits
        raise BadReport("no valid JSON: a number in it is too long") from None


def draft_of(record: Any, entry: str) -> Draft | Unusable:
    """A draft from one record; keys other than ours are left aside."""
    if not isinstance(record, dict):
        return Unusable(entry, f"the record is {_kind(record)}, expected an object with a `text`")
    fields: dict[str, str] = {}
    for key in ("text", *DECLARED):
        value = record.get(key)
        if value is None:
            value = next((record.get(alias) for alias, own in ALIASES.items() if own == key), None)
        if value is None and key != "text":
            continue
        if value is None and key not in record:
            return Unusable(entry, "it has no `text`; expected the report's text under that key")
        if not isinstance(value, str):
            wanted = "an ISO date in quotes" if key == "published" else "text in quotes"
            return Unusable(entry, f"{key} is {_kind(value)}, expected {wanted}")
        fields[key] = value
    return Draft(**fields, entry=entry)


def _kind(value: Any) -> str:
    return "null" if value is None else KINDS.get(type(value), "a text")


def _feed_drafts(feed: Mapping[str, Any], items: list[Any]) -> Iterator[Draft | Unusable]:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    for number, item in enumerate(items, start=1):
        record = item if isinstance(item, dict) else {}
        written = record.get("content_text") or markup_text(str(record.get("content_html") or ""))
        yield draft_of(
            {
                "text": written or record.get("summary") or "",
                "title": record.get("title"),
                "source": feed.get("title"),
                "url": record.get("url"),
                "published": record.get("date_published"),
                "language": record.get("language") or feed.get("language"),
                "id": record.get("id") or record.get("url"),
            },
            f" entry {number}",
        )
