"""Sentences to rest an answer on: numbered, best first, each with its chance; what is not evidence is left out."""

from collections.abc import Iterator

import pytest
from answering_parts import evidence_for, small_index, understood
from conftest import MakeReport

from assistant.evidence import Features, Weights, chance, select_evidence
from assistant.retrieve import retrieve
from assistant.settings import RetrieveSettings
from index.prepare import Tools
from index.store import Index

DEATHS = "Two people died and seven were injured, the district doctor Samir Haddad said."


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with small_index(tmp_path_factory.mktemp("evidence") / "index", tools, make_report) as index:
        yield index


def test_the_sentence_that_answers_is_first_and_ids_follow_the_chance(small: Index):
    _, evidence = evidence_for("How many people died at Anah?", small)

    assert evidence[0].text == DEATHS
    assert [e.id for e in evidence] == [f"s{number}" for number in range(1, len(evidence) + 1)]
    chances = [e.chance for e in evidence]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= likely <= 1 for likely in chances)


@pytest.mark.parametrize("question", ["How many people died at Anah?", "Combien de morts à Anah ?"])
def test_each_text_is_the_slice_of_its_report(small: Index, question: str):
    _, evidence = evidence_for(question, small)

    assert evidence
    assert all(e.report.body[e.sentence.start : e.sentence.end] == e.text for e in evidence)


def test_a_sentence_outside_the_window_is_no_evidence_though_its_passage_was_found(small: Index):
    _, evidence = evidence_for("What was destroyed at Anah on 17 October?", small)

    # The second sentence tells no time, and so takes over the first one's; the third tells another.
    assert [e.text for e in evidence] == [
        "The bridge at Anah was destroyed by an air raid on Tuesday.",
        "Two people died and seven were injured, the district doctor Samir Haddad said.",
    ]


def test_who_is_asked_for_a_figure_prefers_a_sentence_with_one(small: Index):
    _, evidence = evidence_for("How many families arrived at the camp?", small)
    kinds = {e.text[:14]: e.features.kind for e in evidence}

    assert kinds["Quelque 300 fa"] == 1
    assert kinds["Le gouverneur "] == 0


def test_a_sentence_in_another_language_is_marked_foreign(small: Index):
    _, evidence = evidence_for("How many families arrived at the camp?", small)

    assert {e.report.language: e.features.is_foreign for e in evidence} == {"fr": 1, "ar": 1, "en": 0}


def test_words_that_the_whole_report_lacks_count_against_it(small: Index):
    _, evidence = evidence_for("Did Leila Mansour die on the bridge?", small)

    assert evidence[0].report.id == "bridge"
    assert evidence[0].features.names_missing == 1
    assert evidence[0].features.words_missing > 0


def test_no_more_sentences_than_the_limit(small: Index):
    query = understood("Who sold wheat from the harvest to the mill?", small)
    hits = retrieve(query, small, RetrieveSettings())

    assert len(select_evidence(query, hits, small, limit=2)) == 2
    assert select_evidence(query, hits, small, limit=2) == select_evidence(query, hits, small)[:2]
    assert select_evidence(query, (), small) == []


def test_a_sentence_copied_into_another_report_stands_once(index: Index, make_report: MakeReport):
    own = make_report(f"{DEATHS} The mayor of Anah wept at the grave.", id="a", source="Courier")
    other = make_report(f"Rain fell on the desert road all morning. {DEATHS}", id="b", source="Wire Daily")
    list(index.add([own, other]))

    _, evidence = evidence_for("How many people died?", index)

    assert [e.text for e in evidence].count(DEATHS) == 1


def test_what_an_editor_says_about_a_report_is_no_evidence(index: Index, make_report: MakeReport):
    list(index.add([make_report("[Photo: two people who died at Anah]\n\nTwo people died at Anah. The shops shut.")]))

    _, evidence = evidence_for("How many people died at Anah?", index)

    assert evidence[0].text == "Two people died at Anah."
    assert not any("Photo" in e.text for e in evidence)


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        ("A cleaner said that two newborns died at Anah on Wednesday.", "The director denied it."),
        (
            "Deux nourrissons sont morts mercredi à Anah, selon une infirmière.",
            "Le directeur dément cette information.",
        ),
        ("قالت ممرضة إن رضيعين توفيا يوم الأربعاء في المستشفى.", "ونفى مدير المستشفى هذه الرواية في بيان."),
    ],
)
def test_a_short_denial_is_as_likely_as_what_it_denies(index: Index, make_report: MakeReport, told: str, denied: str):
    list(index.add([make_report(f"{told} {denied} The market was open all day.")]))

    _, evidence = evidence_for("Did any newborns die?", index)

    by_text = {e.text: e.chance for e in evidence}
    assert by_text[denied] >= 0.9 * by_text[told] > by_text.get("The market was open all day.", 0.0)


def test_the_chance_is_the_logistic_function_of_the_weighted_features():
    none = Features(*[0.0] * len(Features._fields))
    weights = Weights(bias=-1.0, features=none._replace(words=2.0, names_missing=-3.0))

    assert chance(none._replace(words=0.5), weights) == pytest.approx(0.5)  # -1 + 2 × 0.5 = 0
    assert chance(none._replace(words=1.0), weights) == pytest.approx(0.731059, abs=1e-6)  # 1 / (1 + e⁻¹)
    assert chance(none._replace(names_missing=1.0), weights) == pytest.approx(0.017986, abs=1e-6)  # 1 / (1 + e⁴)
    assert chance(none._replace(words=1e6), weights) == pytest.approx(1.0)
