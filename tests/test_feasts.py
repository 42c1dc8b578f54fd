"""Feasts and months of the moon are days like any other; a day may be told by its number alone."""

from datetime import date

import pytest

from index.dates import find_times
from index.dates.feasts import easter, moon_day

WEDNESDAY = date(2024, 3, 20)


def found(text: str, language: str, anchor: date) -> list[tuple[str, str]]:
    return [(str(m.span.start), str(m.span.end)) for m in find_times(text, anchor, language)]


@pytest.mark.parametrize(("year", "day"), [(2000, "2000-04-23"), (2024, "2024-03-31"), (2025, "2025-04-20")])
def test_easter_is_where_the_churches_keep_it(year: int, day: str):
    assert str(easter(year)) == day


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ((1438, 9, 1), "2017-05-27"),
        ((1441, 12, 10), "2020-07-31"),
        ((1444, 12, 10), "2023-06-28"),
        ((1445, 9, 1), "2024-03-11"),
        ((1445, 10, 1), "2024-04-10"),
        ((1445, 12, 10), "2024-06-16"),
        ((1446, 9, 1), "2025-03-01"),
    ],
)
def test_months_of_the_moon_begin_as_saudi_arabia_announced(day: tuple[int, int, int], kept: str):
    assert str(moon_day(*day)) == kept


@pytest.mark.parametrize(
    ("text", "language", "anchor", "days"),
    [
        ("The church was hit on Christmas Eve.", "en", "2025-01-04", [("2024-12-24", "2024-12-25")]),
        ("Le lundi de Pâques, rien.", "fr", "2024-04-20", [("2024-04-01", "2024-04-02")]),
        ("La veille de Noël, rien.", "fr", "2024-12-27", [("2024-12-24", "2024-12-25")]),
        ("قتل اثنان ثاني أيام عيد الفطر 2024.", "ar", "2024-04-20", [("2024-04-10", "2024-04-13")]),
        ("Prices rose during Ramadan 1444.", "en", "2024-03-20", [("2023-03-22", "2023-04-22")]),
        ("في 17 رمضان", "ar", "2024-04-20", [("2024-03-26", "2024-03-29")]),
        ("The market will close for Eid al-Adha.", "en", "2024-03-20", [("2024-06-15", "2024-06-21")]),
        ("Tariq Ramadan spoke.", "en", "2024-03-20", []),
        ("قال رمضان عبد الله", "ar", "2024-03-20", []),
    ],
)
def test_a_feast_is_its_days_and_one_of_the_moon_a_day_more_on_either_side(
    text: str, language: str, anchor: str, days: list[tuple[str, str]]
):
    assert found(text, language, date.fromisoformat(anchor)) == days


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("Shelling began on the 15th, he said.", "en", [("2024-03-15", "2024-03-16")]),
        ("It began on the 28th.", "en", [("2024-02-28", "2024-02-29")]),
        ("It will end on the 28th.", "en", [("2024-03-28", "2024-03-29")]),
        ("Le 15, rien.", "fr", [("2024-03-15", "2024-03-16")]),
        ("Fermé jusqu'au 30.", "fr", [("2024-03-20", "2024-03-31")]),
        ("وتجدد القصف يوم 15 واستمر", "ar", [("2024-03-15", "2024-03-16")]),
        ("The 15th Division left.", "en", []),
        ("In the 15th century.", "en", []),
        ("She came 15th.", "en", []),
        ("Les 15, 16 et 17 mars.", "fr", [("2024-03-15", "2024-03-16"), ("2024-03-16", "2024-03-17"),
                                           ("2024-03-17", "2024-03-18")]),
        ("Le 20 heures de la chaîne.", "fr", []),
        ("Page 15, le 4x4.", "fr", []),
        ("Du 8 mai 1941 (le 7 là-bas).", "fr", [("1941-05-08", "1941-05-09"), ("1941-05-07", "1941-05-08")]),
        ("وصل يوم 15 شخصا", "ar", []),
    ],
)  # fmt: skip
def test_a_day_may_be_told_by_its_number_alone(text: str, language: str, days: list[tuple[str, str]]):
    assert found(text, language, WEDNESDAY) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Nine were killed by the Ramadan market strike.", ("2024-03-10", "2024-04-11")),
        ("Prices fell in the last week of February.", ("2024-02-23", "2024-03-01")),
        ("Il a plu la dernière semaine de février.", ("2024-02-23", "2024-03-01")),
    ],
)
def test_a_feast_before_a_noun_and_the_last_week_of_a_month_are_read_whole(text: str, days: tuple[str, str]):
    assert found(text, "fr" if text.startswith("Il") else "en", WEDNESDAY) == [days]
