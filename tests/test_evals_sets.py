"""The sets that ship hold their licence, exact gold sentences, and unanswerable questions on nothing that is there."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from evals.cases import DATA, OVER_SYRIA, SETS, SHIPPED, Case, load_set
from index.ingest import read_reports
from index.types import Report

SLICES = ("piaf", "xquad", "ntrex")


@cache
def reports(name: str) -> dict[str, Report]:
    return {report.id: report for report in read_reports([load_set(name).reports]) if isinstance(report, Report)}


def cases(name: str) -> tuple[Case, ...]:
    return load_set(name).cases


@pytest.mark.parametrize("name", [*SHIPPED, *(OVER_SYRIA if DATA.is_dir() else ())])
def test_every_gold_quote_stands_in_its_report(name: str):
    for case in cases(name):
        for gold in case.gold:
            assert gold.quote is None or gold.quote in reports(name)[gold.report_id].body, case.id


@pytest.mark.parametrize("name", ["crises", "newsroom", "wires", "desk", "situations", "accounts", *SLICES])
def test_a_required_answer_stands_in_the_gold_sentence(name: str):
    for case in cases(name):
        told = " ".join(g.quote or "" for g in case.gold).casefold()
        assert all(any(words.casefold() in told for words in group) for group in case.required), case.id


@pytest.mark.parametrize("name", SLICES)
def test_no_story_and_no_report_is_in_both_halves(name: str):
    halves: dict[str, set[str]] = {}
    for case in cases(name):
        for whole in (case.story, *(gold.report_id for gold in case.gold)):
            halves.setdefault(whole, set()).add(case.split)
    assert [whole for whole, splits in halves.items() if len(splits) > 1] == []


@pytest.mark.parametrize("name", ["piaf", "xquad"])
def test_the_article_of_an_unanswerable_question_is_not_there(name: str):
    titles = {report.title.replace(" ", "_") for report in reports(name).values()}
    assert [c.id for c in cases(name) if not c.is_answerable and c.story.replace(" ", "_") in titles] == []


def test_the_slices_are_as_large_as_their_readme_says():
    assert [len(reports(name)) for name in SLICES] == [80, 67, 42]
    assert Counter(report.language for report in reports("xquad").values()) == {"en": 34, "ar": 33}
    assert Counter(case.is_answerable for case in cases("piaf")) == {True: 80, False: 20}
    assert Counter(case.is_answerable for case in cases("xquad")) == {True: 134, False: 50}
    assert sum("cross-language" in case.tags for case in cases("xquad")) == 67
    assert Counter(case.is_answerable for case in cases("ntrex")) == {True: 84, False: 24}


def test_the_crises_are_as_many_as_their_readme_says():
    assert Counter(report.language for report in reports("crises").values()) == {"en": 16, "fr": 16, "ar": 16}
    assert Counter((case.split, case.is_answerable) for case in cases("crises")) == {
        ("dev", True): 88, ("dev", False): 38, ("test", True): 74, ("test", False): 26
    }  # fmt: skip


def test_the_newsroom_is_as_large_as_its_readme_says():
    assert Counter(report.language for report in reports("newsroom").values()) == {"en": 19, "fr": 19, "ar": 17}
    assert Counter((case.split, case.is_answerable) for case in cases("newsroom")) == {
        ("dev", True): 109, ("dev", False): 53, ("test", True): 46, ("test", False): 20
    }  # fmt: skip


def test_each_news_document_is_asked_about_in_the_two_languages_it_is_not_in():
    languages = {"en", "fr", "ar"}
    asked: dict[str, list[str]] = {}
    for case in cases("ntrex"):
        for report_id in {gold.report_id for gold in case.gold}:
            asked.setdefault(report_id, []).append(case.language)
    assert Counter(report.language for report in reports("ntrex").values()) == dict.fromkeys(languages, 14)
    assert {name: sorted(asked[name]) for name in reports("ntrex")} == {
        name: sorted(languages - {report.language}) for name, report in reports("ntrex").items()
    }


def test_the_same_question_is_asked_in_both_languages_of_one_paragraph():
    asked: dict[str, list[Any]] = {}
    for case in cases("xquad"):
        if case.is_answerable:
            asked.setdefault(case.id.rpartition("-")[0], []).append((case.language, case.gold))
    assert all(sorted(lang for lang, _ in pair) == ["ar", "en"] for pair in asked.values())
    assert all(one[1] == other[1] for one, other in asked.values())


@pytest.mark.parametrize(
    ("name", "licence"),
    [("piaf", "MIT License"), *((name, "Attribution-ShareAlike 4.0") for name in ("xquad", "ntrex"))],
)
def test_each_slice_comes_with_its_licence_and_says_whom_it_is_from(name: str, licence: str):
    assert licence in (SETS / name / "LICENSE").read_text(encoding="utf-8")
    assert "unchanged" in (SETS / name / "README.md").read_text(encoding="utf-8")


def test_no_line_of_a_set_is_without_its_keys():
    for name in SLICES:
        for line in (SETS / name / "cases.jsonl").read_text(encoding="utf-8").splitlines():
            assert {"id", "question", "language", "as_of", "status", "gold", "split", "story"} <= set(json.loads(line))


def test_the_desk_is_as_large_as_its_readme_says():
    assert Counter(report.language for report in reports("desk").values()) == {"en": 40, "fr": 40, "ar": 40}
    assert Counter((case.split, case.is_answerable) for case in cases("desk")) == {
        ("dev", True): 216, ("dev", False): 180, ("test", True): 72, ("test", False): 60
    }  # fmt: skip


def test_the_situations_are_as_many_as_their_readme_says():
    assert Counter(report.language for report in reports("situations").values()) == {"en": 20, "fr": 20, "ar": 20}
    assert Counter((case.split, case.is_answerable) for case in cases("situations")) == {
        ("dev", True): 126, ("dev", False): 34, ("test", True): 64, ("test", False): 16
    }  # fmt: skip


def test_the_accounts_are_as_many_as_their_readme_says():
    assert Counter(report.language for report in reports("accounts").values()) == {"en": 24, "fr": 24, "ar": 24}
    assert Counter((case.split, case.is_answerable) for case in cases("accounts")) == {
        ("dev", True): 144, ("dev", False): 16, ("test", True): 71, ("test", False): 9
    }  # fmt: skip
    assert sum("conflict" in case.tags for case in cases("accounts")) == 120
