"""Ingest on a Ray cluster of two nodes: the same index as from one process. Needs the extra `cluster`."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.cli import main
from index.errors import BadSetting
from index.prepare import Tools

# Ray warns of settings of its own.
pytestmark = [pytest.mark.cluster, pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")]

DEMO = Path(__file__).parents[1] / "evals" / "sets" / "demo" / "reports"
COLUMNS = {
    "reports": "rowid, id, content_hash, source, language, published_s, status, copy_of, sketch",
    "passages": "rowid, report, ordinal, passage",
    "sentences": "rowid, passage, ordinal",
    "times": "first_day, last_day, sentence",
    "sentence_places": "place, sentence",
    "lexical": "rowid, body, title, names, concepts",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two nodes, each with one core, on this machine."""
    pytest.importorskip("ray", reason="the extra `cluster` is not installed", exc_type=ImportError)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("PYTHONPATH", str(Path(__file__).parents[1]))  # for the workers: a clone, not installed
        from ray.cluster_utils import Cluster

        small: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 100_000_000}
        cluster = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
        try:
            cluster.add_node(**small)
            yield cluster.address
        finally:
            cluster.shutdown()


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tools: Tools, tmp_path: Path) -> None:
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    monkeypatch.chdir(tmp_path)


def ingest(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = main(["ingest", "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def contents(folder: str) -> dict[str, list[tuple[Any, ...]]]:
    catalog = sqlite3.connect(Path(folder, "catalog.sqlite"))
    try:
        manifest = catalog.execute("SELECT key, value FROM manifest WHERE key <> 'index_id' ORDER BY key").fetchall()
        tables = {
            name: catalog.execute(f"SELECT {c} FROM {name} ORDER BY 1, 2").fetchall() for name, c in COLUMNS.items()
        }
    finally:
        catalog.close()
    return {"manifest": manifest, **tables}


def vectors(folder: str) -> np.ndarray:
    catalog = sqlite3.connect(Path(folder, "catalog.sqlite"))
    try:
        return np.array(
            [
                np.frombuffer(row[0], dtype=np.float32)
                for row in catalog.execute("SELECT vector FROM vectors ORDER BY sentence")
            ]
        )
    finally:
        catalog.close()


def test_two_nodes_make_the_index_that_one_process_makes(
    address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Path("more").mkdir()
    Path("more", "bad.txt").write_text("No date anywhere.", encoding="utf-8")
    lines = [
        {"id": f"line-{n}", "published": "2021-05-01", "text": f"Convoy {n} reached Gao on Friday."} for n in range(150)
    ]
    Path("more", "many.jsonl").write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"text": ""}]))
    paths = [str(DEMO), "more"]
    alone_status, alone = ingest(capsys, "--index", "alone", "--workers", "1", *paths)
    status, spread = ingest(capsys, "--index", "spread", "--cluster", address, *paths)
    assert status == alone_status == 3
    assert {**spread, "seconds": 0} == {**alone, "seconds": 0}
    assert spread["added"] == 48 + 150
    assert [rejection["name"] for rejection in spread["rejected"]] == ["more/bad.txt", "more/many.jsonl:151"]
    assert contents("spread") == contents("alone")
    # How sentences fall into batches changes the last digits.
    assert np.abs(vectors("spread") - vectors("alone")).max() < 1e-5
    # Again, with one report more: the rest is not prepared anew.
    Path("more", "new.txt").write_text("GAO, 2 May 2021 - The bridge was closed.", encoding="utf-8")
    status, again = ingest(capsys, "--index", "spread", "--cluster", address, *paths)
    assert (again["added"], again["revised"], again["unchanged"]) == (1, 0, 48 + 150)


def test_a_worker_that_cannot_work_is_told_in_one_line(
    address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    Path("cities.csv").write_text("name,lat,lon\nNowhere,not a number,0\n", encoding="utf-8")
    Path("a.txt").write_text("GAO, 2 May 2021 - The bridge was closed.", encoding="utf-8")
    Path("briefing.toml").write_text(f'[index]\ngazetteer = "{tmp_path / "cities.csv"}"\n', encoding="utf-8")
    status = main(["ingest", "--index", "spread", "--cluster", address, "a.txt"])
    said = capsys.readouterr().err
    assert status == 1
    assert "briefing: a worker of the cluster failed: " in said
    assert "not a number" in said


# Without a cluster


@pytest.mark.parametrize("address", ["here", "10.0.0.5", ":6379"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    pytest.importorskip("ray", reason="the extra `cluster` is not installed", exc_type=ImportError)
    from index.cluster import connected

    with pytest.raises(BadSetting, match="expected HOST:PORT, auto or local"), connected(address):
        pass


def test_a_cluster_that_is_not_there_and_standard_input_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray", reason="the extra `cluster` is not installed", exc_type=ImportError)
    Path("a.txt").write_text("GAO, 2 May 2021 - The bridge was closed.", encoding="utf-8")
    assert main(["ingest", "--index", "none", "--cluster", "127.0.0.1:9", "a.txt"]) == 1
    assert "no Ray cluster at '127.0.0.1:9'" in capsys.readouterr().err
    assert main(["ingest", "--index", "none", "--cluster", "local", "-"]) == 1
    assert "standard input cannot be shared out" in capsys.readouterr().err
