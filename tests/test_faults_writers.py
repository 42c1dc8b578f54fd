"""What writers, servers and embedders do to each other: the short tier of `python -m evals faults`."""

from pathlib import Path

from assistant.doctor import _derived
from evals.faults import Bench
from evals.faults_dates import dates_and_letters
from evals.faults_embedder import failing_embedder
from evals.faults_server import failing_servers
from evals.faults_writers import two_writers
from index.prepare import Tools
from index.store import Index
from tests.conftest import MakeReport


def test_doctor_finds_nothing_broken_after_a_report_is_removed(tmp_path: Path, tools: Tools, make_report: MakeReport):
    with Index.create(tmp_path / "index", tools) as index:
        towns = ("Gao", "Ansongo", "Anah", "Aleppo", "Mopti", "Bamako", "Kidal", "Menaka")
        list(index.add([make_report(f"The market of {town} reopened.", id=town) for town in towns], workers=0))
        index.remove("Mopti")

        assert _derived(index).state == "ok"


def test_a_model_server_that_fails_costs_its_deadline_and_leaves_one_line(tmp_path: Path, tools: Tools):
    assert failing_servers(Bench(tmp_path, tools)).failures == ()


def test_a_second_writer_is_told_and_a_reader_sees_whole_reports(tmp_path: Path, tools: Tools):
    assert two_writers(Bench(tmp_path, tools)).failures == ()


def test_an_embedder_that_fails_keeps_the_old_version_and_another_is_refused(tmp_path: Path, tools: Tools):
    assert failing_embedder(Bench(tmp_path, tools)).failures == ()


def test_times_are_in_utc_and_quotes_are_slices_whatever_the_zone_and_letters(tmp_path: Path, tools: Tools):
    assert dates_and_letters(Bench(tmp_path, tools)).failures == ()
