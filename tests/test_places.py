"""Places: which names in a report are places, which places they are, and what "near" and "in" hold."""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from index.language import detect_language
from index.places import contains, describe_area, distance_km, find_area, find_places
from index.places.gazetteer import Gazetteer
from index.types import Area, Place

DATA = Path(__file__).parents[2] / "shared" / "data"
SYRIA = {"SY": 400, "IQ": 40, "LB": 10}

HOMS, HAMA, ALEPPO, RAQQA = "geonames:169577", "geonames:170017", "geonames:170063", "geonames:172955"
DEIR_EZ_ZOR, ABU_KAMAL, MAYADIN, KHASHAM = "geonames:170794", "geonames:174448", "geonames:173480", "geonames:167899"
PALMYRA = "geonames:163808"
HOMS_REGION, IDLIB = "region:SY.11", "region:SY.12"


@pytest.fixture(scope="module")
def gazetteer(request: pytest.FixtureRequest) -> Iterator[Gazetteer]:
    assert request.config.cache is not None
    with Gazetteer.open(request.config.cache.mkdir("gazetteer")) as opened:
        yield opened


def found(text: str, language: str, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    mentions = find_places(text, language, gazetteer)
    assert all(text[mention.start : mention.end] == mention.place.name for mention in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    return [(mention.place.name, mention.place.key) for mention in mentions]


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        ("Deir ez-Zor|Deir Ezzor|Deir al-Zour|Dayr az-Zawr|Deir Ez Zor", DEIR_EZ_ZOR),
        ("Abou Kamal|Albu Kamal|Abu Kamal|Bukamal", ABU_KAMAL),
        ("al-Mayadin|Mayadeen|Al-Mayadin|al-Mayadeen", MAYADIN),
        ("Raqa|Raqqa|Rakka|ar-Raqqah", RAQQA),
        ("al-Qaryatayn|Qaryatain|Qaryatayn", "geonames:173361"),
        ("Khasham|Khushām", KHASHAM),
        ("Alep|Aleppo|Halab", ALEPPO),
        ("Idleb|Idlib", "geonames:169389"),
        ("Palmyre|Palmyra|Tadmur", "geonames:163808"),
        ("Deraa|Daraa|Dar'a|Dar’a", "geonames:170905"),
        ("Kobane|Kobané|Kobani|Ain al-Arab", "geonames:172256"),
        ("Qamishli|al-Qamishli|Qamichli", "geonames:173377"),
    ],
)
def test_every_spelling_of_a_town_is_the_same_place(spellings: str, key: str, gazetteer: Gazetteer):
    for spelling in spellings.split("|"):
        text = f"Fighting went on in {spelling} and in Homs, in western Syria."
        assert (spelling, key) in found(text, "en", gazetteer), spelling


@pytest.mark.parametrize(
    ("name", "key"),
    [("دير الزور", DEIR_EZ_ZOR), ("البوكمال", ABU_KAMAL), ("الميادين", MAYADIN), ("الرقة", RAQQA), ("حلب", ALEPPO)],
)
def test_arabic_names_are_found_behind_prepositions_and_conjunctions(name: str, key: str, gazetteer: Gazetteer):
    assert found(f"دارت معارك في {name} يوم الأحد.", "ar", gazetteer) == [(name, key)]
    assert found(f"دارت معارك في حمص و{name} يوم الأحد.", "ar", gazetteer) == [("حمص", HOMS), (name, key)]


def test_names_inside_other_words_are_not_places(gazetteer: Gazetteer):
    assert found("The ambassador enjoyed a romantic homespun comedy.", "en", gazetteer) == []


@pytest.mark.parametrize(
    "text",
    [
        "Paris Hilton met George Washington's portrait on Sunday.",
        "General Homs and Jean Reading agreed.",
        "Obama, Kerry, Lavrov and Assad said nothing in May.",
        "Most of the Syrian fighters carried Mobile phones. Said Ali left.",
        "A nice bath, a split bar, a man reading.",
    ],
)
def test_people_adjectives_and_ordinary_words_are_not_places(text: str, gazetteer: Gazetteer):
    assert found(text, "en", gazetteer) == []


def test_a_lake_is_not_the_country_it_is_named_after(gazetteer: Gazetteer):
    assert found("Des pêcheurs ont disparu sur le lac Tchad.", "fr", gazetteer) == []


def test_the_other_places_of_a_report_decide_between_towns_of_one_name(gazetteer: Gazetteer):
    lebanon = found("The road from Beirut to Tripoli reopened.", "en", gazetteer)
    libya = found("Flights from Benghazi to Tripoli resumed.", "en", gazetteer)
    assert lebanon[1] == ("Tripoli", "geonames:266826")
    assert libya[1] == ("Tripoli", "geonames:2210247")


@pytest.mark.parametrize(
    "text",
    [
        "The Lebanese navy searched off Tripoli. At the port of Tripoli, the families of Tripoli waited.",
        "Un bateau a coulé au large de Tripoli, selon l'armée libanaise ; Chypre a envoyé un avion à Chypre.",
        "غرق قارب قبالة طرابلس، وقالت البحرية اللبنانية إن البحث مستمر.",
        "Cases rose in Akkar and at the hospital of Tripoli.",
        "Three people were hurt in Zgharta, and two in Tripoli.",
        # The Levant says آذار for March, Libya مارس.
        "غرق قارب قبالة طرابلس في ٢٣ آذار.",
    ],
)
def test_a_demonym_or_a_neighbour_outweighs_a_larger_namesake_abroad(text: str, gazetteer: Gazetteer):
    keys = {key for name, key in found(text, "en", gazetteer) if name in ("Tripoli", "طرابلس")}
    assert keys == {"geonames:266826"}


def test_the_larger_namesake_is_meant_when_nothing_else_is_said(gazetteer: Gazetteer):
    assert found("Clashes broke out in Tripoli.", "en", gazetteer) == [("Tripoli", "geonames:2210247")]
    assert found("غرق قارب قبالة طرابلس في ٢٣ مارس.", "ar", gazetteer) == [("طرابلس", "geonames:2210247")]


def test_two_small_neighbouring_towns_tell_where_a_report_is(gazetteer: Gazetteer):
    # Each alone could be a surname.
    text = "Aribinda est calme. Le préfet est parti pour Djibo, dit un proche."
    assert found(text, "fr", gazetteer) == [("Aribinda", "geonames:2363174"), ("Djibo", "geonames:2361177")]


def test_towns_of_the_sahel_are_found_in_arabic(gazetteer: Gazetteer):
    text = "انسحب الجنود في بوركينا فاسو من أريبيندا إلى جيبو، ثم إلى بلدة تين أكوف قرب غوروم غوروم وكايا."
    assert [key for _, key in found(text, "ar", gazetteer)] == [
        *("country:BF", "geonames:2363174", "geonames:2361177", "geonames:2596769", "geonames:2360372"),
        "geonames:2359608",
    ]


def test_a_town_of_the_sahel_that_no_list_has_in_arabic_is_found_by_its_sound(gazetteer: Gazetteer):
    # Dougabougou, Mali; مدرسة (school) has consonants that some village shares, but not its vowels.
    text = "قتل شخص في دوغابوغو في مالي، وأغلق الجنود الطريق في مدرسة."
    assert found(text, "ar", gazetteer) == [("دوغابوغو", "geonames:2458359"), ("مالي", "country:ML")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("وقفت العائلات على الضفة الأخرى في سوريا.", ["سوريا"]),
        ("اقتحمت القوات مدينة جنين في الضفة الغربية.", ["جنين", "الضفة الغربية"]),
        ("عثر في الوادي على سيارة، وفي داخلها جثة، قرب حمص في سوريا.", ["حمص", "سوريا"]),
        ("نفت الوزارة الخبر، مؤكدة أن الدعم المالي وصل إلى سوريا.", ["سوريا"]),
        ("غادر الوفد السوري إلى السعودية ثم عاد إلى سورية.", ["السعودية", "سورية"]),
        ("The Mission visited the Dunes near Homs in Syria.", ["Homs", "Syria"]),
        ("La pirogue a chaviré dans la boucle du Niger, au Mali.", ["Mali"]),
        ("Le Niger et le Mali ont signé.", ["Niger", "Mali"]),
    ],
)
def test_a_common_noun_or_a_river_is_not_the_place_of_that_name(text: str, names: list[str], gazetteer: Gazetteer):
    assert [name for name, _ in found(text, "ar", gazetteer)] == names


def test_a_hamlet_of_two_arabic_words_is_named_in_full(gazetteer: Gazetteer):
    text = "غرق طفل في قرية حويجة النخل الواقعة على بعد 9 كيلومترات جنوب الميادين في سوريا."
    assert found(text, "ar", gazetteer)[0] == ("حويجة النخل", "text:حويجهالنخل")


def test_a_state_named_behind_a_comma_decides(gazetteer: Gazetteer):
    names = found("A flood closed the bridge at Cairo, Illinois.", "en", gazetteer)
    assert names == [("Cairo", "geonames:4234985"), ("Illinois", "region:US.IL")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Snow fell 12 km west of Tal Afar.", [("Tal Afar", "geonames:90393")]),
        ("سقط مطر في رداع.", [("رداع", "geonames:71491")]),
        ("Karim Rada won the race.", []),
    ],
)
def test_a_seat_whose_people_nobody_counted_is_found_where_the_text_locates_by_it(
    text: str, names: list[tuple[str, str]], gazetteer: Gazetteer
):
    assert found(text, "en", gazetteer) == names


def test_a_distance_or_direction_makes_of_a_preposition_of_place(gazetteer: Gazetteer):
    assert found("Snow fell north of Metula.", "en", gazetteer) == [("Metula", "geonames:294247")]
    assert found("The mayor of Metula spoke of Wells.", "en", gazetteer) == []


def test_a_camp_is_placed_by_the_town_it_lies_near(gazetteer: Gazetteer):
    names = found("Tents burned in Handarat camp, north of Aleppo.", "en", gazetteer)
    assert names == [("Handarat", "text:handarat"), ("Aleppo", ALEPPO)]


def test_a_portuguese_name_is_one_name(gazetteer: Gazetteer):
    names = found("Rain fell on Mocímboa da Praia, in Mozambique.", "en", gazetteer)
    assert names == [("Mocímboa da Praia", "geonames:1024699"), ("Mozambique", "country:MZ")]


def test_long_foreign_names_that_are_neighbours_are_places_in_arabic(gazetteer: Gazetteer):
    names = found("طال البرد زابوريجيا وماريوبول.", "ar", gazetteer)
    assert names == [("زابوريجيا", "geonames:687700"), ("ماريوبول", "geonames:701822")]


def test_two_short_arabic_words_that_begin_as_towns_do_are_one(gazetteer: Gazetteer):
    assert found("هطل المطر في تل تمر.", "ar", gazetteer) == [("تل تمر", "geonames:163434")]
    assert found("نشرت الوكالة صور الثلج.", "ar", gazetteer) == []
    assert found("قالت شبكة السند إن المهرة حضروا.", "ar", gazetteer) == []


def test_three_arabic_words_listed_that_are_neighbouring_towns_are_places(gazetteer: Gazetteer):
    names = found("اقتحم الجيش الإسرائيلي طوباس وقلقيلية وسلفيت.", "ar", gazetteer)
    assert [name for name, _ in names] == ["طوباس", "قلقيلية", "سلفيت"]
    assert found("وقال وأضاف وأكد أن الأمر انتهى.", "ar", gazetteer) == []


def test_a_verb_of_war_or_a_list_locates(gazetteer: Gazetteer):
    names = found("Les rebelles ont bombardé Haradh, dans le gouvernorat de Hajja.", "fr", gazetteer)
    assert [key for _, key in names] == ["geonames:75163", "region:YE.22"]
    names = found("People fled from Buthidaung to Teknaf.", "en", gazetteer)
    assert [name for name, _ in names] == ["Buthidaung", "Teknaf"]


def test_the_area_named_behind_a_comma_and_in_decides(gazetteer: Gazetteer):
    names = found("It rained in Wasilla, in Alaska.", "en", gazetteer)
    assert names == [("Wasilla", "geonames:5877641"), ("Alaska", "region:US.AK")]
    assert found("Il pleut à Bouaké, en Côte d'Ivoire.", "fr", gazetteer)[1] == ("Côte d'Ivoire", "country:CI")


def test_congo_is_the_one_that_the_text_is_about(gazetteer: Gazetteer):
    assert found("سقطت أمطار قرب غوما شرقي الكونغو.", "ar", gazetteer)[1] == ("الكونغو", "country:CD")
    assert found("It rained in Brazzaville, in Congo.", "en", gazetteer)[1] == ("Congo", "country:CG")


def test_province_of_a_seat_is_the_region(gazetteer: Gazetteer):
    assert found("Snow fell in Idlib province.", "en", gazetteer) == [("Idlib", "region:SY.12")]
    assert found("Il a neigé dans la province d'Idleb.", "fr", gazetteer) == [("Idleb", "region:SY.12")]
    assert found("تساقطت الثلوج في محافظة إدلب.", "ar", gazetteer) == [("إدلب", "region:SY.12")]


def test_an_unknown_village_is_placed_by_the_town_the_text_puts_it_by(gazetteer: Gazetteer):
    text = "L'armée a repris le village de Zoubra, dans la banlieue nord-est de Homs. Zoubra est détruit."
    zoubra, homs, again = find_places(text, "fr", gazetteer)
    assert (zoubra.place.kind, zoubra.place.near, zoubra.place.key) == ("approximate", "Homs", "text:zoubra")
    assert (zoubra.place.lat, zoubra.place.lon) == (homs.place.lat, homs.place.lon)
    assert again.place == zoubra.place


def test_a_stated_distance_and_direction_move_the_point(gazetteer: Gazetteer):
    village, hama = find_places("Troops left the village of Tal Zubra, 20 km north of Hama.", "en", gazetteer)
    # 20 km are 0.18 degrees of latitude (one degree is 111.2 km); north changes no longitude.
    assert village.place.lat == pytest.approx(hama.place.lat + 0.18, abs=0.005)
    assert village.place.lon == pytest.approx(hama.place.lon, abs=0.001)


@pytest.mark.parametrize(
    ("text", "language", "north", "east"),
    [
        ("انفجر لغم في قرية تل الورد، على بعد سبعة كيلومترات جنوب الرقة.", "ar", -7.0, 0.0),
        ("انفجر لغم في قرية السدرة الواقعة على مسافة ١٢ كلم شمال غرب مأرب.", "ar", 8.49, -8.49),
        ("Le village de Tal Zoubra, à neuf kilomètres à l’ouest de Hama, a brûlé.", "fr", 0.0, -9.0),
        ("Troops left the village of Tal Zubra, twenty miles north-east of Hama.", "en", 22.76, 22.76),
    ],
)
def test_a_distance_may_be_in_words_and_a_direction_between_two(
    text: str, language: str, north: float, east: float, gazetteer: Gazetteer
):
    village, town, *_ = find_places(text, language, gazetteer)
    # In km: one degree of latitude is 111.2, one of longitude as much less as the cosine says.
    narrowing = math.cos(math.radians(town.place.lat))
    assert (village.place.lat - town.place.lat) * 111.2 == pytest.approx(north, abs=0.3)
    assert (village.place.lon - town.place.lon) * 111.2 * narrowing == pytest.approx(east, abs=0.3)


def test_the_french_dispatch_is_read_like_a_person_would(gazetteer: Gazetteer):
    path = DATA / "dispatch_2017-10-22.fr.txt"
    if not path.exists():
        pytest.skip("the dispatch is not part of the project")
    names = found(path.read_text(encoding="utf-8"), "fr", gazetteer)
    assert ("Khasham", KHASHAM) in names
    assert ("Abou Kamal", ABU_KAMAL) in names
    assert ("al-Mayadin", MAYADIN) in names
    assert ("al-Qaryatayn", "geonames:173361") in names
    assert ("Marijb", "text:marijb") in names
    assert {name for name, _ in names} == {
        *("Khasham", "Deir ez-Zor", "Abou Kamal", "al-Mayadin", "al-Qaryatayn", "Hama", "Marijb", "Homs"),
        *("Abou Douhour", "Idlib", "Hawijat Sakar"),
    }


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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Partners in rural Damascus and rural Aleppo, Syria.", ["region:SY.08", "region:SY.09", "country:SY"]),
        ("Along the Blue Nile, in Singa, Sennar State, Sudan.", ["geonames:366847", "region:SD.58", "country:SD"]),
        ("قصفت الطائرات زنجبار بمحافظة أبين.", ["geonames:69426", "region:YE.01"]),
        ("انقطعت المياه عن أحياء حلب الشرقية.", ["geonames:170063"]),
        ("نزح سكان ود مدني بولاية الجزيرة.", ["geonames:364103", "region:SD.38"]),
        ("Raids on Jisr al-Shigour in Idlib province, Syria.", ["geonames:169023", "region:SY.12", "country:SY"]),
        ("Le mouhafazat de Homs, en Syrie.", ["region:SY.11", "country:SY"]),
        ("A market in Tareeq al-Bab in Aleppo, Syria.", ["geonames:170063", "country:SY"]),
    ],
)  # fmt: skip
def test_provinces_quarters_and_rivers_are_told_from_the_towns_of_their_names(
    text: str, named: list[str], gazetteer: Gazetteer
):
    assert [mention.place.key for mention in find_places(text, "en", gazetteer)] == named
