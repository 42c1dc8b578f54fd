"""File formats to drafts. One module per format, each with `read(data, name)`, which yields `Draft` or `Unusable`.

A reader raises `BadReport` with the reason alone; whoever knows the file's name puts it in front. Nothing here imports
a parser: the modules named below are imported where they run, most of them in a process of their own.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from index.readers.draft import Draft, Unusable

# Extension → format; every format is a module of this folder.
FORMATS = {
    ".txt": "plaintext",
    ".text": "plaintext",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "webpage",
    ".htm": "webpage",
    ".xhtml": "webpage",
    ".pdf": "pdf",
    ".docx": "word",
    ".eml": "mail",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".json": "records",
    ".jsonl": "lines",
    ".ndjson": "lines",
}
# These parse formats that can be made to crash, hang or swell, so they run in a limited process.
HOSTILE = frozenset({"markdown", "webpage", "pdf", "word", "mail", "feed", "records"})
# One file, one report: its name may date it.
SINGLE = frozenset({"plaintext", "markdown", "webpage", "pdf", "word", "mail"})

Read = Callable[[bytes, str], Iterator[Draft | Unusable]]


def reader_of(format_name: str) -> Read:
    """The `read` function of a format in FORMATS; imports its module."""
    read: Read = import_module(f"index.readers.{format_name}").read
    return read
