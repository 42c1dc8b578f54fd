"""Places that only the text puts on the map, and words that tell whose a thing is."""

import pytest

from index.places import find_places
from index.places.gazetteer import Gazetteer
from index.types import Place


def told(text: str, language: str, gazetteer: Gazetteer) -> dict[str, Place]:
    return {mention.place.name: mention.place for mention in find_places(text, language, gazetteer)}


@pytest.mark.parametrize(
    ("language", "text", "name", "town"),
    [
        ("ar", "قُصف منزل في حي السعادات شرق مدينة غزة.", "السعادات", "غزة"),
        ("fr", "À Alep, des tirs ont repris dans le quartier de Boustane-Zahr.", "Boustane-Zahr", "Alep"),
        ("ar", "وفي طولكرم جُرفت شوارع مخيم عين القصب، بينما أغلقت طرق قرب بلدة حوارة.", "عين القصب", "طولكرم"),
    ],
)
def test_a_quarter_or_camp_lies_in_the_town_told_of(
    language: str, text: str, name: str, town: str, gazetteer: Gazetteer
):
    found = told(text, language, gazetteer)

    assert found[name].kind == "approximate"
    assert (found[name].lat, found[name].lon) == (found[town].lat, found[town].lon)


def test_a_residential_quarter_has_no_name(gazetteer: Gazetteer):
    assert told("وفي حمص سقطت قذيفة على حي سكني.", "ar", gazetteer).keys() == {"حمص"}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The raid took place in Mukojo, 40 km east of Macomia, in Mozambique.", "Mukojo"),
        ("fr", "Les flammes ont atteint Toudjane, à une vingtaine de kilomètres de Béjaïa.", "Toudjane"),
    ],
)
def test_a_distance_behind_a_name_places_it(language: str, text: str, name: str, gazetteer: Gazetteer):
    assert told(text, language, gazetteer)[name].kind == "approximate"


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("نقل الجرحى إلى مستشفى حلبا الحكومي في عكار شمال لبنان.", "حلبا", "geonames:274723"),
        ("أجلت السلطات الأوكرانية سكان كوبيانسك بالحافلات إلى خاركيف.", "كوبيانسك", "geonames:703656"),
    ],
)
def test_an_arabic_hospital_or_people_are_of_the_town_behind_them(text: str, name: str, key: str, gazetteer: Gazetteer):
    assert told(text, "ar", gazetteer)[name].key == key


def test_a_weekday_is_no_town(gazetteer: Gazetteer):
    assert told("قصفت القوات الأحد أحياء شرق تعز في اليمن.", "ar", gazetteer).keys() == {"تعز", "اليمن"}


def test_a_small_town_of_the_country_told_of_is_no_great_city_abroad_that_is_also_called_so(gazetteer: Gazetteer):
    text = "À Kousseri et Maroua, au Cameroun, les blessés ont été évacués vers Mora."

    assert told(text, "fr", gazetteer)["Mora"].country == "CM"


def test_a_hamlet_of_a_longer_name_is_no_city_abroad(gazetteer: Gazetteer):
    found = told("Nine houses fell in Naga el-Sawari, near Aswan in Egypt.", "en", gazetteer)

    assert all(place.country == "EG" for place in found.values())
