"""What is loaded and from where."""

from pathlib import Path

from evals.faults import Bench
from evals.sbom import supply_chain
from index.prepare import Tools


def test_nothing_of_ours_loads_a_pickle_of_others(tmp_path: Path, tools: Tools):
    assert supply_chain(Bench(tmp_path, tools)).failures == ()
