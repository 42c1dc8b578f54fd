"""A mail message to text: the readable part, with sender, date and subject. Attachments are not read."""

from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from index.errors import BadReport
from index.readers.clean import clean_line
from index.readers.decode import decode
from index.readers.draft import Draft
from index.readers.markup import markup_text
from index.readers.paragraphs import unwrap_text


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader takes the name
    """One draft; its id is the Message-ID, so that the same message saved twice is one report."""
    try:
        message = message_from_bytes(data, policy=policy.default)
    except (MessageError, ValueError):
        raise BadReport("it is no mail message that can be read; save it again as .eml") from None
    if not message.keys():
        raise BadReport("it has no mail headers (From, Date, Subject); if it is plain text, name it .txt")
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        raise BadReport("the message has no text, only attachments; save those as files and ingest them")
    text = _text(part)
    sender, address = parseaddr(_header(message, "From"))
    yield Draft(
        text=markup_text(text) if part.get_content_type() == "text/html" else unwrap_text(text),
        title=_header(message, "Subject"),
        source=(sender or address)[:300],
        published=_date(message),
        id=_header(message, "Message-ID").strip("<> ")[:200],
    )


def _header(message: EmailMessage, key: str) -> str:
    try:
        return clean_line(str(message.get(key) or ""))
    except (MessageError, ValueError, IndexError, TypeError):  # the standard parser trips over some malformed headers
        return ""


def _text(part: MIMEPart) -> str:
    try:
        return part.get_content()
    except (LookupError, ValueError):  # a charset that does not exist
        payload = part.get_payload(decode=True)
        return decode(payload if isinstance(payload, bytes) else b"")


def _date(message: EmailMessage) -> str:
    """The Date header in UTC, ISO; empty when there is none that can be read."""
    try:
        moment = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    # "-0000" and no zone mean: UTC, the sender's zone unknown (RFC 5322, 3.3).
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
