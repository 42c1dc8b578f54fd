"""What writers, servers and embedders do to each other: the short tier of `python -m evals faults`."""

from pathlib import Path

from assistant.doctor import _derived
from index.prepare import Tools
from index.store import Index
from tests.conftest import MakeReport


def test_doctor_finds_nothing_broken_after_a_report_is_removed(tmp_path: Path, tools: Tools, make_report: MakeReport):
    with Index.create(tmp_path / "index", tools) as index:
        towns = ("Gao", "Ansongo", "Anah", "Aleppo", "Mopti", "Bamako", "Kidal", "Menaka")
        list(index.add([make_report(f"The market of {town} reopened.", id=town) for town in towns], workers=0))
        index.remove("Mopti")

        assert _derived(index).state == "ok"
