"""Questions as people type them: with words of courtesy, without accents or hamzas, with a letter missing."""

from collections.abc import Iterator
from datetime import date

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.interpret import interpret
from assistant.pipeline import answer
from assistant.sought import Slot, find_slots
from assistant.speaker import find_speaker
from assistant.typed import bare
from index.places.gazetteer import Gazetteer
from index.prepare import Tools
from index.store import Index

VISIT = (
    "Health minister Paul Kasongo reached Mbandaka on Monday, two days later than announced. He was vaccinated before "
    "the cameras and promised hazard pay. The river is high."
)
MEETING = "The council met in Homs on Tuesday. Shops were open."
STATEMENT = "La porte-parole du ministère a déclaré que le puits est fermé. Le marché de Homs est ouvert."


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("typed") / "index", tools) as index:
        list(
            index.add(
                [
                    make_report(VISIT, id="visit", source="Courier", title="The minister's visit", day="2033-06-15"),
                    make_report(MEETING, id="meeting", source="Ledger", title="Council", day="2033-06-15"),
                    make_report(STATEMENT, id="said", source="Écho", title="Le puits", language="fr", day="2033-06-15"),
                ]
            )
        )
        yield index


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Good morning, could you please tell me how many died?", "how many died?"),
        ("I would like to know who opened the dam", "who opened the dam"),
        ("Bonjour, pourriez-vous m'indiquer combien de malades sont morts ?", "combien de malades sont morts ?"),
        ("Je voudrais savoir quand le pont a rouvert", "quand le pont a rouvert"),
        ("أود أن أعرف كم شخصًا قُتل", "كم شخصا قتل"),
        ("نرجو إفادتنا بعدد القتلى", "بعدد القتلى"),
        ("Combien de malades ? Merci d'avance.", "Combien de malades ?"),
        ("How many died? Thanks, best regards", "How many died?"),
        ("I'm preparing a piece on tourism: which company owns the boats?", "which company owns the boats?"),
        ("كم شخصا قُتل؟ شكرا جزيلا", "كم شخصا قتل؟"),
        ("Salut", "Salut"),
        ("Would the mayor resign?", "Would the mayor resign?"),
    ],
)
def test_words_of_courtesy_are_no_part_of_what_is_asked(question: str, asked: str):
    assert bare(question) == asked


@pytest.mark.parametrize(
    ("question", "language", "slot"),
    [
        ("quel age avait le chauffeur", "fr", Slot("age")),
        ("a quelle heure le pont a-t-il ferme", "fr", Slot("clock")),
        ("profondeur du seisme", "fr", Slot("length")),
        ("What reason did the mayor give?", "en", Slot("cause")),
        ("Which death tolls are in circulation?", "en", Slot("count")),
        ("كم عدد الذين لقوا حتفهم", "ar", Slot("count", ("الأشخاص",))),
        ("Qui a été nommé médiateur ?", "fr", Slot("name", ("médiateur",))),
    ],
)
def test_what_is_asked_for_is_seen_without_accents_and_in_few_words(question: str, language: str, slot: Slot):
    assert slot in find_slots(question, language)


@pytest.mark.parametrize(
    ("question", "language", "speaker"),
    [
        ("What did the imam of Kaya say about the trucks?", "en", ("imam", "Kaya")),
        ("Qu’a dit l’armée des tracts ?", "fr", ("armée",)),
        ("ماذا قالت سعاد العكرمي عن المطالب؟", "ar", ("سعاد", "العكرمي")),
        ("What happened to the trucks?", "en", ()),
    ],
)
def test_who_is_asked_about_as_saying_something(question: str, language: str, speaker: tuple[str, ...]):
    assert find_speaker(question, language) == speaker


def test_a_rate_a_day_is_no_window(gazetteer: Gazetteer):
    assert interpret("كم طنا تنقل القطارات في اليوم؟", as_of=date(2033, 6, 16), gazetteer=gazetteer).window is None


def test_a_relative_clause_does_not_ask_who(gazetteer: Gazetteer):
    asked = interpret("How old is the teacher who fell ill?", as_of=date(2033, 6, 16), gazetteer=gazetteer)
    assert asked.wants != "who"


def test_a_misspelled_word_is_taken_for_that_of_the_reports_and_he_for_whom_the_sentence_before_names(visits: Index):
    found = answer("what did the health minster promise in Mbandaka on Monday", index=visits, settings=SETTINGS)

    assert "promised hazard pay" in found.text


def test_later_than_announced_is_no_step_from_the_day_told(visits: Index):
    days = [[str(span.start) for span in s.times] for p in visits.passages("visit") for s in p.sentences]

    assert days[0] == ["2033-06-13"]
    assert "2033-06-13" in days[1]


def test_the_name_of_a_ministry_is_no_name_that_a_report_must_have(visits: Index):
    found = answer("Qu'a dit la porte-parole du ministère de la Santé du puits ?", index=visits, settings=SETTINGS)

    assert "le puits est fermé" in found.text
