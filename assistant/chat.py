"""`briefing chat`: one question after the other in the terminal, each understood with those before it.

Also reads questions from a pipe, one a line. A model's draft is dimmed; then comes the checked answer.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import date
from typing import NamedTuple

from assistant.llm import LLM
from assistant.opening import open_index, open_model, settings_from
from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.terminal import draft, put, tell
from assistant.types import Answer, Finished, Token, Turn
from index.errors import BriefingError
from index.store import Index

_HELP = """/as-of DATE   questions are asked as on that day ("/as-of" alone: the newest report's)
/sources      the quotations behind the last answer
/new          forget the questions so far
/quit         leave (so does the end of the input)"""


class _Session(NamedTuple):
    """What the next question is asked with."""

    as_of: date | None
    turns: tuple[Turn, ...] = ()
    last: Answer | None = None


def chat(options: Namespace) -> int:
    """Reads and answers until /quit or the end of the input."""
    settings = settings_from(options)
    with open_index(settings) as index, open_model(settings, options.verbose) as llm:
        coverage = index.coverage()
        tell(f"{coverage.reports:,} reports, {coverage.oldest} to {coverage.newest}. /help for more, /quit to leave.")
        session = _Session(options.as_of)
        for typed in _lines():
            if typed in ("/quit", "/exit", "/q", "quit", "exit"):
                break
            session = (
                _command(typed, session) if typed.startswith("/") else _asked(typed, session, index, settings, llm)
            )
    return 0


def _lines() -> Iterator[str]:
    """What is typed, without empty lines; with editing and recall on a terminal."""
    is_terminal = sys.stdin.isatty()
    if is_terminal:
        with suppress(ImportError):  # not everywhere; `input` then does without
            import readline  # noqa: F401  # pyright: ignore[reportUnusedImport]
    while True:
        try:
            line = input("> ") if is_terminal else sys.stdin.readline()
        except EOFError:
            return
        if not is_terminal and not line:
            return
        if line.strip():
            yield line.strip()


def _command(typed: str, session: _Session) -> _Session:
    name, _, rest = typed.partition(" ")
    if name == "/as-of":
        return _dated(rest.strip(), session)
    if name == "/new":
        tell("The next question stands alone.")
        return _Session(session.as_of)
    if name == "/sources":
        put(_sources(session.last) if session.last else "No answer yet.")
    elif name == "/help":
        tell(_HELP)
    else:
        tell(f"{name} is not a command. /help lists them; a question needs no slash.")
    return session


def _dated(day: str, session: _Session) -> _Session:
    try:
        as_of = date.fromisoformat(day) if day else None
    except ValueError:
        tell(f"{day!r} is not a day; write it as YYYY-MM-DD, as in 2024-03-31")
        return session
    tell(f"Asked as on {as_of}." if as_of else "Asked as on the newest report's day.")
    return session._replace(as_of=as_of)


def _asked(question: str, session: _Session, index: Index, settings: Settings, llm: LLM | None) -> _Session:
    events = ask(question, index=index, settings=settings, llm=llm, history=session.turns, as_of=session.as_of)
    has_draft = False
    try:
        with closing(events):  # pyright: ignore[reportArgumentType] -- `ask` is a generator
            for event in events:
                if isinstance(event, Token):
                    draft(event.text)
                    has_draft = True
                elif isinstance(event, Finished):
                    if has_draft and sys.stderr.isatty():
                        tell("\n")
                    put("\n".join([event.answer.text, *(f"* {note}" for note in event.answer.notes)]) + "\n")
                    sys.stdout.flush()
                    turn = Turn(question=question, answer=event.answer.text)
                    return _Session(session.as_of, (*session.turns, turn), event.answer)
    except BriefingError as error:
        tell(f"briefing: {error}")
    except KeyboardInterrupt:
        tell("\nstopped; /quit leaves")
    return session


def _sources(answer: Answer) -> str:
    cited = {citation.number: citation for claim in answer.claims for citation in claim.citations}
    lines: Sequence[str] = [
        f"[{number}] {c.source or '?'}, {c.published}, {c.title or 'no title'} ({c.report_id} {c.start}–{c.end})\n"
        f"    {c.quote}"
        for number, c in sorted(cited.items())
    ]
    return "\n".join(lines) or "The last answer cites nothing."
