"""What is loaded and from where."""

import json
import re
import tomllib
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


def test_the_lock_holds_every_package_this_program_names_at_its_version_with_hashes_and_no_address():
    root = Path(__file__).parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["embedded"]]
    lock = (root / "requirements.lock").read_text()
    locked = {line.split()[0].lower() for line in lock.splitlines() if line[:1].isalnum()}
    assert [each for each in named if each.lower().replace("_", "-") not in locked] == []
    entries = re.split(r"\n(?=\w)", lock.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--index|--find-links|^-", lock, re.MULTILINE)
