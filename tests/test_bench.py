"""The benchmark: its synthetic index is as consistent as a real one, and its table and file hold what was measured."""

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from answering_parts import ScriptedLLM

from assistant.settings import load_settings
from evals.__main__ import main
from evals.bench_answers import rows_with
from evals.bench_clock import Beside, Row, Spent, beside_table, measured, spread, table
from evals.bench_store import DAYS, LAST_DAY, large_index
from evals.plots import growth
from index.ingest import read_reports
from index.prepare import Tools
from index.store import Index
from index.types import Report

REPORTS = Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports"
BOAT = "How many people drowned when the boat sank?"
TOOLS = Tools("builtin", load_settings().index.cache)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


def test_a_synthetic_index_has_the_asked_size_and_every_slice_and_vector_is_sound(stores: Path):
    reports = [entry for entry in read_reports(sorted(REPORTS.glob("boat-*.md"))) if isinstance(entry, Report)]
    folder = large_index(stores, reports, 43, TOOLS)
    with Index.open(folder, TOOLS) as index:
        made = list(index.reports())
        assert index.coverage().passages == 43
        assert [report.copy_of for report in made] == [None] * len(made)
        originals = "\n".join(report.body for report in reports)
        for report in made:
            assert timedelta(0) <= LAST_DAY - report.day < timedelta(days=DAYS)
            passages = index.passages(report.id)
            ordinals = [sentence.ordinal for passage in passages for sentence in passage.sentences]
            assert ordinals == list(range(len(ordinals)))
            for passage in passages:
                assert report.body[passage.start : passage.end] == passage.text
                for sentence in passage.sentences:
                    assert report.body[sentence.start : sentence.end] in originals
        norms = np.linalg.norm(index.snapshot().matrix.vectors / 32_767, axis=1)
        assert norms == pytest.approx(1.0, abs=1e-4)


def test_the_days_of_a_synthetic_sentence_move_with_its_report(stores: Path):
    """ "Yesterday" of the original stays yesterday: what is assumed first is always the report's own day."""
    reports = [entry for entry in read_reports([REPORTS / "boat-01.md"]) if isinstance(entry, Report)]
    with Index.open(large_index(stores, reports, 5, TOOLS), TOOLS) as index:
        for report in index.reports():
            assumed = [
                sentence.times[0].start
                for passage in index.passages(report.id)
                for sentence in passage.sentences
                if sentence.times[0].assumed
            ]
            assert set(assumed) == {report.day}


def test_a_store_is_built_once(stores: Path):
    reports = [entry for entry in read_reports([REPORTS / "boat-01.md"]) if isinstance(entry, Report)]
    first = large_index(stores, reports, 5, TOOLS)
    made_at = (first / "catalog.sqlite").stat().st_ctime_ns
    assert large_index(stores, reports, 5, TOOLS) == first
    assert (first / "catalog.sqlite").stat().st_ctime_ns == made_at


def test_the_clock_counts_the_processor_and_not_the_waiting():
    import time

    with measured() as spent:
        time.sleep(0.2)
    assert spent.wall_s >= 0.2
    assert spent.cpu_s < 0.1


def test_the_spread_is_the_median_and_the_95th_percentile_in_milliseconds():
    seconds = [number / 1_000 for number in range(1, 102)]  # 1 ms to 101 ms: the middle is 51, 95 % of the way is 96
    assert [row.value for row in spread("warm", "open", seconds)] == pytest.approx([51.0, 96.0])


def test_the_table_names_each_part_once_and_shows_the_target():
    rows = [Row("ingest", "rate", 12.3456, "reports/s"), Row("ingest", "over", 1_234.5, "%", "≤ 25")]
    assert table(rows) == "\ningest\n  rate        12.3 reports/s\n  over       1,234 %   (target ≤ 25)"


def test_a_peer_is_beside_ours_question_by_question():
    """2, 4 and 8 times as long for the three questions: 4 times in the middle, 3 and 6 between."""
    ours = [Spent(0.001, 0.002), Spent(0.002, 0.002), Spent(0.003, 0.002)]
    theirs = [Spent(0.002, 0.001), Spent(0.008, 0.003), Spent(0.024, 0.005)]
    row = Beside.of("words", ours, "another", theirs)
    assert (row.times_as_fast, row.times_low, row.times_high) == pytest.approx((4, 3, 6))
    assert beside_table([row]).splitlines()[2] == (
        "| words | 2.0 / 2.9 | another | 8.0 / 22.4 | 4.0 (3.0-6.0) | 2.0 : 3.0 |"
    )


def test_a_run_prints_its_rows_and_saves_the_same_ones(stores: Path, capsys: pytest.CaptureFixture[str]):
    out = stores / "bench.json"
    options = [
        "--parts",
        "search",
        "answers",
        "--passages",
        "20",
        "--questions",
        "2",
        "--limit",
        "6",
        "--cold-runs",
        "1",
    ]
    assert main(["bench", *options, "--stores", str(stores), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    saved = json.loads(out.read_text(encoding="utf-8"))
    assert saved["options"]["reports"] == ["evals/sets/demo/reports"]
    measures = [row["measure"] for row in saved["rows"]]
    assert all(measure in printed for measure in measures)
    assert {"start to evidence, 20 passages, wall", "dated, 20 passages, p95", "both, 20 passages, p50"} <= set(
        measures
    )
    recall = next(row["value"] for row in saved["rows"] if row["measure"].startswith("recall of the exact ten"))
    assert recall == pytest.approx(1.0)


def test_a_model_is_asked_the_same_again_without_us(stores: Path):
    reports = [entry for entry in read_reports(sorted(REPORTS.glob("boat-*.md"))) if isinstance(entry, Report)]
    reply = '{"statements": []}'
    llm = ScriptedLLM([reply] * 6)
    with Index.open(large_index(stores, reports, 43, TOOLS), TOOLS) as index:
        rows = {row.measure: row.value for row in rows_with(llm, [BOAT] * 3, index, load_settings())}
    assert rows["the answer over the model alone, median, scripted, 43 passages"] > 1
    assert (
        rows["the model alone, to the end, scripted, 43 passages, p50"]
        < rows["to the answer, scripted, 43 passages, p50"]
    )


def test_growth_is_drawn_on_logarithmic_axes():
    """From 10 to 1,000 passages and 1 to 100 ms: the middle is at half the width and half the height."""
    drawn = growth({"open": [(10, 1.0), (100, 10.0), (1_000, 100.0)]}, "passages", "ms & more")
    root = ElementTree.fromstring(drawn)
    line = next(element for element in root if element.tag.endswith("polyline"))
    (x0, y0), (x1, y1), (x2, y2) = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    assert (x1 - x0, y1 - y0) == pytest.approx(((x2 - x0) / 2, (y2 - y0) / 2), abs=0.2)


def test_a_folder_without_reports_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["bench", "--reports", str(tmp_path), "--stores", str(tmp_path)]) == 2
    assert f"no report in {tmp_path}; give --reports files or folders that hold some" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["0", "-3", "many"])
def test_a_size_that_is_no_count_is_refused(given: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as refusal:
        main(["bench", "--questions", given])
    assert refusal.value.code == 2
    assert f"{given!r} is no count; give a whole number from 1 up" in capsys.readouterr().err
