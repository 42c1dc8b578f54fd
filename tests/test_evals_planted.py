"""A broken pipeline is caught: for each fault planted in the program's answers, the measures there for it fall."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from demo_reports import demo_settings_in

from assistant.opening import open_index
from evals.archive import Archive, archive_of
from evals.cases import Case, choose_cases, load_set
from evals.compare import compare
from evals.measures import GAUGES
from evals.results import Result, missed_gates, result_of, summarise
from evals.run import Answerer, Asked, assistant_answerer, run
from index.prepare import Tools
from index.store import Index

Reply = dict[str, Any]
CASES = choose_cases(load_set("demo").cases, split="dev", tags=["story:flood"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[tuple[Index, Answerer]]:
    settings = demo_settings_in(tmp_path_factory.getbasetemp() / "demo-index", tools.cache)
    with open_index(settings) as index:
        kept: dict[str, Asked] = {}
        sound = assistant_answerer(index, settings, None)

        def answerer(case: Case) -> Asked:
            if case.id not in kept:
                kept[case.id] = sound(case)
            return kept[case.id]

        yield index, answerer


@pytest.fixture(scope="module")
def archive(demo: tuple[Index, Answerer]) -> Archive:
    return archive_of(demo[0], word_for_word)


def word_for_word(statement: str, quotes: Sequence[str]) -> bool:
    """In the place of a model that judges."""
    return any(quote in statement for quote in quotes)


@pytest.fixture(scope="module")
def sound(demo: tuple[Index, Answerer], archive: Archive) -> Result:
    return measured(demo[1], archive)


def measured(answerer: Answerer, archive: Archive) -> Result:
    result = result_of(
        run(CASES, answerer, archive), set_name="demo", split="dev", system="briefing", model="none", settings={}
    )
    return result.model_copy(update={"judge": "word for word", "judge_kappa": 0.7})


def broken(answerer: Answerer, fault: Callable[[Case, Reply, Archive], Reply], archive: Archive) -> Answerer:
    return lambda case: answerer(case)._replace(reply=fault(case, answerer(case).reply, archive))


# The faults: each takes a sound reply and gives the broken one.


def claims_with(reply: Reply, change: Callable[[Reply], Reply]) -> Reply:
    return {**reply, "claims": [change(claim) for claim in reply["claims"]]}


def citations_with(reply: Reply, change: Callable[[Reply], Reply]) -> Reply:
    return claims_with(reply, lambda claim: {**claim, "citations": [change(cited) for cited in claim["citations"]]})


def wrong_offsets(case: Case, reply: Reply, archive: Archive) -> Reply:
    return citations_with(reply, lambda cited: {**cited, "start": cited["start"] + 1, "end": cited["end"] + 1})


def another_report(case: Case, reply: Reply, archive: Archive) -> Reply:
    """Every statement cites the first sentence of a report on something else."""
    report = archive.report("cholera-01")
    assert report is not None
    first = archive.sentences("cholera-01")[1]
    quote = report.body[first.start : first.end]
    stray = {"report_id": report.id, "start": first.start, "end": first.end, "quote": quote, "source": report.source}
    return citations_with(reply, lambda cited: {**cited, **stray})


def padded_citations(case: Case, reply: Reply, archive: Archive) -> Reply:
    stray = [c for claim in another_report(case, reply, archive)["claims"] for c in claim["citations"]][:1]
    return claims_with(reply, lambda claim: {**claim, "citations": [*claim["citations"], *stray]})


def saying(words: str) -> Callable[[Case, Reply, Archive], Reply]:
    def fault(case: Case, reply: Reply, archive: Archive) -> Reply:
        return claims_with(reply, lambda claim: {**claim, "text": f"{claim['text']} {words}"})

    return fault


def unclaimed_text(case: Case, reply: Reply, archive: Archive) -> Reply:
    return {**reply, "text": f"{reply['text']}\nThe governor is expected to resign before the summer."}


def planted_text(case: Case, reply: Reply, archive: Archive) -> Reply:
    return {**reply, "text": " ".join([reply["text"], *case.forbidden])}


def wrong_window(case: Case, reply: Reply, archive: Archive) -> Reply:
    """A sentence told of 20 March, whatever was asked."""
    return quoting(reply, archive, "flood-06", "Le niveau de l’Euphrate a retrouvé mercredi")


def wrong_place(case: Case, reply: Reply, archive: Archive) -> Reply:
    return quoting(reply, archive, "towns-01", "Les vaillantes forces de défense ont repris samedi")


def quoting(reply: Reply, archive: Archive, report_id: str, begins: str) -> Reply:
    report = archive.report(report_id)
    assert report is not None
    (sentence,) = (s for s in archive.sentences(report_id) if report.body[s.start :].startswith(begins))
    quote = report.body[sentence.start : sentence.end]
    cited = {"report_id": report_id, "start": sentence.start, "end": sentence.end, "quote": quote, "number": 1}
    return {**reply, "text": quote, "claims": [{"text": quote, "verdict": "quoted", "citations": [cited]}]}


def answering_everything(case: Case, reply: Reply, archive: Archive) -> Reply:
    if reply["status"] != "no_evidence":
        return reply
    first = reply["hits"][0]
    return {**reply, "status": "answered", "text": first["text"]}


def refusing_everything(case: Case, reply: Reply, archive: Archive) -> Reply:
    return {**reply, "status": "no_evidence", "text": "The reports do not say.", "claims": []}


def wrong_language(case: Case, reply: Reply, archive: Archive) -> Reply:
    words = {"en": "Voici ce que disent les dépêches sur cette question.", "fr": "This is what the reports say of it."}
    return {**reply, "text": words.get(case.language, words["en"])}


def gold_last(case: Case, reply: Reply, archive: Archive) -> Reply:
    return {**reply, "hits": reply["hits"][::-1]}


def gold_lost(case: Case, reply: Reply, archive: Archive) -> Reply:
    gold = {gold.report_id for gold in case.gold}
    return {**reply, "hits": [hit for hit in reply["hits"] if hit["report_id"] not in gold]}


FAULTS: dict[Callable[[Case, Reply, Archive], Reply], set[str]] = {
    wrong_offsets: {"citation_validity"},
    another_report: {
        "citation_recall", "citation_precision", "supported_statements", "judged_recall", "gold_cited",
        "gold_share_of_citations", "gold_share_of_quotes",
    },
    padded_citations: {"citation_precision", "judged_precision", "gold_share_of_citations"},
    saying("In all, 7,431 were hurt."): {"numbers_in_evidence", "supported_statements"},
    saying("It was the 29th of December 1999."): {"dates_in_evidence"},
    saying("The order came from Bartholomew Quux."): {"names_in_evidence"},
    unclaimed_text: {"supported_statements"},
    planted_text: {"forbidden_absent"},
    wrong_window: {"in_window"},
    wrong_place: {"in_area", "toponym_f1"},
    answering_everything: {"refused_rightly", "status_right"},
    refusing_everything: {"answered_rightly", "required_facts", "conflict_complete", "status_right"},
    wrong_language: {"answer_language"},
    gold_last: {"ndcg_at_10", "reciprocal_rank"},
    gold_lost: {"success_at_5", "recall_at_10", "gold_in_hits"},
}  # fmt: skip


@pytest.mark.parametrize(("fault", "falls"), FAULTS.items(), ids=[f"fault {n}" for n in range(1, len(FAULTS) + 1)])
def test_a_planted_fault_makes_its_measures_fall(
    fault: Callable[[Case, Reply, Archive], Reply],
    falls: set[str],
    demo: tuple[Index, Answerer],
    archive: Archive,
    sound: Result,
):
    result = measured(broken(demo[1], fault, archive), archive)
    before, after = summarise(sound.cases), summarise(result.cases)
    assert [name for name in falls if not after[name].value < before[name].value] == []
    gates = {name for name in falls if GAUGES[name].is_gate}
    assert {gate for _, gate, _ in missed_gates(result.cases)} >= gates
    # One story is no interval: any fall of a paired mean is a regression.
    assert {change.name for change in compare(sound, result).changes if change.is_regression} >= falls


def test_every_measure_has_a_fault_that_it_catches():
    assert set().union(*FAULTS.values()) == set(GAUGES)


def test_the_sound_pipeline_misses_no_gate_on_these_questions(sound: Result):
    assert missed_gates(sound.cases) == []


def test_the_same_run_again_is_no_regression(demo: tuple[Index, Answerer], archive: Archive, sound: Result):
    assert measured(demo[1], archive) == sound


@pytest.mark.parametrize(("judge", "kappa"), [("word for word", 0.69), ("word for word", None), ("another", 0.9)])
def test_a_judge_that_agrees_too_little_with_people_or_another_judge_fails_no_run(
    judge: str, kappa: float | None, demo: tuple[Index, Answerer], archive: Archive, sound: Result
):
    worse = measured(broken(demo[1], another_report, archive), archive)
    changes = compare(sound, worse.model_copy(update={"judge": judge, "judge_kappa": kappa})).changes
    (told,) = (change for change in changes if change.name == "judged_recall")
    assert told.difference.value < 0
    assert not told.is_regression
