"""What is stored comes back as it was, once, and what is derived follows the catalog."""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from conftest import MakeReport

from index import matrix, reading
from index.errors import IndexBusy, NoIndex, StaleIndex
from index.locks import held_lock
from index.prepare import Tools
from index.reading import SearchTerms
from index.reembed import reembed
from index.search import Question
from index.store import Index
from index.types import Area, Report, TimeSpan

NO_TERMS = SearchTerms(())
BRIDGE = "The bridge at Anah was destroyed on Tuesday. Two people died. The governor promised repairs."
FLOOD = "The river rose in Gao. About 300 families moved to schools. Selon le maire, l’eau a baissé."


def stored_quotes(index: Index) -> Counter[str]:
    return Counter(
        report.body[sentence.start : sentence.end]
        for report in index.reports()
        for passage in index.passages(report.id)
        for sentence in passage.sentences
    )


def found_ids(index: Index, question: str, **limits: object) -> set[str]:
    vector = index.embedder.embed([question])[0]
    found = index.search(Question(vector, NO_TERMS, **limits))  # type: ignore[arg-type]
    return {candidate.report_id for candidate in found.candidates}


def test_the_same_report_again_changes_nothing(index: Index, make_report: MakeReport) -> None:
    report = make_report(BRIDGE)
    outcomes = [outcome for _ in range(3) for _, outcome in index.add([report])]
    assert outcomes == ["added", "unchanged", "unchanged"]
    assert index.coverage().reports == 1
    assert sum(stored_quotes(index).values()) == 3


def test_a_new_version_replaces_the_old_which_stays_known(index: Index, make_report: MakeReport) -> None:
    first, second = make_report(BRIDGE), make_report(BRIDGE.replace("Two", "Five"))
    assert [outcome for _, outcome in index.add([first, second])] == ["added", "revised"]
    now = index.report("r1")
    assert now is not None
    assert now.revision == 2
    assert "Five people died." in stored_quotes(index)
    assert "Two people died." not in stored_quotes(index)
    assert [outcome for _, outcome in index.add([first])] == ["unchanged"], "an outdated version does not come back"


def test_a_removed_report_is_found_no_more(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE), make_report(FLOOD, id="r2")]))
    assert index.remove("r1")
    assert not index.remove("r1")
    assert found_ids(index, "Was a bridge destroyed?") == {"r2"}


def test_a_withdrawn_report_is_kept_but_not_searched(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE)]))
    assert index.set_status("r1", "withdrawn")
    assert found_ids(index, "Was a bridge destroyed?") == set()
    kept = index.report("r1")
    assert kept is not None
    assert kept.status == "withdrawn"


def test_reports_published_after_as_of_are_invisible(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE, day="2017-10-01"), make_report(FLOOD, id="r2", day="2017-10-20")]))
    assert found_ids(index, "What happened?", as_of=date(2017, 10, 10)) == {"r1"}


def test_only_sentences_inside_the_window_count(index: Index, make_report: MakeReport) -> None:
    # 22 October 2017 is a Sunday; "Tuesday" is the 17th, also of the sentence after it.
    list(index.add([make_report(BRIDGE.replace("The governor", "On Friday the governor"))]))
    tuesday = TimeSpan(start=date(2017, 10, 17), end=date(2017, 10, 18), phrase="", precision="day")
    found = index.search(Question(index.embedder.embed(["bridge"])[0], NO_TERMS, window=tuesday))
    [match] = index.read(found, found.candidates)
    assert match.allowed == {0, 1}


def test_only_sentences_inside_the_area_count(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report("Shells fell on Aleppo. In Damascus the market was open.", title="")]))
    [sentence] = [s for s in index.passages("r1")[0].sentences if s.places and s.places[0].name == "Aleppo"]
    near = Area(places=sentence.places, relation="near", radius_km=50)
    found = index.search(Question(index.embedder.embed(["What happened?"])[0], NO_TERMS, area=near))
    [match] = index.read(found, found.candidates)
    assert match.allowed == {0}


def test_near_copies_point_at_the_earliest_whatever_the_order(
    tmp_path: Path, tools: Tools, make_report: MakeReport
) -> None:
    text = " ".join(f"Sentence number {n} tells of another street and another house." for n in range(30))
    reports = [
        make_report(text, id="late", day="2017-10-22", source="b"),
        make_report(text, id="early", day="2017-10-20", source="a"),
        make_report(text, id="middle", day="2017-10-21", source="c"),
    ]
    for number, order in enumerate(([0, 1, 2], [2, 0, 1], [1, 2, 0])):
        with Index.create(tmp_path / str(number), tools) as index:
            list(index.add([reports[at] for at in order]))
            copies = {report.id: report.copy_of for report in index.reports()}
        assert copies == {"early": None, "middle": "early", "late": "early"}


def test_another_embedder_is_refused(index: Index) -> None:
    with pytest.raises(StaleIndex, match="repair"):
        Index.open(index.folder, index.tools._replace(embedder="ollama:bge-m3"))


def test_another_model_under_the_same_name_is_refused(index: Index) -> None:
    index.manifest = index.manifest.model_copy(update={"fingerprint": ";".join([",".join(["0.50"] * 16)] * 4)})
    with pytest.raises(StaleIndex, match="not the one"):
        _ = index.embedder


def test_no_index_says_what_to_do(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(NoIndex, match="briefing ingest"):
        Index.open(tmp_path / "nowhere", tools)


def test_a_second_writer_is_told_who_holds_the_lock(index: Index, make_report: MakeReport) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\nfrom index.locks import held_lock\n"
            f"with held_lock(pathlib.Path({str(index.folder)!r}), 'writer'):\n"
            "    print('held', flush=True)\n    sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(IndexBusy, match=f"process {holder.pid}"):
            list(index.add([make_report(BRIDGE)]))
    finally:
        holder.communicate()


def test_search_is_the_same_after_the_derived_files_are_damaged(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE), make_report(FLOOD, id="r2")]))
    vector = index.embedder.embed(["Who promised repairs?"])[0]

    def result() -> list[tuple[str, float, float]]:
        with Index.open(index.folder, index.tools) as fresh:
            found = fresh.search(Question(vector, SearchTerms(("repair",))))
            return sorted((c.passage_id, round(c.vector, 5), round(c.lexical, 5)) for c in found.candidates)

    before = result()
    rows = index.folder / "matrix" / "rows.bin"
    for damage in (
        lambda: rows.write_bytes(rows.read_bytes()[:-4]),
        lambda: rows.write_bytes(b"\0" + rows.read_bytes()[1:]),
        lambda: (index.folder / "matrix" / "vectors.i16").unlink(),
        lambda: (index.folder / "matrix" / "meta.json").write_text("{"),
    ):
        damage()
        assert result() == before


def test_chroma_holds_exactly_the_catalogs_sentences(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE), make_report(FLOOD, id="r2")]))
    index.remove("r1")
    rows = reading.sentence_rows(index.catalog.connection)
    vector = reading.vector_of(index.catalog.connection, int(rows[0]))
    assert vector is not None
    with index.open_chroma() as chroma:
        assert chroma is not None
        assert chroma.count() == len(rows) == 3
        assert chroma.nearest(vector, 1) == [int(rows[0])]


def test_chroma_is_rebuilt_when_its_folder_is_gone(index: Index, make_report: MakeReport) -> None:
    import shutil

    list(index.add([make_report(BRIDGE), make_report(FLOOD, id="r2")]))
    for _ in range(2):
        with index.open_chroma() as chroma:
            assert chroma is not None
            assert chroma.count() == 6
        shutil.rmtree(index.folder / "chroma")


def test_chroma_is_filled_when_it_is_opened_and_not_at_every_ingest(index: Index, make_report: MakeReport) -> None:
    for number, report in enumerate((make_report(BRIDGE), make_report(FLOOD, id="r2")), start=1):
        list(index.add([report]))
        assert not index.is_chroma_synced()
        with index.open_chroma() as chroma:
            assert chroma is not None
            assert chroma.count() == 3 * number
        assert index.is_chroma_synced()


def test_reports_are_added_while_chroma_is_open_elsewhere(index: Index, tools: Tools, make_report: MakeReport) -> None:
    list(index.add([make_report(BRIDGE)]))
    with index.open_chroma() as chroma, Index.open(index.folder, tools) as other:
        assert chroma is not None
        assert [outcome for _, outcome in other.add([make_report(FLOOD, id="r2")])] == ["added"]
        with other.open_chroma() as second:
            assert second is None
    with index.open_chroma() as chroma:
        assert chroma is not None
        assert chroma.count() == 6


def test_pairs_of_sentences_score_as_their_mean_direction() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((4, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    question = vectors[0] + vectors[1]
    question /= np.linalg.norm(question)
    chunk = matrix.Chunk(np.arange(4), np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), vectors)
    built = matrix.matrix_of(chunk)
    scores = matrix.cosines(built, question, None)
    assert scores[0] == pytest.approx(1.0, abs=5e-5), "the first two sentences together are the question"
    assert scores[3] == pytest.approx(float(vectors[3] @ question), abs=5e-5), "the last has no neighbour"
    chosen = matrix.cosines(built, question, np.array([0, 2]))
    assert chosen == pytest.approx(scores[[0, 2]], abs=1e-5)


def test_the_vectors_of_a_stored_passage_are_those_of_its_sentences(index: Index, make_report: MakeReport) -> None:
    list(index.add([make_report(FLOOD, id="r2"), make_report(BRIDGE)]))
    (passage,) = index.passages("r1")
    embedded = index.embedder.embed([BRIDGE[s.start : s.end] for s in passage.sentences])
    assert len(passage.sentences) == 3
    assert np.allclose(index.sentence_vectors(passage), embedded, atol=1e-6)


def test_what_follows_a_question_is_embedded_for_it_then_and_later(
    tmp_path: Path, tools: Tools, make_report: MakeReport
) -> None:
    with Index.create(tmp_path / "index", tools) as index:
        list(
            index.add([make_report("Who mined the bridge? Deserters did, at night.", id=name) for name in ("r1", "r2")])
        )
        right = index.snapshot().matrix.vectors.copy()
    assert np.array_equal(right[0], right[1])
    reembed(tmp_path / "index", tools, lambda done: None)
    with Index.open(tmp_path / "index", tools) as index:
        assert np.allclose(index.snapshot().matrix.vectors, right, atol=1)  # in units of 1/32,767


def test_passages_hold_every_sentence_once_and_are_slices(index: Index, make_report: MakeReport) -> None:
    body = "Ému, le maire a parlé. 😀 Il a dit « non ». " * 7 + "وصلت القافلة صباحا. هل عادت؟"
    report = make_report(body, language="fr")
    list(index.add([report]))
    passages = index.passages("r1")
    ordinals = [sentence.ordinal for passage in passages for sentence in passage.sentences]
    assert ordinals == list(range(len(ordinals)))
    assert all(report.body[p.start : p.end] == p.text for p in passages)


def test_the_lock_file_names_no_one_when_free(index: Index) -> None:
    with held_lock(index.folder, "writer"):
        assert json.loads((index.folder / "writer.json").read_text())["pid"] > 0
    assert not (index.folder / "writer.json").exists()


def test_real_reports_are_ingested_once(data: Path, tmp_path: Path, tools: Tools) -> None:
    from index.ingest import read_reports

    def reports() -> list[Report]:
        return [r for r in read_reports([data / "dispatch_2017-10-22.fr.txt"]) if isinstance(r, Report)]

    with Index.create(tmp_path / "real", tools) as index:
        assert [outcome for _, outcome in index.add(reports())] == ["added"]
        assert [outcome for _, outcome in index.add(reports())] == ["unchanged"]
        body = next(index.reports()).body
        quotes = stored_quotes(index)
        assert all(quote in body for quote in quotes)
        assert len(quotes) == 11


def test_three_processes_store_what_one_stores_in_the_same_order(
    tmp_path: Path, tools: Tools, make_report: MakeReport
) -> None:
    towns = ["Gao", "Ansongo", "Bourem", "Kidal", "Anah", "Homs", "Mopti", "Ségou"]
    reports = [
        make_report(f"Convoy {number} reached {town} on Tuesday. {number} trucks came.", id=f"{town}{number}")
        for number in range(20)
        for town in towns
    ]

    def stored(folder: Path, workers: int) -> list[tuple[str, list[str]]]:
        with Index.create(folder, tools) as index:
            added = [report.id for report, _ in index.add(reports, workers=workers)]
            return [(each, [p.model_dump_json() for p in index.passages(each)]) for each in added]

    assert stored(tmp_path / "three", 3) == stored(tmp_path / "one", 0)


def test_threads_that_come_at_once_find_one_model_one_gazetteer_and_one_snapshot(
    index: Index, make_report: MakeReport
) -> None:
    list(index.add([make_report("The bridge at Hama was opened on Monday.")]))
    with Index.open(index.folder, index.tools) as fresh, ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: (fresh.embedder, fresh.gazetteer, fresh.snapshot()), range(8)))
        assert [len({id(one) for one in same}) for same in zip(*made, strict=True)] == [1, 1, 1]
