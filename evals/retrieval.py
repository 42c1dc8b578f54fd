"""The retrieval table: does the right report come first, in each language and across languages?

    python -m evals retrieval [--row NAME…] [--questions 500]

Four columns. "product": the question as it is answered, with the time and place that are read in it. "plain": the same
search without reading a time or place. "BM25" and "meaning": its two halves alone (SQLite FTS5 over the same stemmed
terms; the cosine of sentences and pairs of them). Each paragraph or document is one report; a report counts where its
best passage stands. Rows whose data is not on this machine are left out with a note.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from assistant.interpret import interpret
from assistant.retrieve import retrieve, search_terms
from assistant.settings import RetrieveSettings, Settings
from assistant.types import Query
from evals.archive import prepared_index
from evals.cases import DATA, load_set
from evals.intervals import Mean, clustered_mean
from evals.ranking import ranked_reports
from evals.tables import spread
from index.prepare import Tools
from index.reading import TermWeights
from index.search import Question
from index.store import Index

PUBLISHED = "2018-09-15"
"""The data have no dates; a report needs one. Its only effect is on "yesterday" and the like."""
SEED = 20171022
_SENTENCES_A_DIRECTION = 300
_LANGUAGES = ("en", "fr", "ar")


class Probe(NamedTuple):
    """A question and the reports that answer it."""

    question: str
    language: str
    relevant: frozenset[str]
    cluster: str
    """Questions on one paragraph, document or story stand or fall together."""
    as_of: date | None = None


class Row(NamedTuple):
    """One line of the table: what is asked of which reports."""

    name: str
    index_name: str
    reports: Callable[[Path], Path]
    """Writes the reports into the folder given, if need be, and says where they are."""
    probes: Callable[[], list[Probe]]
    cutoffs: tuple[int, ...]
    must: tuple[float, ...]
    """What has to be reached at each cutoff."""
    needs: Path


class Line(NamedTuple):
    """A measured row at one cutoff."""

    name: str
    cutoff: int
    must: float
    product: Mean
    plain: Mean
    bm25: Mean
    meaning: Mean


class _Alone(NamedTuple):
    """Reports, best first, by one half of the search."""

    by_words: list[str]
    by_meaning: list[str]


def table(
    settings: Settings, *, only: Sequence[str] = (), most_questions: int | None = None, is_old_fine: bool = False
) -> Iterator[Line]:
    """The lines, as they are measured. `only`: parts of row names; `most_questions`: of each row, drawn by seed."""
    tools = Tools(settings.index.embedder, settings.index.cache, settings.index.gazetteer, settings.llm.host)
    for row in _rows():
        if only and not any(part.lower() in row.name.lower() for part in only):
            continue
        if not row.needs.exists():
            print(f"{row.name}: left out, {row.needs.name} is not on this machine", file=sys.stderr)
            continue
        probes = row.probes()
        if most_questions is not None and len(probes) > most_questions:
            probes = random.Random(SEED).sample(probes, most_questions)
        with prepared_index(
            row.index_name, row.reports(tools.cache / "evals"), tools, is_old_fine=is_old_fine
        ) as index:
            yield from measure_row(row, probes, index, settings)


def measure_row(row: Row, probes: Sequence[Probe], index: Index, settings: Settings) -> Iterator[Line]:
    """One row's lines, one a cutoff."""
    clusters = [probe.cluster for probe in probes]
    wide = settings.retrieve.model_copy(update={"hits": 100})
    product = [_ranked(_understood(probe, index, settings), index, wide) for probe in probes]
    plain = [_ranked(_bare(probe, index), index, wide) for probe in probes]
    alone = [_alone(_bare(probe, index), index, settings) for probe in probes]
    for cutoff, must in zip(row.cutoffs, row.must, strict=True):
        means = [
            clustered_mean(
                [float(bool(p.relevant & set(r[:cutoff]))) for p, r in zip(probes, ranked, strict=True)], clusters
            )
            for ranked in (product, plain, [a.by_words for a in alone], [a.by_meaning for a in alone])
        ]
        yield Line(row.name, cutoff, must, *means)


def line_text(line: Line) -> str:
    """A line for the terminal; "<" where what must be reached is not."""
    mark = "<" if line.product.value < line.must else " "
    columns = "  ".join(spread(mean) for mean in (line.product, line.plain, line.bm25, line.meaning))
    return f"{line.name:24} @{line.cutoff:<3} {mark}{line.must:5.3f}  {columns}  n={line.product.cases}"


HEAD = f"{'report in the first k':24} {'k':4} {'must':>6}  {'product':20}  {'plain':20}  {'BM25':20}  {'meaning':20}"


def _understood(probe: Probe, index: Index, settings: Settings) -> Query:
    return interpret(
        probe.question,
        as_of=probe.as_of or _newest(index),
        gazetteer=index.gazetteer,
        countries=index.snapshot().countries,
        told=index.snapshot().told(),
        radius_km=settings.retrieve.radius_km,
    )


def _bare(probe: Probe, index: Index) -> Query:
    return Query(
        asked=probe.question,
        text=probe.question,
        topic=probe.question,
        language=probe.language,
        as_of=probe.as_of or _newest(index),
    )


def _newest(index: Index) -> date:
    newest = index.coverage().newest
    assert newest is not None
    return newest


def _ranked(query: Query, index: Index, settings: RetrieveSettings) -> list[str]:
    return ranked_reports(hit.report.id for hit in retrieve(query, index, settings))


def _alone(query: Query, index: Index, settings: Settings) -> _Alone:
    """By words alone, and by meaning alone: what the product's sum of the two has to beat."""
    weights = TermWeights(title=settings.retrieve.title_weight, names=settings.retrieve.name_weight)
    vector = index.embedder.embed([query.topic])[0]
    question = Question(vector, search_terms(query, index), query.language, query.as_of)
    found = index.search(question, limit=100, weights=weights).candidates
    by_words = sorted((c for c in found if c.lexical > 0), key=lambda c: (-c.lexical, c.passage_id))
    by_meaning = sorted(found, key=lambda c: (-c.vector, c.passage_id))
    return _Alone(*(ranked_reports(c.report_id for c in ranked) for ranked in (by_words, by_meaning)))


# The rows


def _rows() -> list[Row]:
    piaf, news, syria = (DATA / name for name in ("piaf.fr.jsonl", "news_parallel.jsonl", "syria_reports.en.jsonl"))
    rows = [
        Row(
            "PIAF fr", "piaf-fr", partial(_write_paragraphs, piaf, "fr"),
            partial(_paragraph_probes, piaf, "fr"), (10,), (0.95,), piaf,
        ),
    ]  # fmt: skip
    for asked, told, must in (("en", "en", 0.995), ("ar", "ar", 0.985), ("en", "ar", 0.975), ("ar", "en", 0.96)):
        reports, questions = DATA / f"xquad.{told}.jsonl", DATA / f"xquad.{asked}.jsonl"
        rows.append(
            Row(
                f"XQuAD {asked}>{told}", f"xquad-{told}", partial(_write_paragraphs, reports, told),
                partial(_paragraph_probes, questions, asked), (10,), (must,), reports,
            )
        )  # fmt: skip
    for asked in _LANGUAGES:
        for told in _LANGUAGES:
            if asked != told:
                rows.append(
                    Row(
                        f"news {asked}>{told}", f"news-{told}", partial(_write_news, news, told),
                        partial(_news_probes, news, asked), (10, 1), (0.995, 0.97), news,
                    )
                )  # fmt: skip
    for split in ("dev", "test"):
        rows.append(
            Row(
                f"Syria {split}",
                "syria",
                partial(_as_it_is, syria),
                partial(_syria_probes, split),
                (5,),
                (0.95,),
                syria,
            )
        )
    return rows


def _as_it_is(path: Path, folder: Path) -> Path:  # noqa: ARG001 - nothing to write
    return path


def _paragraph_name(record: dict[str, Any], number: int) -> str:
    """The two XQuAD files name their paragraphs alike; PIAF has no names."""
    return str(record.get("id") or f"p{number:04}")


def _write_paragraphs(source: Path, language: str, folder: Path) -> Path:
    return _write(
        folder / f"{source.stem}.reports.jsonl",
        [
            {"id": _paragraph_name(record, number), "text": record["context"], "language": language}
            for number, record in enumerate(_records(source))
        ],
    )


def _paragraph_probes(source: Path, language: str) -> list[Probe]:
    return [
        Probe(asked["question"], language, frozenset([name]), name)
        for number, record in enumerate(_records(source))
        for name in [_paragraph_name(record, number)]
        for asked in record["questions"]
    ]


def _write_news(source: Path, language: str, folder: Path) -> Path:
    documents = [record for record in _records(source) if record["language"] == language]
    return _write(
        folder / f"news.{language}.reports.jsonl",
        [
            {"id": record["document"], "text": "\n".join(record["sentences"]), "language": language}
            for record in documents
        ],
    )


def _news_probes(source: Path, language: str) -> list[Probe]:
    """Sentences drawn by seed, the same ones for every language as the documents are aligned."""
    sentences = [
        Probe(sentence, language, frozenset([record["document"]]), record["document"])
        for record in _records(source)
        if record["language"] == language
        for sentence in record["sentences"]
    ]
    return random.Random(SEED).sample(sentences, min(_SENTENCES_A_DIRECTION, len(sentences)))


def _syria_probes(split: str) -> list[Probe]:
    return [
        Probe(case.question, case.language, frozenset(g.report_id for g in case.gold), case.story, case.as_of)
        for case in load_set("syria").cases
        if case.is_answerable and case.split == split
    ]


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write(path: Path, reports: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({**report, "published": PUBLISHED}, ensure_ascii=False) for report in reports]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
