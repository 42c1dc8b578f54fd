"""From the question to the checked answer, through every stage: what the reader gets, and what is never shown."""

import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from answering_parts import SETTINGS, ScriptedLLM, small_index, statements
from conftest import MakeReport
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import ModelMissing, ModelReplyInvalid, ModelTooSlow, ModelUnavailable
from assistant.pipeline import answer, ask
from assistant.present import to_json
from assistant.types import Answer, Finished, Interpreted, Retrieved, Settled, Token
from index.errors import NoIndex
from index.prepare import Tools
from index.store import Index

DEATHS = "Two people died and seven were injured, the district doctor Samir Haddad said."
ASKED = "How many people died at Anah?"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with small_index(tmp_path_factory.mktemp("pipeline") / "index", tools, make_report) as index:
        yield index


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Iterator[Index]:
    """For reports in odd characters."""
    with Index.create(tmp_path_factory.mktemp("odd") / "index", tools) as index:
        yield index


def test_events_come_in_order_evidence_before_prose(small: Index):
    llm = ScriptedLLM([statements((["s1"], "Two people died, Samir Haddad said."))])

    events = list(ask(ASKED, index=small, settings=SETTINGS, llm=llm))

    assert [type(event) for event in events] == [Interpreted, Retrieved, Token, Settled, Finished]


def test_each_statement_is_checked_as_soon_as_it_is_finished(small: Index):
    first, second = "Two people died, Samir Haddad said.", "Nine hundred people died at Anah."
    reply = statements((["s1"], first), (["s1"], second))
    half = reply.index("}") + 1
    llm = ScriptedLLM([[reply[:half], reply[half:-2], reply[-2:]]])

    events = list(ask(ASKED, index=small, settings=SETTINGS, llm=llm))

    assert [type(event) for event in events[2:]] == [Token, Settled, Token, Settled, Token, Finished]
    [settled, again] = [event.claims for event in events if isinstance(event, Settled)]
    assert [(claim.text, claim.verdict) for claim in settled] == [(first, "supported")]
    assert again[: len(settled)] == settled
    assert "hundred" not in " ".join(claim.text for claim in again)
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.claims[: len(again)] == again


def test_a_brace_within_a_statement_finishes_none(small: Index):
    reply = statements((["s1"], "Two {people} died, Samir Haddad said."))
    llm = ScriptedLLM([[reply[: reply.index("}") + 1], reply[reply.index("}") + 1 :]]])

    events = list(ask(ASKED, index=small, settings=SETTINGS, llm=llm))

    assert [type(event) for event in events[2:]] == [Token, Token, Settled, Finished]


def test_without_a_model_the_answer_is_the_verbatim_sentence(small: Index):
    given_answer = answer(ASKED, index=small, settings=SETTINGS)

    assert (given_answer.status, given_answer.model, given_answer.notes) == ("answered", "none", ())
    assert given_answer.text.startswith(f"(as of 2017-10-21; in Anah)\n- Courier, 2017-10-18: “{DEATHS}” [1]")
    assert {claim.verdict for claim in given_answer.claims} == {"quoted"}


def test_a_models_wording_is_shown_when_it_holds(small: Index):
    llm = ScriptedLLM([statements((["s1"], "Two people died, Samir Haddad said."))])

    given_answer = answer(ASKED, index=small, settings=SETTINGS, llm=llm)

    assert (given_answer.status, given_answer.model) == ("answered", "scripted")
    assert given_answer.text.endswith("\n- Two people died, Samir Haddad said. [1]")
    assert [c.quote for c in given_answer.claims[0].citations] == [DEATHS]


def test_an_invented_number_never_reaches_the_reader(small: Index):
    llm = ScriptedLLM([statements((["s1"], "Nine hundred people died."))])

    given_answer = answer(ASKED, index=small, settings=SETTINGS, llm=llm)

    assert "hundred" not in given_answer.text
    assert DEATHS in given_answer.text


FAILURES = [
    ModelUnavailable("scripted cannot be reached"),
    ModelMissing("scripted is not there"),
    ModelTooSlow("scripted was too slow"),
    ModelReplyInvalid("scripted spoke nonsense"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize(
    "said_before", [[], ['{"statements": [{"ids": ["s1"], "text": "Nine']], ids=["at once", "late"]
)
def test_a_model_that_fails_leaves_the_quotes_and_one_note(small: Index, failure: Exception, said_before: list[str]):
    without = answer(ASKED, index=small, settings=SETTINGS)

    given_answer = answer(ASKED, index=small, settings=SETTINGS, llm=ScriptedLLM([[*said_before, failure]]))

    assert given_answer == without.model_copy(update={"notes": (f"Answered without a model: {failure}",)})


@pytest.mark.parametrize("reply", ["", "Nine people died.", '{"statements": [{"ids": ["s77"], "text": "Nine died."}]}'])
def test_a_garbage_reply_leaves_the_quotes_and_one_note(small: Index, reply: str):
    given_answer = answer(ASKED, index=small, settings=SETTINGS, llm=ScriptedLLM([reply]))

    assert (given_answer.status, given_answer.model) == ("answered", "none")
    assert given_answer.text == answer(ASKED, index=small, settings=SETTINGS).text
    [note] = given_answer.notes
    assert note.startswith("Answered without a model: scripted ")
    assert "\n" not in note


def test_a_failure_of_our_own_is_not_taken_for_the_models(small: Index):
    with pytest.raises(ZeroDivisionError):
        answer(ASKED, index=small, settings=SETTINGS, llm=ScriptedLLM([[ZeroDivisionError("ours")]]))


def test_as_of_is_the_newest_reports_day_unless_set_and_always_shown(small: Index):
    default = answer(ASKED, index=small, settings=SETTINGS)
    set_to = answer(ASKED, index=small, settings=SETTINGS, as_of=date(2017, 10, 19))

    assert default.query.as_of == date(2017, 10, 21)
    assert set_to.query.as_of == date(2017, 10, 19)
    assert set_to.text.startswith("(as of 2017-10-19; in Anah)")


def test_what_was_published_after_as_of_is_not_known_yet(small: Index):
    given_answer = answer(
        "How many families arrived at the camp in Hama?", index=small, settings=SETTINGS, as_of=date(2017, 10, 19)
    )

    assert given_answer.status == "no_evidence"
    assert "camp" not in {hit.report.id for hit in given_answer.hits}


@pytest.mark.parametrize(
    ("question", "said", "coverage"),
    [
        (
            "Who won the chess championship of Iceland?",
            "The reports do not say.",
            "The index holds 6 reports published from 2017-10-17 to 2017-10-21.",
        ),
        (
            "Qui a gagné le championnat d’échecs ?",
            "Les rapports ne le disent pas.",
            "L’index contient 6 rapports publiés du 2017-10-17 au 2017-10-21.",
        ),
        ("من فاز ببطولة الشطرنج؟", "التقارير لا تذكر ذلك.", "يضم الفهرس 6 تقريرا نُشرت بين 2017-10-17 و2017-10-21."),
    ],
)
def test_nothing_found_is_an_answer_that_says_what_there_is(small: Index, question: str, said: str, coverage: str):
    given_answer = answer(question, index=small, settings=SETTINGS)

    assert (given_answer.status, given_answer.claims) == ("no_evidence", ())
    assert given_answer.text.splitlines()[0] == said
    assert coverage in given_answer.text.splitlines()


def test_a_model_is_not_asked_when_there_is_nothing_to_word(small: Index):
    given_answer = answer("Who won the chess championship?", index=small, settings=SETTINGS, llm=ScriptedLLM([]))

    assert (given_answer.status, given_answer.notes) == ("no_evidence", ())


def test_what_lies_outside_the_asked_place_is_offered_as_nearest_and_never_claimed(small: Index):
    given_answer = answer("How many people died in Raqqa?", index=small, settings=SETTINGS)

    assert (given_answer.status, given_answer.claims) == ("no_evidence", ())
    assert given_answer.hits
    last = given_answer.text.splitlines()[-1]
    assert last == f"Nearest, outside the asked time or place: Courier, 2017-10-18: “{DEATHS}”"


def test_what_lies_outside_the_asked_time_is_never_claimed(small: Index):
    given_answer = answer("How many people died at Anah on 3 October?", index=small, settings=SETTINGS)

    assert (given_answer.status, given_answer.claims) == ("no_evidence", ())


def test_an_empty_index_says_what_to_do(index: Index):
    with pytest.raises(NoIndex, match="briefing ingest"):
        answer(ASKED, index=index, settings=SETTINGS)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Combien de morts à Anah ?", f"(au 2017-10-21; dans Anah)\n- Courier, 2017-10-18 : « {DEATHS} » [1]"),
        (
            "Quand le marché de Mayadine a-t-il rouvert ?",
            "- صوت الفرات, 2017-10-21 : « أعيد فتح سوق مدينة الميادين يوم الجمعة بعد شهرين من الإغلاق. » [1]",
        ),
        (
            "كم عائلة وصلت إلى المخيم؟",
            "- L’Écho، 2017-10-20: «Quelque 300 familles sont arrivées jeudi au camp de Hama, "
            "selon le Croissant-Rouge.» [1]",
        ),
    ],
)
def test_the_frame_is_in_the_questions_language_and_the_quote_in_its_own(small: Index, question: str, text: str):
    assert text in answer(question, index=small, settings=SETTINGS).text


def test_a_report_that_its_outlet_took_back_is_not_used_and_one_corrected_is_marked(
    index: Index, make_report: MakeReport
):
    harvest = make_report("Farmers sold wheat to the mill.", id="r2")
    list(index.add([make_report(f"{DEATHS} The shops stayed shut.", source="Courier"), harvest]))
    index.set_status("r1", "corrected")
    corrected = answer("How many people died?", index=index, settings=SETTINGS)
    index.set_status("r1", "withdrawn")
    withdrawn = answer("How many people died?", index=index, settings=SETTINGS)

    assert "Report r1 was corrected or withdrawn by its outlet." in corrected.notes
    assert withdrawn.status == "no_evidence"
    assert "r1" not in {hit.report.id for hit in withdrawn.hits}


def assert_slices(given_answer: Answer, index: Index) -> None:
    cited = [citation for claim in given_answer.claims for citation in claim.citations]
    assert cited
    for citation in cited:
        report = index.report(citation.report_id)
        assert report is not None
        assert report.body[citation.start : citation.end] == citation.quote


# What a slice could cut in two: a letter with its marks, a joined emoji, a flag; and a mark of direction.
_PIECES = [
    "a",
    "é",
    "e\u0301",
    "o\u0308\u0323",
    "مَ",
    "نًا",
    "\u200f",
    "😀",
    "👩‍🚀",
    "🇫🇷",
    "«",
    "»",
    ".",
    "…",
    "؟",
    "\n",
    "٣",
    " ",
]
ODD = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ODD, after=ODD)
def test_every_citation_is_an_exact_slice_whatever_the_characters(
    odd: Index, make_report: MakeReport, before: str, after: str
):
    body = unicodedata.normalize("NFC", f"{before} Two people died at the bridge yesterday. {after}")
    odd.remove("r1")  # an earlier version of a report would not come back
    list(odd.add([make_report(body, source="Courier")]))

    assert_slices(answer("How many people died at the bridge?", index=odd, settings=SETTINGS), odd)


@pytest.mark.parametrize("question", [ASKED, "Combien de morts à Anah ?", "كم عائلة وصلت إلى المخيم؟"])
def test_every_citation_is_an_exact_slice_in_every_language(small: Index, question: str):
    assert_slices(answer(question, index=small, settings=SETTINGS), small)


def test_the_json_has_exactly_the_keys_that_scripts_rely_on(small: Index):
    given_answer = answer(
        "How many people died at Anah on 18 October?", index=small, settings=SETTINGS
    )  # "said" on the day of the report

    printed = to_json(given_answer, seconds=1.23456, item_id="q1")

    assert list(printed) == "id question status text claims hits query notes model seconds".split()
    [claim] = printed["claims"]
    assert list(claim) == ["text", "verdict", "reason", "attributed_to", "citations"]
    [citation] = claim["citations"]
    assert citation == {
        "number": 1,
        "report_id": "bridge",
        "passage_id": "bridge#0",
        "start": 60,  # behind "The bridge … on Tuesday. ", 60 characters
        "end": 138,
        "quote": DEATHS,
        "source": "Courier",
        "published": "2017-10-18",
    }
    assert all(list(hit) == ["passage_id", "report_id", "text", "score"] for hit in printed["hits"])
    assert printed["query"] == {"as_of": "2017-10-21", "window": ["2017-10-18", "2017-10-19"], "places": ["Anah"]}
    assert printed["seconds"] == 1.235
    assert "id" not in to_json(given_answer, seconds=1.0)
