"""Damaged files are noticed, and repairing saves what can be read; an older catalog is taken over whole."""

import sqlite3
from pathlib import Path

import pytest
from conftest import MakeReport

from assistant.cli import main
from evals.faults import Bench
from evals.faults_damage import catalog_file, derived_files
from index.errors import DamagedIndex, OldIndex
from index.prepare import Tools
from index.seal import damaged_pages
from index.store import Index

BRIDGE = "The bridge at Anah was destroyed on Tuesday. Two people died. The governor promised repairs."


def test_damage_to_what_is_derived_changes_no_result(tmp_path: Path, tools: Tools):
    assert derived_files(Bench(tmp_path, tools)).failures == ()


def test_a_damaged_catalog_is_refused_and_repair_brings_back_no_wrong_report(tmp_path: Path, tools: Tools):
    assert catalog_file(Bench(tmp_path, tools)).failures == ()


@pytest.fixture
def kept(tmp_path: Path, tools: Tools, make_report: MakeReport) -> Path:
    """An index of one report in its second version, which is withdrawn."""
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report(BRIDGE), make_report(BRIDGE.replace("Two", "Five"))]))
        index.set_status("r1", "withdrawn")
    return tmp_path / "index"


def test_one_changed_letter_in_a_stored_text_is_noticed(kept: Path, tools: Tools):
    catalog = kept / "catalog.sqlite"
    catalog.write_bytes(catalog.read_bytes().replace(b"Five people died", b"Nine people died"))

    assert len(damaged_pages(catalog)) >= 1
    with pytest.raises(DamagedIndex, match="briefing repair"):
        Index.open(kept, tools)


def test_a_report_whose_text_was_changed_is_not_saved(kept: Path, tools: Tools, capsys: pytest.CaptureFixture[str]):
    catalog = kept / "catalog.sqlite"
    catalog.write_bytes(catalog.read_bytes().replace(b"Five people died", b"Nine people died"))

    assert main(["repair", "--index", str(kept)]) == 1
    assert "no report can be read" in capsys.readouterr().err
    assert b"Nine people died" in catalog.read_bytes(), "left as it was"


def test_an_older_catalog_is_refused_with_what_to_run_and_then_loses_nothing(
    kept: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
):
    connection = sqlite3.connect(kept / "catalog.sqlite")
    connection.execute("UPDATE manifest SET value = '1' WHERE key = 'schema_version'")
    connection.execute("UPDATE reports SET rowid = 300000")  # as in an index of many
    connection.commit()
    connection.close()
    (kept / "catalog.seal").unlink()
    with pytest.raises(OldIndex, match=r"schema 1.*briefing repair"):
        Index.open(kept, tools)

    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    assert main(["repair", "--index", str(kept)]) == 0

    with Index.open(kept, tools) as index:
        [report] = index.reports()
        assert (report.status, report.revision, "Five people died." in report.body) == ("withdrawn", 2, True)
        earlier = index.catalog.connection.execute("SELECT revision FROM superseded WHERE id = 'r1'").fetchall()
        assert earlier == [(1,)]
    assert len(list(kept.glob("catalog.*.old.sqlite"))) == 1
