"""A general word of a question is told as its kinds, in any language; a particular one is not."""

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.kinds import general_terms, kinds_of
from assistant.pipeline import answer
from index.concepts import concept_terms, read_table
from index.store import Index


def test_every_kind_is_a_concept():
    names = {f"#{name}" for name, _ in read_table()}

    assert kinds_of(names) <= names
    assert general_terms() <= names


@pytest.mark.parametrize(
    ("general", "language", "told", "other"),
    [
        ("attacks", "en", "embuscade", "fr"),
        ("attaque", "fr", "ambush", "en"),
        ("هجوم", "ar", "mine", "en"),
        ("livestock", "en", "chèvres", "fr"),
    ],
)
def test_a_general_word_is_told_as_its_kinds(general: str, language: str, told: str, other: str):
    assert kinds_of(concept_terms(general, language)) & set(concept_terms(told, other))
    assert not kinds_of(concept_terms(told, other)) & set(concept_terms(general, language)), "not the other way round"


def test_an_ambush_answers_who_asks_for_attacks(index: Index, make_report: MakeReport):
    road = "Un convoi est tombé mardi dans une embuscade à 12 km au nord de Hama. Le marché de Hama a rouvert."
    list(index.add([make_report(road, id="road", language="fr", day="2017-10-18")]))

    found = answer("Which attack took place within 20 km of Hama?", index=index, settings=SETTINGS)

    assert "embuscade" in found.text
    assert "marché" not in found.text
