"""No network, planted secrets, poisoned reports and commands: the short tier of `python -m evals faults`; then the
checker against drafts that nobody writes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.compose import Draft, Statement
from assistant.evidence import select_evidence
from assistant.interpret import interpret
from assistant.retrieve import retrieve
from assistant.settings import RetrieveSettings
from assistant.verify import Checker, verify
from evals.faults import Bench
from evals.faults_offline import no_network, planted_secrets
from evals.faults_poison import poison_and_copies
from index.prepare import Tools
from index.store import Index
from index.types import Report

BODY = "Seven people died in Gao on Tuesday, the mayor said. Nobody was hurt in Ansongo. Two bridges were closed."


def test_without_a_network_everything_works_and_nothing_is_looked_up(tmp_path: Path, tools: Tools):
    assert no_network(Bench(tmp_path, tools)).failures == ()


def test_secrets_in_reports_and_questions_are_not_written_down(tmp_path: Path, tools: Tools):
    assert planted_secrets(Bench(tmp_path, tools)).failures == ()


def test_poisoned_reports_and_copies_do_not_crowd_out_the_honest_source(tmp_path: Path, tools: Tools):
    assert poison_and_copies(Bench(tmp_path, tools)).failures == ()


@pytest.fixture(scope="module")
def gao(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("gao") / "index", tools) as index:
        report = Report(id="r1", body=BODY, language="en", published_at=datetime(2031, 3, 6, tzinfo=UTC))
        list(index.add([report], workers=0))
        yield index


PIECES = ("Seven", "died", "in", "Gao", "not", "9", "2031-03-04", "Ansongo", "²", "\u202e", "؟", "سبعة")
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drafted=st.lists(st.tuples(st.lists(st.integers(1, 3), min_size=1, max_size=3), TEXTS), max_size=4))
def test_whatever_a_model_drafts_every_quote_is_a_slice_and_no_new_figure_is_supported(
    gao: Index, drafted: list[tuple[list[int], str]]
):
    query = interpret("How many people died in Gao?", as_of=date(2031, 3, 6), gazetteer=gao.gazetteer)
    evidence = select_evidence(query, retrieve(query, gao, RetrieveSettings()), gao)
    known = {e.id for e in evidence}
    pointing = [(tuple(f"s{n}" for n in ids if f"s{n}" in known), text) for ids, text in drafted]
    draft = Draft(tuple(Statement(ids, text) for ids, text in pointing if ids), "drafted")

    for claim in verify(query, draft, evidence, Checker(gao.embedder, gao.gazetteer)):
        assert all(BODY[c.start : c.end] == c.quote for c in claim.citations)
        assert claim.citations or claim.verdict == "unsupported"
        assert claim.verdict != "supported" or "9" not in claim.text.split()
