"""A briefing on a topic and a period: one question a day, each answer's statements with footnotes to exact quotations.

Gathers and lays out; every statement comes from `pipeline.ask`, checked as any other.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from babel.dates import format_date

from assistant.llm import LLM
from assistant.pipeline import ask
from assistant.settings import Settings
from assistant.types import Answer, Citation, Finished, Interpreted
from index.errors import BadSetting, NoIndex
from index.language import detect_language
from index.store import Index

MAX_DAYS = 92


class Statement(NamedTuple):
    """One checked statement and the footnotes it rests on; at least one."""

    text: str
    notes: tuple[int, ...]
    sources: int
    """Independent outlets that say it."""


class Day(NamedTuple):
    day: date
    statements: tuple[Statement, ...]


class Briefing(NamedTuple):
    """What is laid out as Markdown or HTML."""

    language: str
    topic: str
    near: str
    since: date
    until: date
    """The last day, included."""
    days: tuple[Day, ...]
    """Those for which something was found, in order."""
    silent: tuple[date, ...]
    """Those for which nothing was."""
    notes: tuple[Citation, ...]
    """Footnote n is at n - 1."""
    reports: int
    """In the index."""
    model: str

    @property
    def outlets(self) -> int:
        return len({note.source or note.report_id for note in self.notes})


def gather(
    *,
    index: Index,
    settings: Settings,
    llm: LLM | None = None,
    topic: str = "",
    near: str = "",
    since: date | None = None,
    until: date | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Briefing:
    """Asks about each day from `since` to `until` (both included; default: the newest report's week).

    Reports published after `until` count too: what happened on a day is often told later. Raises `BadSetting` for a
    period that is empty or over `MAX_DAYS` days, or a place that is not on the map.
    """
    coverage = index.coverage()
    if coverage.newest is None:
        raise NoIndex(f"the index at {index.folder} holds no report. Run: briefing ingest PATH…")
    last = until or (max(since, coverage.newest) if since else coverage.newest)
    first = since or last - timedelta(days=6)
    days = (last - first).days + 1
    if not 1 <= days <= MAX_DAYS:
        raise BadSetting(f"{first} to {last} are {days} days; give --since and --until 1 to {MAX_DAYS} days apart")
    language = settings.language or (detect_language(topic) if topic else "en")
    language = language if language in _WORDS else "en"
    set_language = settings.model_copy(update={"language": language})

    told: list[Day] = []
    silent: list[date] = []
    notes: dict[tuple[str, int], Citation] = {}
    for done, day in enumerate((first + timedelta(days=n) for n in range(days)), start=1):
        answer = _answer(_question(topic, near, day, language), near, index, set_language, llm)
        statements = _statements(answer, notes)
        if statements:
            told.append(Day(day, statements))
        elif answer.status == "no_evidence":  # else it only repeats what an earlier day quotes
            silent.append(day)
        on_progress(done)
    return Briefing(
        language=language,
        topic=topic,
        near=near,
        since=first,
        until=last,
        days=tuple(told),
        silent=tuple(silent),
        notes=tuple(notes.values()),
        reports=coverage.reports,
        model=llm.name if llm else "none",
    )


def _answer(question: str, near: str, index: Index, settings: Settings, llm: LLM | None) -> Answer:
    for event in ask(question, index=index, settings=settings, llm=llm):
        if isinstance(event, Interpreted) and near and event.query.area is None:
            raise BadSetting(
                f"--near is {near!r}, which is not on the map; try another spelling or a larger town, or add it to "
                "your gazetteer.csv"
            )
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("ask() always ends with Finished")


def _question(topic: str, near: str, day: date, language: str) -> str:
    words = _WORDS[language]
    where = words["near"].format(near) if near else ""
    when = words["on"].format(_written(day, language))
    return f"{topic} {where} {when}" if topic else words["what"].format(" ".join(f"{where} {when}".split()))


def _statements(answer: Answer, notes: dict[tuple[str, int], Citation]) -> tuple[Statement, ...]:
    """The answer's statements with a quotation that no earlier day has; adds these to `notes`."""
    statements: list[Statement] = []
    for claim in answer.claims:
        is_new = any((citation.report_id, citation.start) not in notes for citation in claim.citations)
        if not is_new:
            continue
        for citation in claim.citations:
            notes.setdefault((citation.report_id, citation.start), citation)
        order = list(notes)
        numbers = sorted({order.index((citation.report_id, citation.start)) + 1 for citation in claim.citations})
        statements.append(Statement(claim.text, tuple(numbers), claim.sources))
    return tuple(statements)


# Laid out


def to_markdown(briefing: Briefing) -> str:
    """Markdown with footnotes; nothing in a report's text is taken as markup."""
    words = _WORDS[briefing.language]
    lines = [f"# {_marked_plain(_title(briefing))}", "", _marked_plain(_scope(briefing)), ""]
    for told in briefing.days:
        lines += [f"## {_written(told.day, briefing.language)}", ""]
        for statement in told.statements:
            markers = "".join(f"[^{number}]" for number in statement.notes)
            lines.append(f"- {_marked_plain(statement.text)}{markers}{_counted(statement, briefing)}")
        lines.append("")
    lines += [f"{_silence(briefing)}\n"] if briefing.silent or not briefing.days else []
    lines += [f"## {words['sources']}", ""] if briefing.notes else []
    lines += [f"[^{number}]: {_marked_plain(_note(note, words))}" for number, note in enumerate(briefing.notes, 1)]
    return "\n".join(lines).rstrip() + "\n"


def _marked_plain(text: str) -> str:
    """Report text as Markdown shows it literally, in one line."""
    line = re.sub(r"([\\`*_{}\[\]<>#|!~$&^])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^([-+]|\d+(?=[.)]))", lambda found: "\\" + found[1] if found[1] in "-+" else found[1] + "\\", line)


def to_html(briefing: Briefing) -> str:
    """One page that needs nothing from elsewhere and runs nothing; every text in it is escaped."""
    words = _WORDS[briefing.language]
    title = html.escape(_title(briefing))
    direction = "rtl" if briefing.language == "ar" else "ltr"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{briefing.language}" dir="{direction}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{_STYLE}</style></head>",
            f"<body><h1>{title}</h1>",
            f'<p class="scope">{html.escape(_scope(briefing))}</p>',
            *(part for told in briefing.days for part in _day_html(told, briefing)),
            *([f"<p>{html.escape(_silence(briefing))}</p>"] if briefing.silent or not briefing.days else []),
            *([f"<h2>{words['sources']}</h2><ol>"] if briefing.notes else []),
            *(
                f'<li id="n{number}" dir="auto">{html.escape(_note(note, words))}</li>'
                for number, note in enumerate(briefing.notes, 1)
            ),
            *(["</ol>"] if briefing.notes else []),
            "</body></html>\n",
        ]
    )


def _day_html(told: Day, briefing: Briefing) -> Iterator[str]:
    yield f"<h2>{html.escape(_written(told.day, briefing.language))}</h2><ul>"
    for statement in told.statements:
        markers = "".join(f'<sup><a href="#n{number}">[{number}]</a></sup>' for number in statement.notes)
        yield f'<li dir="auto">{html.escape(statement.text)}{markers}{_counted(statement, briefing)}</li>'
    yield "</ul>"


_STYLE = (
    "body{max-width:46em;margin:2em auto;padding:0 1em;font:16px/1.55 Georgia,serif;color:#222}"
    "h1{font-size:1.5em}h2{font-size:1.1em;margin-top:1.6em}.scope{color:#555}"
    "li{margin:.4em 0}ol{font-size:.9em;color:#444}sup a{text-decoration:none}li:target{background:#fff3c4}"
)


def _title(briefing: Briefing) -> str:
    words = _WORDS[briefing.language]
    where = words["near"].format(briefing.near) if briefing.near else ""
    return " ".join(f"{words['briefing']} {briefing.topic} {where}".split())


def _scope(briefing: Briefing) -> str:
    words = _WORDS[briefing.language]
    period = f"{_written(briefing.since, briefing.language)} – {_written(briefing.until, briefing.language)}"
    model = words["verbatim"] if briefing.model == "none" else words["worded"].format(briefing.model)
    return f"{period}. {words['index'].format(briefing.reports)} {model}"


def _silence(briefing: Briefing) -> str:
    words = _WORDS[briefing.language]
    if not briefing.days:
        return words["nothing"]
    return words["silent"].format(_listed(briefing.silent, briefing.language))


def _listed(days: Sequence[date], language: str) -> str:
    """The days, those that follow each other as a stretch."""
    stretches: list[list[date]] = []
    for day in days:
        if stretches and day - stretches[-1][-1] == timedelta(days=1):
            stretches[-1].append(day)
        else:
            stretches.append([day])
    ends = [dict.fromkeys((_written(s[0], language), _written(s[-1], language))) for s in stretches]
    return "; ".join(" – ".join(pair) for pair in ends)


def _note(note: Citation, words: dict[str, str]) -> str:
    title = f", {note.title}" if note.title else ""
    outlet = note.source or words["unknown"]
    return f"{outlet}, {note.published}{title}: “{note.quote}” ({note.report_id} {note.start}–{note.end})"


def _counted(statement: Statement, briefing: Briefing) -> str:
    return f" ({_WORDS[briefing.language]['outlets'].format(statement.sources)})" if statement.sources > 1 else ""


def _written(day: date, language: str) -> str:
    return format_date(day, "d MMMM y", locale=language)


_WORDS = {
    "en": {
        "briefing": "Briefing:",
        "what": "What happened {}?",
        "near": "near {}",
        "on": "on {}",
        "index": "From an index of {} reports.",
        "verbatim": "Every statement is a quotation.",
        "worded": "Worded by {}, each statement checked against its quotations.",
        "silent": "Days for which nothing was found: {}.",
        "nothing": "Nothing was found.",
        "sources": "Sources",
        "outlets": "{} outlets",
        "unknown": "unknown outlet",
    },
    "fr": {
        "briefing": "Point de situation :",
        "what": "Que s’est-il passé {} ?",
        "near": "près de {}",
        "on": "le {}",
        "index": "D’après un index de {} rapports.",
        "verbatim": "Chaque phrase est une citation.",
        "worded": "Rédigé par {}, chaque phrase vérifiée d’après ses citations.",
        "silent": "Jours pour lesquels rien n’a été trouvé : {}.",
        "nothing": "Rien n’a été trouvé.",
        "sources": "Sources",
        "outlets": "{} sources",
        "unknown": "source inconnue",
    },
    "ar": {
        "briefing": "إحاطة:",
        "what": "ماذا حدث {}؟",
        "near": "قرب {}",
        "on": "يوم {}",
        "index": "استنادا إلى فهرس يضم {} تقريرا.",
        "verbatim": "كل جملة اقتباس حرفي.",
        "worded": "صاغها {}، وكل جملة مدققة وفق اقتباساتها.",
        "silent": "أيام لم يُعثر على شيء عنها: {}.",
        "nothing": "لم يُعثر على شيء.",
        "sources": "المصادر",
        "outlets": "{} مصادر",
        "unknown": "مصدر غير معروف",
    },
}
