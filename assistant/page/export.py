"""An answer to take away: Markdown, HTML in one file, or JSON, its quotes as footnotes."""

import json
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.page.session import Exchange
from assistant.page.text import escape
from assistant.page.words import direction, word
from assistant.present import scope, to_json
from assistant.types import Answer, Citation, Claim

Format = Literal["md", "html", "json"]

# What Markdown, or a program that renders it, would take for more than a character.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


class Exported(NamedTuple):
    """A file to save."""

    name: str
    media_type: str
    text: str


def export(exchange: Exchange, kind: Format, language: str) -> Exported:
    """The answer of an exchange that has one; words around it in the page's `language`."""
    answer = exchange.answer
    assert answer is not None
    name = f"briefing-{answer.query.as_of}-{exchange.number}.{kind}"
    if kind == "json":
        text = json.dumps(to_json(answer, seconds=exchange.seconds), ensure_ascii=False, indent=2) + "\n"
        return Exported(name, "application/json", text)
    if kind == "md":
        return Exported(name, "text/markdown", _markdown(answer, language))
    return Exported(name, "text/html", _html(answer, language))


def _markdown(answer: Answer, language: str) -> str:
    shown, cited = _shown(answer)
    statements = [f"- {_plain(claim.text)} {''.join(f'[^{c.number}]' for c in claim.citations)}" for claim in shown]
    said = statements or [_plain(line) for line in answer.text.splitlines()]
    notes = [f"> {_plain(note)}" for note in answer.notes]
    quotes = [f"[^{c.number}]: {_plain(_origin(c, language))}: “{_plain(c.quote)}”" for c in cited]
    blocks = [f"# {_plain(answer.query.asked)}", f"*{_plain(scope(answer.query))}*", *_joined(said, notes, quotes)]
    return "\n\n".join(blocks) + "\n"


def _joined(*groups: Sequence[str]) -> list[str]:
    return ["\n".join(group) for group in groups if group]


def _plain(text: str) -> str:
    """On one line, and read by Markdown as the characters it holds."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _html(answer: Answer, language: str) -> str:
    """Self-contained: no script, no style from elsewhere, nothing to fetch."""
    shown, cited = _shown(answer)
    statements = "".join(
        f'<li dir="auto">{escape(claim.text)} '
        + "".join(f'<a href="#q{c.number}">[{c.number}]</a>' for c in claim.citations)
        + "</li>"
        for claim in shown
    )
    said = (
        f"<ul>{statements}</ul>"
        if statements
        else "".join(f'<p dir="auto">{escape(line)}</p>' for line in answer.text.splitlines())
    )
    quotes = "".join(
        f'<li id="q{c.number}" value="{c.number}"><p>{escape(_origin(c, language))}</p>'
        f'<blockquote dir="auto">{escape(c.quote)}</blockquote></li>'
        for c in cited
    )
    notes = "".join(f'<p class="note" dir="auto">{escape(note)}</p>' for note in answer.notes)
    heading = escape(word("quotes", language))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction(language)}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(answer.query.asked)}</title><style>{_STYLE}</style></head><body>"
        f'<h1 dir="auto">{escape(answer.query.asked)}</h1><p class="scope" dir="auto">{escape(scope(answer.query))}</p>'
        f"{said}{notes}{f'<h2>{heading}</h2><ol>{quotes}</ol>' if quotes else ''}</body></html>\n"
    )


_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1b2430}"
    "h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem}.scope,.note{color:#5a6675}"
    "blockquote{margin:.2rem 0 1rem;padding-inline-start:.8rem;border-inline-start:3px solid #9db2c9}"
    ":target blockquote{background:#fff3c9}"
)


def _shown(answer: Answer) -> tuple[list[Claim], list[Citation]]:
    shown = [claim for claim in answer.claims if claim.citations]
    by_number = {citation.number: citation for claim in shown for citation in claim.citations}
    return shown, [by_number[number] for number in sorted(by_number)]


def _origin(citation: Citation, language: str) -> str:
    outlet = citation.source or word("unknown outlet", language)
    title = f", {citation.title}" if citation.title else ""
    return f"{outlet}, {citation.published}{title} ({citation.report_id}, {citation.start}–{citation.end})"
