"""A question that asks for no more than the news is answered from the tops of the newest reports."""

from collections.abc import Iterator

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.pipeline import answer
from index.prepare import Tools
from index.store import Index

OLD = "A bridge near Homs was closed to lorries on Monday by the governor. Photo: Sami Khoury. Police stood by."
NEW = (
    "Forty houses in Homs were flooded on Thursday when the river broke its banks. "
    "It was the worst night in years. Karim Haddad"
)
ELSEWHERE = "The market of Aleppo opened again on Thursday after eleven months of repairs. AFP"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("news") / "index", tools) as index:
        reports = [
            make_report(OLD, id="old", day="2017-03-08"),
            make_report(NEW, id="new", day="2017-10-20"),
            make_report(ELSEWHERE, id="elsewhere", day="2017-10-20"),
        ]
        list(index.add(reports))
        yield index


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What happened in Homs?", ["new", "old"]),
        ("Any news from Homs this week?", ["new"]),
        ("Quelles sont les nouvelles de Homs cette semaine ?", ["new"]),
        ("ما الأخبار من حلب؟", ["elsewhere"]),
        ("Latest news", ["elsewhere", "new", "old"]),
    ],
)
def test_the_news_is_the_top_of_the_newest_reports(desk: Index, question: str, expected: list[str]):
    told = answer(question, index=desk, settings=SETTINGS).claims
    quoted = [citation for claim in told for citation in claim.citations]
    assert {citation.report_id for citation in quoted} == set(expected)
    assert all(citation.start == 0 for citation in quoted[: len(expected)])
    assert not {citation.quote for citation in quoted} & {"Karim Haddad", "Photo: Sami Khoury.", "AFP"}


def test_the_news_of_a_matter_is_what_is_told_of_it(desk: Index):
    told = answer("Any news of the market repairs?", index=desk, settings=SETTINGS).claims
    assert [citation.report_id for claim in told for citation in claim.citations] == ["elsewhere"]


def test_what_befell_people_is_told_before_titles_and_talk(index: Index, make_report: MakeReport):
    body = (
        "Fighting nears Homs\n\nGood evening, this is the bulletin of Radio Oronte. The governor of Homs said on "
        "Thursday that the dam is in the hands of the army. The weather stays dry. Shells fell on a market in Homs on "
        "Thursday and killed a woman and two children, the hospital said. Nine remain."
    )
    list(index.add([make_report(body, id="radio", title="Fighting nears Homs", day="2017-10-20")]))
    quoted = [
        citation.quote
        for claim in answer("What happened in Homs?", index=index, settings=SETTINGS).claims
        for citation in claim.citations
    ]

    assert any("killed a woman" in quote for quote in quoted[:2])
    assert "Fighting nears Homs" not in quoted


@pytest.mark.parametrize("question", ["Is the strike over?", "La grève est-elle terminée ?", "هل انتهى الإضراب؟"])
def test_how_things_stand_is_told_by_the_newest_report_first(index: Index, make_report: MakeReport, question: str):
    told = [
        ("old", "The strike at the port of Tartus goes on, the committee said on Tuesday.", "2017-10-17"),
        ("new", "The strike at the port of Tartus is suspended, the committee said on Friday.", "2017-10-20"),
    ]
    list(index.add(make_report(text, id=name, day=day) for name, text, day in told))
    found = answer(question, index=index, settings=SETTINGS)

    assert [citation.report_id for claim in found.claims for citation in claim.citations][:1] == ["new"]
