"""How far a judge of entailment agrees with labels, and that a model is shown what it needs to judge."""

import json
from collections import Counter
from pathlib import Path

import pytest
from answering_parts import ScriptedLLM

from assistant.prompting import load_prompt
from evals.cases import SETS, load_set
from evals.judge import (
    Agreement,
    Judged,
    Pair,
    Quote,
    agreement,
    agreement_text,
    model_verdict,
    publish,
    published,
    read_pairs,
)
from index.ingest import read_reports
from index.types import Report

BRIDGE = "The bridge was reopened on Tuesday, the mayor said."


def pair(number: int, *, is_supported: bool) -> Pair:
    quote = Quote(report_id=f"r{number % 7}", quote=BRIDGE)
    return Pair(
        id=f"p{number}", statement="It is open.", language="en", evidence=(quote,), is_supported=is_supported, kind="x"
    )


def judged(*, right_yes: int, wrong_no: int, right_no: int, wrong_yes: int) -> list[Judged]:
    """So many verdicts of each sort."""
    sorts = [(True, True)] * right_yes + [(True, False)] * wrong_no
    sorts += [(False, False)] * right_no + [(False, True)] * wrong_yes
    return [Judged(pair(n, is_supported=label), said) for n, (label, said) in enumerate(sorts)]


# The labelled pairs


def test_there_are_two_hundred_labelled_pairs_half_of_them_unsupported_in_three_languages():
    pairs = [pair for listed in read_pairs().values() for pair in listed]
    assert len(pairs) == len({pair.id for pair in pairs}) == len({pair.statement for pair in pairs}) == 200
    assert Counter(pair.is_supported for pair in pairs) == {True: 101, False: 99}
    assert set(Counter(pair.language for pair in pairs)) == {"en", "fr", "ar"}
    assert {p.kind for p in pairs} >= {
        "number",
        "place",
        "date",
        "negation",
        "attribution",
        "close",
        "roles",
        "strength",
    }


@pytest.mark.parametrize("name", ["demo", "ntrex", "piaf", "xquad"])
def test_each_quote_of_a_pair_stands_in_its_report(name: str):
    reports = {r.id: r for r in read_reports([load_set(name).reports]) if isinstance(r, Report)}
    for one in read_pairs()[name]:
        assert all(cited.quote in reports[cited.report_id].body for cited in one.evidence), one.id


def test_no_pair_rests_on_a_report_of_a_test_half():
    for name, pairs in read_pairs().items():
        tested = {gold.report_id for case in load_set(name).cases if case.split == "test" for gold in case.gold}
        assert [one.id for one in pairs if any(cited.report_id in tested for cited in one.evidence)] == []


# Agreement


def test_kappa_is_that_of_the_textbook():
    # 20 yes-yes, 15 no-no, 5 and 10 apart: .70 agree, .50 would by chance (.6 x .5 + .4 x .5), so kappa is .40.
    measured = agreement(judged(right_yes=20, wrong_no=5, right_no=15, wrong_yes=10), None)
    assert (measured.pairs, measured.right, measured.kappa) == (50, 0.7, 0.4)
    assert (measured.kept, measured.caught) == (0.8, 0.6)
    assert -1 <= measured.low < 0.4 < measured.high <= 1
    assert not measured.may_gate


def test_a_judge_that_says_yes_to_everything_agrees_by_chance_alone():
    measured = agreement(judged(right_yes=30, wrong_no=0, right_no=0, wrong_yes=10), None)
    assert (measured.right, measured.kappa, measured.caught) == (0.75, 0.0, 0.0)


def test_a_perfect_judge_may_gate():
    measured = agreement(judged(right_yes=9, wrong_no=0, right_no=9, wrong_yes=0), None)
    assert (measured.kappa, measured.low, measured.high) == (1.0, 1.0, 1.0)
    assert measured.may_gate
    assert "1.00 right" in agreement_text(measured, judged(right_yes=9, wrong_no=0, right_no=9, wrong_yes=0))


# The model


def test_the_model_is_shown_statement_and_quotes_on_a_line_each_and_asked_once():
    llm = ScriptedLLM(["true", "false"])
    verdict = model_verdict(llm)
    assert verdict("The bridge\nis open.", [BRIDGE, "It rained."]) is True
    assert llm.messages[-1].content == f"Quotes: {BRIDGE} / It rained.\nStatement: The bridge is open."
    assert llm.schema == {"type": "boolean"}
    assert verdict("The bridge\nis open.", [BRIDGE, "It rained."]) is True
    assert verdict("The bridge is shut.", [BRIDGE]) is False


def test_an_agreement_is_that_of_one_model_and_one_prompt(tmp_path: Path):
    path, llm = tmp_path / "agreement.json", ScriptedLLM([])
    measured = agreement(judged(right_yes=9, wrong_no=0, right_no=9, wrong_yes=0), llm)
    assert published(llm, path) is None
    publish(measured, path)
    publish(measured.model_copy(update={"judge": "rule", "prompt": ""}), path)
    assert published(llm, path) == measured
    assert [one["judge"] for one in json.loads(path.read_text(encoding="utf-8"))] == ["rule", "scripted"]

    publish(measured.model_copy(update={"prompt": "an older one"}), path)
    assert published(llm, path) is None
    publish(measured.model_copy(update={"digest": "other weights"}), path)
    assert published(llm, path) is None


def test_what_is_published_is_of_todays_prompt_and_all_pairs():
    kept = json.loads((SETS.parent / "agreement.json").read_text(encoding="utf-8"))
    by_judge = {one["judge"]: Agreement.model_validate(one) for one in kept}
    assert {one.pairs for one in by_judge.values()} == {200}
    assert {one.prompt for name, one in by_judge.items() if name != "rule"} == {load_prompt("judge").fingerprint}
    readme = (SETS.parent / "README.md").read_text(encoding="utf-8")
    for one in by_judge.values():
        kappa, low, high, kept, caught = (
            f"{value:.2f}".removeprefix("0") for value in (one.kappa, one.low, one.high, one.kept, one.caught)
        )
        assert f"| {kappa} [{low}, {high}] | {kept} | {caught} |" in readme
