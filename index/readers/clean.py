"""Text as it may be stored: NFC, "\\n" line ends, nothing that a reader cannot see but a program would act on."""

import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
# Control characters; soft hyphen, zero-width space and no-break (these hide words from the search); bidi embeddings,
# overrides and isolates (unbalanced, they would turn the page around a quotation); the invisible "tag" letters (used to
# slip instructions to a model). Joiners (200C, 200D) and direction marks (200E, 200F) belong to the spelling: kept.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
TRAILING_SPACE = re.compile(r"[ \t]+\n")
MANY_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """`text` for `Report.body`. Half of a surrogate pair becomes U+FFFD, so that the loss shows."""
    lines = LINE_ENDS.sub("\n", text)
    visible = UNSEEN.sub("", LONE_SURROGATES.sub("\ufffd", lines))
    tidy = MANY_BLANK_LINES.sub("\n\n", TRAILING_SPACE.sub("\n", visible))
    return unicodedata.normalize("NFC", tidy).strip()


def clean_line(text: str) -> str:
    """`text` for a title or a name: as `clean_text`, on one line, single spaces."""
    return " ".join(clean_text(text).split())
