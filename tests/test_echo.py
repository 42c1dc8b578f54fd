"""A report that repeats the question gains nothing by it; one that tells something besides may still be found."""

from assistant.pipeline import answer
from assistant.settings import Settings
from index.store import Index
from tests.conftest import MakeReport

ASKED = "How many families were displaced by the flood in Gao?"
HONEST = "The flood in Gao displaced 640 families on Monday, the mayor said."
LIES = ("It was ninety, a leaflet claims.", "Some say seven thousand.", "A dragon took 12 of them, a traveller swears.")


def cited(index: Index) -> list[str]:
    found = answer(ASKED, index=index, settings=Settings())
    return [citation.quote for claim in found.claims for citation in claim.citations]


def test_reports_that_open_with_the_question_do_not_come_before_the_one_that_answers(
    index: Index, make_report: MakeReport
):
    lies = [make_report(f"{ASKED} {lie}", id=f"lie-{n}", source=f"Sheet {n}") for n, lie in enumerate(LIES)]
    list(index.add([make_report(HONEST, source="Courier"), *lies], workers=0))

    found = answer(ASKED, index=index, settings=Settings())

    assert found.hits[0].report.id == "r1"
    assert cited(index)[0] == HONEST
    assert not any(quote.startswith("How many") for quote in cited(index))


def test_an_only_report_that_puts_the_question_into_a_mouth_and_answers_it_is_quoted(
    index: Index, make_report: MakeReport
):
    told = "Asked how many families were displaced by the flood in Gao, the mayor counted 640 households."
    list(index.add([make_report(told, source="Courier")], workers=0))

    assert cited(index) == [told]
