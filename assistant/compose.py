"""Query + evidence → draft: statements that point at sentences. Two composers: extractive, and worded by a model.

A composer writes no quotation and no citation number; it only points. Whether its statements hold is judged in
`assistant.verify`.
"""

import json
import math
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, NamedTuple

from assistant.contrast import sets_itself_against
from assistant.deadlines import Deadlines
from assistant.disagreement import asks_for_versions, with_other_versions
from assistant.errors import ModelReplyInvalid
from assistant.evidence import Evidence, is_beside, tell_the_same_figures
from assistant.llm import LLM, Schema
from assistant.prompting import fill, load_prompt
from assistant.sought import asks_of_now, asks_whether, is_open
from assistant.tally import asks_for_figures, figures_asked
from assistant.types import Query, Settled, Token
from index.embed import Embedder
from index.lexical import terms

MAX_STATEMENTS = 4
OFFERED_SENTENCES = 6
"""What a model is given to read. A prompt of some 900 tokens: on two laptop cores the 1.5B model reads 35 to 70 tokens
a second, and the best six hold a gold sentence for nine in ten development questions, twelve for hardly more."""


NOTHING = "none"
"""What a model points at to say that no sentence answers. An empty list would say so too, but a 1.5B model takes that
way out at once, for six in six questions tried."""


class Statement(NamedTuple):
    """A sentence of the draft and what it rests on."""

    evidence: tuple[str, ...]
    """Ids of the evidence it points at; at least one."""
    text: str | None
    """Its wording; None for the verbatim sentences themselves."""


class Draft(NamedTuple):
    """An answer before it is checked; no statements means that the evidence does not answer."""

    statements: tuple[Statement, ...]
    model: str
    unless_cited: tuple[Statement, ...] = ()
    """Verbatim sentences to show last, those that no statement is found to rest on: a model pointed at them, and said
    something else."""


# Chances set on the development questions, see evals/README.md. From the first on a sentence is taken for an answer;
# between the first and the second it is shown as the closest there is; below, the reports do not say. From the third on
# it is shown even if a model did not point at it.
ANSWERS_FROM = 0.45
IS_CLOSE_FROM = 0.3
SURE_FROM = 0.6
# What happened is told by one sentence a report; by more where there are fewer reports.
_FEW_REPORTS = 5
_FEW = 3
# Of a question of two parts, the second's sentence has little in common with the whole.
_PART_FROM = 0.1
# Share of the shorter one's words that a longer one has from which one of the two repeats the other.
_REPEATED = 0.85
# Further sentences come along if their chance is this share of the best one's.
_NEARLY = 0.6
# Who and when have one answer, mostly: of 15 sentences with .6 to .8 of the best chance one was gold.
_AS_NEARLY = 0.7


def compose_extractive(query: Query, evidence: Sequence[Evidence], embedder: Embedder) -> Draft:
    """The sentences that answer, verbatim: the closest, and those nearly as close, from other reports first."""
    if is_open(query):
        told = [e for e in evidence if e.chance > 0]
        firsts: dict[str, Evidence] = {}
        for e in told:
            firsts.setdefault(e.report.id, e)
        others = [e for e in told if e is not firsts[e.report.id]]
        chosen = [*list(firsts.values())[: MAX_STATEMENTS + 2], *others[: max(0, _FEW_REPORTS - len(firsts))]]
    else:
        best = evidence[0].chance if evidence else 0.0
        # Figures differ between outlets and days, and the reader should see every one: .27 of the development
        # conflicts were told completely with the narrower choice, .45 with this.
        nearly, most = (_NEARLY / 2, MAX_STATEMENTS + 2) if _is_broad(query) else (_NEARLY, MAX_STATEMENTS)
        if query.wants in ("when", "who"):
            nearly = _AS_NEARLY
        likely = [e for e in evidence if e.chance >= max(IS_CLOSE_FROM, best * nearly)]
        closest = _unrepeated(_with_figures(query, likely))[:most]
        if query.window is None and asks_of_now(query.asking):
            closest = _newest_first(closest)
        versions = with_other_versions(query, closest, evidence, embedder)
        chosen = [*versions, *_for_other_parts(versions, evidence), *_figures_beside(query, versions, evidence)]
    return Draft(tuple(Statement((e.id,), None) for e in chosen), "none")


def _newest_first(closest: Sequence[Evidence]) -> list[Evidence]:
    """Of those about as likely as the best the newest report's first: how things stood before is told after."""
    enough = _AS_NEARLY * max((e.chance for e in closest), default=0.0)
    return sorted(closest, key=lambda e: -e.report.published_at.timestamp() if e.chance >= enough else math.inf)


def _with_figures(query: Query, likely: Sequence[Evidence]) -> list[Evidence]:
    """Where figures of what is asked for are told, without the less likely sentences that neither give one nor set
    themselves against one. Below .8 of the best chance 7 of 67 sentences without a figure were gold, 15 of 61 with one.
    """
    giving = {e.id for e in likely if figures_asked(query, e)} if asks_for_figures(query) else set[str]()
    if not giving:
        return list(likely)
    enough = _AS_NEARLY * likely[0].chance
    return [e for e in likely if e.chance >= enough or e.id in giving or sets_itself_against(e.text)]


def _figures_beside(query: Query, chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The figures told right beside the likeliest sentence, where none of those chosen has one: an ambush in one, "The
    police speak of 11 dead" in the next."""
    if query.wants != "number" or not chosen or any(figures_asked(query, e) for e in chosen):
        return []
    told = {e.id for e in chosen}
    near = (e for e in evidence if e.id not in told and is_beside(e, chosen[0]))
    return [e for e in near if figures_asked(query, e)][:_FEW]


def _unrepeated(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without those that repeat, figures and words, one before: outlets take over whole sentences of an agency."""
    kept: list[Evidence] = []
    for e in evidence:
        if not any(_repeats(e, before) for before in kept):
            kept.append(e)
    return kept


def _repeats(one: Evidence, other: Evidence) -> bool:
    words, others = (set(terms(e.text, e.report.language)) for e in (one, other))
    is_alike = len(words & others) >= _REPEATED * min(len(words), len(others)) > 0
    return is_alike and tell_the_same_figures(one, other)


def _for_other_parts(chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """For each part of the question that none of the chosen answers, the likeliest sentence near them that does: what
    it cost is often told a sentence after how long it took."""
    likely = [e for e in evidence if e.chance >= _PART_FROM and any(is_beside(e, one) for one in chosen)]
    parts = range(len(chosen[0].answers)) if chosen else ()
    unanswered = [part for part in parts if not any(e.answers[part] for e in chosen)]
    likeliest = (next((e for e in likely if e.answers[part]), None) for part in unanswered)
    return list({e.id: e for e in likeliest if e is not None}.values())


def completed(worded: Draft, extractive: Draft) -> Draft:
    """The worded draft and, verbatim, what it passed over of the sentences chosen without a model.

    Small models tell one outlet's version and stop: in 77 recorded replies .64 of the conflicts were told completely
    with those sentences alone that surely answer, .73 with all of them; of the facts .75 and .80.
    """
    pointed_at = {id for statement in worded.statements for id in statement.evidence}
    passed_over = [s for s in extractive.statements if not pointed_at & set(s.evidence)]
    pointed_only = tuple(s for s in extractive.statements if pointed_at & set(s.evidence))
    return Draft((*worded.statements, *passed_over)[: MAX_STATEMENTS + 2], worded.model, pointed_only)


def _is_broad(query: Query) -> bool:
    return query.wants in ("number", "overview") or asks_for_versions(query) or asks_whether(query.asking)


def compose_worded(
    query: Query,
    evidence: Sequence[Evidence],
    llm: LLM,
    *,
    deadlines: Deadlines,
    max_tokens: int,
    settle: Callable[[Sequence[Statement]], Settled],
) -> Generator[Token | Settled, None, Draft]:
    """The model's statements; yields its words as they come, what `settle` makes of the statements whenever one is
    finished, and returns the draft.

    Raises the errors of `LLM.stream`, and `ModelReplyInvalid` for a reply of another shape.
    """
    prompt = load_prompt("answer")
    offered = evidence[:OFFERED_SENTENCES]
    messages = fill(
        prompt,
        question=query.text,
        as_of=query.as_of.isoformat(),
        scope=_scope(query),
        language={"fr": "French", "ar": "Arabic"}.get(query.language, "English"),
        sentences="\n".join(_line(e) for e in offered),
    )
    known = {e.id for e in offered}
    reply, finished = "", 0
    for piece in llm.stream(messages, schema=_schema(offered), max_tokens=max_tokens, deadlines=deadlines):
        reply += piece
        yield Token(text=piece)
        # Only a brace can finish a statement; one inside a text finds nothing new.
        if "}" in piece and len(items := _finished(reply)) > finished:
            finished = len(items)
            yield settle(_statements(items, known, llm.name))
    return Draft(_statements(_items(reply, llm.name), known, llm.name), llm.name)


def _scope(query: Query) -> str:
    when = f"Time asked about: {query.window.start} to {query.window.end} (end not included). " if query.window else ""
    where = f"Place asked about: {', '.join(place.name for place in query.area.places)}." if query.area else ""
    return (when + where).strip() or "No time or place was set."


def _line(evidence: Evidence) -> str:
    """One fenced line per sentence; line breaks and brackets inside it cannot look like another sentence."""
    outlet = _one_line(evidence.report.source) or "unknown outlet"
    return f"<{evidence.id} {outlet}, {evidence.report.day}> {_one_line(evidence.text)} </{evidence.id}>"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("<", "‹").replace(">", "›")


def _schema(evidence: Sequence[Evidence]) -> Schema:
    """Closed list of ids: a pointer to nothing cannot be written."""
    statement = {
        "type": "object",
        "properties": {
            "ids": {
                "type": "array",
                "items": {"type": "string", "enum": [*(e.id for e in evidence), NOTHING]},
                "minItems": 1,
                "maxItems": 3,
            },
            "text": {"type": "string", "maxLength": 400},
        },
        "required": ["ids", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"statements": {"type": "array", "items": statement, "minItems": 1, "maxItems": MAX_STATEMENTS}},
        "required": ["statements"],
        "additionalProperties": False,
    }


def _finished(reply: str) -> list[object]:
    """The statements of an unfinished reply that are whole."""
    found: list[object] = []
    at = reply.find("[")
    while (start := reply.find("{", at)) >= 0 and at >= 0:
        try:
            item, at = json.JSONDecoder().raw_decode(reply, start)
        except ValueError:
            break
        found.append(item)
    return found


def _items(reply: str, model: str) -> list[object]:
    try:
        return list(json.loads(reply)["statements"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelReplyInvalid(f"{model} replied with something else than statements: {reply[:80]!r}") from error


def _statements(items: Sequence[Any], known: set[str], model: str) -> tuple[Statement, ...]:
    """Without those that say that nothing answers."""
    try:
        found = tuple(Statement(tuple(dict.fromkeys(item["ids"])), str(item["text"]).strip()) for item in items)
    except (KeyError, TypeError) as error:
        raise ModelReplyInvalid(f"{model} replied with something else than statements: {str(items)[:80]!r}") from error
    if any(not statement.evidence or not set(statement.evidence) <= known | {NOTHING} for statement in found):
        raise ModelReplyInvalid(f"{model} pointed at a sentence it was not given")
    return tuple(statement for statement in found if statement.text and NOTHING not in statement.evidence)
