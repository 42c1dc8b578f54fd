"""The list of reports is narrowed by outlet, language, day, words and place, and is read a page at a time."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import MakeReport

from index.listing import Filters, headline, list_reports, places_in_the_news, places_meant
from index.prepare import Tools
from index.store import Index


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    """Four reports: English, French, Arabic, and an older English one."""
    reports = [
        make_report(
            "Twelve lorries reached Aleppo on Friday. Children were vaccinated.",
            id="en",
            day="2017-10-20",
            source="Wire",
            title="Aid convoy in Aleppo",
        ),
        make_report(
            "Deux familles ont quitté Alep vendredi.", id="fr", day="2017-10-21", source="Le Port", language="fr"
        ),
        make_report("وصلت عائلتان إلى حلب يوم الجمعة.", id="ar", day="2017-10-21", source="Le Port", language="ar"),
        make_report("Snow fell in Gao.", id="old", day="2016-01-02", source="Wire"),
    ]
    with Index.create(tmp_path_factory.mktemp("listing") / "index", tools) as made:
        for _ in made.add(reports, workers=0):
            pass
        yield made


def ids(index: Index, filters: Filters, limit: int = 10) -> list[str]:
    places = places_meant(filters.place, index.snapshot().places.items(), index.gazetteer)
    found = list_reports(
        index.catalog.connection, filters, languages=index.coverage().languages, places=places, limit=limit
    )
    return [row.id for row in found.rows]


def test_a_report_without_a_title_is_listed_by_its_first_words(held: Index):
    found = list_reports(held.catalog.connection, Filters(source="Wire"), limit=10)
    assert [row.title for row in found.rows] == ["Aid convoy in Aleppo", "Snow fell in Gao."]
    assert headline("", "It rained " * 50) == f"{'It rained ' * 9}It rained…"


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(), ["ar", "fr", "en", "old"]),
        (Filters(source="Le Port"), ["ar", "fr"]),
        (Filters(language="en"), ["en", "old"]),
        (Filters(since=date(2017, 10, 21)), ["ar", "fr"]),
        (Filters(until=date(2017, 10, 20)), ["en", "old"]),
        (Filters(until=date.max), ["ar", "fr", "en", "old"]),
        (Filters(source="Wire", since=date(2017, 1, 1)), ["en"]),
        # Each word, in any inflection, in the text or the title; what is half typed counts.
        (Filters(words="child CONVOYS"), ["en"]),
        (Filters(words="lorr"), ["en"]),
        (Filters(words="famille"), ["fr"]),
        (Filters(words="lorries Gao"), []),
        (Filters(words='" OR * NEAR('), []),
        (Filters(words="…"), ["ar", "fr", "en", "old"]),
        # One town, in the spellings of three languages; and the country around it.
        (Filters(place="aleppo"), ["ar", "fr", "en"]),
        (Filters(place="حلب"), ["ar", "fr", "en"]),
        (Filters(place="Syrie"), ["ar", "fr", "en"]),
        (Filters(place="Mali"), ["old"]),
        (Filters(place="nowhere at all"), []),
    ],
)
def test_filters_narrow_the_list_newest_first(held: Index, filters: Filters, passing: list[str]):
    assert ids(held, filters) == passing


def test_a_page_tells_how_many_there_are_in_all(held: Index):
    found = list_reports(held.catalog.connection, Filters(since=date(2017, 1, 1)), limit=2)
    assert [row.id for row in found.rows] == ["ar", "fr"]
    assert (found.passing, found.held) == (3, 4)
    first = list_reports(held.catalog.connection, Filters(language="fr"), limit=1).rows[0]
    assert (first.title, first.source, first.language, first.day, first.status) == (
        "Deux familles ont quitté Alep vendredi.",
        "Le Port",
        "fr",
        date(2017, 10, 21),
        "usable",
    )


def test_the_towns_in_the_news_are_named_as_the_readers_own_language_prints_them(held: Index):
    connection = held.catalog.connection
    assert places_in_the_news(connection, "en", reports=10, limit=5) == ["Aleppo", "Gao"]
    assert places_in_the_news(connection, "ar", reports=10, limit=5) == ["حلب"]
    assert places_in_the_news(connection, "de", reports=2, limit=5) == ["Alep", "حلب"]


def test_an_empty_index_lists_nothing(index: Index, tmp_path: Path):
    found = list_reports(index.catalog.connection, Filters(words="aid"), limit=10)
    assert (found.rows, found.passing, found.held) == ((), 0, 0)
    assert places_in_the_news(index.catalog.connection, "en", reports=10, limit=5) == []
