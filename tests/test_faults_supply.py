"""What is loaded and from where."""

import json
from pathlib import Path

from evals.audited import told
from evals.faults import Bench
from evals.sbom import supply_chain
from index.prepare import Tools


def test_nothing_of_ours_loads_a_pickle_of_others(tmp_path: Path, tools: Tools):
    assert supply_chain(Bench(tmp_path, tools)).failures == ()


def test_an_audit_that_asked_nobody_is_not_a_clean_one():
    clean = {"name": "pydantic", "version": "2.14.3", "vulns": []}
    weak = {"name": "pypdf", "version": "1.0", "vulns": [{"id": "CVE-1"}]}
    unasked = {"name": "lxml", "skip_reason": "not found"}

    assert audited(clean) == (0, ["1 packages looked up, none with a known weakness"])
    assert audited(clean, weak) == (1, ["pypdf 1.0: CVE-1"])
    assert audited(clean, unasked)[0] == 2
    assert audited()[0] == 2
    assert told("")[0] == 2


def audited(*packages: dict[str, object]) -> tuple[int, list[str]]:
    return told(json.dumps({"dependencies": packages}))
