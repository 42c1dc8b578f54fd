"""A PDF file to running text, by pypdf. Pages that are pictures of text are not read: there is no OCR."""

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from index.errors import BadReport
from index.readers.clean import clean_line
from index.readers.draft import Draft
from index.readers.paragraphs import join_lines

PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—\s]*\d{1,4}[-–—\s]*(?:(?:of|sur|de|/)\s*\d{1,4})?", re.IGNORECASE)
WORKING_TITLE = re.compile(
    r"(?:microsoft word|untitled|sans titre|document\d*$)|\.(?:docx?|pdf|indd|odt|pages|qxd)$", re.IGNORECASE
)
# Printed forms that fonts carry as characters of their own: ligatures (ﬁ), and Arabic letters by their place in the
# word. Nobody types them in a question.
PRINTED_FORMS = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]+")
MARGIN_LINES = 2  # looked at on top and bottom of each page for running heads


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader takes the name
    """One draft. The file's creation date is not used: it says when the file was made, not when the text appeared."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every blemish of every file
    try:
        document = PdfReader(io.BytesIO(data), strict=False)
        # An empty password opens files that are only protected against changes.
        if document.is_encrypted and not document.decrypt(""):
            raise BadReport("it is an encrypted PDF; save it without a password")
        pages = [_typed(page.extract_text() or "").splitlines() for page in document.pages]
        title = clean_line((document.metadata.title if document.metadata else None) or "")
    except PyPdfError as error:
        raise BadReport(f"it is a damaged PDF ({' '.join(str(error).split())[:80]}); save it again") from None
    text = join_lines([line for page in _without_running_heads(pages) for line in page])
    if not any(character.isalnum() for character in text):
        raise BadReport(f"its {len(pages)} PDF pages hold no text (scanned?); run text recognition (OCR) on it first")
    yield Draft(text=text, title="" if WORKING_TITLE.search(title) else title)


def _typed(text: str) -> str:
    return PRINTED_FORMS.sub(lambda forms: unicodedata.normalize("NFKC", forms.group()), text)


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without page numbers, and without lines repeated on top or bottom of most pages."""
    stripped = [[line.strip() for line in page] for page in pages]
    filled = [[line for line in page if line] for page in stripped]
    margins = Counter(
        key for page in filled for key in {_numberless(line) for line in page[:MARGIN_LINES] + page[-MARGIN_LINES:]}
    )
    often = max(3, len(filled) // 2 + 1)
    repeated = {key for key, count in margins.items() if count >= often}
    return [
        [
            line
            for number, line in enumerate(page)
            if not (
                (number < MARGIN_LINES or number >= len(page) - MARGIN_LINES)
                and line
                and (PAGE_NUMBER.fullmatch(line) or _numberless(line) in repeated)
            )
        ]
        for page in stripped
    ]


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "0", line)
