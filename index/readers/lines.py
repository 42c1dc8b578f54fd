"""JSON Lines: one report object a line, read one at a time, so that a file of any length can be taken in."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import BadReport
from index.readers.draft import Draft, Unusable
from index.readers.records import draft_of, parse_json

MAX_LINE_BYTES = 16_000_000  # two million characters, each escaped


def read(data: bytes, name: str) -> Iterator[Draft | Unusable]:  # noqa: ARG001 - every reader takes the name
    """As `read_lines`, from memory."""
    return read_lines(io.BytesIO(data))


def read_lines(
    stream: BinaryIO, max_line_bytes: int = MAX_LINE_BYTES, first_line: bytes = b""
) -> Iterator[Draft | Unusable]:
    """A draft or the reason against it per line that is not blank; lines count from 1.

    `first_line` is what has been read from the stream already.
    """
    number = 0
    found = False
    line = first_line or stream.readline(max_line_bytes + 1)
    while line:
        number += 1
        if len(line) > max_line_bytes:
            found = True
            yield Unusable(f":{number}", f"the line is longer than {max_line_bytes:,} bytes; split the report")
            _skip_rest(line, stream, max_line_bytes)
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            found = True
            yield _draft(line, f":{number}")
        line = stream.readline(max_line_bytes + 1)
    if not found:
        raise BadReport("it is empty")


def _skip_rest(line: bytes, stream: BinaryIO, at_once: int) -> None:
    piece = line
    while piece and not piece.endswith(b"\n"):
        piece = stream.readline(at_once)


def _draft(line: bytes, entry: str) -> Draft | Unusable:
    try:
        return draft_of(parse_json(line.decode("utf-8-sig")), entry)
    except UnicodeDecodeError as error:
        return Unusable(entry, f"byte {error.start + 1} of the line is not UTF-8; save the file as UTF-8")
    except BadReport as error:
        return Unusable(entry, str(error).replace("at line 1, column", "at column"))
