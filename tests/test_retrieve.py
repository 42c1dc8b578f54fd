"""What is found: inside the asked time and place, once, from every language; what lies outside is marked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from answering_parts import small_index, understood
from conftest import MakeReport

from assistant.pipeline import answer
from assistant.retrieve import is_inside, retrieve
from assistant.settings import RetrieveSettings, Settings
from assistant.types import Hit
from index.prepare import Tools
from index.search import Found, Question
from index.store import Index
from index.types import TimeSpan

SETTINGS = RetrieveSettings()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with small_index(tmp_path_factory.mktemp("retrieve") / "index", tools, make_report) as index:
        yield index


def found(question: str, index: Index) -> tuple[Hit, ...]:
    return retrieve(understood(question, index), index, SETTINGS)


def test_near_copies_give_one_hit(small: Index):
    reports = [hit.report.id for hit in found("Was the bridge destroyed by an air raid?", small)]

    assert reports[0] == "bridge"
    assert "bridge-copy" not in reports


def test_no_report_takes_more_than_three_places(small: Index):
    reports = [hit.report.id for hit in found("Who sold wheat from the harvest to the mill?", small)]

    assert reports[:3] == ["harvest"] * 3
    assert reports.count("harvest") == 3


@pytest.mark.parametrize(
    ("question", "report", "by"),
    [
        ("Qu’a dit Samir Haddad ?", "bridge", "name"),
        ("ماذا قال سمير حداد؟", "bridge", "name, in another script"),
        ("ماذا حدث في حماة؟", "camp", "place"),
        ("What happened in Mayadin?", "market", "place"),
        ("كم عائلة وصلت إلى المخيم؟", "camp", "concept"),
        ("Quand le marché a-t-il rouvert ?", "market", "concept"),
        ("هل تم تدمير الجسر؟", "bridge", "concept"),
    ],
)
def test_a_passage_in_another_language_is_found(small: Index, question: str, report: str, by: str):
    best = found(question, small)[0]

    assert best.report.id == report, by
    assert best.lexical_score > 0, "not by its vector alone"


def test_hits_outside_the_area_come_marked(small: Index):
    hits = found("How many people died in Raqqa?", small)

    assert hits
    assert not any(hit.in_area for hit in hits)


def test_hits_outside_the_window_come_marked(small: Index):
    hits = found("What was destroyed on 3 October?", small)

    assert "bridge" in {hit.report.id for hit in hits}
    assert not any(hit.in_window for hit in hits)


def test_only_the_sentences_inside_the_window_are_named(small: Index):
    inside = [hit for hit in found("What was destroyed at Anah on 17 October?", small) if hit.in_window and hit.in_area]

    # "On Tuesday" is the 17th; the dead are told of without a day, "next month" is another time.
    assert [(hit.report.id, hit.sentences) for hit in inside] == [("bridge", (0, 1))]


def test_a_question_without_bounds_has_no_outside(small: Index):
    assert all(hit.in_window and hit.in_area for hit in found("Who won the chess championship?", small))


def test_reports_published_after_as_of_are_not_found(small: Index):
    query = understood("Was the market reopened?", small).model_copy(update={"as_of": date(2017, 10, 18)})

    assert {hit.report.id for hit in retrieve(query, small, SETTINGS)} == {"bridge", "harvest"}


def test_hits_are_best_first_and_no_more_than_set(small: Index):
    hits = found("Was the bridge destroyed by an air raid?", small)
    scores = [hit.score for hit in hits]

    assert scores == sorted(scores, reverse=True)
    query = understood("Was the bridge destroyed by an air raid?", small)
    assert retrieve(query, small, RetrieveSettings(hits=2)) == hits[:2]


def test_a_span_that_only_overlaps_the_window_is_not_inside():
    def span(first: int, after: int) -> TimeSpan:
        return TimeSpan(start=date(2017, 10, first), end=date(2017, 10, after), phrase="", precision="span")

    assert is_inside(span(16, 17), span(16, 23))
    assert not is_inside(span(15, 17), span(16, 23))
    assert not is_inside(span(22, 24), span(16, 23))


def test_many_copies_of_one_report_hide_no_other_and_are_listed_once(
    tmp_path: Path, tools: Tools, make_report: MakeReport
):
    text = "The ferry at Bourem sank with forty sacks of rice aboard, the harbour master said on Friday."
    other = "Fishermen pulled most of the rice out of the river at Bourem two days after the ferry went down."
    copies = [make_report(id=f"copy-{number:03d}", source=f"Reprint {number}", body=text) for number in range(120)]
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([*copies, make_report(id="fishermen", source="Radio Gao", body=other)], workers=0))
        for question in ("What sank at Bourem?", "What sank at Bourem in 2019?"):
            assert sorted(hit.report.id for hit in found(question, index)) == ["copy-000", "fishermen"]


def test_a_sentence_that_spells_the_asked_place_is_inside_though_the_name_was_not_read(
    tmp_path: Path, tools: Tools, make_report: MakeReport
):
    told = "بلغ عدد الإصابات المؤكدة بالكوليرا في عكار ٤٧ إصابة حتى مساء أمس."
    elsewhere = "Cholera: 12 cases were confirmed in Aleppo."
    placed = "A school reopened in Halba, in Akkar, in the north of Lebanon."
    with Index.create(tmp_path / "index", tools) as index:
        reports = [make_report(told, language="ar", id="akkar"), make_report(elsewhere, id="aleppo")]
        list(index.add([*reports, make_report(placed, id="school")]))
        hits = found("كم عدد الإصابات بالكوليرا في عكار؟", index)

    assert {hit.report.id: hit.in_area for hit in hits} == {"akkar": True, "school": True}


def test_among_very_many_passages_a_short_name_is_looked_for_by_letter_and_others_by_sound(
    tmp_path: Path, tools: Tools, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
):
    asked: list[tuple[tuple[str, ...], ...]] = []
    search = Index.search

    def watched(self: Index, question: Question, **options: Any) -> Found:
        asked.append(question.spelled)
        return search(self, question, **options)

    monkeypatch.setattr("assistant.retrieve._MOST_READ_THROUGH", 0)
    monkeypatch.setattr(Index, "search", watched)
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report("A school reopened in Gao. A market opened in Timbuktu.", id="r1")]))
        found("How many cattle were counted near Gao?", index)
        assert (("gao",),) in asked
        asked.clear()
        found("How many cattle were counted near Timbuktu?", index)
        assert (("~tmbkt",),) in asked


def test_what_lies_outside_is_not_looked_for_where_something_inside_answers(
    tmp_path: Path, tools: Tools, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
):
    searched: list[TimeSpan | None] = []
    search = Index.search

    def counted(self: Index, question: Question, **options: Any) -> Found:
        searched.append(question.window)
        return search(self, question, **options)

    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report("The bridge at Bourem was rebuilt on Tuesday.", day="2017-10-18")]))
        monkeypatch.setattr(Index, "search", counted)
        assert answer("Was the bridge at Bourem rebuilt in October 2017?", index=index, settings=Settings()).claims
        assert None not in searched
        answer("Was the bridge at Bourem rebuilt in March 2017?", index=index, settings=Settings())
        assert None in searched


@pytest.mark.parametrize("as_of", [date.max, date.min])
def test_the_first_and_the_last_day_there_are_can_be_today(index: Index, make_report: MakeReport, as_of: date):
    list(index.add([make_report("The bridge at Hama was opened on Monday.", id="bridge")]))
    for question in ("What happened?", "What happened yesterday?", "When was the bridge opened?"):
        found = answer(question, index=index, settings=Settings(), as_of=as_of)
        assert found.status == "no_evidence" if as_of == date.min else found.query.as_of == as_of
