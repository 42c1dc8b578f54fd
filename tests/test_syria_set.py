"""The question set over the Syria reports keeps its own promises: valid fields, exact quotes, a fair split.

What needs the reports themselves (they may not be redistributed) is skipped where they are absent.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

SET = Path(__file__).parents[1] / "evals" / "sets" / "syria" / "questions.jsonl"
REPORTS = Path(__file__).parents[2] / "shared" / "data" / "syria_reports.en.jsonl"
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]

needs_reports = pytest.mark.skipif(not REPORTS.exists(), reason="the reports are not redistributable")


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, Any]]:
    records = [json.loads(line) for line in REPORTS.read_text(encoding="utf-8").splitlines()]
    for record in records:
        record["body"] = unicodedata.normalize("NFC", record["text"].replace("\r\n", "\n").replace("\r", "\n")).strip()
    # One id stands twice; the later record counts, as a new revision of the report.
    return {record["id"]: record for record in records}


def test_every_question_has_the_same_fields_and_its_own_id():
    fields = {"id", "question", "language", "as_of", "kind", "window", "area", "gold", "status", "split"}
    assert all(set(question) == fields for question in QUESTIONS)
    assert [question["id"] for question in QUESTIONS] == [f"sy-{number:03}" for number in range(1, 101)]
    assert len({question["question"] for question in QUESTIONS}) == 100


def test_there_are_as_many_questions_of_each_kind_and_language_as_promised():
    assert Counter(question["kind"] for question in QUESTIONS) == {
        "time": 20,
        "place": 20,
        "both": 10,
        "open": 10,
        "ask": 20,
        "unanswerable": 20,
    }
    answerable = [question for question in QUESTIONS if question["kind"] != "unanswerable"]
    assert Counter(question["language"] for question in answerable) == {"en": 54, "fr": 13, "ar": 13}


def test_odd_ids_are_for_development_and_even_ids_for_the_test_with_half_of_each_kind():
    for question in QUESTIONS:
        assert question["split"] == ("dev" if int(question["id"][3:]) % 2 else "test")
    halves = Counter((question["kind"], question["split"]) for question in QUESTIONS)
    assert all(halves[kind, "dev"] == halves[kind, "test"] for kind, _ in halves)


def test_no_report_is_evidence_in_both_halves():
    evidence = {"dev": set[str](), "test": set[str]()}
    for question in QUESTIONS:
        evidence[question["split"]].update(quote["report_id"] for quote in question["gold"])
    assert not evidence["dev"] & evidence["test"]


def test_windows_are_half_open_days_and_never_begin_after_the_day_of_asking():
    for question in QUESTIONS:
        as_of = date.fromisoformat(question["as_of"]) if question["as_of"] else date.max
        if question["window"]:
            start, end = (date.fromisoformat(day) for day in question["window"])
            assert start < end, question["id"]
            # One question asks about a day still to come, on purpose: nothing can be known of it.
            assert start <= as_of or question["kind"] == "unanswerable", question["id"]


def test_a_question_has_the_window_and_area_that_its_kind_says():
    wanted = {"time": (True, False), "place": (False, True), "both": (True, True), "open": (False, False)}
    for question in QUESTIONS:
        if question["kind"] in wanted:
            has = (question["window"] is not None, question["area"] is not None)
            assert has == wanted[question["kind"]], question["id"]


def test_areas_use_the_relations_of_the_index_and_only_distances_have_a_radius():
    relations = {"near", "in", "north_of", "south_of", "east_of", "west_of"}
    for question in QUESTIONS:
        if area := question["area"]:
            assert set(area) == {"place", "relation", "radius_km"}, question["id"]
            assert area["place"], question["id"]
            assert area["relation"] in relations, question["id"]
            assert (area["radius_km"] is None) == (area["relation"] == "in"), question["id"]


def test_unanswerable_questions_have_no_gold_and_all_others_have_some():
    for question in QUESTIONS:
        is_answerable = question["kind"] != "unanswerable"
        assert bool(question["gold"]) == is_answerable, question["id"]
        assert question["status"] == ("answered" if is_answerable else "no_evidence"), question["id"]


def test_the_set_holds_no_text_of_the_reports():
    for question in QUESTIONS:
        for quote in question["gold"]:
            assert set(quote) == {"report_id", "start", "end", "sha256"}, question["id"]


@needs_reports
def test_every_gold_quote_is_an_exact_slice_of_its_report(reports: dict[str, dict[str, Any]]):
    for question in QUESTIONS:
        for quote in question["gold"]:
            text = reports[quote["report_id"]]["body"][quote["start"] : quote["end"]]
            assert hashlib.sha256(text.encode()).hexdigest() == quote["sha256"], (question["id"], quote)
            assert text == text.strip(), (question["id"], quote)
            assert 20 < len(text) < 600, (question["id"], quote)


@needs_reports
def test_no_gold_quote_comes_from_a_report_published_after_the_day_of_asking(reports: dict[str, dict[str, Any]]):
    for question in QUESTIONS:
        if question["as_of"]:
            days = [reports[quote["report_id"]]["published"][:10] for quote in question["gold"]]
            assert all(day <= question["as_of"] for day in days), question["id"]


@needs_reports
def test_questions_do_not_copy_the_words_of_their_evidence(reports: dict[str, dict[str, Any]]):
    for question in QUESTIONS:
        words = question["question"].lower().split()
        runs = [f" {' '.join(words[at : at + 7])} " for at in range(len(words) - 6)]
        for quote in question["gold"]:
            text = reports[quote["report_id"]]["body"][quote["start"] : quote["end"]]
            padded = f" {' '.join(text.lower().split())} "
            assert not any(run in padded for run in runs), question["id"]
