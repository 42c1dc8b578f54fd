"""Bytes to text. UTF-8 first; then what the markup declares; then what the bytes look like."""

import codecs
import re

from charset_normalizer import from_bytes

from index.errors import BadReport

# UTF-32 before UTF-16: its little-endian mark begins with the other's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Free to choose, charset-normalizer calls French Latin-1 Polish; among these five it was right on every French, Arabic
# and Russian sample from 21 bytes up (3.5.2).
LIKELY = ["cp1252", "cp1256", "iso8859_6", "cp1251", "mac_roman"]
SAMPLE_BYTES = 200_000
NUL_SHARE = 0.01  # a stray NUL in a text is dropped; more of them is a binary file


def decode(data: bytes) -> str:
    """The text of a file. Raises `BadReport` for bytes that are no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    wide = _utf_16_without_mark(data)
    if wide:
        return _strict(data, wide)
    if data.count(0) > NUL_SHARE * len(data):
        raise BadReport("it holds binary data, expected text; convert it, or give the extension of its format")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadReport(
            f"it begins as {encoding} text but breaks off at byte {error.start}; save it as UTF-8"
        ) from None


def _utf_16_without_mark(data: bytes) -> str | None:
    """Text in a European language as UTF-16 has a NUL in nearly every second byte."""
    head = data[:2_000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(even, odd) > 0.3 * len(head) and min(even, odd) < 0.05 * len(head):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _decode_legacy(data: bytes) -> str:
    declared = DECLARED.search(data[:2_048]) if data.lstrip()[:1] == b"<" else None
    if declared:
        try:
            return data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError, ValueError):
            pass  # a wrong declaration is common; the bytes decide
    sample = data[:SAMPLE_BYTES]
    try:
        sample.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        # The odd broken byte in a text that is otherwise UTF-8 with accents or Arabic: keep it, mark the place.
        if _mostly_utf_8(sample, error.start):
            return data.decode("utf-8", "replace")
    match = from_bytes(sample, cp_isolation=LIKELY).best()
    encoding = match.encoding if match else "cp1252"
    return data.decode(encoding, "replace")


def _mostly_utf_8(sample: bytes, first_error: int) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    intact = sum(character > "\x7f" for character in text) - broken
    return first_error > 0 and intact > 20 * broken
