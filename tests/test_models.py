"""Language models: what they promise, and what they say when it cannot be kept."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_parts import GENEROUS, IDS, QUESTION, ask

from assistant.deadlines import Clock
from assistant.errors import ModelMissing, ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.llm import Odds
from assistant.models import Deadlines, Message, OllamaLLM, choose
from assistant.weights import Weights
from evals.fake_ollama import (
    GIGABYTE,
    Connection,
    drips_bytes,
    drips_empty_pieces,
    drips_pieces,
    fake_ollama,
    refuses,
    resets_after,
    says,
    sends_lines,
    stalls_after,
)
from index.errors import BadSetting

NOT_INSTALLED = Weights("absent.gguf", ("no_such_part1", "no_such_part2"), 9, "")


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Deadlines


def test_a_deadline_of_zero_is_refused_by_name():
    with pytest.raises(BadSetting, match=r"gap_s is 0, expected a number of seconds above 0"):
        Deadlines(gap_s=0)


def test_the_clock_counts_to_the_first_token_then_from_each_piece_and_always_to_the_total():
    moment = [100.0]
    clock = Clock(Deadlines(first_token_s=20, gap_s=10, total_s=25), "m", now=lambda: moment[0])
    assert clock.next_limit() == ("first_token", 20.0)
    moment[0] = 112.0
    clock.saw_piece()
    assert clock.next_limit() == ("gap", 10.0)
    moment[0] = 119.0
    clock.saw_piece()
    assert clock.next_limit() == ("total", 6.0)


# Ollama


def test_the_pieces_of_a_reply_come_as_the_server_sends_them():
    with fake_ollama(says("Les ", "forces ", "السورية")) as server:
        llm = OllamaLLM("tiny", host=server.host)
        pieces = list(llm.stream(QUESTION, schema=None, max_tokens=50, deadlines=GENEROUS))
    assert pieces == ["Les ", "forces ", "السورية"]
    [sent] = server.chats
    assert sent["model"] == "tiny"
    assert [message["content"] for message in sent["messages"]] == ["Answer briefly.", "Who took the village?"]
    assert sent["options"] == {"num_ctx": 8192, "num_predict": 50, "temperature": 0.0, "seed": 1}
    assert sent["keep_alive"] == "10m"


def test_the_first_piece_is_there_before_the_last_is_sent():
    may_finish = threading.Event()

    def script(connection: Connection) -> None:
        connection.head()
        connection.piece("un")
        assert may_finish.wait(5)
        connection.piece(" deux")
        connection.done()

    with fake_ollama(script) as server:
        pieces = OllamaLLM("tiny", host=server.host).stream(QUESTION, schema=None, max_tokens=5, deadlines=GENEROUS)
        assert next(iter(pieces)) == "un"
        may_finish.set()
        assert list(pieces) == [" deux"]


def test_with_a_schema_the_reply_obeys_it_or_is_refused():
    with fake_ollama(says('{"ids":', '["s2"]}')) as server:
        assert ask(OllamaLLM("tiny", host=server.host), schema=IDS) == '{"ids":["s2"]}'
        assert server.chats[0]["format"] == IDS
    with (
        fake_ollama(says('{"ids":["s9"]}')) as server,
        pytest.raises(ModelReplyInvalid, match=r"does not obey its schema at ids/0: 's9' is not one of"),
    ):
        ask(OllamaLLM("tiny", host=server.host), schema=IDS)
    with (
        fake_ollama(says("Sure! Here is the JSON")) as server,
        pytest.raises(ModelReplyInvalid, match=r"the reply is not JSON .* it begins 'Sure! Here is the JSON'"),
    ):
        ask(OllamaLLM("tiny", host=server.host), schema=IDS)


def test_asked_how_sure_it_is_the_server_tells_the_odds_of_its_first_token():
    likeliest = [{"token": "yes", "logprob": -0.2231}, {"token": "no", "logprob": -1.6094}]  # .8 to .2

    def script(connection: Connection) -> None:
        connection.head()
        told = [{**likeliest[0], "top_logprobs": likeliest}]
        message = {"role": "assistant", "content": "yes"}
        connection.line(json.dumps({"message": message, "done": False, "logprobs": told}))
        connection.done(reason="length")

    with fake_ollama(script) as server:
        reply = ask(OllamaLLM("tiny", host=server.host), schema=Odds("yes", "no").schema)
    assert float(reply) == pytest.approx(1.386, abs=1e-3)  # the logarithm of 4
    [sent] = server.chats
    assert (sent["logprobs"], sent["top_logprobs"], sent["options"]["num_predict"]) == (True, 20, 1)
    assert sent.get("format") is None


def test_a_server_that_tells_no_odds_is_as_sure_as_its_word():
    for said, is_yes in (("Yes", True), (" no", False)):
        with fake_ollama(says(said)) as server:
            assert (float(ask(OllamaLLM("tiny", host=server.host), schema=Odds("yes", "no").schema)) > 5) is is_yes
    with fake_ollama(says("Perhaps")) as server:
        assert float(ask(OllamaLLM("tiny", host=server.host), schema=Odds("yes", "no").schema)) == 0


def test_a_reply_cut_at_its_token_limit_is_refused_when_it_should_be_json():
    with fake_ollama(says('{"ids":["s', reason="length")) as server:
        llm = OllamaLLM("tiny", host=server.host)
        with pytest.raises(ModelReplyInvalid, match="cut before its end, at 2 tokens"):
            ask(llm, schema=IDS)
        assert ask(llm, schema=None) == '{"ids":["s'


@pytest.mark.parametrize(
    ("script", "deadlines", "deadline"),
    [
        (stalls_after(), Deadlines(first_token_s=0.3), "first_token_s"),
        (stalls_after("Les "), Deadlines(gap_s=0.3), "gap_s"),
        (drips_bytes, Deadlines(first_token_s=0.3), "first_token_s"),
        (drips_empty_pieces, Deadlines(first_token_s=0.3), "first_token_s"),
        (drips_pieces, Deadlines(total_s=0.5), "total_s"),
    ],
    ids=["stalls before the first word", "stalls after it", "drips bytes", "drips empty pieces", "never ends"],
)
def test_a_slow_server_is_left_at_the_deadline_and_the_message_names_it(script, deadlines, deadline):
    with fake_ollama(script) as server:
        began = time.monotonic()
        with pytest.raises(ModelTooSlow, match=rf"ollama:tiny: .* within 0\.\d s \({deadline}\)"):
            ask(OllamaLLM("tiny", host=server.host), deadlines=deadlines)
        assert time.monotonic() - began < 2.0


def test_a_host_that_does_not_accept_the_connection_is_given_up_at_its_deadline():
    # A listener whose queue is full: the kernel answers no further connection.
    with socket.socket() as listener, socket.socket() as queued, socket.socket() as queued_too:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (queued, queued_too):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        began = time.monotonic()
        with pytest.raises(ModelTooSlow, match=r"within 0\.3 s \(connect_s\)"):
            ask(OllamaLLM("tiny", host=f"127.0.0.1:{listener.getsockname()[1]}"), deadlines=Deadlines(connect_s=0.3))
        assert time.monotonic() - began < 2.0


def test_a_server_that_is_not_running_says_how_to_start_it():
    with pytest.raises(ModelUnavailable, match=r"nothing answers there\. Start it with: ollama serve"):
        ask(OllamaLLM("tiny", host=f"127.0.0.1:{free_port()}"))


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        (refuses(503, "server busy, please try again"), ModelUnavailable, "the server is busy"),
        (refuses(500, "llama runner terminated"), ModelUnavailable, "failed with status 500: llama runner terminated"),
        (refuses(400, "the input length exceeds the context length"), ModelReplyInvalid, "does not fit its context"),
        (refuses(400, "invalid format"), ModelReplyInvalid, "the server refused the request: invalid format"),
        (refuses(302, "elsewhere"), ModelUnavailable, "failed with status 302"),
        (resets_after("Les "), ModelUnavailable, "the connection broke"),
        (
            sends_lines('{"message": {"role": "assistant", "content": "Les "}}'),
            ModelUnavailable,
            "stopped in the middle",
        ),
        (sends_lines("<html>"), ModelReplyInvalid, "something else than Ollama's replies"),
        (sends_lines("[1, 2]"), ModelReplyInvalid, "something else than Ollama's replies"),
        (sends_lines('{"done": "perhaps"}'), ModelReplyInvalid, "something else than Ollama's replies"),
        (
            sends_lines('{"error": "unexpected EOF"}'),
            ModelUnavailable,
            "failed in the middle of its reply: unexpected EOF",
        ),
    ],
)
def test_each_way_a_server_fails_has_its_own_error_and_one_line(script, error, message):
    with fake_ollama(script) as server, pytest.raises(error, match=message) as raised:
        ask(OllamaLLM("tiny", host=server.host))
    assert "\n" not in str(raised.value)


def test_a_model_the_server_lacks_comes_with_the_command_that_gets_it():
    with fake_ollama() as server, pytest.raises(ModelMissing, match=r"Run: ollama pull qwen2\.5:7b"):
        ask(OllamaLLM("qwen2.5:7b", host=server.host))


def test_a_prompt_the_server_cut_silently_is_noticed():
    long = [Message("user", "mot " * 1600)]  # 6,400 characters: 800 tokens at the very least
    with fake_ollama(says("oui", prompt_tokens=1021)) as server:
        llm = OllamaLLM("tiny", host=server.host, num_ctx=1024)
        with pytest.raises(ModelReplyInvalid, match=r"1024 tokens \(the server read 1021 tokens of it\)"):
            ask(llm, messages=long)
    with fake_ollama(says("oui", prompt_tokens=90)) as server:
        llm = OllamaLLM("tiny", host=server.host, num_ctx=1024)
        with pytest.raises(ModelReplyInvalid, match="the server read only 90 tokens of it"):
            ask(llm, messages=long)


def test_a_low_count_is_no_alarm_when_the_prompt_fits_for_sure():
    # Some versions leave the tokens they had in their cache out of prompt_eval_count.
    with fake_ollama(says("oui", prompt_tokens=1)) as server:
        assert (
            ask(OllamaLLM("tiny", host=server.host, num_ctx=4096), messages=[Message("user", "mot " * 1600)]) == "oui"
        )


def test_a_prompt_that_cannot_fit_is_not_even_sent():
    with fake_ollama() as server:
        llm = OllamaLLM("tiny", host=server.host, num_ctx=1024)
        with pytest.raises(ModelReplyInvalid, match="at least 1250 tokens, and 50 for the reply"):
            ask(llm, messages=[Message("user", "mot " * 2500)])
        assert server.chats == []


def test_closing_the_reply_early_closes_the_connection():
    left = threading.Event()

    def script(connection: Connection) -> None:
        connection.head()
        connection.piece("Les ")
        if connection.wait_until_client_leaves():
            left.set()

    with fake_ollama(script) as server:
        pieces = OllamaLLM("tiny", host=server.host).stream(QUESTION, schema=None, max_tokens=50, deadlines=GENEROUS)
        iterator: Iterator[str] = iter(pieces)
        assert next(iterator) == "Les "
        began = time.monotonic()
        iterator.close()  # type: ignore[attr-defined] - it is a generator
        assert left.wait(2)
        assert time.monotonic() - began < 1


def test_two_questions_at_once_do_not_mix():
    with fake_ollama(says("un ", "deux")) as server:
        llm = OllamaLLM("tiny", host=server.host)
        first = llm.stream(QUESTION, schema=None, max_tokens=50, deadlines=GENEROUS)
        second = llm.stream(QUESTION, schema=None, max_tokens=50, deadlines=GENEROUS)
        assert [next(first), next(second), *first, *second] == ["un ", "un ", "deux", "deux"]


def test_it_answers_inside_a_running_event_loop_too():
    import asyncio

    async def notebook_cell(host: str) -> str:
        return ask(OllamaLLM("tiny", host=host))

    with fake_ollama(says("oui")) as server:
        assert asyncio.run(notebook_cell(server.host)) == "oui"


def test_proxies_of_the_environment_do_not_see_the_question(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    with fake_ollama(says("oui")) as server:
        assert ask(OllamaLLM("tiny", host=server.host)) == "oui"


# Choosing


def test_the_wish_for_no_model_is_met_without_looking_for_one(tmp_path):
    assert choose("none", cache=tmp_path).llm is None


def test_auto_takes_the_first_usual_model_that_the_server_has(tmp_path):
    with fake_ollama(models={"qwen2.5:1.5b": GIGABYTE, "gemma3:4b": GIGABYTE, "zzz:1b": GIGABYTE}) as server:
        choice = choose("auto", host=server.host, cache=tmp_path)
    assert choice.llm is not None
    assert choice.llm.name == "ollama:gemma3:4b"
    assert choice.llm.digest == "digest of gemma3:4b"
    assert choice.reason == f"ollama:gemma3:4b: the Ollama server at http://{server.host} has it"


def test_auto_takes_the_model_that_is_named_when_the_server_has_it(tmp_path):
    with fake_ollama(models={"qwen2.5:7b": GIGABYTE, "tiny:latest": GIGABYTE}) as server:
        choice = choose("auto", host=server.host, ollama_model="tiny", cache=tmp_path)
    assert choice.llm is not None
    assert choice.llm.name == "ollama:tiny"


def test_auto_without_any_model_says_what_it_tried(tmp_path):
    choice = choose("auto", host=f"127.0.0.1:{free_port()}", weights=NOT_INSTALLED, cache=tmp_path)
    assert choice.llm is None
    assert "answers are the reports' sentences" in choice.reason
    assert len(choice.tried) == 2
    assert "nothing answers there" in choice.tried[0]
    assert "briefing-assistant[embedded]" in choice.tried[1]


def test_auto_gives_a_silent_server_half_a_second(tmp_path):
    began = time.monotonic()
    with fake_ollama(models={}) as server:
        server.answer = lambda connection, path, body: stalls_after()(connection)
        choice = choose("auto", host=server.host, weights=NOT_INSTALLED, cache=tmp_path)
        assert "(total_s)" in choice.tried[0]
    assert time.monotonic() - began < 3


def test_an_explicit_wish_that_cannot_be_met_is_an_error_not_another_model(tmp_path):
    with fake_ollama(models={"qwen2.5:7b": GIGABYTE}) as server:
        with pytest.raises(ModelMissing, match=r"does not have nope \(it has: qwen2.5:7b\). Run: ollama pull nope"):
            choose("ollama:nope", host=server.host, cache=tmp_path)
        with pytest.raises(BadSetting, match="model is 'best', expected auto, none, embedded"):
            choose("best", host=server.host, cache=tmp_path)
    with pytest.raises(ModelUnavailable, match="nothing answers there"):
        choose("ollama:tiny", host=f"127.0.0.1:{free_port()}", cache=tmp_path)


def test_hosted_models_are_never_used(tmp_path):
    with fake_ollama(models={"gemma3:4b": 384, "qwen2.5:3b-cloud": GIGABYTE}) as server:
        with pytest.raises(BadSetting, match="runs on Ollama's servers"):
            choose("ollama:gpt-oss:120b-cloud", host=server.host, cache=tmp_path)
        with pytest.raises(ModelMissing):  # an entry of 384 bytes only points to a hosted model
            choose("ollama:gemma3:4b", host=server.host, cache=tmp_path)
    with pytest.raises(BadSetting, match="never hosted ones"):
        choose("ollama:tiny", host="https://ollama.com", cache=tmp_path)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":5000", "http://127.0.0.1:5000"),
        ("box.lan", "http://box.lan:11434"),
        ("https://box.lan/ollama/", "https://box.lan:443/ollama"),
        ("[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_the_address_is_read_as_ollama_reads_it(host, url, monkeypatch):
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    assert OllamaLLM("tiny", host=host).host == url


@pytest.mark.parametrize("host", ["ftp://box", "box:port", "http://[::1"])
def test_an_address_that_is_none_is_named(host):
    with pytest.raises(BadSetting, match=r"expected HOST:PORT or a URL"):
        OllamaLLM("tiny", host=host)


def test_importing_the_module_loads_no_client():
    heavy = {"ollama", "xllamacpp", "httpx", "asyncio", "pydantic", "jsonschema"}
    code = f"import sys, assistant.models; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout.strip() == "set()"
