"""`briefing eval run`: the same bytes twice, and an exit code that tells a pass, a worse run and no result apart."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from demo_reports import demo_settings_in

from evals.__main__ import main
from evals.fake_ollama import GIGABYTE, fake_ollama, says
from index.prepare import Tools

ROOT = Path(__file__).parents[1]
IDS = ("flood-q01", "flood-q05", "towns-q12", "convoy-q18", "boat-q02", "flood-q19", "flood-q10")

Run = Callable[..., int]


@pytest.fixture
def briefing_eval(tmp_path_factory: pytest.TempPathFactory, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a few demo questions with the options given, on an index that other tests use too."""
    settings = demo_settings_in(tmp_path_factory.getbasetemp() / "demo-index", tools.cache)
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    only = [part for name in IDS for part in ("--only", name)]

    def run(*options: object) -> int:
        return main(["run", "demo", "--index", str(settings.index.folder), *only, *map(str, options)])

    return run


def broken_copy(result: Path, answers: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """The answers of a result, each changed, as a system that `run` can measure."""
    replies = [change(case["reply"]) for case in json.loads(result.read_text(encoding="utf-8"))["cases"]]
    answers.write_text("\n".join(json.dumps(reply) for reply in replies), encoding="utf-8")
    return f"file:{answers}"


def test_two_runs_without_a_model_give_the_same_bytes_and_the_second_holds_against_the_first(
    tmp_path_factory: pytest.TempPathFactory, tools: Tools, tmp_path: Path
):
    """In processes of their own, with another order of sets and dictionaries of strings."""
    settings = demo_settings_in(tmp_path_factory.getbasetemp() / "demo-index", tools.cache)
    only = [part for name in IDS for part in ("--only", name)]
    base, files = tmp_path / "base.json", ("out.json", "junit.xml")
    written: list[list[bytes]] = []
    for seed, option in (("1", "--save-baseline"), ("2", "--baseline")):
        folder = tmp_path / seed
        ran = subprocess.run(
            [sys.executable, "-m", "evals", "run", "demo", "--index", str(settings.index.folder), *only,
             "-o", str(folder / files[0]), "--junit", str(folder / files[1]), option, str(base)],
            cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONHASHSEED": seed, "BRIEFING_INDEX__CACHE": str(tools.cache)},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        written.append([(folder / name).read_bytes() for name in files])
    assert written[0] == written[1]


def test_a_worse_run_than_the_baseline_and_a_missed_gate_fail_and_a_peer_is_shown_beside(
    briefing_eval: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    base, sound = tmp_path / "base.json", tmp_path / "sound.json"
    assert briefing_eval("--save-baseline", base, "-o", sound) == 0
    refusing = broken_copy(sound, tmp_path / "no.jsonl", lambda r: {**r, "status": "no_evidence", "claims": []})
    card, summary = tmp_path / "card.html", tmp_path / "summary.md"

    assert briefing_eval("--system", refusing, "--baseline", base, "--beside", "briefing", "--html", card,
                         "--markdown", summary) == 1  # fmt: skip

    said = capsys.readouterr().out
    assert "worse: " in said[said.index("Against the baseline") :]
    assert "GATE" not in said
    assert all("no.jsonl" in path.read_text(encoding="utf-8") for path in (card, summary))

    def shifted(reply: dict[str, Any]) -> dict[str, Any]:
        for claim in reply["claims"]:
            for cited in claim["citations"]:
                cited["start"] += 1
        return reply

    assert briefing_eval("--system", broken_copy(sound, tmp_path / "off.jsonl", shifted)) == 1
    assert "GATE citation_validity missed by flood-q01" in capsys.readouterr().err


def test_no_result_is_told_from_a_bad_one(briefing_eval: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert briefing_eval("--system", "file:nowhere.jsonl") == 2
    assert briefing_eval("--baseline", tmp_path / "nowhere.json") == 2
    assert briefing_eval("-o", tmp_path) == 2  # a folder
    assert briefing_eval("--replay", tmp_path / "nowhere.jsonl") == 2
    assert briefing_eval("--record", tmp_path / "new.jsonl") == 2  # of no model
    assert main(["run", "nowhere"]) == 2
    assert main(["run", "demo", "refusal", "-o", "x.json"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 7, said


def test_what_a_model_said_is_asked_once_by_name_and_digest(
    briefing_eval: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    reply = json.dumps({"statements": [{"ids": ["none"], "text": "The sentences do not say."}]})
    models = {"tiny:latest": GIGABYTE, "other:latest": GIGABYTE}
    recording = tmp_path / "tiny.jsonl"
    with fake_ollama(says(reply), models=models) as server:
        monkeypatch.setenv("BRIEFING_LLM__HOST", server.host)
        assert briefing_eval("--model", "ollama:tiny", "--record", recording) == 0
        asked, recorded = len(server.chats), recording.read_bytes()
        assert asked > 1
        assert briefing_eval("--model", "ollama:tiny", "--record", recording) == 0
        assert (len(server.chats), recording.read_bytes()) == (asked, recorded)
        assert briefing_eval("--replay", recording) == 0
        assert len(server.chats) == asked
        # As after a kill: half of the replies are there.
        lines = recorded.decode().splitlines(keepends=True)
        recording.write_text("".join(lines[: 1 + asked // 2]), encoding="utf-8")
        assert briefing_eval("--model", "ollama:tiny", "--record", recording) == 0
        assert (len(server.chats), recording.read_bytes()) == (asked + asked - asked // 2, recorded)
        before = len(server.chats)
        assert briefing_eval("--model", "ollama:other", "--record", recording) == 0
        assert len(server.chats) == before + asked

        server.script = says("false")
        capsys.readouterr()
        assert briefing_eval("--judge", "ollama:tiny") == 0
    said = capsys.readouterr().out
    assert "judged by ollama:tiny, not measured: shown, and held against no run" in said
    assert "judged_recall            .000" in said


def test_the_baseline_of_a_users_set_lies_beside_its_cases(
    tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    told = "The ferry from Tripoli carried 41 passengers."
    case = {
        "id": "q1", "question": "How many passengers did the ferry carry?", "language": "en", "status": "answered",
        "gold": [{"report_id": "r1", "quote": told}], "required": [["41"]],
    }  # fmt: skip
    mine = tmp_path / "demo"  # a name that one of ours has too
    (mine / "reports").mkdir(parents=True)
    (mine / "reports" / "r.json").write_text(
        json.dumps({"id": "r1", "text": told, "published": "2017-03-05", "language": "en"}), encoding="utf-8"
    )
    (mine / "cases.jsonl").write_text(json.dumps(case), encoding="utf-8")
    assert main(["run", str(mine), "--baseline"]) == 2
    assert main(["run", str(mine), "--save-baseline"]) == 0
    assert (mine / "baseline-dev.json").is_file()
    assert main(["run", str(mine), "--baseline"]) == 0
