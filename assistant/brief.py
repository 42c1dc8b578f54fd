"""A briefing on a topic and a period: one question a day, each answer's statements with footnotes to exact quotations.

Gathers and lays out; every statement comes from `pipeline.ask`, checked as any other.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from babel.dates import format_date

from assistant.document import Document, Footnotes, Section, Statement, footnote
from assistant.llm import LLM
from assistant.pipeline import ask
from assistant.present import citation_json
from assistant.settings import Settings
from assistant.types import Answer, Citation, Finished, Interpreted
from index.dates.spans import shifted
from index.errors import BadSetting, NoIndex
from index.language import detect_language
from index.store import Index

MAX_DAYS = 92


class Day(NamedTuple):
    day: date
    statements: tuple[Statement, ...]


class Briefing(NamedTuple):
    """What is laid out as Markdown, HTML or JSON."""

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
    first = since or shifted(last, -6)
    days = (last - first).days + 1
    if days < 1:
        raise BadSetting(f"--since {first} is after --until {last}; give them the other way round")
    if days > MAX_DAYS:
        raise BadSetting(f"{first} to {last} are {days} days; give --since and --until at most {MAX_DAYS} days apart")
    language = settings.language or (detect_language(topic) if topic else "en")
    language = language if language in _WORDS else "en"
    set_language = settings.model_copy(update={"language": language})

    told: list[Day] = []
    silent: list[date] = []
    notes: Footnotes = {}
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


def _statements(answer: Answer, notes: Footnotes) -> tuple[Statement, ...]:
    """The answer's statements with a quotation that no earlier day has; adds these to `notes`."""
    statements: list[Statement] = []
    for claim in answer.claims:
        held = len(notes)
        numbers = footnote(claim.citations, notes)
        if len(notes) > held:
            statements.append(Statement(claim.text, numbers, claim.sources))
    return tuple(statements)


# Laid out


def document(briefing: Briefing) -> Document:
    """The briefing as a document: a section for each day on which something was found."""
    told = [Section(_written(day, briefing.language), statements=said) for day, said in briefing.days]
    silence = [Section("", lines=(_silence(briefing),))] if briefing.silent or not briefing.days else []
    return Document(briefing.language, _title(briefing), _scope(briefing), (*told, *silence), briefing.notes)


def to_json(briefing: Briefing) -> dict[str, Any]:
    """The object of `--format json`: each statement with its quotations, numbered as in the other formats."""

    def citations(statement: Statement) -> list[dict[str, Any]]:
        return [{**citation_json(briefing.notes[number - 1]), "number": number} for number in statement.notes]

    return {
        "topic": briefing.topic,
        "near": briefing.near,
        "language": briefing.language,
        "since": briefing.since.isoformat(),
        "until": briefing.until.isoformat(),
        "days": [
            {
                "day": told.day.isoformat(),
                "statements": [
                    {"text": each.text, "sources": each.sources, "citations": citations(each)}
                    for each in told.statements
                ],
            }
            for told in briefing.days
        ],
        "silent": [day.isoformat() for day in briefing.silent],
        "reports": briefing.reports,
        "model": briefing.model,
    }


def _title(briefing: Briefing) -> str:
    words = _WORDS[briefing.language]
    where = words["near"].format(briefing.near) if briefing.near else ""
    title = " ".join(f"{words['briefing']} {briefing.topic} {where}".split())
    return title if briefing.topic or where else title.rstrip(" :")


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
    },
}
