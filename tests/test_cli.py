"""The command line: what it prints where, its exit status, and its one line for every mistake."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import MakeReport
from demo_reports import demo_settings_in

from assistant.brief import document, gather
from assistant.cli import main
from assistant.document import to_html, to_markdown
from assistant.opening import open_index
from assistant.settings import Settings
from index.prepare import Tools
from index.store import Index

ROOT = Path(__file__).parents[1]
DISPATCH = "dispatch_2017-10-22.fr.txt"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Settings:
    return demo_settings_in(tmp_path_factory.getbasetemp() / "demo-index", tools.cache)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tools: Tools, tmp_path: Path) -> None:
    """Commands find the tests' cache, and neither a user's index nor a model server."""
    monkeypatch.setenv("BRIEFING_INDEX__CACHE", str(tools.cache))
    monkeypatch.setenv("BRIEFING_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("BRIEFING_LLM__MODEL", "none")
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of one command."""
    try:
        status = main(arguments)
    except SystemExit as left:
        status = int(left.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def write_report(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


MARKET = "---\npublished: 2020-05-04\nsource: The Courier\n---\nThe market of Gao reopened on Monday after the flood.\n"


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", "--as-of", "2024-13-02", "hi"), "'2024-13-02' is not a day; write it as YYYY-MM-DD"),
        (("ask", "--lang", "de", "hi"), "argument --lang: invalid choice: 'de'"),
        (("ask",), "the following arguments are required: QUESTION"),
        (("frob",), "invalid choice: 'frob'"),
        ((), "the following arguments are required: COMMAND"),
        (("batch", "in.jsonl"), "the following arguments are required: -o/--output"),
        (("batch", "in.jsonl", "-o", "x", "--jobs", "0"), "'0' is not a number from 1 up"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
):
    status, out, err = run(capsys, *arguments)

    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", "hi"), "no index at "),
        (("ask", " "), "the question is empty"),
        (("ask", "--config", "none.toml", "hi"), "no configuration file at none.toml"),
        (("batch", "none.jsonl", "-o", "out.jsonl"), "none.jsonl cannot be read: No such file or directory"),
        (("repair",), "no index at "),
        (("repair", "--reembed"), "no index at "),
        (("brief",), "no index at "),
        (("chat",), "no index at "),
    ],
)
def test_an_error_to_act_on_is_one_line_and_status_1(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
):
    status, out, err = run(capsys, *arguments)

    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("briefing: ")
    assert message in err


def test_an_unknown_setting_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "briefing.toml").write_text("[retrieve]\nhitz = 3\n")

    status, _, err = run(capsys, "ask", "hi")

    assert (status, err.count("\n")) == (1, 1)
    assert "retrieve.hitz" in err


# Ingest


def test_ingest_counts_names_what_it_refuses_and_goes_on(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    folder = tmp_path / "reports"
    write_report(folder, "a.md", MARKET)
    write_report(folder, "b.txt", "No date anywhere in this text.")
    write_report(folder, "c.exe", "MZ")

    status, out, err = run(capsys, "ingest", str(folder))

    lines = err.splitlines()
    assert (status, out, len(lines)) == (3, "", 3)
    assert lines[0].startswith(f"rejected: {folder}/b.txt: ")
    assert lines[1].startswith(f"rejected: {folder}/c.exe: ")
    assert lines[2].startswith("1 report added, 2 rejected (see above), 1 passage in the index, ")


def test_ingest_tells_of_reports_without_an_outlet_and_takes_one_for_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    path = tmp_path / "2020-05-05.txt"
    path.write_text("The market of Gao reopened.")

    _, _, err = run(capsys, "ingest", str(path))
    assert err.startswith("1 report added, 1 of an unknown outlet (--source NAME gives one), ")
    _, _, err = run(capsys, "ingest", "--source", "Radio Gao", str(path))
    assert "unknown outlet" not in err
    _, out, _ = run(capsys, "ask", "--no-model", "What reopened in Gao?")
    assert "Radio Gao, 2020-05-05" in out


def test_the_same_reports_again_add_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    folder = tmp_path / "reports"
    write_report(folder, "a.md", MARKET)
    run(capsys, "ingest", str(folder))

    status, out, _ = run(capsys, "ingest", "--json", str(folder))

    told = json.loads(out)
    del told["seconds"]
    assert status == 0
    assert told == {"added": 0, "revised": 0, "unchanged": 1, "passages": 1, "rejected": []}


def test_a_mistyped_path_leaves_no_index_behind(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    status, _, err = run(capsys, "ingest", "reprots")

    assert status == 3
    assert "rejected: reprots: there is no such file or folder" in err
    assert "Nothing was stored." in err
    assert not (tmp_path / "index").exists()


def test_reports_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    line = json.dumps({"text": "A bridge opened in Mosul.", "published": "2020-01-02", "id": "m1"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))

    status, _, _ = run(capsys, "ingest", "-")

    assert status == 0
    with sqlite3.connect(tmp_path / "index" / "catalog.sqlite") as catalog:
        assert catalog.execute("SELECT id FROM reports").fetchall() == [("m1",)]
    catalog.close()


def test_ctrl_c_during_ingest_keeps_what_is_stored_and_ends_in_one_line(tmp_path: Path, data: Path):
    command = [sys.executable, "-m", "assistant.cli", "ingest", "--json", str(data / "syria_reports.en.jsonl")]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None and _stored(tmp_path / "index") < 20:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, err = process.communicate(timeout=60)
    kept = _stored(tmp_path / "index")

    assert process.returncode == 130
    assert err.splitlines()[-1] == "briefing: interrupted; what was stored until now is kept"
    assert "Traceback" not in err
    assert 20 <= kept < 491


def _stored(folder: Path) -> int:
    if not (folder / "catalog.sqlite").exists():
        return 0
    catalog = sqlite3.connect(folder / "catalog.sqlite")
    try:
        return int(catalog.execute("SELECT count(*) FROM reports").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        catalog.close()


# Ask


def test_only_the_answer_goes_to_standard_output(capsys: pytest.CaptureFixture[str], settings: Settings):
    question = "How many families were moved into schools in Al-Mayadin?"

    status, out, err = run(capsys, "ask", "--index", str(settings.index.folder), "--as-of", "2031-03-05", question)

    assert (status, err) == (0, "")
    assert "as of 2031-03-05" in out
    assert "[1]" in out


def test_json_holds_what_scripts_read(capsys: pytest.CaptureFixture[str], settings: Settings):
    question = "How many families were moved into schools in Al-Mayadin?"

    _, out, _ = run(capsys, "ask", "--index", str(settings.index.folder), "--json", question)

    told = json.loads(out)
    assert set(told) == set("question status text claims hits query notes model seconds".split())
    assert (told["question"], told["model"]) == (question, "none")
    citations = [citation for claim in told["claims"] for citation in claim["citations"]]
    assert citations
    assert set(citations[0]) == set("number report_id passage_id start end quote source published".split())
    assert set(told["hits"][0]) == set("passage_id report_id text score".split())


def test_no_evidence_is_an_answer_and_says_what_the_index_covers(
    capsys: pytest.CaptureFixture[str], settings: Settings
):
    status, out, _ = run(capsys, "ask", "--index", str(settings.index.folder), "Who won the Icelandic chess cup?")

    assert status == 0
    assert "The reports do not say." in out
    assert "48 reports published from 2031-03-02 to 2031-04-12" in out


def test_a_model_that_cannot_be_had_is_told_and_done_without(capsys: pytest.CaptureFixture[str], settings: Settings):
    folder = str(settings.index.folder)
    question = "How many families were moved into schools in Al-Mayadin?"

    status, out, err = run(capsys, "ask", "--index", folder, "--model", "ollama:qwen2.5:7b", question)

    assert (status, err.count("\n")) == (0, 1)
    assert "nothing answers there" in err
    assert "[1]" in out


def test_verbose_tells_the_evidence_and_twice_the_trace(capsys: pytest.CaptureFixture[str], settings: Settings):
    _, _, err = run(capsys, "ask", "-vv", "--index", str(settings.index.folder), "Which dam was opened?")

    told = {line.split(":")[0] for line in err.splitlines()}
    assert {"model", "understood", "stages", "counts", "index", "embedder", "prompt", "settings"} <= told
    assert " passages after " in err


def test_a_reader_that_leaves_early_causes_no_complaint(settings: Settings):
    command = [sys.executable, "-m", "assistant.cli", "ask", "--index", str(settings.index.folder), "--json", "dam"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.close()

    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 141


# The dispatch


def ask_dispatch(capsys: pytest.CaptureFixture[str], data: Path, question: str) -> tuple[dict[str, Any], str]:
    """The answer to a question on the dispatch, as JSON, and the text of the dispatch."""
    run(capsys, "ingest", str(data / DISPATCH))
    _, out, _ = run(capsys, "ask", "--json", "--no-model", question)
    return json.loads(out), (data / DISPATCH).read_text(encoding="utf-8")


def quotes(answer: dict[str, Any]) -> list[str]:
    return [citation["quote"] for claim in answer["claims"] for citation in claim["citations"]]


def test_towns_near_deir_ez_zor_this_week(capsys: pytest.CaptureFixture[str], data: Path):
    question = "Which towns were retaken near Deir ez-Zor this week?"

    answer, body = ask_dispatch(capsys, data, question)

    assert answer["status"] == "answered"
    assert any("ont repris à Daech le village de Khasham" in quote for quote in quotes(answer))
    assert all(quote in body for quote in quotes(answer))
    assert not any("Qaryatayn" in text for text in (*quotes(answer), answer["text"]))


def test_what_happened_yesterday(capsys: pytest.CaptureFixture[str], data: Path):
    answer, _ = ask_dispatch(capsys, data, "what happened yesterday?")

    assert answer["query"]["window"] == ["2017-10-21", "2017-10-22"]
    assert any("al-Qaryatayn" in quote for quote in quotes(answer))
    assert not any("Khasham" in quote for quote in quotes(answer))


# Chat


def test_chat_reads_a_pipe_and_understands_a_follow_up(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    typed = (
        "/as-of 2031-03-05\n\nHow many families were moved into schools in Al-Mayadin?\n"
        "/sources\n/as-of soon\n/frob\nAnd in Gao?\n/quit\nnever asked\n"
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))

    status, out, err = run(capsys, "chat", "--index", str(settings.index.folder))

    assert status == 0
    assert out.count("as of 2031-03-05") == 2
    assert "320" in out.partition("[1]")[2]  # in the quotation that /sources shows
    assert "Gao" in out
    assert "'soon' is not a day; write it as YYYY-MM-DD" in err
    assert "/frob is not a command" in err


# Brief


def test_every_statement_of_a_briefing_has_a_footnote_that_is_an_exact_slice(settings: Settings):
    with open_index(settings) as index:
        briefing = gather(
            index=index, settings=settings, near="Al-Mayadin", since=date(2031, 3, 2), until=date(2031, 3, 8)
        )
        bodies = {report.id: report.body for report in index.reports()}

    statements = [statement for told in briefing.days for statement in told.statements]
    assert statements
    assert all(statement.notes for statement in statements)
    assert {n for s in statements for n in s.notes} == set(range(1, len(briefing.notes) + 1))
    assert all(bodies[note.report_id][note.start : note.end] == note.quote for note in briefing.notes)
    assert len({(note.report_id, note.start) for note in briefing.notes}) == len(briefing.notes)
    assert {told.day for told in briefing.days}.isdisjoint(briefing.silent)


def test_hostile_text_stays_text_in_both_formats(
    tmp_path: Path, tools: Tools, make_report: MakeReport, settings: Settings
):
    body = "<script>alert(1)</script> ![x](http://evil.example/p.png) fighters left Gao on 4 May 2020."
    with Index.create(tmp_path / "hostile", tools) as index:
        list(index.add([make_report(body, day="2020-05-04", title="<img src=x onerror=a()>")]))
        briefing = gather(index=index, settings=settings, since=date(2020, 5, 4), until=date(2020, 5, 4))

    page, markdown = to_html(document(briefing)), to_markdown(document(briefing))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert r"\<script\>" in markdown
    assert r"\!\[x\](http" in markdown


def test_brief_writes_the_format_that_the_name_of_the_file_tells(
    capsys: pytest.CaptureFixture[str], settings: Settings, tmp_path: Path
):
    folder = str(settings.index.folder)
    period = ("--since", "2031-03-10", "--until", "2031-03-12")

    status, _, err = run(capsys, "brief", "--index", folder, *period, "-o", "b.html")
    _, markdown, _ = run(capsys, "brief", "--index", folder, *period)

    assert status == 0
    assert " quotations from " in err
    assert (tmp_path / "b.html").read_text(encoding="utf-8").startswith("<!doctype html>\n")
    assert markdown.startswith("# Briefing\n")


def test_a_briefing_in_json_numbers_its_quotations_as_the_footnotes(
    capsys: pytest.CaptureFixture[str], settings: Settings
):
    options = ("--index", str(settings.index.folder), "--since", "2031-03-10", "--until", "2031-03-12")

    _, told, _ = run(capsys, "brief", *options, "--format", "json")
    _, markdown, _ = run(capsys, "brief", *options)

    days = json.loads(told)["days"]
    cited = [c for day in days for said in day["statements"] for c in said["citations"]]
    assert {c["number"] for c in cited} == set(range(1, markdown.count("\n[^") + 1))
    for citation in cited:
        assert f"\n[^{citation['number']}]: {citation['source']}, {citation['published']}" in markdown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--until", "0001-01-03", "--near", "Xyzzyville"), "--near is 'Xyzzyville', which is not on the map"),
        (("--since", "2031-03-10", "--until", "2031-03-09"), "--since 2031-03-10 is after --until 2031-03-09"),
        (("--since", "2030-03-10", "--until", "2031-03-09"), "are 365 days; give --since and --until at most 92 days"),
        (("--near", "Xyzzyville"), "--near is 'Xyzzyville', which is not on the map"),
    ],
)
def test_a_briefing_that_cannot_be_is_refused(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str], settings: Settings
):
    status, _, err = run(capsys, "brief", "--index", str(settings.index.folder), *arguments)

    assert (status, err.count("\n")) == (1, 1)
    assert message in err


# Doctor and repair


def test_doctor_finds_everything_in_order(capsys: pytest.CaptureFixture[str], settings: Settings):
    status, out, _ = run(capsys, "doctor", "--json", "--index", str(settings.index.folder))

    found = {check["name"]: check for check in json.loads(out)}
    assert status == 0
    assert {name: check["state"] for name, check in found.items() if name not in ("ollama", "disk")} == dict.fromkeys(
        ("python", "packages", "embedder", "gazetteer", "index", "derived", "model"), "ok"
    )
    assert "48 reports from 2031-03-02 to 2031-04-12" in found["index"]["found"]
    assert found["ollama"]["state"] == "note"


def test_doctor_says_when_there_is_no_index_yet(capsys: pytest.CaptureFixture[str]):
    status, out, _ = run(capsys, "doctor")

    assert status == 0
    assert "note   index        no index at " in out


def test_doctor_says_when_the_catalog_is_damaged(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    write_report(tmp_path / "index", "catalog.sqlite", "this is no database, " * 500)

    status, out, _ = run(capsys, "doctor", "--json")

    assert status == 1
    assert [check["state"] for check in json.loads(out) if check["name"] == "index"] == ["broken"]


def test_repair_rebuilds_what_was_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    run(capsys, "ingest", str(write_report(tmp_path, "a.md", MARKET)))
    (tmp_path / "index" / "matrix" / "vectors.i16").write_bytes(b"")

    status, _, err = run(capsys, "repair")

    assert status == 0
    assert err.startswith("1 reports, 1 passages: in step, ")
    assert (tmp_path / "index" / "matrix" / "vectors.i16").stat().st_size == 512 * 2


def test_reembedding_makes_every_vector_anew_and_keeps_the_reports(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tools: Tools
):
    folder = tmp_path / "index"
    run(capsys, "ingest", str(write_report(tmp_path, "a.md", MARKET)))
    with Index.open(folder, tools) as index:
        right = index.snapshot().matrix.vectors.copy()
        with index.catalog.writing(), index.catalog.transaction() as connection:
            connection.execute("UPDATE vectors SET vector = zeroblob(2048)")
            connection.execute("UPDATE manifest SET value = 'another' WHERE key = 'embedder'")
    refused, _, said = run(capsys, "ask", "hi")

    status, _, err = run(capsys, "repair", "--reembed")

    assert (refused, status) == (1, 0)
    assert "was built with 'another'" in said
    assert "1 sentences embedded anew" in err
    with Index.open(folder, tools) as index:
        assert np.allclose(index.snapshot().matrix.vectors, right, atol=1)  # in units of 1/32,767
        assert index.coverage().reports == 1


# The page


@pytest.mark.parametrize("login", ["analyst", ":secret", "analyst:"])
def test_a_login_without_name_or_password_is_refused(
    login: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    monkeypatch.setenv("BRIEFING_LOGIN", login)

    status, _, err = run(capsys, "serve", "--index", str(settings.index.folder))

    assert (status, err.count("\n")) == (1, 1)
    assert "BRIEFING_LOGIN is not NAME:PASSWORD" in err


def test_a_setting_that_is_no_json_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BRIEFING_LLM", "x")
    status, _, err = run(capsys, "ask", "What happened?")
    assert (status, err.count("\n")) == (1, 1)
    assert "BRIEFING_GROUP__NAME" in err
