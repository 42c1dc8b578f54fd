"""Lines to paragraphs: takes back the line breaks that a page width or a mail program put in."""

import re
from collections.abc import Sequence

from index.readers.clean import LINE_ENDS

BULLET = re.compile(r"\s*(?:[-–—•*▪◦·]|\d{1,2}[.)])\s")
SENTENCE_END = re.compile(r"""[.!?…؟:]["»”’')\]]*$""")
WIDEST = 100  # a text whose longest line exceeds this is not wrapped: it has a paragraph a line
HYPHENATED = re.compile(r"(\w+)[-\u2010\u00ad]$")
# First parts that keep their hyphen when a line breaks after it.
KEEPS_HYPHEN = frozenset(
    "nord sud est ouest north south east west vice ex non mi demi semi anti pro pan sous contre self co inter "
    "al el ez es ash an ar at as ad az abou abu ibn ben bin jean saint sainte".split()
)


def unwrap_text(text: str) -> str:
    """`text` with each hard-wrapped paragraph on one line; text that is not hard-wrapped is returned as it is.

    A line is joined to the next when the next one's first word would not have fitted on it.
    """
    lines = LINE_ENDS.sub("\n", text).split("\n")
    width = max(map(len, lines))
    filled = sum(len(line) > 0.6 * width for line in lines)
    if width > WIDEST or width < 40 or filled < 3:
        return text
    paragraphs: list[list[str]] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if _runs_on(before, line, width):
            paragraphs[-1].append(line.strip())
        else:
            paragraphs.append([line.rstrip()])
    return "\n".join(" ".join(parts) for parts in paragraphs)


def _runs_on(before: str, line: str, width: int) -> bool:
    """Whether `line` continues the paragraph of the line before it."""
    if not before.strip() or not line.strip() or BULLET.match(line) or line.startswith(("  ", "\t", "|")):
        return False
    first_word = line.split(maxsplit=1)[0]
    return len(before.rstrip()) + 1 + len(first_word) > width


def join_lines(lines: Sequence[str]) -> str:
    """The running text of printed lines (PDF): paragraphs separated by a blank line, words made whole again.

    A paragraph ends at an empty line, or where a sentence ends on a line clearly shorter than the others, or before a
    bullet. A short line that ends no sentence, after one that does and before one that begins like a sentence, is a
    heading and stands alone.
    """
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    if not lengths:
        return ""
    usual = lengths[int(0.75 * (len(lengths) - 1))]
    whole_words = {word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)+", line)}
    paragraphs: list[str] = [""]
    stripped = [line.strip() for line in lines]
    for line, after in zip(stripped, [*stripped[1:], ""], strict=True):
        if not line or (BULLET.match(line) and paragraphs[-1]):
            paragraphs.append(line)
            continue
        ended = not paragraphs[-1] or SENTENCE_END.search(paragraphs[-1])
        if ended and len(line) < 0.6 * usual and not SENTENCE_END.search(line) and not after[:1].islower():
            paragraphs += [line, ""]
            continue
        paragraphs[-1] = _continued(paragraphs[-1], line, whole_words)
        if len(line) < 0.7 * usual and SENTENCE_END.search(line):
            paragraphs.append("")
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _continued(paragraph: str, line: str, whole_words: set[str]) -> str:
    if not paragraph:
        return line
    broken = HYPHENATED.search(paragraph[-60:])
    if broken is None or not line[:1].isalpha():
        return f"{paragraph} {line}"
    first, second = broken.group(1), re.match(r"\w+", line)
    compound = f"{first}-{second.group() if second else ''}".lower()
    keep = first.lower() in KEEPS_HYPHEN or line[0].isupper() or compound in whole_words
    return f"{paragraph[:-1]}{'-' if keep else ''}{line}"
