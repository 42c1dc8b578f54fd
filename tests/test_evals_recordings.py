"""A model's replies are kept, replayed to the same answer, and never given to another prompt."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeReport

from assistant.deadlines import Deadlines
from assistant.llm import LLM, Message, Schema, asked_odds
from assistant.settings import Settings
from evals.archive import archive_of
from evals.cases import Case
from evals.recordings import (
    BadRecording,
    Recorded,
    Recording,
    Replayed,
    digest_of,
    read_recording,
    write_recording,
)
from evals.results import CaseResult, Result, result_of, summarise
from evals.run import Measured, assistant_answerer, run
from evals.summaries import junit
from evals.tables import failures, result_table
from index.prepare import Tools
from index.store import Index

TOLD = "The ferry from Tripoli carried 41 passengers."
CASE = Case.model_validate(
    {
        "id": "q1", "question": "How many passengers did the ferry carry?", "language": "en", "status": "answered",
        "gold": [{"report_id": "r1", "quote": TOLD}], "required": [["41"]],
    }
)  # fmt: skip


class Wording:
    """Words whatever it is shown in the same way; counts how often it is asked."""

    name = "wording"
    digest = "d1"

    def __init__(self) -> None:
        self.asked = 0

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        if asked_odds(schema):
            yield "3.0"
            return
        self.asked += 1
        assert schema is not None
        ids: Any = schema["properties"]["statements"]["items"]["properties"]["ids"]  # pyright: ignore
        reply = {"statements": [{"ids": [ids["items"]["enum"][0]], "text": "The ferry carried 41 passengers."}]}
        yield from (json.dumps(reply)[:20], json.dumps(reply)[20:])

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("recorded") / "index", tools) as index:
        for _ in index.add([make_report(f"{TOLD} It arrived at noon.", id="r1")]):
            pass
        yield index


def measured(index: Index, llm: LLM | None, case: Case = CASE) -> Measured:
    return next(run([case], assistant_answerer(index, Settings(), llm), archive_of(index)))


def result_with(one: Measured) -> Result:
    return result_of([one], set_name="ferry", split="dev", system="briefing", model="wording", settings={})


def test_a_recorded_reply_is_replayed_to_the_same_answer_and_tokens(ferry: Index, tmp_path: Path):
    model = Wording()
    recorder = Recorded(model, {})
    live = measured(ferry, recorder)
    path = tmp_path / "recording.jsonl"
    write_recording(Recording("ferry", model.name, model.digest, ("q1",), recorder.replies), path)

    replayed = measured(ferry, Replayed(read_recording(path), path))

    assert live.asked.reply["model"] == "wording"
    assert live.asked.reply["claims"][0]["text"].endswith("The ferry carried 41 passengers.")
    assert replayed.asked.reply == live.asked.reply
    assert replayed.asked.tokens == live.asked.tokens
    assert live.asked.tokens["written"] == 3  # how sure it is, and two pieces
    assert model.asked == 1


def test_what_is_recorded_is_not_asked_again(ferry: Index):
    first, again = Wording(), Wording()
    recorder = Recorded(first, {})
    measured(ferry, recorder)

    second = Recorded(again, recorder.replies)
    measured(ferry, second)

    assert (first.asked, again.asked) == (1, 0)
    assert second.replies == recorder.replies


def test_a_recording_broken_off_twice_loses_no_reply(ferry: Index, tmp_path: Path):
    earlier = {"0" * 64: ("of a question that comes later",)}
    path = tmp_path / "half.jsonl"

    recorder = Recorded(Wording(), earlier)
    recorder.on_reply = lambda: write_recording(Recording("ferry", "wording", "d1", ("q1",), recorder.held), path)
    measured(ferry, recorder)

    assert read_recording(path).replies == earlier | recorder.replies
    assert len(recorder.replies) == 2  # whether the passage answers, and the draft
    assert [file.name for file in tmp_path.glob("half*")] == ["half.jsonl"]


def test_a_changed_prompt_is_unscored_and_says_re_record(ferry: Index, tmp_path: Path):
    path = tmp_path / "old.jsonl"
    stale = Replayed(Recording("ferry", "wording", "d1", ("q1",), {"0" * 64: ("{}",)}), path)

    one = measured(ferry, stale)
    result = result_with(one)

    reason = f"the prompt changed since it was recorded; re-record with --record {path}"
    assert result.cases[0].scores == {}
    assert set(result.cases[0].unscored.values()) == {reason}
    assert summarise(result.cases) == {}  # neither good nor bad
    assert f"1 of 1 cases UNSCORED: {reason}" in result_table(result)
    assert failures(result.cases) == "0 cases did not pass"
    assert 'skipped="1"' in junit(result)


def test_an_unscored_case_does_not_touch_the_means_of_the_others():
    def case(name: str, scores: dict[str, float]) -> CaseResult:
        return CaseResult(
            id=name, question="Who?", language="en", status="answered", story=name, tags=(), scores=scores,
            unscored={}, faults={}, reply={}, trace={},
        )  # fmt: skip

    means = summarise([case("a", {"status_right": 1.0}), case("b", {})])
    assert (means["passed"].value, means["passed"].cases) == (1.0, 1)


def test_the_digest_changes_with_a_word_a_role_and_the_schema():
    asked = [Message("system", "Answer."), Message("user", "Who?")]
    others = [
        digest_of([Message("system", "Answer!"), asked[1]], None),
        digest_of([Message("user", "Answer."), asked[1]], None),
        digest_of(asked, {"type": "object"}),
        digest_of(asked[::-1], None),
    ]
    assert digest_of(asked, None) not in others
    assert digest_of(list(asked), None) == digest_of(asked, None)


def test_a_file_that_is_no_recording_is_named(tmp_path: Path):
    path = tmp_path / "answers.jsonl"
    with pytest.raises(BadRecording, match="cannot be read"):
        read_recording(path)
    for content in ("", '{"set": "demo"}\n', '{"set": "demo", "model": "m", "cases": ["a"]}\n{"id": 1}\n'):
        path.write_text(content)
        with pytest.raises(BadRecording, match=r"answers\.jsonl: not a recording") as caught:
            read_recording(path)
        assert "\n" not in str(caught.value)


def test_recording_the_same_again_writes_the_same_bytes(tmp_path: Path):
    replies = {"b" * 64: ("x", "y\u2028z"), "a" * 64: ("1",)}
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    write_recording(Recording("demo", "m", "", ("q1",), replies), one)
    write_recording(read_recording(one), other)
    assert one.read_bytes() == other.read_bytes()
    assert read_recording(other).replies == replies
