"""Places: which names in a report are places, and which places they are."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from index.places import find_places
from index.places.gazetteer import Gazetteer

DATA = Path(__file__).parents[2] / "shared" / "data"

HOMS, ALEPPO, RAQQA = "geonames:169577", "geonames:170063", "geonames:172955"
DEIR_EZ_ZOR, ABU_KAMAL, MAYADIN, KHASHAM = "geonames:170794", "geonames:174448", "geonames:173480", "geonames:167899"


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


def test_an_arabic_minister_is_no_town_and_a_town_stands_behind_and_in(gazetteer: Gazetteer):
    told = found("وفي الأقصر زارت وزيرة التضامن مركز الإيواء.", "ar", gazetteer)
    assert told == [("الأقصر", "geonames:360502")]


def test_a_market_s_town_is_told_from_a_white_market(gazetteer: Gazetteer):
    obeid = ("الأبيض", "geonames:379003")
    assert obeid in found("قصفت الطائرات سوق الأبيض، وقال الجيش السوداني إن النار أخمدت.", "ar", gazetteer)
    assert obeid not in found("احترق السوق الأبيض، وقال الجيش السوداني إن النار أخمدت.", "ar", gazetteer)


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
    names = found("Tents burned in Qarzouh camp, north of Aleppo.", "en", gazetteer)
    assert names == [("Qarzouh", "text:qarzouh"), ("Aleppo", ALEPPO)]


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
    ("text", "named"),
    [
        ("Partners in rural Damascus and rural Aleppo, Syria.", ["region:SY.08", "region:SY.09", "country:SY"]),
        ("Along the Blue Nile, in Singa, Sennar State, Sudan.", ["geonames:366847", "region:SD.58", "country:SD"]),
        ("قصفت الطائرات زنجبار بمحافظة أبين.", ["geonames:69426", "region:YE.01"]),
        ("انقطعت المياه عن أحياء حلب الشرقية.", ["geonames:170063"]),
        ("نزح سكان ود مدني بولاية الجزيرة.", ["geonames:364103", "region:SD.38"]),
        ("Raids on Jisr al-Shigour in Idlib province, Syria.", ["geonames:169023", "region:SY.12", "country:SY"]),
        ("Le mouhafazat de Homs, en Syrie.", ["region:SY.11", "country:SY"]),
        ("A market in Tareeq al-Bab in Aleppo, Syria.", ["user:tariqalbab", "geonames:170063", "country:SY"]),
    ],
)  # fmt: skip
def test_provinces_quarters_and_rivers_are_told_from_the_towns_of_their_names(
    text: str, named: list[str], gazetteer: Gazetteer
):
    assert [mention.place.key for mention in find_places(text, "en", gazetteer)] == named
