"""The llama-index edge: its documents become reports, and the index serves as its retriever, engine and store."""

import asyncio
import importlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import filelock
import pytest
from llama_index.core import Document, Settings, VectorStoreIndex

from assistant.pipeline import answer, ask
from assistant.settings import load_settings
from assistant.types import Retrieved
from index.errors import BadSetting, IndexBusy
from index.ingest import Rejection, content_hash, report_from_text
from index.llama import (
    BriefingEmbedding,
    BriefingQueryEngine,
    BriefingRetriever,
    chroma_vector_store,
    reports_from_documents,
)
from index.prepare import Tools
from index.store import Index
from index.types import Report

EXAMPLES = Path(__file__).parents[1] / "examples"
RIVER = "The Tessaly river rose two metres on Friday. Crews moved 47 families out of Port Lenn, the mayor said."
STRIKE = "Les conducteurs de tramway de Brasson ont cessé le travail jeudi. Le syndicat réclame onze embauches."


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Two reports and a near-copy of the first."""
    documents = [
        Document(text=RIVER, id_="river", metadata={"source": "Harbour Wire", "published": "2020-05-09"}),
        Document(text=RIVER + " End.", id_="copy", metadata={"source": "Lenn Mirror", "published": "2020-05-10"}),
        Document(text=STRIKE, id_="strike", metadata={"source": "Le Fanal", "published": "2020-06-12"}),
    ]
    reports = [entry for entry in reports_from_documents(documents) if isinstance(entry, Report)]
    with Index.create(tmp_path_factory.mktemp("index"), Tools("builtin", load_settings().index.cache)) as made:
        assert [outcome for _, outcome in made.add(reports, workers=0)] == ["added"] * 3
        yield made


def only(document: Document, **defaults: str) -> Report | Rejection:
    (entry,) = reports_from_documents([document], **defaults)
    return entry


# Reports in


def test_the_fields_of_a_news_reader_become_those_of_the_report():
    metadata = {
        "title": "River rises",
        "link": "https://harbour.example/river",
        "publish_date": datetime(2020, 5, 9, 6, 30, tzinfo=UTC),
        "publisher": "Harbour Wire",
        "language": "en",
    }
    report = only(Document(text=RIVER, metadata=metadata))
    assert isinstance(report, Report)
    assert (report.title, report.source, report.url) == (
        "River rises", "Harbour Wire", "https://harbour.example/river",
    )  # fmt: skip
    assert (report.published_at, report.precision) == (datetime(2020, 5, 9, 6, 30, tzinfo=UTC), "minute")
    assert report.body == RIVER


@pytest.mark.parametrize(
    ("written", "day"),
    [("Sat, 09 May 2020 23:00:00 -0500", date(2020, 5, 10)), ("2020-05-09", date(2020, 5, 9)),
     (date(2020, 5, 9), date(2020, 5, 9))],
)  # fmt: skip
def test_dates_as_feeds_and_readers_write_them_are_read_in_utc(written: object, day: date):
    report = only(Document(text=RIVER, metadata={"date": written}))
    assert isinstance(report, Report)
    assert report.day == day


def test_a_source_that_is_an_address_is_the_url_and_not_the_outlet():
    report = only(Document(text=RIVER, metadata={"source": "https://harbour.example/a"}), published="2020-05-09")
    assert isinstance(report, Report)
    assert (report.source, report.url) == ("", "https://harbour.example/a")


def test_the_dates_of_the_file_system_never_date_a_report():
    metadata = {"file_path": "in/river.txt", "creation_date": "2020-05-09", "last_modified_date": "2020-05-09"}
    assert only(Document(text=RIVER, metadata=metadata)) == Rejection(
        "in/river.txt",
        "no date: give `published` (2017-10-22) in a front matter or as a JSON key, or put it in the file's name",
    )


def test_a_date_in_the_file_name_dates_a_report():
    report = only(Document(text=RIVER, metadata={"file_path": "in/river_2020-05-09.txt"}))
    assert isinstance(report, Report)
    assert (report.day, report.dated_by) == (date(2020, 5, 9), "file name")


def test_metadata_goes_before_front_matter_and_front_matter_before_defaults():
    text = f"---\nsource: Front\ntitle: Front title\n---\n\n{RIVER}"
    report = only(Document(text=text, metadata={"source": "Meta"}), source="D", title="D", published="2020-05-09")
    assert isinstance(report, Report)
    assert (report.source, report.title, report.body) == ("Meta", "Front title", RIVER)


def test_the_same_text_read_twice_is_the_same_report_whatever_random_id_llama_index_gives():
    metadata = {"published": "2020-05-09"}
    first, second = (only(Document(text=RIVER, metadata=metadata)) for _ in range(2))
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.id, content_hash(first)) == (second.id, content_hash(second))


def test_pages_of_one_file_are_one_report():
    pages = [
        Document(text=text, metadata={"file_path": "a.pdf", "page_label": label, "published": "2020-05-09"})
        for label, text in (("1", "Page one rises."), ("2", "Page two falls."))
    ]
    other = Document(text="Another file.", metadata={"file_path": "b.pdf", "page_label": "1", "date": "2020-05-09"})
    bodies = [entry.body for entry in reports_from_documents([*pages, other]) if isinstance(entry, Report)]
    assert bodies == ["Page one rises.\n\nPage two falls.", "Another file."]


def test_a_document_without_text_is_rejected_by_name_and_the_others_go_on():
    documents = [Document(text=" ", metadata={"file_path": "a\n.txt"}), Document(text=RIVER)]
    found = list(reports_from_documents(documents, published="2020-05-09"))
    assert found[0] == Rejection("a .txt", "it holds no text")
    assert isinstance(found[1], Report)


def test_a_default_that_no_report_has_is_refused_at_once():
    with pytest.raises(BadSetting, match="no default 'outlet' for reports; expected one of: title, source, url"):
        reports_from_documents([], outlet="X")


# Passages out


def test_a_node_is_a_slice_of_its_report_and_says_where(index: Index):
    best = BriefingRetriever(index).retrieve("How many families were moved from Port Lenn?")[0]
    report = index.report("river")
    assert report is not None
    assert best.node.node_id == "river#0"
    assert best.text == RIVER == report.body[best.node.start_char_idx : best.node.end_char_idx]
    assert best.node.metadata == {
        "report_id": "river", "source": "Harbour Wire", "title": "", "url": "", "published": "2020-05-09",
        "language": "en", "start": 0, "end": len(RIVER),
    }  # fmt: skip
    assert best.node.ref_doc_id == "river"


def test_a_near_copy_is_no_second_source_and_limit_is_kept(index: Index):
    question = "river rose families Port Lenn"
    found = [scored.node.metadata["report_id"] for scored in BriefingRetriever(index).retrieve(question)]
    assert found[0] == "river"
    assert sorted(found) == ["river", "strike"]
    assert len(BriefingRetriever(index, limit=1).retrieve(question)) == 1


def test_reports_after_the_given_day_are_invisible(index: Index):
    found = BriefingRetriever(index, as_of=date(2020, 5, 9)).retrieve("Quelle grève à Brasson ?")
    assert [scored.node.metadata["report_id"] for scored in found] == ["river"]


def test_an_empty_question_finds_nothing(index: Index):
    assert BriefingRetriever(index).retrieve("  ") == []


def test_the_asynchronous_retriever_gives_the_same(index: Index):
    retriever = BriefingRetriever(index)
    direct = retriever.retrieve("tramway à Brasson")
    awaited = asyncio.run(retriever.aretrieve("tramway à Brasson"))
    assert [(s.node.node_id, s.score) for s in awaited] == [(s.node.node_id, s.score) for s in direct]
    assert awaited[0].node.node_id == "strike#0"


def test_the_retriever_takes_the_assistants_search_with_its_times(index: Index):
    def retrieve(question: str):
        events = ask(question, index=index, settings=load_settings())
        return next(event.hits for event in events if isinstance(event, Retrieved))

    found = BriefingRetriever(index, retrieve=retrieve).retrieve("Que réclame le syndicat en juin 2020 ?")
    assert [scored.node.metadata["report_id"] for scored in found] == ["strike"]


# Answers out


def test_every_source_of_an_answer_is_its_quote_in_the_order_of_the_numbers(index: Index):
    engine = BriefingQueryEngine(partial(answer, index=index, settings=load_settings()))
    response = engine.query("Did the river rise in Port Lenn?")
    assert response.metadata is not None
    assert response.metadata["status"] == "answered"
    assert response.source_nodes
    for number, source in enumerate(response.source_nodes, start=1):
        report = index.report(source.node.metadata["report_id"])
        assert report is not None
        assert source.text == report.body[source.node.start_char_idx : source.node.end_char_idx]
        assert source.node.metadata["number"] == number
        assert f"[{number}]" in str(response)


def test_the_asynchronous_engine_gives_the_same(index: Index):
    engine = BriefingQueryEngine(partial(answer, index=index, settings=load_settings()))
    question = "Que réclame le syndicat ?"
    awaited = asyncio.run(engine.aquery(question))
    assert str(awaited) == str(engine.query(question))
    assert "onze embauches" in awaited.source_nodes[0].text


def test_no_evidence_has_no_sources_and_says_so(index: Index):
    engine = BriefingQueryEngine(partial(answer, index=index, settings=load_settings()))
    response = engine.query("What happened in Osaka in 1987?")
    assert response.metadata is not None
    assert (response.metadata["status"], response.source_nodes) == ("no_evidence", [])


# Vectors out


def test_llama_indexs_chroma_adapter_finds_our_sentences_by_meaning(index: Index):
    with chroma_vector_store(index) as store:
        meaning = VectorStoreIndex.from_vector_store(store, embed_model=BriefingEmbedding(index.embedder))
        retriever = meaning.as_retriever(similarity_top_k=1)
        (found,) = retriever.retrieve("The union asks for eleven new employees")
        (awaited,) = asyncio.run(retriever.aretrieve("The union asks for eleven new employees"))
    assert found.text == awaited.text == "Le syndicat réclame onze embauches."
    assert found.node.metadata == {"passage_id": "strike#0", "report_id": "strike"}


def test_the_collection_is_open_in_one_process_at_a_time_and_the_second_is_told(index: Index):
    with (
        filelock.FileLock(index.folder / "chroma.lock"),
        pytest.raises(IndexBusy, match="are open in another process; close it"),
        chroma_vector_store(index),
    ):
        pass


def test_our_embedding_gives_llama_index_the_very_vectors_of_the_index(index: Index):
    embedding = BriefingEmbedding(index.embedder)
    text = "The river rose."
    expected = index.embedder.embed([text])[0].tolist()
    assert embedding.get_query_embedding(text) == pytest.approx(expected, abs=1e-6)
    assert asyncio.run(embedding.aget_text_embedding_batch([text, "x"]))[0] == pytest.approx(expected, abs=1e-4)


# What stays untouched


def test_llama_indexs_settings_are_never_asked_for_a_model(index: Index):
    BriefingRetriever(index).retrieve("river")
    BriefingQueryEngine(partial(answer, index=index, settings=load_settings())).query("river?")
    assert (Settings._llm, Settings._embed_model) == (None, None)


def test_nothing_but_the_edge_loads_llama_index():
    code = "import sys, assistant.pipeline, index.store; print('llama_index' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=EXAMPLES.parent, capture_output=True, text=True)
    assert (found.returncode, found.stdout.strip()) == (0, "False")


# The examples run


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("llama_reader", "added: flood-02, Blue Lantern Relief, 2031-03-06"),
        ("llama_retriever", "2031-03-2"),
        ("llama_query_engine", "[1] bridge-0"),
        ("llama_vector_store", "bridge-06#0: A floating bridge was opened to traffic"),
    ],
)
def test_the_examples_run(
    name: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    importlib.import_module(name).main(tmp_path / "index")
    assert expected in capsys.readouterr().out


def test_a_report_given_directly_and_through_a_document_is_the_same():
    declared = {"source": "Harbour Wire", "published": "2020-05-09"}
    direct = report_from_text(RIVER, name="x", declared=declared)
    assert only(Document(text=RIVER, metadata=declared)) == direct
