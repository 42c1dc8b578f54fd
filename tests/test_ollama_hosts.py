"""Several Ollama servers behind one setting: the work is shared, and a dead server is passed over."""

import json
import threading
from contextlib import closing
from pathlib import Path

import pytest
from chroma_server import free_port
from conftest import MakeReport

from assistant.cli import main
from assistant.errors import ModelMissing, ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.models import Deadlines, Message, OllamaLLM, choose
from assistant.ollama_hosts import REST_S, OllamaHosts
from assistant.settings import load_settings
from evals.fake_ollama import GIGABYTE, Connection, fake_ollama, refuses, resets_after, says, stalls_after
from index.errors import BadSetting
from index.prepare import Tools
from index.store import Index

QUESTION = [Message("user", "Who took the village?")]
GENEROUS = Deadlines(connect_s=5, first_token_s=20, gap_s=20, total_s=40)


def ask(llm: OllamaHosts, deadlines: Deadlines = GENEROUS) -> str:
    return "".join(llm.stream(QUESTION, schema=None, max_tokens=20, deadlines=deadlines))


def nobody() -> OllamaLLM:
    return OllamaLLM("tiny", host=f"127.0.0.1:{free_port()}")


def test_requests_go_round_the_servers() -> None:
    with fake_ollama(says("one")) as one, fake_ollama(says("two")) as two, fake_ollama(says("three")) as three:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (one, two, three)])
        assert [ask(llm) for _ in range(5)] == ["one", "two", "three", "one", "two"]


def test_a_busy_server_is_given_less() -> None:
    may_finish = threading.Event()

    def waits(connection: Connection) -> None:
        connection.head()
        connection.piece("slow")
        assert may_finish.wait(20)
        connection.done()

    with fake_ollama(waits) as slow, fake_ollama(says("quick")) as quick:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (slow, quick)])
        with closing(llm.stream(QUESTION, schema=None, max_tokens=20, deadlines=GENEROUS)) as first:
            assert next(first) == "slow"
            assert [ask(llm) for _ in range(3)] == ["quick"] * 3
            may_finish.set()
            assert list(first) == []


def test_a_dead_server_is_passed_over_and_tried_again_when_it_has_rested() -> None:
    moment = [100.0]
    with fake_ollama(says("alive")) as alive, fake_ollama(refuses(503, "server busy"), patience_s=1) as other:
        dead = OllamaLLM("tiny", host=other.host)
        llm = OllamaHosts([dead, OllamaLLM("tiny", host=alive.host)], now=lambda: moment[0])
        assert [ask(llm) for _ in range(3)] == ["alive"] * 3
        assert len(other.chats) == 1, "asked once, then left alone"
        moment[0] += REST_S + 1
        other.script = says("back")
        assert "back" in [ask(llm), ask(llm)]


def test_the_next_server_answers_in_what_is_left_of_the_time() -> None:
    with fake_ollama(stalls_after(), patience_s=30) as hung, fake_ollama(says("in time")) as alive:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (hung, alive)])
        assert ask(llm, Deadlines(first_token_s=1, total_s=30)) == "in time"
    with fake_ollama(stalls_after(), patience_s=30) as hung, fake_ollama(stalls_after(), patience_s=30) as too:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (hung, too)])
        with pytest.raises(ModelTooSlow):
            ask(llm, Deadlines(first_token_s=1, total_s=30))


def test_a_reply_that_has_begun_is_not_begun_again_elsewhere() -> None:
    with fake_ollama(resets_after("half ")) as dying, fake_ollama(says("whole")) as alive:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (dying, alive)])
        with pytest.raises(ModelUnavailable, match=r"broke|stopped"):
            ask(llm)
        assert ask(llm) == "whole"


def test_a_reply_that_cannot_be_used_is_not_asked_for_again() -> None:
    with fake_ollama(says("x", prompt_tokens=9000)) as one, fake_ollama(says("two")) as two:
        llm = OllamaHosts([OllamaLLM("tiny", host=server.host) for server in (one, two)])
        with pytest.raises(ModelReplyInvalid, match="does not fit"):
            ask(llm)
        assert two.chats == []


def test_with_every_server_dead_the_error_is_that_of_the_last() -> None:
    with pytest.raises(ModelUnavailable, match="nothing answers there"):
        ask(OllamaHosts([nobody(), nobody()]))


def test_the_servers_that_have_the_same_model_are_chosen_and_the_others_named(tmp_path: Path) -> None:
    gone = f"127.0.0.1:{free_port()}"
    with (
        fake_ollama() as one,
        fake_ollama() as two,
        fake_ollama(models={"other:7b": GIGABYTE}) as three,
    ):
        choice = choose("ollama:tiny", host=[one.host, gone, three.host, two.host], cache=tmp_path)
        assert isinstance(choice.llm, OllamaHosts)
        assert choice.llm.hosts == (f"http://{one.host}", f"http://{two.host}")
        assert choice.llm.digest == "digest of tiny:latest"
        dead, without = choice.tried
        assert gone in dead
        assert "nothing answers there" in dead
        assert three.host in without
        assert "no tiny:latest of the same digest" in without
        alone = choose("ollama:other:7b", host=[one.host, three.host], cache=tmp_path)
        assert isinstance(alone.llm, OllamaLLM)
        with pytest.raises(ModelMissing, match="does not have nope"):
            choose("ollama:nope", host=[one.host, two.host], cache=tmp_path)
    with pytest.raises(ModelUnavailable, match="nothing answers there"):
        choose("ollama:tiny", host=[gone, f"127.0.0.1:{free_port()}"], cache=tmp_path)


def test_hosts_are_set_in_the_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("briefing.toml").write_text('[llm]\nhosts = ["10.0.0.1", "10.0.0.2:11434"]\n')
    assert load_settings().llm.servers == ("10.0.0.1", "10.0.0.2:11434")
    monkeypatch.setenv("BRIEFING_LLM__HOSTS", "a:1, b:2")
    assert load_settings().llm.servers == ("a:1", "b:2")
    monkeypatch.setenv("BRIEFING_LLM__HOST", "c:3")
    with pytest.raises(BadSetting, match=r"llm\.host or llm\.hosts, not both"):
        load_settings()


def test_a_batch_uses_all_of_them_and_loses_no_question_to_a_dead_one(
    tmp_path: Path, tools: Tools, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report("The bridge in Gao was closed on Friday. The mayor of Gao promised repairs.")]))
    questions = [{"id": n, "question": "Who promised repairs in Gao?"} for n in range(8)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(question) + "\n" for question in questions))
    reply = json.dumps({"statements": [{"sentences": ["s1"], "text": "The mayor of Gao promised repairs."}]})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    with (
        fake_ollama(says(reply)) as one,
        fake_ollama(says(reply)) as two,
        fake_ollama(refuses(500, "out of memory")) as broken,
    ):
        monkeypatch.setenv("BRIEFING_LLM__HOSTS", f"{one.host},{broken.host},{two.host}")
        status = main(["batch", "--index", "index", "--model", "ollama:tiny", "in.jsonl", "-o", "out.jsonl"])
        assert status == 0
        assert min(len(one.chats), len(two.chats)) >= 2
        drafts = [chat for chat in (*one.chats, *two.chats) if chat.get("format")]
        assert len(drafts) == 8, "one draft for each question"
        assert len(one.chats) + len(two.chats) == 16, "and before it, one reading"
        assert 1 <= len(broken.chats) <= 6
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [answer["id"] for answer in answers] == list(range(8))
    assert not any("out of memory" in note for answer in answers for note in answer["notes"])


def test_jobs_follow_the_number_of_servers() -> None:
    from assistant.commands_answers import _jobs

    two = OllamaHosts([OllamaLLM("tiny", host="127.0.0.1:1"), OllamaLLM("tiny", host="127.0.0.1:2")])
    assert _jobs(None, two) == 4
    assert _jobs(3, two) == 3
    assert _jobs(None, OllamaLLM("tiny")) == 2
