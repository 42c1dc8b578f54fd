"""A Word file (.docx) to text: paragraphs and tables in their order, by python-docx."""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.table import Table
from lxml.etree import LxmlError

from index.errors import BadReport
from index.readers.clean import clean_line
from index.readers.draft import Draft

MAX_UNCOMPRESSED_BYTES = 200_000_000
MAX_RATIO = 200  # prose compresses about ten times; bombs a thousand times and more
SMALL_BYTES = 5_000_000


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader takes the name
    """One draft. Dates among the document's properties are not used: they belong to the file or to its template."""
    _refuse_bomb(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, LxmlError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadReport(f"it is no Word document that can be read ({type(error).__name__}); save it as .docx") from None
    blocks: list[str] = []
    title = ""
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            blocks.append("\n".join(" | ".join(_cells(row.cells)) for row in block.rows))
            continue
        text = block.text.strip()
        style = block.style.name if block.style is not None else ""
        if not title and style in ("Title", "Heading 1"):
            title = clean_line(text)
        blocks.append(text)
    declared = clean_line(document.core_properties.title or "")
    yield Draft(
        text="\n\n".join(block for block in blocks if block),
        title=title or ("" if declared == "Word Document" else declared),
    )


def _cells(cells: tuple[object, ...]) -> list[str]:
    """Texts of a row; a merged cell, which the library repeats, once."""
    texts: list[str] = []
    seen: set[int] = set()
    for cell in cells:
        element = id(getattr(cell, "_tc", cell))
        if element not in seen:
            seen.add(element)
            texts.append(clean_line(str(getattr(cell, "text", ""))))
    return texts


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise BadReport("it is a damaged Word file; save it again as .docx") from None
    size = sum(member.file_size for member in members)
    if size > MAX_UNCOMPRESSED_BYTES or (size > SMALL_BYTES and size > MAX_RATIO * len(data)):
        raise BadReport(
            f"unpacked it would take {size / 1e6:,.0f} MB for {len(data) / 1e6:.1f} MB: a ZIP bomb; left alone"
        )
    if not any(member.filename == "word/document.xml" for member in members):
        raise BadReport("it is a ZIP archive without a Word document in it; save the text as .docx, .pdf or .txt")
