"""Areas: which one a question asks about, how it is told in words, and what "near", "in" and "north of" hold."""

import pytest

from index.language import detect_language
from index.places import contains, describe_area, distance_km, find_area, find_places
from index.places.gazetteer import Gazetteer
from index.types import Area, Place

SYRIA = {"SY": 400, "IQ": 40, "LB": 10}

HOMS, HAMA, ALEPPO, RAQQA = "geonames:169577", "geonames:170017", "geonames:170063", "geonames:172955"
DEIR_EZ_ZOR = "geonames:170794"
PALMYRA = "geonames:163808"
HOMS_REGION, IDLIB = "region:SY.11", "region:SY.12"


@pytest.mark.parametrize(
    ("question", "language", "phrase", "relation", "km", "keys"),
    [
        ("What happened near Deir ez-Zor?", "en", "near Deir ez-Zor", "near", 50, [DEIR_EZ_ZOR]),
        ("what happened in homs last week", "en", "in homs", "in", 50, [HOMS]),
        ("Any attacks within 30 km of Aleppo?", "en", "within 30 km of Aleppo", "near", 30, [ALEPPO]),
        ("Who was arrested in Idlib province?", "en", "in Idlib province", "in", 50, ["region:SY.12"]),
        ("Clashes north of Hama?", "en", "north of Hama", "north_of", 50, [HAMA]),
        ("What happened in Homs and Hama?", "en", "in Homs and Hama", "in", 50, [HOMS, HAMA]),
        ("News in Tripoli, Lebanon?", "en", "in Tripoli, Lebanon", "in", 50, ["geonames:266826"]),
        ("And in Hama?", "en", "in Hama", "in", 50, [HAMA]),
        ("And Hama?", "en", "Hama", "in", 50, [HAMA]),
        ("Que s'est-il passé autour d'Alep hier ?", "fr", "autour d'Alep", "near", 50, [ALEPPO]),
        ("Et à moins de 30 km de Raqqa ?", "fr", "à moins de 30 km de Raqqa", "near", 30, [RAQQA]),
        ("Quoi dans la province d'Idleb ?", "fr", "dans la province d'Idleb", "in", 50, ["region:SY.12"]),
        ("Combats au nord de Homs ?", "fr", "au nord de Homs", "north_of", 50, [HOMS]),
        ("et à Homs ?", "fr", "à Homs", "in", 50, [HOMS]),
        ("ماذا حدث قرب دير الزور؟", "ar", "قرب دير الزور", "near", 50, [DEIR_EZ_ZOR]),
        ("وفي حماة؟", "ar", "وفي حماة", "in", 50, [HAMA]),
        ("ماذا حدث على بعد 30 كم من حلب؟", "ar", "على بعد 30 كم من حلب", "near", 30, [ALEPPO]),
        ("ماذا جرى في محافظة إدلب؟", "ar", "في محافظة إدلب", "in", 50, ["region:SY.12"]),
        ("ماذا حدث في مدينة حماة؟", "ar", "في مدينة حماة", "in", 50, [HAMA]),
        ("Latest news from Homs", "en", "from Homs", "in", 50, [HOMS]),
        ("ماذا جرى في مطار حلب؟", "ar", "حلب", "in", 50, [ALEPPO]),
        ("Which neighbourhoods of Homs were hit?", "en", "of Homs", "in", 50, [HOMS]),
        ("Strikes on Aleppo and Hama", "en", "on Aleppo and Hama", "in", 50, [ALEPPO, HAMA]),
        ("Attacks in Homs and its suburbs", "en", "in Homs and its suburbs", "near", 50, [HOMS]),
        ("Clashes in or near Hama", "en", "in or near Hama", "near", 50, [HAMA]),
        ("Raids in the Homs and Idlib regions", "en", "in the Homs and Idlib regions", "in", 50, [HOMS_REGION, IDLIB]),
        ("Clashes 20 km north-east of Hama?", "en", "20 km north-east of Hama", "near", 20, [HAMA]),
        ("Combats au nord-est de Hama ?", "fr", "au nord-est de Hama", "near", 50, [HAMA]),
        (
            "Dans les provinces d'Idleb et Homs",
            "fr",
            "Dans les provinces d'Idleb et Homs",
            "in",
            50,
            [IDLIB, HOMS_REGION],
        ),
        ("Quels quartiers d'Alep ?", "fr", "d'Alep", "in", 50, [ALEPPO]),
        ("Que dit-on à Alep et dans ses environs ?", "fr", "à Alep et dans ses environs", "near", 50, [ALEPPO]),
        ("ما آخر أخبار حلب؟", "ar", "حلب", "in", 50, [ALEPPO]),
        ("هجمات على حلب وحماة", "ar", "على حلب وحماة", "in", 50, [ALEPPO, HAMA]),
        ("ماذا جرى في حلب ومحيطها؟", "ar", "في حلب ومحيطها", "near", 50, [ALEPPO]),
        ("ماذا قصف في ريف إدلب الجنوبي؟", "ar", "في ريف إدلب الجنوبي", "in", 50, [IDLIB]),
        ("What was hit in rural Idlib?", "en", "in rural Idlib", "in", 50, [IDLIB]),
        ("Who advanced towards Raqqa?", "en", "towards Raqqa", "near", 50, [RAQQA]),
        ("Who moved through to Aleppo?", "en", "through to Aleppo", "near", 50, [ALEPPO]),
        ("Qui a avancé vers Raqqa ?", "fr", "vers Raqqa", "near", 50, [RAQQA]),
        ("من وصل إلى حلب؟", "ar", "إلى حلب", "near", 50, [ALEPPO]),
        # Homs and Palmyra lie 144 km apart: 72 km around each meet half way.
        ("Who was hit between Homs and Palmyra?", "en", "between Homs and Palmyra", "near", 72, [HOMS, PALMYRA]),
        (
            "Attacks on the road from Homs to Palmyra?",
            "en",
            "on the road from Homs to Palmyra",
            "near",
            72,
            [HOMS, PALMYRA],
        ),
        ("Quoi entre Homs et Palmyre ?", "fr", "entre Homs et Palmyre", "near", 72, [HOMS, PALMYRA]),
        ("Quoi sur la route de Homs à Palmyre ?", "fr", "sur la route de Homs à Palmyre", "near", 72, [HOMS, PALMYRA]),
        ("ماذا حدث بين حمص وتدمر؟", "ar", "بين حمص وتدمر", "near", 72, [HOMS, PALMYRA]),
    ],
)
def test_the_area_of_a_question_is_found_with_its_preposition(
    question: str, language: str, phrase: str, relation: str, km: float, keys: list[str], gazetteer: Gazetteer
):
    mention = find_area(question, language, gazetteer, SYRIA)
    assert mention is not None
    assert mention.area is not None
    assert question[mention.start : mention.end] == phrase
    assert (mention.area.relation, mention.area.radius_km) == (relation, km)
    assert [place.key for place in mention.area.places] == keys


@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("What happened in Zzyqqville?", "en", "Zzyqqville"),
        ("Que s'est-il passé à Zzyqqville ?", "fr", "Zzyqqville"),
        ("ماذا حدث في بلدة زعقوقة؟", "ar", "زعقوقة"),
        ("Which villages along the Euphrates were retaken?", "en", "Euphrates"),
        ("Quels villages le long de l'Euphrate ?", "fr", "Euphrate"),
    ],
)
def test_a_place_that_is_not_on_the_map_gets_a_note_that_names_it(
    question: str, language: str, name: str, gazetteer: Gazetteer
):
    mention = find_area(question, language, gazetteer, SYRIA)
    assert mention is not None
    assert mention.area is None
    assert name in mention.note


@pytest.mark.parametrize(
    "question",
    [
        "What did Russia say?",
        "What did the Syrian army do in March?",
        "Who controls Raqqa?",
        "In total, how many died around noon?",
        "What was said in Arabic, in general?",
        "What came of the talks between Moscow and Ankara?",
        "What was decided in Parliament?",
        "Qu'a dit le président à la presse ?",
        "Combien de blessés ont été pris en charge ?",
        "ماذا قالت روسيا؟",
        "How many fell in the battle of Aleppo?",
        "Combien de civils ont fui la bataille d'Alep ?",
        "كم مدنيا فر من حصار حلب؟",
    ],
)
def test_a_place_that_is_a_subject_or_names_an_event_is_no_area(question: str, gazetteer: Gazetteer):
    assert find_area(question, detect_language(question), gazetteer, SYRIA) is None


@pytest.mark.parametrize("question", ["What happened in Darfur?", "Et au Darfour ?", "ماذا حدث في دارفور؟"])
def test_a_land_of_several_regions_is_all_of_them(question: str, gazetteer: Gazetteer):
    mention = find_area(question, "en", gazetteer, {"SD": 10})
    assert mention is not None
    assert mention.area is not None
    nyala = find_places("It rained in Nyala.", "en", gazetteer)[0].place
    khartoum = find_places("It rained in Khartoum.", "en", gazetteer)[0].place
    darfur = find_places("It rained in Darfur, in Sudan.", "en", gazetteer)[0].place
    assert [contains(mention.area, place) for place in (nyala, darfur, khartoum)] == [True, True, False]


def test_the_index_decides_between_two_towns_and_without_it_the_reader_is_told(gazetteer: Gazetteer):
    lebanon = find_area("What happened in Tripoli?", "en", gazetteer, {"LB": 30})
    unknown = find_area("What happened in Tripoli?", "en", gazetteer)
    assert lebanon is not None
    assert lebanon.area is not None
    assert lebanon.area.places[0].country == "LB"
    assert unknown is not None
    assert unknown.note == "Read as Tripoli, Libya; there is also one in Lebanon."


MIXED = {"BF": 118, "SY": 95, "ML": 70, "LB": 67, "IQ": 56, "LY": 30, "NE": 8}


@pytest.mark.parametrize(
    ("question", "language", "phrase", "key"),
    [
        ("What happened near Gao?", "en", "near Gao", "geonames:2457163"),
        ("Que s'est-il passé à Tripoli ?", "fr", "à Tripoli", "geonames:266826"),
        ("Quoi à Tripoli du Liban ?", "fr", "à Tripoli du Liban", "geonames:266826"),
        ("ماذا حدث في طرابلس؟", "ar", "في طرابلس", "geonames:266826"),
        ("What did Libyan fishermen see off Tripoli?", "en", "off Tripoli", "geonames:2210247"),
        ("Combien de morts au large de Tripoli ?", "fr", "au large de Tripoli", "geonames:266826"),
        ("كم قتيلا سقط قبالة سواحل طرابلس؟", "ar", "قبالة سواحل طرابلس", "geonames:266826"),
        ("What burned in the Zahraa district of Homs?", "en", "in the Zahraa district of Homs", HOMS),
        (
            "What burned in the Douma district of Damascus?",
            "en",
            "in the Douma district of Damascus",
            "geonames:170592",
        ),
        ("ماذا جرى في أنسونغو؟", "ar", "في أنسونغو", "geonames:2461003"),
        ("Who waits at the Bab al-Hawa border crossing?", "en", "at the Bab al-Hawa", "user:babalhawa"),
    ],
)
def test_the_countries_of_the_reports_and_of_the_question_decide(
    question: str, language: str, phrase: str, key: str, gazetteer: Gazetteer
):
    mention = find_area(question, language, gazetteer, MIXED)
    assert mention is not None
    assert mention.area is not None
    assert question[mention.start : mention.end] == phrase
    assert [place.key for place in mention.area.places] == [key]


@pytest.mark.parametrize(
    "question",
    [
        "Who was arrested at a border crossing?",
        "What lies in the bend of the Niger?",
        "Who lives in the valley?",
        "Qui vit dans la boucle du Niger ?",
        "ماذا حدث على الضفة؟",
    ],
)
def test_a_common_noun_is_no_area(question: str, gazetteer: Gazetteer):
    assert find_area(question, "en", gazetteer, MIXED) is None


@pytest.mark.parametrize(
    ("question", "language", "note"),
    [
        ("What happened in Tripoli?", "en", "Read as Tripoli, Lebanon; there is also one in Libya."),
        ("Quoi de neuf à Tripoli ?", "fr", "Compris comme Tripoli (Liban) ; il y en a un autre : Libye."),
        ("ماذا حدث في طرابلس؟", "ar", "فُهم على أنه طرابلس، لبنان؛ وهناك آخر في ليبيا."),
        ("What happened in Tripoli, Lebanon?", "en", ""),
        ("What happened near Gao?", "en", ""),
        (
            "Où sont les combats près du fleuve Niger ?",
            "fr",
            "Le répertoire des lieux n'a ni fleuves, ni mers, ni montagnes ; seul le nom « fleuve Niger » est cherché.",
        ),
        (
            "Quoi près de Zzyxville ?",
            "fr",
            "Aucun lieu nommé « Zzyxville » dans le répertoire ; seul le nom est cherché."
            " Un gazetteer.csv peut l'ajouter.",
        ),
    ],
)
def test_the_reader_is_told_in_the_language_of_the_question(
    question: str, language: str, note: str, gazetteer: Gazetteer
):
    mention = find_area(question, language, gazetteer, MIXED)
    assert mention is not None
    assert mention.note == note


def test_a_sea_does_not_hide_the_area_named_behind_it(gazetteer: Gazetteer):
    mention = find_area("Who was hit on the Red Sea near Hodeidah?", "en", gazetteer, {"YE": 10})
    assert mention is not None
    assert mention.area is not None
    assert [place.key for place in mention.area.places] == ["geonames:79415"]


def test_a_river_is_no_area_and_says_so(gazetteer: Gazetteer):
    mention = find_area("Fighting along the Euphrates?", "en", gazetteer, SYRIA)
    assert mention is not None
    assert mention.area is None
    assert "no rivers" in mention.note


def test_distance_agrees_with_published_ones():
    # Paris to London, city centres: 343.5 km; a degree of latitude: 111.2 km.
    assert distance_km(48.8566, 2.3522, 51.5074, -0.1278) == pytest.approx(343.5, abs=1)
    assert distance_km(0, 0, 1, 0) == pytest.approx(111.2, abs=0.1)
    assert distance_km(10, 179.9, 10, -179.9) == pytest.approx(21.9, abs=0.1)


def place(key: str, lat: float, lon: float, kind: str = "settlement") -> Place:
    region = key.partition(":")[2] if kind == "region" else "SY.11"
    return Place.model_validate(
        {"name": key, "key": key, "kind": kind, "lat": lat, "lon": lon, "country": "SY", "region": region}
    )


def test_near_is_a_distance_and_a_country_is_never_near_a_town():
    homs = place("geonames:1", 34.73, 36.72)
    near = Area(places=(homs,), relation="near", radius_km=30)
    assert contains(near, homs)
    assert contains(near, place("geonames:2", 34.9, 36.72))  # 19 km
    assert contains(near, place("text:x", 34.73, 36.72, "approximate"))
    assert not contains(near, place("geonames:3", 35.13, 36.75))  # 45 km
    assert not contains(near, place("country:SY", 34.73, 36.72, "country"))
    assert not contains(near, place("region:SY.11", 34.73, 36.72, "region"))


def test_in_a_region_or_country_is_containment():
    region = place("region:SY.11", 34.73, 36.72, "region")
    country = place("country:SY", 33.5, 36.3, "country")
    town = place("geonames:3", 34.5, 38.3)
    assert contains(Area(places=(region,), relation="in"), town)
    assert contains(Area(places=(country,), relation="in"), town)
    assert contains(Area(places=(country,), relation="in"), region)
    assert not contains(Area(places=(region,), relation="in"), country)
    assert not contains(Area(places=(town,), relation="in"), place("geonames:4", 34.5, 38.31))


def test_north_of_is_a_quarter_of_the_compass():
    north = Area(places=(place("geonames:1", 34.73, 36.72),), relation="north_of", radius_km=60)
    assert contains(north, place("geonames:2", 35.1, 36.8))
    assert not contains(north, place("geonames:3", 34.4, 36.72))
    assert not contains(north, place("geonames:4", 34.75, 37.2))


def test_areas_are_said_in_the_readers_language():
    area = Area(places=(place("Homs", 34.73, 36.72),), relation="near")
    assert describe_area(area, "en") == "within 50 km of Homs"
    assert describe_area(area, "fr") == "à moins de 50 km de Homs"
    assert describe_area(area, "ar") == "في نطاق 50 كم من Homs"
    country = Area(places=(place("country:SY", 33.5, 36.3, "country"),), relation="in")
    assert describe_area(country, "ar") == "في سوريا"


def test_an_affair_named_after_a_town_is_no_area(gazetteer: Gazetteer):
    assert find_area("How much money was lost in the Homs port affair?", "en", gazetteer, SYRIA) is None


KAEDI = Place(name="كيهيدي", key="geonames:2378736", kind="settlement", lat=16.15, lon=-13.51, country="MR")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How long is the school year in Kaedi being put off?", "en"),
        ("Quels quartiers de Kaédi sont sous l'eau ?", "fr"),
        ("كم عائلة أخليت في كيهيدي؟", "ar"),
    ],
)
def test_a_town_that_reports_tell_of_is_meant_wherever_the_others_are(
    gazetteer: Gazetteer, question: str, language: str
):
    found = find_area(question, language, gazetteer, SYRIA, told={KAEDI.key: KAEDI})

    assert found is not None
    assert found.area is not None
    assert [place.key for place in found.area.places] == [KAEDI.key]


def test_of_two_towns_of_one_name_the_reports_decide(gazetteer: Gazetteer):
    lebanese, libyan = "geonames:266826", "geonames:2210247"

    def meant(told: str) -> list[str]:
        town = Place(name="Tripoli", key=told, kind="settlement", lat=0, lon=0, country="LB")
        found = find_area("What happened in Tripoli?", "en", gazetteer, {"SY": 10}, told={told: town})
        assert found is not None
        assert found.area is not None
        return [place.key for place in found.area.places]

    assert meant(lebanese) == [lebanese]
    assert meant(libyan) == [libyan]
