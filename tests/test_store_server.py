"""Vectors on a Chroma server: the same answers as from one machine, and nothing lost when the server is away."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from chroma_server import ChromaServer, chroma_server, free_port
from conftest import MakeReport
from demo_reports import demo_settings_in

from assistant.cli import main
from assistant.opening import open_index, tools_from
from assistant.pipeline import answer
from assistant.present import to_json
from assistant.settings import Settings
from index import reading
from index.chroma_server import server_address
from index.errors import BadSetting, ServerAway, VectorStoreFailed
from index.prepare import Tools
from index.served import write_copy
from index.store import Index

QUESTIONS = [
    "How many families were moved into schools in Al-Mayadin?",
    "Who says that the bridge is closed?",
    "Combien de familles ont été déplacées ?",
    "Que s'est-il passé cette semaine ?",
    "Que dit le maire ?",
    "ماذا حدث في الميادين؟",
    "كم عدد العائلات التي تم إجلاؤها؟",
    "What happened on 4 March 2031?",
    "What happened near Deir ez-Zor since Monday?",
    "Which roads were cut by the flood?",
    "Who was elected president of Mars?",
    "Which outlets report an attack?",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Settings:
    """The sample reports, all on this machine."""
    return demo_settings_in(tmp_path_factory.mktemp("demo") / "index", tools.cache)


def test_a_copy_without_vectors_answers_as_the_whole_index(
    local: Settings, server: ChromaServer, tmp_path: Path
) -> None:
    with open_index(local.model_copy(update={"store": local.store.model_copy(update={"url": server.url})})) as whole:
        list(whole.add([]))  # the next writer fills a store that it finds empty
        assert whole.behind == ""
        write_copy(whole.catalog.path, tmp_path / "copy")
    sizes = [(folder / "catalog.sqlite").stat().st_size for folder in (local.index.folder, tmp_path / "copy")]
    assert sizes[1] < sizes[0]
    with (
        open_index(local) as whole,
        Index.open(tmp_path / "copy", tools_from(local), store_url=server.url) as copy,
    ):
        assert copy.is_copy
        assert copy.catalog.connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
        for question in QUESTIONS:
            expected, found = (
                to_json(answer(question, index=index, settings=local, as_of=date(2031, 3, 7)), seconds=0)
                for index in (whole, copy)
            )
            for hit, same in zip(expected["hits"], found["hits"], strict=True):
                assert same["passage_id"] == hit["passage_id"]
                assert same["score"] == pytest.approx(hit["score"], abs=1e-5)
            assert (found["status"], found["text"], found["claims"]) == (
                expected["status"],
                expected["text"],
                expected["claims"],
            )


def test_what_was_written_while_the_server_was_away_reaches_it_with_the_next_writer(
    tmp_path: Path, tools: Tools, make_report: MakeReport
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with chroma_server(tmp_path / "chroma", port), Index.create(tmp_path / "index", tools, store_url=url) as index:
        list(index.add([make_report("A bridge was destroyed in Gao. Two people died.")]))
        assert index.behind == ""
    with Index.open(tmp_path / "index", tools, store_url=url) as index:
        outcomes = [outcome for _, outcome in index.add([make_report("The river rose.", id="r2")])]
        assert outcomes == ["added"], "stored all the same"
        assert f"the Chroma server at {url} does not answer" in index.behind
        assert index.coverage().reports == 2
        with pytest.raises(ServerAway, match=r"start it \(chroma run"):
            index.repair()
    with chroma_server(tmp_path / "chroma", port), Index.open(tmp_path / "index", tools, store_url=url) as index:
        assert [outcome for _, outcome in index.add([make_report("The river rose.", id="r2")])] == ["unchanged"]
        assert index.behind == ""
        rows = reading.sentence_rows(index.catalog.connection)
        with index.open_chroma() as chroma:
            assert chroma is not None
            assert sorted(chroma.vectors_of(rows)) == rows.tolist() == [1, 2, 3]


def test_a_server_that_lost_its_data_is_filled_by_repair(
    tmp_path: Path, tools: Tools, make_report: MakeReport, server: ChromaServer
) -> None:
    with (
        chroma_server(tmp_path / "chroma") as first,
        Index.create(tmp_path / "index", tools, store_url=first.url) as index,
    ):
        list(index.add([make_report("A bridge was destroyed in Gao. Two people died.")]))
    # Another server stands for one that begins anew.
    with Index.open(tmp_path / "index", tools, store_url=server.url) as index:
        write_copy(index.catalog.path, tmp_path / "copy")
        with Index.open(tmp_path / "copy", tools, store_url=server.url) as copy:
            with pytest.raises(VectorStoreFailed, match="has none of the vectors"):
                found(copy, "bridge")
            index.repair()
            assert found(copy, "bridge") == {"r1"}, "a reader goes on after the collection was built anew"


def test_a_copy_finds_what_was_left_unchanged_since_it_was_made(
    tmp_path: Path, tools: Tools, make_report: MakeReport, server: ChromaServer
) -> None:
    with Index.create(tmp_path / "index", tools, store_url=server.url) as index:
        list(index.add([make_report("A bridge was destroyed."), make_report("The bridge stands.", id="r2")]))
        write_copy(index.catalog.path, tmp_path / "copy")
        list(index.add([make_report("A bridge was mined."), make_report("A third bridge.", id="r3")]))
    with Index.open(tmp_path / "copy", tools, store_url=server.url) as copy:
        assert found(copy, "bridge") == {"r2"}, "r1 was revised, and of r3 it does not know"


def found(index: Index, question: str) -> set[str]:
    from index.reading import SearchTerms
    from index.search import Question

    vector = index.embedder.embed([question])[0]
    matches = index.search(Question(vector, SearchTerms((question,))))
    read = index.read(matches, matches.candidates)
    return {match.report.id for match in read}


def test_a_copy_is_not_written(tmp_path: Path, tools: Tools, make_report: MakeReport, server: ChromaServer) -> None:
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report("A bridge was destroyed.")]))
        write_copy(index.catalog.path, tmp_path / "copy")
        with pytest.raises(BadSetting, match="there is an index at"):
            write_copy(index.catalog.path, tmp_path / "copy")
    with pytest.raises(BadSetting, match=r"copy without vectors: set store\.url"):
        Index.open(tmp_path / "copy", tools)
    with Index.open(tmp_path / "copy", tools, store_url=server.url) as copy:
        for write in (lambda: list(copy.add([])), lambda: copy.remove("r1"), copy.repair):
            with pytest.raises(BadSetting, match="copy for reading"):
                write()


def test_a_copy_whose_server_is_away_says_so_in_one_line(
    tmp_path: Path,
    tools: Tools,
    make_report: MakeReport,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    monkeypatch.chdir(tmp_path)
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report("A bridge was destroyed.")]))
    nobody = f"http://127.0.0.1:{free_port()}"
    copied = main(["copy", "--index", str(tmp_path / "index"), str(tmp_path / "copy")])
    said = capsys.readouterr().err
    assert copied == 0
    assert "Run: briefing repair --store URL" in said
    status = main(["ask", "--no-model", "--index", str(tmp_path / "copy"), "--store", nobody, "Was a bridge hit?"])
    said = capsys.readouterr().err
    assert status == 1
    assert said.startswith(f"briefing: the Chroma server at {nobody} does not answer (ConnectError); start it")
    assert said.count("\n") == 1
    # The whole index needs no server to answer.
    assert main(["ask", "--no-model", "--index", str(tmp_path / "index"), "--store", nobody, "Was a bridge hit?"]) == 0


def test_ingest_says_that_the_server_is_away_and_keeps_the_reports(
    tmp_path: Path, tools: Tools, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    monkeypatch.setenv("BRIEFING_STORE__URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("---\npublished: 2021-03-01\n---\nThe bridge was closed.\n", encoding="utf-8")
    assert main(["ingest", "--json", "--index", "index", "a.txt"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["added"] == 1
    assert "does not answer" in said.err
    assert "Every report is stored here" in said.err


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://a:8000", "http://", "http://a:b", "http://user:secret@a", "http://a/path"]
)
def test_an_address_that_is_none_is_refused_before_any_work(url: str, tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(BadSetting, match=r"store\.url is"):
        Index.create(tmp_path / "index", tools, store_url=url)


def test_an_address_has_a_host_a_port_and_maybe_encryption() -> None:
    assert server_address("http://10.0.0.5") == ("10.0.0.5", 8000, False)
    assert server_address("https://vectors.example:443/") == ("vectors.example", 443, True)
