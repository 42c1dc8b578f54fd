"""Each measure falls when the fault that it is there for is planted in a good answer, and is 1 without it."""

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import MakeReport

from evals.archive import Archive, archive_of
from evals.cases import Case
from evals.measures import GAUGES, measure
from evals.printed import Printed, dates_in, numbers_in
from evals.ranking import score_ranking
from evals.replies import BadReply, Reply, parse_reply
from evals.scores import Score, Unscored
from evals.spelling import arabic_sounds, sounds_like_one
from index.prepare import Tools
from index.store import Index

MARKET = "Shells hit the market of Aleppo on 5 March 2031, killing 12 people."
DENIAL = "Colonel Samir Haddad denied that the army fired."
PLAN = "Engineers will rebuild the market of Aleppo before winter."
SHOPS = "Traders in Homs closed their shops on 1 March 2031."
ALPHA = f"{MARKET} {DENIAL} {PLAN} {SHOPS}"
DOCTOR = "Un médecin d'Alep parle de 17 morts au marché."
MAYOR = "La mairie n'a pas confirmé ce bilan."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Archive]:
    reports = [
        make_report(ALPHA, id="alpha", source="Radio Alpha", day="2031-03-06"),
        make_report(f"{DOCTOR} {MAYOR}", id="delta", source="Agence Delta", day="2031-03-07", language="fr"),
    ]
    with Index.create(tmp_path_factory.mktemp("measured") / "index", tools) as index:
        for _ in index.add(reports):
            pass
        yield archive_of(index, judge=lambda statement, quotes: True)


def case(**changes: Any) -> Case:
    return Case.model_validate(
        {
            "id": "q1",
            "question": "How many people were killed in Aleppo on 5 March 2031?",
            "language": "en",
            "status": "answered",
            "gold": [{"report_id": "alpha", "quote": MARKET}, {"report_id": "delta", "quote": DOCTOR}],
            "required": [["12"], ["17"]],
            "forbidden": ["900"],
            "window": ["2031-03-05", "2031-03-06"],
            "area": {"place": "Aleppo", "relation": "in", "radius_km": None},
            "places": ["Aleppo"],
            "tags": ["conflict"],
            **changes,
        }
    )


UNANSWERABLE = {"status": "no_evidence", "gold": [], "required": [], "tags": ["unanswerable"]}


def cited(report_id: str, body: str, quote: str, number: int) -> dict[str, Any]:
    start = body.index(quote)
    source = {"alpha": "Radio Alpha", "delta": "Agence Delta"}[report_id]
    return {"report_id": report_id, "start": start, "end": start + len(quote), "quote": quote, "number": number, "source": source}  # fmt: skip  # noqa: E501


DELTA = f"{DOCTOR} {MAYOR}"
TOLD = "According to Radio Alpha: Shells that hit the market of Aleppo on 5 March 2031 killed 12 people."
QUOTED = f"Agence Delta, 2031-03-07: “{DOCTOR}”"


def reply(*claims: dict[str, Any], **changes: Any) -> Reply:
    """The good answer, or one of other claims."""
    shown = claims or (
        {"text": TOLD, "verdict": "supported", "citations": [cited("alpha", ALPHA, MARKET, 1)]},
        {"text": QUOTED, "verdict": "quoted", "citations": [cited("delta", DELTA, DOCTOR, 2)]},
    )
    lines = "\n".join(f"- {claim['text']} [{number}]" for number, claim in enumerate(shown, start=1))
    hits = [{"report_id": "alpha", "text": ALPHA}, {"report_id": "delta", "text": DELTA}]
    return Reply.model_validate(
        {"status": "answered", "text": f"(as of 2031-03-08)\n{lines}", "claims": shown, "hits": hits, **changes}
    )


REFUSAL: dict[str, Any] = {"status": "no_evidence", "text": "The reports do not say.", "claims": []}


def one(text: str, *citations: dict[str, Any]) -> Reply:
    """An answer of one worded statement; it cites the market sentence unless told otherwise."""
    given = list(citations) or [cited("alpha", ALPHA, MARKET, 1)]
    return reply({"text": text, "verdict": "supported", "citations": given})


def value(name: str, answer: Reply, archive: Archive, asked: Case | None = None) -> float:
    outcome = GAUGES[name].measure(asked or case(), answer, archive)
    assert isinstance(outcome, Score), outcome
    assert (outcome.value == 1) == (outcome.faults == ())
    return outcome.value


def unscored(name: str, answer: Reply, archive: Archive, asked: Case | None = None) -> str:
    outcome = GAUGES[name].measure(asked or case(), answer, archive)
    assert isinstance(outcome, Unscored)
    return outcome.reason


def test_a_good_answer_has_full_marks_in_every_measure_that_applies(archive: Archive):
    outcomes = measure(case(), reply(), archive)
    assert {name: outcome.value for name, outcome in outcomes.items() if isinstance(outcome, Score)} == dict.fromkeys(
        set(GAUGES) - {"refused_rightly"}, 1.0
    )
    assert outcomes["refused_rightly"] == Unscored(reason="the question can be answered")


def test_wrong_offsets_make_a_citation_invalid(archive: Archive):
    shifted = {**cited("alpha", ALPHA, MARKET, 1), "start": 1}
    assert value("citation_validity", one(TOLD, shifted, cited("delta", DELTA, DOCTOR, 2)), archive) == 0.5


@pytest.mark.parametrize(
    "changes", [{"report_id": "nowhere"}, {"end": 10_000}, {"start": 5, "end": 5, "quote": ""}, {"start": -3}]
)
def test_a_citation_of_an_unknown_report_or_an_impossible_stretch_is_invalid(archive: Archive, changes: dict[str, Any]):
    assert value("citation_validity", one(TOLD, {**cited("alpha", ALPHA, MARKET, 1), **changes}), archive) == 0.0


def test_an_answer_without_citations_is_unscored_and_not_valid(archive: Archive):
    assert unscored("citation_validity", reply(**REFUSAL), archive) == "no citations"


def test_shuffled_citations_bear_nothing_out(archive: Archive):
    shuffled = reply(
        {"text": TOLD, "citations": [cited("delta", DELTA, DOCTOR, 2)]},
        {"text": QUOTED, "citations": [cited("alpha", ALPHA, MARKET, 1)]},
    )
    assert value("citation_validity", shuffled, archive) == 1.0
    assert value("citation_recall", shuffled, archive) == 0.0
    assert value("citation_precision", shuffled, archive) == 0.0
    assert value("supported_statements", shuffled, archive) == 0.0


def test_a_citation_that_adds_nothing_costs_precision_and_not_recall(archive: Archive):
    padded = one(TOLD, cited("alpha", ALPHA, MARKET, 1), cited("alpha", ALPHA, SHOPS, 2))
    assert value("citation_recall", padded, archive) == 1.0
    assert value("citation_precision", padded, archive) == 0.5


@pytest.mark.parametrize("number", ["31", "thirty-one", "1,200", "٣١"])
def test_an_invented_number_is_found_in_digits_and_words(archive: Archive, number: str):
    answer = one(f"According to Radio Alpha: Shells hit the market of Aleppo, killing {number} people.")
    assert value("numbers_in_evidence", answer, archive) == 0.0
    assert value("supported_statements", answer, archive) == 0.0


@pytest.mark.parametrize("number", ["12", "twelve", "١٢", "douze"])
def test_the_number_of_the_evidence_may_be_told_in_other_words(archive: Archive, number: str):
    answer = one(f"According to Radio Alpha: Shells hit the market of Aleppo, killing {number} people.")
    assert value("numbers_in_evidence", answer, archive) == 1.0


def test_an_invented_date_is_found_and_the_days_of_the_report_are_not(archive: Archive):
    said = "According to Radio Alpha: Shells hit the market of Aleppo on {}, killing 12 people."
    assert value("dates_in_evidence", one(said.format("7 April")), archive) == 0.0
    assert value("dates_in_evidence", one(said.format("March 5, 2031")), archive) == 1.0
    assert value("dates_in_evidence", one(said.format("le 5 mars")), archive) == 1.0


def test_an_invented_name_is_found_and_other_spellings_are_not(archive: Archive):
    denied = cited("alpha", ALPHA, DENIAL, 1)
    assert value("names_in_evidence", one("On Friday, Colonel Karim Mansour denied it.", denied), archive) == 0.0
    assert (
        value("names_in_evidence", one("The officer, Samir Hadad, denied that the army fired.", denied), archive) == 1.0
    )
    assert value("names_in_evidence", one("Le marché d'Alep a été touché, selon Radio Alpha."), archive) == 1.0
    echo = {**cited("alpha", ALPHA, MARKET, 1), "source": "L’Écho d’Alep"}
    assert value("names_in_evidence", one("Le marché d'Alep a été touché, selon L'Écho d'Alep.", echo), archive) == 1.0
    assert value("names_in_evidence", one("Le marché d'Alep a été touché, selon L'Aube d'Alep.", echo), archive) == 0.0


def test_a_statement_that_denies_what_the_quote_affirms_is_not_supported(archive: Archive):
    assert value("supported_statements", one("Radio Alpha: shells never hit the market of Aleppo."), archive) == 0.0


def test_words_cut_out_of_a_denial_are_not_supported(archive: Archive):
    denied = cited("alpha", ALPHA, DENIAL, 1)
    assert value("supported_statements", one("The army fired.", denied), archive) == 0.0


def test_a_plan_told_as_a_deed_is_not_supported(archive: Archive):
    plan = cited("alpha", ALPHA, PLAN, 1)
    assert value("supported_statements", one("Engineers rebuilt the market of Aleppo.", plan), archive) == 0.0
    assert (
        value("supported_statements", one("Les ingénieurs vont reconstruire le marché d'Alep.", plan), archive) == 1.0
    )
    assert value("supported_statements", one("Engineers will rebuild Aleppo's market.", plan), archive) == 1.0


@pytest.mark.parametrize(
    ("name", "told"),
    [("Farhan", "قال فرحان العلي"), ("Vann", "قتل فان"), ("Euphrates", "نهر الفرات"), ("Palu", "في مدينة بالو"),
     ("Europe", "اجتاح أوروبا"), ("England", "نيو إينغلاند"), ("Zgharta", "وزغرتا")],
)  # fmt: skip
def test_a_name_is_heard_in_the_other_script(name: str, told: str):
    assert sounds_like_one(name, arabic_sounds(told))
    assert not sounds_like_one("Bartholomew", arabic_sounds(told))
    assert not sounds_like_one("Aya", arabic_sounds(told))  # no two consonants: nothing to go by


def test_an_apostrophe_is_no_denial(archive: Archive):
    assert value("supported_statements", one("The town's market in Aleppo was hit by shells."), archive) == 1.0


def test_a_sentence_that_belongs_to_no_claim_counts_as_unsupported(archive: Archive):
    good = reply()
    padded = reply(text=f"{good.text}\nThe mayor will resign before the summer comes.")
    assert value("supported_statements", padded, archive) == pytest.approx(2 / 3)


def test_a_missing_fact_and_a_half_told_conflict_cost_points(archive: Archive):
    assert value("required_facts", one(TOLD), archive) == 0.5
    assert value("conflict_complete", one(TOLD), archive) == 0.0
    assert unscored("conflict_complete", one(TOLD), archive, case(tags=["fact"])) == "the outlets do not disagree"


def test_a_forbidden_string_counts_in_the_text_and_not_in_the_hits(archive: Archive):
    assert value("forbidden_absent", one(f"{TOLD} Some say ٩٠٠."), archive) == 0.0
    assert value("forbidden_absent", reply(hits=[{"report_id": "alpha", "text": "900"}]), archive) == 1.0


def test_answering_the_unanswerable_and_refusing_the_answerable_are_told_apart(archive: Archive):
    hopeless = case(**UNANSWERABLE)
    assert value("refused_rightly", reply(), archive, hopeless) == 0.0
    assert value("refused_rightly", reply(**REFUSAL), archive, hopeless) == 1.0
    assert unscored("answered_rightly", reply(), archive, hopeless) == "the question cannot be answered"
    assert value("answered_rightly", reply(**REFUSAL), archive) == 0.0
    assert value("status_right", reply(**REFUSAL), archive) == 0.0
    assert value("status_right", reply(status="partial"), archive) == 0.0


def test_a_refusal_does_not_escape_the_measures_of_content(archive: Archive):
    refusal = reply(**{**REFUSAL, "text": f"The reports do not say. Nearest: {MARKET} {DOCTOR}"})
    assert value("required_facts", refusal, archive) == 0.0
    assert value("gold_cited", refusal, archive) == 0.0


def test_a_citation_outside_the_window_or_area_costs_its_share(archive: Archive):
    strayed = reply(
        {"text": TOLD, "citations": [cited("alpha", ALPHA, MARKET, 1)]},
        {"text": SHOPS, "citations": [cited("alpha", ALPHA, SHOPS, 2)]},
    )
    assert value("in_window", strayed, archive) == 0.5
    assert value("in_area", strayed, archive) == 0.5
    assert value("gold_share_of_citations", strayed, archive) == 0.5
    assert unscored("in_window", strayed, archive, case(window=None)) == "no window was asked for, or no citations"


def test_a_place_too_many_and_a_place_too_few_cost_the_set_of_places(archive: Archive):
    """Told: Aleppo and Homs. F1 against {Aleppo} is 2/3; against {Aleppo, Homs, Raqqa} 4/5; against {Raqqa} 0."""
    both = one(TOLD, cited("alpha", ALPHA, MARKET, 1), cited("alpha", ALPHA, SHOPS, 2))
    for labelled, expected in ((["Aleppo"], 2 / 3), (["Aleppo", "Homs", "Raqqa"], 4 / 5), (["Raqqa"], 0.0)):
        assert value("toponym_f1", both, archive, case(places=labelled)) == pytest.approx(expected)


def test_a_place_is_one_in_every_spelling_and_its_country_is_no_place_too_many(archive: Archive):
    other = one("الحكومة السورية: قصف سوق حلب في سوريا", cited("delta", DELTA, DOCTOR, 1))
    assert value("toponym_f1", other, archive, case(places=["Halab"])) == 1.0
    assert unscored("toponym_f1", other, archive, case(places=[])) == "no places are labelled"
    assert value("toponym_f1", reply(**REFUSAL), archive) == 0.0


def test_the_wrong_window_makes_citations_stray_that_were_right_before(archive: Archive):
    """Gold is inside by definition, so the case asked has other gold."""
    elsewhere = case(gold=[{"report_id": "delta", "quote": MAYOR}], window=["2031-03-01", "2031-03-03"])
    assert value("in_window", one(TOLD), archive, elsewhere) == 0.0


def test_an_answer_in_another_language_is_found_and_quotes_are_not_held_against_it(archive: Archive):
    french = one("Selon Radio Alpha, les obus tombés sur le marché ont fait douze morts.")
    assert value("answer_language", french, archive) == 0.0
    only_quotes = reply(text=f"“{MARKET}”")
    assert unscored("answer_language", only_quotes, archive, case(language="fr")) == "the answer is quotes only"


def test_the_nearest_sentence_that_a_refusal_offers_may_be_in_another_language(archive: Archive):
    offered = f"The reports do not say.\nNearest, outside the asked time: Agence Delta, 2031-03-07: “{DOCTOR} {MAYOR}”"
    assert value("answer_language", reply(**{**REFUSAL, "text": offered}), archive) == 1.0


def test_an_outlet_named_in_a_quote_does_not_keep_the_quote_from_being_left_out(archive: Archive):
    told = "A doctor told Agence Delta that 17 died."
    both = reply(
        {"text": told, "citations": [{**cited("delta", DELTA, DOCTOR, 1), "source": "médecin d'Alep"}]},
        {"text": QUOTED, "citations": [cited("delta", DELTA, DOCTOR, 1)]},
        text=f"(as of 2031-03-08)\n- {QUOTED} [1]\n- médecin d'Alep, 2031-03-07: {DOCTOR} [2]",
    )
    assert value("answer_language", both, archive) == 1.0


def test_citing_another_sentence_than_gold_is_found(archive: Archive):
    assert value("gold_cited", one(SHOPS, cited("alpha", ALPHA, SHOPS, 1)), archive) == 0.0


def test_gold_outside_the_hits_costs_every_measure_of_retrieval(archive: Archive):
    lost = reply(hits=[{"report_id": "other", "text": "x"}])
    names = ("success_at_5", "recall_at_10", "ndcg_at_10", "reciprocal_rank", "gold_in_hits")
    assert [value(name, lost, archive) for name in names] == [0.0] * 5


def test_a_passage_beside_the_gold_sentence_is_no_gold_hit(archive: Archive):
    assert value("gold_in_hits", reply(hits=[{"report_id": "alpha", "text": SHOPS}]), archive) == 0.0


def test_rankings_score_as_worked_out_by_hand():
    """Gold b and d at ranks 2 and 4. DCG = 1/log2(3) + 1/log2(5) = 1.0616; ideal 1 + 1/log2(3) = 1.6309."""
    from ir_measures import RR, R, nDCG

    ranked = ["a", "b", "c", "d"]
    assert score_ranking(ranked, ["b", "d"], nDCG @ 10) == pytest.approx(1.0616 / 1.6309, abs=1e-4)
    assert score_ranking(ranked, ["b", "d"], RR) == 0.5
    assert score_ranking(ranked, ["b", "d"], R @ 2) == 0.5
    assert score_ranking([], ["b"], nDCG @ 10) == 0.0


def test_the_order_shown_decides_between_equal_scores(archive: Archive):
    """Both hits have the score .5: the gold one stands second, whatever a tool would make of the tie."""
    hits = [{"report_id": name, "text": "x", "score": 0.5} for name in ("delta", "alpha")]
    asked = case(gold=[{"report_id": "alpha", "quote": MARKET}])
    assert value("reciprocal_rank", reply(hits=hits), archive, asked) == 0.5
    assert value("reciprocal_rank", reply(hits=hits[::-1]), archive, asked) == 1.0


def test_a_reply_that_is_an_error_scores_nothing_where_it_could_have_scored(archive: Archive):
    broken = Reply(status="error", error="OSError: disk full")
    scores = [o.value for o in measure(case(), broken, archive).values() if isinstance(o, Score)]
    assert scores
    assert set(scores) == {0.0}
    assert value_of_error(archive, broken) == 0.0


def value_of_error(archive: Archive, broken: Reply) -> float:
    outcome = measure(case(**UNANSWERABLE), broken, archive)["refused_rightly"]
    assert isinstance(outcome, Score)
    return outcome.value


def test_a_reply_of_another_form_names_the_field_and_the_case():
    with pytest.raises(BadReply, match=r"reply to 'q1': claims\.0\.citations\.0\.start"):
        parse_reply({"status": "answered", "claims": [{"text": "x", "citations": [{"report_id": "a"}]}]}, "q1")


@pytest.mark.parametrize("number", [float("nan"), -0.1, 1.1])
def test_a_score_cannot_be_nan_or_outside_0_to_1(number: float):
    with pytest.raises(ValueError, match="value"):
        Score(value=number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 000 personnes et 1,5 million", {2000.0, 1.5e6}),
        ("12,500 people; vingt-deux morts; ٣٢٠ عائلة", {12500.0, 22.0, 320.0}),
        ("une cinquantaine, خمسة أطفال", {50.0, 5.0}),
        ("أحد عشر يوما واثنا عشر قتيلا وثلاث عشرة قرية", {11.0, 12.0, 13.0}),
        ("١٤ قتيلا و٣٣ ناجيا", {14.0, 33.0}),
        ("trois cent vingt familles, a hundred tents; two hundred thousand; dix mille", {320.0, 100.0, 2e5, 1e4}),
        ("£125m, $3.6bn, 1.8m of water; 50 per cent, cinquante pour cent", {1.25e8, 3.6e9, 1.8, 50.0}),
        ("on 5 March 2031, le 22 octobre, 2031-03-07", set()),
    ],
)
def test_numbers_are_read_as_printed_without_those_of_dates(text: str, expected: set[float]):
    assert numbers_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 March 2031", [Printed(5, 3, 2031)]),
        ("October 22", [Printed(22, 10, None)]),
        ("le 1er août", [Printed(1, 8, None)]),
        ("في ٥ آذار ٢٠٣١", [Printed(5, 3, 2031)]),
        ("22 تشرين الأول", [Printed(22, 10, None)]),
        ("2031-03-07", [Printed(7, 3, 2031)]),
    ],
)
def test_dates_are_read_in_three_languages(text: str, expected: list[Printed]):
    assert dates_in(text) == expected
