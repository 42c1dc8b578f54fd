"""A sentence answers only if it has the kind of thing that is asked for: a name, a count of that, a price, a cause."""

from collections.abc import Iterator
from datetime import date

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.contrast import says_not
from assistant.facts.beside import named_beside
from assistant.facts.counted import counted
from assistant.parts import find_parts
from assistant.pipeline import answer
from assistant.sought import Slot, asks_whether, find_deed, find_slots
from index.prepare import Tools
from index.store import Index

FERRY = (
    "The ferry Northern Star sank off Latakia on Monday with forty passengers on board. "
    "The captain, Ilyas Karam, swam to the shore. A cook fled to Jableh before the police came. "
    "Seven lifeboats were found empty."
)
PORT = (
    "Le port de Lattaquié a rouvert mardi. Deux grues ont été endommagées, selon la directrice du port, Nour Saleh. "
    "Le ministre n’est pas venu à Lattaquié."
)
MINE = (
    "قال محافظ اللاذقية بسام ناصر إن ثلاثة عمال أصيبوا في انفجار لغم يوم الأربعاء. "
    "وأضاف أن الطريق أغلق بسبب الألغام. ونقل العمال إلى مستشفى جبلة."
)


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("offers") / "index", tools) as index:
        list(
            index.add(
                [
                    make_report(FERRY, id="ferry", source="Courier", title="Ferry sinks", day="2017-10-17"),
                    make_report(PORT, id="port", source="L’Écho", title="Le port", language="fr", day="2017-10-18"),
                    make_report(
                        MINE, id="mine", source="صوت الساحل", title="انفجار لغم", language="ar", day="2017-10-19"
                    ),
                ]
            )
        )
        yield index


def quotes(question: str, index: Index) -> list[str]:
    """What is quoted in answer; empty when the reports do not say."""
    found = answer(question, index=index, settings=SETTINGS)
    return [citation.quote for claim in found.claims for citation in claim.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the name of the ferry's captain?", "The captain, Ilyas Karam, swam to the shore."),
        (
            "What is the name of the director of the port of Latakia?",
            "Deux grues ont été endommagées, selon la directrice du port, Nour Saleh.",
        ),
        (
            "How many passengers were on the ferry?",
            "The ferry Northern Star sank off Latakia on Monday with forty passengers on board.",
        ),
        ("Pourquoi la route a-t-elle été fermée ?", "وأضاف أن الطريق أغلق بسبب الألغام."),
    ],
)
def test_a_sentence_with_what_is_asked_for_comes_first(coast: Index, question: str, expected: str):
    assert quotes(question, coast)[0] == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the name of the cook who fled to Jableh?",
        "How many buses burned in Latakia?",
        "How much did the ferry cost?",
        "كم سيارة احترقت في اللاذقية؟",
        "Quel âge a la directrice du port de Lattaquié ?",
        "In which hospital in Latakia is the ferry's captain?",
        "What share of the passengers of the ferry was saved?",
        "Did the captain of the ferry apologise?",
        "La directrice du port de Lattaquié a-t-elle présenté sa démission ?",
        "هل اعتقل محافظ اللاذقية بسام ناصر؟",
        "How many passengers were on the ferry in Zarmahin?",
    ],
)
def test_a_near_miss_is_refused(coast: Index, question: str):
    assert quotes(question, coast) == []


def test_questions_in_three_languages_ask_for_the_same_things():
    assert find_slots("What happened to the bridge?", "en") == ()
    assert find_slots("What bridge was closed?", "en") == (Slot("which", ("bridge",)),)
    assert find_slots("How many aid trucks have arrived?", "en") == (Slot("count", ("aid", "trucks")),)
    assert find_slots("Combien de camions sont arrivés ?", "fr") == (Slot("count", ("camions",)),)
    assert find_slots("كم شاحنة وصلت؟", "ar") == (Slot("count", ("شاحنة",)),)
    assert find_slots("Comment s’appellent les deux hommes ?", "fr") == (Slot("name", ("hommes",)),)
    assert find_slots("How old was the driver, and what was the driver's name?", "en") == (
        Slot("age"),
        Slot("name", ("driver",)),
    )
    assert find_slots("كم بلغ ثمن الخبز؟", "ar") == (Slot("money"),)
    assert find_slots("How big a ransom are they asking for?", "en") == (Slot("money"),)
    assert find_slots("How much are the residents demanding?", "en") == (Slot("money"),)
    assert find_slots("لماذا تعترض اليونان على اسم مقدونيا؟", "ar") == (Slot("cause"),)
    assert find_slots("What did the mayor say?", "en") == ()
    assert find_slots("On which bridge did they meet?", "en") == (Slot("which", ("bridge",)),)
    assert find_slots("Dans quel hôpital est-il soigné ?", "fr") == (Slot("which", ("hôpital",)),)
    assert find_slots("إلى أي مستشفى نُقلت الطفلة؟", "ar") == (Slot("which", ("مستشفى",)),)
    assert find_slots("What share of the voters stayed at home?", "en") == (Slot("share"),)
    assert find_slots("Quel pourcentage des élèves est absent ?", "fr") == (Slot("share"),)
    assert find_slots("Depuis quand la route est-elle fermée ?", "fr") == (Slot("day"),)
    assert find_slots("أين دُفن القائد؟", "ar") == (Slot("place"),)
    assert find_slots("Quels villages la nappe a-t-elle atteints ?", "fr") == (Slot("place", ("villages",)),)
    assert find_slots("ما القرى التي هجرها سكانها؟", "ar") == (Slot("place", ("القرى",)),)
    assert find_slots("Combien de cas de choléra ?", "fr") == (Slot("count", ("cas", "choléra")),)
    assert find_slots("كم حالة كوليرا سجلت؟", "ar") == (Slot("count", ("حالة", "كوليرا")),)
    assert find_slots("What does a litre of petrol cost?", "en") == (Slot("money"),)
    assert find_slots("What bond was set?", "en") == ()
    assert find_slots("How much did the lake rise?", "en") == ()
    assert find_slots("nombre de camions brûlés à Hama", "fr") == (Slot("count", ("camions",)),)
    assert find_slots("reason for the delay", "en") == (Slot("cause"),)
    assert find_slots("مساحة الأراضي الزراعية", "ar") == (Slot("length"),)
    assert find_slots("Combien d’échoppes ont brûlé, et en combien de temps ?", "fr") == (
        Slot("duration"),
        Slot("count", ("échoppes",)),
    )


def test_a_question_may_ask_for_several_things_one_after_the_other():
    assert find_parts("How many were freed, and where are they held?") == ("How many were freed", "where are they held")
    assert find_parts("Combien de blessés ? Et qui les soigne ?") == ("Combien de blessés", "Et qui les soigne")
    assert find_parts("كم راكبا أفرج عنهم وكم بقي؟") == ("كم راكبا أفرج عنهم", "كم بقي")
    assert find_parts("Who sold the horses and the cart?") == ("Who sold the horses and the cart",)


def test_what_the_reports_say_of_one_part_only_is_a_part_of_the_answer(coast: Index):
    question = "How many passengers were on the ferry, and how old was the captain?"
    found = answer(question, index=coast, settings=SETTINGS)

    assert found.status == "partial"
    assert found.notes == ("The sentences found do not say: how old was the captain?",)
    assert quotes(question, coast)[0].endswith("with forty passengers on board.")


def test_the_sentence_that_answers_the_second_part_comes_along(coast: Index):
    told = quotes("What is the name of the ferry's captain, and how many lifeboats were found?", coast)

    assert {"The captain, Ilyas Karam, swam to the shore.", "Seven lifeboats were found empty."} <= set(told)


def test_what_was_done_is_read_from_how_many_and_who_questions():
    assert find_deed("How many trucks of the convoy were burned?", "en") == "burned"
    assert find_deed("Combien de camions ont été brûlés ?", "fr") == "brûlés"
    assert find_deed("من دفع الفدية؟", "ar") == "دفع"
    assert find_deed("كم شخصا جُرح في الهجوم؟", "ar") == "جرح"
    assert find_deed("What happened in Hama?", "en") is None
    assert find_deed("Did the captain of the boat resign?", "en") == "resign"
    assert find_deed("Le capitaine a-t-il été arrêté hier ?", "fr") == "arrêté"
    assert find_deed("Le capitaine démissionne-t-il ?", "fr") == "démissionne"
    assert find_deed("هل تم تعويض الصيادين؟", "ar") == "تعويض"
    assert find_deed("Did the boatman from Wangata kill any guard?", "en") == "kill"


def test_what_somebody_comes_from_is_no_deed():
    assert find_deed("كم نازحا من بوسو وصل إلى تومور؟", "ar") == "وصل"
    assert find_deed("هل وقعت هجمات ليلية؟", "ar") is None
    assert find_deed("Combien de civils sont actuellement déplacés ?", "fr") == "déplacés"


def test_a_figure_of_other_cases_or_of_another_fate_is_none_of_those(index: Index, make_report: MakeReport):
    told = (
        "The clinic of Hama has recorded 46 measles cases since March. On Monday 56 people were killed in Hama. "
        "At Hama 320 families left their homes after the fighting."
    )
    list(index.add([make_report(told, id="told")]))

    def answered(question: str) -> str:
        return answer(question, index=index, settings=SETTINGS).text

    assert "46" in answered("How many measles cases were recorded in Hama?")
    assert "46" not in answered("How many cholera cases were recorded in Hama?")
    assert "56" in answered("Combien de personnes sont mortes à Hama lundi ?")
    assert "56" not in answered("How many people were evacuated from Hama on Monday?")
    assert "320" in answered("Combien de familles ont fui Hama après les combats ?")


@pytest.mark.parametrize(
    ("sentence", "is_denial"),
    [
        ("Un poste de police a essuyé des tirs de mortier, sans faire de victime.", True),
        ("The car burned out, without casualties.", True),
        ("عثرت دورية على عبوة ناسفة وفككتها من دون خسائر.", True),
        ("Trois policiers ont été blessés.", False),
    ],
)
def test_that_nobody_was_hurt_is_a_denial(sentence: str, is_denial: bool):
    assert says_not(sentence) is is_denial


def test_of_a_verb_that_does_not_say_what_was_done_the_noun_does():
    assert find_deed("Le gouverneur a-t-il présenté sa démission ?", "fr") == "démission"
    assert find_deed("هل قدّم محافظ أسوان طارق الهواري استقالته؟", "ar") == "استقالته"
    assert find_deed("هل وُضع سياج حول الحقل؟", "ar") == "سياج"


def test_when_it_was_done_is_answered_by_the_deed_before_the_plan(index: Index, make_report: MakeReport):
    plan = make_report("The company promises the return of power to Anah on Friday.", id="plan", day="2017-10-17")
    deed = make_report("Power returned to most of Anah on Wednesday.", id="deed", day="2017-10-20")
    list(index.add([plan, deed]))

    assert quotes("When did power return to Anah?", index)[0] == "Power returned to most of Anah on Wednesday."


def test_the_men_of_an_army_are_soldiers(index: Index, make_report: MakeReport):
    text = (
        "A convoy came under fire near Anah. The army said two of its men were killed. Rebels spoke of seven soldiers."
    )
    list(index.add([make_report(text)]))

    assert "The army said two of its men were killed." in quotes("How many soldiers were killed near Anah?", index)


def test_a_french_question_word_before_the_verb_asks_for_more_than_yes_or_no():
    assert asks_whether("L'armée est-elle entrée à Hama ?")
    assert not asks_whether("À quelle heure l'armée est-elle entrée à Hama ?")


def test_a_figure_counts_the_words_after_it():
    text = "Of the 62 trucks that left on 9 March, 58 are still there; the toll stands at three."
    assert counted(text, date(2031, 3, 17), "en") == (
        (62.0, "trucks that left on"),
        (58.0, "are still there;"),
        (3.0, ""),
    )


@pytest.mark.parametrize(
    ("text", "language", "noun", "is_named"),
    [
        ("The judge, Raymond Succar, heard them.", "en", "judge", True),
        ("Walid al-Chami, chef de la cellule, dément.", "fr", "chef", True),
        ("The boat's captain, known as Abu Firas, fled.", "en", "captain", True),
        ("The boat's captain, known as Abu Firas, fled.", "en", "boat", False),
        ("A nurse who worked there told Samir Haddad of it.", "en", "nurse", False),
        ("Le préfet a quitté la ville.", "fr", "préfet", False),
        ("وقال المحامي ريمون طنوس إن القضية أغلقت.", "ar", "المحامي", True),
    ],
)
def test_a_name_counts_only_beside_the_noun(text: str, language: str, noun: str, is_named: bool):
    assert named_beside(text, language, lambda word: word == noun, "") is is_named


def test_arabic_names_follow_a_word_for_naming():
    assert named_beside("أوقفت الشرطة تاجر خردة يدعى يايا كامارا.", "ar", None, "")
    assert not named_beside("أوقفت الشرطة تاجر خردة في السوق.", "ar", None, "")
