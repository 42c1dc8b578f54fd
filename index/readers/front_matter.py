"""The `key: value` lines between two `---` lines that may open a text file."""

from typing import NamedTuple

from index.errors import BadReport
from index.readers.clean import LINE_ENDS

KEYS = frozenset({"title", "source", "url", "published", "language", "id", "fiction", "status", "corrects"})
ALIASES = {"date": "published"}
"""What other programs call a key of ours."""
MAX_LINES = 60


class Split(NamedTuple):
    text: str
    declared: dict[str, str]


def split_front_matter(text: str) -> Split:
    """The text below the front matter, and the keys we know in it; no YAML beyond `key: value` and quotes.

    Text that merely opens with a rule (`---`), or holds no `key: value` line, is left whole. Raises `BadReport` where
    a key of ours follows the rule and no second rule comes.
    """
    lines = LINE_ENDS.sub("\n", text).lstrip("\ufeff").lstrip().split("\n")
    if lines[0].rstrip() != "---":
        return Split(text, {})
    ends = [number for number, line in enumerate(lines[1:MAX_LINES], start=1) if line.rstrip() in ("---", "...")]
    if not ends:
        if len(lines) > 1 and _known(lines[1].partition(":")[0]) in KEYS:
            raise BadReport("its front matter has no end; close it with a line of `---`")
        return Split(text, {})
    header = [line for line in lines[1 : ends[0]] if line.strip() and not line.lstrip().startswith("#")]
    # Indented lines and "- " lines belong to lists of keys we do not know.
    own = [line for line in header if not line.startswith((" ", "\t", "- "))]
    if not own or any(":" not in line for line in own):
        return Split(text, {})
    return Split("\n".join(lines[ends[0] + 1 :]), _declared(own))


def _declared(lines: list[str]) -> dict[str, str]:
    declared: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        known = _known(key)
        if known not in KEYS:
            continue
        if known in declared:
            raise BadReport(f"its front matter gives {known!r} twice; keep one")
        declared[known] = _unquoted(value.strip())
    return declared


def _known(key: str) -> str:
    plain = key.strip().lower()
    return ALIASES.get(plain, plain)


def _unquoted(value: str) -> str:
    for quote in ('"', "'"):
        if len(value) >= 2 and value[0] == value[-1] == quote:
            return value[1:-1]
    return value
