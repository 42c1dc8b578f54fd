"""A large index without large data: synthetic reports out of real passages, shuffled, with other dates.

Passages keep their words, names and places; their days move with the report's. Vectors are the real ones with noise,
so embedding 150,000 sentences is not needed. Good for speed; says nothing about the quality of answers.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.catalog import SCHEMA_VERSION, PassageTerms, Prepared
from index.copies import Sketch
from index.embed import Vectors
from index.notices import MARK
from index.places.gazetteer import Gazetteer
from index.prepare import Tools, notice_marks, prepare
from index.store import Index
from index.types import Passage, Report, Sentence, TimeSpan

LAST_DAY = date(2031, 4, 30)
DAYS = 1_000
"""Publication days are spread evenly over so many."""

_PASSAGES_A_REPORT = 5
_NOISE = 0.3
"""Length of the noise added to a unit vector: a copy keeps a cosine of about .96 to its original."""

_RARE_WORDS, _ZIPF, _VOCABULARY = 8, 1.2, 200_000


class Piece(NamedTuple):
    """A real passage, to be used again."""

    report: Report
    passage: Passage
    terms: PassageTerms
    vectors: Vectors


def large_index(folder: Path, reports: Sequence[Report], passages: int, tools: Tools) -> Path:
    """The folder, below `folder`, of an index of so many passages made of `reports`; built once, then found again."""
    source = hashlib.sha256("".join(report.body for report in reports).encode()).hexdigest()[:12]
    name = f"synthetic-{SCHEMA_VERSION}b-{source}-{passages}"
    target = folder / name
    if target.exists():
        return target
    partial = folder / f"{name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    with Index.create(partial, tools) as index, Gazetteer.open(tools.cache, tools.gazetteer) as gazetteer:
        pieces = _pieces(prepare(list(reports), index.embedder, gazetteer))
        # Safe against a power cut is not needed here, and costs a third of the time.
        index.catalog.connection.execute("PRAGMA synchronous = OFF")
        for _ in index.add_prepared(synthetic_reports(pieces, passages, np.random.default_rng(passages))):
            pass
    partial.rename(target)
    return target


def _pieces(prepared: Sequence[Prepared]) -> list[Piece]:
    pieces: list[Piece] = []
    for entry in prepared:
        at = 0
        for passage, terms in zip(entry.passages, entry.terms, strict=True):
            end = at + len(passage.sentences)
            pieces.append(Piece(entry.report, passage, terms, entry.vectors[at:end]))
            at = end
    return pieces


def synthetic_reports(pieces: Sequence[Piece], passages: int, rng: np.random.Generator) -> Iterator[Prepared]:
    """Reports of up to five pieces in one language each, until there are so many passages."""
    languages = sorted({piece.report.language for piece in pieces})
    by_language = [[piece for piece in pieces if piece.report.language == language] for language in languages]
    shares = np.array([len(own) for own in by_language]) / len(pieces)
    left, number = passages, 0
    while left > 0:
        own = by_language[int(rng.choice(len(languages), p=shares))]
        count = min(_PASSAGES_A_REPORT, left, len(own))
        chosen = [own[at] for at in rng.choice(len(own), size=count, replace=False)]
        yield _synthetic(f"synthetic-{number}", chosen, LAST_DAY - timedelta(days=int(rng.integers(DAYS))), rng)
        left, number = left - count, number + 1


def _synthetic(report_id: str, chosen: Sequence[Piece], day: date, rng: np.random.Generator) -> Prepared:
    report = chosen[0].report.model_copy(
        update={
            "id": report_id,
            "body": "\n\n".join(piece.passage.text for piece in chosen),
            "published_at": datetime.combine(day, time(), UTC),
            "copy_of": None,
        }
    )
    passages: list[Passage] = []
    start = ordinal = 0
    for place, piece in enumerate(chosen):
        passages.append(_moved_passage(report, piece, place, start, ordinal))
        start += len(piece.passage.text) + 2
        ordinal += len(piece.passage.sentences)
    vectors = np.concatenate([piece.vectors for piece in chosen])
    noisy = vectors + rng.normal(scale=_NOISE / np.sqrt(vectors.shape[1]), size=vectors.shape)
    return Prepared(
        report=report,
        content_hash=hashlib.sha256(f"{report_id} {report.body}".encode()).hexdigest(),
        # Of random wording: real sketches would make every report a copy of a hundred others.
        sketch=Sketch(np.sort(rng.integers(2**63, size=128, dtype=np.uint64)), 128),
        passages=passages,
        terms=_moved_marks(report, passages, [_with_rare_words(piece.terms, rng) for piece in chosen]),
        vectors=(noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32),
    )


def _with_rare_words(terms: PassageTerms, rng: np.random.Generator) -> PassageTerms:
    """With words that few passages share, as real text has (Zipf's law); else the index would know a few thousand."""
    ranks = np.minimum(rng.zipf(_ZIPF, size=_RARE_WORDS), _VOCABULARY)
    return terms._replace(body=f"{terms.body} {' '.join(f'x{rank}' for rank in ranks.tolist())}")


def _moved_marks(report: Report, passages: Sequence[Passage], terms: Sequence[PassageTerms]) -> list[PassageTerms]:
    """A notice of correction is about another day now."""
    if not any(MARK in own.names for own in terms):
        return list(terms)
    marks = notice_marks(passages, report)
    kept = [[name for name in own.names.split() if not name.startswith(MARK)] for own in terms]
    return [
        own._replace(names=" ".join([*names, *marks.get(passage.id, [])]))
        for own, names, passage in zip(terms, kept, passages, strict=True)
    ]


def _moved_passage(report: Report, piece: Piece, place: int, start: int, ordinal: int) -> Passage:
    by_chars, by_days = start - piece.passage.start, report.day - piece.report.day
    return piece.passage.model_copy(
        update={
            "id": f"{report.id}#{place}",
            "report_id": report.id,
            "ordinal": place,
            "start": start,
            "end": start + len(piece.passage.text),
            "sentences": tuple(
                _moved_sentence(sentence, ordinal + number, by_chars, by_days)
                for number, sentence in enumerate(piece.passage.sentences)
            ),
        }
    )


def _moved_sentence(sentence: Sentence, ordinal: int, by_chars: int, by_days: timedelta) -> Sentence:
    return sentence.model_copy(
        update={
            "ordinal": ordinal,
            "start": sentence.start + by_chars,
            "end": sentence.end + by_chars,
            "times": tuple(_moved_span(span, by_days) for span in sentence.times),
        }
    )


def _moved_span(span: TimeSpan, by_days: timedelta) -> TimeSpan:
    """An end that is open stays open."""
    return span.model_copy(
        update={
            "start": span.start if span.start == date.min else span.start + by_days,
            "end": span.end if span.end == date.max else span.end + by_days,
        }
    )
