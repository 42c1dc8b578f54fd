"""A question that has it the wrong way round is told so, beside what the reports do say."""

from pathlib import Path

import pytest
from answering_parts import SETTINGS
from conftest import MakeReport

from assistant.pipeline import answer
from assistant.premise import find_taker
from index.prepare import Tools
from index.store import Index

RAID = "Les soldats ont repris jeudi aux Lions du fleuve le bourg de Khasham. Trois maisons ont brûlé."


@pytest.mark.parametrize(
    ("question", "language", "taker"),
    [
        ("When did Daech retake Khasham?", "en", "Daech"),
        ("When was Khasham retaken by Daech?", "en", "Daech"),
        ("Quand Daech a-t-il repris Khasham ?", "fr", "Daech"),
        ("متى استعاد داعش خشام؟", "ar", "داعش"),
        ("What happened in Khasham?", "en", None),
        ("Combien de villages ont été repris ?", "fr", None),
    ],
)
def test_who_took_is_read_from_the_question(question: str, language: str, taker: str | None):
    assert find_taker(question, language) == taker


def test_a_question_with_the_roles_swapped_is_told_so(tmp_path: Path, tools: Tools, make_report: MakeReport):
    with Index.create(tmp_path / "index", tools) as index:
        list(index.add([make_report(RAID, id="raid", language="fr", day="2017-10-20")]))
        swapped = answer("When did the Lions retake Khasham?", index=index, settings=SETTINGS)
        right = answer("When did the soldiers retake Khasham?", index=index, settings=SETTINGS)
    assert "Lions" in swapped.claims[0].citations[0].quote
    assert any("done to Lions" in note for note in swapped.notes)
    assert not any("done to" in note for note in right.notes)
