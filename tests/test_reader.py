"""What a model reads in the passages weighs with what words and meaning tell; it decides nothing alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from answering_parts import SETTINGS, ScriptedLLM, evidence_for, small_index, statements
from conftest import MakeReport

from assistant.deadlines import Deadlines
from assistant.errors import ModelTooSlow
from assistant.llm import Message, Schema, asked_odds
from assistant.pipeline import answer
from assistant.reader import MOST_PASSAGES, YES, read_closely
from index.prepare import Tools
from index.store import Index

DEATHS = "How many people died at Anah?"


class ReadingLLM:
    """As sure of each passage as `log_odds` says in order; notes what it read."""

    name = "reading"
    digest = ""

    def __init__(self, *log_odds: float) -> None:
        self._log_odds = list(log_odds)
        self.read: list[str] = []

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        assert asked_odds(schema) == YES
        self.read.append(messages[-1].content)
        yield str(self._log_odds.pop(0))

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tools: Tools, make_report: MakeReport) -> Iterator[Index]:
    with small_index(tmp_path_factory.mktemp("reader") / "index", tools, make_report) as index:
        yield index


def test_log_odds_come_from_the_likeliest_first_tokens():
    assert YES.of([("yes", -0.6931), ("no", -1.3863), (" Yes", -1.3863)]) == pytest.approx(1.0986, abs=1e-3)
    assert YES.of([("maybe", -0.1)]) == 0.0
    assert YES.of([("no", 0.0)]) < -10  # a server that tells the chosen token alone
    assert asked_odds(YES.schema) == YES
    assert asked_odds({"type": "boolean"}) is None


def test_reading_stops_at_the_first_passage_that_answers(small: Index):
    query, evidence = evidence_for(DEATHS, small)
    llm = ReadingLLM(2.0)

    read = read_closely(query, evidence, llm, Deadlines())

    assert len(llm.read) == 1
    assert "Two people died" in llm.read[0]
    assert read[0].text.startswith("Two people died")
    assert [e.id for e in read] == [f"s{n}" for n in range(1, len(read) + 1)]
    assert sorted(e.text for e in read) == sorted(e.text for e in evidence)


def test_no_sentence_is_likelier_than_passages_that_were_read_in_vain(small: Index):
    query, evidence = evidence_for("How many families arrived at the camp in Hama?", small)
    alike = [e._replace(chance=0.5) for e in evidence]
    llm = ReadingLLM(*[-3.0] * MOST_PASSAGES)

    read = read_closely(query, alike, llm, Deadlines())

    assert len(llm.read) == min(MOST_PASSAGES, len({e.hit.passage.id for e in evidence}))
    assert max(e.chance for e in read) < 0.1


def test_a_model_that_always_says_yes_makes_no_answer_of_what_is_unlikely(small: Index):
    query, evidence = evidence_for(DEATHS, small)
    unlikely = [e._replace(chance=0.02) for e in evidence]

    assert max(e.chance for e in read_closely(query, unlikely, ReadingLLM(), Deadlines())) <= 0.02


def test_a_question_that_the_passages_leave_open_is_refused_without_a_draft(small: Index):
    query = "How many houses did the flood of Anah destroy?"
    llm = ScriptedLLM([], log_odds=-3.0)

    assert answer(query, index=small, settings=SETTINGS, llm=llm).status == "no_evidence"


def test_a_model_that_stalls_while_reading_leaves_the_quotes_and_one_note(small: Index, tmp_path: Path):
    class Stalling(ReadingLLM):
        def stream(self, *args: object, **options: object) -> Iterator[str]:
            raise ModelTooSlow("reading was too slow")
            yield

    without = answer(DEATHS, index=small, settings=SETTINGS)

    stalled = answer(DEATHS, index=small, settings=SETTINGS, llm=Stalling())

    assert stalled == without.model_copy(update={"notes": ("Answered without a model: reading was too slow",)})


def test_a_draft_follows_when_a_passage_answers(small: Index):
    llm = ScriptedLLM([statements((["s1"], "Two people died, Samir Haddad said."))], log_odds=1.0)

    assert answer(DEATHS, index=small, settings=SETTINGS, llm=llm).claims[0].verdict == "supported"


def test_a_sentence_that_denies_what_the_question_takes_for_granted_is_not_read_away(small: Index):
    query, evidence = evidence_for("Quand le gouverneur a-t-il visité le camp de Hama ?", small)
    assert evidence[0].text == "Le gouverneur n’a pas visité le camp."

    read = read_closely(query, evidence, ReadingLLM(-3.0, -3.0, -3.0), Deadlines())

    assert read[0].text == evidence[0].text
    assert read[0].chance == evidence[0].chance


def test_what_happened_is_not_read_for_as_no_passage_states_all_of_it(small: Index):
    llm = ScriptedLLM([statements((["s1"], "The bridge at Anah was destroyed by an air raid."))], log_odds=-3.0)

    told = answer("What happened to the bridge at Anah?", index=small, settings=SETTINGS, llm=llm)

    assert told.status == "answered"
    assert told.claims[0].citations[0].quote == "The bridge at Anah was destroyed by an air raid on Tuesday."


def test_a_no_to_one_passage_takes_nothing_from_it_when_another_answers(small: Index):
    query, (first, *_) = evidence_for("How many families arrived at the camp in Hama?", small)
    _, (second, *_) = evidence_for(DEATHS, small)
    likely = [first._replace(chance=0.8), second._replace(chance=0.5, id="s2")]

    read = read_closely(query, likely, ReadingLLM(-3.0, 3.0), Deadlines())

    assert [(e.text, e.chance) for e in read] == [(first.text, 0.8), (second.text, 0.5)]
