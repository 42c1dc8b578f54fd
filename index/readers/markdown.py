"""Markdown to the text a reader would see, with an optional front matter. Prose stays as it is, word for word."""

import re
from collections.abc import Iterator

from index.readers.clean import LINE_ENDS
from index.readers.decode import decode
from index.readers.draft import Draft
from index.readers.front_matter import split_front_matter
from index.readers.paragraphs import unwrap_text

FENCE = re.compile(r"^[ ]{0,3}(```+|~~~+).*$", re.MULTILINE)
DEFINITION = re.compile(r"^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+.*$\n?", re.MULTILINE)
HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
UNDERLINED = re.compile(r"^(?=.*\w)(.+)\n[ ]{0,3}(?:=+|-{2,})[ \t]*$", re.MULTILINE)
RULE = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.MULTILINE)
QUOTED = re.compile(r"^[ ]{0,3}(?:>[ ]?)+", re.MULTILINE)
# [text](target "title"), ![text](target) and [text][reference]; bounded, so that no input makes it slow.
LINK = re.compile(
    r"!?\[([^\[\]\n]{0,1000})\]"
    r"(?:\([^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?(?:[ \t]+[\"'][^\n]{0,500}?[\"'])?\)"
    r"|\[[^\[\]\n]{0,200}\])"
)
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,2000}?\S|\S)\1")
# One underscore inside a word (file_name) is no emphasis; one star between numbers (3 * 4) neither.
EMPHASIS = re.compile(r"(?<![\w*_\\])([*_])(?=[^\s*_])([^\n*_]{1,2000}?)(?<=\S)\1(?![\w*_])")
CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^\n]{1,2000}?)(?<!`)\1(?!`)")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader takes the name
    """One draft; the first heading is its title unless the front matter gives one."""
    text, declared = split_front_matter(decode(data))
    lines = LINE_ENDS.sub("\n", text).strip("\n")
    title = declared.pop("title", "") or _first_heading(lines)
    yield Draft(text=unwrap_text(plain_text(lines)), title=title, **declared)


def plain_text(markdown: str) -> str:
    """`markdown` without its marks: headings, links, emphasis, code and quotes keep their words."""
    unfenced = FENCE.sub("", _without_comments(markdown))
    blocks = DEFINITION.sub("", unfenced)
    headings = HEADING.sub(r"\1", UNDERLINED.sub(r"\1\n", blocks))
    unquoted = QUOTED.sub("", RULE.sub("", headings))
    linked = AUTOLINK.sub(r"\1", LINK.sub(r"\1", unquoted))
    unmarked = EMPHASIS.sub(r"\2", STRONG.sub(r"\2", CODE.sub(r"\2", linked)))
    return ESCAPE.sub(r"\1", unmarked)


def _without_comments(markdown: str) -> str:
    """By splitting: a pattern for this takes time in the square of the length when comments are never closed."""
    before, *openings = markdown.split("<!--")
    kept = [before]
    for opening in openings:
        _, closed, after = opening.partition("-->")
        kept.append(after if closed else f"<!--{opening}")
    return "".join(kept)


def _first_heading(markdown: str) -> str:
    """The text of the first heading, if the text opens with it or with one of the first level."""
    heading = HEADING.search(markdown) or UNDERLINED.search(markdown)
    return plain_text(heading.group(1)).strip() if heading else ""
