"""Files, folders and standard input to reports, or named rejections. One at a time; a bad one never stops the others.

Knows which file needs which reader; what is inside each format is known in `index/readers/`.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from index.errors import BadReport
from index.readers import FORMATS, HOSTILE, SINGLE, reader_of
from index.readers.draft import Draft, Unusable
from index.readers.lines import read_lines
from index.readers.report import content_hash, report_from_text
from index.readers.sandbox import ParserProcess
from index.readers.sniff import format_of
from index.types import Report

if TYPE_CHECKING:
    from index.fetch import Page

__all__ = ["Limits", "Rejection", "content_hash", "read_reports", "report_from_text"]

# `Path` makes one slash of two.
URL = re.compile(r"(?:https?|ftp|file):/{1,2}", re.IGNORECASE)
# For addresses that do not end in an extension.
_EXTENSIONS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
}
STDIN_NAME = "standard input"
MAX_REASON_CHARS = 400


class Rejection(NamedTuple):
    """A file or entry that is no report, and why."""

    name: str
    """Its path as given or below the folder given; with ":17" for a line, " entry 3" for an entry."""
    reason: str
    """One line: what was found, what was expected, what to do."""


class Limits(NamedTuple):
    """How much of one file is dealt with; a file over a limit is rejected, not cut."""

    max_file_bytes: int = 50_000_000
    """Of one file; of .jsonl, where lines are read one at a time, of one line at most."""
    max_body_chars: int = 2_000_000
    parse_seconds: int = 25
    """Of computing, per file, in the parser process: with its start, a file is done with after half a minute."""
    parse_memory_mb: int = 512


DEFAULT_LIMITS = Limits()


Fetch = Callable[[str], "Page"]
"""Gets a page of the web, or raises `BadReport`."""


class _Source(NamedTuple):
    name: str
    path: Path


def read_reports(
    paths: Iterable[str | Path],
    *,
    stdin: BinaryIO | None = None,
    limits: Limits = DEFAULT_LIMITS,
    fetch: Fetch | None = None,
) -> Iterator[Report | Rejection]:
    """Each report in `paths`, or the reason why there is none, lazily and in a fixed order.

    A folder is read with all below it, sorted, hidden files left out, links out of it rejected. "-" is `stdin`: JSON
    Lines if it begins with "{", else one plain text. `fetch` gets a page of the web; without it nothing is fetched.
    """
    with ParserProcess(limits.parse_seconds, limits.parse_memory_mb) as parser:
        # One path alone is a mistake that is easily made, and a string would be taken letter by letter.
        for given in [paths] if isinstance(paths, str | Path) else paths:
            if str(given) == "-":
                yield from _settled(STDIN_NAME, _stdin_drafts(stdin, parser, limits), limits)
                continue
            if fetch is not None and URL.match(str(given)):
                yield from _settled(str(given), _page_drafts(str(given), fetch, parser, limits), limits)
                continue
            for source in _files(given):
                if isinstance(source, Rejection):
                    yield source
                else:
                    yield from _settled(source.name, _file_drafts(source, parser, limits), limits)


def list_files(paths: Iterable[str | Path]) -> Iterator[str | Rejection]:
    """The files that `read_reports` would open for `paths`, by name and in its order; none is opened here."""
    for given in paths:
        for source in _files(given):
            yield source if isinstance(source, Rejection) else source.name


class _Dated(NamedTuple):
    """A draft, and whether its file's name may date it."""

    draft: Draft | Unusable
    by_name: bool


def _settled(name: str, drafts: Iterator[_Dated], limits: Limits) -> Iterator[Report | Rejection]:
    """Drafts to reports and rejections; whatever is wrong with the file ends it with a rejection."""
    try:
        for draft, by_name in drafts:
            if isinstance(draft, Unusable):
                yield _rejection(name + draft.entry, draft.reason)
            else:
                yield _settle(name + draft.entry, draft, by_name, limits)
    except BadReport as error:
        yield _rejection(name, str(error))
    except OSError as error:
        yield _rejection(name, f"it cannot be read: {error.strerror or error}")


def _settle(name: str, draft: Draft, by_name: bool, limits: Limits) -> Report | Rejection:
    declared = {key: value for key, value in draft._asdict().items() if key not in ("text", "entry")}
    try:
        return report_from_text(
            draft.text,
            name=name,
            declared=declared,
            max_body_chars=limits.max_body_chars,
            dated_by_name=by_name,
        )
    except BadReport as error:
        return _rejection(name, str(error).removeprefix(f"{name}: "))


def _rejection(name: str, reason: str) -> Rejection:
    return Rejection(_printable(name), _printable(" ".join(reason.split()))[:MAX_REASON_CHARS])


def _printable(text: str) -> str:
    """File names may hold line ends, terminal commands, or bytes that are no UTF-8."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _file_drafts(source: _Source, parser: ParserProcess, limits: Limits) -> Iterator[_Dated]:
    if not stat.S_ISREG(source.path.stat().st_mode):  # a pipe or a device could be read for ever
        raise BadReport("it is neither a file nor a folder")
    with source.path.open("rb") as stream:
        if FORMATS.get(source.path.suffix.lower()) == "lines":
            for draft in read_lines(stream, _max_line_bytes(limits)):
                yield _Dated(draft, False)
            return
        data = stream.read(limits.max_file_bytes + 1)
    yield from _data_drafts(data, source.name, parser, limits)


def _page_drafts(url: str, fetch: Fetch, parser: ParserProcess, limits: Limits) -> Iterator[_Dated]:
    """The drafts of one page of the web; never dated by its address."""
    page = fetch(url)
    path = PurePosixPath(urlsplit(page.address).path)
    name = path.name if path.suffix.lower() in FORMATS else "page" + _EXTENSIONS.get(page.media_type, ".txt")
    for draft, _ in _data_drafts(page.data, name, parser, limits):
        known = draft._replace(url=draft.url or page.address) if isinstance(draft, Draft) else draft
        yield _Dated(known, False)


def _data_drafts(data: bytes, name: str, parser: ParserProcess, limits: Limits) -> Iterator[_Dated]:
    if len(data) > limits.max_file_bytes:
        raise BadReport(f"it is larger than {limits.max_file_bytes / 1e6:,.0f} MB; split it into several files")
    format_name = format_of(name, data)
    drafts = parser.read(format_name, data, name) if format_name in HOSTILE else reader_of(format_name)(data, name)
    for draft in drafts:
        yield _Dated(draft, format_name in SINGLE)


def _stdin_drafts(stdin: BinaryIO | None, parser: ParserProcess, limits: Limits) -> Iterator[_Dated]:
    if stdin is None:
        raise BadReport("nothing is connected to it; give paths instead of '-'")
    first = stdin.readline(_max_line_bytes(limits) + 1)
    if first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and first.rstrip() != b"{":
        for draft in read_lines(stdin, _max_line_bytes(limits), first):
            yield _Dated(draft, False)
        return
    data = first + stdin.read(max(0, limits.max_file_bytes + 1 - len(first)))
    # A lone "{" opens one object over many lines.
    name = "stdin.json" if first.strip() == b"{" else "stdin"
    for draft, _ in _data_drafts(data, name, parser, limits):
        yield _Dated(draft, False)


def _max_line_bytes(limits: Limits) -> int:
    # Each character may be written as \\uXXXX; a longer line could only be rejected later, after taking the memory.
    return min(limits.max_file_bytes, 8 * limits.max_body_chars + 100_000)


def _files(given: str | Path) -> Iterator[_Source | Rejection]:
    """The files that a path stands for: itself, or those in the folder."""
    name = str(given)
    if URL.match(name):
        yield _rejection(
            name, "URLs are not fetched unless --allow-url is given; or download the page and give the file"
        )
        return
    try:
        path = Path(given)
        if path.is_dir():
            yield from _below(path)
        elif path.exists():
            yield _Source(name, path)
        else:
            yield _rejection(name, "there is no such file or folder; check the path")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield _rejection(name, f"it cannot be opened: {error}")


def _below(folder: Path) -> Iterator[_Source | Rejection]:
    """All files in `folder`, each folder's in the order of their names, then those in the folders below it."""
    refused: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=refused.append):
        while refused:
            error = refused.pop()
            yield _rejection(str(error.filename), f"the folder cannot be read: {error.strerror}")
        links = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))  # links are not descended
        for name in sorted([*files, *links]):
            path = Path(place, name)
            if name.startswith("."):
                continue
            if path.is_symlink() and _leads_out(path, folder):
                yield _rejection(str(path), f"it is a link out of {str(folder)!r} and not followed; give its target")
            elif name in files:
                yield _Source(str(path), path)
    for error in refused:
        yield _rejection(str(error.filename), f"the folder cannot be read: {error.strerror}")


def _leads_out(link: Path, folder: Path) -> bool:
    # `Path.resolve` raises for a link to itself (3.11); this does not.
    return not Path(os.path.realpath(link)).is_relative_to(os.path.realpath(folder))
