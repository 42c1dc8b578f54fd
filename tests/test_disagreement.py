"""Where outlets differ, each version is quoted, the figures side by side; where they do not, nothing is added."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.contrast import sets_itself_against
from assistant.disagreement import asks_for_versions
from assistant.interpret import interpret
from assistant.pipeline import answer
from assistant.types import Answer
from index.prepare import Tools
from index.store import Index

COURIER = "Thirty-two fighters were killed in the battle of Saraqib on Monday, the army said. Shops stayed closed."
LEDGER = "Residents of Saraqib counted ten fighters killed in the battle on Monday. The road to Idlib is open."
ELSEWHERE = "Eleven fighters were killed in the battle of Hama on Monday, according to a doctor."
PRISON = "Deux soldats ont été capturés à Hama mardi, affirme un commandant des rebelles."
DENIAL = "L’armée a démenti mercredi que des soldats aient été capturés à Hama."
MARKET = "Fire destroyed nine stalls in the market of Raqqa on Tuesday, the mayor said."

TURNOUT = (
    "Turnout in Palmyra was 43 per cent on Monday, the commission said. "
    "Observers put turnout in Palmyra at 60 per cent."
)
NOBODY = "Neuf personnes ont été blessées à Alep lundi. La police affirme que personne n'a été blessé à Alep."

FREED = "The governor said 40 prisoners were freed in Homs on Tuesday. The families say that no prisoners were freed."


@pytest.fixture(scope="module")
def outlets(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    reports = [
        make_report(COURIER, id="courier", source="Courier", title="Battle of Saraqib", day="2017-10-17"),
        make_report(LEDGER, id="ledger", source="Ledger", title="After the battle of Saraqib", day="2017-10-18"),
        make_report(ELSEWHERE, id="other-town", source="Gazette", title="Hama", day="2017-10-17"),
        make_report(PRISON, id="prison", source="Radio Oronte", title="Hama", language="fr", day="2017-10-18"),
        make_report(DENIAL, id="denial", source="L’Écho", title="Hama", language="fr", day="2017-10-19"),
        make_report(FREED, id="freed", source="Courier", title="Homs", day="2017-10-18"),
        make_report(TURNOUT, id="turnout", source="Courier", title="Palmyra", day="2017-10-18"),
        make_report(NOBODY, id="nobody", source="Radio Oronte", title="Alep", language="fr", day="2017-10-17"),
        make_report(MARKET, id="market", source="Courier", title="Market fire", day="2017-10-18"),
    ]
    with Index.create(tmp_path_factory.mktemp("outlets") / "index", tools) as index:
        list(index.add(reports))
        yield index


def cited(found: Answer) -> set[str]:
    return {citation.report_id for claim in found.claims for citation in claim.citations}


@pytest.mark.parametrize(
    ("question", "note"),
    [
        (
            "How many fighters were killed in the battle of Saraqib?",
            "Outlets differ: Ledger, “Residents of Saraqib”, 2017-10-18: 10 · Courier, “the army”, 2017-10-17: 32",
        ),
        (
            "Combien de combattants ont été tués dans la bataille de Saraqeb ?",
            "Les sources divergent : Ledger, « Residents of Saraqib », 2017-10-18: 10 · "
            "Courier, « the army », 2017-10-17: 32",
        ),
        (
            "كم مقاتلا قتل في معركة سراقب؟",
            "تختلف المصادر: Ledger، «Residents of Saraqib»، 2017-10-18: 10 · Courier، «the army»، 2017-10-17: 32",
        ),
    ],
)
def test_figures_that_differ_stand_side_by_side_with_who_gives_them(outlets: Index, question: str, note: str):
    found = answer(question, index=outlets, settings=SETTINGS)

    assert {"courier", "ledger"} <= cited(found)
    [told] = [line for line in found.notes if line.startswith(note.partition(":")[0])]
    assert in_order(told) == in_order(note), "Hama is another battle"


def in_order(note: str) -> list[str]:
    opening, _, listed = note.partition(": ")
    return [opening, *sorted(listed.split(" · "))]


def test_the_figure_of_one_speaker_is_held_against_nobody(outlets: Index):
    found = answer(
        "How many fighters were killed in the battle of Saraqib according to the army?",
        index=outlets,
        settings=SETTINGS,
    )

    assert any("Thirty-two" in c.quote for claim in found.claims for c in claim.citations)
    assert not any("differ" in note for note in found.notes)


def test_the_killed_are_no_version_of_the_wounded(index: Index, make_report: MakeReport):
    one = "At least 14 people were killed and 25 people were wounded in the attack on a wedding in Hasakah on Monday."
    other = "On Monday 31 people were killed and 55 people were wounded in the attack on the wedding in Hasakah."
    list(
        index.add(
            [
                make_report(one, id="one", source="Courier", day="2017-10-18"),
                make_report(other, id="other", source="Ledger", day="2017-10-18"),
            ]
        )
    )
    found = answer("How many people were wounded in the wedding attack in Hasakah?", index=index, settings=SETTINGS)

    assert "Outlets differ: " in found.notes[0]
    assert sorted(re.findall(r"\d+", found.notes[0])) == ["25", "55"]


def test_the_suspected_cases_are_no_version_of_the_dead(index: Index, make_report: MakeReport):
    counts = [
        ("ledger", "Three people have died of cholera in Akkar, the hospital said on Monday."),
        ("courier", "On Monday 112 suspected cases of cholera had been recorded in Akkar, the courier counts."),
    ]
    list(index.add(make_report(text, id=name, source=name, day="2017-10-17") for name, text in counts))
    for question in ("How many people died of cholera in Akkar?", "كم شخصا توفي بالكوليرا في عكار؟"):
        found = answer(question, index=index, settings=SETTINGS)
        assert "ledger" in cited(found)
        assert not any("112" in note for note in found.notes)


def test_an_old_figure_does_not_hide_that_outlets_differ_now(index: Index, make_report: MakeReport):
    old = "Ten fighters were killed in a battle near Saraqib in March 2013."
    list(
        index.add(
            [
                make_report(COURIER, id="courier", source="Courier", title="Battle of Saraqib", day="2017-10-17"),
                make_report(LEDGER, id="ledger", source="Ledger", title="After the battle", day="2017-10-18"),
                make_report(old, id="old", source="Courier", title="Saraqib", day="2013-03-20"),
            ]
        )
    )
    found = answer("How many fighters were killed in the battle of Saraqib?", index=index, settings=SETTINGS)

    [told] = found.notes
    assert set(told.removeprefix("Outlets differ: ").split(" · ")) == {
        "Courier, “the army”, 2017-10-17: 32",
        "Ledger, “Residents of Saraqib”, 2017-10-18: 10",
    }


def test_a_part_of_what_is_counted_is_no_version_of_the_whole(index: Index, make_report: MakeReport):
    wire = (
        "Forty-four trucks of the convoy have reached Djibo, the agency Blue Lantern said on Sunday. "
        "Five trucks were looted on the road to Djibo, its spokeswoman said."
    )
    press = "Ce sont 44 camions du convoi qui sont arrivés à Djibo dimanche, indique le gouvernorat."
    list(
        index.add(
            [
                make_report(wire, id="wire", source="Wire", title="Aid reaches Djibo", day="2017-10-16"),
                make_report(press, id="press", source="Presse", title="Djibo", language="fr", day="2017-10-16"),
            ]
        )
    )
    found = answer("How many trucks reached Djibo?", index=index, settings=SETTINGS)

    assert "44" in found.text or "Forty-four" in found.text
    assert found.notes == ()


def test_a_figure_that_nobody_disputes_gets_no_note(outlets: Index):
    found = answer("How many stalls did the fire destroy in Raqqa?", index=outlets, settings=SETTINGS)

    assert cited(found) == {"market"}
    assert found.notes == ()


def test_two_sides_told_by_one_report_are_two_versions(outlets: Index):
    told = answer("How many prisoners were freed in Homs?", index=outlets, settings=SETTINGS)

    assert [citation.quote for claim in told.claims for citation in claim.citations] == [
        "The governor said 40 prisoners were freed in Homs on Tuesday.",
        "The families say that no prisoners were freed.",
    ]


@pytest.mark.parametrize(
    ("question", "versions"),
    [
        ("What was the turnout in Palmyra?", ("43 per cent", "60 per cent")),
        ("Combien de personnes ont été blessées à Alep ?", ("Neuf personnes", "personne n'a été blessé")),
    ],
)
def test_shares_and_nobody_at_all_are_versions_too(outlets: Index, question: str, versions: tuple[str, str]):
    found = answer(question, index=outlets, settings=SETTINGS)

    assert all(version in found.text for version in versions)


def test_a_version_in_another_language_need_not_have_the_question_s_words(index: Index, make_report: MakeReport):
    official = "قال محافظ أسوان إن تسعة بيوت فقط انهارت في نجع السواري يوم الثلاثاء."
    surveyors = "Our surveyors in Aswan counted 31 collapsed houses on Tuesday, thrice the official tally."
    list(index.add([
        make_report(official, id="official", source="الوادي", language="ar", day="2017-10-18"),
        make_report(surveyors, id="surveyors", source="Shelter Line", day="2017-10-18"),
    ]))  # fmt: skip
    found = answer("كم بيتا سقط في نجع السواري؟", index=index, settings=SETTINGS)

    assert cited(found) == {"official", "surveyors"}
    assert "تختلف المصادر: الوادي، «محافظ أسوان»: 9 · Shelter Line: 31" in found.notes


def test_what_one_outlet_says_and_another_denies_is_told_together(outlets: Index):
    found = answer("Des soldats ont-ils été capturés à Hama ?", index=outlets, settings=SETTINGS)

    assert cited(found) == {"prison", "denial"}


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Who denies that the gates were opened?", True),
        ("Combien de morts ? Donnez chaque version.", True),
        ("كم قتيلا بحسب الجيش وبحسب الأهالي؟", True),
        ("Combien de morts ? Les sources sont-elles d’accord ?", True),
        ("ما حصيلة القتلى وفق مختلف المصادر؟", True),
        ("How many people died at Anah?", False),
        ("Qui a ouvert les vannes ?", False),
        ("من فتح البوابات؟", False),
    ],
)
def test_a_question_may_ask_for_every_version(outlets: Index, question: str, several: bool):
    assert asks_for_versions(interpret(question, as_of=date(2017, 10, 21), gazetteer=outlets.gazetteer)) is several


def test_how_to_answer_is_no_part_of_what_to_look_for(outlets: Index):
    query = interpret(
        "Combien de morts ? Donnez chaque version.", as_of=date(2017, 10, 21), gazetteer=outlets.gazetteer
    )

    assert (query.topic, query.wants) == ("Combien de morts?", "number")


@pytest.mark.parametrize(
    ("sentence", "is_against"),
    [
        ("Contrary to what the governor says, the power station was hit.", True),
        ("Residents say they complained in January; the ministry insists that no warning ever reached it.", True),
        ("Our teams estimate that 7,500 hectares were stripped, well above the official count.", True),
        ("La préfecture ne reconnaît que cinq arrestations.", True),
        ("Le ministère de l'Énergie avance, lui, 2,1 milliards.", True),
        ("Il ajoute que six pylônes sont à terre, et non quatre.", True),
        ("ونفى الجيش وجود أي هدنة.", True),
        ("لم تتجاوز النسبة خمسة وثلاثين بالمئة، خلافًا لما تعلنه النقابة.", True),
        ("أما وزارة الداخلية فتؤكد أن أحدًا لم يُصب.", True),
        ("Divers plan to reach the wreck, which lies at a depth of 90 metres.", False),
        ("Deux soldats ont été capturés à Hama mardi, affirme un commandant des rebelles.", False),
        ("قال محافظ أسوان إن تسعة بيوت انهارت يوم الثلاثاء.", False),
    ],
)
def test_a_sentence_may_set_itself_against_another_account(sentence: str, is_against: bool):
    assert sets_itself_against(sentence) is is_against


def test_what_sets_itself_against_an_account_is_told_beside_it(index: Index, make_report: MakeReport):
    nurse = (
        "The boatman left his bed at Wangata hospital on Friday night and escaped. He was found the next day. "
        "The management insists that the patient never left the hospital. The ward was cleaned on Sunday."
    )
    list(index.add([make_report(nurse, id="nurse", source="Riverside", title="The boatman", day="2017-10-16")]))

    doubted = answer("Did the boatman escape from the hospital?", index=index, settings=SETTINGS)
    assert "escaped" in doubted.text
    assert "never left the hospital" in doubted.text

    told = answer("When was the boatman found?", index=index, settings=SETTINGS)
    assert "never left" not in told.text, "nobody doubts it"


def test_an_older_count_that_is_contradicted_is_a_version(index: Index, make_report: MakeReport):
    ministry = "The ministry maintains that 4,100 hectares were destroyed by locusts around Tahoua."
    relief = (
        "Our teams estimate that locusts have destroyed 7,500 hectares around Tahoua, well above the official count."
    )
    list(
        index.add(
            [
                make_report(ministry, id="ministry", source="Bulletin", title="Tahoua", day="2017-10-19"),
                make_report(relief, id="relief", source="Dry Lands", title="Tahoua", day="2017-10-10"),
            ]
        )
    )
    found = answer("How many hectares did locusts destroy around Tahoua?", index=index, settings=SETTINGS)

    assert cited(found) == {"ministry", "relief"}
    [told] = [note for note in found.notes if note.startswith("Outlets differ: ")]
    assert set(told.removeprefix("Outlets differ: ").split(" · ")) == {
        "Bulletin, 2017-10-19: 4,100",
        "Dry Lands, 2017-10-10: 7,500",
    }
