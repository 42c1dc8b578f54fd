"""The concept table and what it makes of sentences."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from index.concepts import LANGUAGES, MOST_CONCEPTS, concept_terms, read_table

PARALLEL = Path(__file__).parents[2] / "shared" / "data" / "news_parallel.jsonl"


def test_every_concept_has_its_own_name_and_words_in_each_language():
    table = read_table()
    assert len(table) >= 3_000
    assert len({name for name, _ in table}) == len(table)
    for name, columns in table:
        assert name == "-" or name.isalnum(), name
        assert len(columns) == len(LANGUAGES), name
        assert all(columns), name


def test_no_form_stands_in_more_than_three_concepts():
    for column in range(len(LANGUAGES)):
        uses = Counter(form for _, columns in read_table() for form in columns[column])
        assert {form for form, count in uses.items() if count > MOST_CONCEPTS} == set()


def test_forms_are_single_words_in_the_script_of_their_language():
    for name, columns in read_table():
        for language, forms in zip(LANGUAGES, columns, strict=True):
            for form in forms:
                assert form.isalpha(), (name, form)
                assert form == form.lower(), (name, form)
                assert ("\u0600" <= form[0] <= "\u06ff") == (language == "ar"), (name, form)


def test_every_form_finds_its_concept():
    lost = [
        (form, name)
        for name, columns in read_table()
        for language, forms in zip(LANGUAGES, columns, strict=True)
        for form in forms
        if name != "-" and "#" + name not in concept_terms(form, language)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("english", "french", "arabic", "shared"),
    [
        (
            "Seven children are among the survivors of the drowning.",
            "Parmi les rescapés de la noyade figurent sept enfants.",
            "كم طفلا كان بين الناجين من الغرق؟",
            {"#child", "#survivor", "#drown"},
        ),
        (
            "Warplanes bombarded a village on the river's western bank.",
            "Des avions ont bombardé un village de la rive ouest du fleuve.",
            "قصفت الطائرات قرية على ضفة النهر",
            {"#aircraft", "#shell", "#village", "#river"},
        ),
        (
            "The minister denied the accusation.",
            "Le ministre a démenti les accusations.",
            "ونفى الوزير الاتهامات",
            {"#minister", "#deny", "#accuse"},
        ),
        (
            "Flooding destroyed dozens of houses.",
            "Les inondations ont détruit des dizaines de maisons.",
            "دمرت الفيضانات عشرات المنازل",
            {"#flood", "#destroy", "#house"},
        ),
        (
            "The army besieges the city, and families flee.",
            "L'armée assiège la ville et les familles fuient.",
            "الجيش يحاصر المدينة والعائلات تفر منها",
            {"#army", "#siege", "#city", "#family", "#flee"},
        ),
        (
            "Two nurses vaccinated displaced people against cholera.",
            "Deux infirmières ont vacciné des déplacés contre le choléra.",
            "ممرضتان تقومان بتلقيح النازحين ضد الكوليرا",
            {"#nurse", "#vaccine", "#displaced", "#cholera"},
        ),
        (
            "The price of flour and wheat increased in the markets.",
            "Le prix de la farine et du blé a augmenté sur les marchés.",
            "ازدادت أسعار الدقيق والقمح في الأسواق",
            {"#price", "#flour", "#wheat", "#increase", "#market"},
        ),
        (
            "The judge released the prisoners.",
            "Le juge a libéré les prisonniers.",
            "أفرج القاضي عن السجناء",
            {"#judge", "#release", "#prisoner"},
        ),
        (
            "Engineers repaired the dam and the bridges.",
            "Les ingénieurs ont réparé le barrage et les ponts.",
            "أصلح المهندسون السد والجسور",
            {"#engineer", "#repair", "#dam", "#bridge"},
        ),
        (
            "A convoy of trucks distributed tents and blankets.",
            "Un convoi de camions a distribué des tentes et des couvertures.",
            "وزعت قافلة من الشاحنات خياما وبطانيات",
            {"#convoy", "#truck", "#distribute", "#tent", "#blanket"},
        ),
        (
            "Fishermen found the boat near the island.",
            "Des pêcheurs ont trouvé le bateau près de l'île.",
            "عثر الصيادون على القارب قرب الجزيرة",
            {"#fisherman", "#find", "#boat", "#island"},
        ),
        (
            "The spokesman announced a truce and negotiations.",
            "On annonce une trêve et des négociations.",
            "أعلن عن هدنة ومفاوضات",
            {"#announce", "#ceasefire", "#negotiate"},
        ),
    ],
)  # fmt: skip
def test_a_sentence_and_its_translations_share_their_concepts(english: str, french: str, arabic: str, shared: set[str]):
    for text, language in ((english, "en"), (french, "fr"), (arabic, "ar")):
        assert shared - set(concept_terms(text, language)) == set(), language


@pytest.mark.parametrize(
    ("english", "french", "arabic", "shared"),
    [
        ("hurt by the shelling", "blessés par un obus", "أصابت القذيفة", {"#wound", "#shell"}),
        ("handed out from a warehouse", "distribués de l'entrepôt", "وزعت من المستودع", {"#distribute", "#warehouse"}),
        ("two drones were shot down", "deux drones abattus", "أسقطت طائرات", {"#shoot"}),
        ("the captives were held", "les captifs étaient détenus", "الأسرى محتجزون", {"#captive", "#detain"}),
        ("an area of cultivated land", "une superficie cultivée", "مساحة الأراضي المزروعة", {"#expanse", "#cultivate"}),
        ("the village can be reached", "le village est accessible", "الوصول إلى القرية", {"#accessible", "#village"}),
        ("they reached the camp", "ils ont atteint le camp", "وصلوا إلى المخيم", {"#arrive", "#camp"}),
        ("the market went up in flames", "le marché est parti en fumée", "احترقت الأسواق", {"#burn", "#market"}),
        ("trucks stuck, a load", "camions coincés, une charge", "شاحنات عالقة وحمولتها", {"#truck", "#trap", "#load"}),
        ("a merchant's stall", "l'échoppe d'un commerçant", "كشك التاجر", {"#stallholder", "#merchant"}),
    ],
)  # fmt: skip
def test_words_that_reports_use_for_one_thing_share_a_concept(english: str, french: str, arabic: str, shared: set[str]):
    for text, language in ((english, "en"), (french, "fr"), (arabic, "ar")):
        assert shared - set(concept_terms(text, language)) == set(), language


@pytest.mark.parametrize(
    ("singular", "plural", "concept"),
    [("راكب", "الركاب", "#passenger"), ("حارس", "حراس", "#guard"), ("نازح", "نازحون", "#displaced"),
     ("خندق", "الخنادق", "#trench"), ("مفقود", "المفقودين", "#missing"), ("رئيس", "الرؤساء", "#president"),
     ("جد", "أجداد", "#grandfather"), ("مخطوف", "المخطوفين", "#kidnap"), ("تمساح", "تماسيح", "#crocodile")],
)  # fmt: skip
def test_broken_and_sound_plurals_of_arabic_are_the_same_as_their_singular(singular: str, plural: str, concept: str):
    assert concept in concept_terms(singular, "ar")
    assert concept in concept_terms(plural, "ar")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("arrived", "left", "en"), ("arrested", "released", "en"), ("opened", "closed", "en"), ("killed", "wounded", "en"),
     ("arrivés", "partis", "fr"), ("arrêtés", "libérés", "fr"), ("tués", "blessés", "fr"), ("ouverte", "fermée", "fr"),
     ("وصلوا", "غادروا", "ar"), ("اعتقل", "أفرج", "ar"), ("قتلى", "جرحى", "ar"), ("فتحت", "أغلقت", "ar"),
     ("increased", "decreased", "en"), ("augmenté", "diminué", "fr"), ("ارتفعت", "انخفضت", "ar"),
     ("promised", "refused", "en"), ("confirmé", "démenti", "fr"), ("أكدت", "نفت", "ar")],
)  # fmt: skip
def test_opposites_share_no_concept(one: str, other: str, language: str):
    assert concept_terms(one, language)
    assert concept_terms(other, language)
    assert not {*concept_terms(one, language)} & {*concept_terms(other, language)}


@pytest.mark.parametrize(
    ("word", "language", "not_this"),
    [("back", "en", "#support"), ("related", "en", "#family"), ("James", "en", "#jam"), ("hands", "en", "#distribute"),
     ("devient", "fr", "#detour"), ("sommes", "fr", "#amount"), ("السنة", "ar", "#burn"), ("كرات", "ar", "#see")],
)  # fmt: skip
def test_a_stem_shared_by_chance_joins_no_strangers(word: str, language: str, not_this: str):
    assert not_this not in concept_terms(word, language)


def test_terms_come_in_the_order_of_the_words_and_repeat_with_them():
    found = concept_terms("flour, wheat, flour", "en")
    assert [name for name in found if name in ("#flour", "#wheat")] == ["#flour", "#wheat", "#flour"]


def test_a_listed_form_outranks_the_stem_it_shares_with_other_words():
    # The French stemmer makes one stem of all three.
    assert "#army" in concept_terms("armée", "fr")
    assert "#weapon" not in concept_terms("armée", "fr")
    assert concept_terms("مسيّرات", "ar") == concept_terms("مسيرات", "ar") != []
    assert concept_terms("marchés", "fr") == concept_terms("marché", "fr") == ["#market"]
    assert "#market" not in concept_terms("marcher", "fr")


def test_arabic_particles_articles_pronouns_and_tenses_do_not_hide_a_word():
    for word in ("قرية", "القرية", "وبالقرية", "للقرية", "قريتهم", "القريتين", "لقرى"):
        assert "#village" in concept_terms(word, "ar"), word
    for word in ("أعلن", "يعلن", "ستعلن", "أعلنت", "أعلنوا"):
        assert "#announce" in concept_terms(word, "ar"), word


def test_hamza_tells_words_apart_where_it_is_written():
    assert concept_terms("إمام", "ar") == ["#imam"]
    assert "#imam" not in concept_terms("أمام", "ar")
    assert "#imam" in concept_terms("امام", "ar")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("people of the same were just even, I'll don't", "en"),
        ("comme non tant sera serait pourrait été étais son ne fois", "fr"),
        ("التي كما أنه إلى بالنسبة للغاية يكون", "ar"),
    ],
)
def test_words_of_grammar_stand_for_nothing_although_their_stems_resemble_something(words: str, language: str):
    found = [name for name in concept_terms(words, language) if name not in {"#people", "#same"}]
    assert found == []


def test_unaccented_typing_still_finds_most_words():
    assert "#wound" in concept_terms("blesses", "fr")
    assert "#truck" in concept_terms("CAMIONS", "fr")


def test_languages_without_a_column_have_no_concepts():
    assert concept_terms("inundación", "es") == []
    assert concept_terms("flood", "und") == []


def test_importing_reads_nothing():
    program = "import index.concepts as c; print(c._lookup.cache_info().currsize)"
    root = Path(__file__).parents[1]
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert ran.stdout.strip() == "0"


@pytest.mark.skipif(not PARALLEL.exists(), reason="the parallel news are not here")
@pytest.mark.parametrize(("first", "second"), [("en", "fr"), ("en", "ar"), ("fr", "ar")])
def test_aligned_sentences_share_many_more_concepts_than_others(first: str, second: str):
    records = [json.loads(line) for line in PARALLEL.read_text(encoding="utf-8").splitlines()]
    concepts = {
        language: [
            set(concept_terms(sentence, language))
            for record in records
            if record["language"] == language
            for sentence in record["sentences"]
        ][:600]
        for language in (first, second)
    }
    aligned = [_overlap(a, b) for a, b in zip(concepts[first], concepts[second], strict=True)]
    shifted = [_overlap(a, b) for a, b in zip(concepts[first], concepts[second][300:], strict=False)]
    assert sum(aligned) / len(aligned) > 0.2
    assert sum(shifted) / len(shifted) < 0.02


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0
