"""Every question of the set is read as it is labelled: its window, its area and what is left to search for."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import evals
from assistant.interpret import interpret
from index.places.gazetteer import Gazetteer

ASKED = Path(evals.__file__).parent / "sets" / "asked" / "questions.jsonl"
CASES = [json.loads(line) for line in ASKED.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_question_is_read_as_labelled(case: dict[str, Any], gazetteer: Gazetteer):
    day = date(2024, 5, 15)
    query = interpret(case["question"], as_of=day, gazetteer=gazetteer, countries={case["country"]: 10})
    window = query.window and [str(query.window.start), str(query.window.end)]
    area = query.area and (query.area.relation, [place.key for place in query.area.places])

    assert (query.language, query.topic) == (case["language"], case["topic"])
    assert window == case["window"]
    assert area == ((case["relation"], case["places"]) if case["places"] else None)
    if query.area is not None:
        assert query.area.radius_km == pytest.approx(case["radius_km"], abs=0.5)
