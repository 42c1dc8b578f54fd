"""A document to take away → Markdown, or HTML in one file: sections of statements, their quotations as footnotes.

Lays out; knows nothing of where the statements come from. All that stands in it is foreign, and stays text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.page.text import escape, prose, visible
from assistant.page.words import direction
from assistant.types import Citation
from assistant.words import say


class Statement(NamedTuple):
    """One checked statement and the footnotes it rests on; at least one."""

    text: str
    notes: tuple[int, ...]
    sources: int = 1
    """Independent outlets that say it."""


class Section(NamedTuple):
    heading: str
    """Empty: none."""
    scope: str = ""
    """Under the heading, smaller."""
    statements: tuple[Statement, ...] = ()
    lines: tuple[str, ...] = ()
    """Paragraphs after the statements."""


class Document(NamedTuple):
    language: str
    title: str
    scope: str
    sections: tuple[Section, ...]
    footnotes: tuple[Citation, ...]
    """Footnote n is at n - 1."""


Footnotes = dict[tuple[str, int, int], Citation]
"""Those of a document in the making, each quotation once, in the order of their numbers."""


def footnote(citations: Iterable[Citation], notes: Footnotes) -> tuple[int, ...]:
    """The numbers of these quotations' footnotes, ascending; adds to `notes` those that are not there yet."""
    keys = {_slice(citation): citation for citation in citations}
    for key, citation in keys.items():
        notes.setdefault(key, citation)
    return tuple(number for number, key in enumerate(notes, start=1) if key in keys)


def _slice(citation: Citation) -> tuple[str, int, int]:
    return citation.report_id, citation.start, citation.end


def to_markdown(document: Document) -> str:
    """Markdown with footnotes, as GitHub and Pandoc read them."""
    blocks = [f"# {_plain(document.title)}", _plain(document.scope)]
    for section in document.sections:
        blocks += [f"## {_plain(section.heading)}"] if section.heading else []
        blocks += [_plain(section.scope)] if section.scope else []
        blocks.append("\n".join(_statement(each, document.language) for each in section.statements))
        blocks += map(_plain, section.lines)
    blocks.append(
        "\n".join(f"[^{n}]: {_note(each, document.language)}" for n, each in enumerate(document.footnotes, 1))
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _statement(statement: Statement, language: str) -> str:
    markers = "".join(f"[^{number}]" for number in statement.notes)
    return f"- {_plain(statement.text)} {markers}{_counted(statement, language)}"


def _note(note: Citation, language: str) -> str:
    return _plain(f"{_origin(note, language)}: “{note.quote}”")


def _plain(text: str) -> str:
    """On one line, and read by Markdown as the characters it holds."""
    line = re.sub(r"([\\`*_{}\[\]<>#|!~$&^])", r"\\\1", " ".join(visible(text).split()))
    # At its beginning, these would make it an item of a list.
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", line)


def to_html(document: Document) -> str:
    """One page that needs nothing from elsewhere and runs nothing."""
    title, language = escape(document.title), escape(document.language)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}" dir="{direction(document.language)}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{_STYLE}</style></head>",
            f'<body><h1 dir="auto">{title}</h1>',
            _scope_html(document.scope),
            *(part for section in document.sections for part in _section_html(section, document.language)),
            *_footnotes_html(document),
            "</body></html>\n",
        ]
    )


def _section_html(section: Section, language: str) -> Iterator[str]:
    # In the direction of its heading, with room for bullets on either side.
    yield '<section dir="auto">'
    if section.heading:
        yield f'<h2 dir="auto">{escape(section.heading)}</h2>'
    if section.scope:
        yield _scope_html(section.scope)
    if section.statements:
        yield "<ul>"
    for statement in section.statements:
        markers = "".join(f'<sup><a href="#n{number}">[{number}]</a></sup>' for number in statement.notes)
        yield f'<li dir="auto">{prose(statement.text)}{markers}{_counted(statement, language)}</li>'
    if section.statements:
        yield "</ul>"
    yield from (f'<p dir="auto">{prose(line)}</p>' for line in section.lines)
    yield "</section>"


def _scope_html(scope: str) -> str:
    return f'<p class="scope" dir="auto">{prose(scope)}</p>'


def _footnotes_html(document: Document) -> Iterator[str]:
    if not document.footnotes:
        return
    yield f"<h2>{escape(say('quotations', document.language))}</h2><ol>"
    for number, note in enumerate(document.footnotes, start=1):
        quote = f'<blockquote dir="auto" lang="{escape(note.language)}">{escape(note.quote)}</blockquote>'
        yield f'<li id="n{number}"><p dir="auto">{prose(_origin(note, document.language))}</p>{quote}</li>'
    yield "</ol>"


def _origin(note: Citation, language: str) -> str:
    title = f", {note.title}" if note.title else ""
    outlet = note.source or say("unknown outlet", language)
    return f"{outlet}, {note.published}{title} ({note.report_id} {note.start}–{note.end})"


def _counted(statement: Statement, language: str) -> str:
    return f" ({say('sources', language, count=statement.sources)})" if statement.sources > 1 else ""


_STYLE = (
    "body{max-width:46em;margin:2em auto;padding:0 1em;font:16px/1.55 Georgia,serif;color:#222}"
    "h1{font-size:1.5em}h2{font-size:1.1em;margin-top:1.6em}.scope{color:#555}"
    "li{margin:.4em 0}ul,ol{padding:0 1.6em}ol{font-size:.9em;color:#444}ol p{margin:0}sup a{text-decoration:none}"
    "blockquote{margin:.2em 0 .8em;padding-inline-start:.8em;border-inline-start:3px solid #9db2c9}"
    "li:target{background:#fff3c4}"
)
