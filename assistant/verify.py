"""Draft → claims: each statement checked against the sentences it points at. Judges; words nothing of its own.

Code decides, not a model: every number, date, place and name of a statement must be found in its evidence, in any of
the three languages and spellings, and what it says must be close to what the evidence says. A statement that fails is
tried on the other sentences, then replaced by the verbatim sentence, then dropped; the reason stays with the claim.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from assistant.compose import SURE_FROM, Draft, Statement
from assistant.evidence import Evidence, tell_the_same_figures
from assistant.facts import is_name_in, is_number_in, names, numbers
from assistant.facts.counted import without_dates
from assistant.facts.ordinals import ordinals
from assistant.facts.quantities import blanked
from assistant.offers import leaves_out
from assistant.types import Citation, Claim, Query
from assistant.wording import added_doer, is_reordered, own_word, says_who, turned_round, wrong_form
from assistant.words import say
from index.concepts import concept_terms
from index.dates import find_times
from index.embed import Embedder, Vectors
from index.language import detect_language
from index.lexical import name_keys, question_terms
from index.places import find_places
from index.places.gazetteer import Gazetteer
from index.sentences import split_sentences
from index.types import Report

# Cosine of a statement to its evidence from which it says the same thing; USE gives .2 for unrelated sentences of one
# subject and above .6 for paraphrases and translations.
_SAME_FROM = 0.5
# ... from which it is at least about the same, if most of its names and concepts are there too.
_RELATED_FROM = 0.3
_MOST = 0.75
_COUNTED_WORDS = 4
# ... and from which two reports' sentences tell the same fact, for counting independent sources.
_REPEATS_FROM = 0.72
_A_DAY = timedelta(days=1)
_PARTICLES = frozenset("al el de du des di da van von bin ben ibn the of".split())

# "Courier: …"
_LABEL = re.compile(r"[^:,.]{2,40}\s?:\s")


class Checker(NamedTuple):
    """The models that checking needs."""

    embedder: Embedder
    gazetteer: Gazetteer


class _Verdict(NamedTuple):
    """Of one statement against one set of sentences."""

    is_supported: bool
    reason: str


def verify(query: Query, draft: Draft, evidence: Sequence[Evidence], checker: Checker) -> list[Claim]:
    """The claims of a whole draft, as `check_statements` gives them; should a model have missed the sentence that
    surely answers, that one too, quoted."""
    is_sure = draft.model != "none" and bool(evidence) and evidence[0].chance >= SURE_FROM
    best = (Statement((evidence[0].id,), None),) if is_sure else ()
    return check_statements(query, (*draft.statements, *draft.unless_cited, *best), evidence, checker)


def check_statements(
    query: Query, statements: Sequence[Statement], evidence: Sequence[Evidence], checker: Checker
) -> list[Claim]:
    """The claims to show, in the statements' order, numbered, then those dropped with the reason why.

    Every claim shown is either a verbatim sentence or a statement whose facts all occur in the sentences cited. What
    the first statements alone give is what the whole draft begins with.
    """
    by_id = {e.id: e for e in evidence}
    vectors = checker.embedder.embed([e.text for e in evidence])
    numbering: dict[tuple[str, int], int] = {}
    shown: list[Claim] = []
    dropped: list[Claim] = []
    for statement in statements:
        pointed = [by_id[name] for name in statement.evidence]
        if statement.text is None:
            settled, reason = pointed, ""
        else:
            settled, reason = _settle(statement, pointed, evidence, checker, query)
            missed = leaves_out(query, statement.text, settled, checker.embedder) if settled else None
            if missed is not None:
                pointed, reason = settled, f"leaves out the {missed} asked for"
            elif settled:
                shown.append(
                    _supported(query, statement.text, settled, reason, numbering, _sources(settled, evidence, vectors))
                )
                continue
            # A wording that fails says nothing of its sentences; those that likely answer the reader gets anyway.
            settled = [e for e in pointed if e.chance >= SURE_FROM]
        fresh = [e for e in settled if (e.report.id, e.sentence.start) not in numbering]
        if fresh:
            shown += [_quoted(query, e, reason, numbering, _sources([e], evidence, vectors)) for e in fresh]
        elif statement.text is not None:
            dropped.append(Claim(text=statement.text, verdict="unsupported", reason=reason, sources=0))
    return shown + dropped


_MOVED = "moved to the sentence that says it"


def _settle(
    statement: Statement, pointed: Sequence[Evidence], evidence: Sequence[Evidence], checker: Checker, query: Query
) -> tuple[list[Evidence], str]:
    """The sentences that bear the statement out, with "" or `_MOVED`; or none, with what is wrong."""
    assert statement.text is not None
    if detect_language(statement.text) not in (query.language, "und"):
        return [], "not in the language of the question"
    if (wrong := wrong_form(statement.text)) is not None:
        return [], wrong
    verdicts = [_check(statement.text, [e], checker, query) for e in pointed]
    alone = [e for e, verdict in zip(pointed, verdicts, strict=True) if verdict.is_supported]
    if alone:  # what else it points at only dilutes the citation
        return alone, ""
    if said := _sentence_by_sentence(statement.text, pointed, checker, query):
        return said, ""
    for other in evidence:
        if other not in pointed and _check(statement.text, [other], checker, query).is_supported:
            return [other], _MOVED
    if len(pointed) == 1:
        return [], verdicts[0].reason
    # Of eight recorded statements that took words of several sentences five said what none of them says.
    return [], _check(statement.text, pointed, checker, query).reason or "no one sentence says all of it"


def _sentence_by_sentence(text: str, pointed: Sequence[Evidence], checker: Checker, query: Query) -> list[Evidence]:
    """Where `text` is several sentences: those that it rests on, if each sentence of it has one that bears it out."""
    parts = [text[span.start : span.end] for span in split_sentences(text, query.language)]
    if len(parts) < 2:
        return []
    by_part = [[e for e in pointed if _check(part, [e], checker, query).is_supported] for part in parts]
    return [e for e in pointed if any(e in said for said in by_part)] if all(by_part) else []


def _check(text: str, pointed: Sequence[Evidence], checker: Checker, query: Query) -> _Verdict:
    """Whether the sentences bear out every fact of `text`."""
    language = detect_language(text)
    around = " ".join(f"{e.text} {e.report.title} {e.sentence.attributed_to or ''}" for e in pointed)
    # Else the outlet's name, copied from before its sentence, stands for a place: "in Desert Orbit".
    if says_who(text) or _LABEL.match(text):
        around = " ".join([around, *(e.report.source for e in pointed)])
    # In our words "yesterday" is counted from the question's day: one copied from an older report would mislead.
    days = find_times(text, query.as_of, language)
    undated = blanked(text, days)
    told = [
        n for e in pointed for n in numbers(without_dates(e.text, e.report.day, e.report.language), e.report.language)
    ]
    for number in numbers(undated, language):
        if not is_number_in(number, told):
            return _Verdict(False, f"the number {number.value:g} is not in the evidence")
    known_days = [(span.start, span.end) for e in pointed for span in e.sentence.times if not span.assumed]
    untold = [e.report.day for e in pointed if all(span.assumed for span in e.sentence.times)]
    for phrase, start, end in ((day.span.phrase, day.span.start, day.span.end) for day in days):
        # The report's day, copied likewise, is not the day of what its sentence tells of another.
        published = untold if end - start <= _A_DAY else [e.report.day for e in pointed]
        known = [*known_days, *((day, day + _A_DAY) for day in published)]
        if not any(start <= first and after <= end for first, after in known):
            return _Verdict(False, f"the time {phrase!r} is not in the evidence")
    places = {place.key for e in pointed for place in e.sentence.places}
    mentioned = find_places(text, language, checker.gazetteer)
    for mention in mentioned:
        if mention.place.key not in places and not is_name_in(mention.place.name, around):
            return _Verdict(False, f"the place {mention.place.name!r} is not in the evidence")
    named = names(undated, language)
    for name in named:
        if not is_name_in(name, around):
            return _Verdict(False, f"the name {name!r} is not in the evidence")
    if unheard := ordinals(undated) - {n for e in pointed for n in ordinals(e.text)}:
        return _Verdict(False, f"an ordinal ({min(unheard)}) is not in the evidence")
    if language == "en" and (doer := added_doer(text, around)):
        return _Verdict(False, f"the evidence does not say that {doer!r} did it")
    if (how := turned_round(text, pointed)) is not None:
        return _Verdict(False, how)
    vectors = checker.embedder.embed([text, *(e.text for e in pointed), " ".join(e.text for e in pointed)])
    closeness = float((vectors[1:] @ vectors[0]).max())
    if closeness < _SAME_FROM and (closeness < _RELATED_FROM or _shared_concepts(text, language, pointed) < _MOST):
        return _Verdict(False, "says something else than the evidence")
    if not _counts_the_same(undated, language, pointed):
        return _Verdict(False, "a number counts something else in the evidence")
    apart = [*named, *(mention.place.name for mention in mentioned)]
    if (added := own_word(undated, language, pointed, apart, checker.embedder)) is not None:
        return _Verdict(False, f"the evidence has no word for {added!r}")
    if is_reordered(text, language, pointed):
        return _Verdict(False, "in another order than in the evidence, where who did what may change")
    return _Verdict(True, "")


def _counts_the_same(text: str, language: str, pointed: Sequence[Evidence]) -> bool:
    """Whether each figure stands before what it stands before in the evidence: "two died, seven were injured" does not
    bear out "seven died". Figures of several words, and words that are no concept, are not judged."""
    told = [counted for e in pointed for counted in _counted_things(e.text, e.report.language)]
    for value, things in _counted_things(text, language):
        known = [others for other, others in told if other == value and others]
        if things and known and not any(things & others for others in known):
            return False
    return True


def _counted_things(text: str, language: str) -> list[tuple[float, set[str]]]:
    """Each figure of one word with the concepts and stems of the few telling words after it, up to the next figure."""
    words = text.split()
    found: list[tuple[float, set[str]]] = []
    for at, word in enumerate(words):
        for number in numbers(word, language)[:1]:
            after: list[str] = []
            for following in words[at + 1 : at + 1 + _COUNTED_WORDS]:
                if numbers(following, language):
                    break
                after.append(following)
            phrase = " ".join(after)
            found.append((number.value, {*concept_terms(phrase, language), *question_terms(phrase, (language,))}))
    return found


def _shared_concepts(text: str, language: str, pointed: Sequence[Evidence]) -> float:
    """Share of the statement's names and concepts that its sentences have.

    A short statement is far from a long sentence in direction, though every word of it stands there.
    """
    told = {*concept_terms(text, language), *name_keys(text)}
    held = {term for e in pointed for term in (*concept_terms(e.text, e.report.language), *name_keys(e.text))}
    return len(told & held) / len(told) if told else 0.0


def _sources(cited: Sequence[Evidence], evidence: Sequence[Evidence], vectors: Vectors) -> int:
    """Independent outlets that say it: those cited and those whose sentence nearly repeats it; copies count once."""
    own = [int(e.id[1:]) - 1 for e in cited]
    same = [
        e
        for at, e in enumerate(evidence)
        if at in own
        or (
            float((vectors[own] @ vectors[at]).max()) >= _REPEATS_FROM
            and all(tell_the_same_figures(e, other) for other in cited)
        )
    ]
    return len({e.report.source or e.report.copy_of or e.report.id for e in same})


def _quoted(
    query: Query, evidence: Evidence, reason: str, numbering: dict[tuple[str, int], int], sources: int
) -> Claim:
    outlet = evidence.report.source or say("unknown outlet", query.language)
    return Claim(
        text=say("quote", query.language, outlet=outlet, day=evidence.report.day, quote=evidence.text),
        citations=(_citation(evidence, numbering),),
        verdict="quoted",
        reason=reason and f"verbatim instead of the model's wording: {reason}",
        attributed_to=evidence.sentence.attributed_to,
        sources=sources,
    )


def _supported(
    query: Query,
    text: str,
    cited: Sequence[Evidence],
    reason: str,
    numbering: dict[tuple[str, int], int],
    sources: int,
) -> Claim:
    speaking = next((e for e in cited if e.sentence.attributed_to), cited[0])
    named = speaking.sentence.attributed_to
    who = named or speaking.report.source or say("unknown outlet", query.language)
    is_said = says_who(text) or is_name_in(who, text)
    if named and speaking.report.language != query.language and not _is_name_alone(named, speaking.report):
        who = say("in its words", query.language, words=named)
    return Claim(
        text=text if is_said else say("according to", query.language, who=who, statement=text),
        citations=tuple(_citation(e, numbering) for e in cited),
        verdict="supported",
        reason=reason,
        attributed_to=named,
        sources=sources,
    )


def _is_name_alone(who: str, report: Report) -> bool:
    """Whether it is a name and nothing in the report's language, as "the agency Blue Lantern" is."""
    words = [word for word in who.split() if word.casefold() not in _PARTICLES]
    if len(words) == 1 and not who.isupper():  # where a sentence begins, every word has a capital
        return words[0][:1].isupper() and bool(re.search(rf"[\w,;] {re.escape(who)}\b", report.body))
    return all(word.removeprefix("al-").removeprefix("el-")[:1].isupper() for word in words)


def _citation(evidence: Evidence, numbering: dict[tuple[str, int], int]) -> Citation:
    report, sentence = evidence.report, evidence.sentence
    number = numbering.setdefault((report.id, sentence.start), len(numbering) + 1)
    return Citation(
        number=number,
        report_id=report.id,
        passage_id=evidence.hit.passage.id,
        start=sentence.start,
        end=sentence.end,
        quote=report.body[sentence.start : sentence.end],
        source=report.source,
        published=report.day,
        language=report.language,
        title=report.title,
    )
