"""Query + index → hits: words and meaning added up, inside the asked time and place, copies counted once.

Finds; does not judge whether what it found answers the question.
"""

from collections.abc import Mapping, Sequence

from assistant.echo import is_echoed, may_be_honest, told_besides
from assistant.facts import is_name_in, numbers
from assistant.settings import RetrieveSettings
from assistant.sought import is_open, subject
from assistant.types import Hit, Query
from index.concepts import concept_terms
from index.dates.spans import shifted
from index.lexical import name_keys, question_terms, telling_words, terms
from index.places import contains, find_places
from index.reading import SearchTerms, TermWeights
from index.search import Candidate, Match, Question
from index.store import Index
from index.types import Passage, Report, Sentence, TimeSpan

_CANDIDATES = 100
# Where copies of one report take up all of these, as many more are looked at: a thousand copies hide nothing else.
_AMONG_COPIES = 5_000
_PASSAGES_A_REPORT = 3
_FEWEST_SOURCES = 12
# A report longer than this, some hundred passages, is a book; its other chapters tell of other matters.
_REPORTS_READ_WHOLE, _LONGEST_READ_WHOLE = 6, 30_000


# Weighed on development halves. A cosine above this is hardly ever chance: sentences that say the same in two languages
# have .5 to .9. And one or two concepts are all found by chance: such a share counts less, a name or place as two
# concepts (recall@10 of XQuAD's Arabic paragraphs by English questions .968 without, .981 with it).
_ALIKE_FROM = 0.45
_LIKENESS = 3.0
_TELLING_SHARED = 4

_RECENT_DAYS = (7, 30, 365)

# Of a million, reading all took 130 of the 250 ms of a question near Kaya.
_MOST_READ_THROUGH = 200_000

# From this score on, what was found inside the asked time and place needs no company from outside.
_SURE_FROM = 0.7
# What lies outside must be better by this much to come before what lies inside.
_OUTSIDE_PENALTY = 0.1


def retrieve(query: Query, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    """The best passages, best first.

    When a question sets a time or place and nothing inside it matches well, the best from outside come along, marked
    by `in_window` and `in_area`: to be shown as such, never to enter the answer.
    """
    inside = retrieve_inside(query, index, settings)
    if (is_open(query) and inside) or _is_sure(inside):
        return inside
    outside = retrieve_outside(query, inside, index, settings)
    return tuple(sorted((*inside, *outside), key=_best_first)[: settings.hits])


def retrieve_inside(query: Query, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    """The best passages inside the asked time and place, and, where these match badly, those that spell the place."""
    if is_open(query):
        return _newest(query, index, settings)
    inside = _search(query, index, settings)
    if _is_sure(inside) or query.area is None or query.area.relation not in ("in", "near"):
        return inside
    spelled = [kept for hit in _apart(_spelling(query, index, settings), inside) if (kept := _spelled(hit, query))]
    return tuple(sorted((*inside, *spelled), key=_best_first)[: settings.hits])


def _spelling(query: Query, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    """The best passages that hold the name of the asked place, which the index may not know to be of it.

    A name too short for a key is looked for everywhere; of very many passages in those that have it letter by letter.
    """
    assert query.area is not None
    coverage = index.coverage()
    is_vast = coverage.passages > _MOST_READ_THROUGH
    spelled: list[tuple[str, ...]] = []
    for place in query.area.places:
        keys = tuple(name_keys(place.name, every_word=True))
        if keys or not is_vast:
            spelled.append(keys)
        else:
            spelled += dict.fromkeys(tuple(terms(place.name, language)) for language in coverage.languages)
    question = _question(_anywhere(query), index)._replace(window=query.window)
    if all(spelled):
        question = question._replace(area=query.area, spelled=tuple(spelled))
    return _found(query, question, index, settings)


def retrieve_outside(query: Query, inside: Sequence[Hit], index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    """The best passages that lie outside the asked time or place, marked by `in_window` and `in_area`; none where a
    question asks for neither."""
    if query.window is None and query.area is None:
        return ()
    return tuple(_marked(hit, query) for hit in _apart(_search(_anywhere(query), index, settings), inside))


def rest_of_reports(query: Query, found: Sequence[Hit], index: Index) -> tuple[Hit, ...]:
    """The other passages of the first reports found, with the sentences inside the asked time and place that hold a
    number: where figures are asked for, a report gives its own wherever it tells of the matter, if only as "the police
    count 14"."""
    known = {hit.passage.id for hit in found}
    inside = [hit.report for hit in found if hit.in_window and hit.in_area]
    reports = {report.id: report for report in inside if len(report.body) <= _LONGEST_READ_WHOLE}
    vector = index.embedder.embed([query.topic])[0]
    return tuple(
        Hit(
            passage=passage,
            report=report,
            sentences=told,
            sentence_scores=(cosines := tuple((index.sentence_vectors(passage) @ vector).tolist())),
            score=0.0,
            vector_score=max(cosines),
            why=f"rest of {report.id}",
        )
        for report in list(reports.values())[:_REPORTS_READ_WHOLE]
        for passage in index.passages(report.id)
        if passage.id not in known and (told := _numbers_inside(passage, report, query))
    )


def _numbers_inside(passage: Passage, report: Report, query: Query) -> tuple[int, ...]:
    return tuple(
        sentence.ordinal
        for sentence in passage.sentences
        if numbers(report.body[sentence.start : sentence.end], report.language)
        and _is_in_time(sentence, query)
        and (query.area is None or any(contains(query.area, place) for place in sentence.places))
    )


def _is_sure(inside: Sequence[Hit]) -> bool:
    return bool(inside) and inside[0].score >= _SURE_FROM


def _best_first(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.id


def _anywhere(query: Query) -> Query:
    """Without bounds. The words that set time and place are then words like any other."""
    return query.model_copy(update={"window": None, "area": None, "topic": query.text})


def _apart(found: Sequence[Hit], inside: Sequence[Hit]) -> list[Hit]:
    """Those of other passages, and no copies of the reports inside."""
    known = {hit.passage.id for hit in inside}
    leader = {_cluster(hit): hit.report.id for hit in inside}
    return [
        hit
        for hit in found
        if hit.passage.id not in known and leader.get(_cluster(hit), hit.report.id) == hit.report.id
    ]


def _cluster(hit: Hit) -> str:
    return hit.report.copy_of or hit.report.id


def _newest(query: Query, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    """For "What happened?": the best passages of the last week; of the last month or year where that has too few."""
    if query.window is not None:
        return _search(query, index, settings)
    end = shifted(query.as_of, 1)
    recent = [TimeSpan(start=shifted(end, -days), end=end, phrase="", precision="span") for days in _RECENT_DAYS]
    question = _question(query.model_copy(update={"window": recent[0]}), index)
    for window in recent:
        found = _found(query, question._replace(window=window), index, settings)
        if len(found) >= settings.hits:
            return found
    return _search(query, index, settings)


def _marked(hit: Hit, query: Query) -> Hit:
    """A hit from outside, with which of the two it misses; both at once in one sentence it does not meet."""
    sentences = hit.passage.sentences
    in_window = query.window is None or any(is_inside(span, query.window) for s in sentences for span in s.times)
    in_area = query.area is None or any(contains(query.area, place) for s in sentences for place in s.places)
    return hit.model_copy(
        update={
            "in_window": in_window and not (in_area and query.window is not None),
            "in_area": in_area,
            "score": hit.score - _OUTSIDE_PENALTY,
        }
    )


def _spelled(hit: Hit, query: Query) -> Hit | None:
    """A hit whose sentences spell the asked place, for places of another name or none, as far as these sentences go;
    none without such a sentence. A name that is a word as well, or one town's of two countries, is not always found in
    a text: "47 إصابة في عكار"."""
    assert query.area is not None
    names = [place.name for place in query.area.places]
    spelling = {
        sentence.ordinal
        for sentence in hit.passage.sentences
        if _is_in_time(sentence, query)
        and any(
            is_name_in(name, hit.report.body[sentence.start : sentence.end])
            and (sentence.places_assumed or not any(is_name_in(name, place.name) for place in sentence.places))
            for name in names
        )
    }
    kept = tuple(ordinal for ordinal in hit.sentences if ordinal in spelling)
    return hit.model_copy(update={"sentences": kept}) if kept else None


def _is_in_time(sentence: Sentence, query: Query) -> bool:
    return query.window is None or any(is_inside(span, query.window) for span in sentence.times)


def is_inside(span: TimeSpan, window: TimeSpan) -> bool:
    """Whether all of `span` lies in `window`."""
    return window.start <= span.start and span.end <= window.end


def _search(query: Query, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    return _found(query, _question(query, index), index, settings)


def _question(query: Query, index: Index) -> Question:
    return Question(
        vector=index.embedder.embed([query.text if is_open(query) else query.topic])[0],
        terms=search_terms(query, index),
        language=query.language,
        as_of=query.as_of,
        window=query.window,
        area=query.area,
    )


def _found(query: Query, question: Question, index: Index, settings: RetrieveSettings) -> tuple[Hit, ...]:
    weights = TermWeights(title=settings.title_weight, names=settings.name_weight, concepts=settings.concept_weight)
    found = index.search(question, limit=_CANDIDATES, weights=weights)
    if len(found.candidates) >= _CANDIDATES and len({c.cluster for c in found.candidates}) < _FEWEST_SOURCES:
        found = index.search(question, limit=_AMONG_COPIES, weights=weights)
    scores = {c.passage_id: _score(c, question, settings) for c in found.candidates}
    # Rounded, so that between a report and its copy the original comes first on every machine.
    ranked = sorted(
        found.candidates, key=lambda c: (-round(scores[c.passage_id], 4), c.cluster != c.report_id, c.passage_id)
    )
    varied = _varied(ranked)
    matches = index.read(found, varied[: settings.hits])
    if is_echoed(query, matches):
        held = index.read(found, varied)
        told = {match.passage.id: match for match in told_besides(query, held, question.terms)}
        lowered = {name: _score(match.candidate, question, settings) for name, match in told.items()}
        honest = may_be_honest(query, held) if max(lowered.values(), default=0.0) < _SURE_FROM else None
        if honest is not None:
            told[honest.passage.id] = honest
            lowered[honest.passage.id] = scores[honest.passage.id]
        scores |= lowered
        matches = sorted(told.values(), key=lambda m: (-scores[m.passage.id], m.passage.id))[: settings.hits]
    return _hits(matches, scores)


def search_terms(query: Query, index: Index) -> SearchTerms:
    """What the lexical index is asked for: stems of the words; names by sound, places by identity, and concepts."""
    languages = index.coverage().languages
    mentioned = find_places(query.text, query.language, index.gazetteer)
    places = {f"@{mention.place.key}" for mention in mentioned}
    if query.area is not None:
        places |= {f"@{place.key}" for place in query.area.places}
    text = subject(query) if query.window is None else _with_places(query)
    shared = [
        *name_keys(text),
        *sorted(places),
        *concept_terms(" ".join(telling_words(subject(query))), query.language),
    ]
    return SearchTerms(tuple(question_terms(text, languages)), tuple(dict.fromkeys(shared)))


def is_spelled(name: str, index: Index) -> bool:
    """Whether every word of a name occurs in the reports, as it is written or as it sounds."""
    languages = index.coverage().languages
    forms = [[*question_terms(word, languages), *name_keys(word, every_word=True)] for word in telling_words(name)]
    known = index.term_weights([form for of_word in forms for form in of_word]).known
    return bool(forms) and all(any(form in known for form in of_word) for of_word in forms)


def _with_places(query: Query) -> str:
    names = " ".join(place.name for place in query.area.places) if query.area else ""
    return f"{subject(query)} {names}".strip()


def _score(candidate: Candidate, question: Question, settings: RetrieveSettings) -> float:
    """Words and meaning added up; about [0, 2], and above .8 seldom by chance."""
    # Sums, not ranks: reciprocal-rank fusion came out below BM25 alone (.730 against .774 on 115 questions), sums .835.
    likeness = _LIKENESS * max(0.0, candidate.vector - _ALIKE_FROM)
    if candidate.language == question.language:
        return settings.lexical_weight * candidate.lexical + candidate.vector + likeness
    telling = sum(1 if term.startswith("#") else 2 for term in question.terms.shared)
    share = min(1.0, telling / _TELLING_SHARED) * candidate.lexical
    return settings.foreign_lexical_weight * share + settings.foreign_weight * candidate.vector + likeness


def _varied(ranked: list[Candidate]) -> list[Candidate]:
    """Without near-copies of a better one, and no report taking more than three places."""
    chosen: list[Candidate] = []
    leader: dict[str, str] = {}
    taken: dict[str, int] = {}
    for candidate in ranked:
        if leader.setdefault(candidate.cluster, candidate.report_id) != candidate.report_id:
            continue
        taken[candidate.report_id] = taken.get(candidate.report_id, 0) + 1
        if taken[candidate.report_id] <= _PASSAGES_A_REPORT:
            chosen.append(candidate)
    return chosen


def _hits(matches: list[Match], scores: Mapping[str, float]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            passage=match.passage,
            report=match.report,
            sentences=_best_sentences(match),
            sentence_scores=match.cosines,
            score=scores[match.passage.id],
            lexical_score=match.candidate.lexical,
            vector_score=match.candidate.vector,
            why=f"words {match.candidate.lexical:.2f}, meaning {match.candidate.vector:.2f}",
        )
        for match in matches
    )


def _best_sentences(match: Match) -> tuple[int, ...]:
    ranked = sorted(
        zip(match.cosines, match.passage.sentences, strict=True), key=lambda pair: (-pair[0], pair[1].ordinal)
    )
    return tuple(sentence.ordinal for _, sentence in ranked if sentence.ordinal in match.allowed)
