"""Reports are prepared in the order given, whatever becomes of the processes that help."""

from collections.abc import Sequence
from multiprocessing import active_children

import pytest
from conftest import MakeReport

from index.annotate import annotate
from index.chunk import chunk
from index.embed import Vectors
from index.errors import EmbedderFailed
from index.places.gazetteer import Gazetteer
from index.prepare import Tools, in_processes, texts_of
from index.store import Index


def test_what_an_ended_process_had_to_prepare_is_prepared_here(index: Index, tools: Tools, make_report: MakeReport):
    reports = [make_report(f"Bridge number {n} reopened.", id=f"r{n}") for n in range(20)]
    with in_processes(tools, 2, lambda: (index.embedder, index.gazetteer), batch=2) as prepare:
        prepared = prepare(reports)
        first = next(prepared)
        for process in active_children():
            process.kill()
            process.join()
        rest = list(prepared)

    assert [one.report.id for one in (first, *rest)] == [f"r{n}" for n in range(20)]


def test_a_report_whose_sentences_cannot_be_embedded_loses_none_before_it(
    index: Index, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
):
    reports = [make_report(f"Bridge number {n} reopened.", id=f"r{n}") for n in range(40)]
    embed = index.embedder.embed

    def embed_or_fail(texts: Sequence[str]) -> Vectors:
        if any("number 35" in text for text in texts):
            raise EmbedderFailed("the server went away")
        return embed(texts)

    monkeypatch.setattr(index.embedder, "embed", embed_or_fail)
    with pytest.raises(EmbedderFailed):
        list(index.add(reports, workers=0))
    assert index.coverage().reports == 32  # two groups of sixteen


def test_a_question_goes_with_what_follows_it(make_report: MakeReport, gazetteer: Gazetteer):
    body = "The road is open. Shops are closed. Who fired? Deserters, the mayor said. The market burned. Why?"
    report = make_report(body)
    passages = chunk(report, annotate(report, gazetteer))

    assert [len(passage.sentences) for passage in passages] == [2, 3, 1]
    assert " ".join(passage.text for passage in passages) == body
    assert texts_of(passages[1])[0] == "Deserters, the mayor said."
    assert texts_of(passages[2]) == ["Why?"]
