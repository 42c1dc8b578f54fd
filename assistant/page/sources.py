"""The evidence → HTML: each passage with its outlet, day, language and place, the cited sentences marked.

Cited passages first, in the order of their numbers; what was found beside them is folded.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from assistant.page.evidence import best_sentences, hit_days
from assistant.page.map import map_html
from assistant.page.names import language_name
from assistant.page.reports import badges_html
from assistant.page.session import Conversation
from assistant.page.text import anchor, escape, exact, foreign
from assistant.page.timeline import timeline_html
from assistant.page.words import word, word_html
from assistant.types import Answer, Citation, Hit, Query
from index.types import Area, Sentence

NONE: Mapping[str, str] = MappingProxyType({})


def sources_html(
    conversation: Conversation,
    language: str,
    *,
    selected: int | None = None,
    marked: Mapping[str, str] = NONE,
    names: Mapping[str, str] = NONE,
) -> str:
    """The sources of the answer to question number `selected`; of the last answer when that has none.

    `marked`: status of the reports that were corrected or withdrawn, by id; `names`: of the places, by key.
    """
    shown = conversation.answered(selected)
    if shown is None or shown.answer is None:
        return f'<p class="welcome">{escape(word("sources empty", language))}</p>'
    about = shown.question if len(conversation.turns) > 1 else ""
    return _answer_sources(shown.answer, shown.number, _Frame(language, marked, names), about)


def evidence_html(
    query: Query, hits: Sequence[Hit], number: int, language: str, names: Mapping[str, str] = NONE
) -> str:
    """What was found, before there is an answer: the best sentences underlined."""
    return _panel(query, hits, {}, number, _Frame(language, NONE, names), "evidence")


class _Frame(NamedTuple):
    """What the sources are shown in: the page's language, reports marked since, names of places."""

    language: str
    marked: Mapping[str, str]
    names: Mapping[str, str]


def _answer_sources(answer: Answer, number: int, frame: _Frame, about: str) -> str:
    """`about`: the question, when it must be told which of several this belongs to."""
    cited: dict[str, dict[int, Citation]] = {}
    for claim in answer.claims:
        for citation in claim.citations:
            cited.setdefault(citation.passage_id, {})[citation.start] = citation
    heading = "sources" if cited else "closest"
    return _panel(answer.query, answer.hits, cited, number, frame, heading, about)


def _panel(
    query: Query,
    hits: Sequence[Hit],
    cited: Mapping[str, Mapping[int, Citation]],
    number: int,
    frame: _Frame,
    heading: str,
    about: str = "",
) -> str:
    """Cited passages, or all when none is; folded below: those not cited, and those outside the asked time or place."""
    numbered = list(enumerate(hits, start=1))
    order = {passage_id: min(c.number for c in found.values()) for passage_id, found in cited.items()}
    first = sorted((each for each in numbered if each[1].passage.id in cited), key=lambda e: order[e[1].passage.id])
    others = [each for each in numbered if each[1].passage.id not in cited]
    rest = [each for each in others if each[1].in_window and each[1].in_area]
    outside = [each for each in others if not (each[1].in_window and each[1].in_area)]

    def cards(group: Sequence[tuple[int, Hit]]) -> str:
        return "".join(_card(hit, cited.get(hit.passage.id, {}), number, at, frame) for at, hit in group)

    def folded(key: str, group: Sequence[tuple[int, Hit]]) -> str:
        if not group:
            return ""
        summary = escape(word(key, frame.language, count=len(group)))
        return f'<details class="more"><summary>{summary}</summary>{cards(group)}</details>'

    if first or rest:
        body = cards(first or rest) + folded("also found", rest if first else []) + folded("found outside", outside)
        told = [hit for _, hit in (*first, *rest)]
    else:
        heading = "nearest" if outside else heading
        body = cards(outside)
        told = [hit for _, hit in outside]
    overview = _overview(told, cited, query.area, frame)
    of_question = f'<p class="about" dir="auto">{escape(about)}</p>' if about else ""
    return (
        f'<div class="answer-sources"><h2 class="heading">{escape(word(heading, frame.language))}</h2>{of_question}'
        f'{overview}<div class="cards">{body}</div></div>'
    )


def _overview(hits: Sequence[Hit], cited: Collection[str], area: Area | None, frame: _Frame) -> str:
    """When and where, side by side; both filter the cards below them."""
    language = frame.language
    when, where = timeline_html(hits, cited, language), map_html(hits, cited, area, language, frame.names)
    # page.js puts the name of what was chosen in place of the empty element.
    said = word_html("filtered", language, what='<b class="what"></b>')
    everything = escape(word("show all", language))
    bar = f'<p class="filter-bar" hidden><span>{said}</span><button type="button">{everything}</button></p>'
    return f'<div class="overview">{when}{where}</div>{bar}' if when or where else ""


def _card(hit: Hit, cited: Mapping[int, Citation], number: int, at: int, frame: _Frame) -> str:
    report, language = hit.report, frame.language
    named = {place.key: place.name for each in best_sentences(hit) for place in each.places}
    places = list(dict.fromkeys(frame.names.get(key, name) for key, name in named.items()))
    keys = " ".join(dict.fromkeys(exact(place.key) for each in hit.passage.sentences for place in each.places))
    days = " ".join(day.isoformat() for day in hit_days(hit))
    badges = badges_html(frame.marked.get(report.id, report.status), report.copy_of, language)
    facts = [
        f"<b>{foreign(report.source or word('unknown outlet', language))}</b>",
        f'<time datetime="{report.day}">{report.day}</time>',
        escape(language_name(report.language, language)),
        *([word("comma", language).join(map(foreign, places[:4]))] if places else []),
    ]
    return (
        f'<article class="source{" is-cited" if cited else ""}" id="{anchor("t", number, "h", at)}" '
        f'data-days="{days}" data-places="{keys}">'
        f'<header><p class="facts">{" · ".join(facts)}{badges}</p>'
        f'<p class="headline" dir="auto">{escape(report.title)}</p></header>'
        f'<blockquote dir="auto" lang="{escape(report.language)}">{_passage(hit, cited, number)}</blockquote>'
        f'<footer><button type="button" class="link" data-report="{exact(report.id)}" '
        f'data-quoted="{_quoted(hit, cited)}">'
        f"{escape(word('open report', language))}</button>"
        f'<a class="back" href="#{anchor("t", number)}">{escape(word("back", language))}</a></footer></article>'
    )


def _quoted(hit: Hit, cited: Mapping[int, Citation]) -> str:
    """What is to be marked in the whole report, as "start-end start-end": what is cited, else the best sentence."""
    best = [(each.start, each.end) for each in hit.passage.sentences if each.ordinal in hit.sentences[:1]]
    return " ".join(f"{start}-{end}" for start, end in [(c.start, c.end) for c in cited.values()] or best)


def _passage(hit: Hit, cited: Mapping[int, Citation], number: int) -> str:
    """The passage, sentence by sentence; what lies between two sentences is kept as it is."""
    passage = hit.passage
    parts: list[str] = []
    at = passage.start
    for sentence in passage.sentences:
        parts.append(escape(passage.text[at - passage.start : sentence.start - passage.start]))
        text = escape(passage.text[sentence.start - passage.start : sentence.end - passage.start])
        parts.append(_sentence(text, sentence, hit, cited, number))
        at = sentence.end
    parts.append(escape(passage.text[at - passage.start :]))
    return "".join(parts)


def _sentence(text: str, sentence: Sentence, hit: Hit, cited: Mapping[int, Citation], number: int) -> str:
    citation = cited.get(sentence.start)
    if citation is not None:
        return (
            f'<mark id="{anchor("t", number, "c", citation.number)}" tabindex="-1">{text}</mark>'
            f'<sup class="number">[{citation.number}]</sup>'
        )
    if not cited and hit.sentences and sentence.ordinal == hit.sentences[0]:
        return f'<span class="best">{text}</span>'
    return text
