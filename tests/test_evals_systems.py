"""Other systems are measured by the same code: from a file, a command, an endpoint, and llama-index as it comes."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeReport

from evals.archive import archive_of
from evals.cases import Case
from evals.run import assistant_answerer, run
from evals.scores import Score
from evals.systems import SystemUnusable, open_system
from index.prepare import Tools
from index.store import Index

TOLD = "The ferry from Tripoli carried 41 passengers."
CASE = Case.model_validate(
    {
        "id": "q1", "question": "How many passengers did the ferry carry?", "language": "en", "status": "answered",
        "gold": [{"report_id": "r1", "quote": TOLD}], "required": [["41"]], "as_of": "2017-10-22",
        "history": [{"question": "Which ship?", "answer": "The ferry."}],
    }
)  # fmt: skip
REPLY = {
    "id": "q1", "status": "answered", "text": f"“{TOLD}”", "seconds": 0.5,
    "claims": [{"text": TOLD, "verdict": "quoted",
                "citations": [{"report_id": "r1", "start": 0, "end": len(TOLD), "quote": TOLD}]}],
}  # fmt: skip


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    reports = [
        make_report(f"{TOLD} It arrived at noon.", id="r1"),
        make_report("A bakery opened in the old town.", id="r2"),
        make_report("The ferry carried 99 passengers.", id="later", day="2017-11-01"),
    ]
    with Index.create(tmp_path_factory.mktemp("systems") / "index", tools) as index:
        for _ in index.add(reports):
            pass
        yield index


def scores(spec: str, index: Index) -> dict[str, float]:
    (one,) = run([CASE], open_system(spec, [CASE], index, timeout_s=20), archive_of(index))
    return {name: outcome.value for name, outcome in one.outcomes.items() if isinstance(outcome, Score)}


def test_answers_in_a_file_are_measured_and_a_missing_one_is_a_failed_case(tmp_path: Path, ferry: Index):
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(REPLY) + "\n")
    assert scores(f"file:{path}", ferry)["required_facts"] == 1.0
    path.write_text(json.dumps({**REPLY, "id": "another"}))
    assert set(scores(f"file:{path}", ferry).values()) == {0.0}


def test_a_command_gets_the_questions_on_standard_input(tmp_path: Path, ferry: Index):
    program = tmp_path / "answer.py"
    program.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    assert asked['as_of'] == '2017-10-22' and asked['history'][0]['answer'] == 'The ferry.'\n"
        f"    print(json.dumps({{**json.loads({json.dumps(json.dumps(REPLY))}), 'id': asked['id']}}))\n"
    )
    assert scores(f"command:{sys.executable} {program}", ferry)["citation_validity"] == 1.0


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("command:no-such-program-here", "could not answer"),
        ("command:false", "ended with 1"),
        ("command:echo hello", "line 1 of its answers"),
        ("file:nowhere.jsonl", "cannot be read"),
        ("http://127.0.0.1:9/ask", "does not answer"),
        ("oracle", "expected file:"),
    ],
)
def test_a_system_that_cannot_be_used_is_an_error_in_one_line(ferry: Index, spec: str, complaint: str):
    with pytest.raises(SystemUnusable, match=complaint) as caught:
        scores(spec, ferry)
    assert "\n" not in str(caught.value)


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers what it is asked with the reply above; /broken with a failure, /text with no JSON."""

    def do_POST(self) -> None:
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        self.wfile.write(b"hello" if self.path == "/text" else json.dumps({**REPLY, "id": asked["id"]}).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_an_endpoint_gets_one_question_a_post_and_its_failures_are_failed_cases(ferry: Index):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        assert scores(f"{address}/ask", ferry)["required_facts"] == 1.0
        assert set(scores(f"{address}/broken", ferry).values()) == {0.0}
        assert set(scores(f"{address}/text", ferry).values()) == {0.0}
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_llama_index_as_it_comes_is_measured_without_later_reports(ferry: Index):
    measured = scores("llama-index", ferry)
    assert measured["citation_validity"] == 1.0
    assert measured["gold_in_hits"] == 1.0
    (one,) = run([CASE], open_system("llama-index", [CASE], ferry), archive_of(ferry))
    assert {hit["report_id"] for hit in one.asked.reply["hits"]} == {"r1", "r2"}


def test_the_assistant_itself_is_measured_and_a_crash_of_one_question_does_not_end_the_run(ferry: Index):
    from assistant.settings import Settings

    class Crashing:
        name = "crashing"
        context_tokens = 4096

        def stream(self, *args: object, **options: object) -> Iterator[str]:
            raise RuntimeError("lost its mind")

        def close(self) -> None:
            pass

    well, ill = (
        next(run([CASE], assistant_answerer(ferry, Settings(), llm), archive_of(ferry))) for llm in (None, Crashing())
    )
    assert well.asked.reply["status"] == "answered"
    assert {"evidence", "end"} <= set(well.asked.seconds)
    assert ill.asked.reply["error"] == "RuntimeError: lost its mind"
    assert "traceback" in ill.asked.trace
