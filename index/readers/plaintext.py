"""Plain text, with an optional front matter."""

from collections.abc import Iterator

from index.readers.decode import decode
from index.readers.draft import Draft
from index.readers.front_matter import split_front_matter
from index.readers.paragraphs import unwrap_text


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader takes the name
    """One draft."""
    text, declared = split_front_matter(decode(data))
    yield Draft(text=unwrap_text(text), **declared)
