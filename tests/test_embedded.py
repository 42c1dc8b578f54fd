"""The embedded model: its weights, put together once, and what it promises like any other."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import pytest
from model_parts import IDS, QUESTION, ask

from assistant.embedded import EmbeddedLLM
from assistant.errors import ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.llm import Odds
from assistant.models import Deadlines, Message
from assistant.opening import open_model
from assistant.probe import FIRST_WORDS
from assistant.reader import YES, reading_messages
from assistant.settings import LlmSettings, Settings
from assistant.weights import QWEN, Weights, ensure_weights, missing_packages

NOT_INSTALLED = Weights("absent.gguf", ("no_such_part1", "no_such_part2"), 9, "")


# Weights


@pytest.fixture
def small_weights(tmp_path, monkeypatch) -> Weights:
    """Three packages of a few bytes each, installed for this test."""
    pieces = {"small_part1": b"GGUF first,", "small_part2": b" second,", "small_part3": b" third"}
    site = tmp_path / "site"
    for name, content in pieces.items():
        (site / name).mkdir(parents=True)
        (site / name / "part.bin").write_bytes(content)
        (site / name / "__init__.py").write_text(
            "from pathlib import Path\n\n\ndef get_part_path():\n    return str(Path(__file__).parent / 'part.bin')\n"
        )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))
    whole = b"GGUF first, second, third"
    return Weights("small.gguf", tuple(pieces), 25, hashlib.sha256(whole).hexdigest())


def test_the_pieces_are_joined_in_order_once_and_progress_is_told(tmp_path, small_weights):
    told: list[tuple[int, int]] = []
    path = ensure_weights(tmp_path / "cache", weights=small_weights, progress=lambda *step: told.append(step))
    assert path.read_bytes() == b"GGUF first, second, third"
    assert told == [(11, 25), (19, 25), (25, 25)]
    assert ensure_weights(tmp_path / "cache", weights=small_weights, progress=refuse_to_join) == path
    assert sorted(file.name for file in path.parent.iterdir()) == ["small.gguf", "small.lock", "small.verified"]


def test_a_damaged_file_is_named_and_made_again(tmp_path, small_weights, caplog):
    path = ensure_weights(tmp_path, weights=small_weights)
    path.write_bytes(b"GGUF first, second, thirD")
    assert ensure_weights(tmp_path, weights=small_weights).read_bytes() == b"GGUF first, second, third"
    assert f"{path} is damaged" in caplog.text


def test_a_whole_file_without_its_stamp_is_verified_not_joined_again(tmp_path, small_weights, caplog):
    path = ensure_weights(tmp_path, weights=small_weights)
    made = path.stat().st_ino
    path.with_suffix(".verified").unlink()
    ensure_weights(tmp_path, weights=small_weights)
    assert path.stat().st_ino == made
    assert caplog.text == ""


def test_packages_that_do_not_add_up_are_refused_and_leave_nothing(tmp_path, small_weights):
    wrong = small_weights._replace(sha256="0" * 64)
    with pytest.raises(ModelUnavailable, match=r"make 25 bytes with SHA-256 .*expected 25 and 000000000000"):
        ensure_weights(tmp_path / "cache", weights=wrong)
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["small.lock"]


def test_missing_packages_are_named_with_the_command_that_installs_them(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"2 of the 2 .*first: no_such_part1.*uv run --extra embedded"):
        ensure_weights(tmp_path, weights=NOT_INSTALLED)


def test_a_cache_that_cannot_be_written_is_named(tmp_path, small_weights):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable, match=r"the model file .*file/small.gguf could not be made"):
        ensure_weights(tmp_path / "file", weights=small_weights)


def test_two_processes_at_once_make_one_whole_file(tmp_path, small_weights):
    code = (
        "import sys; from pathlib import Path; from assistant.weights import Weights, ensure_weights\n"
        f"ensure_weights(Path(sys.argv[1]), weights={small_weights!r}, progress=lambda *step: print(step))"
    )
    search = os.pathsep.join([os.environ["PYTHONPATH"], str(Path(__file__).parents[1])])
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "cache")],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": search},
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=30)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(printed) == ["", "(11, 25)\n(19, 25)\n(25, 25)\n"]
    assert (tmp_path / "cache" / "small.gguf").read_bytes() == b"GGUF first, second, third"


# The embedded model

PATIENT = Deadlines(first_token_s=60, gap_s=30, total_s=120)
COUNT = [Message("user", "Compte de un à cent, en toutes lettres, un nombre par ligne.")]


@pytest.fixture(scope="module")
def embedded() -> Iterator[EmbeddedLLM]:
    if missing_packages():
        pytest.skip(f"the extra `embedded` is not installed: {missing_packages()[0]} is missing")
    path = ensure_weights(Path(platformdirs.user_cache_dir("briefing")))
    llm = EmbeddedLLM(path, digest=QWEN.sha256)
    yield llm
    llm.close()


@pytest.mark.model
def test_the_embedded_model_points_only_at_sentences_of_the_list(embedded):
    question = [Message("user", "s1: It rained.\ns2: The sun shone.\ns3: Wind.\nWhich sentences speak of rain?")]
    reply = ask(embedded, schema=IDS, messages=question, deadlines=PATIENT)
    ids = json.loads(reply)["ids"]
    assert set(ids) <= {"s1", "s2", "s3"}
    assert " " not in reply
    assert "\n" not in reply
    assert ask(embedded, schema=IDS, messages=question, deadlines=PATIENT) == reply


@pytest.mark.model
def test_the_embedded_model_tells_how_sure_it_is(embedded):
    def asked(passage: str) -> float:
        question = [Message("user", f"{passage}\nDoes this text name a river? Reply yes or no.")]
        return float(ask(embedded, schema=Odds("yes", "no").schema, messages=question, deadlines=PATIENT))

    # What is left of another prompt in its memory moves the second decimal.
    assert asked("The Euphrates rose by two metres.") > asked("The price of bread rose by two pounds.") + 0.1


@pytest.mark.model
def test_a_probe_tells_of_the_embedded_model_what_answers(embedded):
    def sure(question: str) -> float:
        passage = "A ferry with 40 passengers sank near Bourem on Tuesday; its captain was rescued by fishermen."
        return float(ask(embedded, schema=YES.schema, messages=reading_messages(question, passage), deadlines=PATIENT))

    assert sure("How many people were on board?") > sure("Who built the ferry?") + 1
    assert len(embedded.likeliest(QUESTION, PATIENT)) == FIRST_WORDS


@pytest.mark.model
def test_the_embedded_model_stops_within_a_second_and_answers_the_next_question(embedded):
    reply = embedded.stream(COUNT, schema=None, max_tokens=400, deadlines=PATIENT)
    next(reply)
    began = time.monotonic()
    reply.close()
    assert time.monotonic() - began < 1.5
    assert ask(embedded, messages=QUESTION, max_tokens=3, deadlines=PATIENT)


@pytest.mark.model
def test_a_second_caller_waits_for_its_turn_within_its_deadline(embedded):
    reply = embedded.stream(COUNT, schema=None, max_tokens=400, deadlines=PATIENT)
    next(reply)
    with pytest.raises(ModelTooSlow, match=r"still busy with another question after 0 s \(first_token_s\)"):
        ask(embedded, deadlines=Deadlines(first_token_s=0.2))
    reply.close()


@pytest.mark.model
def test_the_embedded_model_keeps_the_total_deadline(embedded):
    ask(embedded, messages=COUNT, max_tokens=1, deadlines=PATIENT)  # loaded, and the prompt read
    began = time.monotonic()
    with pytest.raises(ModelTooSlow, match=r"within 1 s \(total_s\)"):
        ask(embedded, messages=COUNT, max_tokens=2000, deadlines=Deadlines(total_s=1))
    assert time.monotonic() - began < 3


@pytest.mark.model
def test_a_prompt_too_long_for_the_embedded_model_is_refused(embedded):
    with pytest.raises(ModelReplyInvalid, match="does not fit its context of 4096 tokens"):
        ask(embedded, messages=[Message("user", "mot " * 6000)], deadlines=PATIENT)


@pytest.mark.model
def test_a_crash_of_the_embedded_model_is_an_error_and_the_next_question_works(embedded):
    reply = embedded.stream(COUNT, schema=None, max_tokens=400, deadlines=PATIENT)
    next(reply)
    os.kill(embedded.process_id, 9)
    with pytest.raises(ModelUnavailable, match=r"its process was ended by signal 9.* Ask again: it starts anew"):
        list(reply)
    assert ask(embedded, messages=QUESTION, max_tokens=3, deadlines=PATIENT)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_embedded_model_dies_with_its_parent_even_while_it_computes(embedded):
    code = (
        "import sys, os, signal; from pathlib import Path; from assistant.models import *\n"
        "llm = EmbeddedLLM(Path(sys.argv[1])); d = Deadlines(first_token_s=60, total_s=99)\n"
        "reply = llm.stream([Message('user', 'Compte.')], schema=None, max_tokens=400, deadlines=d); next(reply)\n"
        "print(llm.process_id, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = ensure_weights(Path(platformdirs.user_cache_dir("briefing")))
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    assert done.returncode == -9
    child = Path("/proc") / done.stdout.strip()
    deadline = time.monotonic() + 5
    while child.exists() and "\nState:\tZ" not in (child / "status").read_text():
        assert time.monotonic() < deadline, "the child lives on without its parent"
        time.sleep(0.05)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_embedded_model_opens_no_port(embedded):
    ask(embedded, messages=QUESTION, max_tokens=1, deadlines=PATIENT)
    process = Path(f"/proc/{embedded.process_id}")
    sockets = {str(file.readlink()) for file in (process / "fd").iterdir()}
    lines = [line.split() for name in ("tcp", "tcp6") for line in (process / "net" / name).read_text().splitlines()[1:]]
    assert sockets.isdisjoint(f"socket:[{line[9]}]" for line in lines)


def test_weights_that_are_no_model_are_reported_with_what_llama_cpp_says(tmp_path):
    if missing_packages(QWEN._replace(parts=())):
        pytest.skip("xllamacpp is not installed")
    (tmp_path / "broken.gguf").write_bytes(b"not a model")
    llm = EmbeddedLLM(tmp_path / "broken.gguf")
    with pytest.raises(ModelUnavailable, match="embedded:broken: its process ended with status 1"):
        ask(llm, deadlines=PATIENT)
    llm.close()


@pytest.fixture
def played(tmp_path, monkeypatch) -> Callable[[str], EmbeddedLLM]:
    """Makes a model whose child is a shell script: the lines after its greeting and the first order."""

    def play(lines: str) -> EmbeddedLLM:
        shell = tmp_path / "child"
        shell.write_text(f"#!/bin/sh\necho '{{\"ready\": true}}'\nread order\n{lines}\n")
        shell.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(shell))
        return EmbeddedLLM(tmp_path / "played.gguf")

    return play


def test_a_child_that_tells_only_its_end_has_told_no_first_word(played):
    llm = played('echo \'{"id": 1, "end": "stop"}\'; read order')
    with pytest.raises(ModelReplyInvalid, match="embedded:played: it told no first word"):
        llm.likeliest(QUESTION, PATIENT)
    llm.close()


def test_a_child_that_is_killed_in_the_middle_of_a_line_is_noticed_at_once(played):
    llm = played('printf \'{"id": 1, "pie\'; kill -9 $$')
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="its process was ended by signal 9"):
        ask(llm, deadlines=PATIENT)
    assert time.monotonic() - began < 5  # of the 60 that it may take
    llm.close()


@pytest.mark.model
def test_a_model_that_cannot_start_is_opened_and_the_first_question_meets_the_error(monkeypatch):
    if missing_packages():
        pytest.skip(f"the extra `embedded` is not installed: {missing_packages()[0]} is missing")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with open_model(Settings(llm=LlmSettings(model="embedded"))) as llm:
        assert isinstance(llm, EmbeddedLLM)
        with pytest.raises(ModelUnavailable, match=r"its process could not be started .*/nowhere/python"):
            ask(llm, deadlines=PATIENT)


def refuse_to_join(done: int, total: int) -> None:
    raise AssertionError("the file was joined or read again")
