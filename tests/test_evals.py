"""Sets are read and refused line by line; intervals, comparisons and files are as worked out by hand."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from evals.__main__ import main
from evals.cases import BadSet, Case, SetAbsent, choose_cases, load_set, read_cases
from evals.compare import compare
from evals.intervals import clustered_mean
from evals.measures import GAUGES
from evals.results import BadResult, CaseResult, Result, read_result, summarise, write_baseline, write_result
from evals.retrieval import Line, line_text
from evals.scorecard import scorecard
from evals.summaries import junit, markdown

GOOD = {"id": "a", "question": "Who?", "language": "en", "status": "no_evidence"}


def write_cases(folder: Path, *records: Any) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return path


# Sets


def test_the_demo_set_is_read_whole_with_its_stories():
    cases = load_set("demo").cases
    assert len(cases) == 214
    assert {case.story for case in cases if case.split == "dev"} == {"flood", "towns", "convoy", "boat"}
    assert {kind for case in cases for kind in case.kinds} >= {"fact", "conflict", "unanswerable", "follow-up"}


def test_the_syria_set_is_read_where_its_reports_are_and_says_so_where_they_are_not():
    try:
        cases = load_set("syria").cases
    except SetAbsent as error:
        pytest.skip(str(error))
    assert len(cases) == 100
    assert sum("time+place" in case.tags for case in cases) == 10
    by_story: dict[str, set[str]] = {}
    for case in cases:
        by_story.setdefault(case.story, set()).add(case.split)
    assert all(len(splits) == 1 for splits in by_story.values())


def test_cases_that_share_a_report_in_a_chain_are_one_story(tmp_path: Path):
    def asked(name: str, *reports: str) -> dict[str, Any]:
        gold = [{"report_id": report, "quote": "x"} for report in reports]
        return {**GOOD, "id": name, "status": "answered", "gold": gold}

    cases = read_cases(write_cases(tmp_path, asked("a", "r1"), asked("b", "r1", "r2"), asked("c", "r2"), asked("d")
                                   | {"status": "no_evidence"}, asked("e", "r9")))  # fmt: skip
    stories = {case.id: case.story for case in cases}
    assert stories["a"] == stories["b"] == stories["c"]
    assert (stories["d"], stories["e"]) == ("d", "r9")
    assert stories["a"] in ("r1", "r2")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not a JSON object"),
        ('"text"', "should be a valid dictionary"),
        (json.dumps(GOOD | {"colour": "red"}), "colour"),
        (json.dumps(GOOD | {"language": "de"}), "language"),
        (json.dumps(GOOD | {"status": "answered"}), "gold is empty"),
        (json.dumps(GOOD | {"window": ["2031-03-05", "2031-03-05"]}), "ends before it starts"),
        (json.dumps(GOOD | {"gold": [{"report_id": "r", "start": 3}]}), "gold is either"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path: Path, line: str, complaint: str):
    path = write_cases(tmp_path, GOOD, "", line)
    with pytest.raises(BadSet, match=rf"cases\.jsonl:3: .*{complaint}") as caught:
        read_cases(path)
    assert "\n" not in str(caught.value)


def test_an_id_that_stands_twice_and_an_empty_file_are_refused(tmp_path: Path):
    with pytest.raises(BadSet, match="'a' stands twice"):
        read_cases(write_cases(tmp_path, GOOD, GOOD))
    with pytest.raises(BadSet, match="no cases"):
        read_cases(write_cases(tmp_path))


def test_cases_are_chosen_by_split_tag_and_id_and_a_misspelt_one_is_an_error():
    cases = [Case.model_validate(GOOD | {"id": n, "split": s, "tags": t}) for n, s, t in
             (("a", "dev", ["time"]), ("b", "dev", ["place"]), ("c", "test", ["time"]))]  # fmt: skip
    assert [case.id for case in choose_cases(cases, split="dev")] == ["a", "b"]
    assert [case.id for case in choose_cases(cases, split="all", tags=["time", "en"])] == ["a", "c"]
    assert [case.id for case in choose_cases(cases, split="dev", only=["c"])] == ["c"]
    for filters in ({"only": ["z"]}, {"tags": ["tiem"]}, {"split": "test", "tags": ["place"]}):
        with pytest.raises(BadSet):
            choose_cases(cases, **filters)


def test_a_set_of_ones_own_is_a_folder_with_cases_and_reports(tmp_path: Path):
    path = write_cases(tmp_path, GOOD)
    with pytest.raises(BadSet, match="reports are missing"):
        load_set(tmp_path)
    (tmp_path / "reports").mkdir()
    assert load_set(tmp_path) == load_set(path)
    with pytest.raises(BadSet, match="no set of cases at 'nowhere'"):
        load_set("nowhere")


# Intervals


def test_the_interval_of_two_stories_runs_from_the_one_to_the_other():
    """Two stories, means 0 and 1: the draws are both the first (1/4), both the second (1/4), or one of each (1/2)."""
    mean = clustered_mean([0, 0, 1, 1], ["s", "s", "t", "t"])
    assert (mean.value, mean.low, mean.high, mean.cases, mean.stories) == (0.5, 0.0, 1.0, 4, 2)


def test_stories_weigh_by_their_cases():
    """Drawing the large story twice gives 1, the small one twice 0, one of each 3/4: no other value can come."""
    mean = clustered_mean([1, 1, 1, 0], ["big", "big", "big", "small"])
    assert (mean.value, mean.low, mean.high) == (0.75, 0.0, 1.0)


def test_the_interval_agrees_with_the_normal_one_where_that_holds():
    """100 stories of one case, half of them right: 0.5 ± 1.96 × 0.05."""
    mean = clustered_mean([float(n % 2) for n in range(100)], [str(n) for n in range(100)])
    assert (mean.low, mean.high) == (pytest.approx(0.402, abs=0.015), pytest.approx(0.598, abs=0.015))


def test_one_story_has_no_interval():
    mean = clustered_mean([0, 1], ["s", "s"])
    assert (mean.value, mean.low, mean.high) == (0.5, None, None)


def test_cases_of_one_story_make_the_interval_wider_than_as_many_of_many_stories():
    rng = np.random.default_rng(1)
    stories = [float(x) for x in rng.integers(0, 2, 20)]
    together = clustered_mean(stories * 5, [str(n) for n in range(20)] * 5)
    apart = clustered_mean(stories * 5, [str(n) for n in range(100)])
    assert together.low is not None
    assert together.high is not None
    assert apart.low is not None
    assert apart.high is not None
    assert together.high - together.low > 1.8 * (apart.high - apart.low)


# Comparison


def result(*scores: tuple[str, dict[str, float]], name: str = "demo") -> Result:
    """A run of as many cases as there are scores, each of the story given."""
    cases = tuple(
        CaseResult(
            id=f"q{number}", question="Who?", language="en", status="answered", story=story, tags=("fact",),
            scores=values, unscored={}, faults={}, reply={"status": "answered", "text": "x"}, trace={},
        )
        for number, (story, values) in enumerate(scores)
    )  # fmt: skip
    return Result(set=name, split="dev", system="briefing", model="none", settings={}, cases=cases)


def facts(*values: float) -> Result:
    return result(*((f"s{number}", {"required_facts": value}) for number, value in enumerate(values)))


def exit_code(tmp_path: Path, base: Result, new: Result) -> int:
    write_result(base, tmp_path / "base.json")
    write_result(new, tmp_path / "new.json")
    return main(["compare", str(tmp_path / "base.json"), str(tmp_path / "new.json")])


def test_the_same_run_twice_passes(tmp_path: Path):
    assert exit_code(tmp_path, facts(1, 0, 1), facts(1, 0, 1)) == 0


def test_a_drop_in_every_story_fails(tmp_path: Path):
    assert exit_code(tmp_path, facts(1, 1, 1, 0.5), facts(0.5, 0.5, 0.5, 0)) == 1


def test_a_drop_that_chance_explains_passes(tmp_path: Path):
    """One of four stories lost, one won back in part: the interval of the difference holds zero."""
    assert exit_code(tmp_path, facts(1, 1, 1, 0), facts(0, 1, 1, 0.5)) == 0


def test_a_better_run_passes(tmp_path: Path):
    assert exit_code(tmp_path, facts(0, 0, 0), facts(1, 1, 1)) == 0


def test_a_hard_gate_missed_once_fails_whatever_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    gated = result(("s1", {"citation_validity": 1.0}), ("s2", {"citation_validity": 0.5}))
    assert exit_code(tmp_path, gated, gated) == 1
    assert "GATE citation_validity missed by q1" in capsys.readouterr().out


def test_what_cannot_be_compared_is_an_error_of_the_harness(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert exit_code(tmp_path, facts(1), result(name="syria")) == 2
    assert exit_code(tmp_path, facts(1), result()) == 2
    assert main(["compare", str(tmp_path / "none.json"), str(tmp_path / "new.json")]) == 2
    (tmp_path / "base.json").write_text('{"set": "demo"}')
    assert main(["compare", str(tmp_path / "base.json"), str(tmp_path / "new.json")]) == 2
    assert all(line.startswith("BadResult: ") for line in capsys.readouterr().err.splitlines())


def test_a_comparison_names_the_cases_that_lost_most_and_those_in_one_run_only():
    found = compare(facts(1, 1, 0.5, 1), facts(0.5, 0, 0.5))
    change = next(change for change in found.changes if change.name == "required_facts")
    assert change.worse == ("q1", "q0")
    assert change.difference.value == pytest.approx(-0.5)
    assert found.only_in_one == ("q3",)


# Files


def test_a_result_comes_back_as_written_and_not_a_number_is_refused(tmp_path: Path):
    path = tmp_path / "r.json"
    write_result(facts(1, 0.25), path, {"q0": {"end": 0.123456}})
    assert read_result(path) == facts(1, 0.25)
    assert json.loads((tmp_path / "r.times.json").read_text()) == {"q0": {"end": 0.1235}}
    path.write_text(path.read_text().replace("0.25", "NaN"))
    with pytest.raises(BadResult, match=r"r\.json"):
        read_result(path)


def test_a_baseline_keeps_the_scores_and_drops_the_answers(tmp_path: Path):
    write_baseline(facts(1, 0), tmp_path / "base.json")
    bare = read_result(tmp_path / "base.json")
    assert summarise(bare.cases) == summarise(facts(1, 0).cases)
    assert all(case.reply == {} for case in bare.cases)
    assert (tmp_path / "base.json").read_text().count("\n") == 4  # head, a line a case, end


def test_the_junit_file_has_a_test_a_case_and_survives_control_characters():
    run = facts(1, 0)
    odd = run.cases[1].model_copy(update={"faults": {"required_facts": ("lacks \x00<b>",)}})
    suite = ElementTree.fromstring(junit(run.model_copy(update={"cases": (run.cases[0], odd)})))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "required_facts 0.00"
    assert "lacks \ufffd<b>" in str(failure.text)


def test_the_markdown_summary_cannot_be_broken_by_a_question():
    run = facts(0)
    hostile = run.cases[0].model_copy(update={"question": "</details> | <script>"})
    text = markdown(run.model_copy(update={"cases": (hostile,)}))
    assert "<script>" not in text
    assert text.count("</details>") == 1


def test_the_scorecard_is_one_page_without_script_and_escapes_what_comes_from_reports():
    run = facts(0, 1, 1)
    hostile = '<img src=x onerror=alert(1)> & "quotes" أخبار'
    case = run.cases[0].model_copy(
        update={
            "question": hostile,
            "faults": {"required_facts": (hostile,)},
            "trace": {"query": {"topic": hostile}, "area": [hostile], "chance": 0.7},
            "reply": {
                "status": "answered",
                "text": hostile,
                "claims": [{"verdict": hostile, "reason": hostile, "citations": [{"quote": hostile, "number": 1}]}],
                "hits": [{"text": hostile, "passage_id": hostile, "score": 0.7}],
            },
        }
    )
    page = scorecard(run.model_copy(update={"cases": (case, *run.cases[1:])}), {"q0": {"end": 0.2}}, facts(1, 0, 0))
    assert "<img" not in page
    assert "<script" not in page
    assert "http" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 6
    assert page.count("<svg") == page.count("</svg>") == 4
    for plot in re.findall(r"<svg.*?</svg>", page, flags=re.S):
        ElementTree.fromstring(plot)


def test_the_scorecard_of_the_test_half_lists_no_question():
    page = scorecard(facts(0).model_copy(update={"split": "test"}))
    assert "Who?" not in page


def test_the_failures_of_the_test_half_are_not_listed():
    assert "q0" not in markdown(facts(0).model_copy(update={"split": "test"}))


def test_a_retrieval_row_below_its_bound_is_marked():
    low, high = clustered_mean([0.9], ["s"]), clustered_mean([1.0], ["s"])
    assert "<0.950" in line_text(Line("PIAF fr", 10, 0.95, low, high, high, high))
    assert "<" not in line_text(Line("PIAF fr", 10, 0.95, high, low, low, low))


def test_every_gauge_says_what_it_measures():
    assert [name for name, gauge in GAUGES.items() if not gauge.measure.__doc__] == []
    assert [name for name, gauge in GAUGES.items() if gauge.is_gate] == [
        "citation_validity", "numbers_in_evidence", "dates_in_evidence", "names_in_evidence",
    ]  # fmt: skip
