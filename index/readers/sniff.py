"""Which reader a file needs, from its extension and, where that is wrong or missing, from its first bytes."""

import re
from pathlib import PurePath

from index.errors import BadReport
from index.readers import FORMATS

HEAD_BYTES = 4_096
# First bytes of what is no report, or not in a form we read.
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file (.doc, .xls); save it as .docx"),
    (b"{\\rtf", "an RTF file; save it as .docx or .txt"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
XML_FEED = re.compile(
    rb"\s*(?:<\?xml.*?>\s*|<!--.*?-->\s*|<\?.*?\?>\s*|<!doctype.*?>\s*)*<(?:rss|feed|rdf:rdf)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def format_of(name: str, data: bytes) -> str:
    """A key of the reader table. Raises `BadReport` when no reader fits, saying what the file is."""
    extension = PurePath(name).suffix.lower()
    expected = FORMATS.get(extension)
    head = data[:HEAD_BYTES]
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise BadReport("it is empty")
    for mark, kind in FOREIGN:
        if head.startswith(mark):
            raise BadReport(f"it is {kind}; expected {_extensions()}")
    seen = _seen(head)
    if seen is not None:
        return seen
    if expected == "pdf":
        raise BadReport("it is no PDF: it does not begin with %PDF; give it the extension of its format")
    if expected == "word":
        raise BadReport("it is no Word file: .docx files are ZIP archives; give it the extension of its format")
    if expected is None and extension:
        raise BadReport(f"{extension!r} files are not read; expected {_extensions()}")
    return expected or "plaintext"


def _seen(head: bytes) -> str | None:
    """The format that the first bytes give away; none for text, which could be anything."""
    if b"%PDF-" in head[:1_024] and head.lstrip()[:1] != b"<":
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "word"  # its reader says so when it is another kind of archive
    if PAGE.match(head):
        return "webpage"
    return "feed" if XML_FEED.match(head) else None


def _extensions() -> str:
    return "one of " + " ".join(sorted(FORMATS))
