"""The demo set keeps its promises: quotes are slices, dates are valid, languages and kinds are all there."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SET = Path(__file__).parents[1] / "evals" / "sets" / "demo"
NOTICES = {"en": "[Fiction: ", "fr": "[Fiction\u00a0: ", "ar": "[خيال: "}
KINDS = {
    "fact", "list", "time", "place", "time+place", "conflict", "follow-up", "cross-language", "unanswerable",
    "false-premise", "injected", "attribution",
}  # fmt: skip
KEYS = {
    "id", "question", "as_of", "history", "language", "status", "gold", "required", "forbidden", "window", "area",
    "tags", "split",
}  # fmt: skip


def split_report(text: str) -> tuple[dict[str, str], str]:
    """Front matter and body, read in the simplest way there is; independent of the program's own reader."""
    _, front, body = text.split("---\n", 2)
    pairs = [line.partition(": ") for line in front.strip().split("\n")]
    return {key: value for key, _, value in pairs}, unicodedata.normalize("NFC", body).strip()


@cache
def reports() -> dict[str, tuple[dict[str, str], str]]:
    found = (split_report(path.read_text("utf-8")) for path in sorted((SET / "reports").glob("*.md")))
    return {front["id"]: (front, body) for front, body in found}


@cache
def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SET / "cases.jsonl").read_text("utf-8").splitlines()]


def folded(text: str) -> str:
    """Without case, diacritics and kinds of space."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def failing(condition: Callable[[dict[str, Any]], bool]) -> list[str]:
    return [case["id"] for case in cases() if not condition(case)]


def test_there_are_reports_in_three_languages_from_many_outlets():
    fronts = [front for front, _ in reports().values()]
    assert Counter(front["language"] for front in fronts) == {"fr": 18, "en": 16, "ar": 14}
    assert len({front["source"] for front in fronts}) >= 8


def test_every_report_opens_by_saying_in_its_language_that_it_is_fiction():
    for name, (front, body) in reports().items():
        first = body.split("\n", 1)[0]
        assert front["fiction"] == "true", name
        assert first.startswith(NOTICES[front["language"]]), name
        assert first.endswith("]"), name


def test_every_report_is_named_dated_and_short():
    for name, (front, body) in reports().items():
        assert set(front) == {"id", "title", "source", "published", "language", "fiction"}, name
        assert (SET / "reports" / f"{name}.md").is_file()
        assert date(2031, 3, 1) <= date.fromisoformat(front["published"]) <= date(2031, 4, 15), name
        told = body.split("\n", 1)[1]
        assert 80 <= len(told.split()) <= 220, name


def test_every_case_has_all_keys_and_an_id_of_its_own():
    assert failing(lambda case: set(case) - {"places"} == KEYS) == []
    assert [name for name, times in Counter(case["id"] for case in cases()).items() if times > 1] == []


def test_every_value_is_one_of_those_allowed():
    assert failing(lambda case: case["language"] in NOTICES and case["split"] in ("dev", "test")) == []
    assert failing(lambda case: case["status"] in ("answered", "partial", "no_evidence")) == []
    assert failing(lambda case: bool(set(case["tags"]) & KINDS)) == []
    unknown = {
        tag for case in cases() for tag in case["tags"] if ">" not in tag and not tag.startswith("story:")
    } - KINDS
    assert unknown == set()
    assert failing(lambda case: all(set(turn) == {"question", "answer"} for turn in case["history"])) == []


def test_gold_is_empty_exactly_when_there_is_no_evidence():
    assert failing(lambda case: bool(case["gold"]) == (case["status"] != "no_evidence")) == []
    assert failing(lambda case: ("unanswerable" in case["tags"]) == (case["status"] == "no_evidence")) == []
    assert failing(lambda case: bool(case["required"]) == bool(case["gold"])) == []


def test_every_gold_quote_is_an_exact_slice_of_its_report():
    assert failing(lambda case: all(gold["quote"] in reports()[gold["report_id"]][1] for gold in case["gold"])) == []


def test_every_gold_quote_is_whole_sentences():
    """It starts where a sentence or paragraph starts and stops where one stops."""
    for case in cases():
        for gold in case["gold"]:
            body = reports()[gold["report_id"]][1]
            start = body.index(gold["quote"])
            before, after = body[:start], body[start + len(gold["quote"]) :]
            assert before.endswith(("\n", ". ", "? ", "! ", "» ", "” ")), case["id"]
            assert gold["quote"].endswith((".", "?", "!", "»", "”")), case["id"]
            assert after == "" or after[0] in "\n ", case["id"]


def test_no_gold_report_appears_after_the_question_is_asked():
    assert failing(lambda case: date.fromisoformat(case["as_of"]) <= date(2031, 4, 15)) == []
    published = {name: front["published"] for name, (front, _) in reports().items()}
    assert failing(lambda case: all(published[gold["report_id"]] <= case["as_of"] for gold in case["gold"])) == []


def test_the_gold_quotes_hold_every_required_fact_and_nothing_forbidden():
    def holds(case: dict[str, Any]) -> bool:
        evidence = folded(" ".join(gold["quote"] for gold in case["gold"]))
        all_there = all(any(folded(words) in evidence for words in group) for group in case["required"])
        return all_there and not any(folded(words) in evidence for words in case["forbidden"])

    assert failing(holds) == []


def test_every_window_ends_after_it_starts_and_within_the_story():
    def is_valid(case: dict[str, Any]) -> bool:
        if case["window"] is None:
            return True
        start, end = map(date.fromisoformat, case["window"])
        return date(2031, 3, 1) <= start < end <= date(2031, 4, 15)

    assert failing(is_valid) == []


def test_every_area_is_a_place_a_relation_and_a_radius():
    def is_valid(case: dict[str, Any]) -> bool:
        area = case["area"]
        if area is None:
            return True
        return bool(area["place"]) and area["relation"] in ("near", "in") and 0 < area["radius_km"] <= 500

    assert failing(is_valid) == []


def test_language_tags_follow_from_the_question_and_its_gold_reports():
    def is_right(case: dict[str, Any]) -> bool:
        told_in = {reports()[gold["report_id"]][0]["language"] for gold in case["gold"]}
        pairs = {f"{case['language']}>{language}" for language in told_in}
        crosses = bool(told_in) and case["language"] not in told_in
        return pairs == {tag for tag in case["tags"] if ">" in tag} and crosses == ("cross-language" in case["tags"])

    assert failing(is_right) == []


def test_follow_ups_have_a_history_and_others_none():
    assert failing(lambda case: bool(case["history"]) == ("follow-up" in case["tags"])) == []


def test_there_are_enough_questions_of_every_language_and_kind():
    tags = Counter(tag for case in cases() for tag in case["tags"])
    languages = Counter(case["language"] for case in cases())
    assert len(cases()) >= 160
    assert min(languages[language] for language in ("fr", "en", "ar")) >= 45
    assert tags["unanswerable"] >= 35
    assert tags["cross-language"] >= 40
    at_least = {
        "fact": 50, "list": 8, "time": 20, "place": 10, "time+place": 15, "conflict": 12, "follow-up": 12,
        "false-premise": 8, "injected": 4, "attribution": 20,
    }  # fmt: skip
    assert {kind: tags[kind] for kind, floor in at_least.items() if tags[kind] < floor} == {}


def test_half_the_questions_are_kept_for_the_test_and_no_story_is_in_both_halves():
    assert Counter(case["split"] for case in cases()) == {"dev": 107, "test": 107}
    halves = {(tag, case["split"]) for case in cases() for tag in case["tags"] if tag.startswith("story:")}
    assert len({story for story, _ in halves}) == len(halves) == 8
