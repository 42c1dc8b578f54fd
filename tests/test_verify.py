"""Nothing unsupported is shown: a statement whose facts are not in its sentences gives way to the verbatim sentence."""

from collections.abc import Iterator

import pytest
from answering_parts import evidence_for, id_of, small_index
from conftest import MakeReport

from assistant.compose import Draft, Statement
from assistant.types import Claim
from assistant.verify import Checker, verify
from index.prepare import Tools
from index.store import Index

ASKED = "How many people died at Anah?"
DEATHS = "Two people died and seven were injured, the district doctor Samir Haddad said."
REBUILD = "What will engineers rebuild at Anah?"
INSTEAD = "verbatim instead of the model's wording: "


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with small_index(tmp_path_factory.mktemp("verify") / "index", tools, make_report) as index:
        yield index


def checked(index: Index, question: str, *statements: tuple[str, str | None]) -> list[Claim]:
    """The claims made of statements: (beginning of the sentence pointed at, wording)."""
    query, evidence = evidence_for(question, index)
    pointed = tuple(Statement((id_of(evidence, beginning),), text) for beginning, text in statements)
    return verify(query, Draft(pointed, "scripted"), evidence, Checker(index.embedder, index.gazetteer))


def quotes(claim: Claim) -> list[str]:
    return [citation.quote for citation in claim.citations]


def test_a_statement_borne_out_by_its_sentence_is_shown_as_worded(small: Index):
    [claim] = checked(small, ASKED, ("Two people", "Samir Haddad said two people died and seven were injured."))

    assert (claim.verdict, claim.reason) == ("supported", "")
    assert claim.text == "Samir Haddad said two people died and seven were injured."
    assert quotes(claim) == [DEATHS]


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ("Nine people died and seven were injured.", "the number 9 is not in the evidence"),
        ("Two people died and seven were injured on 3 October.", "the time '3 October' is not in the evidence"),
        ("Two people died and seven were injured, Karim Nasser said.", "the name 'Karim"),
        ("Two people died and seven were injured in Raqqa.", "the place 'Raqqa' is not in the evidence"),
        ("Two people did not die and seven were not injured.", "one denies what the other affirms"),
        ("Two people died and seven were injured by terrorists.", "takes over a loaded word"),
        ("Deux personnes sont mortes et sept ont été blessées.", "not in the language of the question"),
        ("Two people sang and seven danced at the wedding feast.", "says something else than the evidence"),
        ("Two wounded civilians died and seven were injured.", "the evidence has no word for 'civilians'"),
        ("Seven were injured and two people died.", "in another order than in the evidence"),
        ("Two people died and seven were injured in Courier.", "the name 'Courier' is not in the evidence"),
        ("Did two people die?", "a question, no statement"),
        ("According to the reports, two people died and seven were injured.", "does not tell who says so"),
    ],
)
def test_a_wording_with_something_of_its_own_gives_way_to_the_quote(small: Index, wording: str, reason: str):
    [claim] = checked(small, ASKED, ("Two people", wording))

    assert claim.verdict == "quoted"
    assert claim.reason.startswith(f"{INSTEAD}{reason}")
    assert claim.text == f"Courier, 2017-10-18: “{DEATHS}”"
    assert quotes(claim) == [DEATHS]


def test_a_plan_told_as_a_fact_gives_way_to_the_quote(small: Index):
    [claim] = checked(small, REBUILD, ("Engineers", "Engineers rebuilt the bridge."))

    assert (claim.verdict, claim.reason) == ("quoted", f"{INSTEAD}a plan or possibility told as a fact")
    assert quotes(claim) == ["Engineers will rebuild the bridge next month."]


@pytest.mark.parametrize("denial", ["didn't", "didn’t", "did not", "couldn't", "cannot"])
def test_a_denial_that_its_sentence_does_not_make_turns_it_round(small: Index, denial: str):
    [claim] = checked(small, REBUILD, ("Engineers", f"Engineers {denial} rebuild the bridge."))

    assert (claim.verdict, claim.reason) == ("quoted", f"{INSTEAD}one denies what the other affirms")


def test_a_plan_told_as_a_plan_is_shown(small: Index):
    [claim] = checked(small, REBUILD, ("Engineers", "Engineers will rebuild the bridge."))

    assert claim.verdict == "supported"


def test_a_denial_left_out_gives_way_to_the_quote(small: Index):
    asked = "Did the governor visit the camp of Hama?"
    [claim] = checked(small, asked, ("Le gouverneur", "The governor visited the camp."))

    assert (claim.verdict, claim.reason) == ("quoted", f"{INSTEAD}one denies what the other affirms")
    assert quotes(claim) == ["Le gouverneur n’a pas visité le camp."]


def test_a_wording_may_be_in_another_language_than_its_sentence(small: Index):
    asked = "How many families arrived at the camp in Hama?"
    [claim] = checked(small, asked, ("Quelque 300", "About 300 families arrived at the camp in Hama on Thursday."))

    assert claim.verdict == "supported"
    assert quotes(claim) == ["Quelque 300 familles sont arrivées jeudi au camp de Hama, selon le Croissant-Rouge."]


def test_a_statement_takes_its_words_from_one_sentence_and_two_from_two(small: Index):
    query, evidence = evidence_for("What happened to the bridge at Anah?", small)
    ids = tuple(id_of(evidence, beginning) for beginning in ("The bridge", "Two people"))

    def told(text: str) -> Claim:
        checker = Checker(small.embedder, small.gazetteer)
        return verify(query, Draft((Statement(ids, text),), "scripted"), evidence, checker)[0]

    mixed = told("Two people were destroyed by an air raid at Anah, Samir Haddad said.")
    apart = told(
        "The bridge at Anah was destroyed by an air raid on Tuesday. Samir Haddad said two people died and seven were "
        "injured."
    )

    assert mixed.verdict != "supported"
    assert (apart.verdict, len(apart.citations)) == ("supported", 2)


def test_the_report_s_day_is_not_that_of_what_it_tells_of_another(small: Index):
    asked = "What happened to the bridge at Anah?"
    told = "The bridge at Anah was destroyed by an air raid on"
    on_its_day, later = (
        checked(small, asked, ("The bridge", f"{told} {day}."))[0] for day in ("17 October 2017", "18 October 2017")
    )

    assert on_its_day.verdict == "supported"
    assert later.reason == f"{INSTEAD}the time '18 October 2017' is not in the evidence"


def test_a_loaded_word_stays_in_the_quote(small: Index):
    [claim] = checked(small, "How many did the army kill near Idlib?", ("According", "The army killed 12 terrorists."))

    assert (claim.verdict, claim.reason) == ("quoted", f"{INSTEAD}takes over a loaded word")
    assert "“According to SANA, the army killed twelve terrorists near Idlib on Friday.”" in claim.text


def test_a_wrong_pointer_is_moved_to_the_sentence_that_says_it(small: Index):
    claim, *_ = checked(small, ASKED, ("Two people", "The bridge at Anah was destroyed by an air raid on Tuesday."))

    assert (claim.verdict, claim.reason) == ("supported", "moved to the sentence that says it")
    assert quotes(claim) == ["The bridge at Anah was destroyed by an air raid on Tuesday."]


def test_the_sentence_that_nearly_surely_answers_is_quoted_though_the_model_points_elsewhere(small: Index):
    first, second = checked(small, ASKED, ("The bridge", "The bridge at Anah was destroyed by an air raid."))

    assert (first.verdict, second.verdict) == ("supported", "quoted")
    assert quotes(second) == [DEATHS]


@pytest.mark.parametrize(
    ("question", "beginning", "wording", "shown", "who"),
    [
        (
            "How many houses burned in Saraqib?",
            "Residents",
            "Four houses burned in Saraqib.",
            "According to Residents: Four houses burned in Saraqib.",
            "Residents",
        ),
        (
            "Was the bridge at Anah destroyed?",
            "The bridge",
            "The bridge at Anah was destroyed by an air raid.",
            "According to Courier: The bridge at Anah was destroyed by an air raid.",
            None,
        ),
        (
            "Combien de maisons ont brûlé à Saraqib ?",
            "Residents",
            "Quatre maisons ont brûlé à Saraqib.",
            "Selon « Residents » : Quatre maisons ont brûlé à Saraqib.",
            "Residents",
        ),
    ],
)
def test_who_says_so_is_put_before_a_wording_that_leaves_it_out(
    small: Index, question: str, beginning: str, wording: str, shown: str, who: str | None
):
    [claim] = checked(small, question, (beginning, wording))

    assert (claim.verdict, claim.text, claim.attributed_to) == ("supported", shown, who)


def test_a_statement_that_hardly_anything_bears_out_is_dropped_with_its_reason(small: Index):
    shown, dropped = checked(
        small,
        "How many families arrived at the camp?",
        ("Quelque 300", None),
        ("لم تصل", "Ninety families came."),
    )

    assert shown.verdict == "quoted"
    assert (dropped.verdict, dropped.text, dropped.citations, dropped.sources) == (
        "unsupported",
        "Ninety families came.",
        (),
        0,
    )
    assert dropped.reason == "the number 90 is not in the evidence"


def test_the_same_sentence_is_not_quoted_twice(small: Index):
    claims = checked(
        small, ASKED, ("Two people", "Nine people died."), ("Two people", "Eight people died."), ("Two people", None)
    )

    assert [claim.verdict for claim in claims] == ["quoted", "unsupported"]
    assert claims[1].reason == "the number 8 is not in the evidence"


def test_citations_are_numbered_in_the_order_shown(small: Index):
    claims = checked(small, ASKED, ("The bridge", None), ("Two people", None), ("Engineers", None))

    assert [[citation.number for citation in claim.citations] for claim in claims] == [[1], [2], [3]]


def test_a_copied_report_counts_as_one_source(small: Index):
    [claim] = checked(small, ASKED, ("Two people", None))

    assert claim.sources == 1


def test_two_outlets_in_their_own_words_count_as_two(index: Index, make_report: MakeReport):
    first = make_report(
        "Two people died in the air raid on Anah. The market of the town stayed open.", source="Courier"
    )
    other = make_report("The air raid on Anah killed two people. Buses to the coast ran late.", id="b", source="Globe")
    list(index.add([first, other]))

    [claim] = checked(index, "How many people died in the air raid?", ("Two people", None))

    assert claim.sources == 2


def test_another_figure_is_not_the_same_fact(index: Index, make_report: MakeReport):
    first = make_report(
        "Two people died in the air raid on Anah. The market of the town stayed open.", source="Courier"
    )
    other = make_report("The air raid on Anah killed nine people. Buses to the coast ran late.", id="b", source="Globe")
    list(index.add([first, other]))

    [claim] = checked(index, "How many people died in the air raid?", ("Two people", None))

    assert claim.sources == 1


def test_figures_that_change_places_give_way_to_the_quote(index: Index, make_report: MakeReport):
    raid = "Two people died and seven were injured in the air raid on Anah. The market of the town stayed open."
    list(index.add([make_report(raid, source="Courier")]))

    swapped = "Courier: seven people died and two were injured in the air raid on Anah."
    [claim] = checked(index, "How many people died in the air raid on Anah?", ("Two people", swapped))

    assert claim.verdict == "quoted"
    assert "counts something else" in claim.reason


def test_a_doer_that_the_report_does_not_name_is_not_put_in(small: Index):
    [claim] = checked(small, "What burned in Saraqib?", ("Residents said", "The army burned four houses in Saraqib."))

    assert claim.verdict == "quoted"
    assert claim.reason == INSTEAD + "the evidence does not say that 'The army' did it"


def test_an_ordinal_is_not_exchanged_for_another(small: Index):
    [claim] = checked(small, REBUILD, ("Engineers", "Engineers will rebuild the third bridge next month."))

    assert claim.verdict == "quoted"
    assert claim.reason == INSTEAD + "an ordinal (3) is not in the evidence"


def test_a_sentence_that_the_model_pointed_at_and_did_not_tell_is_quoted(small: Index):
    query, evidence = evidence_for(ASKED, small)
    told, untold = id_of(evidence, "Two people"), id_of(evidence, "The bridge at Anah")
    wording = Statement((told, untold), "Two people died and seven were injured, Samir Haddad said.")
    owed = (Statement((told,), None), Statement((untold,), None))

    claims = verify(query, Draft((wording,), "scripted", owed), evidence, Checker(small.embedder, small.gazetteer))

    assert [(claim.verdict, quotes(claim)) for claim in claims] == [
        ("supported", [DEATHS]),
        ("quoted", ["The bridge at Anah was destroyed by an air raid on Tuesday."]),
    ]
