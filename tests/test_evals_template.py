"""A set is begun from reports or from readers' judgements, finished by hand, and not run before."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeReport

from assistant.page.desk import keep_opinion
from assistant.page.session import Exchange
from assistant.pipeline import answer
from assistant.settings import Settings
from evals.__main__ import main
from evals.cases import BadSet, load_set, read_cases
from evals.template import cases_from_feedback, cases_from_reports
from index.store import Index

FRENCH = (
    "---\npublished: 2017-03-05\nlanguage: fr\n---\n\nLe convoi comptait 62 camions à son départ de la ville de Kaya.\n"
)
ENGLISH = (
    "---\npublished: 2017-03-09\nlanguage: en\n---\n\n"
    "The mayor of the town spoke of a long night without sleep. Some 1,150 families had been moved to higher ground.\n"
)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports-of-mine"
    folder.mkdir()
    (folder / "a.md").write_text(FRENCH, encoding="utf-8")
    (folder / "b.md").write_text(ENGLISH, encoding="utf-8")
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_reports_take_turns_and_sentences_with_figures_come_first(reports: Path):
    first, second, third = cases_from_reports(reports, 3)
    assert first["gold"][0]["quote"] == "Le convoi comptait 62 camions à son départ de la ville de Kaya."
    assert (first["language"], first["required"], first["as_of"]) == ("fr", [["62"]], "2017-03-09")
    assert second["gold"][0]["quote"] == "Some 1,150 families had been moved to higher ground."
    assert second["required"] == [["1,150"]]
    assert third["gold"][0]["quote"] == "The mayor of the town spoke of a long night without sleep."


def test_every_fifth_case_is_to_become_unanswerable(tmp_path: Path):
    body = " ".join(f"Town number {n} was hit by more than a hundred shells that night." for n in range(12))
    (tmp_path / "a.txt").write_text(f"---\npublished: 2017-03-09\nlanguage: en\n---\n\n{body}", encoding="utf-8")
    statuses = [draft["status"] for draft in cases_from_reports(tmp_path / "a.txt", 10)]
    assert statuses == (["answered"] * 4 + ["no_evidence"]) * 2


def test_a_set_with_something_to_do_is_not_run_and_says_what(reports: Path, tmp_path: Path):
    assert main(["new", str(tmp_path / "mine"), "--reports", str(reports), "--count", "2"]) == 0
    with pytest.raises(BadSet, match=r"cases\.jsonl:1: still to do: write the question that the gold sentence answers"):
        load_set(tmp_path / "mine")


def test_a_finished_case_is_read_with_the_reports_it_was_made_from(reports: Path, tmp_path: Path):
    main(["new", str(tmp_path / "mine"), "--reports", str(reports), "--count", "1"])
    file = tmp_path / "mine" / "cases.jsonl"
    (case,) = lines(file)
    del case["todo"]
    file.write_text(json.dumps({**case, "question": "Combien de camions ?"}), encoding="utf-8")
    chosen = load_set(tmp_path / "mine")
    assert chosen.cases[0].gold[0].quote in FRENCH
    assert sorted(path.name for path in chosen.reports.iterdir()) == ["a.md", "b.md"]


def test_making_it_again_changes_nothing_that_was_written(reports: Path, tmp_path: Path):
    main(["new", str(tmp_path / "mine"), "--reports", str(reports), "--count", "1"])
    file = tmp_path / "mine" / "cases.jsonl"
    finished = file.read_text(encoding="utf-8").replace('"question": ""', '"question": "Combien ?"').rstrip("\n")
    file.write_text(finished, encoding="utf-8")
    main(["new", str(tmp_path / "mine"), "--reports", str(reports), "--count", "2"])
    assert file.read_text(encoding="utf-8").startswith(finished + "\n")
    assert [case["id"] for case in lines(file)] == ["q001", "q002"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give --reports FOLDER"),
        (["--reports", "nowhere"], "no reports at nowhere"),
        (["--from-feedback", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
    ],
)
def test_what_cannot_be_begun_is_an_error_in_one_line(
    arguments: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["new", str(tmp_path / "mine"), *arguments]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1


# Feedback of the page


def judged(index: Index, folder: Path, question: str, *, is_useful: bool, reason: str = "") -> None:
    """A judgement as the page keeps it."""
    given = answer(question, index=index, settings=Settings())
    exchange = Exchange(number=1, question=question, answer=given, seconds=0.1)
    keep_opinion(folder, exchange, is_useful=is_useful, reason=reason)


def test_a_useful_answer_becomes_a_case_that_passes_as_it_is(index: Index, make_report: MakeReport, tmp_path: Path):
    told = "The ferry from Tripoli carried 41 passengers."
    for _ in index.add([make_report(f"{told} It arrived at noon.")]):
        pass
    judged(index, tmp_path, "How many passengers did the ferry carry?", is_useful=True)
    judged(index, tmp_path, "Who won the chess championship of Iceland?", is_useful=True)
    judged(index, tmp_path, "When did the ferry arrive?", is_useful=False, reason="at noon!")

    assert main(["new", str(tmp_path / "mine"), "--from-feedback", str(tmp_path / "feedback.jsonl")]) == 0

    file = tmp_path / "mine" / "cases.jsonl"
    useful, refused, no_use = lines(file)
    assert (useful["status"], useful["language"], useful["as_of"]) == ("answered", "en", "2017-10-22")
    assert useful["gold"] == [{"report_id": "r1", "quote": told}]
    assert (refused["status"], refused["gold"], refused["tags"]) == ("no_evidence", [], ["unanswerable"])
    assert "(at noon!)" in no_use["todo"]
    file.write_text("\n".join(json.dumps(case) for case in (useful, refused)), encoding="utf-8")
    assert len(read_cases(file)) == 2


def test_of_two_judgements_of_one_question_the_last_counts(index: Index, make_report: MakeReport, tmp_path: Path):
    for _ in index.add([make_report("The ferry from Tripoli carried 41 passengers.")]):
        pass
    judged(index, tmp_path, "How many passengers did the ferry carry?", is_useful=False)
    judged(index, tmp_path, "How many passengers did the ferry carry?", is_useful=True)
    (only,) = cases_from_feedback(tmp_path / "feedback.jsonl")
    assert "todo" not in only


def test_a_line_that_is_no_judgement_is_named(tmp_path: Path):
    (tmp_path / "feedback.jsonl").write_text('\n{"useful": true}\n')
    with pytest.raises(BadSet, match=r"feedback\.jsonl:2: not a judgement"):
        cases_from_feedback(tmp_path / "feedback.jsonl")
