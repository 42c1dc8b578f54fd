"""Batches: every question answered once, in order, whatever interrupts the run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_reports import demo_settings_in

from assistant.batch import BadBatch, answer_items, read_items, run_batch
from assistant.opening import open_index
from assistant.settings import Settings
from index.prepare import Tools
from index.store import Index

ROOT = Path(__file__).parents[1]

QUESTIONS = (
    ("q1", "How many families were moved into schools in Al-Mayadin?"),
    ("q2", "Combien de camions compte le convoi pour Djibo ?"),
    ("q3", "ماذا حدث لجسر العشارة؟"),
    ("q4", "Who won the chess championship of Iceland?"),
    ("q5", "How many cholera cases were reported in Halba?"),
)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Settings:
    return demo_settings_in(tmp_path_factory.getbasetemp() / "demo-index", tools.cache)


@pytest.fixture
def demo(settings: Settings) -> Iterator[Index]:
    with open_index(settings) as opened:
        yield opened


def lines(*questions: tuple[str, str]) -> list[bytes]:
    return [json.dumps({"id": name, "question": asked}).encode() + b"\n" for name, asked in questions]


def written(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "seconds"}


def test_every_question_is_answered_in_the_order_of_the_input(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"

    tally = run_batch(read_items(lines(*QUESTIONS)), output, index=demo, settings=settings)

    answers = written(output)
    assert [(answer["id"], answer["question"]) for answer in answers] == list(QUESTIONS)
    assert sum(tally.statuses.values()) == 5
    assert tally.kept == 0
    keys = "id question status text claims hits query notes model seconds"
    assert all(set(answer) == set(keys.split()) for answer in answers)


def test_every_citation_is_an_exact_slice_of_its_report(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"

    run_batch(read_items(lines(*QUESTIONS)), output, index=demo, settings=settings)

    cited = [c for answer in written(output) for claim in answer["claims"] for c in claim["citations"]]
    assert cited
    for citation in cited:
        report = demo.report(citation["report_id"])
        assert report is not None
        assert report.body[citation["start"] : citation["end"]] == citation["quote"]


def test_four_at_a_time_give_the_same_answers_as_one(demo: Index, settings: Settings):
    items = read_items(lines(*QUESTIONS))

    alone = {item.id: untimed(a) for item, a in answer_items(items, index=demo, settings=settings, llm=None, jobs=1)}
    together = {item.id: untimed(a) for item, a in answer_items(items, index=demo, settings=settings, llm=None, jobs=4)}

    assert together == alone


def test_a_second_run_keeps_what_is_answered_and_asks_the_rest(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    run_batch(read_items(lines(QUESTIONS[1], QUESTIONS[3])), output, index=demo, settings=settings)
    first = {answer["id"]: answer for answer in written(output)}

    tally = run_batch(read_items(lines(*QUESTIONS)), output, index=demo, settings=settings)

    answers = written(output)
    assert [answer["id"] for answer in answers] == ["q1", "q2", "q3", "q4", "q5"]
    assert (answers[1], answers[3]) == (first["q2"], first["q4"])  # their seconds too: they were not asked again
    assert (tally.kept, sum(tally.statuses.values())) == (2, 3)


def test_what_failed_is_asked_again(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    output.write_text('{"id": "q1", "question": "…", "status": "error", "error": "the disk was full"}\n')

    tally = run_batch(read_items(lines(QUESTIONS[0])), output, index=demo, settings=settings)

    assert tally.kept == 0
    assert [answer["status"] != "error" for answer in written(output)] == [True]


def test_an_output_with_an_id_that_is_a_list_is_told_to_be_none_of_ours(
    demo: Index, settings: Settings, tmp_path: Path
):
    output = tmp_path / "out.jsonl"
    output.write_text('{"id": [1], "question": "…", "status": "error", "error": "…"}\n')

    with pytest.raises(BadBatch, match=r"out\.jsonl, line 1, is not an answer of an earlier batch"):
        run_batch(read_items(lines(QUESTIONS[0])), output, index=demo, settings=settings)


def test_another_question_or_day_under_a_known_id_is_asked(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    run_batch(read_items(lines(*QUESTIONS[:2])), output, index=demo, settings=settings)
    reworded = [
        b'{"id": "q1", "question": "Which dam was opened?"}',
        b'{"id": "q2", "question": "Combien de camions compte le convoi pour Djibo ?", "as_of": "2031-03-20"}',
    ]

    tally = run_batch(read_items(reworded), output, index=demo, settings=settings)

    assert tally.kept == 0
    assert [answer["question"] for answer in written(output)] == ["Which dam was opened?", QUESTIONS[1][1]]
    assert written(output)[1]["query"]["as_of"] == "2031-03-20"


def test_a_line_torn_by_a_killed_run_is_cut_off_and_asked_again(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    run_batch(read_items(lines(*QUESTIONS[:2])), output, index=demo, settings=settings)
    whole = output.read_bytes()
    first_line = whole[: whole.index(b"\n") + 1]
    output.write_bytes(whole[:-40])

    tally = run_batch(read_items(lines(*QUESTIONS[:2])), output, index=demo, settings=settings)

    assert tally.kept == 1
    assert output.read_bytes().startswith(first_line)
    assert [answer["id"] for answer in written(output)] == ["q1", "q2"]


@pytest.mark.parametrize("content", ["a letter to my aunt", "a letter\nto my aunt\n", '{"text": "a report"}\n'])
def test_a_file_of_something_else_is_refused_and_left_alone(
    content: str, demo: Index, settings: Settings, tmp_path: Path
):
    output = tmp_path / "letter.txt"
    output.write_text(content)

    with pytest.raises(BadBatch, match=r"letter\.txt, line 1, is not an answer"):
        run_batch(read_items(lines(QUESTIONS[0])), output, index=demo, settings=settings)

    assert output.read_text() == content


def test_answers_to_other_questions_stay_behind_ours(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    run_batch(read_items(lines(QUESTIONS[4])), output, index=demo, settings=settings)

    run_batch(read_items(lines(QUESTIONS[0])), output, index=demo, settings=settings)

    assert [answer["id"] for answer in written(output)] == ["q1", "q5"]


def test_bad_lines_are_named_and_the_others_go_on(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    given = [
        b'{"id": "a", "question": "Which dam was opened?"}\n',
        b"\n",
        b"not JSON\n",
        b"[1]\n",
        b'{"id": "", "question": "Who?"}\n',
        b'{"id": "b", "question": " "}\n',
        b'{"id": 7, "question": "Who?", "as_of": "2031-02-30"}\n',
        b'{"id": "c", "question": "Who?", "history": ["Where?"]}\n',
        b'{"id": "a", "question": "Where?"}\n',
        b'{"id": "d", "question": "\\ud800?"}\n',
        b'{"id": "e", "question": "\xff"}\n',
    ]

    tally = run_batch(read_items(given), output, index=demo, settings=settings)

    found = {answer["id"]: answer.get("error", "").partition(";")[0] for answer in written(output)}
    assert found == {
        "a": "",
        "line 3": "line 3: not JSON (Expecting value: line 1 column 1 (char 0))",
        "line 4": "line 4: a list",
        "line 5": "line 5: 'id' is ''",
        "b": "line 6: 'question' is ' '",
        7: "line 7: 'as_of' is '2031-02-30'",
        "c": "line 8: 'history' is not a list of {'question': …, 'answer': …}",
        "line 9": "line 9: id 'a' is also that of line 1",
        "line 10": "line 10: it holds half a character (a lone surrogate)",
        "line 11": "line 11: not JSON ('utf-8' codec can't decode byte 0xff in position 25: invalid start byte)",
    }
    assert tally.statuses["error"] == 9


def test_two_runs_do_not_write_one_output(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    refusals: list[str] = []

    def run_another(_: int) -> None:
        with pytest.raises(BadBatch) as refused:
            run_batch(read_items(lines(QUESTIONS[1])), output, index=demo, settings=settings)
        refusals.append(str(refused.value))

    run_batch(read_items(lines(QUESTIONS[0])), output, index=demo, settings=settings, on_progress=run_another)

    assert refusals == [f"another run is writing {output}; wait for it, or give another output"]
    assert [answer["id"] for answer in written(output)] == ["q1"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


# From the command line


def batch_command(settings: Settings, *arguments: str) -> list[str]:
    folder = str(settings.index.folder)
    return [sys.executable, "-m", "assistant.cli", "batch", "--index", folder, "--no-model", *arguments]


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "BRIEFING_INDEX__CACHE": str(settings.index.cache), "PYTHONWARNINGS": "error"}


def test_a_run_killed_at_any_point_is_taken_up_where_it_was(settings: Settings, tmp_path: Path):
    given, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions = [(f"q{n}", f"How many people were reported dead after {n} days?") for n in range(60)]
    given.write_bytes(b"".join(lines(*questions)))
    command = batch_command(settings, str(given), "-o", str(output), "--jobs", "2")
    survivors: set[bytes] = set()

    for wanted in (1, 20, 40):
        process = subprocess.Popen(command, cwd=ROOT, env=environment(settings), stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            if output.exists() and output.read_bytes().count(b"\n") >= wanted:
                break
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        survivors |= set(output.read_bytes().splitlines(keepends=True)[:wanted])
    ran = subprocess.run(command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert [answer["id"] for answer in written(output)] == [name for name, _ in questions]
    assert survivors <= set(output.read_bytes().splitlines(keepends=True))


def test_a_batch_runs_from_pipe_to_pipe_and_says_that_some_failed(settings: Settings):
    given = b"".join([*lines(*QUESTIONS[:3]), b"{}\n"])

    ran = subprocess.run(
        batch_command(settings, "-", "-o", "-", "--jobs", "3"),
        cwd=ROOT,
        env=environment(settings),
        input=given,
        capture_output=True,
        check=False,
    )

    assert ran.returncode == 3, ran.stderr
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == ["q1", "q2", "q3", "line 4"]
    said = ran.stderr.decode()
    assert "unusable: line 4: 'id' is None; expected a name of its own" in said
    assert "4 questions: " in said
    assert "1 failed" in said


@pytest.mark.slow
def test_twenty_questions_on_real_reports_cite_exact_slices(data: Path, tools: Tools, tmp_path: Path):
    asked = [json.loads(line) for line in (ROOT / "evals/sets/syria/questions.jsonl").read_text().splitlines()]
    asked = [case for case in asked if case["kind"] == "ask"]
    assert len(asked) == 20
    given, output, folder = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "index"
    given.write_text("\n".join(json.dumps(case) for case in asked))
    settings = Settings.model_validate({"index": {"folder": folder, "cache": tools.cache}})

    command = [
        sys.executable,
        "-m",
        "assistant.cli",
        "ingest",
        "--index",
        str(folder),
        str(data / "syria_reports.en.jsonl"),
    ]
    subprocess.run(command, cwd=ROOT, env=environment(settings), check=True)
    command = batch_command(settings, str(given), "-o", str(output))
    subprocess.run(command, cwd=ROOT, env=environment(settings), check=True)

    answers = written(output)
    assert [answer["id"] for answer in answers] == [case["id"] for case in asked]
    cited = [c for answer in answers for claim in answer["claims"] for c in claim["citations"]]
    with open_index(settings) as index:
        bodies = {report.id: report.body for report in index.reports()}
    assert cited
    assert all(bodies[c["report_id"]][c["start"] : c["end"]] == c["quote"] for c in cited)
    # Each question has evidence in the reports; to find some for most of them is the least that can be asked.
    assert sum(answer["status"] != "no_evidence" for answer in answers) >= 14


def test_an_id_that_is_no_text_fails_alone(demo: Index, settings: Settings, tmp_path: Path):
    output = tmp_path / "out.jsonl"
    run_batch(
        read_items([b'{"id": "\\ud800"}\n', *lines(QUESTIONS[0])]),
        output, index=demo, settings=settings,
    )  # fmt: skip

    told = written(output)
    assert [answer["status"] for answer in told] == ["error", "answered"]
    assert "lone surrogate" in told[0]["error"]
