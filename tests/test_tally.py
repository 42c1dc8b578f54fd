"""How many of what: a figure answers by what it counts and what befell those, not by standing in the sentence."""

from collections.abc import Iterator
from datetime import date

import pytest
from answering_parts import SETTINGS, evidence_for
from conftest import MakeReport

from assistant.ellipsis import answers_back, is_heading, leaves_out_what_it_counts, points_back
from assistant.facts import numbers
from assistant.pipeline import answer
from assistant.sought import Slot, find_deed, find_slots
from assistant.tally import counts_none, figures_asked
from assistant.types import Answer
from index.prepare import Tools
from index.store import Index

DAY = date(2017, 10, 18)

RAID = (
    "Gunmen raided the market of Saraqib on Monday, killing at least 14 people, a doctor said. "
    "Police put it at nine. Three burned trucks stood in the road. Thirty people were wounded. "
    "In March 2015 a mine on the same road killed 31."
)
DENIED = (
    "Les marchands de Saraqib ont enterré leurs morts mardi. Le conseil en compte seize. Le sac de riz coûte 40 livres."
)
GRAIN = (
    "Fire destroyed the grain stores of Raqqa on Tuesday. The traders say 18,500 tonnes of wheat were lost. "
    "The governor's office speaks of 4,000."
)
NOTE = (
    "Three delegates spent a week in Palmyra. The road is open.\n\nFire at the clinic. The morgue register shows four "
    "dead. We could not establish who started it.\n\nFarming. The wheat is ripe."
)
CLINIC = "La clinique d’Idlib a besoin de 300 poches de sang, dit son directeur. Le toit a été réparé."


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    reports = [
        make_report(RAID, id="raid", source="Courier", title="Raid on the market of Saraqib", day="2017-10-17"),
        make_report(DENIED, id="dead", source="L’Écho", title="Raid de Saraqib", language="fr", day="2017-10-18"),
        make_report(GRAIN, id="grain", source="Gazette", title="Fire in Raqqa", day="2017-10-18"),
        make_report(NOTE, id="note", source="Mission", title="Note from Palmyra", day="2017-10-18"),
        make_report(CLINIC, id="clinic", source="L’Écho", title="Idlib", language="fr", day="2017-10-18"),
    ]
    with Index.create(tmp_path_factory.mktemp("tally") / "index", tools) as index:
        list(index.add(reports))
        yield index


def quotes(found: Answer) -> set[str]:
    return {citation.quote for claim in found.claims for citation in claim.citations}


@pytest.mark.parametrize("question", ["How many people were killed in the raid on the market of Saraqib?",
                                      "كم عدد القتلى في الغارة على سوق سراقب؟"])  # fmt: skip
def test_the_killed_are_neither_the_wounded_nor_trucks_nor_those_of_years_ago(told: Index, question: str):
    found = quotes(answer(question, index=told, settings=SETTINGS))
    assert "Gunmen raided the market of Saraqib on Monday, killing at least 14 people, a doctor said." in found
    assert "Police put it at nine." in found
    assert not any(word in quote for quote in found for word in ("trucks", "wounded", "2015"))


def test_whose_count_leaves_out_what_it_counts_is_told_across_languages(told: Index):
    found = quotes(answer("Combien de morts dans le raid de Saraqib ?", index=told, settings=SETTINGS))
    assert "Le conseil en compte seize." in found


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("How much grain was lost in the fire in Raqqa?", "The traders say 18,500 tonnes of wheat were lost."),
        ("How many bags of blood does the clinic of Idlib need?",
         "La clinique d’Idlib a besoin de 300 poches de sang, dit son directeur."),
    ],
)  # fmt: skip
def test_an_amount_is_one_under_another_name_too(told: Index, question: str, quote: str):
    assert quote in quotes(answer(question, index=told, settings=SETTINGS))


@pytest.mark.parametrize(
    ("sentence", "language", "leaves_out"),
    [
        ("Police put it at 14.", "en", True),
        ("The governor's office speaks of 2,000.", "en", True),
        ("La préfecture n'en reconnaît que neuf.", "fr", True),
        ("Les avocats en recensent toujours 45.", "fr", True),
        ("أما وزارة الدفاع فما زالت عند تسعة.", "ar", True),
        ("حكومة الولاية لا تعترف إلا بأربعة آلاف طن، خلافا لما قاله التجار.", "ar", True),
        ("The army arrested 14 men.", "en", False),
        ("A man of 19, Yacine Karam, died overnight.", "en", False),
        ("La route est fermée.", "fr", False),
    ],
)
def test_what_leaves_out_what_it_counts(sentence: str, language: str, leaves_out: bool):
    assert leaves_out_what_it_counts(sentence, DAY, language) is leaves_out


def test_who_points_back_and_what_answers_back():
    assert points_back("He was vaccinated before the cameras.")
    assert not points_back("Il y a deux ans, la ville était calme.")
    assert answers_back("The director denied it.")
    assert not answers_back("The director denied that the ward was hit.")


@pytest.mark.parametrize(
    ("sentence", "language", "heading"),
    [
        ("Clinic fire at Bouhraoua.", "en", True),
        ("Mine de Naput, à Rupa.", "fr", True),
        ("Lorengecora.", "en", True),
        ("No group has claimed responsibility.", "en", False),
        ("L'armée nie tout tir aérien.", "fr", False),
        ("The toll: 14 dead.", "en", False),
        ("Qui a mis le feu ?", "fr", False),
    ],
)
def test_a_heading_names_what_the_sentences_after_it_are_about(sentence: str, language: str, heading: bool):
    assert is_heading(sentence, DAY, language) is heading


def test_what_stands_under_a_heading_is_told_of_what_it_names(told: Index):
    found = quotes(answer("How many people died in the fire at the clinic of Palmyra?", index=told, settings=SETTINGS))
    assert found == {"The morgue register shows four dead."}


@pytest.mark.parametrize(
    ("text", "values"),
    [("La préfecture n'en reconnaît que neuf.", [9]), ("Le pont est neuf.", []), ("un camion neuf", [])],
)
def test_nine_is_not_new(text: str, values: list[float]):
    assert [number.value for number in numbers(text, "fr")] == values


@pytest.mark.parametrize(
    ("question", "language", "slots"),
    [
        ("Do the sources agree on how many people were arrested?", "en", (Slot("count", ("people",)),)),
        ("Les sources sont-elles d'accord sur le nombre de morts ?", "fr", (Slot("count", ("morts",)),)),
        ("هل تتفق المصادر على عدد القتلى؟", "ar", (Slot("count", ("القتلى",)),)),
        ("How much grain was lost?", "en", (Slot("count", ("grain",)),)),
        ("How much did the repairs cost?", "en", (Slot("money"),)),
        ("please tell me how much the residents are demanding per house", "en", (Slot("money"),)),
        ("À combien est monté le sac de sorgho ?", "fr", (Slot("money"),)),
        ("كم عدد من شاركوا في المسيرة؟", "ar", (Slot("count", ("الأشخاص",)),)),
    ],
)
def test_what_is_asked_for(question: str, language: str, slots: tuple[Slot, ...]):
    assert find_slots(question, language) == slots


@pytest.mark.parametrize(
    ("question", "language", "deed"),
    [
        ("Est-il vrai que des blessés ont été achevés au dispensaire ?", "fr", None),
        ("Do the sources agree on whether trucks left the stores?", "en", None),
        ("did the minister agree to the credit?", "en", "agree"),
        ("كم سريرا في وحدة غسيل الكلى؟", "ar", None),
        ("كم عائلة من بوسو وصلت إلى تومور؟", "ar", "وصلت"),
        ("كم مخطوفا أطلق سراحه؟", "ar", "سراحه"),
    ],
)
def test_what_is_no_deed(question: str, language: str, deed: str | None):
    assert find_deed(question, language) == deed


FLOOD = "Fourteen people died in the flood of Hama, including nine children."
TOLL = "On compte 14 morts, dont 12 à Hama et 2 à Homs."


@pytest.mark.parametrize(
    ("question", "body", "language", "figures"),
    [
        ("How many people died in the flood of Hama?", FLOOD, "en", {14}),
        ("How many children died in the flood of Hama?", FLOOD, "en", {9}),
        ("Combien de morts à Hama ?", TOLL, "fr", {12}),
        ("Combien de morts en tout ?", TOLL, "fr", {14}),
        ("Combien de morts à Hama ?", "Treize morts à Hama, et non plus neuf, dit le médecin.", "fr", {13}),
        ("How many ships wait at Tartus?", "Fifteen ships now wait at Tartus, against 11 on Monday.", "en", {15}),
        ("How many ships wait at Tartus?", "Eleven ships wait at Tartus, according to two ship owners.", "en", {11}),
        ("How many trucks were looted near Homs?", "44 trucks reached Homs.", "en", set()),
        ("How many trucks were looted near Homs?", "Five trucks were looted near Homs.", "en", {5}),
    ],
)
def test_of_a_sentence_s_figures_those_that_answer_are_read(
    index: Index, make_report: MakeReport, question: str, body: str, language: str, figures: set[int]
):
    list(index.add([make_report(body, id="one", title="Syria", language=language, day="2017-10-18")]))
    query, evidence = evidence_for(question, index)

    assert [figures_asked(query, e) for e in evidence] == [figures]


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        ("No case was confirmed at Hama.", True),
        ("Aucun cas de choléra n’a été confirmé à ce jour.", True),
        ("It gave no figure for its own losses.", False),
        ("Nine died.", False),
    ],
)
def test_that_there_is_none_is_a_count(text: str, is_none: bool):
    assert counts_none(text) == is_none
