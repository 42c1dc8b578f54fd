"""A sentence that names no place is of one named before, or of the town whose report it is."""

from datetime import UTC, datetime

import pytest

from index.annotate import annotate
from index.places.gazetteer import Gazetteer
from index.types import Report

FILLING = "Nobody answered the telephone. " * 8


def places(body: str, gazetteer: Gazetteer, title: str = "") -> list[set[str]]:
    """Names of the places of each sentence."""
    report = Report(id="r", title=title, body=body, language="en", published_at=datetime(2017, 10, 22, tzinfo=UTC))
    return [{place.name for place in sentence.places} for sentence in annotate(report, gazetteer)]


def test_a_report_of_one_town_stays_there_to_the_end(gazetteer: Gazetteer):
    told = places(f"Shells hit Aleppo on Friday. {FILLING}The hospital has four beds.", gazetteer)
    assert told[-1] == {"Aleppo"}


def test_its_title_may_name_it(gazetteer: Gazetteer):
    assert places(f"{FILLING}The hospital has four beds.", gazetteer, title="A week in Aleppo")[-1] == {"Aleppo"}


def test_its_signature_may_name_it(gazetteer: Gazetteer):
    told = places(f"{FILLING}The hospital has four beds. The committee, Aleppo", gazetteer)
    assert told[0] == {"Aleppo"}


def test_after_another_town_a_sentence_may_be_back_where_the_report_is(gazetteer: Gazetteer):
    body = "Shells hit Aleppo on Friday. Millers in Hama have flour. Police fired tear gas. The mayor left Aleppo."
    assert places(body, gazetteer) == [{"Aleppo"}, {"Hama"}, {"Hama", "Aleppo"}, {"Aleppo"}]


@pytest.mark.parametrize(
    "body",
    [
        f"Shells hit Aleppo and Hama, Homs and Idlib on Friday. {FILLING}The hospital has four beds.",
        # Named in passing, far from the beginning.
        f"{FILLING}The next match is in Homs. {FILLING}The hospital has four beds.",
    ],
)
def test_a_report_of_several_towns_is_in_the_end_of_their_country(body: str, gazetteer: Gazetteer):
    assert places(body, gazetteer)[-1] == {"Syria"}
