"""The store against a dictionary: whatever is added, replaced, withdrawn and reopened, both tell the same."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from index.errors import DamagedIndex
from index.prepare import Tools
from index.reading import SearchTerms
from index.search import Question
from index.store import Index
from index.types import Report

TOWNS = ("Gao", "Ansongo", "Anah", "Aleppo")


def report(number: int, town: int, trucks: int) -> Report:
    body = f"Convoy {number} reached {TOWNS[town]} on Tuesday. The mayor counted {trucks} trucks. Nobody was hurt."
    return Report(id=f"r{number}", body=body, language="en", published_at=datetime(2031, 3, 1, tzinfo=UTC))


class StoreMachine(RuleBasedStateMachine):  # hypothesis takes state machines as classes
    """`texts` holds every version that was ever added, the newest last; `withdrawn` the ids taken back."""

    tools: Tools

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.index = Index.create(Path(self.folder.name) / "index", self.tools)
        self.embedder = self.index.embedder
        self.texts: dict[str, list[str]] = {}
        self.withdrawn: set[str] = set()

    def teardown(self) -> None:
        self.index.close()
        self.folder.cleanup()

    @rule(number=st.integers(0, 4), town=st.integers(0, 3), trucks=st.integers(1, 3))
    def add(self, number: int, town: int, trucks: int) -> None:
        given = report(number, town, trucks)
        versions = self.texts.setdefault(given.id, [])
        expected = "unchanged" if given.body in versions else "revised" if versions else "added"
        assert [outcome for _, outcome in self.index.add([given], workers=0)] == [expected]
        if expected != "unchanged":
            versions.append(given.body)
            self.withdrawn.discard(given.id)

    @rule(number=st.integers(0, 4))
    def remove(self, number: int) -> None:
        assert self.index.remove(f"r{number}") == (f"r{number}" in self.texts)
        self.texts.pop(f"r{number}", None)
        self.withdrawn.discard(f"r{number}")

    @rule(number=st.integers(0, 4), is_taken_back=st.booleans())
    def withdraw(self, number: int, is_taken_back: bool) -> None:
        name = f"r{number}"
        assert self.index.set_status(name, "withdrawn" if is_taken_back else "usable") == (name in self.texts)
        if name in self.texts:
            (self.withdrawn.add if is_taken_back else self.withdrawn.discard)(name)

    @rule()
    def reopen(self) -> None:
        folder = self.index.folder
        self.index.close()
        self.index = Index.open(folder, self.tools)

    @rule()
    def repair(self) -> None:
        self.index.repair()

    @invariant()
    def it_holds_what_the_dictionary_holds(self) -> None:
        held = {r.id: (r.body, r.revision, r.status) for r in self.index.reports()}
        assert held == {
            name: (versions[-1], len(versions), "withdrawn" if name in self.withdrawn else "usable")
            for name, versions in self.texts.items()
        }

    @invariant()
    def it_finds_every_report_that_is_not_withdrawn_and_no_other(self) -> None:
        vector = np.zeros(512, dtype=np.float32)
        vector[0] = 1.0
        found = self.index.search(Question(vector, SearchTerms(("convoy",))))
        assert {candidate.report_id for candidate in found.candidates} == set(self.texts) - self.withdrawn
        quoted = {match.report.id: match.report.body for match in self.index.read(found, found.candidates)}
        assert quoted == {name: self.texts[name][-1] for name in set(self.texts) - self.withdrawn}


def test_the_store_tells_what_a_dictionary_would(tools: Tools):
    StoreMachine.tools = tools
    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            max_examples=2, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_catalog_cut_to_nothing_is_refused_in_one_line(tmp_path: Path, tools: Tools):
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([report(1, 0, 1)]))
    (tmp_path / "index" / "catalog.sqlite").write_bytes(b"")

    with pytest.raises(DamagedIndex, match="briefing repair"):
        Index.open(tmp_path / "index", tools)
