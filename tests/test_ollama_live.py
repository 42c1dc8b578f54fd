"""The same promises as in test_models.py, kept with a real Ollama server and a small real model.

The server is the program that OLLAMA_BIN names, or `ollama` on the path; its model is the embedded one's file.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import httpx
import platformdirs
import pytest
from conftest import MakeReport

from assistant.errors import ModelMissing, ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.llm import Odds
from assistant.models import Deadlines, Message, OllamaLLM, choose, installed_models
from assistant.ollama_hosts import OllamaHosts
from assistant.pipeline import ask as ask_reports
from assistant.settings import LlmSettings, Settings
from assistant.types import Finished, Token
from assistant.weights import ensure_weights, missing_packages
from index.embed import OllamaEmbedder
from index.errors import EmbedderFailed
from index.prepare import Tools
from index.store import Index

pytestmark = [pytest.mark.ollama, pytest.mark.slow]

MODELFILE = '''FROM {weights}
TEMPLATE """{{{{ range .Messages }}}}<|im_start|>{{{{ .Role }}}}
{{{{ .Content }}}}<|im_end|>
{{{{ end }}}}<|im_start|>assistant
"""
PARAMETER stop <|im_end|>
'''
QUESTION = [Message("user", "Say good morning in French.")]
COUNT = [Message("user", "Compte de un à cent, en toutes lettres, un nombre par ligne.")]
# Two cores that others use too: what is tested is that it comes, not how fast.
PATIENT = Deadlines(connect_s=30, first_token_s=300, gap_s=120, total_s=600)
IDS: dict[str, object] = {
    "type": "object",
    "properties": {"ids": {"type": "array", "items": {"enum": ["r1s1", "r1s2", "r2s1"]}, "minItems": 1, "maxItems": 2}},
    "required": ["ids"],
    "additionalProperties": False,
}


class Ollama(NamedTuple):
    """A server started for these tests."""

    host: str
    process: subprocess.Popen[bytes]

    def processor_s(self) -> float:
        """Used so far by it and its runners (Linux; 0 elsewhere)."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                fields = path.read_text().rpartition(")")[2].split()  # from the third on: state, parent, group…
                ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == self.process.pid else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """With the runners that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(program: str, home: Path) -> Iterator[Ollama]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    own = {"HOME": str(home), "OLLAMA_HOST": host, "OLLAMA_MODELS": str(home / "models"), "OLLAMA_NO_CLOUD": "1"}
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [program, "serve"], env={**os.environ, **own}, stdout=log, stderr=log, start_new_session=True
        )
    server = Ollama(host, process)
    try:
        for _ in range(600):
            try:
                httpx.get(f"http://{host}/api/version", trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None, f"the server ended at once; see {home / 'server.log'}"
                time.sleep(0.1)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


@contextmanager
def forgetful_proxy(host: str) -> Iterator[str]:
    """The server as one too old to know `truncate` and `shift`: it passes everything on but those."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = {key: value for key, value in asked.items() if key not in ("truncate", "shift")}
            with httpx.stream("POST", f"http://{host}{self.path}", json=body, timeout=600, trust_env=False) as reply:
                self.send_response(reply.status_code)
                self.end_headers()
                for piece in reply.iter_raw():
                    self.wfile.write(piece)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def program() -> str:
    found = os.environ.get("OLLAMA_BIN") or shutil.which("ollama")
    if not found:
        pytest.skip("no Ollama: set OLLAMA_BIN to what .ci/build_ollama.sh prints")
    if missing_packages():
        pytest.skip(f"no weights for it: the extra `embedded` is not installed ({missing_packages()[0]} is missing)")
    return found


@pytest.fixture(scope="module")
def home(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own with the model "tiny"; a gigabyte, so removed afterwards."""
    home = tmp_path_factory.mktemp("ollama")
    weights = ensure_weights(Path(platformdirs.user_cache_dir("briefing")))
    (home / "Modelfile").write_text(MODELFILE.format(weights=weights))
    with served(program, home) as server:
        subprocess.run(
            [program, "create", "tiny", "-f", str(home / "Modelfile")],
            env={**os.environ, "HOME": str(home), "OLLAMA_HOST": server.host},
            check=True,
            capture_output=True,
        )
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def server(program: str, home: Path) -> Iterator[Ollama]:
    with served(program, home) as server:
        yield server


def ask(
    llm: OllamaLLM, messages: list[Message], *, schema: dict[str, object] | None = None, max_tokens: int = 20
) -> str:
    return "".join(llm.stream(messages, schema=schema, max_tokens=max_tokens, deadlines=PATIENT))


def test_auto_finds_it_and_knows_its_digest(server: Ollama, tmp_path: Path):
    choice = choose("auto", host=server.host, ollama_model="tiny", cache=tmp_path, patience_s=60)
    assert choice.llm is not None
    assert choice.llm.name == "ollama:tiny"
    assert len(choice.llm.digest) == 64
    assert choice.llm.digest == installed_models(server.host, patience_s=60)["tiny:latest"]


def test_a_reply_comes_in_pieces_and_is_the_same_twice(server: Ollama):
    llm = OllamaLLM("tiny", host=server.host)
    pieces = list(llm.stream(QUESTION, schema=None, max_tokens=20, deadlines=PATIENT))
    assert len(pieces) > 1
    assert "onjour" in "".join(pieces)
    assert ask(llm, QUESTION) == "".join(pieces)


def test_a_reply_points_only_at_sentences_of_the_list(server: Ollama):
    listed = [Message("user", "r1s1: It rained.\nr1s2: The sun shone.\nr2s1: Snow fell.\nWhich speak of rain?")]
    reply = json.loads(ask(OllamaLLM("tiny", host=server.host), listed, schema=IDS, max_tokens=40))
    assert set(reply["ids"]) <= {"r1s1", "r1s2", "r2s1"}
    assert 1 <= len(reply["ids"]) <= 2


def test_it_tells_how_sure_it_is(server: Ollama):
    def asked(passage: str) -> float:
        question = [Message("user", f"{passage}\nDoes this text name a river? Reply yes or no.")]
        return float(ask(OllamaLLM("tiny", host=server.host), question, schema=Odds("yes", "no").schema))

    assert asked("The Euphrates rose by two metres.") > asked("The price of bread rose by two pounds.")


def test_a_prompt_that_does_not_fit_is_refused_not_cut(server: Ollama):
    # 1,600 characters: by our floor of 200 tokens it might fit, by the model's count of about 400 it does not.
    long = [Message("user", "one two " * 200)]
    with pytest.raises(ModelReplyInvalid, match="does not fit its context"):
        ask(OllamaLLM("tiny", host=server.host, num_ctx=256), long)


def test_a_prompt_that_an_older_server_cuts_is_noticed_by_its_token_count(server: Ollama):
    long = [Message("user", "one two " * 200)]
    with forgetful_proxy(server.host) as older:
        with pytest.raises(
            ModelReplyInvalid, match=r"does not fit its context of 256 tokens \(the server read \d+ tokens"
        ):
            ask(OllamaLLM("tiny", host=older, num_ctx=256), long)
        # The proxy is no hindrance to a prompt that fits.
        assert "onjour" in ask(OllamaLLM("tiny", host=older), QUESTION)


def test_a_reply_that_fills_the_context_is_refused_when_it_should_be_json(server: Ollama):
    text = {"type": "string", "minLength": 2000}
    wordy: dict[str, object] = {"type": "object", "properties": {"text": text}, "required": ["text"]}
    with pytest.raises(ModelReplyInvalid, match="cut before its end"):
        ask(OllamaLLM("tiny", host=server.host), COUNT, schema=wordy, max_tokens=10)


def test_a_model_it_lacks_comes_with_the_command_that_gets_it(server: Ollama):
    with pytest.raises(ModelMissing, match=r"Run: ollama pull qwen2\.5:7b"):
        ask(OllamaLLM("qwen2.5:7b", host=server.host), QUESTION)


def test_it_is_left_at_the_deadline(server: Ollama):
    llm = OllamaLLM("tiny", host=server.host)
    ask(llm, COUNT, max_tokens=1)
    began = time.monotonic()
    with pytest.raises(ModelTooSlow, match=r"within 1 s \(total_s\)"):
        list(llm.stream(COUNT, schema=None, max_tokens=2000, deadlines=Deadlines(total_s=1)))
    assert time.monotonic() - began < 30  # 2,000 tokens take a minute on a quiet machine


def test_closing_a_reply_frees_the_server_for_the_next_question(server: Ollama):
    llm = OllamaLLM("tiny", host=server.host)
    ask(llm, QUESTION, max_tokens=1)
    reply = llm.stream(COUNT, schema=None, max_tokens=4000, deadlines=PATIENT)
    next(iter(reply))
    reply.close()  # type: ignore[attr-defined] - it is a generator
    spent_s = server.processor_s()
    ask(llm, QUESTION, max_tokens=1)
    # In processor time, which other programs do not lengthen: the rest of the count takes more than 15 s of it.
    assert server.processor_s() - spent_s < 8


def test_two_clients_at_once_both_get_their_answer(server: Ollama):
    replies: dict[str, str] = {}

    def client(word: str) -> None:
        messages = [Message("user", f"Repeat this word, nothing else: {word}")]
        replies[word] = ask(OllamaLLM("tiny", host=server.host), messages)

    threads = [threading.Thread(target=client, args=(word,)) for word in ("lantern", "harbour")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    assert "lantern" in replies["lantern"].lower()
    assert "harbour" in replies["harbour"].lower()


def test_it_embeds_and_refuses_what_is_too_long(server: Ollama):
    embedder = OllamaEmbedder("tiny", host=server.host)
    rows = embedder.embed(["The bridge was reopened.", "Le pont a été rouvert."])
    assert rows.shape == (2, 1536)
    with pytest.raises(EmbedderFailed, match="exceeds"):
        embedder.embed(["mot " * 40_000])
    embedder.close()


def test_a_server_killed_in_the_middle_of_its_reply_is_an_error(program: str, home: Path):
    with served(program, home) as server:
        reply = OllamaLLM("tiny", host=server.host).stream(COUNT, schema=None, max_tokens=2000, deadlines=PATIENT)
        next(iter(reply))
        server.kill()
        with pytest.raises(ModelUnavailable, match=r"the connection broke|stopped in the middle"):
            list(reply)
        with pytest.raises(ModelUnavailable, match="nothing answers there"):
            ask(OllamaLLM("tiny", host=server.host), QUESTION)


def test_of_two_servers_the_one_that_lives_goes_on(program: str, home: Path, server: Ollama):
    with served(program, home) as doomed:
        choice = choose("ollama:tiny", host=[doomed.host, server.host], cache=home, patience_s=60)
        assert isinstance(choice.llm, OllamaHosts)
        assert len(choice.llm.hosts) == 2
        doomed.kill()
        for _ in range(2):
            pieces = choice.llm.stream(QUESTION, schema=None, max_tokens=20, deadlines=PATIENT)
            assert "onjour" in "".join(pieces)


def test_an_answer_survives_the_server_that_words_it(
    program: str, home: Path, tmp_path: Path, tools: Tools, make_report: MakeReport
):
    settings = Settings(llm=LlmSettings(connect_s=30, first_token_s=300, gap_s=120, total_s=600))
    body = "The bridge in Gao was closed on Friday. The mayor of Gao promised repairs. Nobody was hurt."
    with Index.create(tmp_path / "index", tools) as index, served(program, home) as server:
        list(index.add([make_report(body)]))
        llm = OllamaLLM("tiny", host=server.host)
        events = ask_reports("What happened to the bridge in Gao?", index=index, settings=settings, llm=llm)
        for event in events:
            if isinstance(event, Token):
                server.kill()
                break
        [answer] = [event.answer for event in events if isinstance(event, Finished)]
        assert answer.status == "answered"
        assert [claim.verdict for claim in answer.claims] == ["quoted"] * len(answer.claims)
        assert any("ollama:tiny" in note for note in answer.notes)
        [whole] = [
            event.answer
            for event in ask_reports("What happened to the bridge in Gao?", index=index, settings=settings)
            if isinstance(event, Finished)
        ]
        assert answer.text == whole.text, "as without a model"
