"""BM25 over the postings: which passages hold a question's words, and how well. Knows nothing of meaning or of SQL.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.postings import COLUMNS, Postings, Segment, Span, digest, over_columns
from index.reading import KnownWeights, Rows, SearchTerms, TermWeights

# Terms in more passages than this share say little about which passage is meant, so they are looked for only when
# nothing rarer is left.
_COMMON_SHARE = 0.10
_COMMON_FLOOR = 400
_MAX_TERMS = 32
_K1, _B = 1.2, 0.5
_CANDIDATE_B = 0.75
_LEAST_SHARED = 0.4
_KNOWN_TERMS = 20_000


def lexical_candidates(postings: Postings, terms: SearchTerms, limit: int, allowed: Rows | None = None) -> list[int]:
    """The `limit` passages that hold the most telling terms, best first; `allowed`: passages to look among, ascending.

    By plain BM25 over all columns alike: close enough to choose whom `lexical_shares` looks at closely.
    """
    asked = _telling_terms(postings, (*terms.words, *terms.shared))
    if not asked or (allowed is not None and not len(allowed)):
        return []
    total = postings.passage_count
    usual = postings.term_total / total
    idf = {term: max(1e-6, math.log((total - count + 0.5) / (count + 0.5))) for term, count in asked.items()}
    spans = {term: _spans(postings, term) for term in idf}
    found = [
        _scored(
            segment,
            lengths,
            _usable(segment, live, allowed),
            [(spans[term][number], weight) for term, weight in idf.items()],
            usual,
        )
        for number, (segment, live, lengths) in enumerate(
            zip(postings.segments, postings.is_live, postings.lengths, strict=True)
        )
    ]
    rows = np.concatenate([rows for rows, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    if len(scores) > limit:
        best = np.flatnonzero(scores >= np.partition(scores, -limit)[-limit])
        rows, scores = rows[best], scores[best]
    return rows[np.lexsort((rows, -scores))][:limit].tolist()


def _usable(segment: Segment, live: NDArray[np.bool_] | None, allowed: Rows | None) -> NDArray[np.bool_] | None:
    """Which passages of the segment may be found; None for all."""
    if allowed is None:
        return live
    here = allowed[slice(*np.searchsorted(allowed, [segment.passages[0], segment.passages[-1] + 1]))]
    at = np.searchsorted(segment.passages, here)
    is_usable = np.zeros(len(segment.passages), dtype=bool)
    is_usable[at[segment.passages[at] == here]] = True
    return is_usable if live is None else is_usable & live


def _scored(
    segment: Segment,
    lengths: NDArray[np.uint32],
    is_usable: NDArray[np.bool_] | None,
    terms: Sequence[tuple[Span, float]],
    usual: float,
) -> tuple[Rows, NDArray[np.float64]]:
    """The passages that hold any of the terms, with their scores; `terms`: where the postings of each are, its idf."""
    scores = np.zeros(len(segment.passages))
    for (start, end), weight in terms:
        if start == end:
            continue
        positions, counts = segment.positions[start:end], segment.counts[start:end]
        if is_usable is not None:
            kept = np.flatnonzero(is_usable[positions])
            positions, counts = positions[kept], counts[kept]
        frequency = over_columns(counts).astype(np.float64)
        length = lengths[positions].astype(np.float64)
        norm = _K1 * (1 - _CANDIDATE_B + _CANDIDATE_B * length / usual)
        scores[positions] += weight * (frequency * (_K1 + 1) / (frequency + norm))
    at = np.flatnonzero(scores)
    return segment.passages[at], scores[at]


def lexical_shares(
    postings: Postings, terms: SearchTerms, weights: TermWeights, passages: Mapping[int, bool]
) -> dict[int, float]:
    """BM25 of each passage as a share of that of one with every term once: about [0, 1], more for repeats.

    `passages`: their numbers, and whether each is in the question's language; those that are not can hold the shared
    terms only, and are measured by them. The share is comparable between questions and languages, and does not vanish
    in an index of a few reports, where every term is in most passages; idf as in Lucene, ln(1 + (N - n + .5) /
    (n + .5)).
    """
    rarity = term_weights(postings, (*terms.words, *terms.shared)).known
    asked = {term: idf * (1.0 if term in terms.words else weights.concepts) for term, idf in rarity.items()}
    highest = sum(asked.values())
    # Where a question has hardly any shared terms, having them all says little.
    highest_shared = max(sum(asked[t] for t in asked if t in terms.shared), _LEAST_SHARED * highest)
    rows, lengths, counts = _held(postings, np.array(sorted(passages), dtype=np.int64), list(asked))
    usual = float(lengths.sum()) / max(1, len(rows))
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, usual))
    frequency = counts @ np.array(weights, dtype=np.float64)
    each = frequency * (_K1 + 1) / (frequency + norm)
    totals = np.array(list(asked.values()), dtype=np.float64) @ each
    return {
        int(row): float(total) / max(1e-9, highest if passages[int(row)] else highest_shared)
        for row, total in zip(rows, totals, strict=True)
    }


def _held(
    postings: Postings, rows: Rows, terms: Sequence[str]
) -> tuple[Rows, NDArray[np.float64], NDArray[np.float64]]:
    """Those of the passages that the postings know; the length of their bodies (n,); how often they hold each term, by
    column (t, n, COLUMNS)."""
    known: list[Rows] = [rows[:0]]
    lengths: list[NDArray[np.float64]] = [np.zeros(0)]
    counts: list[NDArray[np.float64]] = [np.zeros((len(terms), 0, COLUMNS))]
    spans = [_spans(postings, term) for term in terms]
    for number, segment in enumerate(postings.segments):
        here = rows[slice(*np.searchsorted(rows, [segment.passages[0], segment.passages[-1] + 1]))]
        at = np.searchsorted(segment.passages, here)
        is_known = segment.passages[at] == here
        known.append(here[is_known])
        lengths.append(segment.lengths[at[is_known], 0].astype(np.float64))
        counts.append(_counts(segment, at[is_known], [own[number] for own in spans]))
    return np.concatenate(known), np.concatenate(lengths), np.concatenate(counts, axis=1)


def _counts(segment: Segment, positions: NDArray[np.intp], spans: Sequence[Span]) -> NDArray[np.float64]:
    found = np.zeros((len(spans), len(positions), COLUMNS))
    for number, (start, end) in enumerate(spans):
        held = segment.positions[start:end]
        if not len(held):
            continue
        at = np.minimum(np.searchsorted(held, positions.astype(np.uint32)), len(held) - 1)
        found[number] = np.where((held[at] == positions)[:, None], segment.counts[start:end][at], 0)
    return found


def passages_with(postings: Postings, term: str) -> Rows:
    """The passages that hold the term, ascending."""
    found = [np.zeros(0, dtype=np.int64)]
    spans = _spans(postings, term)
    for segment, live, (start, end) in zip(postings.segments, postings.is_live, spans, strict=True):
        if start == end:
            continue
        positions = segment.positions[start:end]
        found.append(segment.passages[positions if live is None else positions[live[positions]]])
    return np.concatenate(found)


def term_weights(postings: Postings, terms: Iterable[str]) -> KnownWeights:
    """The weight (idf) of each term; rare terms tell more."""
    total = postings.passage_count
    return KnownWeights(
        {term: _idf(count, total) for term, count in _term_counts(postings, terms).items()}, _idf(0, total)
    )


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _telling_terms(postings: Postings, terms: Sequence[str]) -> dict[str, int]:
    """The terms that occur at all, rarest first, with the number of their passages; those in too many passages only if
    no rarer ones are left."""
    counts = _term_counts(postings, terms)
    ranked = sorted(counts, key=lambda term: (counts[term], term))
    most = max(_COMMON_FLOOR, postings.passage_count * _COMMON_SHARE)
    rare = [term for term in ranked if counts[term] <= most]
    return {term: counts[term] for term in (rare or ranked)[:_MAX_TERMS]}


def _term_counts(postings: Postings, terms: Iterable[str]) -> dict[str, int]:
    """In how many passages each of the terms occurs that occur at all."""
    counts: dict[str, int] = {}
    for term in dict.fromkeys(terms):
        count = 0
        spans = _spans(postings, term)
        for segment, live, (start, end) in zip(postings.segments, postings.is_live, spans, strict=True):
            count += end - start if live is None else int(live[segment.positions[start:end]].sum())
        if count:
            counts[term] = count
    return counts


def _spans(postings: Postings, term: str) -> Sequence[Span]:
    """For each segment where the postings of a term begin and end."""
    known = postings.spans.get(term)
    if known is None:
        if len(postings.spans) > _KNOWN_TERMS:
            postings.spans.clear()
        wanted = np.uint64(digest(term))
        known = postings.spans[term] = tuple(_span(segment, wanted) for segment in postings.segments)
    return known


def _span(segment: Segment, wanted: np.uint64) -> Span:
    at = int(segment.terms.searchsorted(wanted))
    if at == len(segment.terms) or segment.terms[at] != wanted:
        return 0, 0
    return int(segment.starts[at]), int(segment.starts[at + 1])
